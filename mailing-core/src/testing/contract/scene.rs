//! What the ledger's cases share: a run of an owner and a worker that sends it. Each step looks
//! whether the sums of the run still hold.

use std::time::Duration;

use chrono::TimeDelta;

use crate::delivery::{Attempt, Cause, Delivery, Reply, Stage, Token};
use crate::id::{RecipientId, RunId, WorkerId};
use crate::mailing::Mailing;
use crate::ports::store::{
    Claim, DeliveryFilter, Exchanged, OpenRun, PageRequest, Settled, Settlement, Want,
};
use crate::ports::{Store, StoreError};
use crate::run::{Counts, Run};
use crate::testing::builders::{MailingBuilder, Owner, crowd, id, mailing, owner, run, start};
use crate::testing::system;
use crate::time::Timestamp;

/// A lease that does not end within a case.
pub(super) const LEASE: Duration = Duration::from_secs(120);

pub(super) struct Scene<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) ann: Owner,
    pub(super) mailing: Mailing,
    pub(super) recipients: Vec<RecipientId>,
    pub(super) run: RunId,
    pub(super) worker: WorkerId,
    pub(super) now: Timestamp,
}

impl<'a> Scene<'a> {
    /// A running run of a mailing to all of so many recipients.
    pub(super) async fn running(store: &'a dyn Store, recipients: usize) -> Self {
        Self::of(store, mailing(), recipients).await
    }

    /// The same with a mailing of the case's own.
    pub(super) async fn of(store: &'a dyn Store, of: MailingBuilder, recipients: usize) -> Self {
        let ann = owner().saved(store).await;
        let recipients = crowd(store, &ann, recipients).await;
        let mailing = of.of(&ann).saved(store).await;
        let run = run().at(start()).running(store, &ann, &mailing).await;
        let scene = Self {
            store,
            ann,
            mailing,
            recipients,
            run,
            worker: id(start()),
            now: start(),
        };
        scene.sums_hold().await;
        scene
    }

    /// Claims up to `max` deliveries now.
    pub(super) async fn claim(&self, max: u32) -> Claim {
        self.claim_at(self.now, max).await.unwrap()
    }

    /// Claims after all that was deferred is due again.
    pub(super) async fn claim_until(&self, max: u32) -> Claim {
        let later = self.now + TimeDelta::days(1);
        self.claim_at(later, max).await.unwrap()
    }

    /// Claims at an instant, if there is anything; one claim, for convenience.
    pub(super) async fn claim_at(&self, now: Timestamp, max: u32) -> Option<Claim> {
        let exchanged = self.exchange(self.worker, &[], max, now, LEASE).await;
        let mut claims = exchanged.claims;
        assert!(claims.len() <= 1, "one source, one claim: {claims:?}");
        claims.pop()
    }

    /// Claims with a lease that is over at once.
    pub(super) async fn claim_without_lease(&self, max: u32) -> Claim {
        let exchanged = self
            .exchange(self.worker, &[], max, self.now, Duration::ZERO)
            .await;
        exchanged.claims.into_iter().next().unwrap()
    }

    /// Hands results in and wants nothing.
    pub(super) async fn settle(&self, results: &[Settled]) -> Exchanged {
        self.exchange(self.worker, results, 0, self.now, LEASE)
            .await
    }

    /// One exchange about the scene's run.
    pub(super) async fn exchange(
        &self,
        worker: WorkerId,
        results: &[Settled],
        max: u32,
        now: Timestamp,
        lease: Duration,
    ) -> Exchanged {
        let want = Want { run: self.run, max };
        let wants = if max == 0 { &[][..] } else { &[want][..] };
        let exchanged = self
            .store
            .ledger()
            .exchange(&system(), worker, results, wants, now, lease)
            .await
            .unwrap();
        let claimed: usize = exchanged.claims.iter().map(|c| c.deliveries.len()).sum();
        assert!(claimed <= max as usize, "more than was wanted");
        assert!(exchanged.claims.iter().all(|c| !c.deliveries.is_empty()));
        self.sums_hold().await;
        exchanged
    }

    pub(super) async fn sweep(&self, now: Timestamp) -> (u64, u64) {
        let (ledger, retry_after) = (self.store.ledger(), Duration::from_secs(600));
        // Another worker's look: nobody sweeps away what is their own.
        let other = id(start());
        let swept = ledger
            .sweep(&system(), other, now, retry_after)
            .await
            .unwrap();
        self.sums_hold().await;
        (swept.unknown, swept.retried)
    }

    pub(super) async fn close(&self, now: Timestamp) -> Vec<RunId> {
        let closed = self.store.ledger().close(&system(), now).await.unwrap();
        self.sums_hold().await;
        closed
    }

    pub(super) async fn run(&self) -> Run {
        let found = look!(self.store, unit => unit.runs().find(&self.ann.view(), self.run));
        found.unwrap()
    }

    pub(super) async fn counts(&self) -> Counts {
        self.run().await.counts
    }

