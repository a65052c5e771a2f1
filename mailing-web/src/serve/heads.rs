//! Requests that begin in time (S49): a head comes within ten seconds, however many bytes drip.
//!
//! What has to be known of HTTP/1.1 for that (RFC 9112): a head ends with an empty line; empty lines
//! before it do not count; what follows it is the body, until something is answered. Bodies have time
//! limits of their own, where they are read. HTTP/2 in the clear, which nobody needs, is refused.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use chrono::TimeDelta;
use futures::future::{BoxFuture, Fuse, FutureExt as _};
use mailing_core::ports::Clock;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::seats::Seat;

/// The longest that the head of a request may take, from its first byte or from the connection's
/// beginning.
const HEAD_TIME: TimeDelta = TimeDelta::seconds(10);
/// How HTTP/2 begins (RFC 9113, 3.4).
const HTTP_2: &[u8] = b"PRI";
/// How an answer begins after which the body still comes (RFC 9110, 15.2.1).
const CONTINUE: &[u8] = b"HTTP/1.1 100";

/// A socket that is given up when a head does not end in time.
pub(super) struct Timely<S> {
    socket: S,
    clock: Arc<dyn Clock>,
    reading: Reading,
    _seat: Seat<String>,
}

/// What is being read.
enum Reading {
    Head(Head),
    /// A body, or nothing: the request is being answered.
    Body,
    /// Something was answered: the next byte begins a head, or is left of a body nobody read.
    Next,
}

/// A head on its way.
struct Head {
    late: Fuse<BoxFuture<'static, ()>>,
    has_begun: bool,
    /// Ends of lines in a row.
    ends: u8,
}

impl Head {
    fn new(clock: &Arc<dyn Clock>) -> Self {
        let at = clock.now() + HEAD_TIME;
        let clock = Arc::clone(clock);
        let late = async move { clock.sleep_until(at).await };
        Self {
            late: late.boxed().fuse(),
            has_begun: false,
            ends: 0,
        }
    }

    /// True when the head ends in `bytes`.
    fn ends_in(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            match byte {
                b'\n' if self.has_begun => self.ends += 1,
                b'\n' | b'\r' => {}
                _ => {
                    self.has_begun = true;
                    self.ends = 0;
                }
            }
            if self.ends == 2 {
                return true;
            }
        }
        false
    }
}

impl<S> Timely<S> {
    pub(super) fn new(socket: S, clock: Arc<dyn Clock>, seat: Seat<String>) -> Self {
        Self {
            socket,
            reading: Reading::Head(Head::new(&clock)),
            clock,
            _seat: seat,
        }
    }

    /// Looks at what has come; an error when we do not speak it.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        if matches!(self.reading, Reading::Next) {
            self.reading = Reading::Head(Head::new(&self.clock));
        }
        if let Reading::Head(head) = &mut self.reading {
            if !head.has_begun && bytes.starts_with(HTTP_2) {
                return Err(io::ErrorKind::Unsupported.into());
            }
            if head.ends_in(bytes) {
                self.reading = Reading::Body;
            }
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Timely<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buf.filled().len();
        let read = Pin::new(&mut this.socket).poll_read(cx, buf);
        if let Poll::Ready(Ok(())) = read {
            this.take(&buf.filled()[before..])?;
        }
        if let Reading::Head(head) = &mut this.reading
            && head.late.poll_unpin(cx).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timely<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if matches!(self.reading, Reading::Body) && !buf.starts_with(CONTINUE) {
            self.reading = Reading::Next;
        }
        Pin::new(&mut self.socket).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use mailing_core::testing::VirtualClock;
    use mailing_core::testing::builders::start;

    use super::*;

    fn ends(pieces: &[&str]) -> bool {
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock::at(start()));
        let mut head = Head::new(&clock);
        pieces.iter().any(|piece| head.ends_in(piece.as_bytes()))
    }

    #[test]
    fn a_head_ends_with_its_first_empty_line() {
        for whole in [
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody",
            "GET / HTTP/1.1\nHost: a\n\n",
            "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        ] {
            assert!(ends(&[whole]), "{whole:?}");
            let drops: Vec<_> = whole.split_inclusive(|_| true).collect();
            assert!(ends(&drops), "{whole:?} in drops");
        }
        for part in [
            "",
            "\r\n\r\n\r\n",
            "GET /",
            "GET / HTTP/1.1\r\nA: b\r\nC: d\r\n",
        ] {
            assert!(!ends(&[part]), "{part:?}");
        }
    }
}
