//! What breaks, how often, and until when.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::checkers::Checkers;
use super::executor::step_aside;
use super::seed::Dice;
use crate::delivery::{Reply, Stage};
use crate::ports::Clock as _;
use crate::ports::store::StoreError;
use crate::ports::transport::{Fault, Outcome};
use crate::testing::VirtualClock;
use crate::testing::faults::{Call, StoreFaults};

/// How a world's ports misbehave. Every fault uses up one of a budget: when it is gone the sky is
/// clear, and everything must come to its end.
pub(super) struct Weather {
    dice: Dice,
    clock: VirtualClock,
    kind: Kind,
    state: Mutex<State>,
}

/// How often each fault strikes: once in so many calls; 0 is never.
struct Kind {
    slow_store: u64,
    store_error: u64,
    lost_answer: u64,
    slow_server: u64,
    no_connection: u64,
    broken: u64,
    refused: u64,
    doubt: u64,
}

#[derive(Debug, Default)]
struct State {
    budget: u64,
    store_gone_until: Duration,
    server_gone_until: Duration,
}

impl Weather {
    pub(super) fn new(dice: Dice, clock: VirtualClock) -> Self {
        // Half of the kinds of faults do not happen in a given world: what only one of them breaks
        // is not hidden by the others.
        let often = |most: u64, least: u64| match dice.one_in(2) {
            true => dice.between(most, least),
            false => 0,
        };
        let kind = Kind {
            slow_store: often(10, 60),
            store_error: often(15, 150),
            lost_answer: often(8, 80),
            slow_server: often(4, 40),
            no_connection: often(10, 60),
            broken: often(6, 60),
            refused: often(4, 30),
            doubt: often(5, 40),
        };
        let state = State {
            budget: dice.between(0, 60),
            ..State::default()
        };
        Self {
            dice,
            clock,
            kind,
            state: Mutex::new(state),
        }
    }

    /// Whether nothing breaks any more.
    pub(super) fn is_clear(&self) -> bool {
        self.lock().budget == 0
    }

    /// Nothing breaks any more.
    pub(super) fn clear_up(&self) {
        *self.lock() = State::default();
    }

    /// Takes one fault out of the budget; false when it is used up.
    pub(super) fn spend(&self) -> bool {
        let mut state = self.lock();
        let left = state.budget > 0;
        state.budget = state.budget.saturating_sub(1);
        left
    }

    /// The store does not answer for a while.
    pub(super) fn take_the_store_away(&self, time: Duration) {
        self.lock().store_gone_until = self.clock.monotonic() + time;
    }

    /// The server does not answer for a while.
    pub(super) fn take_the_server_away(&self, time: Duration) {
        self.lock().server_gone_until = self.clock.monotonic() + time;
    }

    /// A way through the network: others go first, sometimes for long.
    pub(super) async fn travel(&self) {
        self.way(self.kind.slow_server, 100).await;
    }

    /// What keeps a connection from coming about.
    pub(super) fn no_connection(&self) -> Option<Outcome> {
        let gone = self.clock.monotonic() < self.lock().server_gone_until;
        if !gone && !self.strikes(self.kind.no_connection) {
            return None;
        }
        Some(match self.dice.below(if gone { 2 } else { 5 }) {
            0 => broken(Stage::Connect, Fault::Unreachable),
            1 => broken(Stage::Greeting, Fault::Timeout),
            2 => refused(Stage::Greeting, 421, "4.3.2 too many connections"),
            3 => refused(Stage::Auth, 535, "5.7.8 wrong password"),
            _ => broken(Stage::Dns, Fault::NameLookup),
        })
    }

    /// What ends a message before its dot is taken.
    pub(super) fn not_taken(&self) -> Option<Outcome> {
        if self.strikes(self.kind.broken) {
            return Some(match self.dice.below(3) {
                0 => broken(Stage::Rcpt, Fault::Timeout),
                1 => broken(Stage::Body, Fault::Closed),
                _ => broken(Stage::Mail, Fault::Protocol("surplus reply".to_owned())),
            });
        }
        if self.strikes(self.kind.refused) {
            return Some(match self.dice.below(6) {
                0 => refused(Stage::Mail, 421, "4.3.2 shutting down"),
                1 => refused(Stage::Rcpt, 450, "4.2.0 greylisted, come back later"),
                2 => refused(Stage::Rcpt, 452, "4.2.2 mailbox full"),
                3 => refused(Stage::Rcpt, 550, "5.7.1 policy"),
                4 => refused(Stage::Dot, 451, "4.3.0 try again"),
                _ => refused(Stage::Dot, 554, "5.7.1 spam"),
            });
        }
        None
    }

    /// Whether the answer to the dot gets lost.
    pub(super) fn loses_the_reply(&self) -> bool {
        self.strikes(self.kind.doubt)
    }

    /// Of lost answers, whether the server had taken the message.
    pub(super) fn coin(&self) -> bool {
        self.dice.one_in(2)
    }

    async fn way(&self, slow: u64, seconds: u64) {
        for _ in 0..self.dice.below(3) {
            step_aside().await;
        }
        let time = match self.dice.below(8) {
            _ if self.strikes(slow) => self.dice.seconds(1, seconds),
            0 => Duration::from_millis(self.dice.between(1, 300)),
            _ => return,
        };
        let time = chrono::Duration::from_std(time).unwrap_or_default();
        self.clock.sleep_until(self.clock.now() + time).await;
    }

    fn strikes(&self, once_in: u64) -> bool {
        once_in > 0 && self.dice.one_in(once_in) && self.spend()
    }

    fn store_error(&self) -> StoreError {
        let gone = || StoreError::Unavailable("gone".into());
        match self.dice.below(5) {
            0 => StoreError::Busy,
            1 => StoreError::ReadOnly,
            2 => StoreError::Full,
            3 => StoreError::Retry("met another".into()),
            _ => gone(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The store as the weather leaves it; the checkers look at each of its commits.
pub(super) struct WeatheredStore {
    pub(super) weather: Arc<Weather>,
    pub(super) checkers: Arc<Checkers>,
}

#[async_trait]
impl StoreFaults for WeatheredStore {
    async fn before(&self, _: Call) -> Result<(), StoreError> {
        let weather = &self.weather;
        weather.way(weather.kind.slow_store, 20).await;
        let gone = weather.clock.monotonic() < weather.lock().store_gone_until;
        if gone || weather.strikes(weather.kind.store_error) {
            return Err(weather.store_error());
        }
        Ok(())
    }

    async fn after(&self, call: Call) -> Result<(), StoreError> {
        if !reads(call) {
            self.checkers.look();
        }
        let weather = &self.weather;
        weather.way(0, 0).await;
        if weather.strikes(weather.kind.lost_answer) {
            return Err(StoreError::Unavailable("the answer got lost".into()));
        }
        Ok(())
    }
}

/// Whether a call leaves runs and deliveries as they are.
const fn reads(call: Call) -> bool {
    matches!(
        call,
        Call::Due
            | Call::NextInstant
            | Call::OpenRuns
            | Call::Content
            | Call::Renew
            | Call::Barred
            | Call::Heartbeat
            | Call::Leave
            | Call::Workers
            | Call::Check
    )
}

const fn broken(stage: Stage, fault: Fault) -> Outcome {
    Outcome::Broken { stage, fault }
}

fn refused(stage: Stage, code: u16, text: &str) -> Outcome {
    let reply = Reply::new(code, text);
    Outcome::Refused { stage, reply }
}
