//! A server that takes every message as fast as it comes and counts: the other end of a measurement.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memmem::Finder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Bytes read at once.
const READ: usize = 64 * 1024;
const END_OF_MESSAGE: &[u8] = b"\r\n.\r\n";

/// A server on loopback that takes everything. It ends with this value.
#[derive(Debug)]
pub struct Sink {
    address: SocketAddr,
    counted: Arc<Counted>,
    task: JoinHandle<()>,
}

/// What a sink has taken so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Messages.
    pub messages: u64,
    /// Their octets, as they came over the wire.
    pub octets: u64,
}

#[derive(Debug, Default)]
struct Counted {
    messages: AtomicU64,
    octets: AtomicU64,
}

impl Sink {
    /// Starts on this port of 127.0.0.1; 0 is a free one.
    ///
    /// # Errors
    /// When the port cannot be had.
    pub async fn start(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let counted = Arc::new(Counted::default());
        let task = tokio::spawn(accept(listener, Arc::clone(&counted)));
        Ok(Self {
            address,
            counted,
            task,
        })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has taken so far.
    #[must_use]
    pub fn taken(&self) -> Taken {
        Taken {
            messages: self.counted.messages.load(Ordering::Relaxed),
            octets: self.counted.octets.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, counted: Arc<Counted>) {
    let mut connections = JoinSet::new();
    while let Ok((tcp, _)) = listener.accept().await {
        let connection = Connection {
            tcp,
            counted: Arc::clone(&counted),
            input: Vec::with_capacity(READ),
            answers: Vec::new(),
            message: None,
        };
        connections.spawn(connection.run());
        while connections.try_join_next().is_some() {}
    }
}

struct Connection {
    tcp: TcpStream,
    counted: Arc<Counted>,
    input: Vec<u8>,
    /// Replies that go out together, when all that came is answered (RFC 2920).
    answers: Vec<u8>,
    /// Octets of the message so far, after `DATA`.
    message: Option<usize>,
}

impl Connection {
    /// Speaks until the connection is over; how it ends is the client's affair.
    async fn run(mut self) -> io::Result<()> {
        self.tcp.set_nodelay(true)?;
        self.tcp.write_all(b"220 sink.example ESMTP\r\n").await?;
        let end = Finder::new(END_OF_MESSAGE);
        while self.tcp.read_buf(&mut self.input).await? > 0 {
            let goes_on = self.answer(&end);
            self.tcp.write_all(&self.answers).await?;
            self.answers.clear();
            if !goes_on {
                break;
            }
        }
        Ok(())
    }

    /// Answers what has come whole; false after `QUIT`.
    fn answer(&mut self, end: &Finder<'_>) -> bool {
        let mut at = 0;
        loop {
            let rest = self.input.get(at..).unwrap_or_default();
            if let Some(before) = self.message {
                // A message may be nothing but its dot: the end of the line of `DATA` belongs to it.
                let Some(found) = end.find(rest) else {
                    let kept = rest.len().min(END_OF_MESSAGE.len() - 1);
                    let seen = rest.len() - kept;
                    self.message = Some(before + seen);
                    self.input.drain(..at + seen);
                    return true;
                };
                let octets = before + found;
                self.counted.messages.fetch_add(1, Ordering::Relaxed);
                let octets = u64::try_from(octets).unwrap_or(u64::MAX);
                self.counted.octets.fetch_add(octets, Ordering::Relaxed);
                self.answers.extend_from_slice(b"250 2.0.0 Ok\r\n");
                self.message = None;
                at += found + END_OF_MESSAGE.len();
                continue;
            }
            let Some(line) = memchr::memchr(b'\n', rest) else {
                self.input.drain(..at);
                return true;
            };
            let verb = rest.get(..4).unwrap_or_default().to_ascii_uppercase();
            let reply: &[u8] = match verb.as_slice() {
                b"EHLO" => b"250-sink.example\r\n250-PIPELINING\r\n250-SIZE 20971520\r\n250 ENHANCEDSTATUSCODES\r\n",
                b"DATA" => b"354 go on\r\n",
                b"QUIT" => b"221 2.0.0 Bye\r\n",
                _ => b"250 2.1.0 Ok\r\n",
            };
            self.answers.extend_from_slice(reply);
            if verb == b"QUIT" {
                return false;
            }
            at += line + 1;
            if verb == b"DATA" {
                // The line's own end is the first half of an empty message's end.
                at = at.saturating_sub(2);
                self.message = Some(0);
            }
        }
    }
}
