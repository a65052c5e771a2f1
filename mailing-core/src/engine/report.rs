//! Tells owners how their runs have ended.
//!
//! That a run has ended and that its owner was not told stand in one row, written by whatever ended it.
//! The letter is written in the transaction that takes the second away: so a crash loses no letter, and
//! no two workers write one.

use crate::letter::{Letter, SystemMail};
use crate::ports::store::StoreError;
use crate::run::{CancelReason, Run, RunState};
use crate::user::{User, UserState};

use super::shared::Shared;

/// Runs looked at in one go.
const AT_ONCE: u32 = 50;

/// Writes the letters about all runs that have ended. One that cannot be told of is in nobody's way.
///
/// # Errors
/// When the store fails; what was told is kept.
pub(super) async fn all(shared: &Shared) -> Result<(), StoreError> {
    let mut unit = shared.store.read().await?;
    let untold = unit.runs().untold(&shared.scope, AT_ONCE).await?;
    drop(unit);
    let mut told = Ok(());
    for run in &untold {
        told = told.and(tell(shared, run).await);
    }
    told
}

async fn tell(shared: &Shared, run: &Run) -> Result<(), StoreError> {
    let mut unit = shared.store.write().await?;
    if !unit.runs().note_told(&shared.scope, run.id).await? {
        return Ok(());
    }
    let owner = unit.users().find(&shared.scope, run.owner).await?;
    if owner.as_ref().is_some_and(is_blocked) {
        return Ok(());
    }
    let owner = owner.filter(User::is_active);
    if let (Some(letter), Some(owner)) = (letter(run), owner) {
        let (now, entropy) = (shared.clock.now(), shared.entropy.as_ref());
        let (to, language) = (&owner.email, owner.language);
        let mail = SystemMail::written(&letter, to, language, now, entropy, &shared.seals);
        let mail = mail.map_err(|error| StoreError::Other(Box::new(error)))?;
        unit.system_mails().add(&shared.scope, &mail).await?;
    }
    unit.commit().await
}

/// Whether the letter waits until the owner may go on.
const fn is_blocked(owner: &User) -> bool {
    matches!(owner.state, UserState::Blocked { .. })
}

/// What there is to tell. What went as it should, and what its owner has ended, needs no letter.
fn letter(run: &Run) -> Option<Letter> {
    let (counts, name) = (run.counts, run.mailing_name.as_str().to_owned());
    match run.state {
        RunState::Completed if counts.failed + counts.unknown > 0 => Some(Letter::RunFailures {
            run: run.id,
            name,
            planned: counts.planned,
            failed: counts.failed,
            unknown: counts.unknown,
        }),
        RunState::Cancelled {
            reason:
                CancelReason::BadContent | CancelReason::MissingFile | CancelReason::WindowClosed,
        } => Some(Letter::RunStopped {
            run: run.id,
            name,
            unsent: counts.cancelled,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Counts, RunKind};
    use crate::testing::builders::{id, mailing, start};

    fn ended(state: RunState, counts: Counts) -> Run {
        let mailing = mailing().build();
        Run {
            id: id(start()),
            owner: mailing.owner,
            mailing: mailing.id,
            mailing_name: mailing.name,
            zone: mailing.zone,
            occurrence_at: start(),
            kind: RunKind::Planned,
            state,
            version: None,
            from: None,
            counts,
            last_reply: None,
            started_at: None,
            ended_at: Some(start()),
        }
    }

    #[test]
    fn only_what_went_wrong_is_told() {
        let counts = |failed, unknown| Counts {
            planned: 10,
            delivered: 10 - failed - unknown,
            failed,
            unknown,
            ..Counts::default()
        };
        let kind = |state, counts| letter(&ended(state, counts)).map(|letter| letter.kind());
        let done = RunState::Completed;
        assert_eq!(kind(done, counts(0, 0)), None);
        assert_eq!(kind(done, counts(1, 0)), Some("run_failures"));
        assert_eq!(kind(done, counts(0, 1)), Some("run_failures"));
        for reason in CancelReason::ALL.iter().copied() {
            let expected = match reason {
                CancelReason::FinishedEarly | CancelReason::Deleted => None,
                CancelReason::BadContent
                | CancelReason::MissingFile
                | CancelReason::WindowClosed => Some("run_stopped"),
            };
            assert_eq!(kind(RunState::Cancelled { reason }, counts(0, 0)), expected);
        }
    }
}
