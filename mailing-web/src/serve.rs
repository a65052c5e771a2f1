//! The site on a socket that the host has opened.

mod connections;
mod heads;

use std::io;
use std::time::Duration;

use mailing_core::services::Services;
use poem::Server;
use poem::listener::TcpAcceptor;
use tokio::net::TcpListener;

use self::connections::Connections;
use crate::{WebSettings, built};

/// How long a connection may be kept on which nothing is asked or answered (S49).
const IDLE_TIME: Duration = Duration::from_secs(60);

/// Serves the site until `until` is over; open requests may take `grace` to end then.
///
/// # Errors
/// When the socket breaks, or the embedded templates do not parse.
pub async fn serve(
    listener: TcpListener,
    services: Services,
    settings: WebSettings,
    until: impl Future<Output = ()>,
    grace: Duration,
) -> io::Result<()> {
    let connections = Connections::new(
        TcpAcceptor::from_tokio(listener)?,
        settings.clock.clone(),
        settings.trusted_proxies.clone(),
    );
    let (site, live) = built(services, settings).map_err(io::Error::other)?;
    // Pages that follow a run would hold the process until the grace is over.
    let until = async move {
        until.await;
        live.end();
    };
    Server::new_with_acceptor(connections)
        .idle_timeout(IDLE_TIME)
        .run_with_graceful_shutdown(site, until, Some(grace))
        .await
}
