//! Signing in and out, sessions, guessing.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use mailing_core::error::{Error, Param};
use mailing_core::policy::Actor;
use mailing_core::ports::{HasherBusy, PasswordHasher, Store};
use mailing_core::services::{ServicePorts, Services, SignInStep};
use mailing_core::testing::{KeepingCache, PlainPictures, SeededEntropy, system};
use mailing_core::user::{Password, PasswordHash, SessionToken, User, UserState};

use super::refusal;
use super::scene::{PASSWORD, PlainHasher, Scene, new_user};

const EVE: &str = "eve@example.org";
const HOME: &str = "192.0.2.1";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn scene() -> Scene {
    let scene = Scene::new().await;
    let accounts = &scene.services.accounts;
    for email in [EVE, "adam@example.org"] {
        accounts
            .create(&Actor::console(), new_user(email))
            .await
            .unwrap();
    }
    scene
}

async fn try_in(scene: &Scene, email: &str, password: &str) -> Result<SessionToken, Error> {
    let signed_in = scene
        .services
        .sign_in
        .sign_in(email, password, HOME, None)
        .await;
    signed_in.map(super::signed_in)
}

async fn sign_in(scene: &Scene) -> SessionToken {
    try_in(scene, EVE, PASSWORD).await.unwrap()
}

async fn is_alive(scene: &Scene, token: &SessionToken) -> bool {
    scene.services.sign_in.who(token).await.unwrap().is_some()
}

/// Changes the user as another process would.
async fn change(scene: &Scene, change: impl FnOnce(&mut User)) {
    change_in(scene.store(), change).await;
}

async fn change_in(store: &dyn Store, change: impl FnOnce(&mut User)) {
    let mut unit = store.write().await.unwrap();
    let email = mailing_core::testing::builders::address(EVE);
    let found = unit.users().find_by_email(&system(), &email).await.unwrap();
    let mut user = found.unwrap();
    change(&mut user);
    unit.users().save(&system(), &user).await.unwrap();
    unit.commit().await.unwrap();
}

/// Finds every password right and old, and while it works somebody changes the user.
struct Meanwhile {
    store: Arc<dyn Store>,
    change: fn(&mut User),
}

#[async_trait]
impl PasswordHasher for Meanwhile {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HasherBusy> {
        Ok(PasswordHash::new(format!("newest {}", password.reveal())))
    }

    async fn verify(&self, _: &Password, _: Option<&PasswordHash>) -> Result<bool, HasherBusy> {
        change_in(self.store.as_ref(), self.change).await;
        Ok(true)
    }

    fn is_outdated(&self, _: &PasswordHash) -> bool {
        true
    }
}

/// What comes of a sign-in during which the user is changed, and the user's hash afterwards.
async fn sign_in_meanwhile(scene: &Scene, change: fn(&mut User)) -> (String, String) {
    let store: Arc<dyn Store> = Arc::new(scene.memory.clone());
    let services = Services::new(ServicePorts {
        store: Arc::clone(&store),
        clock: Arc::new(scene.clock.clone()),
        entropy: Arc::new(SeededEntropy::new(2)),
        hasher: Arc::new(Meanwhile { store, change }),
        pictures: Arc::new(PlainPictures),
        cache: Arc::new(KeepingCache::default()),
        events: scene.events.clone(),
        links: scene.links.clone(),
        seals: scene.seals.clone(),
    });
    let answer = services.sign_in.sign_in(EVE, PASSWORD, HOME, None).await;
    let mut hash = String::new();
    change_in(scene.store(), |user| {
        user.password.reveal().clone_into(&mut hash);
    })
    .await;
    (refusal(answer), hash)
}

#[tokio::test]
async fn what_happened_while_a_password_was_checked_counts() {
    let scene = scene().await;
    let told = sign_in_meanwhile(&scene, |user| {
        user.password = PasswordHash::new("of another password".into());
    });
    let expected = (
        "sign_in.failed".to_owned(),
        "of another password".to_owned(),
    );
    assert_eq!(told.await, expected, "and no old hash comes back");
    let (answer, hash) = sign_in_meanwhile(&scene, |user| {
        user.name = None;
    })
    .await;
    assert_eq!(
        (answer.as_str(), hash),
        ("done", format!("newest {PASSWORD}"))
    );
    assert_eq!(sign_in_meanwhile(&scene, block).await.0, "user.blocked");
}

