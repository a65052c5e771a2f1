//! `/health/live` and `/health/ready`: for whoever watches the process. No names, no numbers (S57).

use poem::http::{StatusCode, header};
use poem::{Response, handler};
use serde::Serialize;

use crate::site::TheSite;

#[derive(Serialize)]
struct Live {
    status: &'static str,
}

#[derive(Serialize)]
struct Ready {
    status: &'static str,
    parts: Parts,
}

#[derive(Serialize)]
struct Parts {
    store: &'static str,
}

/// 200 while the process answers at all.
#[handler]
pub(crate) fn live() -> Response {
    json(StatusCode::OK, &Live { status: "ok" })
}

/// 200 while requests can be served, 503 while the store does not answer.
#[handler]
pub(crate) async fn ready(TheSite(site): TheSite) -> Response {
    match site.services.system.ready().await {
        Ok(()) => json(
            StatusCode::OK,
            &Ready {
                status: "ok",
                parts: Parts { store: "ok" },
            },
        ),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            let parts = Parts {
                store: "unavailable",
            };
            json(
                StatusCode::SERVICE_UNAVAILABLE,
                &Ready {
                    status: "unavailable",
                    parts,
                },
            )
        }
    }
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    // Constant texts always serialise.
    let body = serde_json::to_vec(body).unwrap_or_default();
    Response::builder()
        .status(status)
        .content_type("application/json")
        .header(header::CACHE_CONTROL, "no-store")
        .body(body)
}
