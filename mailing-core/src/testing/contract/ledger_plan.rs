//! What is due, and plans.

use chrono::TimeDelta;

use super::scene::{Scene, deferred, insist};
use crate::id::MailingId;
use crate::mailing::{Mailing, MailingEvent, MailingName, Stage};
use crate::ports::Store;
use crate::ports::store::{NewRun, PageRequest, Plan, Planned, RunFilter};
use crate::run::{MissedReason, Run, RunState};
use crate::testing::builders::{Owner, crowd, mailing, owner, run, start};
use crate::testing::system;
use crate::time::Timestamp;

/// A mailing is due from its next instant on, not before.
pub async fn a_mailing_is_due_at_its_instant(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let planned = mailing()
        .of(&ann)
        .once("2026-03-02T12:00")
        .saved(store)
        .await;
    let at = planned.next_at.unwrap();
    assert_eq!(due(store, at - TimeDelta::milliseconds(1)).await, []);
    assert_eq!(due(store, at).await, [planned.id]);
    assert_eq!(next_instant(store).await, Some(at));
}

/// The most overdue come first, and at most as many as asked for.
pub async fn the_most_overdue_come_first(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut ids = Vec::new();
    for hour in ["12", "10", "11"] {
        let at = format!("2026-03-02T{hour}:00");
        ids.push(mailing().of(&ann).once(&at).saved(store).await.id);
    }
    let now = start() + TimeDelta::hours(5);
    assert_eq!(due(store, now).await, [ids[1], ids[2], ids[0]]);
    let two = store.ledger().due(&system(), now, 2).await.unwrap();
    let two: Vec<_> = two.iter().map(|due| due.mailing.id).collect();
    assert_eq!(two, [ids[1], ids[2]]);
}

/// A created mailing is due when its first window opens, even before its first occurrence.
pub async fn a_created_mailing_is_due_when_its_window_opens(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let first = Some(start() + TimeDelta::days(2));
    let created = mailing().of(&ann).daily("2026-03-02T10:00").next_at(first);
    let created = created.saved(store).await;
    let running = mailing().of(&ann).daily("2026-03-02T10:00").next_at(first);
    running.after(MailingEvent::WindowOpened).saved(store).await;
    let opens = start() + TimeDelta::hours(1);
    assert_eq!(due(store, opens - TimeDelta::seconds(1)).await, []);
    assert_eq!(due(store, opens).await, [created.id]);
    assert_eq!(next_instant(store).await, Some(opens));
}

/// Drafts and finished mailings are never due; held ones are, and those of blocked owners, so that
/// their occurrences can be missed.
pub async fn only_launched_mailings_are_due(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let now = start();
    let at = |builder: crate::testing::builders::MailingBuilder| {
        builder.of(&ann).once("2026-03-02T08:00").next_at(Some(now))
    };
    at(mailing()).draft().saved(store).await;
    at(mailing().after(MailingEvent::NothingLeft))
        .saved(store)
        .await;
    let paused = at(mailing().after(MailingEvent::Paused)).saved(store).await;
    let disabled = MailingEvent::Disabled {
        reason: "spam".to_owned(),
    };
    let disabled = at(mailing().after(disabled)).saved(store).await;
    let mut expected = [paused.id, disabled.id];
    expected.sort_unstable();
    let mut found = due(store, now).await;
    found.sort_unstable();
    assert_eq!(found, expected);
}

/// A mailing comes whole, and says whether its owner is blocked.
pub async fn a_due_mailing_tells_whether_its_owner_is_blocked(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let planned = mailing().of(&ann).saved(store).await;
    let now = start() + TimeDelta::days(1);
    let found = store.ledger().due(&system(), now, 10).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].mailing, planned);
    assert!(!found[0].owner_blocked);
    let mut user = ann.user.clone();
    user.state = crate::user::UserState::Blocked {
        at: start(),
        reason: "spam".to_owned(),
    };
    change!(store, unit => unit.users().save(&system(), &user));
    let found = store.ledger().due(&system(), now, 10).await.unwrap();
    assert!(found[0].owner_blocked);
}

