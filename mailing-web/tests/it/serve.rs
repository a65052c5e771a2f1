//! The site on a real socket of this machine: who begins and does not go on holds up nobody (S49).

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::site::{HOST, Site};

/// Serves a site until the sender is dropped.
async fn served(site: Site, until: oneshot::Receiver<()>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let until = async move { until.await.unwrap_or_default() };
    tokio::spawn(async move {
        let (services, settings) = (site.services, site.settings);
        mailing_web::serve(listener, services, settings, until, Duration::ZERO).await
    });
    address
}

fn connected(address: SocketAddr, begin: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    socket.write_all(begin.as_bytes()).unwrap();
    socket
}

fn ask(socket: &mut TcpStream) -> String {
    let request = format!("GET /health/live HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = [0; 4096];
    let length = socket.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

/// True when the other side has closed the connection.
fn is_closed(socket: &mut TcpStream) -> bool {
    match socket.read(&mut [0; 64]) {
        Ok(length) => length == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_do_not_end_are_given_up_and_hold_up_nobody() {
    let site = Site::new();
    let clock = site.clock.clone();
    let (_stop, until) = oneshot::channel();
    let address = served(site, until).await;
    let mut slow: Vec<_> = (0..200)
        .map(|n| connected(address, ["", "GET / HT", "\r\n\r\n"][n % 3]))
        .collect();
    let mut quick = connected(address, "");
    assert!(ask(&mut quick).starts_with("HTTP/1.1 200"));
    clock.advance(Duration::from_secs(9));
    for socket in slow.iter_mut().skip(1).step_by(3) {
        socket.write_all(b"T").unwrap();
    }
    assert!(ask(&mut quick).starts_with("HTTP/1.1 200"));
    clock.advance(Duration::from_secs(1));
    assert!(slow.iter_mut().all(is_closed), "dripping does not help");
    assert!(ask(&mut quick).starts_with("HTTP/1.1 200"), "kept alive");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_head_of_a_connection_has_no_more_time_than_the_first() {
    let site = Site::new();
    let clock = site.clock.clone();
    let (_stop, until) = oneshot::channel();
    let address = served(site, until).await;
    let mut socket = connected(address, "");
    assert!(ask(&mut socket).starts_with("HTTP/1.1 200"));
    clock.advance(Duration::from_secs(30));
    assert!(ask(&mut socket).starts_with("HTTP/1.1 200"), "it was idle");
    socket.write_all(b"GET / HT").unwrap();
    let mut other = connected(address, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    assert!(is_closed(&mut other), "HTTP/2 in the clear");
    // The clock goes on until the beginning has been read and given up.
    let closed = tokio::task::spawn_blocking(move || is_closed(&mut socket));
    while !closed.is_finished() {
        clock.advance(Duration::from_secs(10));
        tokio::task::yield_now().await;
    }
    assert!(closed.await.unwrap());
}
