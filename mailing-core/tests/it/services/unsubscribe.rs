//! The links in mails.

mod lists;

use mailing_core::id::{ListId, RunId};
use mailing_core::instance_key::InstanceKey;
use mailing_core::links::{LinkKeys, UnsubscribeClaim};
use mailing_core::ports::store::PageRequest;
use mailing_core::recipient::{Recipient, RecipientDraft, RecipientState, SuppressionReason};
use mailing_core::services::{ImportOptions, UnsubscribeView};
use mailing_core::testing::builders::{
    Owner, address, id, mailing, owner, recipient, run, start, suppression,
};
use mailing_core::testing::system;
use mailing_core::user::UserState;

use super::imports::imported;
use super::refusal;
use super::scene::Scene;

const EVE: &str = "eve@example.org";

/// Eve, whom Ann wrote to, with her link.
struct Reader {
    scene: Scene,
    eve: Recipient,
    token: String,
}

impl Reader {
    async fn new() -> Self {
        Self::in_state(RecipientState::Active).await
    }

    async fn in_state(state: RecipientState) -> Self {
        let scene = Scene::new().await;
        let eve = recipient()
            .of(&scene.ann)
            .at(EVE)
            .state(state)
            .saved(scene.store())
            .await;
        let token = scene.links.unsubscribe_token(&claim(&scene.ann, &eve));
        Self { scene, eve, token }
    }

    async fn state(&self) -> RecipientState {
        let shown = self
            .scene
            .services
            .recipients
            .show(&self.scene.ann.actor, self.eve.id)
            .await;
        shown.unwrap().state
    }

    async fn suppressed(&self) -> Option<SuppressionReason> {
        let mut unit = self.scene.store().read().await.unwrap();
        let scope = self.scene.ann.view();
        let entry = unit
            .suppressions()
            .covering(&scope, &address(EVE))
            .await
            .unwrap();
        entry.map(|entry| entry.reason)
    }

    async fn confirm(&self) -> UnsubscribeView {
        self.scene
            .services
            .unsubscribe
            .confirm(&self.token)
            .await
            .unwrap()
            .unwrap()
    }

    async fn undo(&self) -> UnsubscribeView {
        self.scene
            .services
            .unsubscribe
            .undo(&self.token)
            .await
            .unwrap()
            .unwrap()
    }
}

fn draft(email: &str) -> RecipientDraft {
    RecipientDraft {
        email: email.into(),
        ..Default::default()
    }
}

fn claim(of: &Owner, recipient: &Recipient) -> UnsubscribeClaim {
    let run: RunId = id(start());
    UnsubscribeClaim {
        owner: of.id(),
        recipient: recipient.id,
        run,
    }
}

#[tokio::test]
async fn looking_shows_a_masked_address_and_changes_nothing() {
    let reader = Reader::new().await;
    for _ in 0..3 {
        let view = reader
            .scene
            .services
            .unsubscribe
            .look(&reader.token)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(view.masked_address.as_deref(), Some("e***@example.org"));
        assert_eq!(view.sender, reader.scene.ann.user.email.to_string());
        assert!(!view.unsubscribed);
    }
    assert_eq!(reader.scene.moods.commits(), 0);
    assert_eq!(reader.state().await, RecipientState::Active);
}

#[tokio::test]
async fn confirming_unsubscribes_once_and_says_so_again() {
    let reader = Reader::new().await;
    for _ in 0..2 {
        assert!(reader.confirm().await.unsubscribed);
        assert_eq!(reader.state().await, RecipientState::Unsubscribed);
        assert_eq!(
            reader.suppressed().await,
            Some(SuppressionReason::Unsubscribed)
        );
    }
    assert_eq!(reader.scene.deeds(), ["unsubscribe"]);
    let entry = reader.scene.memory.audit_log().remove(0);
    assert_eq!(entry.owner, Some(reader.scene.ann.id()));
    assert_eq!(entry.subject, reader.eve.id.to_string());
}

