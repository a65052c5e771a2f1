//! A stop takes effect within 5 s, wherever it was ordered: no message begins later (DELIVERY 1.7).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use mailing_core::delivery::{DeliveryState, SuppressedBy};
use mailing_core::id::MailingId;
use mailing_core::policy::Actor;
use mailing_core::ports::store::Retry;
use mailing_core::ports::transport::{
    BuildError, Content, Envelope, Gate, MailLane, MailMessage, Outcome, PreparedMail, Stage,
};
use mailing_core::ports::{Clock as _, MailTransport};
use mailing_core::recipient::SuppressionReason;
use mailing_core::run::{Run, RunOutcome, RunState};
use mailing_core::schedule::Repeat;
use mailing_core::services::Services;
use mailing_core::testing::builders::mailing;
use mailing_core::testing::transport::refused;
use mailing_core::testing::{ScriptedTransport, VirtualClock};
use mailing_core::time::Timestamp;

use crate::world::{World, at, everybody};

const SIZE: usize = 60;
/// What is promised.
const BOUND: TimeDelta = TimeDelta::seconds(5);
/// What is usual when the order comes from another process: the next look, and what is at its gate.
const USUAL: TimeDelta = TimeDelta::seconds(2);

/// Everything that stops a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Pause,
    Finish,
    Disable,
    Block,
    Delete,
}

impl Stop {
    const ALL: [Self; 5] = [
        Self::Pause,
        Self::Finish,
        Self::Disable,
        Self::Block,
        Self::Delete,
    ];

    async fn order(self, by: &Services, world: &World, id: MailingId) {
        let (owner, console) = (&world.owner.actor, Actor::console());
        match self {
            Self::Pause => drop(by.mailings.pause(owner, id).await.unwrap()),
            Self::Finish => drop(by.mailings.finish(owner, id).await.unwrap()),
            Self::Disable => {
                let disabled = by.moderation.disable(&console, id, "spam").await;
                drop(disabled.unwrap());
            }
            Self::Block => {
                let user = world.owner.id();
                let blocked = by.moderation.block(&console, user, "spam").await;
                drop(blocked.unwrap());
            }
            Self::Delete => by.mailings.delete(owner, id).await.unwrap(),
        }
    }

    /// The state that the run comes to, and what becomes of the rest.
    const fn ends_as(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Pause => ("paused", "owner", "pending"),
            Self::Finish => ("cancelled", "finished_early", "cancelled"),
            Self::Disable => ("paused", "manager", "pending"),
            Self::Block => ("paused", "blocked", "pending"),
            Self::Delete => ("cancelled", "deleted", "cancelled"),
        }
    }
}

/// A world in full flow: five messages a second over two lanes, sixty to go.
struct Flow {
    world: World,
    mailing: MailingId,
    begun: Begun,
}

/// When each message began, and to whom.
type Begun = Arc<Mutex<Vec<(Timestamp, String)>>>;

impl Flow {
    async fn new() -> Self {
        let mut world = World::new().await;
        world.crowd(SIZE).await;
        let daily = Repeat::Daily { every: 1 };
        let planned = mailing()
            .of(&world.owner)
            .window("2026-03-02T12:00", Some("2026-03-05T00:00"), daily)
            .saved(world.store.as_ref())
            .await;
        world.settings.in_flight = 20;
        let begun = Begun::default();
        world.send_by(Arc::new(Paced {
            server: world.server.clone(),
            clock: world.clock.clone(),
            begun: Arc::clone(&begun),
        }));
        world.start();
        world.warm_up().await;
        world.leap_to(at("2026-03-02T12:00:00Z"));
        world.seconds(3);
        begun.lock().unwrap().clear();
        Self {
            world,
            mailing: planned.id,
            begun,
        }
    }

    /// How long after `since` the last message began.
    fn last(&self, since: Timestamp) -> TimeDelta {
        let begun = self.begun.lock().unwrap();
        let last = begun.iter().map(|(at, _)| *at).max();
        last.map_or(TimeDelta::zero(), |last| last - since)
    }

    async fn run(&self) -> Run {
        self.world.runs().await.remove(0)
    }
}

