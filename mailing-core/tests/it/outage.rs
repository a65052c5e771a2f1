//! Mail servers that refuse, fail and come back.

use std::sync::Arc;
use std::time::Duration;

use mailing_core::delivery::{Cause, DeliveryState, Stage};
use mailing_core::engine::ServerState;
use mailing_core::ports::MailTransport;
use mailing_core::ports::transport::{
    BuildError, Content, Fault, MailLane, MailMessage, Outcome, Personal, PreparedMail,
};
use mailing_core::run::{PauseReason, RunOutcome, RunState};
use mailing_core::testing::ScriptedTransport;
use mailing_core::testing::builders::{mailing, owner, recipient};
use mailing_core::testing::transport::{refused, reply};

use crate::world::{World, at, everybody};

const NOON: &str = "2026-03-02T12:00:00Z";

fn unreachable() -> Outcome {
    Outcome::Broken {
        stage: Stage::Connect,
        fault: Fault::Unreachable,
    }
}

fn accepted() -> Outcome {
    Outcome::Accepted(reply(250, "2.0.0 Ok"))
}

/// A world with a daily mailing at noon to so many.
async fn daily_to(size: usize) -> World {
    let mut world = World::new().await;
    world.crowd(size).await;
    mailing()
        .of(&world.owner)
        .daily("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.start();
    world
}

fn address(number: usize) -> String {
    format!("r{number}@example.org")
}

#[tokio::test]
async fn half_refused_for_now_some_for_good_and_the_server_gone_for_a_minute() {
    let mut world = daily_to(40).await;
    for number in 1..=20 {
        world.server.answer(
            &address(number),
            [refused(Stage::Rcpt, 451, "4.2.0 try later")],
        );
    }
    for number in 36..=40 {
        world
            .server
            .answer(&address(number), [refused(Stage::Rcpt, 550, "5.1.1 who?")]);
    }
    // Gone after twenty messages, for more than a minute.
    for nth in 21..=26 {
        world.server.answer_nth(nth, unreachable());
    }
    world.leap_to(at(NOON));
    world.seconds(30);
    let ServerState::Away { why, .. } = world.status(0).server.state else {
        panic!("{:?}", world.status(0));
    };
    assert_eq!(why, "unreachable");
    let run = world.run().await;
    assert_eq!(run.last_reply.as_deref(), Some("unreachable"));
    assert_eq!(run.state, RunState::Running);
    world.check().await;

    world.pass(Duration::from_secs(3_600));
    assert_eq!(world.server.reached(), {
        let mut all: Vec<_> = (1..=35).map(address).collect();
        all.sort_unstable();
        all
    });
    let run = world.run().await;
    assert_eq!(
        (run.state, run.outcome()),
        (RunState::Completed, Some(RunOutcome::Partly))
    );
    assert_eq!(
        (run.counts.planned, run.counts.delivered, run.counts.failed),
        (40, 35, 5)
    );
    for delivery in world.deliveries(run.id).await {
        // The outage cost nobody a try.
        let expected = if delivery.number <= 20 { 2 } else { 1 };
        assert_eq!(delivery.tries, expected, "{delivery:?}");
    }
    world.check().await;
}

#[tokio::test]
async fn nothing_begins_while_the_server_is_left_alone_and_one_message_tries_it() {
    let mut world = daily_to(30).await;
    world.server.answer_all(unreachable());
    world.leap_to(at(NOON));
    world.seconds(20);
    assert_eq!(world.server.begun(), 5);
    world.seconds(8);
    assert_eq!(world.server.begun(), 5, "left alone for 30 s");
    world.seconds(30);
    assert_eq!(world.server.begun(), 6, "one message tries");
    world.server.answer_all(accepted());
    world.seconds(70);
    assert_eq!(world.server.reached(), everybody(30));
    world.check().await;
}

#[tokio::test]
async fn who_always_answers_later_is_given_up_after_six_tries() {
    let mut world = daily_to(2).await;
    world
        .server
        .answer("r1@example.org", vec![refused(Stage::Rcpt, 451, "busy"); 9]);
    world.leap_to(at(NOON));
    let day = at("2026-03-03T11:59:00Z");
    while let Some(next) = next_try(&world).await.filter(|next| *next < day) {
        world.leap_to(next);
    }
    let run = world.run().await;
    let deliveries = world.deliveries(run.id).await;
    let given_up = &deliveries[0];
    assert_eq!(
        given_up.state,
        DeliveryState::Failed {
            cause: Cause::GaveUp
        }
    );
    assert_eq!((given_up.tries, given_up.attempts), (6, 6));
    assert_eq!(run.outcome(), Some(RunOutcome::Partly));
    world.check().await;
}

async fn next_try(world: &World) -> Option<mailing_core::time::Timestamp> {
    let run = world.runs().await.remove(0);
    world
        .deliveries(run.id)
        .await
        .iter()
        .find_map(|delivery| match delivery.state {
            DeliveryState::Deferred { retry_at, .. } => Some(retry_at),
            _ => None,
        })
}

#[tokio::test]
async fn who_does_not_exist_is_not_tried_again_but_who_is_refused_by_policy_is() {
    let mut world = daily_to(3).await;
    world
        .server
        .answer("r1@example.org", [refused(Stage::Rcpt, 550, "5.1.1 who?")]);
    world.server.answer(
        "r2@example.org",
        [refused(Stage::Rcpt, 550, "5.7.1 blocked")],
    );
    world.leap_to(at(NOON));
    let run = world.run().await;
    let states: Vec<_> = world
        .deliveries(run.id)
        .await
        .into_iter()
        .map(|delivery| delivery.state)
        .collect();
    assert_eq!(
        states,
        [
            DeliveryState::Failed {
                cause: Cause::NoSuchMailbox
            },
            DeliveryState::Failed {
                cause: Cause::Policy
            },
            DeliveryState::Delivered,
        ]
    );
    world.leap_to(at("2026-03-03T12:00:00Z"));
    let counts = world.runs().await[1].counts;
    assert_eq!((counts.delivered, counts.suppressed), (2, 1));
    world.check().await;
}

#[tokio::test]
async fn refused_credentials_hold_the_run_after_one_try_until_a_restart() {
    let mut world = daily_to(20).await;
    world
        .server
        .answer_all(refused(Stage::Auth, 535, "5.7.8 wrong password"));
    world.leap_to(at(NOON));
    world.seconds(120);
    assert_eq!(world.server.begun(), 1, "no lock-out");
    let run = world.run().await;
    assert_eq!(
        run.state,
        RunState::Paused {
            reason: PauseReason::Authentication
        }
    );
    assert_eq!(run.last_reply.as_deref(), Some("535 5.7.8 wrong password"));
    assert_eq!(run.counts.pending, 20);

    // The operator mends the configuration and starts the service again.
    world.stopper(0).drain();
    world.settle();
    world.server.answer_all(accepted());
    world.start();
    world.seconds(2);
    assert_eq!(world.server.reached(), everybody(20));
    world.check().await;
}

#[tokio::test]
async fn a_refused_sender_holds_its_own_run_alone() {
    let mut world = World::new().await;
    let other = owner().saved(world.store.as_ref()).await;
    recipient()
        .of(&other)
        .at("eve@example.org")
        .saved(world.store.as_ref())
        .await;
    mailing()
        .of(&other)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.crowd(10).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.start();
    for number in 1..=10 {
        world.server.answer(
            &address(number),
            [refused(Stage::Mail, 550, "5.1.8 not you")],
        );
    }
    world.leap_to(at(NOON));
    world.seconds(5);
    assert_eq!(world.server.reached(), ["eve@example.org"]);
    assert!(world.server.begun() <= 4, "not tried with every recipient");
    let run = world.run().await;
    assert_eq!(
        run.state,
        RunState::Paused {
            reason: PauseReason::Sender
        }
    );
    assert_eq!((run.counts.pending, run.counts.failed), (10, 0));
    world.check().await;
}

#[tokio::test]
async fn one_poisonous_message_does_not_hold_up_its_run() {
    let mut world = daily_to(10).await;
    let cut = Outcome::Broken {
        stage: Stage::Data,
        fault: Fault::Closed,
    };
    world.server.answer("r1@example.org", vec![cut; 99]);
    world.leap_to(at(NOON));
    world.pass(Duration::from_secs(12 * 3_600));
    let run = world.run().await;
    assert_eq!(
        (run.counts.delivered, run.counts.failed, run.counts.pending),
        (9, 1, 0)
    );
    world.check().await;
}

#[tokio::test]
async fn a_message_that_cannot_be_built_fails_alone() {
    let mut world = World::new().await;
    world.crowd(4).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.send_by(Arc::new(Fragile(world.server.clone())));
    world.start();
    world.leap_to(at(NOON));
    let run = world.run().await;
    let states: Vec<_> = world
        .deliveries(run.id)
        .await
        .into_iter()
        .map(|delivery| delivery.state)
        .collect();
    let not_built = DeliveryState::Failed {
        cause: Cause::NotBuilt,
    };
    let delivered = DeliveryState::Delivered;
    assert_eq!(states, [not_built, not_built, delivered, delivered]);
    world.check().await;
}

/// A transport whose builder refuses the first recipient and panics at the second.
struct Fragile(ScriptedTransport);

struct FragileMail(Arc<dyn PreparedMail>);

impl MailTransport for Fragile {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        Ok(Arc::new(FragileMail(self.0.prepare(content)?)))
    }

    fn lane(&self) -> Box<dyn MailLane> {
        self.0.lane()
    }

    fn lanes(&self) -> usize {
        self.0.lanes()
    }

    fn server(&self) -> String {
        self.0.server()
    }
}

impl PreparedMail for FragileMail {
    fn build(&self, personal: &Personal) -> Result<MailMessage, BuildError> {
        match personal.to.address.as_str() {
            "r1@example.org" => Err(BuildError("too long".into())),
            "r2@example.org" => panic!("a line end in a name"),
            _ => self.0.build(personal),
        }
    }
}

#[tokio::test]
async fn a_day_without_the_server_uses_up_nobodys_time() {
    let mut world = daily_to(5).await;
    world.server.answer_all(unreachable());
    world.leap_to(at(NOON));
    world.pass(Duration::from_secs(25 * 3_600));
    for number in 1..=5 {
        let later = refused(Stage::Rcpt, 451, "4.2.0 try later");
        world.server.answer(&address(number), [later]);
    }
    world.server.answer_all(accepted());
    world.pass(Duration::from_secs(2 * 3_600));
    let first = world.runs().await.remove(0);
    assert_eq!(
        first.outcome(),
        Some(RunOutcome::Success),
        "{:?}",
        first.counts
    );
    world.check().await;
}