#[tokio::test]
async fn undoing_takes_back_the_own_leave() {
    let reader = Reader::new().await;
    reader.confirm().await;
    for _ in 0..2 {
        assert!(!reader.undo().await.unsubscribed);
        assert_eq!(reader.state().await, RecipientState::Active);
        assert_eq!(reader.suppressed().await, None);
    }
    assert_eq!(reader.scene.deeds(), ["resubscribe", "unsubscribe"]);
}

#[tokio::test]
async fn undoing_removes_nothing_that_others_put_there() {
    for reason in [
        SuppressionReason::Manual,
        SuppressionReason::HardBounce,
        SuppressionReason::Complaint,
    ] {
        let reader = Reader::new().await;
        let entry = suppression()
            .of(&reader.scene.ann)
            .address(EVE)
            .because(reason);
        entry.saved(reader.scene.store()).await;
        assert!(reader.confirm().await.unsubscribed);
        assert!(
            reader.undo().await.unsubscribed,
            "{reason} still keeps mail away"
        );
        assert_eq!(reader.suppressed().await, Some(reason));
    }
    let reader = Reader::new().await;
    let domain = suppression().of(&reader.scene.ann).domain("example.org");
    domain
        .because(SuppressionReason::Unsubscribed)
        .saved(reader.scene.store())
        .await;
    reader.undo().await;
    assert_eq!(
        reader.suppressed().await,
        Some(SuppressionReason::Unsubscribed)
    );
}

#[tokio::test]
async fn who_bounced_or_complained_takes_leave_without_losing_that() {
    for state in [RecipientState::Bounced, RecipientState::Complained] {
        let reader = Reader::in_state(state).await;
        reader.confirm().await;
        assert_eq!(reader.state().await, state);
        assert_eq!(
            reader.suppressed().await,
            Some(SuppressionReason::Unsubscribed)
        );
        reader.undo().await;
        assert_eq!(reader.state().await, state);
        assert_eq!(reader.suppressed().await, None);
    }
}

#[tokio::test]
async fn no_bit_of_a_token_can_be_changed() {
    let reader = Reader::new().await;
    let unsubscribe = &reader.scene.services.unsubscribe;
    for place in 0..reader.token.len() {
        for bit in 0..7 {
            let mut bytes = reader.token.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            let forged = String::from_utf8(bytes).unwrap();
            assert_eq!(
                refusal(unsubscribe.confirm(&forged).await),
                "not_found",
                "{forged}"
            );
        }
    }
    for forged in ["", "x", &reader.token[1..], &format!("{}A", reader.token)] {
        assert_eq!(
            refusal(unsubscribe.look(forged).await),
            "not_found",
            "{forged}"
        );
    }
    assert_eq!(reader.state().await, RecipientState::Active);
}

#[tokio::test]
async fn tokens_of_other_owners_recipients_and_installations_reach_nobody() {
    let reader = Reader::new().await;
    let scene = &reader.scene;
    let bob = owner().saved(scene.store()).await;
    let bobs = recipient().of(&bob).at(EVE).saved(scene.store()).await;
    let elsewhere = LinkKeys::new(&InstanceKey::new([8; 32]), 1);
    let newer = LinkKeys::new(&InstanceKey::new([7; 32]), 2);
    let right = claim(&scene.ann, &reader.eve);
    let unsubscribe = &scene.services.unsubscribe;
    for token in [
        elsewhere.unsubscribe_token(&right),
        newer.unsubscribe_token(&right),
    ] {
        assert_eq!(refusal(unsubscribe.confirm(&token).await), "not_found");
    }
    // As for one that is erased: the owner has nobody of this id.
    for claim in [claim(&bob, &reader.eve), claim(&scene.ann, &bobs)] {
        let token = scene.links.unsubscribe_token(&claim);
        assert_eq!(unsubscribe.confirm(&token).await.unwrap(), None);
        assert_eq!(unsubscribe.look(&token).await.unwrap(), None);
    }
    assert_eq!(reader.state().await, RecipientState::Active);
    reader.confirm().await;
    let bobs = scene
        .services
        .recipients
        .show(&bob.actor, bobs.id)
        .await
        .unwrap();
    assert_eq!(
        bobs.state,
        RecipientState::Active,
        "a leave is from one owner"
    );
}

