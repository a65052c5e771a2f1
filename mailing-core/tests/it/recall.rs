//! What was put off for a domain comes back when rates change, whatever comes between.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use mailing_core::policy::Actor;
use mailing_core::ports::{Clock as _, StoreError};
use mailing_core::rate::RateKey;
use mailing_core::run::RunState;
use mailing_core::testing::builders::{mailing, recipient, start};
use mailing_core::testing::faults::{Call, Failpoints, FaultyStore, Point, StoreFaults};
use mailing_core::testing::{MemoryStore, ScriptedTransport, VirtualClock};

use crate::world::{World, at};

const NOON: &str = "2026-03-02T12:00:00Z";

/// A mailing at noon to so many at gmail.com, which get one a day, over a store with faults.
async fn one_a_day(
    size: usize,
    faults: impl FnOnce(&VirtualClock) -> Arc<dyn StoreFaults>,
) -> World {
    let clock = VirtualClock::at(start());
    let memory = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
    let store = Arc::new(FaultyStore::new(memory, faults(&clock)));
    let server = ScriptedTransport::accepting().with_lanes(2);
    let mut world = World::over(clock, store, server).await;
    for number in 0..size {
        recipient()
            .of(&world.owner)
            .at(&format!("g{number}@gmail.com"))
            .saved(world.store.as_ref())
            .await;
    }
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    let slow = "1 per day".parse().unwrap();
    world
        .settings
        .rates
        .insert(RateKey::domain("gmail.com").unwrap(), slow);
    world
}

async fn unlimited(world: &World) {
    let rates = &world.services.rates;
    let done = rates.set(&Actor::console(), "gmail.com", "unlimited").await;
    done.unwrap();
}

#[tokio::test]
async fn a_turn_that_is_written_after_its_rate_has_gone_does_not_count() {
    let points = Failpoints::default();
    let mut world = one_a_day(20, |_| Arc::new(points.clone())).await;
    world.start();
    // The second exchange of the run hands in what the first one had to put off.
    points.stop_at(Point::Before(Call::Exchange), 2);
    world.leap_to(at(NOON));
    world.seconds(1);
    assert!(points.is_reached(Point::Before(Call::Exchange)));
    unlimited(&world).await;
    world.seconds(3);
    assert!(world.server.reached().len() < 20, "it is not written yet");
    points.lift();
    world.seconds(5);
    assert_eq!(world.server.reached().len(), 20);
    assert_eq!(world.run().await.state, RunState::Completed);
    world.check().await;
}

/// A store whose transactions take their time, and what is asked of it.
struct Slow {
    clock: VirtualClock,
    calls: Mutex<Option<Vec<Call>>>,
}

#[async_trait]
impl StoreFaults for Slow {
    async fn before(&self, call: Call) -> Result<(), StoreError> {
        let is_noted = match self.calls.lock().unwrap().as_mut() {
            Some(calls) => {
                calls.push(call);
                true
            }
            None => false,
        };
        if is_noted && call == Call::Write {
            let over = self.clock.now() + chrono::Duration::milliseconds(600);
            self.clock.sleep_until(over).await;
        }
        Ok(())
    }
}

#[tokio::test]
async fn runs_are_looked_at_between_two_pages_that_are_called_back() {
    const TWO_PAGES: usize = 5_100;
    let mut slow = None;
    let mut world = one_a_day(TWO_PAGES, |clock| {
        let store = Arc::new(Slow {
            clock: clock.clone(),
            calls: Mutex::new(None),
        });
        slow = Some(Arc::clone(&store));
        store
    })
    .await;
    let slow = slow.unwrap();
    world.start();
    world.leap_to(at(NOON));
    world.seconds(10);
    assert_eq!(world.server.reached().len(), 1);
    world.server.hold();
    unlimited(&world).await;
    *slow.calls.lock().unwrap() = Some(Vec::new());
    world.seconds(5);
    let calls = slow.calls.lock().unwrap().take().unwrap();
    let looks = calls.split(|call| *call == Call::Write);
    let looks: Vec<_> = looks.map(|calls| calls.contains(&Call::OpenRuns)).collect();
    assert!(looks.len() > 2, "{calls:?}");
    assert!(looks[1..].iter().all(|looked| *looked), "{calls:?}");
}
