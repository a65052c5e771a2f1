//! Forms that were sent.

use chrono::TimeDelta;

use crate::id::{FormId, UserId};
use crate::ports::Store;
use crate::ports::store::Submitted;
use crate::submission::Submission;
use crate::testing::builders::{id, owner, start, two_owners};
use crate::testing::{SeededEntropy, system};
use crate::time::Timestamp;

/// The first arrival of a form notes its subject, and may do so again; another one may not.
pub async fn a_form_is_noted_by_its_first_arrival(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let form = id(start());
    assert_eq!(subject(store, ann.id(), form).await, None);
    let (first, second) = (arrival(form, 1), arrival(form, 2));
    assert!(note(store, ann.id(), first, "made", start()).await);
    assert!(note(store, ann.id(), first, "made besides", start()).await);
    assert!(!note(store, ann.id(), second, "made again", start()).await);
    assert_eq!(
        subject(store, ann.id(), form).await.as_deref(),
        Some("made")
    );
}

/// Whoever sends a form with somebody else's number sends another form.
pub async fn forms_are_one_users(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let form = id(start());
    assert!(note(store, ann.id(), arrival(form, 1), "Ann's", start()).await);
    assert_eq!(subject(store, bob.id(), form).await, None);
    assert!(note(store, bob.id(), arrival(form, 2), "Bob's", start()).await);
    assert_eq!(
        subject(store, ann.id(), form).await.as_deref(),
        Some("Ann's")
    );
}

/// What was sent before an instant is forgotten.
pub async fn forms_of_long_ago_are_forgotten(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let (old, new): (FormId, FormId) = (id(start() - TimeDelta::days(3)), id(start()));
    note(
        store,
        ann.id(),
        arrival(old, 1),
        "old",
        start() - TimeDelta::days(3),
    )
    .await;
    note(store, ann.id(), arrival(new, 2), "new", start()).await;
    let before = start() - TimeDelta::days(2);
    let purged = change!(store, unit => unit.submissions().purge(&system(), before));
    assert_eq!(purged, 1);
    assert_eq!(subject(store, ann.id(), old).await, None);
    assert!(subject(store, ann.id(), new).await.is_some());
}

fn arrival(form: FormId, seed: u64) -> Submission {
    Submission::new(form, start(), &SeededEntropy::new(seed))
}

async fn note(
    store: &dyn Store,
    user: UserId,
    submission: Submission,
    subject: &str,
    at: Timestamp,
) -> bool {
    let what = Submitted {
        user,
        submission,
        subject,
        at,
    };
    change!(store, unit => unit.submissions().note(&system(), &what))
}

async fn subject(store: &dyn Store, user: UserId, form: FormId) -> Option<String> {
    look!(store, unit => unit.submissions().subject(&system(), user, form))
}
