//! Commands out, replies in, each within its time.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use mailing_core::ports::transport::Fault;
use tokio::io::{AsyncRead as _, AsyncReadExt as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;

use super::certificate;
use super::deadline::Deadline;
use super::reply::{RawReply, ReplyReader};
use super::stream::{Stream, Waiting};
use super::tls::Encryption;
use super::wire::{self, Stuffed};

/// Bytes read at once.
const READ_SIZE: usize = 4096;
/// Bytes of a message written at once.
const WRITE_SIZE: usize = 64 * 1024;

/// A connection to a mail server. After any fault it must not be used again: what was read or
/// written of the step that failed is not known.
pub(super) struct Connection {
    stream: Stream,
    input: Vec<u8>,
}

/// What a look at a quiet connection found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing waits: the connection can be used.
    Quiet,
    /// Bytes wait that nothing had asked for.
    Surplus,
    /// The connection has ended.
    Ended,
}

/// How writing a message failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WriteFault {
    pub(super) fault: Fault,
    /// True when the final dot had been handed to the socket, or may have been.
    pub(super) dot_handed: bool,
}

impl Connection {
    pub(super) const fn new(tcp: TcpStream) -> Self {
        Self {
            stream: Stream::Plain(tcp),
            input: Vec::new(),
        }
    }

    /// Makes the handshake. Bytes that came in clear before it are a fault: they would be taken for
    /// the server's encrypted words.
    pub(super) async fn encrypt(
        self,
        encryption: &Encryption,
        deadline: Deadline,
    ) -> Result<Self, Fault> {
        let Stream::Plain(tcp) = self.stream else {
            return Err(Fault::Tls("the connection is encrypted already".to_owned()));
        };
        if !self.input.is_empty() {
            let problem = "bytes in clear follow the answer to STARTTLS";
            return Err(Fault::Protocol(problem.to_owned()));
        }
        let handshake = encryption.connector.connect(encryption.name.clone(), tcp);
        let tls = deadline
            .bound(handshake)
            .await?
            .map_err(|error| Fault::Tls(certificate::told(&error)))?;
        Ok(Self {
            stream: Stream::Tls(Box::new(tls)),
            input: Vec::new(),
        })
    }

    pub(super) const fn is_encrypted(&self) -> bool {
        self.stream.is_encrypted()
    }

