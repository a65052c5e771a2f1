//! A mail server to which it takes long to connect.

use std::sync::Arc;

use async_trait::async_trait;
use mailing_core::ports::transport::{
    BuildError, Content, Envelope, Gate, MailLane, Outcome, PreparedMail,
};
use mailing_core::ports::{Clock as _, MailTransport};
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
    world.send_by(Arc::new(Slow(world.server.clone(), world.clock.clone())));
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

/// Each lane takes 20 s to connect, once.
struct Slow(ScriptedTransport, VirtualClock);

struct SlowLane {
    lane: Box<dyn MailLane>,
    clock: VirtualClock,
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
    async fn send(&mut self, envelope: &Envelope, message: &[u8], gate: Gate<'_>) -> Outcome {
        if !self.connected {
            let connected_at = self.clock.now() + chrono::Duration::seconds(20);
            self.clock.sleep_until(connected_at).await;
            self.connected = true;
        }
        self.lane.send(envelope, message, gate).await
    }

    async fn close(&mut self) {
        self.lane.close().await;
    }
}
