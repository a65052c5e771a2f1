//! How many connections there may be (S49): whoever opens too many loses the newest at once.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use mailing_core::ports::Clock;
use poem::http::uri::Scheme;
use poem::listener::{Acceptor, TcpAcceptor};
use poem::web::{LocalAddr, RemoteAddr};
use tokio::net::TcpStream;

use super::heads::Timely;
use crate::client;
use crate::seats::{Seat, Seats};

/// Connections that one block of addresses may have open.
const OF_ONE: u32 = 100;
/// Connections that may be open in all: the usual limit of open files leaves room for the rest.
const OF_ALL: u32 = 900;

/// Takes connections, and has each begin its requests in time.
pub(super) struct Connections {
    sockets: TcpAcceptor,
    clock: Arc<dyn Clock>,
    /// Proxies that we trust: whom they bring cannot be told apart here.
    trusted: Vec<IpAddr>,
    seats: Arc<Seats<String>>,
}

impl Connections {
    pub(super) fn new(sockets: TcpAcceptor, clock: Arc<dyn Clock>, trusted: Vec<IpAddr>) -> Self {
        Self {
            sockets,
            clock,
            trusted,
            seats: Seats::new(OF_ALL),
        }
    }

    /// A place for a peer, if there is one. This machine and our proxies have all there are.
    fn seat(&self, peer: Option<IpAddr>) -> Option<Seat<String>> {
        let peer = peer.map(|peer| peer.to_canonical());
        let max = match peer {
            Some(peer) if peer.is_loopback() || self.trusted.contains(&peer) => OF_ALL,
            _ => OF_ONE,
        };
        let who = peer.map_or_else(String::new, client::text);
        self.seats.take(who, max).ok()
    }
}

impl Acceptor for Connections {
    type Io = Timely<TcpStream>;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.sockets.local_addr()
    }

    async fn accept(&mut self) -> io::Result<(Self::Io, LocalAddr, RemoteAddr, Scheme)> {
        loop {
            let (socket, local, remote, scheme) = self.sockets.accept().await?;
            let peer = remote.as_socket_addr().map(SocketAddr::ip);
            if let Some(seat) = self.seat(peer) {
                let socket = Timely::new(socket, Arc::clone(&self.clock), seat);
                return Ok((socket, local, remote, scheme));
            }
            tracing::warn!(%remote, "too many connections");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(seats: &Arc<Seats<String>>, who: &str, max: u32) -> Vec<Seat<String>> {
        std::iter::from_fn(|| seats.take(who.to_owned(), max).ok()).collect()
    }

    #[test]
    fn one_address_has_its_share_and_leaves_the_rest_to_others() {
        let seats = Seats::new(OF_ALL);
        let mut first = many(&seats, "192.0.2.1", OF_ONE);
        assert_eq!(first.len(), 100);
        let other = many(&seats, "192.0.2.2", OF_ONE);
        assert_eq!(other.len(), 100);
        first.pop();
        assert_eq!(many(&seats, "192.0.2.1", OF_ONE).len(), 1, "freed");
        let proxy = many(&seats, "127.0.0.1", OF_ALL);
        assert_eq!(proxy.len(), 701, "what is left of all");
    }
}
