//! The numbers of the home page.

use std::time::Duration;

use mailing_core::error::Error;
use mailing_core::services::HomeCounts;
use mailing_core::testing::builders::{mailing, owner, recipient, start};

use super::refusal;
use super::scene::Scene;

async fn counts(scene: &Scene) -> [u64; 3] {
    let counts = scene.services.home.counts().await.unwrap();
    [counts.mailings, counts.active, counts.recipients]
}

/// Two launched mailings of two owners, one of them paused, a draft, and one address that both
/// owners write to.
async fn scene() -> Scene {
    let scene = Scene::new().await;
    let bob = owner().saved(scene.store()).await;
    for of in [&scene.ann, &bob] {
        recipient()
            .of(of)
            .at("eve@example.org")
            .saved(scene.store())
            .await;
        mailing().of(of).saved(scene.store()).await;
    }
    mailing().of(&bob).draft().saved(scene.store()).await;
    let paused = mailing().of(&scene.ann);
    paused
        .after(mailing_core::mailing::MailingEvent::Paused)
        .saved(scene.store())
        .await;
    scene
}

#[tokio::test]
async fn the_whole_service_is_counted_without_drafts_and_addresses_once() {
    let scene = scene().await;
    assert_eq!(counts(&scene).await, [3, 2, 1]);
    let own = scene
        .services
        .home
        .own_counts(&scene.ann.actor)
        .await
        .unwrap();
    assert_eq!((own.mailings, own.active, own.recipients), (2, 1, 1));
}

#[tokio::test]
async fn the_numbers_are_at_most_a_minute_old() {
    let scene = scene().await;
    counts(&scene).await;
    recipient().of(&scene.ann).saved(scene.store()).await;
    assert_eq!(counts(&scene).await, [3, 2, 1]);
    scene.minutes(1);
    assert_eq!(counts(&scene).await, [3, 2, 2]);
}

#[tokio::test]
async fn the_service_counts_before_a_visitor_has_to() {
    let scene = scene().await;
    let home = &scene.services.home;
    counts(&scene).await;
    recipient().of(&scene.ann).saved(scene.store()).await;
    for (seconds, recipients) in [(44, 1), (1, 2)] {
        scene.clock.advance(Duration::from_secs(seconds));
        home.refresh().await.unwrap();
        assert_eq!(counts(&scene).await, [3, 2, recipients]);
    }
    recipient().of(&scene.ann).saved(scene.store()).await;
    scene.clock.advance(Duration::from_secs(45));
    home.refresh().await.unwrap();
    assert_eq!(counts(&scene).await, [3, 2, 3]);
}

/// Once for the first visitor; then nothing is counted for nobody.
#[tokio::test]
async fn nothing_is_counted_when_nobody_looks() {
    let scene = scene().await;
    let home = &scene.services.home;
    home.refresh().await.unwrap();
    scene.moods.down(true);
    assert_eq!(counts(&scene).await, [3, 2, 1]);
    scene.moods.down(false);
    scene.minutes(1);
    home.refresh().await.unwrap();
    scene.moods.down(true);
    scene.minutes(60);
    home.refresh().await.unwrap();
    counts(&scene).await;
    let refused = home.refresh().await;
    assert_eq!(refusal(refused), "store.unavailable");
}

#[tokio::test]
async fn old_numbers_are_told_with_their_time_while_the_store_is_down() {
    let scene = scene().await;
    counts(&scene).await;
    scene.moods.down(true);
    scene.minutes(90);
    let old = HomeCounts {
        mailings: 3,
        active: 2,
        recipients: 1,
        at: start(),
    };
    assert_eq!(scene.services.home.counts().await.unwrap(), old);
    let own = scene.services.home.own_counts(&scene.ann.actor).await;
    assert_eq!(refusal(own), "store.unavailable");
}

#[tokio::test]
async fn without_a_store_and_a_cache_there_are_no_numbers() {
    let scene = scene().await;
    scene.moods.down(true);
    assert_eq!(
        refusal(scene.services.home.counts().await),
        "store.unavailable"
    );
}

#[tokio::test]
async fn the_first_visitors_wait_for_one_that_counts() {
    let scene = scene().await;
    scene.moods.slow();
    let before = scene.moods.reads();
    let visits = futures::future::join_all((0..8).map(|_| counts(&scene))).await;
    assert_eq!(visits, [[3, 2, 1]; 8]);
    assert_eq!(scene.moods.reads() - before, 1);
}

#[tokio::test]
async fn a_count_that_failed_is_not_tried_by_everybody_who_waited_for_it() {
    let scene = scene().await;
    scene.moods.slow();
    scene.moods.down(true);
    let before = scene.moods.reads();
    let home = &scene.services.home;
    let visits = futures::future::join_all((0..8).map(|_| home.counts())).await;
    for visit in visits {
        assert!(matches!(visit, Err(Error::Unavailable(..))), "{visit:?}");
    }
    assert_eq!(scene.moods.reads() - before, 1);
    scene.moods.down(false);
    assert_eq!(counts(&scene).await, [3, 2, 1]);
}

#[tokio::test]
async fn without_its_cache_a_service_still_counts_once_a_minute() {
    let scene = scene().await;
    counts(&scene).await;
    scene.cache.overwrite(b"junk");
    let before = scene.moods.reads();
    for seconds in [44, 15] {
        scene.clock.advance(Duration::from_secs(seconds));
        assert_eq!(counts(&scene).await, [3, 2, 1]);
    }
    assert_eq!(scene.moods.reads(), before);
    scene.clock.advance(Duration::from_secs(1));
    counts(&scene).await;
    assert_eq!(scene.moods.reads(), before + 1);
}
