//! Why an address did or did not get a run.

use std::time::Duration;

use chrono::TimeDelta;
use mailing_core::delivery::{Attempt, Cause, NextStep, Reply, Stage, SuppressedBy};
use mailing_core::id::RunId;
use mailing_core::mailing::Mailing;
use mailing_core::ports::store::{Claim, RunControl, Settled, Settlement, Want};
use mailing_core::recipient::SuppressionReason;
use mailing_core::run::{CancelReason, PauseReason};
use mailing_core::services::{Absence, Explanation, Fate, Hindrance};
use mailing_core::testing::builders::{
    self, address, crowd, id, mailing, recipient, run, start, suppression,
};
use mailing_core::testing::system;

use super::refusal;
use super::scene::Scene;

/// A running run to `r1`…`r3`.
struct Sent {
    scene: Scene,
    mailing: Mailing,
    run: RunId,
}

impl Sent {
    async fn new() -> Self {
        let scene = Scene::new().await;
        crowd(scene.store(), &scene.ann, 3).await;
        let mailing = mailing().of(&scene.ann).saved(scene.store()).await;
        let run = run()
            .at(start())
            .running(scene.store(), &scene.ann, &mailing)
            .await;
        Self {
            scene,
            mailing,
            run,
        }
    }

    async fn exchange(&self, results: &[Settled], max: u32) -> Vec<Claim> {
        let wants = [Want { run: self.run, max }];
        let (ledger, lease) = (self.scene.store().ledger(), Duration::from_secs(60));
        let worker = id(start());
        let scope = system();
        let exchanged = ledger.exchange(&scope, worker, results, &wants, start(), lease);
        exchanged.await.unwrap().claims
    }

    /// Claims `r1` and ends it so.
    async fn settle(&self, settlement: Settlement, charged: bool, attempt: Option<Attempt>) {
        let claim = self.exchange(&[], 1).await.remove(0);
        let settled = Settled {
            run: self.run,
            number: claim.deliveries[0].number,
            token: claim.token,
            settlement,
            charged,
            attempt,
        };
        self.exchange(&[settled], 0).await;
    }

    /// The same with what the server said.
    async fn answered(&self, settlement: Settlement, stage: Stage, code: u16, text: &str) {
        let reply = Some(Reply::new(code, text));
        self.settle(settlement, true, Some(attempt(stage, reply)))
            .await;
    }

    async fn control(&self, control: RunControl) {
        let mut unit = self.scene.store().write().await.unwrap();
        let edit = self.scene.ann.edit();
        let mailings = unit.mailings();
        let moved = mailings.control_runs(&edit, self.mailing.id, control, start());
        assert_eq!(moved.await.unwrap(), 1);
        unit.commit().await.unwrap();
    }

    async fn explain(&self, email: &str) -> Explanation {
        let deliveries = &self.scene.services.deliveries;
        let actor = &self.scene.ann.actor;
        deliveries.explain(actor, self.run, email).await.unwrap()
    }

    /// What became of `r1`, and what comes next.
    async fn first(&self) -> (Fate, NextStep) {
        let told = self.explain("R1@example.org").await;
        assert_eq!((told.run.id, told.number), (self.run, Some(1)));
        (told.fate, told.next)
    }
}

fn attempt(stage: Stage, reply: Option<Reply>) -> Attempt {
    let fault = reply.is_none().then(|| "timeout".to_owned());
    Attempt {
        at: start(),
        stage,
        reply,
        fault,
    }
}

const fn failed(cause: Cause) -> Settlement {
    Settlement::Failed {
        cause,
        suppress: None,
    }
}

#[tokio::test]
async fn what_was_taken_says_when_and_by_which_answer() {
    let sent = Sent::new().await;
    let ok = "2.0.0 Ok: queued as 1A2B";
    sent.answered(Settlement::Delivered, Stage::Dot, 250, ok)
        .await;
    let told = sent.explain("r1@example.org").await;
    assert_eq!(told.fate, Fate::Delivered { at: Some(start()) });
    assert_eq!((told.next, told.attempts), (NextStep::Nothing, 1));
    let reply = told.last.unwrap().reply.unwrap();
    assert_eq!(reply.to_string(), "250 2.0.0 Ok: queued as 1A2B");
}

#[tokio::test]
async fn a_refusal_has_its_cause_and_what_to_do() {
    let sent = Sent::new().await;
    let full = "5.7.1 Spam message rejected";
    sent.answered(failed(Cause::Content), Stage::Dot, 550, full)
        .await;
    let fate = Fate::Failed {
        cause: Cause::Content,
        gave_up: false,
    };
    assert_eq!(sent.first().await, (fate, NextStep::ChangeContent));
}

