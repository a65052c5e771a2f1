//! A mail server to which it takes long to connect.

use std::sync::Arc;

use async_trait::async_trait;
use mailing_core::delivery::{DeliveryState, SuppressedBy};
use mailing_core::ports::transport::{
    BuildError, Content, Envelope, Gate, MailLane, MailMessage, Outcome, PreparedMail,
};
use mailing_core::ports::{Clock as _, MailTransport};
use mailing_core::recipient::SuppressionReason;
use mailing_core::run::RunState;
use mailing_core::testing::builders::{mailing, suppression};
use mailing_core::testing::{ScriptedTransport, VirtualClock};

use crate::world::{World, at};

#[tokio::test]
async fn who_is_suppressed_while_the_connection_is_made_is_not_sent_to() {
    let mut world = World::new().await;
    world.crowd(3).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.send_by(Arc::new(Slow::by(&world, 20)));
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(10);
    suppression()
        .of(&world.owner)
        .address("r1@example.org")
        .saved(world.store.as_ref())
        .await;
    world.seconds(120);
    assert_eq!(world.server.reached(), ["r2@example.org", "r3@example.org"]);
    let run = world.run().await;
    assert_eq!(run.state, RunState::Completed);
    assert_eq!((run.counts.delivered, run.counts.suppressed), (2, 1));
    world.check().await;
}

#[tokio::test]
async fn who_is_barred_before_mail_is_settled_so_by_the_lane_that_has_it() {
    let mut world = World::new().await;
    world.crowd(2).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.send_by(Arc::new(Slow::by(&world, 4)));
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    let owner = &world.owner.actor;
    let elsewhere = world.elsewhere();
    elsewhere
        .suppressions
        .add(owner, "r1@example.org")
        .await
        .unwrap();
    world.seconds(10);
    assert_eq!(world.server.reached(), ["r2@example.org"]);
    let run = world.run().await;
    let by = SuppressedBy::Suppression(SuppressionReason::Manual);
    let first = &world.deliveries(run.id).await[0];
    assert_eq!(first.state, DeliveryState::Suppressed { by });
    assert_eq!(first.attempts, 0, "no transaction took place");
    world.check().await;
}

/// Each lane takes so many seconds to connect, once.
struct Slow(ScriptedTransport, VirtualClock, i64);

impl Slow {
    fn by(world: &World, seconds: i64) -> Self {
        Self(world.server.clone(), world.clock.clone(), seconds)
    }
}

struct SlowLane {
    lane: Box<dyn MailLane>,
    clock: VirtualClock,
    takes: i64,
    connected: bool,
}

impl MailTransport for Slow {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        self.0.prepare(content)
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(SlowLane {
            lane: self.0.lane(),
            clock: self.1.clone(),
            takes: self.2,
            connected: false,
        })
    }

    fn lanes(&self) -> usize {
        self.0.lanes()
    }

    fn server(&self) -> String {
        self.0.server()
    }
}

#[async_trait]
impl MailLane for SlowLane {
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        if !self.connected {
            let connected_at = self.clock.now() + chrono::Duration::seconds(self.takes);
            self.clock.sleep_until(connected_at).await;
            self.connected = true;
        }
        self.lane.send(envelope, message, gate).await
    }

    async fn close(&mut self) {
        self.lane.close().await;
    }
}