#[tokio::test]
async fn a_leave_outlives_the_recipient() {
    let reader = Reader::new().await;
    let (recipients, ann) = (&reader.scene.services.recipients, &reader.scene.ann.actor);
    reader.confirm().await;
    recipients.delete(ann, reader.eve.id).await.unwrap();
    let back = recipients.add(ann, draft("EVE@example.org"), None);
    let back = back.await.unwrap();
    assert_eq!(back.state, RecipientState::Unsubscribed);
    assert!(reader.confirm().await.unsubscribed);
    assert!(!reader.undo().await.unsubscribed);
    assert_eq!(reader.state().await, RecipientState::Active);
}

#[tokio::test]
async fn who_was_deleted_can_still_take_leave() {
    let reader = Reader::new().await;
    let (recipients, ann) = (&reader.scene.services.recipients, &reader.scene.ann.actor);
    recipients.delete(ann, reader.eve.id).await.unwrap();
    assert!(reader.confirm().await.unsubscribed);
    assert!(reader.confirm().await.unsubscribed);
    assert_eq!(
        reader.suppressed().await,
        Some(SuppressionReason::Unsubscribed)
    );
    assert_eq!(reader.scene.deeds(), ["delete_recipient", "unsubscribe"]);
    let back = recipients.add(ann, draft(EVE), None).await.unwrap();
    assert_eq!(
        (back.id, back.state),
        (reader.eve.id, RecipientState::Unsubscribed)
    );
}

/// Eve got a mail, was deleted and is erased; her link.
async fn erased() -> Reader {
    let mut reader = Reader::new().await;
    let (scene, eve) = (&reader.scene, reader.eve.id);
    let (store, ann) = (scene.store(), &scene.ann);
    let of = mailing().of(ann).to(&[eve]).saved(store).await;
    let run = run().at(start()).running(store, ann, &of).await;
    let recipients = &scene.services.recipients;
    recipients.delete(&ann.actor, eve).await.unwrap();
    let later = start() + chrono::TimeDelta::days(40);
    let (scope, mut unit) = (system(), store.write().await.unwrap());
    let overdue = unit.erasure().overdue_recipients(&scope, later, 9);
    for one in overdue.await.unwrap() {
        let pseudonym = scene.links.pseudonym(one.owner, &one.address);
        unit.erasure()
            .erase_recipient(&scope, &one, &pseudonym, later, later, 9)
            .await
            .unwrap();
    }
    unit.commit().await.unwrap();
    reader.token = scene.links.unsubscribe_token(&UnsubscribeClaim {
        owner: ann.id(),
        recipient: eve,
        run,
    });
    reader
}

#[tokio::test]
async fn who_was_erased_takes_leave_and_is_known_again() {
    let reader = erased().await;
    let (services, ann) = (&reader.scene.services, &reader.scene.ann.actor);
    let view = services.unsubscribe.look(&reader.token).await.unwrap();
    let view = view.unwrap();
    assert_eq!((view.masked_address, view.unsubscribed), (None, false));
    assert!(reader.confirm().await.unsubscribed);
    assert!(
        !reader.undo().await.unsubscribed,
        "also that can be taken back"
    );
    assert!(reader.confirm().await.unsubscribed);
    let page = services
        .suppressions
        .page(ann, &PageRequest::first(9))
        .await;
    let kept = page.unwrap().items;
    assert_eq!(kept.len(), 1);
    assert!(
        !kept[0].target.key().contains("eve"),
        "the address is not kept"
    );
    let list = ListId::from(uuid::Uuid::nil());
    let left = services.unsubscribe.leave_list(&reader.token, list);
    assert_eq!(refusal(left.await), "not_found");

    let joe = services.recipients.add(ann, draft("joe@example.org"), None);
    assert_eq!(joe.await.unwrap().state, RecipientState::Active);
    let back = services.recipients.add(ann, draft("EVE@example.org"), None);
    assert_eq!(back.await.unwrap().state, RecipientState::Unsubscribed);
    let expected = Some(SuppressionReason::Unsubscribed);
    assert_eq!(reader.suppressed().await, expected);
}

