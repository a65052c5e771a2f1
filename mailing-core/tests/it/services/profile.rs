//! What users tell of themselves.

use mailing_core::error::Error;
use mailing_core::message::FileHash;
use mailing_core::policy::Actor;
use mailing_core::services::ProfileDraft;
use mailing_core::testing::builders::owner;
use mailing_core::testing::system;
use mailing_core::user::{Language, Role};

use super::refusal;
use super::scene::{PASSWORD, Scene, new_user};

const FACE: &[u8] = b"\x89PNG face";

fn draft() -> ProfileDraft {
    ProfileDraft {
        name: "Анна".to_owned(),
        phone: " +7 (495) 123-45-67 ".to_owned(),
        country: "ru".to_owned(),
        zone: "Europe/Moscow".to_owned(),
        language: Language::Ru,
    }
}

#[tokio::test]
async fn phone_and_country_are_kept_and_may_be_left_out() {
    let scene = Scene::new().await;
    let (own, actor) = (&scene.services.own, &scene.ann.actor);
    own.edit(actor, &draft()).await.unwrap();
    let user = own.show(actor).await.unwrap();
    assert_eq!(user.phone.unwrap().as_str(), "+7 (495) 123-45-67");
    assert_eq!(user.country.unwrap().as_str(), "RU");
    let silent = ProfileDraft {
        zone: "UTC".to_owned(),
        ..ProfileDraft::default()
    };
    let user = own.edit(actor, &silent).await.unwrap();
    assert_eq!((user.name, user.phone, user.country), (None, None, None));
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once_and_nothing_is_kept() {
    let scene = Scene::new().await;
    let (own, actor) = (&scene.services.own, &scene.ann.actor);
    let wrong = ProfileDraft {
        name: "A\u{0}".to_owned(),
        phone: "call me".to_owned(),
        country: "Atlantis".to_owned(),
        zone: "Mars".to_owned(),
        language: Language::En,
    };
    let Err(Error::Invalid(errors)) = own.edit(actor, &wrong).await else {
        panic!("that was taken");
    };
    let fields: Vec<_> = errors.iter().map(|error| error.field.as_ref()).collect();
    assert_eq!(fields, ["full_name", "phone", "country", "zone"]);
    assert!(own.show(actor).await.unwrap().phone.is_none());
    assert_eq!(scene.deeds(), [""; 0]);
}

#[tokio::test]
async fn a_picture_is_put_seen_by_managers_replaced_and_removed() {
    let scene = Scene::new().await;
    let (own, actor) = (&scene.services.own, &scene.ann.actor);
    let manager = owner().role(Role::Manager).saved(scene.store()).await;
    let supervision = &scene.services.supervision;
    for face in [FACE, b"\x89PNG another"] {
        let user = own.put_avatar(actor, face.to_vec()).await.unwrap();
        assert_eq!(user.avatar, Some(FileHash::of(face)));
        assert_eq!(own.avatar(actor).await.unwrap(), face);
        let seen = supervision.avatar(&manager.actor, scene.ann.id()).await;
        assert_eq!(seen.unwrap(), face);
    }
    let none = own.avatar(&manager.actor).await;
    assert_eq!(refusal(none), "not_found", "that is not the manager's");
    let refused = own.put_avatar(actor, b"<svg/>".to_vec()).await;
    assert_eq!(refusal(refused), "picture picture.type");
    assert!(own.show(actor).await.unwrap().avatar.is_some(), "it stays");
    for _ in 0..2 {
        let user = own.remove_avatar(actor).await.unwrap();
        assert_eq!(user.avatar, None);
    }
    assert_eq!(refusal(own.avatar(actor).await), "not_found");
}

#[tokio::test]
async fn with_the_account_its_phone_country_and_picture_go_at_once() {
    let scene = Scene::new().await;
    let accounts = &scene.services.accounts;
    let console = Actor::console();
    let user = accounts.create(&console, new_user("eve@example.org")).await;
    let user = user.unwrap();
    let (own, actor) = (&scene.services.own, Actor::user(&user));
    own.edit(&actor, &draft()).await.unwrap();
    own.put_avatar(&actor, FACE.to_vec()).await.unwrap();
    own.delete(&actor, PASSWORD).await.unwrap();
    let mut unit = scene.store().read().await.unwrap();
    let gone = unit.users().find(&system(), user.id).await.unwrap();
    let gone = gone.unwrap();
    assert_eq!((gone.phone, gone.country, gone.avatar), (None, None, None));
    let picture = unit.users().avatar(&system(), user.id).await.unwrap();
    assert_eq!(picture, None);
}