/// A plan writes its runs, the new status and the next instant together.
pub async fn a_plan_is_written_as_a_whole(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let planned = mailing()
        .of(&ann)
        .daily("2026-03-02T10:00")
        .saved(store)
        .await;
    let next_at = Some(start() + TimeDelta::days(3));
    let missed = NewRun {
        missed: Some(MissedReason::Superseded),
        ..run().at(start()).build()
    };
    let due = run().at(start() + TimeDelta::days(1)).build();
    let plan = plan(&planned, vec![missed, due], next_at);
    assert_eq!(write(store, &plan).await, Planned::Done);
    let found = look!(store, unit => unit.mailings().find(&ann.view(), planned.id)).unwrap();
    assert_eq!(found.status.stage, Stage::Running);
    assert_eq!(
        (found.next_at, found.version),
        (next_at, planned.version + 1)
    );
    let runs = runs(store, &ann).await;
    let states: Vec<_> = runs.iter().map(|run| (run.id, run.state)).collect();
    let reason = MissedReason::Superseded;
    assert_eq!(
        states,
        [
            (due.id, RunState::Due),
            (missed.id, RunState::Missed { reason })
        ]
    );
    assert_eq!((runs[0].ended_at, runs[1].ended_at), (None, Some(start())));
    assert_eq!(next_instant(store).await, next_at);
}

/// A plan of an older version writes nothing: somebody else has planned or changed the mailing.
pub async fn a_plan_of_an_old_version_is_outdated(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut planned = mailing()
        .of(&ann)
        .daily("2026-03-02T10:00")
        .saved(store)
        .await;
    let next_at = Some(start() + TimeDelta::days(1));
    let first = plan(&planned, vec![run().at(start()).build()], next_at);
    assert_eq!(write(store, &first).await, Planned::Done);
    let later = run().at(start() + TimeDelta::hours(1)).build();
    let second = plan(&planned, vec![later], None);
    assert_eq!(write(store, &second).await, Planned::Outdated);
    planned.version += 1;
    planned.name = MailingName::parse("Changed by its owner").unwrap();
    change!(store, unit => unit.mailings().save(&ann.edit(), &planned));
    let third = plan(&planned, vec![later], None);
    assert_eq!(write(store, &third).await, Planned::Outdated);
    let found = look!(store, unit => unit.mailings().find(&ann.view(), planned.id)).unwrap();
    assert_eq!(found.next_at, planned.next_at);
    assert_eq!(runs(store, &ann).await.len(), 1);
}

/// A mailing that was planned since its owner read it is not saved over.
pub async fn an_owner_does_not_save_over_a_plan(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let planned = mailing()
        .of(&ann)
        .daily("2026-03-02T10:00")
        .saved(store)
        .await;
    let plan = plan(&planned, Vec::new(), planned.next_at);
    assert_eq!(write(store, &plan).await, Planned::Done);
    let error = refused!(store, unit => unit.mailings().save(&ann.edit(), &planned));
    assert!(error.is_conflict("version"), "{error:?}");
}

/// An occurrence has one run, whoever plans it: the one that is there is left as it is.
pub async fn an_occurrence_has_one_run(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut planned = mailing()
        .of(&ann)
        .daily("2026-03-02T10:00")
        .saved(store)
        .await;
    let by_hand = run().by_hand().at(start()).due(store, &ann, &planned).await;
    let again = NewRun {
        missed: Some(MissedReason::TooLate),
        ..run().at(start()).build()
    };
    let other = run().at(start() + TimeDelta::hours(1)).build();
    let plan = plan(&planned, vec![again, other], None);
    assert_eq!(write(store, &plan).await, Planned::Done);
    let runs: Vec<_> = runs(store, &ann).await;
    let ids: Vec<_> = runs.iter().map(|run| (run.id, run.state)).collect();
    assert_eq!(ids, [(other.id, RunState::Due), (by_hand, RunState::Due)]);
    planned.version += 1;
    let found = look!(store, unit => unit.mailings().find(&ann.view(), planned.id)).unwrap();
    assert_eq!(found.version, planned.version);
}

/// Two planners at the same time write one plan.
pub async fn two_planners_write_one_plan(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let planned = mailing()
        .of(&ann)
        .daily("2026-03-02T10:00")
        .saved(store)
        .await;
    let next_at = Some(start() + TimeDelta::days(1));
    let plans: Vec<_> = (0..4)
        .map(|_| plan(&planned, vec![run().at(start()).build()], next_at))
        .collect();
    let scope = system();
    let written = plans.iter().map(|plan| {
        let scope = &scope;
        async move { insist(|| store.ledger().plan(scope, plan)).await }
    });
    let written = futures::future::join_all(written).await;
    let done = written.iter().filter(|plan| **plan == Planned::Done);
    assert_eq!(done.count(), 1);
    assert_eq!(runs(store, &ann).await.len(), 1);
}

