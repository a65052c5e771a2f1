//! Recipients and lists.

use mailing_core::error::Error;
use mailing_core::id::RecipientId;
use mailing_core::ports::store::{PageRequest, RecipientFilter};
use mailing_core::recipient::{Recipient, RecipientDraft, RecipientState, SuppressionReason};
use mailing_core::testing::builders::{id, list, owner, recipient, start, suppression};

use super::refusal;
use super::scene::Scene;

fn draft(email: &str, name: &str) -> RecipientDraft {
    RecipientDraft {
        email: email.to_owned(),
        full_name: name.to_owned(),
        ..Default::default()
    }
}

async fn add(scene: &Scene, email: &str) -> Result<Recipient, Error> {
    let recipients = &scene.services.recipients;
    recipients
        .add(&scene.ann.actor, draft(email, "Eve"), None)
        .await
}

#[tokio::test]
async fn a_recipient_is_added_to_a_list_and_shown() {
    let scene = Scene::new().await;
    let (recipients, ann) = (&scene.services.recipients, &scene.ann.actor);
    let friends = recipients.create_list(ann, " Друзья ").await.unwrap();
    let eve = recipients
        .add(ann, draft("eve@example.org", "Ева"), Some(friends.id))
        .await;
    let eve = eve.unwrap();
    assert_eq!(recipients.show(ann, eve.id).await.unwrap(), eve);
    assert_eq!(recipients.lists(ann).await.unwrap(), [(friends.clone(), 1)]);
    assert_eq!(recipients.list_named(ann, "ДРУЗЬЯ").await.unwrap(), friends);
    assert_eq!(scene.deeds(), ["add_recipient", "create_list"]);
}

#[tokio::test]
async fn what_cannot_be_added_is_refused_at_its_field_and_leaves_nothing() {
    let scene = Scene::new().await;
    let (recipients, ann) = (&scene.services.recipients, &scene.ann.actor);
    let bad = recipients.add(ann, draft("eve", "E\nve"), None).await;
    assert_eq!(
        refusal(bad),
        "email address.no_at, full_name control_character"
    );
    let nowhere = recipients
        .add(ann, draft("eve@example.org", ""), Some(id(start())))
        .await;
    assert_eq!(refusal(nowhere), "not_found");
    assert_eq!(recipients.counts(ann).await.unwrap().total, 0);
    add(&scene, "eve@example.org").await.unwrap();
    assert_eq!(
        refusal(add(&scene, "EVE@example.org").await),
        "email recipient.exists"
    );
    for (name, expected) in [
        ("", "name required"),
        ("a\tb", "name control_character"),
        (&"x".repeat(101), "name too_long"),
    ] {
        assert_eq!(refusal(recipients.create_list(ann, name).await), expected);
    }
    recipients.create_list(ann, "Friends").await.unwrap();
    assert_eq!(
        refusal(recipients.create_list(ann, "FRIENDS").await),
        "name list.exists"
    );
    assert_eq!(
        refusal(recipients.list_named(ann, "foes").await),
        "list list.unknown"
    );
    assert_eq!(
        refusal(recipients.list_named(ann, "").await),
        "list list.unknown"
    );
}

#[tokio::test]
async fn a_deleted_recipient_comes_back_with_its_id() {
    let scene = Scene::new().await;
    let (recipients, ann) = (&scene.services.recipients, &scene.ann.actor);
    let old = add(&scene, "eve@example.org").await.unwrap();
    recipients.delete(ann, old.id).await.unwrap();
    assert_eq!(refusal(recipients.show(ann, old.id).await), "not_found");
    assert_eq!(refusal(recipients.delete(ann, old.id).await), "not_found");
    let back = recipients
        .add(ann, draft("EVE@example.org", "Eva"), None)
        .await
        .unwrap();
    assert_eq!(back.id, old.id);
    assert_eq!(back.full_name.as_ref().unwrap().as_str(), "Eva");
    assert_eq!(recipients.show(ann, old.id).await.unwrap(), back);
    assert_eq!(
        scene.deeds(),
        ["add_recipient", "add_recipient", "delete_recipient"]
    );
}

#[tokio::test]
async fn who_took_leave_or_bounced_is_not_made_active_by_adding_again() {
    let scene = Scene::new().await;
    let left = suppression().of(&scene.ann).address("left@example.org");
    left.because(SuppressionReason::Unsubscribed)
        .saved(scene.store())
        .await;
    let whole = suppression().of(&scene.ann).domain("example.com");
    whole
        .because(SuppressionReason::Unsubscribed)
        .saved(scene.store())
        .await;
    let bounced = recipient().of(&scene.ann).at("gone@example.org");
    let bounced = bounced
        .state(RecipientState::Bounced)
        .saved(scene.store())
        .await;
    scene
        .services
        .recipients
        .delete(&scene.ann.actor, bounced.id)
        .await
        .unwrap();
    for (email, expected) in [
        ("left@example.org", RecipientState::Unsubscribed),
        ("gone@example.org", RecipientState::Bounced),
        ("new@example.org", RecipientState::Active),
        // An owner's rule over a domain is nobody's leave.
        ("other@example.com", RecipientState::Active),
    ] {
        assert_eq!(add(&scene, email).await.unwrap().state, expected, "{email}");
    }
}

#[tokio::test]
async fn addresses_become_ids_or_are_all_refused() {
    let scene = Scene::new().await;
    let (recipients, ann) = (&scene.services.recipients, &scene.ann.actor);
    let eve = add(&scene, "eve@example.org").await.unwrap();
    let adam = add(&scene, "adam@example.org").await.unwrap();
    let mut found = recipients
        .named(ann, &["EVE@example.org", "adam@example.org"])
        .await
        .unwrap();
    found.sort_unstable();
    assert_eq!(found, sorted([eve.id, adam.id]));
    let asked = ["eve@example.org", "cain@example.org", "abel"];
    let Err(Error::Invalid(faults)) = recipients.named(ann, &asked).await else {
        panic!("unknown recipients are found");
    };
    let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "recipients: address.no_at email=\"abel\"",
            "recipients: recipient.unknown email=\"cain@example.org\"",
        ]
    );
}

#[tokio::test]
async fn an_address_named_twice_is_one_recipient() {
    let scene = Scene::new().await;
    let eve = add(&scene, "eve@example.org").await.unwrap();
    let asked = ["eve@example.org", "EVE@example.org"];
    let found = scene
        .services
        .recipients
        .named(&scene.ann.actor, &asked)
        .await;
    assert_eq!(found.unwrap(), [eve.id]);
}

#[tokio::test]
async fn a_page_shows_the_owners_recipients_of_a_list() {
    let scene = Scene::new().await;
    let bob = owner().saved(scene.store()).await;
    recipient().of(&bob).saved(scene.store()).await;
    let eve = add(&scene, "eve@example.org").await.unwrap();
    add(&scene, "adam@example.org").await.unwrap();
    let friends = list()
        .of(&scene.ann)
        .with(&[eve.id])
        .saved(scene.store())
        .await;
    let filter = RecipientFilter {
        list: Some(friends.id),
        ..Default::default()
    };
    let recipients = &scene.services.recipients;
    let page = recipients
        .page(&scene.ann.actor, &filter, &PageRequest::first(10))
        .await;
    assert_eq!(page.unwrap().items, [eve]);
    assert_eq!(recipients.counts(&scene.ann.actor).await.unwrap().active, 2);
}

fn sorted<const N: usize>(mut ids: [RecipientId; N]) -> [RecipientId; N] {
    ids.sort_unstable();
    ids
}