    /// The run as the engine sees it; none once it is final.
    pub(super) async fn open(&self) -> Option<OpenRun> {
        let open = self.store.ledger().open_runs(&system()).await.unwrap();
        open.into_iter().find(|run| run.id == self.run)
    }

    pub(super) async fn deliveries(&self) -> Vec<Delivery> {
        let filter = DeliveryFilter::default();
        let mut request = PageRequest::first(500);
        let mut all = Vec::new();
        loop {
            let view = self.ann.view();
            let page = look!(self.store, unit => {
                unit.runs().deliveries(&view, self.run, &filter, &request)
            });
            all.extend(page.items);
            match page.next {
                Some(next) => request = request.after(Some(next)),
                None => return all,
            }
        }
    }

    pub(super) async fn delivery(&self, number: u64) -> Delivery {
        let mut all = self.deliveries().await.into_iter();
        all.find(|delivery| delivery.number == number).unwrap()
    }

    /// The names of all states, by number.
    pub(super) async fn states(&self) -> Vec<&'static str> {
        let all = self.deliveries().await;
        all.iter().map(|delivery| delivery.state.name()).collect()
    }

    /// The sums add up and are those of the rows (DELIVERY 1.3).
    pub(super) async fn sums_hold(&self) {
        let kept = self.counts().await;
        assert!(kept.adds_up(), "{kept:?}");
        let states = self.states().await;
        let count = |names: &[&str]| states.iter().filter(|s| names.contains(s)).count() as u64;
        let counted = Counts {
            planned: states.len() as u64,
            delivered: count(&["delivered"]),
            failed: count(&["failed"]),
            suppressed: count(&["suppressed"]),
            cancelled: count(&["cancelled"]),
            unknown: count(&["unknown"]),
            pending: count(&["pending", "sending", "deferred"]),
        };
        assert_eq!(kept, counted, "{states:?}");
    }
}

/// Asks again while transactions meet: with several at the same time that is the caller's part.
pub(super) async fn insist<T, F>(ask: impl Fn() -> F) -> T
where
    F: Future<Output = Result<T, StoreError>>,
{
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(error) => assert!(error.is_passing(), "{error:?}"),
        }
    }
}

pub(super) fn numbers(claim: &Claim) -> Vec<u64> {
    claim.deliveries.iter().map(|row| row.number).collect()
}

/// A result of a claim: charged, with an attempt that got this reply.
pub(super) fn settled(
    claim: &Claim,
    number: u64,
    settlement: Settlement,
    reply: &Reply,
) -> Settled {
    Settled {
        run: claim.run,
        number,
        token: claim.token,
        settlement,
        charged: true,
        attempt: Some(attempt(start(), reply)),
    }
}

pub(super) fn delivered(claim: &Claim, number: u64) -> Settled {
    let ok = Reply::new(250, "2.0.0 queued as 1A2B");
    settled(claim, number, Settlement::Delivered, &ok)
}

pub(super) fn deferred(claim: &Claim, number: u64, retry_at: Timestamp) -> Settled {
    let cause = Cause::TryLater;
    let settlement = Settlement::Deferred { retry_at, cause };
    settled(claim, number, settlement, &refusal(451, "4.7.1 later"))
}

pub(super) fn failed(claim: &Claim, number: u64, cause: Cause) -> Settled {
    let settlement = Settlement::Failed {
        cause,
        suppress: None,
    };
    settled(
        claim,
        number,
        settlement,
        &refusal(550, "5.1.1 no such user"),
    )
}

pub(super) fn in_doubt(claim: &Claim, number: u64) -> Settled {
    let mut result = settled(claim, number, Settlement::Unknown, &refusal(250, ""));
    if let Some(attempt) = &mut result.attempt {
        attempt.reply = None;
        attempt.fault = Some("timeout".to_owned());
    }
    result
}

/// Not sent, nothing charged, no transaction took place.
pub(super) fn put_back(claim: &Claim, number: u64) -> Settled {
    Settled {
        run: claim.run,
        number,
        token: claim.token,
        settlement: Settlement::Pending,
        charged: false,
        attempt: None,
    }
}

/// As [`put_back`], until an instant.
pub(super) fn postponed(claim: &Claim, number: u64, until: Timestamp) -> Settled {
    Settled {
        settlement: Settlement::Postponed { until },
        ..put_back(claim, number)
    }
}

/// The same result under another token.
pub(super) fn with_token(mut result: Settled, token: Token) -> Settled {
    result.token = token;
    result
}

pub(super) fn refusal(code: u16, text: &str) -> Reply {
    Reply::new(code, text)
}

/// A transaction that got a reply: to the dot if it was accepted, to `RCPT` if not.
pub(super) fn attempt(at: Timestamp, reply: &Reply) -> Attempt {
    Attempt {
        at,
        stage: if reply.is_positive() {
            Stage::Dot
        } else {
            Stage::Rcpt
        },
        reply: Some(reply.clone()),
        fault: None,
    }
}
