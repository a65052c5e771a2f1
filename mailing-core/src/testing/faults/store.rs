//! A store with something around each call.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::delivery::{SuppressedBy, Token};
use crate::id::{DatabaseId, RunId, WorkerId};
use crate::policy::System;
use crate::ports::journal::Recorded;
use crate::ports::store::{
    DueMailing, Exchanged, FreezeProgress, Ledger, LedgerReport, OpenRun, Plan, Planned, Recovered,
    RunContent, Settled, Swept, Want, WorkerRow, WorkerStart,
};
use crate::ports::{Store, StoreError, Unit};
use crate::run::{CancelReason, MissedReason, PauseReason};
use crate::testing::system;
use crate::time::Timestamp;

/// A store whose calls go through [`StoreFaults`].
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    faults: Arc<dyn StoreFaults>,
}

impl FaultyStore {
    /// `inner` with `faults` around it.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>, faults: Arc<dyn StoreFaults>) -> Self {
        Self { inner, faults }
    }
}

/// From one line for each method of the ledger: the calls there are, what may be put in the place of
/// each, and the ledger that goes through it.
macro_rules! around_the_ledger {
    ($($call:ident: $name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        /// A call of a store.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Call {
            /// [`Store::read`].
            Read,
            /// [`Store::write`].
            Write,
            /// [`Store::ping`].
            Ping,
            $(
                #[doc = concat!("[`Ledger::", stringify!($name), "`].")]
                $call,
            )*
        }

        /// What happens around the calls of a store. What is not overridden does nothing and passes
        /// the call on.
        #[async_trait]
        pub trait StoreFaults: Send + Sync {
            /// Before a call. With an error the call does not take place.
            async fn before(&self, _: Call) -> Result<(), StoreError> {
                Ok(())
            }

            /// After a call that went well. An error is an answer that got lost: what the call did
            /// stays done.
            async fn after(&self, _: Call) -> Result<(), StoreError> {
                Ok(())
            }

            $(
                #[doc = concat!("In the place of [`Ledger::", stringify!($name), "`].")]
                async fn $name(
                    &self,
                    inner: &dyn Ledger,
                    $($argument: $kind),*
                ) -> Result<$answer, StoreError> {
                    inner.$name(&system(), $($argument),*).await
                }
            )*
        }

        #[async_trait]
        impl Ledger for FaultyStore {
            $(
                async fn $name(
                    &self,
                    _: &System,
                    $($argument: $kind),*
                ) -> Result<$answer, StoreError> {
                    self.faults.before(Call::$call).await?;
                    let inner = self.inner.ledger();
                    let answer = self.faults.$name(inner, $($argument),*).await?;
                    self.faults.after(Call::$call).await?;
                    Ok(answer)
                }
            )*
        }
    };
}

around_the_ledger! {
    Due: due(now: Timestamp, limit: u32) -> Vec<DueMailing>;
    NextInstant: next_instant() -> Option<Timestamp>;
    Plan: plan(plan: &Plan) -> Planned;
    OpenRuns: open_runs() -> Vec<OpenRun>;
    BeginFreeze: begin_freeze(run: RunId, now: Timestamp) -> bool;
    FreezePage: freeze_page(run: RunId, page: u32) -> FreezeProgress;
    Content: content(run: RunId) -> Option<RunContent>;
    Exchange: exchange(
        worker: WorkerId, results: &[Settled], wants: &[Want], now: Timestamp, lease: Duration
    ) -> Exchanged;
    Renew: renew(worker: WorkerId, lease: Duration) -> Vec<Token>;
    Release: release(worker: WorkerId, known: &[Token]) -> u64;
    Barred: barred(claimed: &[(RunId, u64)]) -> Vec<(RunId, u64, SuppressedBy)>;
    Recover: recover(worker: &WorkerStart, recorded: &Recorded, now: Timestamp) -> Recovered;
    Heartbeat: heartbeat(worker: WorkerId, now: Timestamp) -> Option<Timestamp>;
    Leave: leave(worker: WorkerId, now: Timestamp) -> ();
    Workers: workers() -> Vec<WorkerRow>;
    Sweep: sweep(worker: WorkerId, now: Timestamp, retry_after: Duration) -> Swept;
    Hold: hold(run: RunId, reason: PauseReason, held: bool, note: Option<&str>) -> bool;
    End: end(run: RunId, end: Result<CancelReason, MissedReason>, now: Timestamp) -> bool;
    Close: close(now: Timestamp) -> Vec<RunId>;
    Check: check() -> LedgerReport;
}

#[async_trait]
impl Store for FaultyStore {
    async fn read(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.faults.before(Call::Read).await?;
        self.inner.read().await
    }

    async fn write(&self) -> Result<Box<dyn Unit>, StoreError> {
        self.faults.before(Call::Write).await?;
        self.inner.write().await
    }

    fn ledger(&self) -> &dyn Ledger {
        self
    }

    async fn database(&self) -> Result<DatabaseId, StoreError> {
        self.inner.database().await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.faults.before(Call::Ping).await?;
        self.inner.ping().await
    }

    async fn verify(&self) -> Result<(), StoreError> {
        self.inner.verify().await
    }
}
