//! One owner's thousands do not delay another's ten.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use mailing_core::ports::transport::{
    BuildError, Content, Envelope, Gate, MailLane, MailMessage, Outcome, PreparedMail,
};
use mailing_core::ports::{Clock as _, MailTransport};
use mailing_core::rate::RateKey;
use mailing_core::run::RunState;
use mailing_core::testing::builders::{Owner, mailing, owner, recipient};
use mailing_core::testing::{ScriptedTransport, VirtualClock};

use crate::world::{World, at};

/// When the other owner's ten are due, while the thousands are on their way.
const TEN: &str = "2026-03-02T12:01:00Z";
/// The most that the ten may be late.
const LATE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_small_run_passes_a_large_one_of_another_owner() {
    let mut world = World::with(ScriptedTransport::accepting().with_lanes(1)).await;
    world.crowd(600).await;
    planned(&world, &world.owner, "2026-03-02T12:00").await;
    ten(&world, "2026-03-02T12:00").await;
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(2);
    let order = world.server.accepted();
    assert_eq!(order.len(), 610);
    let last = order
        .iter()
        .rposition(|mail| mail.envelope.to.as_str().starts_with("ten"))
        .unwrap();
    assert!(last < 40, "the last of the ten came as number {last}");
    assert_eq!(world.run().await.state, RunState::Completed);
    world.check().await;
}

#[tokio::test]
async fn two_hundred_thousand_do_not_delay_ten() {
    let mut world = World::with(ScriptedTransport::accepting().with_lanes(4)).await;
    world.crowd(200_000).await;
    planned(&world, &world.owner, "2026-03-02T12:00").await;
    ten(&world, "2026-03-02T12:01").await;
    let server = "100 per second".parse().unwrap();
    world.settings.rates.insert(RateKey::Server, server);
    world.start();
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert!(until_ten(&mut world) <= LATE);
    assert!(
        world.server.begun() > 5_000,
        "the thousands are on their way"
    );
}

#[tokio::test]
async fn a_slow_server_full_of_one_owners_mail_takes_anothers_ten() {
    let mut world = World::new().await;
    let slow = Slow(
        ScriptedTransport::accepting().with_lanes(4),
        world.clock.clone(),
    );
    world.server = slow.0.clone();
    world.send_by(Arc::new(slow));
    world.crowd(5_000).await;
    planned(&world, &world.owner, "2026-03-02T12:00").await;
    ten(&world, "2026-03-02T12:01").await;
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    // Alone the ten would take 1.5 s: four at once, half a second each.
    let took = until_ten(&mut world);
    assert!(took <= LATE + Duration::from_millis(1_500), "{took:?}");
}

#[tokio::test]
async fn an_owner_with_many_runs_has_no_more_places_than_one_with_one() {
    let mut world = World::with(ScriptedTransport::accepting().with_lanes(1)).await;
    world.crowd(100).await;
    for _ in 0..20 {
        planned(&world, &world.owner, "2026-03-02T12:00").await;
    }
    ten(&world, "2026-03-02T12:00").await;
    let server = "10 per second".parse().unwrap();
    world.settings.rates.insert(RateKey::Server, server);
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(4);
    assert_eq!(reached_ten(&world), 10);
    assert!(world.server.begun() < 60);
}

async fn planned(world: &World, owner: &Owner, start: &str) {
    mailing()
        .of(owner)
        .once(start)
        .saved(world.store.as_ref())
        .await;
}

/// Another owner with ten recipients and a mailing.
async fn ten(world: &World, start: &str) {
    let other = owner().saved(world.store.as_ref()).await;
    for number in 0..10 {
        let address = format!("ten{number}@example.org");
        recipient()
            .of(&other)
            .at(&address)
            .saved(world.store.as_ref())
            .await;
    }
    planned(world, &other, start).await;
}

fn reached_ten(world: &World) -> usize {
    let reached = world.server.reached();
    reached.iter().filter(|to| to.starts_with("ten")).count()
}

/// Lets time pass until the ten are sent; how long after their instant.
fn until_ten(world: &mut World) -> Duration {
    let due = at(TEN);
    world.pass((due - world.clock.now()).to_std().unwrap());
    while reached_ten(world) < 10 {
        world.pass(Duration::from_millis(100));
        assert!(
            world.clock.now() < due + chrono::Duration::minutes(5),
            "never"
        );
    }
    (world.clock.now() - due).to_std().unwrap()
}

/// A server that takes half a second for each message.
struct Slow(ScriptedTransport, VirtualClock);

struct SlowLane {
    lane: Box<dyn MailLane>,
    clock: VirtualClock,
}

impl MailTransport for Slow {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        self.0.prepare(content)
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(SlowLane {
            lane: self.0.lane(),
            clock: self.1.clone(),
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
        let outcome = self.lane.send(envelope, message, gate).await;
        let answered = self.clock.now() + chrono::Duration::milliseconds(500);
        self.clock.sleep_until(answered).await;
        outcome
    }

    async fn close(&mut self) {
        self.lane.close().await;
    }
}
