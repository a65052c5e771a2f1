//! Forgets what is over: the trash after its time, the things of deleted accounts, sessions, tokens,
//! counters and forms of long ago.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::ports::store::Portion;
use crate::ports::{StoreError, Unit};
use crate::recipient::import::UNDO_WITHIN;
use crate::submission::SUBMISSION_KEPT;
use crate::time::{TRASH_KEPT, Timestamp, to_millis};
use crate::user::{SESSION_ABSOLUTE, SESSION_IDLE, SIGN_IN_COUNTED};

use super::shared::Shared;

/// An engine that starts has other things to do first.
const FIRST: TimeDelta = TimeDelta::minutes(5);
/// Between two passes.
const PAUSE: TimeDelta = TimeDelta::hours(1);
/// Between two portions of a pass, so that others get their turn with the store.
const BREATH: TimeDelta = TimeDelta::milliseconds(100);
/// So many recipients are erased in one transaction.
const RECIPIENTS: u32 = 50;
/// In so many deliveries of all of them, which are changed one by one.
const DELIVERIES: u32 = 500;
/// What else is erased in one transaction.
const PORTION: Portion = Portion {
    things: 20,
    rows: 5_000,
};

/// A file that no version names, or a picture that no post has, may be of one that is being saved.
const FILES_KEPT: TimeDelta = TimeDelta::days(1);

/// What is forgotten, in this order: a mailing holds its message, and all of them their account.
#[derive(Debug, Clone, Copy)]
enum Step {
    SignIns,
    Imports,
    Recipients,
    Lists,
    Mailings,
    Messages,
    Accounts,
    Files,
    Posts,
    Pictures,
}

impl Step {
    const ALL: [Self; 10] = [
        Self::SignIns,
        Self::Imports,
        Self::Recipients,
        Self::Lists,
        Self::Mailings,
        Self::Messages,
        Self::Accounts,
        Self::Files,
        Self::Posts,
        Self::Pictures,
    ];
}

/// The part that forgets.
pub(super) struct Housekeeper {
    shared: Arc<Shared>,
}

impl Housekeeper {
    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Makes a pass each hour until the engine drains.
    pub(super) async fn run(self) {
        let mut next = self.shared.clock.now() + FIRST;
        loop {
            self.wait(next).await;
            if self.shared.stop.is_draining() {
                return;
            }
            let passed = self.pass().await;
            self.shared.store_said("housekeeping", &passed);
            next = self.shared.clock.now() + PAUSE;
        }
    }

    /// Forgets all that is over now. A step that fails keeps none of the next ones.
    async fn pass(&self) -> Result<(), StoreError> {
        let mut passed = Ok(());
        for step in Step::ALL {
            if let Err(error) = self.all_of(step).await {
                tracing::warn!(?step, %error, "erasing_failed");
                passed = Err(error);
            }
        }
        passed
    }

    /// Does a step portion by portion.
    async fn all_of(&self, step: Step) -> Result<(), StoreError> {
        let mut done = 0;
        while !self.shared.stop.is_draining() {
            let some = self.shared.answer(self.portion(step)).await?;
            if some == 0 {
                break;
            }
            done += some;
            self.wait(self.shared.clock.now() + BREATH).await;
        }
        if done > 0 {
            tracing::info!(?step, done, "erased");
        }
        Ok(())
    }

    /// One transaction of a step; 0 when nothing of it is left.
    async fn portion(&self, step: Step) -> Result<u64, StoreError> {
        let now = to_millis(self.shared.clock.now());
        let (scope, before) = (&self.shared.scope, now - TRASH_KEPT);
        let mut unit = self.shared.store.write().await?;
        let erasure = unit.erasure();
        let done = match step {
            Step::SignIns => {
                self.sign_ins(unit.as_mut(), now).await?;
                0
            }
            Step::Imports => {
                let undoable = now - UNDO_WITHIN;
                erasure
                    .forget_imports(scope, undoable, PORTION.rows)
                    .await?
            }
            Step::Recipients => {
                let overdue = erasure
                    .overdue_recipients(scope, before, RECIPIENTS)
                    .await?;
                let mut rows = DELIVERIES;
                erasure.hold_runs(scope, &overdue, rows).await?;
                for one in &overdue {
                    let pseudonym = self.shared.keys.pseudonym(one.owner, &one.address);
                    let veiled = erasure
                        .erase_recipient(scope, one, &pseudonym, before, now, rows)
                        .await?;
                    rows = rows.saturating_sub(u32::try_from(veiled).unwrap_or(u32::MAX));
                    if rows == 0 {
                        break;
                    }
                }
                overdue.len() as u64
            }
            Step::Lists => erasure.erase_lists(scope, before, PORTION).await?,
            Step::Mailings => erasure.erase_mailings(scope, before, PORTION, now).await?,
            Step::Messages => erasure.erase_messages(scope, before, PORTION, now).await?,
            Step::Files => {
                erasure
                    .erase_files(scope, now - FILES_KEPT, PORTION.things)
                    .await?
            }
            Step::Posts => erasure.erase_posts(scope, before, PORTION.things).await?,
            Step::Pictures => {
                let limit = PORTION.things;
                erasure
                    .erase_pictures(scope, now - FILES_KEPT, limit)
                    .await?
            }
            Step::Accounts => u64::from(erasure.erase_account(scope, before, PORTION, now).await?),
        };
        unit.commit().await?;
        Ok(done)
    }

    /// Deletes sessions, counters, tokens, forms and feedback that are over: few rows, found by their
    /// time.
    async fn sign_ins(&self, unit: &mut dyn Unit, now: Timestamp) -> Result<(), StoreError> {
        let scope = &self.shared.scope;
        let (idle, old) = (now - SESSION_IDLE, now - SESSION_ABSOLUTE);
        unit.sessions().purge(scope, idle, old).await?;
        unit.throttle().purge(scope, now - SIGN_IN_COUNTED).await?;
        unit.tokens().purge(scope, now).await?;
        let forms = now - SUBMISSION_KEPT;
        unit.submissions().purge(scope, forms).await?;
        unit.feedback().purge(scope, now - TRASH_KEPT).await?;
        Ok(())
    }

    /// Returns at `at`, or when the engine drains.
    async fn wait(&self, at: Timestamp) {
        let sleep = self.shared.clock.sleep_until(at);
        let stop = std::pin::pin!(self.shared.stop.drained());
        futures::future::select(stop, sleep).await;
    }
}
