//! Mail keeps to its rates: of the server, of owners, of recipient domains.

use std::time::Duration;

use mailing_core::policy::Actor;
use mailing_core::ports::Clock as _;
use mailing_core::rate::RateKey;
use mailing_core::run::RunState;
use mailing_core::testing::ScriptedTransport;
use mailing_core::testing::builders::{Owner, mailing, owner, recipient};

use crate::world::{World, at};

const NOON: &str = "2026-03-02T12:00:00Z";

#[tokio::test]
async fn a_rate_of_100_per_minute_gives_100_in_each_minute() {
    let mut world = crowded(1_100).await;
    limit(&mut world, RateKey::Server, "100 per minute");
    begin(&mut world);
    for minute in 1..=10 {
        let sent = sent_in(&mut world, 60);
        assert!((99..=102).contains(&sent), "{sent} in minute {minute}");
    }
    assert!((998..=1_002).contains(&world.server.begun()));
    world.check().await;
}

#[tokio::test]
async fn a_rate_of_many_per_second_is_reached() {
    let mut world = crowded(6_000).await;
    limit(&mut world, RateKey::Server, "500 per second");
    begin(&mut world);
    let sent = sent_in(&mut world, 10);
    assert!((4_900..=5_500).contains(&sent), "{sent} in 10 s");
}

#[tokio::test]
async fn a_rate_changed_on_the_way_holds_within_5_s() {
    let mut world = crowded(2_000).await;
    limit(&mut world, RateKey::Server, "60 per minute");
    begin(&mut world);
    assert!((59..=61).contains(&sent_in(&mut world, 60)));
    set(&world, "server", "1200 per minute").await;
    sent_in(&mut world, 5);
    let fast = sent_in(&mut world, 30);
    assert!((580..=620).contains(&fast), "{fast}");
    set(&world, "server", "6 per minute").await;
    sent_in(&mut world, 5);
    let slow = sent_in(&mut world, 60);
    assert!((5..=7).contains(&slow), "{slow}");
    world
        .services
        .rates
        .clear(&Actor::console(), "server")
        .await
        .unwrap();
    sent_in(&mut world, 5);
    assert!(
        (59..=61).contains(&sent_in(&mut world, 60)),
        "as configured"
    );
    set(&world, "server", "unlimited").await;
    sent_in(&mut world, 5);
    assert_eq!(world.run().await.state, RunState::Completed);
    world.check().await;
}

#[tokio::test]
async fn workers_share_a_rate_and_a_restart_gives_nothing_on_top() {
    let mut world = crowded(500).await;
    limit(&mut world, RateKey::Server, "100 per minute");
    let mut workers = vec![world.start(), world.start(), world.start()];
    world.leap_to(at(NOON));
    for _ in 0..6 {
        world.seconds(10);
        world.kill(workers.remove(0));
        workers.push(world.start());
    }
    let sent = world.server.begun();
    assert!((98..=102).contains(&sent), "{sent} in a minute");
}

#[tokio::test]
async fn an_owners_rate_slows_that_owner_only() {
    let mut world = crowded(100).await;
    let other = owner().saved(world.store.as_ref()).await;
    addressed(&world, &other, "other", "example.net", 100).await;
    noon(&world, &other).await;
    let slow = RateKey::Owner(world.owner.id());
    limit(&mut world, slow, "30 per minute");
    begin(&mut world);
    world.seconds(1);
    assert_eq!(reached(&world, "@example.net"), 100);
    world.seconds(59);
    let own = reached(&world, "@example.org");
    assert!((29..=31).contains(&own), "{own} in a minute");
}

#[tokio::test]
async fn a_domains_rate_delays_its_own_deliveries_only() {
    let mut world = World::new().await;
    let owner = world.owner.clone();
    for domain in ["gmail.com", "example.net"] {
        addressed(&world, &owner, "r", domain, 150).await;
    }
    noon(&world, &owner).await;
    limit(
        &mut world,
        RateKey::domain("gmail.com").unwrap(),
        "20 per minute",
    );
    begin(&mut world);
    world.seconds(2);
    assert_eq!(reached(&world, "@example.net"), 150);
    world.seconds(58);
    let mut before = reached(&world, "@gmail.com");
    assert!((19..=21).contains(&before), "{before} in the first minute");
    for _ in 0..3 {
        world.seconds(60);
        let now = reached(&world, "@gmail.com");
        assert!((19..=21).contains(&(now - before)), "{before} → {now}");
        before = now;
    }
    let deliveries = world.run().await.counts;
    assert_eq!(deliveries.pending as usize, 300 - 150 - before);
    world.seconds(300);
    assert_eq!(world.run().await.state, RunState::Completed);
    world.check().await;
}

#[tokio::test]
async fn a_run_that_waits_for_its_domain_sleeps() {
    let mut world = World::new().await;
    let owner = world.owner.clone();
    addressed(&world, &owner, "r", "gmail.com", 2_000).await;
    noon(&world, &owner).await;
    limit(
        &mut world,
        RateKey::domain("gmail.com").unwrap(),
        "20 per minute",
    );
    begin(&mut world);
    world.seconds(5);
    let before = reached(&world, "@gmail.com");
    let (until, mut wakes) = (world.clock.now() + chrono::Duration::seconds(60), 0);
    while let Some(next) = world.clock.next_sleeper().filter(|next| *next <= until) {
        world.clock.advance_to(next);
        world.settle();
        wakes += 1;
    }
    assert!((19..=21).contains(&(reached(&world, "@gmail.com") - before)));
    assert!(wakes < 400, "{wakes} times something woke in a minute");
}

