//! What is over is forgotten while the engine runs.

use std::time::Duration;

use mailing_core::id::FormId;
use mailing_core::ports::Clock as _;
use mailing_core::ports::store::{PageRequest, SignInFailures};
use mailing_core::recipient::Recipient;
use mailing_core::run::{CancelReason, RunState};
use mailing_core::submission::Submission;
use mailing_core::testing::builders::{self, start};
use mailing_core::testing::{SeededEntropy, system};
use mailing_core::user::{PasswordHash, Session, SessionToken};

use crate::world::{World, at};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

async fn there(world: &World, recipient: &Recipient) -> bool {
    let mut unit = world.store.read().await.unwrap();
    let view = world.owner.view();
    let found = unit.recipients().find_even_deleted(&view, recipient.id);
    found.await.unwrap().is_some()
}

#[tokio::test]
async fn the_trash_is_erased_after_thirty_days_and_not_before() {
    let mut world = World::new().await;
    let eve = builders::recipient().of(&world.owner).at("eve@example.org");
    let eve = eve.saved(world.store.as_ref()).await;
    let mailing = builders::mailing()
        .of(&world.owner)
        .once("2026-03-02T10:00");
    mailing.saved(world.store.as_ref()).await;
    world.start();
    world.pass(HOUR * 24);
    let sent = world.run().await;
    assert_eq!(sent.counts.delivered, 1);
    let actor = world.owner.actor.clone();
    world
        .services
        .recipients
        .delete(&actor, eve.id)
        .await
        .unwrap();
    world.leap_to(world.clock.now() + DAY * 29);
    world.pass(HOUR * 2);
    assert!(there(&world, &eve).await);
    world.leap_to(world.clock.now() + DAY);
    world.pass(HOUR * 2);
    assert!(!there(&world, &eve).await);
    let first = PageRequest::first(9);
    let trash = world.services.trash.page(&actor, &first).await;
    assert_eq!(trash.unwrap().items, []);
    let deliveries = world.deliveries(sent.id).await;
    let address = &deliveries[0].address;
    assert!(address.is_erased(), "{address}");
    assert!(!address.as_str().contains("eve"), "{address}");
    world.check().await;
}

#[tokio::test]
async fn more_than_a_portion_is_erased_in_one_pass() {
    let mut world = World::new().await;
    world.crowd(230).await;
    let mut user = world.owner.user.clone();
    user.state = mailing_core::user::UserState::Deleted { at: start() };
    let mut unit = world.store.write().await.unwrap();
    unit.users().save(&system(), &user).await.unwrap();
    unit.commit().await.unwrap();
    world.leap_to(start() + DAY * 31);
    world.start();
    world.pass(HOUR);
    let mut unit = world.store.read().await.unwrap();
    let counts = unit.recipients().counts(&world.owner.view()).await.unwrap();
    assert_eq!(counts.total, 0);
}

#[tokio::test]
async fn an_account_that_is_deleted_while_it_sends_is_erased_in_its_time() {
    const PASSWORD: &str = "crooked teapot sings 7";
    let mut world = World::new().await;
    world.crowd(20).await;
    let mut user = world.owner.user.clone();
    user.password = PasswordHash::new(format!("plain:{PASSWORD}"));
    let mut unit = world.store.write().await.unwrap();
    unit.users().save(&system(), &user).await.unwrap();
    unit.commit().await.unwrap();
    let mailing = builders::mailing()
        .of(&world.owner)
        .once("2026-03-02T10:00");
    mailing.saved(world.store.as_ref()).await;
    world.server.hold();
    world.start();
    world.leap_to(at("2026-03-02T10:00:00Z"));
    world.seconds(5);
    assert_eq!(world.run().await.state, RunState::Running);
    let actor = world.owner.actor.clone();
    world.services.own.delete(&actor, PASSWORD).await.unwrap();
    world.server.release();
    world.seconds(60);
    let reason = CancelReason::Deleted;
    let run = world.run().await;
    assert_eq!(run.state, RunState::Cancelled { reason });
    assert!(run.from.is_some());
    world.leap_to(world.clock.now() + DAY * 31);
    world.pass(HOUR * 2);
    assert_eq!(world.run().await.from, None, "nothing but history is left");
    world.check().await;
}

#[tokio::test]
async fn sessions_counters_and_forms_of_long_ago_are_forgotten() {
    let mut world = World::new().await;
    let (scope, entropy) = (system(), SeededEntropy::new(9));
    let token = SessionToken::new(&entropy).hash();
    let user = world.owner.id();
    let form = FormId::new(start(), &entropy);
    let failures = SignInFailures {
        count: 3,
        since: start(),
        blocked_until: None,
    };
    let mut unit = world.store.write().await.unwrap();
    let session = Session {
        token,
        user,
        created_at: start(),
        seen_at: start(),
        device: None,
    };
    unit.sessions().insert(&scope, &session).await.unwrap();
    let what = mailing_core::ports::store::Submitted {
        user,
        submission: Submission::new(form, start(), &entropy),
        subject: "made",
        at: start(),
    };
    assert!(unit.submissions().note(&scope, &what).await.unwrap());
    let throttle = unit.throttle();
    throttle.set(&scope, "ann", Some(&failures)).await.unwrap();
    unit.commit().await.unwrap();
    world.start();
    world.pass(HOUR);
    let mut unit = world.store.read().await.unwrap();
    let subject = unit.submissions().subject(&scope, user, form).await;
    assert!(subject.unwrap().is_some(), "nothing is over yet");
    drop(unit);
    world.leap_to(start() + DAY * 15);
    world.pass(HOUR);
    let mut unit = world.store.read().await.unwrap();
    let subject = unit.submissions().subject(&scope, user, form).await;
    assert_eq!(subject.unwrap(), None);
    assert_eq!(unit.sessions().find(&scope, token).await.unwrap(), None);
    assert_eq!(unit.throttle().find(&scope, "ann").await.unwrap(), None);
}
