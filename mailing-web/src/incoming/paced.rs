//! A body in small pieces, from a client that must keep going.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use chrono::TimeDelta;
use futures::future::{Either, poll_fn, select};
use futures::stream::try_unfold;
use futures::{Stream, StreamExt as _};
use mailing_core::ports::Clock;
use mailing_core::time::Timestamp;
use poem::Body;

/// The largest piece, in bytes.
const PIECE: usize = 64 * 1024;
/// What may be read without finding a part or a piece of one: the reader keeps all that.
const SEARCH_MAX: usize = 256 * 1024;
/// The longest that a client may send nothing.
const SILENCE_MAX: TimeDelta = TimeDelta::seconds(30);
/// The least that a client must send in a second, on the average of all the waiting; the first
/// [`SILENCE_MAX`] are free.
const RATE_MIN: u64 = 1024;

/// When the last piece of a body came. Who waits for the handler waits on as long as pieces come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Alive(Arc<AtomicI64>);

impl Alive {
    /// Returns when nothing has come for `time`, counted from now at the earliest.
    pub(crate) async fn lapse(&self, clock: &dyn Clock, time: TimeDelta) {
        let began = clock.now();
        loop {
            let last = Timestamp::from_timestamp_millis(self.0.load(Ordering::Relaxed));
            let ends = last.map_or(began, |last| last.max(began)) + time;
            if clock.now() >= ends {
                return;
            }
            clock.sleep_until(ends).await;
        }
    }

    pub(super) fn note(&self, now: Timestamp) {
        self.0.store(now.timestamp_millis(), Ordering::Relaxed);
    }
}

/// What the reader of parts was fed since it last gave something back.
#[derive(Debug)]
pub(super) struct Feed {
    kept: AtomicUsize,
    is_fresh: AtomicBool,
    alive: Alive,
}

impl Feed {
    pub(super) const fn new(alive: Alive) -> Self {
        Self {
            kept: AtomicUsize::new(0),
            is_fresh: AtomicBool::new(false),
            alive,
        }
    }

    /// The reader gave a part or a piece back.
    pub(super) fn has_moved(&self) {
        self.kept.store(0, Ordering::Relaxed);
        self.is_fresh.store(true, Ordering::Relaxed);
    }
}

struct State {
    body: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>,
    clock: Arc<dyn Clock>,
    feed: Arc<Feed>,
    rest: Bytes,
    octets: u64,
    waited: Duration,
}

/// The pieces of a body. An error of the kind `TimedOut` when the client is too slow, `FileTooLarge`
/// when the reader of parts would have to keep too much.
pub(super) fn paced(
    body: Body,
    clock: Arc<dyn Clock>,
    feed: Arc<Feed>,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let state = State {
        body: body.into_bytes_stream().boxed(),
        clock,
        feed,
        rest: Bytes::new(),
        octets: 0,
        waited: Duration::ZERO,
    };
    try_unfold(state, next)
}

async fn next(mut state: State) -> io::Result<Option<(Bytes, State)>> {
    // The reader takes what it can get before it looks at what it has: so it gets one piece at a
    // time, and none before it has looked.
    step_back().await;
    while state.feed.is_fresh.swap(false, Ordering::Relaxed) {
        step_back().await;
    }
    while state.rest.is_empty() {
        match state.wait().await? {
            Some(bytes) => state.rest = bytes,
            None => return Ok(None),
        }
    }
    let piece = state.rest.split_to(state.rest.len().min(PIECE));
    let kept = state.feed.kept.fetch_add(piece.len(), Ordering::Relaxed);
    if kept > SEARCH_MAX {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(Some((piece, state)))
}

impl State {
    async fn wait(&mut self) -> io::Result<Option<Bytes>> {
        let began = self.clock.monotonic();
        let late = self.clock.sleep_until(self.clock.now() + SILENCE_MAX);
        let come = match select(self.body.next(), late).await {
            Either::Left((come, _)) => come.transpose()?,
            Either::Right(_) => return Err(io::ErrorKind::TimedOut.into()),
        };
        self.feed.alive.note(self.clock.now());
        self.waited += self.clock.monotonic().saturating_sub(began);
        self.octets += come.as_ref().map_or(0, Bytes::len) as u64;
        let free = SILENCE_MAX.to_std().unwrap_or_default();
        let owed = self.waited.saturating_sub(free).as_secs() * RATE_MIN;
        if come.is_some() && self.octets < owed {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(come)
    }
}

/// Lets whoever polls look at what there is, and be called again at once.
async fn step_back() {
    let mut is_first = true;
    poll_fn(|cx| {
        if std::mem::take(&mut is_first) {
            cx.waker().wake_by_ref();
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}