#[tokio::test]
async fn what_was_given_up_has_the_cause_of_the_last_refusal() {
    let cases = [
        (
            Some(Reply::new(452, "4.2.2 full")),
            Cause::MailboxFull,
            NextStep::FreeSpace,
        ),
        (None, Cause::ConnectionLost, NextStep::SendAgain),
    ];
    for (reply, cause, next) in cases {
        let sent = Sent::new().await;
        let last = attempt(Stage::Rcpt, reply);
        sent.settle(failed(Cause::GaveUp), true, Some(last)).await;
        let gave_up = true;
        assert_eq!(sent.first().await, (Fate::Failed { cause, gave_up }, next));
    }
    let sent = Sent::new().await;
    sent.settle(failed(Cause::GaveUp), true, None).await;
    assert_eq!(sent.first().await.1, NextStep::ReadReply);
}

#[tokio::test]
async fn an_address_is_said_to_be_on_the_list_only_when_it_is() {
    for (suppress, next) in [
        (Some(id(start())), NextStep::Suppressed),
        (None, NextStep::CheckAddress),
    ] {
        let sent = Sent::new().await;
        let cause = Cause::NoSuchMailbox;
        let settlement = Settlement::Failed { cause, suppress };
        sent.answered(settlement, Stage::Rcpt, 550, "5.1.1 who?")
            .await;
        assert_eq!(sent.first().await.1, next);
    }
}

#[tokio::test]
async fn what_is_deferred_says_when_and_which_try_of_how_many() {
    let retry_at = start() + TimeDelta::minutes(5);
    for (cause, tries, next) in [
        (Cause::TryLater, 6, NextStep::Wait),
        (Cause::MailboxFull, 3, NextStep::FreeSpace),
        (Cause::BlockListed, 6, NextStep::Delist),
    ] {
        let sent = Sent::new().await;
        let settlement = Settlement::Deferred { retry_at, cause };
        sent.answered(settlement, Stage::Rcpt, 450, "later").await;
        let fate = Fate::Deferred {
            cause,
            retry_at,
            try_number: 2,
            tries,
        };
        assert_eq!(sent.first().await, (fate, next));
    }
}

#[tokio::test]
async fn a_doubt_says_since_when_and_asks_for_a_decision() {
    let sent = Sent::new().await;
    let lost = attempt(Stage::Dot, None);
    sent.settle(Settlement::Unknown, true, Some(lost)).await;
    let told = sent.explain("r1@example.org").await;
    assert_eq!(told.fate, Fate::Unknown { at: Some(start()) });
    assert_eq!(told.next, NextStep::Decide);
    assert_eq!(told.last.unwrap().fault.as_deref(), Some("timeout"));
}

#[tokio::test]
async fn what_waits_says_for_what() {
    let waits = |hindrance| Fate::Waiting { hindrance };
    let sent = Sent::new().await;
    let first = sent.first().await;
    assert_eq!(first, (waits(Hindrance::Turn), NextStep::Wait));

    let sent = Sent::new().await;
    let away = attempt(Stage::Connect, None);
    sent.settle(Settlement::Pending, false, Some(away)).await;
    let first = sent.first().await;
    assert_eq!(first, (waits(Hindrance::Server), NextStep::Wait));

    for (reason, next) in [
        (PauseReason::Owner, NextStep::Resume),
        (PauseReason::Manager, NextStep::AskManager),
        (PauseReason::Blocked, NextStep::AskManager),
        (PauseReason::Sender, NextStep::CheckSender),
        (PauseReason::TooLarge, NextStep::Shrink),
        (PauseReason::Authentication, NextStep::CheckMailServer),
    ] {
        let sent = Sent::new().await;
        sent.control(RunControl::Hold(reason)).await;
        let held = waits(Hindrance::Held(reason));
        assert_eq!(sent.first().await, (held, next));
    }
    let sent = Sent::new().await;
    sent.exchange(&[], 1).await;
    assert_eq!(sent.first().await, (Fate::Sending, NextStep::Wait));
}

#[tokio::test]
async fn what_was_stopped_says_why_before_and_after_the_end() {
    let reason = CancelReason::FinishedEarly;
    let sent = Sent::new().await;
    sent.control(RunControl::End(reason)).await;
    let hindrance = Hindrance::Stopping(reason);
    let first = sent.first().await;
    assert_eq!(first, (Fate::Waiting { hindrance }, NextStep::Nothing));
    let ledger = sent.scene.store().ledger();
    ledger.close(&system(), start()).await.unwrap();
    let fate = Fate::Cancelled {
        reason: Some(reason),
        at: Some(start()),
    };
    assert_eq!(sent.first().await, (fate, NextStep::Nothing));
}