/// A mailing that is not there cannot be planned.
pub async fn a_plan_for_no_mailing_is_outdated(store: &dyn Store) {
    let nobodys = mailing().build();
    let plan = plan(&nobodys, vec![run().build()], None);
    assert_eq!(write(store, &plan).await, Planned::Outdated);
}

/// The next instant is that of a mailing or of a deferred delivery of a running run; else none.
pub async fn the_next_instant_is_of_a_mailing_or_a_retry(store: &dyn Store) {
    assert_eq!(next_instant(store).await, None);
    let idle = mailing().after(MailingEvent::WindowOpened).next_at(None);
    let scene = Scene::of(store, idle, 2).await;
    assert_eq!(next_instant(store).await, None);
    let claim = scene.claim(2).await;
    let (soon, late) = (
        scene.now + TimeDelta::minutes(5),
        scene.now + TimeDelta::minutes(9),
    );
    scene
        .settle(&[deferred(&claim, 1, late), deferred(&claim, 2, soon)])
        .await;
    assert_eq!(next_instant(store).await, Some(soon));
    let ann = owner().saved(store).await;
    let sooner = scene.now + TimeDelta::minutes(1);
    let planned = mailing().of(&ann).next_at(Some(sooner));
    planned.saved(store).await;
    assert_eq!(next_instant(store).await, Some(sooner));
}

/// Open runs come by instant, with what the engine must know of their mailings and owners.
pub async fn open_runs_tell_what_the_engine_must_know(store: &dyn Store) {
    let ann = owner().saved(store).await;
    crowd(store, &ann, 3).await;
    let first = mailing().of(&ann).saved(store).await;
    let held = mailing()
        .of(&ann)
        .after(MailingEvent::Paused)
        .saved(store)
        .await;
    let at = |hours| start() + TimeDelta::hours(hours);
    let late = run().by_hand().at(at(2)).due(store, &ann, &first).await;
    let early = run().at(at(1)).running(store, &ann, &held).await;
    let open = store.ledger().open_runs(&system()).await.unwrap();
    let ids: Vec<_> = open.iter().map(|run| run.id).collect();
    assert_eq!(ids, [early, late]);
    assert_eq!(
        (open[0].state, open[1].state),
        (RunState::Running, RunState::Due)
    );
    assert_eq!((open[0].mailing, open[1].mailing), (held.id, first.id));
    assert_eq!((open[0].owner, open[0].occurrence_at), (ann.id(), at(1)));
    assert_eq!(
        (&open[0].status, &open[1].status),
        (&held.status, &first.status)
    );
    assert_eq!(open[0].lateness, held.lateness);
    assert_eq!((open[0].counts.planned, open[0].ready), (3, true));
    assert!(!open[0].owner_blocked && open[0].retry_at.is_none());
}

async fn due(store: &dyn Store, now: Timestamp) -> Vec<MailingId> {
    let due = store.ledger().due(&system(), now, 100).await.unwrap();
    due.iter().map(|due| due.mailing.id).collect()
}

async fn next_instant(store: &dyn Store) -> Option<Timestamp> {
    store.ledger().next_instant(&system()).await.unwrap()
}

fn plan(mailing: &Mailing, runs: Vec<NewRun>, next_at: Option<Timestamp>) -> Plan {
    let running = mailing
        .status
        .clone()
        .apply(MailingEvent::WindowOpened, start());
    Plan {
        mailing: mailing.id,
        version: mailing.version,
        runs,
        status: running.unwrap(),
        next_at,
    }
}

async fn write(store: &dyn Store, plan: &Plan) -> Planned {
    store.ledger().plan(&system(), plan).await.unwrap()
}

async fn runs(store: &dyn Store, ann: &Owner) -> Vec<Run> {
    let (filter, request) = (RunFilter::default(), PageRequest::first(50));
    look!(store, unit => unit.runs().page(&ann.view(), &filter, &request)).items
}
