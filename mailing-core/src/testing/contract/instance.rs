//! Settings of the instance, and feedback.

use chrono::TimeDelta;

use crate::id::{FeedbackId, FormId};
use crate::instance::{Feedback, FeedbackDraft, KeptSettings, SettingsDraft};
use crate::policy::{self, Actor, Correspond};
use crate::ports::Store;
use crate::ports::store::{FeedbackCounts, FeedbackFilter, PageRequest};
use crate::testing::builders::{id, start};
use crate::testing::system;
use crate::time::Timestamp;
use crate::user::Language;

/// Settings are read back with their version; before they are saved there are none.
pub async fn settings_are_read_back_as_they_were_saved(store: &dyn Store) {
    assert_eq!(look!(store, unit => unit.settings().find(&system())), None);
    let first = settings(1, "Ann@Пример.рф");
    assert!(put(store, &first).await);
    assert_eq!(
        look!(store, unit => unit.settings().find(&system())),
        Some(first)
    );
}

/// Of two that edit the same version, the second one saves nothing.
pub async fn settings_are_saved_over_the_version_that_is_there(store: &dyn Store) {
    assert!(put(store, &settings(1, "one@example.org")).await);
    assert!(!put(store, &settings(1, "late@example.org")).await);
    assert!(!put(store, &settings(3, "early@example.org")).await);
    let second = settings(2, "two@example.org");
    assert!(put(store, &second).await);
    assert!(!put(store, &settings(2, "late@example.org")).await);
    assert_eq!(
        look!(store, unit => unit.settings().find(&system())),
        Some(second)
    );
}

/// Every field comes back; marks change nothing else.
pub async fn feedback_is_read_back_as_it_was_written(store: &dyn Store) {
    let mut written = feedback(start(), "Один\nдва <b>\u{202e}");
    assert!(add(store, &written, id(start())).await);
    assert_eq!(found(store, written.id).await, Some(written.clone()));
    let silent = Feedback {
        id: id(start()),
        phone: None,
        language: Language::En,
        ..written.clone()
    };
    assert!(add(store, &silent, id(start())).await);
    assert_eq!(found(store, silent.id).await, Some(silent.clone()));
    written.answered_at = Some(start() + TimeDelta::hours(1));
    assert!(mark(store, &written).await);
    assert_eq!(found(store, written.id).await, Some(written.clone()));
    assert_eq!(found(store, silent.id).await, Some(silent));
    written.answered_at = None;
    assert!(mark(store, &written).await);
    assert_eq!(found(store, written.id).await, Some(written.clone()));
    written.id = id(start());
    assert_eq!(found(store, written.id).await, None);
    assert!(!mark(store, &written).await);
}

/// Who answers and who deletes at the same moment do not undo each other: the second one is refused.
pub async fn feedback_is_not_marked_over_what_was_not_read(store: &dyn Store) {
    let read = feedback(start(), "both at once");
    add(store, &read, id(start())).await;
    let mut answered = read.clone();
    answered.answered_at = Some(start());
    let mut deleted = read.clone();
    deleted.deleted_at = Some(start());
    assert!(mark_over(store, &read, &answered).await);
    assert!(!mark_over(store, &read, &deleted).await);
    assert_eq!(found(store, read.id).await.as_ref(), Some(&answered));
    let mut both = answered.clone();
    both.deleted_at = deleted.deleted_at;
    assert!(mark_over(store, &answered, &both).await);
    assert!(!mark_over(store, &answered, &read).await);
    assert_eq!(found(store, read.id).await, Some(both));
}

/// A form that arrives twice leaves one entry.
pub async fn feedback_of_one_form_is_kept_once(store: &dyn Store) {
    let form = id(start());
    let first = feedback(start(), "first");
    let second = feedback(start(), "second");
    assert!(add(store, &first, form).await);
    assert!(!add(store, &second, form).await);
    assert_eq!(texts(store, FeedbackFilter::default()).await, ["first"]);
}

/// Pages go from the newest to the oldest.
pub async fn feedback_comes_newest_first_by_pages(store: &dyn Store) {
    for minute in 0..5 {
        let at = start() + TimeDelta::minutes(minute);
        add(store, &feedback(at, &minute.to_string()), id(start())).await;
    }
    let (mut seen, mut request) = (Vec::new(), PageRequest::first(2));
    loop {
        let filter = FeedbackFilter::default();
        let page = look!(store, unit => unit.feedback().page(&scope(), &filter, &request));
        assert!(page.items.len() <= 2);
        seen.extend(page.items.iter().map(|one| one.text.as_str().to_owned()));
        if page.next.is_none() {
            break;
        }
        request = PageRequest::first(2).after(page.next);
    }
    assert_eq!(seen, ["4", "3", "2", "1", "0"]);
}

