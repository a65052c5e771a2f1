//! What supervision sees of everybody's things.

use chrono::TimeDelta;

use super::scene::{Scene, delivered, failed, in_doubt};
use crate::audit::{Deed, Entry};
use crate::delivery::Cause;
use crate::mailing::MailingEvent;
use crate::policy::{self, Actor, Supervise};
use crate::ports::Store;
use crate::ports::store::{
    AuditFilter, OpenRunFilter, PageRequest, SupervisedMailing, SupervisionFilter, Volume,
};
use crate::testing::SeededEntropy;
use crate::testing::builders::{mailing, owner, recipient, run, start, two_owners};

fn scope() -> Supervise {
    policy::supervise(&Actor::console()).unwrap()
}

async fn found(store: &dyn Store, filter: &SupervisionFilter) -> Vec<SupervisedMailing> {
    let request = PageRequest::first(50);
    let page = look!(store, unit => unit
        .supervision()
        .mailings(&scope(), filter, start(), &request));
    assert_eq!(page.next, None);
    page.items
}

/// Names of what is found.
fn names(mailings: &[SupervisedMailing]) -> Vec<&str> {
    mailings.iter().map(|found| found.name.as_str()).collect()
}

/// One of ten delivered, two failed, one in doubt, the rest waits.
async fn sent(store: &dyn Store) -> Scene<'_> {
    let scene = Scene::of(store, mailing().named("Winter"), 10).await;
    let claim = scene.claim(4).await;
    let results = [
        delivered(&claim, 1),
        failed(&claim, 2, Cause::Policy),
        failed(&claim, 3, Cause::GaveUp),
        in_doubt(&claim, 4),
    ];
    scene.settle(&results).await;
    scene
}

/// A mailing comes with its owner and with what its runs since the instant asked for have sent.
pub async fn mailings_of_everybody_come_with_what_they_sent(store: &dyn Store) {
    let scene = sent(store).await;
    let bob = owner().at("bob@example.org").saved(store).await;
    let other = mailing().of(&bob).named("Spring").saved(store).await;
    let all = found(store, &SupervisionFilter::default()).await;
    assert_eq!(names(&all), ["Spring", "Winter"], "last made first");
    assert_eq!((all[0].id, all[0].owner), (other.id, bob.id()));
    assert_eq!(all[0].owner_email.as_str(), "bob@example.org");
    assert_eq!(all[0].volume, Volume::default());
    assert_eq!(all[0].volume.failures_per_mille(), None);
    let winter = &all[1];
    let volume = Volume {
        sent: 4,
        failed: 2,
        waiting: 6,
    };
    assert_eq!((winter.owner, winter.volume), (scene.ann.id(), volume));
    assert_eq!(winter.volume.failures_per_mille(), Some(500));
    assert_eq!(
        (&winter.status, winter.next_at, winter.zone),
        (
            &scene.mailing.status,
            scene.mailing.next_at,
            scene.mailing.zone
        )
    );
    let later = start() + TimeDelta::milliseconds(1);
    let id = scene.mailing.id;
    let one = look!(store, unit => unit.supervision().mailing(&scope(), id, later));
    assert_eq!(one.unwrap().volume, Volume::default());
}

/// Mailings are found by the state that screens show, by owner, and by parts of name and login.
pub async fn mailings_are_found_by_state_owner_and_text(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let disabled = MailingEvent::Disabled {
        reason: "spam".to_owned(),
    };
    let held = mailing().of(&ann).named("Супервыигрыш 50%");
    held.after(disabled).saved(store).await;
    mailing().of(&bob).named("Draft").draft().saved(store).await;
    let mut renamed = mailing().of(&bob).named("News").saved(store).await;
    let of = |status, search: Option<&str>, owner| SupervisionFilter {
        status,
        search: search.map(str::to_owned),
        owner,
    };
    for (filter, expected) in [
        (of(Some("disabled"), None, None), vec!["Супервыигрыш 50%"]),
        (of(Some("draft"), None, None), vec!["Draft"]),
        (of(None, None, Some(bob.id())), vec!["News", "Draft"]),
        (of(None, Some(" СУПЕР"), None), vec!["Супервыигрыш 50%"]),
        (of(None, Some("0%"), None), vec!["Супервыигрыш 50%"]),
        (of(None, Some("_"), None), vec![]),
        (of(Some("created"), Some("new"), None), vec!["News"]),
    ] {
        let mailings = found(store, &filter).await;
        assert_eq!(names(&mailings), expected, "{filter:?}");
    }
    let login = bob.user.email.as_str().to_uppercase();
    let by_login = found(store, &of(None, Some(&login), None)).await;
    assert_eq!(names(&by_login), ["News", "Draft"]);
    renamed.name = crate::mailing::MailingName::parse("ЁЛКА").unwrap();
    change!(store, unit => unit.mailings().save(&bob.edit(), &renamed));
    let by_name = found(store, &of(None, Some("ёлк"), None)).await;
    assert_eq!(names(&by_name), ["ЁЛКА"], "a search follows the changes");
}

