//! What becomes of occurrences that nobody saw in time.

use std::time::Duration;

use chrono::TimeDelta;
use mailing_core::mailing::MailingEvent;
use mailing_core::ports::Clock as _;
use mailing_core::run::{MissedReason, RunState};
use mailing_core::schedule::{MissedPolicy, Repeat};
use mailing_core::testing::builders::{MailingBuilder, mailing};

use crate::world::{World, at};

const HOUR: Duration = Duration::from_secs(3_600);

/// What became of each run: its hour, and why it was missed if it was.
async fn told(world: &World) -> Vec<(String, Option<MissedReason>)> {
    let runs = world.runs().await;
    runs.into_iter()
        .map(|run| {
            let missed = match run.state {
                RunState::Missed { reason } => Some(reason),
                RunState::Completed => None,
                other => panic!("{other:?}"),
            };
            (run.occurrence_at.format("%d %H:%M").to_string(), missed)
        })
        .collect()
}

/// A service that was down while a mailing was due each hour from noon to 14:00.
async fn down(policy: MissedPolicy) -> World {
    let mut world = World::new().await;
    world.crowd(1).await;
    hourly()
        .missed(policy)
        .of(&world.owner)
        .saved(world.store.as_ref())
        .await;
    world.clock.advance_to(at("2026-03-02T14:30:00Z"));
    world.start();
    world.seconds(2);
    world
}

fn hourly() -> MailingBuilder {
    let hourly = Repeat::Cron {
        expression: "0 * * * *".parse().unwrap(),
    };
    mailing().window("2026-03-02T12:00", Some("2026-03-02T18:00"), hourly)
}

fn hours(of: &[(&str, Option<MissedReason>)]) -> Vec<(String, Option<MissedReason>)> {
    of.iter()
        .map(|(hour, missed)| (format!("02 {hour}"), *missed))
        .collect()
}

#[tokio::test]
async fn run_once_makes_up_for_the_latest_alone() {
    use MissedReason::Superseded;
    let world = down(MissedPolicy::RunOnce).await;
    let expected = hours(&[
        ("12:00", Some(Superseded)),
        ("13:00", Some(Superseded)),
        ("14:00", None),
    ]);
    assert_eq!(told(&world).await, expected);
    assert_eq!(world.server.begun(), 1);
    world.check().await;
}

#[tokio::test]
async fn run_each_makes_up_for_all_oldest_first() {
    let mut world = down(MissedPolicy::RunEach).await;
    world.seconds(5);
    assert_eq!(
        told(&world).await,
        hours(&[("12:00", None), ("13:00", None), ("14:00", None)])
    );
    assert_eq!(world.server.begun(), 3);
    world.check().await;
}

#[tokio::test]
async fn skip_makes_up_for_none_and_the_next_runs() {
    use MissedReason::Skipped;
    let mut world = down(MissedPolicy::Skip).await;
    let missed = [
        ("12:00", Some(Skipped)),
        ("13:00", Some(Skipped)),
        ("14:00", Some(Skipped)),
    ];
    assert_eq!(told(&world).await, hours(&missed));
    world.leap_to(at("2026-03-02T15:00:00Z"));
    assert_eq!(
        told(&world).await.last().unwrap(),
        &("02 15:00".to_owned(), None)
    );
}

#[tokio::test]
async fn a_window_that_closed_meanwhile_is_not_opened_again() {
    let mut world = World::new().await;
    world.crowd(1).await;
    hourly().of(&world.owner).saved(world.store.as_ref()).await;
    world.clock.advance_to(at("2026-03-02T18:00:00Z"));
    world.start();
    world.seconds(2);
    let told = told(&world).await;
    assert_eq!(told.len(), 6);
    assert!(
        told.iter()
            .all(|(_, missed)| *missed == Some(MissedReason::WindowOver)),
        "{told:?}"
    );
    let mailing = world.mailing(world.runs().await[0].mailing).await;
    assert_eq!(
        (world.server.begun(), mailing.status.name()),
        (0, "finished")
    );
}

#[tokio::test]
async fn a_day_late_is_too_late() {
    let mut world = World::new().await;
    world.crowd(1).await;
    mailing()
        .of(&world.owner)
        .daily("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.clock.advance_to(at("2026-03-04T11:59:00Z"));
    world.start();
    world.seconds(2);
    let expected = [
        ("02 12:00".to_owned(), Some(MissedReason::TooLate)),
        ("03 12:00".to_owned(), None),
    ];
    assert_eq!(told(&world).await, expected);
}

#[tokio::test]
async fn what_comes_due_while_the_mailing_is_paused_is_missed() {
    let mut world = World::new().await;
    world.crowd(1).await;
    let paused = mailing()
        .of(&world.owner)
        .daily("2026-03-02T12:00")
        .after(MailingEvent::Paused);
    let id = paused.saved(world.store.as_ref()).await.id;
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world
        .services
        .mailings
        .resume(&world.owner.actor, id)
        .await
        .unwrap();
    world.pass(HOUR);
    world.leap_to(at("2026-03-03T12:00:00Z"));
    let expected = [
        ("02 12:00".to_owned(), Some(MissedReason::Paused)),
        ("03 12:00".to_owned(), None),
    ];
    assert_eq!(told(&world).await, expected);
    world.check().await;
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_makes_up_for_what_it_jumped_over() {
    let mut world = World::new().await;
    world.crowd(1).await;
    mailing()
        .of(&world.owner)
        .daily("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.start();
    world.leap_to(at("2026-03-02T11:30:00Z"));
    world.clock.set(world.clock.now() + TimeDelta::hours(3));
    world.seconds(6);
    assert_eq!(told(&world).await, [("02 12:00".to_owned(), None)]);
    world.check().await;
}

#[tokio::test]
async fn a_clock_that_jumps_back_runs_nothing_twice() {
    let mut world = World::new().await;
    world.crowd(2).await;
    mailing()
        .of(&world.owner)
        .daily("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.start();
    world.leap_to(at("2026-03-02T12:30:00Z"));
    world.clock.set(world.clock.now() - TimeDelta::hours(3));
    world.pass(4 * HOUR);
    assert_eq!(told(&world).await, [("02 12:00".to_owned(), None)]);
    world.leap_through(at("2026-03-03T12:00:00Z")).await;
    assert_eq!(world.server.begun(), 4);
    world.check().await;
}
