//! What people write on the contacts page.

use chrono::TimeDelta;
use mailing_core::id::FeedbackId;
use mailing_core::instance::{FeedbackDraft, SettingsDraft, WhoWrites};
use mailing_core::letter::Letter;
use mailing_core::policy::Actor;
use mailing_core::ports::store::{FeedbackCounts, FeedbackFilter, PageRequest};
use mailing_core::services::ShownForm;
use mailing_core::testing::builders::{id, owner, start};
use mailing_core::user::{Language, Role};

use super::refusal;
use super::scene::Scene;

const CLIENT: &str = "192.0.2.1";

/// What somebody types, and a form that was shown a minute ago.
pub(super) fn written(text: &str) -> (FeedbackDraft, ShownForm) {
    let draft = FeedbackDraft {
        name: "Анна".to_owned(),
        email: "anna@example.org".to_owned(),
        phone: String::new(),
        text: text.to_owned(),
    };
    (draft, shown(60))
}

fn shown(seconds_ago: i64) -> ShownForm {
    ShownForm {
        id: id(start()),
        at: start() - TimeDelta::seconds(seconds_ago),
    }
}

async fn leave(scene: &Scene, text: &str, form: ShownForm, client: &str) -> String {
    let (draft, _) = written(text);
    let feedback = &scene.services.feedback;
    refusal(feedback.leave(&draft, form, Language::Ru, client).await)
}

async fn texts(scene: &Scene) -> Vec<(FeedbackId, String)> {
    let (filter, request) = (FeedbackFilter::default(), PageRequest::first(500));
    let (feedback, console) = (&scene.services.feedback, Actor::console());
    let page = feedback.page(&console, &filter, &request).await.unwrap();
    let items = page.items.into_iter();
    items
        .map(|one| (one.id, one.text.as_str().to_owned()))
        .collect()
}

async fn contact(scene: &Scene, address: &str) {
    let draft = SettingsDraft {
        blog_writers: WhoWrites::default().as_str().to_owned(),
        contact_address: address.to_owned(),
        ..SettingsDraft::default()
    };
    let instance = &scene.services.instance;
    instance.save(&Actor::console(), 0, &draft).await.unwrap();
}

#[tokio::test]
async fn feedback_is_kept_with_its_moment_and_sent_on_to_be_answered() {
    let scene = Scene::new().await;
    contact(&scene, "office@example.org").await;
    assert_eq!(
        leave(&scene, "Один\r\nдва", shown(60), CLIENT).await,
        "done"
    );
    let (id, _) = texts(&scene).await[0].clone();
    let kept = scene
        .services
        .feedback
        .show(&Actor::console(), id)
        .await
        .unwrap();
    assert_eq!((kept.at, kept.language), (start(), Language::Ru));
    assert_eq!(kept.text.as_str(), "Один\nдва");
    let letters = scene.letters().await;
    assert_eq!(letters.len(), 1);
    let (to, letter) = &letters[0];
    assert_eq!(to, "office@example.org");
    let Letter::Feedback { feedback, text, .. } = letter else {
        panic!("{letter:?}");
    };
    assert_eq!((*feedback, text.as_str()), (id, "Один\nдва"));
    let reply_to = letter.reply_to().unwrap();
    assert_eq!(reply_to.address.as_str(), "anna@example.org");
}

#[tokio::test]
async fn without_a_contact_address_feedback_is_kept_alone() {
    let scene = Scene::new().await;
    assert_eq!(leave(&scene, "Hello", shown(60), CLIENT).await, "done");
    assert_eq!(texts(&scene).await.len(), 1);
    assert_eq!(scene.letters().await, []);
}

#[tokio::test]
async fn a_form_that_arrives_twice_is_kept_and_sent_once() {
    let scene = Scene::new().await;
    contact(&scene, "office@example.org").await;
    let form = shown(60);
    for _ in 0..20 {
        assert_eq!(leave(&scene, "Hello", form, CLIENT).await, "done");
    }
    assert_eq!(texts(&scene).await.len(), 1);
    assert_eq!(scene.letters().await.len(), 1);
}

