//! The pages on their socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;

use mailing_app::App;
use mailing_core::code;
use mailing_core::engine::{EngineStatus, Stopper};
use mailing_core::error::{Error, Refusal};
use mailing_core::instance_key::Purpose;
use mailing_core::services::Services;
use mailing_web::{CsrfKey, HostFacts, TestSender, WebSettings};

use super::outbox::FolderOutbox;
use crate::exit::Failure;

/// How long open requests may take when the service is stopped.
const OPEN_REQUESTS: Duration = Duration::from_secs(5);

/// Takes the socket before anything else is opened: a port in use is told at once.
pub(super) async fn bind(listen: &SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen).await.map_err(|error| {
        let refusal = Refusal::new(code::CONFIG_LISTEN)
            .with("listen", listen.to_string())
            .with("why", error.to_string());
        Failure(Error::field("server.listen", refusal))
    })
}

/// What the pages are told. `worker` is the engine of this process, `tests` takes test sends,
/// `host` tells the page of the system.
pub(super) fn settings(
    app: &App,
    demo: bool,
    worker: Option<watch::Receiver<EngineStatus>>,
    tests: Arc<dyn TestSender>,
    host: HostFacts,
) -> Result<WebSettings, Failure> {
    let key = CsrfKey::new(app.key.derive(Purpose::Csrf, 1)).map_err(internal)?;
    let outbox = app
        .outbox()?
        .map(|outbox| Arc::new(FolderOutbox::new(outbox)) as _);
    Ok(WebSettings {
        public_url: app.config.server.public_url(),
        allowed_hosts: vec![app.config.server.listen.to_string()],
        trusted_proxies: app.config.server.trusted_proxies.clone(),
        theme_css: app.config.server.theme_css.clone(),
        worker,
        tests,
        host,
        demo,
        csrf_key: key,
        outbox: if demo { outbox } else { None },
        clock: Arc::clone(&app.clock),
        entropy: Arc::clone(&app.entropy),
    })
}

/// Serves until the engine's stopper drains; open requests may end.
pub(super) async fn serve(
    listener: TcpListener,
    services: Services,
    settings: WebSettings,
    stopper: Stopper,
) -> Result<(), Failure> {
    let drained = async move { stopper.drained().await };
    Ok(mailing_web::serve(listener, services, settings, drained, OPEN_REQUESTS).await?)
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure(Error::Internal(Box::new(error)))
}