/// What its owner has thrown away is nobody's business.
pub async fn what_is_in_the_trash_is_not_supervised(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let gone = mailing().of(&ann).saved(store).await;
    change!(store, unit => unit.mailings().delete(&ann.edit(), gone.id, start()));
    assert_eq!(found(store, &SupervisionFilter::default()).await, []);
    let one = look!(store, unit => unit.supervision().mailing(&scope(), gone.id, start()));
    assert_eq!(one, None);
}

/// The greatest shares of failures come first; few deliveries, or few failures, say nothing.
pub async fn the_worst_mailings_come_first(store: &dyn Store) {
    let scene = sent(store).await;
    let worst = |least| async move {
        look!(store, unit => unit.supervision().worst(&scope(), start(), least, 5))
    };
    assert_eq!(names(&worst(4).await), ["Winter"]);
    assert_eq!(worst(5).await, [], "too few were sent");
    let later = start() + TimeDelta::milliseconds(1);
    let recent = look!(store, unit => unit.supervision().worst(&scope(), later, 1, 5));
    assert_eq!(recent, [], "the run is older");
    let claim = scene.claim(6).await;
    let rest: Vec<_> = (5..=10).map(|number| delivered(&claim, number)).collect();
    scene.settle(&rest).await;
    assert_eq!(names(&worst(4).await), ["Winter"], "two of ten failed");
}

/// Runs that are not final come with their owners' logins, oldest first, and without what a server
/// said of a recipient.
pub async fn open_runs_of_everybody_come_without_replies(store: &dyn Store) {
    let scene = sent(store).await;
    let bob = owner().saved(store).await;
    recipient().of(&bob).saved(store).await;
    let second = mailing().of(&bob).saved(store).await;
    let at = start() + TimeDelta::hours(1);
    let late = run().at(at).running(store, &bob, &second).await;
    let all = OpenRunFilter::default();
    let open = look!(store, unit => unit.supervision().open_runs(&scope(), &all, 5));
    let ids: Vec<_> = open.iter().map(|open| open.run.id).collect();
    assert_eq!(ids, [scene.run, late]);
    assert!(scene.run().await.last_reply.is_some());
    assert_eq!(open[0].run.last_reply, None);
    assert_eq!(open[0].run.counts, scene.counts().await);
    assert_eq!(open[1].owner_email, bob.user.email);
    let one = look!(store, unit => unit.supervision().open_runs(&scope(), &all, 1));
    assert_eq!(one.len(), 1);
}

