//! Transactions that meet each other, and a store that does not answer.

use mailing_core::error::Error;
use mailing_core::recipient::{Recipient, RecipientDraft};

use super::refusal;
use super::scene::Scene;

async fn add(scene: &Scene) -> Result<Recipient, Error> {
    let draft = RecipientDraft {
        email: "eve@example.org".into(),
        ..Default::default()
    };
    scene
        .services
        .recipients
        .add(&scene.ann.actor, draft, None)
        .await
}

#[tokio::test]
async fn a_use_case_that_meets_another_is_done_again() {
    let scene = Scene::new().await;
    scene.moods.meet(2);
    let eve = add(&scene).await.unwrap();
    assert_eq!(scene.moods.commits(), 3);
    let shown = scene
        .services
        .recipients
        .show(&scene.ann.actor, eve.id)
        .await;
    assert_eq!(shown.unwrap(), eve);
    assert_eq!(scene.deeds(), ["add_recipient"]);
}

#[tokio::test]
async fn it_is_not_done_again_for_ever() {
    let scene = Scene::new().await;
    scene.moods.meet(3);
    assert_eq!(refusal(add(&scene).await), "store.busy");
    assert_eq!(scene.moods.commits(), 3);
    assert_eq!(scene.deeds(), [""; 0]);
    add(&scene).await.unwrap();
}

#[tokio::test]
async fn a_refusal_is_not_repeated() {
    let scene = Scene::new().await;
    add(&scene).await.unwrap();
    let commits = scene.moods.commits();
    assert_eq!(refusal(add(&scene).await), "email recipient.exists");
    assert_eq!(scene.moods.commits(), commits);
}

#[tokio::test]
async fn a_store_that_is_down_is_told_at_once() {
    let scene = Scene::new().await;
    scene.moods.down(true);
    assert_eq!(refusal(add(&scene).await), "store.unavailable");
    assert_eq!(scene.moods.commits(), 0);
}