#[tokio::test]
async fn a_higher_rate_of_a_domain_calls_back_what_was_put_off() {
    let mut world = World::new().await;
    let owner = world.owner.clone();
    addressed(&world, &owner, "r", "gmail.com", 300).await;
    noon(&world, &owner).await;
    begin_with(&mut world, "gmail.com", "20 per minute");
    world.seconds(60);
    set(&world, "GMAIL.com", "10 per second").await;
    world.seconds(40);
    assert_eq!(reached(&world, "@gmail.com"), 300);
    world.check().await;
}

#[tokio::test]
async fn owners_take_turns_at_a_domain() {
    let mut world = World::new().await;
    let first = world.owner.clone();
    addressed(&world, &first, "first", "gmail.com", 400).await;
    noon(&world, &first).await;
    let second = owner().saved(world.store.as_ref()).await;
    addressed(&world, &second, "second", "gmail.com", 10).await;
    mailing()
        .of(&second)
        .once("2026-03-02T12:05")
        .saved(world.store.as_ref())
        .await;
    begin_with(&mut world, "gmail.com", "60 per minute");
    world.seconds(300);
    world.seconds(30);
    assert_eq!(reached(&world, "second"), 10);
    let all = reached(&world, "@gmail.com");
    assert!(
        (325..=333).contains(&all),
        "{all} in five and a half minutes"
    );
}

#[tokio::test]
async fn server_owner_and_domain_hold_together() {
    let mut world = World::new().await;
    let owner = world.owner.clone();
    for domain in ["gmail.com", "example.net"] {
        addressed(&world, &owner, "r", domain, 200).await;
    }
    noon(&world, &owner).await;
    limit(&mut world, RateKey::Server, "60 per minute");
    limit(&mut world, RateKey::Owner(owner.id()), "50 per minute");
    begin_with(&mut world, "gmail.com", "10 per minute");
    world.seconds(180);
    let (gmail, rest) = (
        reached(&world, "@gmail.com"),
        reached(&world, "@example.net"),
    );
    assert!((28..=31).contains(&gmail), "{gmail} to the slow domain");
    assert!((115..=123).contains(&rest), "{rest} to the other");
    world.check().await;
}

#[tokio::test]
async fn a_clock_set_back_neither_stops_nor_floods() {
    for (domain, target) in [
        ("gmail.com", RateKey::domain("gmail.com").unwrap()),
        ("x.org", RateKey::Server),
    ] {
        let mut world = World::new().await;
        let owner = world.owner.clone();
        addressed(&world, &owner, "r", domain, 300).await;
        noon(&world, &owner).await;
        limit(&mut world, target, "20 per minute");
        begin(&mut world);
        world.seconds(60);
        let before = world.server.begun();
        world.clock.set(at("2026-03-02T09:00:00Z"));
        let after = sent_in(&mut world, 120);
        assert!(
            (37..=42).contains(&after),
            "{before}, then {after} in 2 minutes"
        );
        world.check().await;
    }
}

#[tokio::test]
async fn one_pass_sends_everything_however_long_it_takes() {
    for target in [RateKey::Server, RateKey::domain("example.org").unwrap()] {
        let mut world = crowded(30).await;
        limit(&mut world, target.clone(), "60 per minute");
        world.leap_to(at(NOON));
        let summary = world.once().unwrap();
        assert_eq!(summary.runs[0].counts.delivered, 30, "{target}");
        let took = world.clock.now() - at(NOON);
        assert!((28..=33).contains(&took.num_seconds()), "{took}");
    }
}

#[tokio::test]
async fn a_run_that_was_held_goes_on_at_its_rate() {
    let mut world = crowded(100).await;
    limit(&mut world, RateKey::Server, "60 per minute");
    begin(&mut world);
    world.seconds(10);
    let mailing = world.run().await.mailing;
    let mailings = world.services.mailings.clone();
    mailings.pause(&world.owner.actor, mailing).await.unwrap();
    world.seconds(5);
    assert_eq!(sent_in(&mut world, 600), 0);
    mailings.resume(&world.owner.actor, mailing).await.unwrap();
    let sent = sent_in(&mut world, 30);
    assert!(
        (28..=32).contains(&sent),
        "{sent}: no more than a burst was saved up"
    );
}

/// A world with a mailing to so many at noon.
async fn crowded(size: usize) -> World {
    let world = World::with(ScriptedTransport::accepting().with_lanes(4)).await;
    world.crowd(size).await;
    noon(&world, &world.owner).await;
    world
}

async fn noon(world: &World, owner: &Owner) {
    mailing()
        .of(owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
}

/// Recipients of an owner at a domain.
async fn addressed(world: &World, owner: &Owner, name: &str, domain: &str, count: usize) {
    for number in 0..count {
        recipient()
            .of(owner)
            .at(&format!("{name}{number}@{domain}"))
            .saved(world.store.as_ref())
            .await;
    }
}

fn limit(world: &mut World, key: RateKey, rate: &str) {
    world.settings.rates.insert(key, rate.parse().unwrap());
}

async fn set(world: &World, target: &str, rate: &str) {
    let rates = &world.services.rates;
    rates.set(&Actor::console(), target, rate).await.unwrap();
}

fn begin(world: &mut World) {
    world.start();
    world.leap_to(at(NOON));
}

fn begin_with(world: &mut World, domain: &str, rate: &str) {
    limit(world, RateKey::domain(domain).unwrap(), rate);
    begin(world);
}

/// How many messages are begun in so many seconds.
fn sent_in(world: &mut World, seconds: u64) -> u64 {
    let before = world.server.begun();
    world.pass(Duration::from_secs(seconds));
    world.server.begun() - before
}

/// To how many addresses with these letters a message was accepted.
fn reached(world: &World, letters: &str) -> usize {
    let reached = world.server.reached();
    reached
        .iter()
        .filter(|address| address.contains(letters))
        .count()
}
