//! Runs, as far along as a test needs them.

use super::{Owner, id, start};
use crate::id::RunId;
use crate::mailing::Mailing;
use crate::ports::Store;
use crate::ports::store::{FreezeProgress, NewRun};
use crate::run::RunKind;
use crate::testing::system;
use crate::time::Timestamp;

/// A planned run at the mailing's next instant.
#[must_use]
pub fn run() -> RunBuilder {
    RunBuilder {
        at: None,
        kind: RunKind::Planned,
    }
}

/// Builds a run.
#[derive(Debug, Clone, Copy)]
pub struct RunBuilder {
    at: Option<Timestamp>,
    kind: RunKind,
}

impl RunBuilder {
    /// Of this instant.
    #[must_use]
    pub const fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// Asked for by the owner.
    #[must_use]
    pub const fn by_hand(mut self) -> Self {
        self.kind = RunKind::ByHand;
        self
    }

    /// The run to be made.
    #[must_use]
    pub fn build(self) -> NewRun {
        let at = self.at.unwrap_or_else(start);
        NewRun {
            id: id(at),
            occurrence_at: at,
            kind: self.kind,
            missed: None,
            now: at,
        }
    }

    /// A run that waits for its freeze.
    pub async fn due(mut self, store: &dyn Store, owner: &Owner, mailing: &Mailing) -> RunId {
        self.at = self.at.or(mailing.next_at);
        let run = self.build();
        let mut unit = store.write().await.unwrap();
        let added = unit
            .mailings()
            .add_run(&owner.edit(), mailing.id, &run)
            .await
            .unwrap();
        assert!(added, "the mailing is not this owner's");
        unit.commit().await.unwrap();
        run.id
    }

    /// A run whose content and audience are frozen: it can be claimed from.
    pub async fn running(self, store: &dyn Store, owner: &Owner, mailing: &Mailing) -> RunId {
        let run = self.due(store, owner, mailing).await;
        let now = self.at.or(mailing.next_at).unwrap_or_else(start);
        freeze(store, run, now).await;
        run
    }
}

/// Freezes a run to its end; how many deliveries it has.
pub async fn freeze(store: &dyn Store, run: RunId, now: Timestamp) -> u64 {
    let (ledger, scope) = (store.ledger(), system());
    assert!(ledger.begin_freeze(&scope, run, now).await.unwrap());
    loop {
        match ledger.freeze_page(&scope, run, 5_000).await.unwrap() {
            FreezeProgress::More { .. } => {}
            FreezeProgress::Done { planned } => return planned,
            FreezeProgress::Gone => unreachable!("a run that freezes is there"),
        }
    }
}
