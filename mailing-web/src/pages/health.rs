//! `/health/live` and `/health/ready`: for whoever watches the process. No names, no numbers (S57).

use chrono::Duration;
use mailing_core::engine::{EngineStatus, ServerState};
use mailing_core::time::Timestamp;
use poem::http::{StatusCode, header};
use poem::{Response, handler};
use serde::Serialize;

use crate::site::{Site, TheSite};

/// A worker that has not reached the store for so long is stalled.
const STALLED: Duration = Duration::seconds(60);

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
    /// `ok`, `starting` or `stalled`; missing when another process sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    worker: Option<&'static str>,
    /// `ok` or `away`; missing when another process sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    mail_server: Option<&'static str>,
}

/// 200 while the process answers at all.
#[handler]
pub(crate) fn live() -> Response {
    json(StatusCode::OK, &Live { status: "ok" })
}

/// 200 while requests can be served, `degraded` when mail is not sent as it should be; 503 while the
/// store does not answer.
#[handler]
pub(crate) async fn ready(TheSite(site): TheSite) -> Response {
    let reached = site.services.system.ready().await;
    if let Err(error) = &reached {
        tracing::warn!(%error, "not ready");
    }
    let parts = parts(&site, reached.is_ok());
    let whole = [parts.worker, parts.mail_server]
        .into_iter()
        .flatten()
        .all(|part| part == "ok");
    let (code, status) = match (reached.is_ok(), whole) {
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        (true, false) => (StatusCode::OK, "degraded"),
        (true, true) => (StatusCode::OK, "ok"),
    };
    json(code, &Ready { status, parts })
}

fn parts(site: &Site, store: bool) -> Parts {
    let engine = site.settings.worker.as_ref().map(|seen| seen.borrow());
    let now = site.settings.clock.now();
    Parts {
        store: if store { "ok" } else { "unavailable" },
        worker: engine.as_ref().map(|status| worker(status, now)),
        mail_server: engine.as_ref().map(|status| match status.server.state {
            ServerState::Used { .. } | ServerState::Probing => "ok",
            ServerState::Away { .. } => "away",
        }),
    }
}

fn worker(status: &EngineStatus, now: Timestamp) -> &'static str {
    match status.heartbeat {
        None => "starting",
        Some(beat) if is_stalled(status) || now - beat > STALLED => "stalled",
        Some(_) if status.clock_skew.is_some() => "clock_differs",
        Some(_) => "ok",
    }
}

fn is_stalled(status: &EngineStatus) -> bool {
    status.store_trouble.is_some() || status.journal_trouble.is_some()
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
