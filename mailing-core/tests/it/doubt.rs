//! Endings in doubt: the connection broke after the final dot.

use std::time::Duration;

use mailing_core::delivery::DeliveryState;
use mailing_core::ports::transport::{Fault, Outcome};
use mailing_core::run::{RunOutcome, RunState};
use mailing_core::testing::builders::{MailingBuilder, mailing};

use crate::world::{World, at, everybody};

/// A run of five in which the answer to `r1` gets lost so many times.
async fn doubted(planned: MailingBuilder, times: usize) -> World {
    let mut world = World::new().await;
    world.crowd(5).await;
    planned.of(&world.owner).saved(world.store.as_ref()).await;
    let doubt = Outcome::Ambiguous {
        fault: Fault::Timeout,
    };
    world.server.answer("r1@example.org", vec![doubt; times]);
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(10);
    world
}

/// How often the message to `r1` was begun.
fn begun(world: &World) -> usize {
    let tried = world.server.tried();
    tried
        .iter()
        .filter(|mail| mail.envelope.to.as_str() == "r1@example.org")
        .count()
}

#[tokio::test]
async fn a_doubt_is_left_and_said() {
    let mut world = doubted(mailing(), 1).await;
    let run = world.run().await;
    assert_eq!(
        (run.state, run.outcome()),
        (RunState::Completed, Some(RunOutcome::Partly))
    );
    assert_eq!((run.counts.delivered, run.counts.unknown), (4, 1));
    assert_eq!(
        world.deliveries(run.id).await[0].state,
        DeliveryState::Unknown
    );
    world.pass(Duration::from_secs(3 * 3_600));
    assert_eq!(begun(&world), 1, "never sent again by itself");
    world.check().await;
}

#[tokio::test]
async fn with_the_policy_retry_it_is_sent_once_more_after_ten_minutes() {
    let mut world = doubted(mailing().retrying_doubts(), 1).await;
    assert_eq!(world.run().await.state, RunState::Running);
    world.seconds(9 * 60);
    assert_eq!(begun(&world), 1);
    world.seconds(2 * 60);
    assert_eq!(begun(&world), 2);
    let ids: Vec<_> = world
        .server
        .tried()
        .into_iter()
        .filter(|mail| mail.envelope.to.as_str() == "r1@example.org")
        .map(|mail| mail.header("Message-ID").unwrap().to_owned())
        .collect();
    assert_eq!(
        ids[0], ids[1],
        "receivers may drop the second by its Message-ID"
    );
    assert_eq!(world.server.reached(), everybody(5));
    assert_eq!(world.run().await.outcome(), Some(RunOutcome::Success));
    world.check().await;
}

#[tokio::test]
async fn a_second_doubt_stays_whatever_the_policy() {
    let mut world = doubted(mailing().retrying_doubts(), 9).await;
    world.pass(Duration::from_secs(3 * 3_600));
    assert_eq!(begun(&world), 2);
    let run = world.run().await;
    assert_eq!((run.state, run.counts.unknown), (RunState::Completed, 1));
    world.check().await;
}
