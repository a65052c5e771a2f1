//! One connection's work: take a delivery, hand it over, lay down how it ended.

use std::sync::Arc;
use std::time::Duration;

use crate::ports::transport::MailLane;

use super::exchange::{Claimed, Ending};
use super::recovery::note_start;
use super::shared::Shared;

/// No message is begun with less of its lease left: the dialogue up to `MAIL` must fit.
const LEASE_LEFT: Duration = Duration::from_secs(15);
/// No message is begun on an older claim, however long the connection took: whoever was suppressed
/// since is not sent to 5 s later.
const CLAIM_TRUSTED: Duration = Duration::from_secs(5);

/// The part that hands messages over, one at a time.
pub(super) struct Lane {
    shared: Arc<Shared>,
    lane: Box<dyn MailLane>,
}

impl Lane {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let lane = shared.transport.lane();
        Self { shared, lane }
    }

    /// Sends until the engine drains and what is in dialogue has ended.
    pub(super) async fn run(mut self) {
        let shared = Arc::clone(&self.shared);
        while let Some(claimed) = shared.desk.next(shared.clock.as_ref(), &shared.stop).await {
            self.hand_over(&claimed).await;
        }
        self.lane.close().await;
    }

    /// Hands one delivery over and lays down how it ended.
    pub(super) async fn hand_over(&mut self, claimed: &Claimed) {
        let shared = &self.shared;
        // The journal comes last: what it calls started counts as sent until an ending says more.
        let gate = || may_begin(shared, claimed) && note_start(shared, claimed);
        let (keys, url) = (&shared.keys, &shared.settings.public_url);
        let cut = shared.stop.was_cut();
        let ending = claimed.send(self.lane.as_mut(), keys, url, gate, cut).await;
        if let Ending::Torn { why, .. } = ending {
            tracing::warn!(run = %claimed.run(), number = claimed.delivery().number, why,
                "dialogue_torn");
            // Whatever is left of the old dialogue must never meet a new message.
            self.lane = shared.transport.lane();
        }
        let settled = shared.desk.judge(claimed, &ending, &shared.judge());
        if settled.is_begun() {
            // Not written it is a doubt if this process dies, and nothing else.
            shared.journal_said(&shared.journal.result(&settled));
        }
        shared
            .desk
            .finish(claimed, settled, shared.clock.monotonic());
    }
}

/// The gate before `MAIL`: the claim still holds and is fresh, its recipient still gets mail, and nobody
/// has stopped run, engine or store.
fn may_begin(shared: &Shared, claimed: &Claimed) -> bool {
    let now = shared.clock.monotonic();
    !shared.stop.is_draining()
        && !shared.desk.is_halted()
        && shared.desk.lease_left(claimed.token(), now) >= LEASE_LEFT
        && now <= claimed.claimed_at() + CLAIM_TRUSTED
        && shared.runs.may_send(claimed.run(), now)
        && !shared.desk.is_barred(claimed)
}