#[tokio::test]
async fn who_was_erased_and_has_come_again_takes_leave_by_an_old_link() {
    let reader = erased().await;
    let (services, ann) = (&reader.scene.services, &reader.scene.ann.actor);
    for email in [EVE, "joe@example.org"] {
        let added = services.recipients.add(ann, draft(email), None).await;
        assert_eq!(added.unwrap().state, RecipientState::Active);
    }
    let state = async |email| {
        let found = services.recipients.with_address(ann, email).await;
        found.unwrap().state
    };
    assert!(reader.confirm().await.unsubscribed);
    assert_eq!(state(EVE).await, RecipientState::Unsubscribed);
    assert_eq!(state("joe@example.org").await, RecipientState::Active);
    let expected = Some(SuppressionReason::Unsubscribed);
    assert_eq!(reader.suppressed().await, expected);
    assert!(!reader.undo().await.unsubscribed);
    assert_eq!(state(EVE).await, RecipientState::Active);
    assert_eq!(reader.suppressed().await, None);
}

#[tokio::test]
async fn no_import_and_no_new_address_brings_back_who_took_leave_when_erased() {
    let reader = erased().await;
    reader.confirm().await;
    let (services, ann) = (&reader.scene.services, &reader.scene.ann.actor);
    let joe = services.recipients.add(ann, draft("joe@example.org"), None);
    let joe = joe.await.unwrap();
    let edited = services
        .recipients
        .edit(ann, joe.id, joe.updated_at, draft(EVE))
        .await;
    assert_eq!(edited.unwrap().state, RecipientState::Unsubscribed);

    let reader = erased().await;
    reader.confirm().await;
    let (services, ann) = (&reader.scene.services, &reader.scene.ann.actor);
    let file = "email\nEve@example.org\nadam@example.org\n";
    imported(&reader.scene, file, &ImportOptions::default()).await;
    for (email, expected) in [
        (EVE, RecipientState::Unsubscribed),
        ("adam@example.org", RecipientState::Active),
    ] {
        let found = services.recipients.with_address(ann, email).await;
        assert_eq!(found.unwrap().state, expected, "{email}");
    }
}

#[tokio::test]
async fn after_a_deleted_account_nobody_is_left_to_take_leave_of() {
    let reader = erased().await;
    let store = reader.scene.store();
    let mut gone = reader.scene.ann.user.clone();
    gone.state = UserState::Deleted { at: start() };
    let mut unit = store.write().await.unwrap();
    unit.users().save(&system(), &gone).await.unwrap();
    unit.commit().await.unwrap();
    let unsubscribe = &reader.scene.services.unsubscribe;
    assert_eq!(unsubscribe.look(&reader.token).await.unwrap(), None);
    assert_eq!(unsubscribe.confirm(&reader.token).await.unwrap(), None);
    assert_eq!(reader.suppressed().await, None);
}

#[tokio::test]
async fn the_page_names_the_owner_as_the_reader_knows_them() {
    let scene = Scene::new().await;
    let shop = owner().named("Лавка «Чай»").saved(scene.store()).await;
    let eve = recipient()
        .of(&shop)
        .at("ева@пример.рф")
        .saved(scene.store())
        .await;
    let token = scene.links.unsubscribe_token(&claim(&shop, &eve));
    let view = scene
        .services
        .unsubscribe
        .look(&token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(view.sender, "Лавка «Чай»");
    assert_eq!(view.masked_address.as_deref(), Some("е***@пример.рф"));
}
