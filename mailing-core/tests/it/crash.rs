//! Workers that die or are stopped in full flow.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use mailing_core::delivery::{DeliveryState, Stage};
use mailing_core::ports::MailTransport;
use mailing_core::ports::transport::{
    BuildError, Content, Envelope, Gate, MailLane, MailMessage, Outcome, PreparedMail,
};
use mailing_core::run::RunState;
use mailing_core::testing::ScriptedTransport;
use mailing_core::testing::builders::mailing;

use crate::world::{World, at, everybody};

const SIZE: usize = 40;

/// A run of 40 with two messages in dialogue and a few claimed.
async fn in_full_flow() -> World {
    let mut world = World::new().await;
    world.crowd(SIZE).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.settings.in_flight = 8;
    world.start();
    world.warm_up().await;
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert_eq!(world.server.begun(), 2);
    world
}

#[tokio::test]
async fn a_killed_worker_leaves_doubts_and_loses_nobody() {
    let mut world = in_full_flow().await;
    world.kill(0);
    world.server.release();
    world.start();
    world.seconds(60);
    assert_eq!(world.run().await.counts.unknown, 0, "the lease still holds");
    world.seconds(120);
    let run = world.run().await;
    assert_eq!(run.state, RunState::Completed);
    assert_eq!(
        (run.counts.delivered, run.counts.unknown),
        (32, 8),
        "what was claimed is in doubt"
    );
    let reached = world.server.reached();
    let once: BTreeSet<_> = reached.iter().collect();
    assert_eq!((reached.len(), once.len()), (32, 32), "nobody twice");
    world.check().await;
}

#[tokio::test]
async fn draining_ends_what_is_in_dialogue_and_puts_the_rest_back() {
    let mut world = in_full_flow().await;
    world.stopper(0).drain();
    world.seconds(10);
    assert!(!world.is_over(0), "two messages wait for their answer");
    world.server.release();
    world.settle();
    assert!(world.is_over(0));
    assert_eq!((world.server.begun(), world.server.closed_lanes()), (2, 2));
    let counts = world.run().await.counts;
    assert_eq!(
        (counts.delivered, counts.pending, counts.unknown),
        (2, 38, 0)
    );
    world.check().await;

    world.start();
    world.seconds(2);
    assert_eq!(world.server.reached(), everybody(SIZE));
    world.check().await;
}

#[tokio::test]
async fn a_silent_server_cannot_hold_up_the_end() {
    let mut world = in_full_flow().await;
    world.stopper(0).drain();
    world.seconds(29);
    assert!(!world.is_over(0));
    world.seconds(2);
    assert!(world.is_over(0));
    let run = world.run().await;
    assert_eq!((run.counts.unknown, run.counts.pending), (2, 38));
    let doubts: Vec<_> = world
        .deliveries(run.id)
        .await
        .into_iter()
        .filter(|delivery| delivery.state == DeliveryState::Unknown)
        .collect();
    let last = doubts[0].last.as_ref().unwrap();
    assert_eq!(last.stage, Stage::Dot);
    assert_eq!(
        last.fault.as_deref(),
        Some("stopped while waiting for an answer")
    );
    world.check().await;
}

#[tokio::test]
async fn the_second_signal_ends_at_once() {
    let mut world = in_full_flow().await;
    world.stopper(0).drain();
    world.settle();
    world.stopper(0).cut();
    world.settle();
    assert!(world.is_over(0));
    assert_eq!(world.run().await.counts.unknown, 2);
    world.check().await;
}

#[tokio::test]
async fn a_panic_in_a_lane_leaves_one_doubt_and_the_lanes_go_on() {
    let mut world = World::new().await;
    world.crowd(SIZE).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.send_by(Arc::new(Panicking(world.server.clone())));
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    let run = world.run().await;
    assert_eq!(
        (run.counts.delivered, run.counts.unknown),
        (SIZE as u64 - 1, 1)
    );
    let doubt = world.deliveries(run.id).await.remove(4);
    assert_eq!(doubt.last.unwrap().fault.as_deref(), Some("panic"));
    world.check().await;
}

/// A transport that panics in the dialogue for `r5`.
struct Panicking(ScriptedTransport);

struct PanickingLane(Box<dyn MailLane>);

impl MailTransport for Panicking {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        self.0.prepare(content)
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(PanickingLane(self.0.lane()))
    }

    fn lanes(&self) -> usize {
        self.0.lanes()
    }

    fn server(&self) -> String {
        self.0.server()
    }
}

#[async_trait]
impl MailLane for PanickingLane {
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        let is_open = gate();
        assert!(
            !is_open || envelope.to.as_str() != "r5@example.org",
            "a fault in the lane"
        );
        self.0.send(envelope, message, gate).await
    }

    async fn close(&mut self) {
        self.0.close().await;
    }
}

#[tokio::test]
async fn lanes_that_broke_down_in_a_dialogue_do_not_keep_the_rest_from_ending() {
    let mut world = World::new().await;
    world.crowd(SIZE).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    let (lanes, rest) = world.start_apart();
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert_eq!(world.server.begun(), 1);
    world.kill(lanes);
    world.stopper(rest).drain();
    world.seconds(40);
    assert!(world.is_over(rest));
}

#[tokio::test]
async fn an_idle_worker_drains_at_once() {
    let mut world = World::new().await;
    world.start();
    world.stopper(0).drain();
    world.settle();
    assert!(world.is_over(0));
}

#[tokio::test]
async fn a_long_wait_for_the_answer_keeps_its_lease() {
    let mut world = in_full_flow().await;
    // Nine minutes after the dot, as RFC 5321 allows.
    world.seconds(9 * 60);
    world.server.release();
    world.seconds(2);
    assert_eq!(world.server.reached(), everybody(SIZE));
    assert_eq!(world.run().await.counts.unknown, 0);
    world.check().await;
}
