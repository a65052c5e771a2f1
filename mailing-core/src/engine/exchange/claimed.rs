//! A delivery that may be sent, because its claim is committed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::FutureExt as _;

use crate::delivery::Token;
use crate::engine::message::PreparedRun;
use crate::id::{RunId, UserId};
use crate::links::LinkKeys;
use crate::ports::store::ClaimedDelivery;
use crate::ports::transport::{MailLane, Outcome};

/// A claimed delivery. Only the exchange makes one, from what the ledger has durably claimed, and
/// the engine's one call of the transport takes one: no fence, no message.
pub(in crate::engine) struct Claimed {
    run: Arc<PreparedRun>,
    token: Token,
    /// Monotonic time of the claim.
    claimed_at: Duration,
    delivery: ClaimedDelivery,
}

/// How the hand-over of a claimed delivery ended.
#[derive(Debug)]
pub(in crate::engine) enum Ending {
    /// The transport says how.
    Told(Outcome),
    /// No message could be made for this recipient.
    NotBuilt,
    /// The lane died or was cut in it. `begun`: `MAIL` may have been sent, so nobody knows.
    Torn { begun: bool, why: &'static str },
}

impl Claimed {
    pub(super) const fn new(
        run: Arc<PreparedRun>,
        token: Token,
        claimed_at: Duration,
        delivery: ClaimedDelivery,
    ) -> Self {
        Self {
            run,
            token,
            claimed_at,
            delivery,
        }
    }

    pub(in crate::engine) fn run(&self) -> RunId {
        self.run.run()
    }

    pub(in crate::engine) fn owner(&self) -> UserId {
        self.run.owner()
    }

    pub(in crate::engine) const fn token(&self) -> Token {
        self.token
    }

    pub(in crate::engine) const fn claimed_at(&self) -> Duration {
        self.claimed_at
    }

    /// The recipient's domain as it goes over the wire.
    pub(in crate::engine) fn domain(&self) -> &str {
        self.delivery.address.domain_ascii()
    }

    pub(in crate::engine) const fn delivery(&self) -> &ClaimedDelivery {
        &self.delivery
    }

    /// Builds the message and hands it over. `gate` is asked just before `MAIL`; `cut` ends the
    /// wait at once.
    pub(in crate::engine) async fn send(
        &self,
        lane: &mut dyn MailLane,
        keys: &LinkKeys,
        public_url: &str,
        gate: impl Fn() -> bool + Send + Sync,
        cut: impl Future<Output = ()> + Send,
    ) -> Ending {
        let (envelope, message) = match self.run.message(&self.delivery, keys, public_url) {
            Ok(built) => built,
            Err(error) => {
                tracing::warn!(run = %self.run(), number = self.delivery.number, %error,
                    "message_not_built");
                return Ending::NotBuilt;
            }
        };
        let begun = AtomicBool::new(false);
        let watched = || {
            let open = gate();
            begun.fetch_or(open, Ordering::Relaxed);
            open
        };
        let sent = std::panic::AssertUnwindSafe(lane.send(&envelope, &message, &watched));
        let sent = std::pin::pin!(sent.catch_unwind());
        let torn = |why| Ending::Torn {
            begun: begun.load(Ordering::Relaxed),
            why,
        };
        match futures::future::select(sent, std::pin::pin!(cut)).await {
            futures::future::Either::Left((Ok(outcome), _)) => Ending::Told(outcome),
            futures::future::Either::Left((Err(_), _)) => torn("panic"),
            futures::future::Either::Right(_) => torn("stopped while waiting for an answer"),
        }
    }
}