fn block(user: &mut User) {
    user.state = UserState::Blocked {
        at: user.created_at,
        reason: "spam".to_owned(),
    };
}

#[tokio::test]
async fn the_right_password_opens_a_session_that_is_stored_as_a_hash() {
    let scene = scene().await;
    let token = try_in(&scene, " EVE@example.org", PASSWORD).await.unwrap();
    let signed_in = scene.services.sign_in.who(&token).await.unwrap().unwrap();
    assert_eq!(signed_in.user.email.as_str(), EVE);
    let mut unit = scene.store().read().await.unwrap();
    let session = unit
        .sessions()
        .find(&system(), token.hash())
        .await
        .unwrap()
        .unwrap();
    assert!(!format!("{session:?} {token:?}").contains(token.reveal()));
    assert!(token.reveal().len() >= 43, "256 bits");
    assert_ne!(token, sign_in(&scene).await);
    scene.services.sign_in.sign_out(&token).await.unwrap();
    assert!(!is_alive(&scene, &token).await);
    let deeds = scene.deeds();
    assert_eq!(deeds[2..], ["sign_in", "sign_in", "sign_out"]);
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_get_one_answer_and_one_check_each() {
    let scene = scene().await;
    let checks = || {
        let counters = [&scene.hasher.verified, &scene.hasher.dummies];
        counters.map(|counter| counter.swap(0, Ordering::Relaxed))
    };
    let wrong = try_in(&scene, EVE, "wrong").await.unwrap_err();
    assert_eq!(checks(), [1, 0]);
    for unknown in ["nobody@example.org", "no address", ""] {
        let answer = try_in(&scene, unknown, PASSWORD).await.unwrap_err();
        assert_eq!(format!("{answer:?}"), format!("{wrong:?}"));
        assert_eq!(checks(), [0, 1]);
    }
}

#[tokio::test]
async fn the_eleventh_try_waits_while_another_account_works() {
    let scene = scene().await;
    for email in [EVE, "nobody@example.org"] {
        for _ in 0..10 {
            assert_eq!(
                refusal(try_in(&scene, email, "wrong").await),
                "sign_in.failed"
            );
        }
        let checked = scene.hasher.verified.load(Ordering::Relaxed);
        let throttled = try_in(&scene, email, PASSWORD).await.unwrap_err();
        let Error::Throttled(refusal) = throttled else {
            panic!("{throttled:?}");
        };
        assert_eq!(refusal.params, [("seconds", Param::Number(31))]);
        assert_eq!(scene.hasher.verified.load(Ordering::Relaxed), checked);
    }
    try_in(&scene, "adam@example.org", PASSWORD).await.unwrap();
    scene.clock.advance(Duration::from_secs(31));
    sign_in(&scene).await;
    // The right password has cleared the counter.
    assert_eq!(
        refusal(try_in(&scene, EVE, "wrong").await),
        "sign_in.failed"
    );
    sign_in(&scene).await;
}

#[tokio::test]
async fn one_client_cannot_try_many_accounts_for_long() {
    let scene = scene().await;
    for number in 0..100 {
        let guessed = try_in(&scene, &format!("a{number}@example.org"), "wrong").await;
        assert_eq!(refusal(guessed), "sign_in.failed");
    }
    assert_eq!(
        refusal(try_in(&scene, EVE, PASSWORD).await),
        "sign_in.throttled"
    );
    let elsewhere = scene
        .services
        .sign_in
        .sign_in(EVE, PASSWORD, "198.51.100.7", None);
    elsewhere.await.unwrap();
    scene.minutes(16);
    sign_in(&scene).await;
}

#[tokio::test]
async fn what_is_no_address_fills_no_table() {
    let scene = scene().await;
    for number in 0..5 {
        let typed = format!("{number} {}", "x".repeat(10_000));
        assert_eq!(
            refusal(try_in(&scene, &typed, "wrong").await),
            "sign_in.failed"
        );
    }
    let mut unit = scene.store().read().await.unwrap();
    let counted = unit.throttle().find(&system(), "account:?").await.unwrap();
    assert_eq!(counted.map(|failures| failures.count), Some(5));
}

#[tokio::test]
async fn signing_in_ends_the_session_that_the_browser_had() {
    let scene = scene().await;
    let planted = sign_in(&scene).await;
    let elsewhere = sign_in(&scene).await;
    let services = &scene.services.sign_in;
    let step = services.sign_in(EVE, PASSWORD, HOME, Some(&planted)).await;
    let Ok(SignInStep::Done(new, _)) = step else {
        panic!("{step:?}");
    };
    assert!(!is_alive(&scene, &planted).await);
    assert!(is_alive(&scene, &new).await && is_alive(&scene, &elsewhere).await);
}

#[tokio::test]
async fn a_session_ends_after_two_weeks_of_silence() {
    let scene = scene().await;
    let token = sign_in(&scene).await;
    scene.clock.advance(14 * DAY - Duration::from_secs(1));
    assert!(is_alive(&scene, &token).await);
    scene.clock.advance(14 * DAY);
    assert!(!is_alive(&scene, &token).await);
}

#[tokio::test]
async fn a_session_in_use_ends_after_thirty_days() {
    let scene = scene().await;
    let token = sign_in(&scene).await;
    for _ in 0..29 {
        scene.clock.advance(DAY);
        assert!(is_alive(&scene, &token).await);
    }
    scene.clock.advance(DAY);
    assert!(!is_alive(&scene, &token).await);
}

#[tokio::test]
async fn a_session_is_noted_once_a_minute() {
    let scene = scene().await;
    let token = sign_in(&scene).await;
    let commits = scene.moods.commits();
    for _ in 0..5 {
        scene.clock.advance(Duration::from_secs(13));
        assert!(is_alive(&scene, &token).await);
    }
    assert_eq!(scene.moods.commits(), commits + 1);
}

#[tokio::test]
async fn a_blocked_user_is_told_why_and_can_only_sign_out() {
    let scene = scene().await;
    let token = sign_in(&scene).await;
    change(&scene, block).await;
    let Err(Error::Denied(refused)) = scene.services.sign_in.who(&token).await else {
        panic!("a blocked user's session lives");
    };
    assert_eq!(refused.to_string(), "user.blocked reason=\"spam\"");
    assert_eq!(refusal(try_in(&scene, EVE, PASSWORD).await), "user.blocked");
    assert_eq!(
        refusal(try_in(&scene, EVE, "wrong").await),
        "sign_in.failed"
    );
    scene.services.sign_in.sign_out(&token).await.unwrap();
    assert!(!is_alive(&scene, &token).await);
}

#[tokio::test]
async fn an_outdated_hash_is_made_anew_and_nothing_else_of_the_user_changes() {
    let scene = scene().await;
    change(&scene, |user| {
        user.password = PlainHasher::outdated(PASSWORD)
    })
    .await;
    assert_eq!(
        refusal(try_in(&scene, EVE, "wrong").await),
        "sign_in.failed"
    );
    let token = sign_in(&scene).await;
    let signed_in = scene.services.sign_in.who(&token).await.unwrap().unwrap();
    assert_eq!(signed_in.user.password.reveal(), format!("new {PASSWORD}"));
    assert!(is_alive(&scene, &sign_in(&scene).await).await);
}

#[tokio::test]
async fn a_full_queue_of_sign_ins_is_told_and_counts_as_no_failure() {
    let scene = scene().await;
    scene.hasher.busy.store(true, Ordering::Relaxed);
    for _ in 0..20 {
        assert_eq!(refusal(try_in(&scene, EVE, PASSWORD).await), "sign_in.busy");
    }
    scene.hasher.busy.store(false, Ordering::Relaxed);
    sign_in(&scene).await;
}