/// A search finds name, address and text in any case, and wildcards stand for themselves.
pub async fn feedback_is_found_by_its_mark_and_its_text(store: &dyn Store) {
    let mut answered = feedback(start(), "Answered 100%");
    answered.answered_at = Some(start());
    let open = feedback(start() + TimeDelta::minutes(1), "ОТКРЫТО");
    for one in [&answered, &open] {
        add(store, one, id(start())).await;
    }
    mark(store, &answered).await;
    let only = |answered, search: &str| FeedbackFilter {
        answered,
        search: Some(search.to_owned()),
    };
    assert_eq!(texts(store, only(Some(true), "")).await, ["Answered 100%"]);
    assert_eq!(texts(store, only(Some(false), "")).await, ["ОТКРЫТО"]);
    assert_eq!(texts(store, only(None, "открыт")).await, ["ОТКРЫТО"]);
    assert_eq!(texts(store, only(None, "АННА")).await.len(), 2);
    assert_eq!(texts(store, only(None, "anna@example")).await.len(), 2);
    assert_eq!(texts(store, only(None, "0%")).await, ["Answered 100%"]);
    assert_eq!(texts(store, only(Some(true), "открыт")).await, [""; 0]);
    let counts = look!(store, unit => unit.feedback().counts(&scope()));
    assert_eq!(
        counts,
        FeedbackCounts {
            new: 1,
            answered: 1
        }
    );
}

/// What is in the trash is neither listed nor counted, and erased once it has lain there long enough.
pub async fn feedback_in_the_trash_is_erased_after_its_time(store: &dyn Store) {
    let (mut old, mut late) = (feedback(start(), "old"), feedback(start(), "late"));
    let living = feedback(start(), "living");
    for one in [&old, &late, &living] {
        add(store, one, id(start())).await;
    }
    old.deleted_at = Some(start());
    late.deleted_at = Some(start() + TimeDelta::days(1));
    for one in [&old, &late] {
        assert!(mark(store, one).await);
    }
    assert_eq!(texts(store, FeedbackFilter::default()).await, ["living"]);
    let counts = look!(store, unit => unit.feedback().counts(&scope()));
    assert_eq!(
        counts,
        FeedbackCounts {
            new: 1,
            answered: 0
        }
    );
    let before = start() + TimeDelta::hours(1);
    let purged = change!(store, unit => unit.feedback().purge(&system(), before));
    assert_eq!(purged, 1);
    assert_eq!(found(store, old.id).await, None);
    assert_eq!(found(store, late.id).await, Some(late));
    assert_eq!(found(store, living.id).await, Some(living));
}

fn scope() -> Correspond {
    policy::correspond(&Actor::console()).unwrap()
}

fn settings(version: u32, address: &str) -> KeptSettings {
    let typed = SettingsDraft {
        blog_writers: "every_owner".to_owned(),
        contact_address: address.to_owned(),
        contact_text_en: "**Call** us".to_owned(),
        contact_text_ru: "Звоните\nнам".to_owned(),
    };
    KeptSettings {
        settings: typed.check().unwrap(),
        version,
    }
}

async fn put(store: &dyn Store, kept: &KeptSettings) -> bool {
    change!(store, unit => unit.settings().put(&system(), kept, start()))
}

fn feedback(at: Timestamp, text: &str) -> Feedback {
    let typed = FeedbackDraft {
        name: "Анна".to_owned(),
        email: "Anna@Example.org".to_owned(),
        phone: "+7 495 123-45-67".to_owned(),
        text: text.to_owned(),
    };
    typed.check(id(at), at, Language::Ru).unwrap()
}

async fn add(store: &dyn Store, feedback: &Feedback, form: FormId) -> bool {
    change!(store, unit => unit.feedback().add(&system(), feedback, form))
}

/// Writes it over what is there now.
async fn mark(store: &dyn Store, one: &Feedback) -> bool {
    let read = found(store, one.id).await.unwrap_or_else(|| one.clone());
    mark_over(store, &read, one).await
}

async fn mark_over(store: &dyn Store, read: &Feedback, one: &Feedback) -> bool {
    let (answered, deleted) = (one.answered_at, one.deleted_at);
    change!(store, unit => unit.feedback().mark(&scope(), read, answered, deleted))
}

async fn found(store: &dyn Store, id: FeedbackId) -> Option<Feedback> {
    look!(store, unit => unit.feedback().find(&scope(), id))
}

async fn texts(store: &dyn Store, filter: FeedbackFilter) -> Vec<String> {
    let request = PageRequest::first(10);
    let page = look!(store, unit => unit.feedback().page(&scope(), &filter, &request));
    let texts = page.items.iter().map(|one| one.text.as_str().to_owned());
    texts.collect()
}