#[tokio::test]
async fn who_is_faster_than_anybody_writes_is_asked_again() {
    let scene = Scene::new().await;
    let form = shown(2);
    assert_eq!(
        leave(&scene, "Hello", form, CLIENT).await,
        "feedback.too_fast"
    );
    let ahead = leave(&scene, "Hello", shown(-60), CLIENT).await;
    assert_eq!(ahead, "feedback.too_fast");
    assert_eq!(texts(&scene).await, []);
    scene.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(leave(&scene, "Hello", form, CLIENT).await, "done");
}

#[tokio::test]
async fn one_address_block_and_all_together_are_limited() {
    let scene = Scene::new().await;
    for number in 0..5 {
        let text = number.to_string();
        assert_eq!(leave(&scene, &text, shown(60), CLIENT).await, "done");
    }
    let refused = "too_many_requests";
    assert_eq!(leave(&scene, "6", shown(60), CLIENT).await, refused);
    assert_eq!(leave(&scene, "6", shown(60), "192.0.2.2").await, "done");
    assert_eq!(texts(&scene).await.len(), 6);
    scene.minutes(60);
    assert_eq!(leave(&scene, "7", shown(60), CLIENT).await, "done");
    for number in 7..300 {
        let client = format!("2001:db8:{number:x}::/64");
        assert_eq!(leave(&scene, "more", shown(60), &client).await, "done");
    }
    assert_eq!(leave(&scene, "301", shown(60), "192.0.2.9").await, refused);
    scene.minutes(24 * 60);
    assert_eq!(leave(&scene, "301", shown(60), "192.0.2.9").await, "done");
}

#[tokio::test]
async fn feedback_is_marked_deleted_and_taken_back_by_administrators() {
    let scene = Scene::new().await;
    leave(&scene, "Hello", shown(60), CLIENT).await;
    let (id, _) = texts(&scene).await[0].clone();
    let (feedback, console) = (&scene.services.feedback, &Actor::console());
    for answered in [true, true, false] {
        feedback.mark(console, id, answered).await.unwrap();
        let kept = feedback.show(console, id).await.unwrap();
        assert_eq!(kept.answered_at, answered.then(start));
    }
    feedback.mark(console, id, true).await.unwrap();
    feedback.delete(console, id).await.unwrap();
    assert_eq!(refusal(feedback.show(console, id).await), "not_found");
    assert_eq!(
        refusal(feedback.mark(console, id, false).await),
        "not_found"
    );
    assert_eq!(refusal(feedback.delete(console, id).await), "not_found");
    let counts = feedback.counts(console).await.unwrap();
    assert_eq!(counts, FeedbackCounts::default());
    for _ in 0..2 {
        feedback.undelete(console, id).await.unwrap();
    }
    let kept = feedback.show(console, id).await.unwrap();
    assert_eq!(kept.answered_at, Some(start()));
    let expected = [
        "answer_feedback",
        "answer_feedback",
        "delete_feedback",
        "reopen_feedback",
        "undelete_feedback",
    ];
    assert_eq!(scene.deeds(), expected);
    feedback.delete(console, id).await.unwrap();
    scene.minutes(30 * 24 * 60);
    assert_eq!(refusal(feedback.undelete(console, id).await), "not_found");
}

#[tokio::test]
async fn feedback_is_for_administrators_alone() {
    let scene = Scene::new().await;
    leave(&scene, "Hello", shown(60), CLIENT).await;
    let (id, _) = texts(&scene).await[0].clone();
    let feedback = &scene.services.feedback;
    for role in [Role::Owner, Role::Manager, Role::ContentManager] {
        let other = owner().role(role).saved(scene.store()).await;
        assert_eq!(refusal(feedback.show(&other.actor, id).await), "denied");
        assert_eq!(refusal(feedback.delete(&other.actor, id).await), "denied");
    }
    let boss = owner().role(Role::Administrator).saved(scene.store()).await;
    assert!(feedback.show(&boss.actor, id).await.is_ok());
}
