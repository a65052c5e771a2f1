//! What reports tell is counted by the engine when a run is over.

use std::time::Duration;

use mailing_core::delivery::Stage;
use mailing_core::ports::Clock as _;
use mailing_core::ports::store::Retry;
use mailing_core::report::{Period, RunSums};
use mailing_core::testing::builders;
use mailing_core::testing::transport::refused;

use crate::world::{World, at};

const HOUR: Duration = Duration::from_secs(3_600);

/// What is counted of all the owner's runs.
async fn counted(world: &World) -> RunSums {
    let period = Period {
        since: builders::start() - chrono::TimeDelta::days(1),
        until: world.clock.now() + chrono::TimeDelta::days(1),
    };
    let totals = world.owner.totals();
    let mut unit = world.store.read().await.unwrap();
    let causes = unit.reports().causes(&totals, period).await.unwrap();
    let domains = unit.reports().domains(&totals, period, 9).await.unwrap();
    RunSums {
        causes,
        domains,
        ..RunSums::default()
    }
}

/// A daily mailing at ten to two people, of whom the second is refused for good the first time.
async fn refused_once() -> World {
    let mut world = World::new().await;
    world.crowd(2).await;
    let daily = builders::mailing().of(&world.owner);
    let daily = daily.daily("2026-03-02T10:00");
    daily.saved(world.store.as_ref()).await;
    let refusal = refused(Stage::Rcpt, 550, "5.7.1 policy");
    world.server.answer("r2@example.org", [refusal]);
    world.start();
    world
}

#[tokio::test]
async fn a_run_is_counted_when_it_is_over() {
    let mut world = refused_once().await;
    world.leap_to(at("2026-03-02T10:00:00Z"));
    world.pass(HOUR / 60);
    let run = world.run().await;
    assert_eq!((run.counts.delivered, run.counts.failed), (1, 1));
    let sums = counted(&world).await;
    assert_eq!((sums.causes.len(), sums.causes[0].count), (1, 1));
    assert_eq!(sums.domains.len(), 1);
    assert_eq!(sums.domains[0].domain.as_deref(), Some("example.org"));
    assert_eq!(sums.domains[0].counts, run.counts);
    world.check().await;
}

#[tokio::test]
async fn a_run_that_is_tried_again_is_counted_again() {
    let mut world = refused_once().await;
    world.leap_to(at("2026-03-02T10:00:00Z"));
    world.pass(HOUR / 60);
    let run = world.run().await;
    let actor = world.owner.actor.clone();
    let again = world
        .services
        .runs
        .retry(&actor, run.id, Retry::Failed, None);
    again.await.unwrap();
    world.pass(HOUR / 60);
    let run = world.run().await;
    assert_eq!((run.counts.delivered, run.counts.failed), (2, 0));
    let sums = counted(&world).await;
    assert_eq!(sums.causes, []);
    assert_eq!(sums.domains[0].counts, run.counts);
}

#[tokio::test]
async fn runs_that_ended_while_nobody_counted_are_counted_later() {
    let mut world = refused_once().await;
    world.kill(0);
    let engine = world.engine();
    let parts = engine.parts().into_iter();
    let parts = parts.filter(|part| part.name() != "tally").collect();
    let number = world.add(&engine, parts);
    world.leap_to(at("2026-03-02T10:00:00Z"));
    world.pass(HOUR / 60);
    assert_eq!(counted(&world).await, RunSums::default());
    world.kill(number);
    world.start();
    world.pass(HOUR / 60);
    let run = world.run().await;
    assert_eq!(counted(&world).await.domains[0].counts, run.counts);
}
