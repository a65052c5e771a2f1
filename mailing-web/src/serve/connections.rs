//! How many connections there may be (S49): whoever opens too many loses the newest at once.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use mailing_core::ports::Clock;
use poem::http::uri::Scheme;
use poem::listener::{Acceptor, TcpAcceptor};
use poem::web::{LocalAddr, RemoteAddr};
use tokio::net::TcpStream;

use super::heads::Timely;
use crate::client;

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
    seats: Arc<Seats>,
}

/// Who has how many connections.
#[derive(Debug, Default)]
struct Seats(Mutex<BTreeMap<String, u32>>);

/// A place that is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    who: String,
}

impl Connections {
    pub(super) fn new(sockets: TcpAcceptor, clock: Arc<dyn Clock>, trusted: Vec<IpAddr>) -> Self {
        Self {
            sockets,
            clock,
            trusted,
            seats: Arc::default(),
        }
    }

    /// A place for a peer, if there is one. This machine and our proxies have all there are.
    fn seat(&self, peer: Option<IpAddr>) -> Option<Seat> {
        let peer = peer.map(|peer| peer.to_canonical());
        let max = match peer {
            Some(peer) if peer.is_loopback() || self.trusted.contains(&peer) => OF_ALL,
            _ => OF_ONE,
        };
        let who = peer.map_or_else(String::new, client::text);
        Seats::take(&self.seats, who, max)
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

impl Seats {
    fn take(seats: &Arc<Self>, who: String, max: u32) -> Option<Seat> {
        let mut taken = seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: u32 = taken.values().sum();
        let own = taken.get(&who).copied().unwrap_or_default();
        if own >= max || all >= OF_ALL {
            return None;
        }
        taken.insert(who.clone(), own + 1);
        Some(Seat {
            seats: Arc::clone(seats),
            who,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.who) {
            *own = own.saturating_sub(1);
        }
        taken.retain(|_, own| *own > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(seats: &Arc<Seats>, who: &str, max: u32) -> Vec<Seat> {
        std::iter::from_fn(|| Seats::take(seats, who.to_owned(), max)).collect()
    }

    #[test]
    fn one_address_has_its_share_and_leaves_the_rest_to_others() {
        let seats = Arc::default();
        let mut first = many(&seats, "192.0.2.1", OF_ONE);
        assert_eq!(first.len(), 100);
        let other = many(&seats, "192.0.2.2", OF_ONE);
        assert_eq!(other.len(), 100);
        first.pop();
        assert_eq!(many(&seats, "192.0.2.1", OF_ONE).len(), 1, "freed");
        let proxy = many(&seats, "127.0.0.1", OF_ALL);
        assert_eq!(proxy.len(), 701, "what is left of all");
        drop((first, other, proxy));
        assert!(seats.0.lock().unwrap().is_empty(), "nothing is remembered");
    }
}