    /// True when both ends are on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        let peer = self.stream.tcp().peer_addr();
        peer.is_ok_and(|address| address.ip().to_canonical().is_loopback())
    }

    pub(super) fn local_address(&self) -> Option<SocketAddr> {
        self.stream.tcp().local_addr().ok()
    }

    /// True when bytes are here that belong to no reply read so far.
    pub(super) const fn has_surplus(&self) -> bool {
        !self.input.is_empty()
    }

    /// Writes one or several commands.
    pub(super) async fn write(&mut self, commands: &[u8], deadline: Deadline) -> Result<(), Fault> {
        let writing = async {
            self.stream.write_all(commands).await?;
            self.stream.flush().await
        };
        deadline
            .bound(writing)
            .await?
            .map_err(|error| io_fault(&error))
    }

    /// Reads one reply.
    pub(super) async fn reply(&mut self, deadline: Deadline) -> Result<RawReply, Fault> {
        let mut reader = ReplyReader::default();
        loop {
            let (taken, reply) = reader
                .feed(&self.input)
                .map_err(|malformed| Fault::Protocol(malformed.to_string()))?;
            self.input.drain(..taken);
            if let Some(reply) = reply {
                return Ok(reply);
            }
            self.input.reserve(READ_SIZE);
            let read = deadline
                .bound(self.stream.read_buf(&mut self.input))
                .await?
                .map_err(|error| io_fault(&error))?;
            if read == 0 {
                return Err(Fault::Closed);
            }
        }
    }

    /// Writes one command and reads its reply.
    pub(super) async fn command(
        &mut self,
        command: &str,
        deadline: Deadline,
    ) -> Result<RawReply, Fault> {
        if self.has_surplus() {
            return Err(Fault::Protocol(
                "a reply came that nothing had asked for".to_owned(),
            ));
        }
        self.write(command.as_bytes(), deadline).await?;
        self.reply(deadline).await
    }

    /// Writes a stuffed message with its final dot: no longer than `stalled` without any progress,
    /// no longer than `total` in all.
    pub(super) async fn write_message(
        &mut self,
        stuffed: &Stuffed<'_>,
        stalled: Duration,
        total: Duration,
    ) -> Result<(), WriteFault> {
        let deadline = Deadline::after(total);
        let (mut sent, mut offered) = (0usize, 0usize);
        let ended = loop {
            let rest = stuffed.rest(sent);
            let until = deadline.min(Deadline::after(stalled));
            let step = if rest.is_empty() {
                until
                    .bound(self.stream.flush())
                    .await
                    .map(|done| done.map(|()| None))
            } else {
                let chunk = rest.get(..WRITE_SIZE).unwrap_or(rest);
                offered = sent.saturating_add(chunk.len());
                until
                    .bound(self.stream.write(chunk))
                    .await
                    .map(|done| done.map(Some))
            };
            match step {
                Ok(Ok(None)) => return Ok(()),
                Ok(Ok(Some(0))) => break Fault::Closed,
                Ok(Ok(Some(written))) => sent = sent.saturating_add(written),
                Ok(Err(error)) => break io_fault(&error),
                Err(fault) => break fault,
            }
        };
        Err(WriteFault {
            fault: ended,
            dot_handed: self.dot_handed(sent, offered, stuffed.len()),
        })
    }

    /// In clear the system's count decides. Encrypted, the server can read the last record only
    /// when all of it was handed over, so the dot is not out while anything is kept back.
    fn dot_handed(&self, sent: usize, offered: usize, len: usize) -> bool {
        if self.is_encrypted() {
            wire::includes_dot(offered, len) && !self.stream.has_unsent()
        } else {
            wire::includes_dot(sent, len)
        }
    }

    /// Looks whether anything waits before it is due. Tickets and the like of an encrypted
    /// connection are nothing.
    pub(super) async fn look(&mut self, within: Duration) -> Look {
        if self.has_surplus() {
            return Look::Surplus;
        }
        loop {
            match self.stream.waiting() {
                Waiting::Nothing => return Look::Quiet,
                Waiting::End => return Look::Ended,
                Waiting::Bytes => {}
            }
            let readable = Deadline::after(within).bound(self.stream.tcp().readable());
            if !matches!(readable.await, Ok(Ok(()))) {
                return Look::Ended;
            }
            match self.read_once().await {
                None => {}
                Some(Ok(0) | Err(_)) => return Look::Ended,
                Some(Ok(_)) => return Look::Surplus,
            }
        }
    }

    /// Takes what can be read now; `None` when that makes no byte for us.
    async fn read_once(&mut self) -> Option<io::Result<usize>> {
        let mut bytes = [0u8; READ_SIZE];
        let mut buffer = ReadBuf::new(&mut bytes);
        let read = poll_fn(|cx| {
            Poll::Ready(
                match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
                    Poll::Pending => None,
                    Poll::Ready(done) => Some(done),
                },
            )
        })
        .await?;
        self.input.extend_from_slice(buffer.filled());
        Some(read.map(|()| buffer.filled().len()))
    }

    /// Says goodbye. The answer is waited for no longer than `wait`; with `None` not at all.
    pub(super) async fn quit(mut self, wait: Option<Duration>) {
        let deadline = Deadline::after(wait.unwrap_or(Duration::from_millis(100)));
        if self.write(b"QUIT\r\n", deadline).await.is_ok() && wait.is_some() {
            // Nothing depends on the answer.
            let _ = self.reply(deadline).await;
        }
    }
}

fn io_fault(error: &io::Error) -> Fault {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::BrokenPipe
        | Kind::NotConnected
        | Kind::UnexpectedEof => Fault::Closed,
        // The TCP user timeout.
        Kind::TimedOut => Fault::Timeout,
        Kind::InvalidData => Fault::Tls(error.to_string()),
        _ => Fault::Io(error.to_string()),
    }
}