/// Of the runs that are not final, those that are being sent are told for themselves: older ones that
/// wait take no place, and neither do those of other mailings.
pub async fn runs_that_are_being_sent_are_told_for_themselves(store: &dyn Store) {
    let scene = sent(store).await;
    let (ann, first) = (&scene.ann, &scene.mailing);
    let early = start() - TimeDelta::hours(1);
    let waits = run().at(early).due(store, ann, first).await;
    let other = mailing().of(ann).saved(store).await;
    let late = start() + TimeDelta::hours(1);
    let second = run().at(late).running(store, ann, &other).await;
    let ids = async |sending, mailing, limit| {
        let filter = OpenRunFilter { sending, mailing };
        let open = look!(store, unit => unit.supervision().open_runs(&scope(), &filter, limit));
        open.iter().map(|open| open.run.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(false, None, 5).await, [waits, scene.run, second]);
    assert_eq!(ids(true, None, 5).await, [scene.run, second]);
    assert_eq!(ids(true, None, 1).await, [scene.run]);
    assert_eq!(ids(true, Some(other.id), 1).await, [second]);
    assert_eq!(ids(false, Some(first.id), 5).await, [waits, scene.run]);
}

/// An owner's mailings and volume are summed up; another's are not in the sums.
pub async fn an_owners_activity_is_summed_up(store: &dyn Store) {
    let scene = sent(store).await;
    mailing().of(&scene.ann).draft().saved(store).await;
    let bob = owner().saved(store).await;
    let ann = scene.ann.id();
    let activity = look!(store, unit => unit.supervision().activity(&scope(), ann, start()));
    assert_eq!((activity.mailings, activity.active), (2, 1));
    assert_eq!((activity.volume.sent, activity.volume.failed), (4, 2));
    let none = look!(store, unit => unit.supervision().activity(&scope(), bob.id(), start()));
    assert_eq!(none, crate::ports::store::OwnerActivity::default());
}

/// The log is filtered by whom it concerns, what was done, and when.
pub async fn the_audit_log_is_read_by_person_deed_and_time(store: &dyn Store) {
    let (ann, boss) = two_owners(store).await;
    let entropy = SeededEntropy::new(1);
    let at = |minute| start() + TimeDelta::minutes(minute);
    let entries = [
        Entry::new(&ann.actor, Deed::CreateList, "x", at(1), &entropy),
        Entry::new(&boss.actor, Deed::BlockUser, ann.id(), at(2), &entropy).of(ann.id()),
        Entry::new(&boss.actor, Deed::SignIn, boss.id(), at(3), &entropy),
        Entry::new(&Actor::console(), Deed::SetRate, "server", at(4), &entropy),
    ];
    for entry in &entries {
        change!(store, unit => unit.audit().add(entry));
    }
    let all = AuditFilter::default();
    for (filter, expected) in [
        (all, vec![3, 2, 1, 0]),
        (
            AuditFilter {
                user: Some(ann.id()),
                ..all
            },
            vec![1, 0],
        ),
        (
            AuditFilter {
                user: Some(boss.id()),
                ..all
            },
            vec![2, 1],
        ),
        (
            AuditFilter {
                deed: Some(Deed::BlockUser),
                ..all
            },
            vec![1],
        ),
        (
            AuditFilter {
                since: Some(at(2)),
                until: Some(at(4)),
                ..all
            },
            vec![2, 1],
        ),
    ] {
        let request = PageRequest::first(10);
        let page = look!(store, unit => unit.supervision().audit(&scope(), &filter, &request));
        let ids: Vec<_> = page.items.iter().map(|line| line.entry.id).collect();
        let wanted: Vec<_> = expected.iter().map(|index| entries[*index].id).collect();
        assert_eq!(ids, wanted, "{filter:?}");
    }
    let request = PageRequest::first(10);
    let page = look!(store, unit => unit.supervision().audit(&scope(), &all, &request));
    let (console, blocked) = (&page.items[0], &page.items[2]);
    assert_eq!((&console.user, &console.owner), (&None, &None));
    assert_eq!(blocked.user.as_ref(), Some(&boss.user.email));
    assert_eq!(blocked.owner.as_ref(), Some(&ann.user.email));
}

/// A page begins where the one before it has ended, also under a filter.
pub async fn the_audit_log_comes_page_by_page(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let entropy = SeededEntropy::new(1);
    for minute in 0..5 {
        let at = start() + TimeDelta::minutes(minute);
        let entry = Entry::new(&ann.actor, Deed::SignIn, ann.id(), at, &entropy);
        change!(store, unit => unit.audit().add(&entry));
    }
    let filter = AuditFilter {
        until: Some(start() + TimeDelta::minutes(4)),
        ..AuditFilter::default()
    };
    let (mut request, mut seen) = (PageRequest::first(3), Vec::new());
    loop {
        let page = look!(store, unit => unit.supervision().audit(&scope(), &filter, &request));
        seen.extend(page.items.iter().map(|line| line.entry.at));
        match page.next {
            Some(next) => request = request.after(Some(next)),
            None => break,
        }
    }
    let expected = [3, 2, 1, 0].map(|minute| start() + TimeDelta::minutes(minute));
    assert_eq!(seen, expected);
}
