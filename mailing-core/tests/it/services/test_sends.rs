//! Test sends: what may be sent to whom, and how often.

use mailing_core::id::MessageId;
use mailing_core::testing::builders::{message, recipient, sender};

use super::refusal;
use super::scene::Scene;

fn to(addresses: &[&str]) -> Vec<String> {
    addresses.iter().map(|one| (*one).to_owned()).collect()
}

/// A message and a verified sender of Ann's.
async fn ready() -> (Scene, MessageId) {
    let scene = Scene::new().await;
    let message = message().of(&scene.ann).saved(scene.store()).await.id;
    sender().of(&scene.ann).saved(scene.store()).await;
    (scene, message)
}

#[tokio::test]
async fn a_test_holds_the_message_and_the_values_of_the_recipient() {
    let (scene, message) = ready().await;
    let (tests, ann) = (&scene.services.test_sends, &scene.ann.actor);
    let eve = recipient().of(&scene.ann).named("Eve");
    let eve = eve.saved(scene.store()).await.id;
    let two = to(&["me@example.org", "you@example.org"]);
    let test = tests.take(ann, message, &two, Some(eve)).await.unwrap();
    let names: Vec<_> = test.to.iter().map(|to| to.name.clone().unwrap()).collect();
    assert_eq!(
        names.iter().map(|n| n.as_str()).collect::<Vec<_>>(),
        ["Eve"; 2]
    );
    assert_eq!(scene.deeds(), ["test_message"]);
    let bare = tests.take(ann, message, &two, None).await.unwrap();
    assert_eq!(bare.to[1].name, None);
}

#[tokio::test]
async fn what_cannot_be_tested_says_why() {
    let (scene, message) = ready().await;
    let (tests, ann) = (&scene.services.test_sends, &scene.ann.actor);
    let six = vec!["me@example.org".to_owned(); 6];
    let injected = to(&["me@example.org\r\nBcc: all@example.org"]);
    for (addresses, expected) in [
        (to(&[]), "to required"),
        (to(&["me"]), "to address.no_at"),
        (injected, "to control_character"),
        (six, "to test.addresses"),
    ] {
        let told = refusal(tests.take(ann, message, &addresses, None).await);
        assert!(told.starts_with(expected), "{told}");
    }
    assert!(scene.memory.audit_log().is_empty());
}

#[tokio::test]
async fn nothing_goes_out_from_an_address_that_is_not_verified() {
    let scene = Scene::new().await;
    let message = message().of(&scene.ann).saved(scene.store()).await.id;
    sender()
        .of(&scene.ann)
        .unverified()
        .saved(scene.store())
        .await;
    let tests = &scene.services.test_sends;
    let refused = tests
        .take(&scene.ann.actor, message, &to(&["me@example.org"]), None)
        .await;
    assert_eq!(refusal(refused), "sender sender.not_verified");
}

#[tokio::test]
async fn twenty_a_day_and_no_more() {
    let (scene, message) = ready().await;
    let (tests, ann) = (&scene.services.test_sends, &scene.ann.actor);
    let five = vec!["me@example.org".to_owned(); 5];
    for _ in 0..4 {
        tests.take(ann, message, &five, None).await.unwrap();
        scene.minutes(60);
    }
    let one = to(&["me@example.org"]);
    let refused = tests.take(ann, message, &one, None).await;
    assert_eq!(refusal(refused), "test.limit");
    scene.minutes(20 * 60);
    tests.take(ann, message, &one, None).await.unwrap();
}