#[tokio::test]
async fn every_stop_of_another_process_takes_effect_in_time() {
    for stop in Stop::ALL {
        let mut flow = Flow::new().await;
        let elsewhere = flow.world.elsewhere();
        stop.order(&elsewhere, &flow.world, flow.mailing).await;
        let ordered = flow.world.clock.now();
        flow.world.seconds(60);
        let last = flow.last(ordered);
        assert!(last <= USUAL && USUAL < BOUND, "{stop:?}: {last}");
        let run = flow.run().await;
        let (state, reason, rest) = stop.ends_as();
        assert_eq!(run.state.name(), state, "{stop:?}");
        assert_eq!(run.state.reason(), Some(reason), "{stop:?}");
        let counts = run.counts;
        let left = match rest {
            "pending" => counts.pending,
            _ => counts.cancelled,
        };
        assert!(left > 30, "{stop:?} came in full flow: {counts:?}");
        assert_eq!(counts.delivered + left, SIZE as u64, "{stop:?}");
        flow.world.check().await;
    }
}

#[tokio::test]
async fn a_stop_of_the_same_process_lets_nothing_more_begin() {
    for stop in Stop::ALL {
        let mut flow = Flow::new().await;
        let here = flow.world.services.clone();
        stop.order(&here, &flow.world, flow.mailing).await;
        flow.world.settle();
        let ordered = flow.world.clock.now();
        flow.world.seconds(60);
        assert_eq!(flow.last(ordered), TimeDelta::zero(), "{stop:?}");
        flow.world.check().await;
    }
}

#[tokio::test]
async fn what_was_held_goes_on_to_everybody_once() {
    for stop in [Stop::Pause, Stop::Disable, Stop::Block] {
        let mut flow = Flow::new().await;
        let by = flow.world.elsewhere();
        stop.order(&by, &flow.world, flow.mailing).await;
        flow.world.seconds(30);
        let (owner, console) = (flow.world.owner.clone(), Actor::console());
        match stop {
            Stop::Pause => drop(
                by.mailings
                    .resume(&owner.actor, flow.mailing)
                    .await
                    .unwrap(),
            ),
            Stop::Disable => drop(by.moderation.enable(&console, flow.mailing).await.unwrap()),
            _ => drop(by.moderation.unblock(&console, owner.id()).await.unwrap()),
        }
        flow.world.seconds(60);
        let mut reached = flow.world.server.reached();
        // The owner is told of what a manager did.
        let owner = owner.user.email.as_str();
        reached.retain(|to| to != "stranger@example.org" && to != owner);
        assert_eq!(reached, everybody(SIZE), "{stop:?}");
        assert_eq!(flow.run().await.outcome(), Some(RunOutcome::Success));
        flow.world.check().await;
    }
}

#[tokio::test]
async fn what_is_enabled_after_its_window_is_cancelled() {
    let mut flow = Flow::new().await;
    let elsewhere = flow.world.elsewhere();
    Stop::Disable
        .order(&elsewhere, &flow.world, flow.mailing)
        .await;
    flow.world.seconds(10);
    flow.world.leap_to(at("2026-03-05T00:00:00Z"));
    let console = Actor::console();
    let enabled = elsewhere.moderation.enable(&console, flow.mailing).await;
    enabled.unwrap();
    flow.world.seconds(5);
    let run = flow.run().await;
    assert_eq!(run.state.reason(), Some("window_closed"));
    assert_eq!((run.state.name(), run.counts.pending), ("cancelled", 0));
    flow.world.check().await;
}

#[tokio::test]
async fn whoever_leaves_or_is_taken_out_is_not_sent_to() {
    let mut flow = Flow::new().await;
    flow.world.server.hold();
    let run = flow.run().await;
    let deliveries = flow.world.deliveries(run.id).await;
    let waiting = |state: &str| {
        let all = deliveries.iter().filter(|row| row.state.name() == state);
        all.rev().take(4).cloned().collect::<Vec<_>>()
    };
    // Claimed already and waiting for a lane; and nobody's yet.
    let meant = [waiting("sending"), waiting("pending")];
    let elsewhere = flow.world.elsewhere();
    let owner = flow.world.owner.actor.clone();
    for four in &meant {
        let [first, second, third, fourth] = &four[..] else {
            panic!("too few: {four:?}");
        };
        let token = flow.world.unsubscribe_token(run.id, first.recipient);
        elsewhere.unsubscribe.confirm(&token).await.unwrap();
        let address = second.address.as_str();
        elsewhere.suppressions.add(&owner, address).await.unwrap();
        let recipients = &elsewhere.recipients;
        recipients.delete(&owner, third.recipient).await.unwrap();
        let token = flow.world.unsubscribe_token(run.id, fourth.recipient);
        elsewhere.unsubscribe.confirm(&token).await.unwrap();
        elsewhere.unsubscribe.undo(&token).await.unwrap();
    }
    flow.world.pass(Duration::from_millis(2_100));
    let unsubscribed = SuppressedBy::Suppression(SuppressionReason::Unsubscribed);
    let manual = SuppressedBy::Suppression(SuppressionReason::Manual);
    let now = flow.world.deliveries(run.id).await;
    let state = |number: u64| now.iter().find(|row| row.number == number).unwrap().state;
    for (row, by) in meant[0]
        .iter()
        .zip([unsubscribed, manual, SuppressedBy::Deleted])
    {
        let expected = DeliveryState::Suppressed { by };
        assert_eq!(
            state(row.number),
            expected,
            "2 s later, before any lane took it"
        );
    }
    flow.world.server.release();
    flow.world.seconds(60);
    let begun = flow.begun.lock().unwrap().clone();
    for four in &meant {
        for row in &four[..3] {
            let address = row.address.as_str();
            assert!(begun.iter().all(|(_, to)| to != address), "{address}");
        }
        let back = four[3].address.as_str();
        assert!(begun.iter().any(|(_, to)| to == back), "{back} came back");
    }
    assert_eq!(flow.run().await.counts.suppressed, 6);
    flow.world.check().await;
}

