//! A clock that moves when the test says so.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::ports::Clock;
use crate::time::Timestamp;

/// A clock that stands still until it is told to move. Clones show the same time. Needs no runtime.
///
/// Sleepers are woken in the order of their instants; equal instants in the order of their coming.
#[derive(Debug, Clone)]
pub struct VirtualClock {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    now: Timestamp,
    monotonic: Duration,
    comers: u64,
    sleepers: BTreeMap<(Timestamp, u64), Sleeper>,
}

/// Somebody who waits for an instant.
#[derive(Debug)]
struct Sleeper {
    /// Monotonic time at which the wait is over, wherever the wall clock has been set meanwhile.
    until: Duration,
    waker: Waker,
}

impl VirtualClock {
    /// A clock that shows `now`, with its monotonic time at zero.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        let state = State {
            now,
            monotonic: Duration::ZERO,
            comers: 0,
            sleepers: BTreeMap::new(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Lets time pass at once: wall clock and monotonic time move, sleepers that are over wake.
    pub fn advance(&self, by: Duration) {
        let mut state = self.lock();
        let wall = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        state.now = state
            .now
            .checked_add_signed(wall)
            .unwrap_or(Timestamp::MAX_UTC);
        state.monotonic = state.monotonic.saturating_add(by);
        Self::wake(state);
    }

    /// Lets time pass until `at`; does nothing when that is over already.
    pub fn advance_to(&self, at: Timestamp) {
        let left = at - self.now();
        self.advance(left.to_std().unwrap_or_default());
    }

    /// Steps the wall clock to `at`, forward or back, as NTP or a person would: no time passes.
    pub fn set(&self, at: Timestamp) {
        let mut state = self.lock();
        state.now = at;
        Self::wake(state);
    }

    /// The instant at which the next sleeper wakes. A test's world advances to it, lets everybody
    /// do their work, and asks again.
    #[must_use]
    pub fn next_sleeper(&self) -> Option<Timestamp> {
        let state = self.lock();
        let wakes = state.sleepers.iter().map(|((at, _), sleeper)| {
            let left = TimeDelta::from_std(sleeper.until.saturating_sub(state.monotonic));
            let over = left
                .ok()
                .and_then(|left| state.now.checked_add_signed(left));
            over.map_or(*at, |over| over.min(*at))
        });
        wakes.min()
    }

    /// How many sleep.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.lock().sleepers.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes those whose instant is reached, after the lock is gone: a waker may run anything.
    fn wake(mut state: MutexGuard<'_, State>) {
        let (now, monotonic) = (state.now, state.monotonic);
        let awake: Vec<_> = state
            .sleepers
            .extract_if(.., |(at, _), sleeper| {
                *at <= now || sleeper.until <= monotonic
            })
            .collect();
        drop(state);
        for (_, sleeper) in awake {
            sleeper.waker.wake();
        }
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.lock().now
    }

    fn monotonic(&self) -> Duration {
        self.lock().monotonic
    }

    async fn sleep_until(&self, at: Timestamp) {
        Sleep {
            clock: self,
            at,
            place: None,
            until: Duration::MAX,
        }
        .await;
    }
}

/// A place in the order of sleepers, given up when dropped.
struct Sleep<'a> {
    clock: &'a VirtualClock,
    at: Timestamp,
    place: Option<(Timestamp, u64)>,
    until: Duration,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.lock();
        if state.now >= self.at || state.monotonic >= self.until {
            return Poll::Ready(());
        }
        let (place, until) = match self.place {
            Some(place) => (place, self.until),
            None => {
                state.comers += 1;
                let left = (self.at - state.now).to_std().unwrap_or_default();
                let until = state.monotonic.saturating_add(left);
                ((self.at, state.comers), until)
            }
        };
        let waker = context.waker().clone();
        state.sleepers.insert(place, Sleeper { until, waker });
        drop(state);
        (self.place, self.until) = (Some(place), until);
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.clock.lock().sleepers.remove(&place);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use futures::stream::{FuturesUnordered, StreamExt as _};

    use super::*;

    fn clock() -> VirtualClock {
        VirtualClock::at("2026-03-02T09:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_sleeper_wakes_at_its_instant_and_not_before() {
        let clock = clock();
        let due = clock.now() + TimeDelta::seconds(10);
        let mut sleep = clock.sleep_until(due);
        assert!((&mut sleep).now_or_never().is_none());
        clock.advance(Duration::from_millis(9_999));
        assert!((&mut sleep).now_or_never().is_none());
        clock.advance(Duration::from_millis(1));
        assert!((&mut sleep).now_or_never().is_some());
        assert_eq!(clock.sleepers(), 0);
    }

    #[test]
    fn sleepers_wake_in_the_order_of_their_instants() {
        let clock = clock();
        let start = clock.now();
        let mut sleepers: FuturesUnordered<_> = [3, 1, 2]
            .into_iter()
            .map(|second| {
                let clock = clock.clone();
                async move {
                    clock.sleep_until(start + TimeDelta::seconds(second)).await;
                    second
                }
            })
            .collect();
        assert!(sleepers.next().now_or_never().is_none());
        clock.advance(Duration::from_secs(60));
        let mut woken = Vec::new();
        while let Some(Some(second)) = sleepers.next().now_or_never() {
            woken.push(second);
        }
        assert_eq!(woken, [1, 2, 3]);
    }

    #[test]
    fn a_dropped_sleeper_is_forgotten() {
        let clock = clock();
        let mut sleep = clock.sleep_until(clock.now() + TimeDelta::hours(1));
        assert!((&mut sleep).now_or_never().is_none());
        assert_eq!(
            clock.next_sleeper(),
            Some(clock.now() + TimeDelta::hours(1))
        );
        drop(sleep);
        assert_eq!(clock.next_sleeper(), None);
    }

    #[test]
    fn whoever_sleeps_while_the_wall_clock_is_set_back_sleeps_no_longer() {
        let clock = clock();
        let mut sleep = clock.sleep_until(clock.now() + TimeDelta::seconds(10));
        assert!((&mut sleep).now_or_never().is_none());
        clock.set(clock.now() - TimeDelta::hours(3));
        assert_eq!(
            clock.next_sleeper(),
            Some(clock.now() + TimeDelta::seconds(10))
        );
        clock.advance(Duration::from_secs(10));
        assert!((&mut sleep).now_or_never().is_some());
    }

    #[test]
    fn a_step_of_the_wall_clock_leaves_the_monotonic_time() {
        let clock = clock();
        clock.advance(Duration::from_secs(5));
        clock.set(clock.now() - TimeDelta::hours(3));
        assert_eq!(clock.monotonic(), Duration::from_secs(5));
        clock.advance_to(clock.now() - TimeDelta::hours(1));
        assert_eq!(clock.monotonic(), Duration::from_secs(5));
        clock.advance_to(clock.now() + TimeDelta::hours(1));
        assert_eq!(clock.monotonic(), Duration::from_secs(3_605));
    }
}
