//! Forms that arrive twice.

use mailing_core::id::FormId;
use mailing_core::policy::Actor;
use mailing_core::recipient::RecipientDraft;
use mailing_core::submission::Submission;
use mailing_core::testing::SeededEntropy;
use mailing_core::testing::builders::{id, owner, start};

use super::refusal;
use super::scene::Scene;

fn submitting(actor: &Actor, form: FormId, seed: u64) -> Actor {
    actor.submitting(Submission::new(form, start(), &SeededEntropy::new(seed)))
}

#[tokio::test]
async fn the_second_arrival_of_a_form_finds_what_the_first_has_made() {
    let scene = Scene::new().await;
    let (services, ann) = (&scene.services, &scene.ann.actor);
    let form = id(start());
    assert_eq!(services.submissions.subject(ann, form).await.unwrap(), None);
    let first = submitting(ann, form, 1);
    let made = services
        .recipients
        .create_list(&first, "Friends")
        .await
        .unwrap();
    let subject = services.submissions.subject(ann, form).await.unwrap();
    assert_eq!(subject, Some(made.id.to_string()));

    // Had it not been asked first, it would do nothing all the same.
    let second = submitting(ann, form, 2);
    let again = services.recipients.create_list(&second, "Foes").await;
    assert_eq!(refusal(again), "internal");
    assert_eq!(services.recipients.lists(ann).await.unwrap(), [(made, 0)]);
    assert_eq!(scene.deeds(), ["create_list"]);
}

#[tokio::test]
async fn a_use_case_with_two_entries_notes_the_first() {
    let scene = Scene::new().await;
    let (services, ann) = (&scene.services, &scene.ann.actor);
    let form = id(start());
    let actor = submitting(ann, form, 1);
    let made = services
        .recipients
        .create_list(&actor, "Friends")
        .await
        .unwrap();
    services
        .recipients
        .create_list(&actor, "Foes")
        .await
        .unwrap();
    let subject = services.submissions.subject(ann, form).await.unwrap();
    assert_eq!(subject, Some(made.id.to_string()));
}

#[tokio::test]
async fn a_form_that_was_refused_may_come_again() {
    let scene = Scene::new().await;
    let (services, ann) = (&scene.services, &scene.ann.actor);
    let form = id(start());
    let bad = RecipientDraft::default();
    let refused = services
        .recipients
        .add(&submitting(ann, form, 1), bad, None)
        .await;
    assert_eq!(refusal(refused), "email address.no_at");
    assert_eq!(services.submissions.subject(ann, form).await.unwrap(), None);
    let made = services
        .recipients
        .create_list(&submitting(ann, form, 2), "Friends")
        .await;
    assert!(made.is_ok());
}

#[tokio::test]
async fn a_form_is_never_known_to_others() {
    let scene = Scene::new().await;
    let (services, ann) = (&scene.services, &scene.ann.actor);
    let bob = owner().saved(scene.store()).await;
    let form = id(start());
    let actor = submitting(ann, form, 1);
    services
        .recipients
        .create_list(&actor, "Friends")
        .await
        .unwrap();
    let strangers = services
        .submissions
        .subject(&bob.actor, form)
        .await
        .unwrap();
    assert_eq!(strangers, None);
}