#[tokio::test]
async fn what_an_owner_retries_is_sent_in_the_same_run_under_the_same_message_id() {
    let mut world = World::new().await;
    world.crowd(3).await;
    let planned = mailing().of(&world.owner).once("2026-03-02T12:00");
    let planned = planned.saved(world.store.as_ref()).await;
    let policy = refused(Stage::Dot, 554, "5.7.1 no");
    world.server.answer("r1@example.org", [policy]);
    let lost = Outcome::Ambiguous {
        fault: mailing_core::ports::transport::Fault::Timeout,
    };
    world.server.answer("r2@example.org", [lost]);
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(60);
    assert_eq!(world.run().await.outcome(), Some(RunOutcome::Partly));
    assert_eq!(world.mailing(planned.id).await.status.name(), "finished");

    let (elsewhere, owner) = (world.elsewhere(), world.owner.actor.clone());
    let id = world.run().await.id;
    let runs = &elsewhere.runs;
    runs.retry(&owner, id, Retry::Failed, None).await.unwrap();
    runs.retry(&owner, id, Retry::SendAgain, None)
        .await
        .unwrap();
    world.seconds(60);
    let run = world.run().await;
    assert_eq!((run.id, run.state), (id, RunState::Completed));
    assert_eq!(run.outcome(), Some(RunOutcome::Success));
    assert_eq!(world.server.reached(), everybody(3));
    assert_eq!(world.mailing(planned.id).await.status.name(), "finished");
    let tried = world.server.tried();
    for address in ["r1@example.org", "r2@example.org"] {
        let ids: Vec<_> = tried
            .iter()
            .filter(|mail| mail.envelope.to.as_str() == address)
            .map(|mail| mail.header("Message-ID"))
            .collect();
        assert_eq!(ids.len(), 2, "{address}");
        assert!(ids[0].is_some() && ids[0] == ids[1], "{ids:?}");
    }
    world.check().await;
}

/// A server that takes 400 ms for each message.
struct Paced {
    server: ScriptedTransport,
    clock: VirtualClock,
    begun: Begun,
}

struct PacedLane {
    lane: Box<dyn MailLane>,
    clock: VirtualClock,
    begun: Begun,
}

impl MailTransport for Paced {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        self.server.prepare(content)
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(PacedLane {
            lane: self.server.lane(),
            clock: self.clock.clone(),
            begun: Arc::clone(&self.begun),
        })
    }

    fn lanes(&self) -> usize {
        self.server.lanes()
    }

    fn server(&self) -> String {
        self.server.server()
    }
}

#[async_trait]
impl MailLane for PacedLane {
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        let (clock, begun) = (self.clock.clone(), Arc::clone(&self.begun));
        let to = envelope.to.as_str().to_owned();
        // What the owner is told of a stop is no message of the mailing.
        let is_letter = envelope.from.local() == "mailing";
        let watched = move || {
            let open = gate();
            if open && !is_letter {
                begun.lock().unwrap().push((clock.now(), to.clone()));
            }
            open
        };
        let outcome = self.lane.send(envelope, message, &watched).await;
        if outcome != Outcome::Held {
            let over = self.clock.now() + TimeDelta::milliseconds(400);
            self.clock.sleep_until(over).await;
        }
        outcome
    }

    async fn close(&mut self) {
        self.lane.close().await;
    }
}