#[tokio::test]
async fn who_is_suppressed_hears_why_and_since_when() {
    for (reason, next) in [
        (SuppressionReason::Manual, NextStep::TakeOffList),
        (SuppressionReason::Unsubscribed, NextStep::OnlyRecipient),
        (SuppressionReason::Complaint, NextStep::OnlyRecipient),
        (SuppressionReason::HardBounce, NextStep::OtherAddress),
    ] {
        let scene = Scene::new().await;
        let (store, ann) = (scene.store(), &scene.ann);
        crowd(store, ann, 1).await;
        let entry = suppression().of(ann).address("r1@example.org");
        let entry = entry.because(reason).saved(store).await;
        let mailing = mailing().of(ann).saved(store).await;
        let run = run().at(start()).running(store, ann, &mailing).await;
        let sent = Sent {
            scene,
            mailing,
            run,
        };
        let fate = Fate::Suppressed {
            by: SuppressedBy::Suppression(reason),
            since: Some(entry.created_at),
        };
        assert_eq!(sent.first().await, (fate, next), "{reason}");
    }
}

#[tokio::test]
async fn who_is_not_in_the_run_hears_why() {
    let sent = Sent::new().await;
    let (store, ann) = (sent.scene.store(), &sent.scene.ann);
    let later = start() + TimeDelta::hours(1);
    let gone = recipient().of(ann).at("gone@example.org").added(later);
    let gone = gone.saved(store).await;
    let late = recipient().of(ann).at("late@example.org").added(later);
    late.saved(store).await;
    let outside = recipient().of(ann).at("outside@example.org");
    outside
        .added(start() - TimeDelta::hours(1))
        .saved(store)
        .await;
    let mut unit = store.write().await.unwrap();
    let edit = ann.edit();
    let deleted = unit.recipients().delete(&edit, gone.id, later);
    assert!(deleted.await.unwrap());
    unit.commit().await.unwrap();
    for (email, absence, next) in [
        ("gone@example.org", Absence::Deleted, NextStep::Restore),
        (
            "late@example.org",
            Absence::AddedLater { at: later },
            NextStep::NextRun,
        ),
        (
            "outside@example.org",
            Absence::NotInAudience,
            NextStep::AddToAudience,
        ),
    ] {
        let told = sent.explain(email).await;
        assert_eq!(told.fate, Fate::Absent { absence }, "{email}");
        assert_eq!((told.next, told.number), (next, None), "{email}");
        assert_eq!(told.address, address(email));
    }
}

#[tokio::test]
async fn before_the_freeze_nobody_is_in_the_run_yet() {
    let scene = Scene::new().await;
    let (store, ann) = (scene.store(), &scene.ann);
    crowd(store, ann, 1).await;
    let planned = mailing().of(ann).saved(store).await;
    let due = run().at(start()).due(store, ann, &planned).await;
    let deliveries = &scene.services.deliveries;
    let ask = || deliveries.explain(&ann.actor, due, "r1@example.org");
    let absent = |absence| Fate::Absent { absence };
    let told = ask().await.unwrap();
    assert_eq!(told.fate, absent(Absence::NotFrozen));
    let ledger = store.ledger();
    let stopped = CancelReason::WindowClosed;
    let ended = ledger.end(&system(), due, Ok(stopped), start()).await;
    assert!(ended.unwrap());
    let told = ask().await.unwrap();
    assert_eq!(told.fate, absent(Absence::Stopped(stopped)));
    assert_eq!(told.next, NextStep::SendAgain);
}

#[tokio::test]
async fn an_address_that_is_nobodys_or_anothers_is_not_found() {
    let sent = Sent::new().await;
    let bob = builders::owner().saved(sent.scene.store()).await;
    let theirs = recipient().of(&bob).at("eve@example.org");
    theirs.saved(sent.scene.store()).await;
    let deliveries = &sent.scene.services.deliveries;
    let ann = &sent.scene.ann.actor;
    for email in ["nobody@example.org", "eve@example.org"] {
        let answer = deliveries.explain(ann, sent.run, email).await;
        assert_eq!(refusal(answer), "not_found", "{email}");
    }
    let answer = deliveries.explain(ann, sent.run, "nobody").await;
    assert_eq!(refusal(answer), "address address.no_at");
}

#[tokio::test]
async fn the_newest_run_of_a_mailing_is_explained_without_its_id() {
    let sent = Sent::new().await;
    let deliveries = &sent.scene.services.deliveries;
    let ann = &sent.scene.ann.actor;
    let newest = deliveries
        .explain_newest(ann, sent.mailing.id, "r2@example.org")
        .await;
    assert_eq!(newest.unwrap(), sent.explain("r2@example.org").await);
    let idle = mailing().of(&sent.scene.ann).draft();
    let idle = idle.saved(sent.scene.store()).await;
    let none = deliveries
        .explain_newest(ann, idle.id, "r2@example.org")
        .await;
    assert_eq!(refusal(none), "not_found");
}
