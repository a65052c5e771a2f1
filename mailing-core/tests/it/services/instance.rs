//! The settings of the instance.

use mailing_core::code;
use mailing_core::error::Error;
use mailing_core::instance::{SettingsDraft, WhoWrites};
use mailing_core::policy::Actor;
use mailing_core::testing::builders::owner;
use mailing_core::user::Role;

use super::refusal;
use super::scene::Scene;

fn typed(address: &str) -> SettingsDraft {
    SettingsDraft {
        blog_writers: WhoWrites::EveryOwner.as_str().to_owned(),
        contact_address: address.to_owned(),
        ..SettingsDraft::default()
    }
}

fn address(settings: &mailing_core::instance::InstanceSettings) -> Option<&str> {
    let address = settings.contact.address.as_ref();
    address.map(|address| address.as_str())
}

#[tokio::test]
async fn settings_are_saved_by_administrators_and_known_to_everybody_at_once() {
    let scene = Scene::new().await;
    let (instance, console) = (&scene.services.instance, Actor::console());
    assert_eq!(instance.settings().await.unwrap(), Default::default());
    assert_eq!(instance.kept(&console).await.unwrap().version, 0);
    let draft = typed("office@example.org");
    let saved = instance.save(&console, 0, &draft).await.unwrap();
    assert_eq!(saved.version, 1);
    assert_eq!(instance.kept(&console).await.unwrap(), saved);
    assert_eq!(instance.settings().await.unwrap(), saved.settings);
    assert_eq!(saved.settings.blog_writers, WhoWrites::EveryOwner);
    assert_eq!(scene.deeds(), ["edit_settings"]);
    for role in [Role::Manager, Role::ContentManager, Role::Owner] {
        let other = owner().role(role).saved(scene.store()).await;
        assert_eq!(refusal(instance.kept(&other.actor).await), "denied");
        let saved = instance.save(&other.actor, 1, &draft).await;
        assert_eq!(refusal(saved), "denied");
    }
}

#[tokio::test]
async fn of_two_who_edit_the_same_settings_the_second_is_told() {
    let scene = Scene::new().await;
    let (instance, console) = (&scene.services.instance, Actor::console());
    instance
        .save(&console, 0, &typed("a@example.org"))
        .await
        .unwrap();
    let late = instance.save(&console, 0, &typed("b@example.org")).await;
    assert_eq!(refusal(late), "changed_meanwhile");
    let kept = instance.kept(&console).await.unwrap();
    assert_eq!(address(&kept.settings), Some("a@example.org"));
    assert_eq!(scene.deeds(), ["edit_settings"]);
}

#[tokio::test]
async fn another_process_sees_changed_settings_within_a_minute() {
    let scene = Scene::new().await;
    let (instance, other) = (&scene.services.instance, scene.elsewhere());
    assert_eq!(other.instance.settings().await.unwrap(), Default::default());
    let draft = typed("a@example.org");
    instance.save(&Actor::console(), 0, &draft).await.unwrap();
    assert_eq!(other.instance.settings().await.unwrap(), Default::default());
    scene.minutes(1);
    let seen = other.instance.settings().await.unwrap();
    assert_eq!(address(&seen), Some("a@example.org"));
}

#[tokio::test]
async fn while_the_store_is_away_the_last_known_settings_hold() {
    let scene = Scene::new().await;
    let instance = &scene.services.instance;
    let draft = typed("a@example.org");
    instance.save(&Actor::console(), 0, &draft).await.unwrap();
    let known = instance.settings().await.unwrap();
    scene.minutes(10);
    scene.moods.down(true);
    assert_eq!(instance.settings().await.unwrap(), known);
    let fresh = scene.elsewhere();
    assert!(matches!(
        fresh.instance.settings().await,
        Err(Error::Unavailable(..))
    ));
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field() {
    let scene = Scene::new().await;
    let draft = typed("nobody");
    let answer = scene
        .services
        .instance
        .save(&Actor::console(), 0, &draft)
        .await;
    let expected = format!("contact_address {}", code::ADDRESS_NO_AT);
    assert_eq!(refusal(answer), expected);
}
