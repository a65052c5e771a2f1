//! A domain of recipients that refuses our mail for good must not keep a run open for ever.

use std::sync::Arc;

use chrono::TimeDelta;
use mailing_core::delivery::{Cause, DeliveryState, Stage};
use mailing_core::ports::Clock as _;
use mailing_core::ports::transport::Outcome;
use mailing_core::run::{Run, RunState};
use mailing_core::testing::builders::{mailing, recipient};
use mailing_core::testing::transport::{refused, reply};
use mailing_core::testing::{ScriptedTransport, system};

use crate::world::{World, at};

const NOON: &str = "2026-03-02T12:00:00Z";
const AT_GMAIL: usize = 60;
const ELSEWHERE: usize = 5;

/// A daily mailing at noon to some at gmail.com, which refuses our mail, and a few at example.org.
async fn refused_by_gmail() -> World {
    let server = ScriptedTransport::accepting().with_lanes(2);
    let world = World::with(server).await;
    world.crowd(ELSEWHERE).await;
    for number in 1..=AT_GMAIL {
        let address = format!("g{number}@gmail.com");
        let recipient = recipient().of(&world.owner).at(&address);
        recipient.saved(world.store.as_ref()).await;
    }
    mailing()
        .of(&world.owner)
        .daily("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    refuses(&world);
    world
}

fn refuses(world: &World) {
    for number in 1..=ELSEWHERE {
        let taken = Outcome::Accepted(reply(250, "2.0.0 Ok"));
        let address = format!("r{number}@example.org");
        world.server.answer(&address, vec![taken; 30]);
    }
    let policy = refused(Stage::Rcpt, 550, "5.7.26 Gmail wants DMARC");
    world.server.answer_all(policy);
}

/// Lets hours pass, leaping over those in which nobody is due.
async fn hours(world: &mut World, hours: i64) {
    let until = world.clock.now() + TimeDelta::hours(hours);
    let ledger = Arc::clone(&world.store);
    while let Some(next) = ledger.ledger().next_instant(&system()).await.unwrap() {
        if next > until {
            break;
        }
        // The runs are looked at each second.
        let next = next.max(world.clock.now());
        world.leap_to(next + TimeDelta::seconds(2));
    }
    world.leap_to(until.max(world.clock.now()));
}

async fn first_run(world: &World) -> Run {
    world.runs().await.remove(0)
}

/// How many of a run's deliveries were given up without having been tried.
async fn given_up(world: &World, run: &Run) -> usize {
    let deliveries = world.deliveries(run.id).await;
    let cause = Cause::DomainRefuses;
    let untried = deliveries.iter().filter(|delivery| {
        delivery.state == DeliveryState::Failed { cause } && delivery.attempts == 0
    });
    untried.count()
}

#[tokio::test]
async fn what_waits_for_a_domain_that_refuses_for_a_day_fails_and_the_run_ends() {
    let mut world = refused_by_gmail().await;
    world.start();
    world.leap_to(at(NOON));
    hours(&mut world, 23).await;
    let run = first_run(&world).await;
    assert_eq!(run.state, RunState::Running);
    assert!(run.counts.pending > 10, "{:?}", run.counts);
    assert_eq!(given_up(&world, &run).await, 0, "not before a day");

    hours(&mut world, 3).await;
    let run = first_run(&world).await;
    assert_eq!(run.state, RunState::Completed);
    let counts = run.counts;
    let (delivered, failed) = (ELSEWHERE as u64, AT_GMAIL as u64);
    assert_eq!((counts.delivered, counts.failed), (delivered, failed));
    assert!(given_up(&world, &run).await > 10);
    world.check().await;

    // The next run does not wait for a day: the domain is asked once more, and then it is known.
    hours(&mut world, 3).await;
    let second = world.runs().await.remove(1);
    assert_eq!(second.state, RunState::Completed);
    assert_eq!(second.counts.failed, failed);
    world.check().await;
}

#[tokio::test]
async fn restarts_and_second_workers_do_not_let_it_wait_anew() {
    let mut world = refused_by_gmail().await;
    let mut workers = vec![world.start(), world.start()];
    world.leap_to(at(NOON));
    for _ in 0..9 {
        hours(&mut world, 3).await;
        let oldest = workers.remove(0);
        world.stopper(oldest).drain();
        world.settle();
        workers.push(world.start());
    }
    let run = first_run(&world).await;
    assert_eq!(run.state, RunState::Completed, "{:?}", run.counts);
    assert_eq!(run.counts.failed, AT_GMAIL as u64);
    world.check().await;
}

#[tokio::test]
async fn a_domain_that_takes_mail_again_in_time_gets_what_waited() {
    let mut world = refused_by_gmail().await;
    world.start();
    world.leap_to(at(NOON));
    hours(&mut world, 20).await;
    let taken = Outcome::Accepted(reply(250, "2.0.0 Ok"));
    world.server.answer_all(taken);
    hours(&mut world, 3).await;
    let run = first_run(&world).await;
    assert_eq!(run.state, RunState::Completed);
    assert_eq!(given_up(&world, &run).await, 0);
    assert!(run.counts.delivered > 20, "{:?}", run.counts);

    // It refuses again: the day begins anew.
    refuses(&world);
    world.leap_to(at("2026-03-03T12:00:00Z"));
    hours(&mut world, 10).await;
    let second = world.runs().await.remove(1);
    assert_eq!(second.state, RunState::Running);
    assert_eq!(given_up(&world, &second).await, 0);
    assert!(world.clock.now() < at("2026-03-03T23:00:00Z"));
}
