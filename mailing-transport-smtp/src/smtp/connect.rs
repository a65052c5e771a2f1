//! Opening a connection to one of several addresses (RFC 8305).

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use mailing_core::ports::transport::Fault;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;

use super::deadline::Deadline;
use crate::options::Timeouts;

/// How long an address is tried alone before the next one is tried beside it (RFC 8305 §8).
const HEAD_START: Duration = Duration::from_millis(250);
/// Silence after which the system asks whether the other end is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Connects to the first address that answers.
///
/// # Errors
/// The fault of the address that failed last.
pub(super) async fn connect(
    addresses: Vec<SocketAddr>,
    timeouts: &Timeouts,
) -> Result<TcpStream, Fault> {
    let deadline = Deadline::after(timeouts.connect_all);
    let mut waiting = interleave(addresses);
    let mut attempts = FuturesUnordered::new();
    let mut last = Fault::Unreachable;
    loop {
        if let Some(address) = waiting.pop_front() {
            attempts.push(attempt(address, timeouts));
        }
        let until = if waiting.is_empty() {
            deadline
        } else {
            deadline.min(Deadline::after(HEAD_START))
        };
        match until.bound(attempts.next()).await {
            Ok(Some(Ok(stream))) => return Ok(stream),
            Ok(Some(Err(fault))) => last = fault,
            Ok(None) => return Err(last),
            Err(fault) if deadline.has_passed() => return Err(fault),
            Err(_) => {}
        }
    }
}

async fn attempt(address: SocketAddr, timeouts: &Timeouts) -> Result<TcpStream, Fault> {
    let stream = Deadline::after(timeouts.connect)
        .bound(TcpStream::connect(address))
        .await?
        .map_err(|error| connect_fault(&error))?;
    set_options(&stream, timeouts).map_err(|error| Fault::Io(error.to_string()))?;
    Ok(stream)
}

fn set_options(stream: &TcpStream, timeouts: &Timeouts) -> io::Result<()> {
    // Without it Nagle's algorithm and delayed acknowledgements cost 40 ms a message.
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEPALIVE))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(timeouts.write))?;
    #[cfg(not(target_os = "linux"))]
    let _ = timeouts;
    Ok(())
}

fn connect_fault(error: &io::Error) -> Fault {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::TimedOut => Fault::Timeout,
        Kind::ConnectionRefused
        | Kind::ConnectionReset
        | Kind::HostUnreachable
        | Kind::NetworkUnreachable
        | Kind::NetworkDown
        | Kind::AddrNotAvailable => Fault::Unreachable,
        _ => Fault::Io(error.to_string()),
    }
}

/// Addresses of both families in turn, the family of the first one first (RFC 8305 §4).
fn interleave(addresses: Vec<SocketAddr>) -> VecDeque<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (mut first, mut second): (VecDeque<_>, VecDeque<_>) = addresses
        .into_iter()
        .partition(|address| address.is_ipv6() == first_is_v6);
    let mut mixed = VecDeque::with_capacity(first.len() + second.len());
    while !first.is_empty() || !second.is_empty() {
        mixed.extend(first.pop_front());
        mixed.extend(second.pop_front());
    }
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn families_take_turns() {
        let mixed = interleave(addresses(&["[::1]:1", "[::2]:1", "[::3]:1", "10.0.0.1:1"]));
        let expected = addresses(&["[::1]:1", "10.0.0.1:1", "[::2]:1", "[::3]:1"]);
        assert_eq!(Vec::from(mixed), expected);
    }

    #[tokio::test]
    async fn an_address_that_refuses_gives_way_to_the_next() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let refusing = closed.local_addr().unwrap();
        drop(closed);
        let answering = listener.local_addr().unwrap();
        let timeouts = Timeouts::for_tests(Duration::from_secs(2));
        let stream = connect(vec![refusing, answering], &timeouts).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), answering);
        assert!(stream.nodelay().unwrap());
    }

    #[tokio::test]
    async fn sockets_notice_a_silent_end_and_never_wait_to_fill_a_packet() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addresses = vec![listener.local_addr().unwrap()];
        let stream = connect(addresses, &Timeouts::default()).await.unwrap();
        let socket = SockRef::from(&stream);
        assert!(socket.tcp_nodelay().unwrap());
        assert!(socket.keepalive().unwrap());
        #[cfg(target_os = "linux")]
        {
            assert_eq!(socket.tcp_keepalive_time().unwrap(), KEEPALIVE);
            let user_timeout = socket.tcp_user_timeout().unwrap();
            assert_eq!(user_timeout, Some(Duration::from_secs(60)));
        }
    }

    #[tokio::test]
    async fn with_no_address_left_the_last_fault_is_told() {
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let refusing = closed.local_addr().unwrap();
        drop(closed);
        let timeouts = Timeouts::for_tests(Duration::from_secs(2));
        let fault = connect(vec![refusing], &timeouts).await.unwrap_err();
        assert_eq!(fault, Fault::Unreachable);
    }
}
