//! Mailings, and what their owners do to their runs.

use chrono::TimeDelta;

use crate::mailing::{Mailing, MailingEvent, MailingName};
use crate::ports::Store;
use crate::ports::store::{MailingFilter, PageRequest, Plan, Planned, RunControl, RunFilter};
use crate::recipient::RecipientState;
use crate::run::{CancelReason, PauseReason, Run, RunKind, RunState};
use crate::schedule::{MissedPolicy, Repeat};
use crate::testing::builders::{
    Owner, list, mailing, owner, recipient, run, start, suppression, two_owners,
};
use crate::testing::system;

/// Every field survives: several windows, each audience, status with its overlays.
pub async fn a_mailing_is_read_back_as_it_was_written(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).saved(store).await.id;
    let lists = [
        list().of(&ann).saved(store).await.id,
        list().of(&ann).saved(store).await.id,
    ];
    let disabled = MailingEvent::Disabled {
        reason: "жалобы".to_owned(),
    };
    let builders = [
        mailing().of(&ann).named("Новости"),
        mailing().of(&ann).to(&[eve]).draft(),
        mailing().of(&ann).to_lists(&lists).retrying_doubts(),
        mailing()
            .of(&ann)
            .zone("Asia/Yekaterinburg")
            .daily("2026-03-03T02:30")
            .window("2026-04-01T12:00", Some("2026-05-01T00:00"), Repeat::Once)
            .missed(MissedPolicy::RunEach),
        mailing()
            .of(&ann)
            .after(MailingEvent::WindowOpened)
            .after(MailingEvent::Paused),
        mailing()
            .of(&ann)
            .after(MailingEvent::NothingLeft)
            .after(disabled)
            .next_at(None),
        mailing()
            .of(&ann)
            .after(MailingEvent::FinishedByOwner)
            .next_at(None),
    ];
    for builder in builders {
        let written = builder.saved(store).await;
        let found = look!(store, unit => unit.mailings().find(&ann.view(), written.id));
        assert_eq!(found, Some(written));
    }
}

/// Saving writes a mailing back, windows too, and adds one to its version.
pub async fn a_saved_mailing_has_its_new_fields_and_version(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut planned = mailing().of(&ann).saved(store).await;
    let other = mailing()
        .of(&ann)
        .zone("Europe/Moscow")
        .daily("2026-03-05T08:00");
    let other = other.saved(store).await;
    planned.name = MailingName::parse("Renamed").unwrap();
    planned.message = other.message;
    planned.sender = other.sender;
    planned.zone = other.zone;
    planned.windows[0].schedule = other.windows[0].schedule.clone();
    planned.status = planned.status.apply(MailingEvent::Paused, start()).unwrap();
    planned.next_at = None;
    change!(store, unit => unit.mailings().save(&ann.edit(), &planned));
    let found = look!(store, unit => unit.mailings().find(&ann.view(), planned.id));
    let version = planned.version + 1;
    assert_eq!(found, Some(Mailing { version, ..planned }));
}

/// A mailing that was changed since it was read is not saved.
pub async fn a_stale_mailing_is_not_saved(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let read = mailing().of(&ann).saved(store).await;
    let mut first = read.clone();
    first.name = MailingName::parse("First").unwrap();
    change!(store, unit => unit.mailings().save(&ann.edit(), &first));
    let error = refused!(store, unit => unit.mailings().save(&ann.edit(), &read));
    assert!(error.is_conflict("version"), "{error:?}");
    let found = look!(store, unit => unit.mailings().find(&ann.view(), read.id));
    assert_eq!(found.unwrap().name, first.name);
}

/// The list has the last made first and can be narrowed to one status; overlays win over stages.
pub async fn mailings_are_listed_by_status(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let made = |minutes| {
        mailing()
            .of(&ann)
            .made(start() + TimeDelta::minutes(minutes))
    };
    let draft = made(0).draft().saved(store).await.id;
    let created = made(1).saved(store).await.id;
    let running = made(2)
        .after(MailingEvent::WindowOpened)
        .saved(store)
        .await
        .id;
    let paused = made(3).after(MailingEvent::Paused).saved(store).await.id;
    let finished = made(4)
        .after(MailingEvent::NothingLeft)
        .saved(store)
        .await
        .id;
    let all = listed(store, &ann, None).await;
    assert_eq!(all, [finished, paused, running, created, draft]);
    let by_status = [
        ("draft", draft),
        ("created", created),
        ("running", running),
        ("paused", paused),
        ("finished", finished),
    ];
    for (status, expected) in by_status {
        assert_eq!(
            listed(store, &ann, Some(status)).await,
            [expected],
            "{status}"
        );
    }
    assert!(listed(store, &ann, Some("disabled")).await.is_empty());
}

/// Whom a run would reach is counted for each audience: active, not suppressed, not deleted, once.
pub async fn the_audience_is_counted_without_the_barred(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).saved(store).await.id;
    let adam = recipient().of(&ann).saved(store).await.id;
    let gone = recipient().of(&ann).state(RecipientState::Unsubscribed);
    let gone = gone.saved(store).await.id;
    recipient().of(&ann).at("no@example.org").saved(store).await;
    suppression()
        .of(&ann)
        .address("NO@example.org")
        .saved(store)
        .await;
    recipient()
        .of(&ann)
        .at("any@example.net")
        .saved(store)
        .await;
    suppression()
        .of(&ann)
        .domain("example.net")
        .saved(store)
        .await;
    let deleted = recipient().of(&ann).saved(store).await.id;
    let first = list()
        .of(&ann)
        .with(&[eve, gone, deleted])
        .saved(store)
        .await;
    let second = list().of(&ann).with(&[eve, adam]).saved(store).await;
    let all = mailing().of(&ann);
    let lists = mailing().of(&ann).to_lists(&[first.id, second.id]);
    let one_list = mailing().of(&ann).to_lists(&[first.id]);
    let chosen = mailing().of(&ann).to(&[eve, gone, deleted]);
    let mut sizes = Vec::new();
    for (builder, expected) in [(all, 2), (lists, 2), (one_list, 1), (chosen, 1)] {
        sizes.push((builder.saved(store).await.id, expected));
    }
    change!(store, unit => unit.recipients().delete(&ann.edit(), deleted, start()));
    for (id, expected) in sizes {
        let size = look!(store, unit => unit.mailings().audience_size(&ann.view(), id, 10));
        assert_eq!(size, Some(expected));
    }
}

/// Recipients of other owners, unknown and deleted ones cannot be picked.
pub async fn only_own_recipients_can_be_picked(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let own = recipient().of(&ann).saved(store).await.id;
    let foreign = recipient().of(&bob).saved(store).await.id;
    let unknown = recipient().build().id;
    let deleted = recipient().of(&ann).saved(store).await.id;
    change!(store, unit => unit.recipients().delete(&ann.edit(), deleted, start()));
    let template = mailing().of(&ann).saved(store).await;
    for wrong in [foreign, unknown, deleted] {
        let picked = mailing().of(&ann).to(&[own, wrong]);
        let picked = picked
            .message(template.message)
            .sender(template.sender)
            .build();
        let mut chosen = [own, wrong];
        chosen.sort_unstable();
        let edit = ann.edit();
        let error = refused!(store, unit => unit.mailings().insert(&edit, &picked, &chosen));
        assert!(error.is_conflict("mailings.chosen"), "{error:?}");
    }
}

/// The service itself can ask whose a mailing is.
pub async fn the_owner_of_a_mailing_is_known(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let planned = mailing().of(&ann).saved(store).await;
    let found = look!(store, unit => unit.mailings().owner_of(&system(), planned.id));
    assert_eq!(found, Some(ann.id()));
    let nobodys = mailing().build().id;
    let none = look!(store, unit => unit.mailings().owner_of(&system(), nobodys));
    assert_eq!(none, None);
}

/// A run by hand is due at once; an instant has one run.
pub async fn an_instant_has_one_run(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let planned = mailing().of(&ann).saved(store).await;
    let id = run().by_hand().at(start()).due(store, &ann, &planned).await;
    let found = look!(store, unit => unit.runs().find(&ann.view(), id)).unwrap();
    assert_eq!((found.state, found.kind), (RunState::Due, RunKind::ByHand));
    assert_eq!((found.mailing, found.occurrence_at), (planned.id, start()));
    let second = run().at(start()).build();
    let edit = ann.edit();
    let error = refused!(store, unit => unit.mailings().add_run(&edit, planned.id, &second));
    assert!(error.is_conflict("runs.occurrence"), "{error:?}");
    let other = mailing().of(&ann).saved(store).await;
    run().at(start()).due(store, &ann, &other).await;
}

/// Holding moves running runs; releasing moves those that are held for this reason.
pub async fn running_runs_are_held_and_released(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let planned = mailing().of(&ann).saved(store).await;
    let running = run().running(store, &ann, &planned).await;
    let later = start() + TimeDelta::days(1);
    let due = run().at(later).due(store, &ann, &planned).await;
    let other = mailing().of(&ann).saved(store).await;
    let elsewhere = run().running(store, &ann, &other).await;
    let hold = RunControl::Hold(PauseReason::Owner);
    assert_eq!(control(store, &ann, &planned, hold).await, 1);
    let reason = PauseReason::Owner;
    assert_eq!(
        state(store, &ann, running).await,
        RunState::Paused { reason }
    );
    assert_eq!(state(store, &ann, due).await, RunState::Due);
    assert_eq!(state(store, &ann, elsewhere).await, RunState::Running);
    let wrong = RunControl::Release(PauseReason::Authentication);
    assert_eq!(control(store, &ann, &planned, wrong).await, 0);
    let release = RunControl::Release(PauseReason::Owner);
    assert_eq!(control(store, &ann, &planned, release).await, 1);
    assert_eq!(state(store, &ann, running).await, RunState::Running);
}

/// Ending cancels what has not begun and stops what is running or held.
pub async fn open_runs_are_ended(store: &dyn Store) {
    let ann = owner().saved(store).await;
    recipient().of(&ann).saved(store).await;
    let planned = mailing().of(&ann).saved(store).await;
    let at = |days| start() + TimeDelta::days(days);
    let running = run().at(at(1)).running(store, &ann, &planned).await;
    let due = run().at(at(2)).due(store, &ann, &planned).await;
    let reason = CancelReason::FinishedEarly;
    let end = RunControl::End(reason);
    assert_eq!(control(store, &ann, &planned, end).await, 2);
    assert_eq!(
        state(store, &ann, running).await,
        RunState::Stopping { reason }
    );
    assert_eq!(
        state(store, &ann, due).await,
        RunState::Cancelled { reason }
    );
    let ended = look!(store, unit => unit.runs().find(&ann.view(), due)).unwrap();
    assert_eq!(ended.ended_at, Some(at(3)));
    assert_eq!(control(store, &ann, &planned, end).await, 0);
}

/// Ending a run that is being frozen cancels what was copied so far.
pub async fn a_half_frozen_run_is_ended_whole(store: &dyn Store) {
    let ann = owner().saved(store).await;
    for _ in 0..3 {
        recipient().of(&ann).saved(store).await;
    }
    let planned = mailing().of(&ann).saved(store).await;
    let id = run().due(store, &ann, &planned).await;
    let (ledger, scope) = (store.ledger(), system());
    assert!(ledger.begin_freeze(&scope, id, start()).await.unwrap());
    ledger.freeze_page(&scope, id, 2).await.unwrap();
    let reason = CancelReason::Deleted;
    assert_eq!(
        control(store, &ann, &planned, RunControl::End(reason)).await,
        1
    );
    let ended = look!(store, unit => unit.runs().find(&ann.view(), id)).unwrap();
    assert_eq!(ended.state, RunState::Cancelled { reason });
    assert!(ended.counts.adds_up(), "{:?}", ended.counts);
    assert_eq!((ended.counts.pending, ended.counts.cancelled), (0, 2));
    let report = ledger.check(&scope).await.unwrap();
    assert_eq!(report.faults, []);
}

/// A mailing in the trash is not there; what it has sent is.
pub async fn a_deleted_mailing_is_gone_and_its_runs_stay(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let planned = mailing().of(&ann).saved(store).await;
    let id = run().running(store, &ann, &planned).await;
    let foreign = change!(store, unit => unit.mailings().delete(&bob.edit(), planned.id, start()));
    assert!(!foreign);
    let edit = ann.edit();
    assert!(change!(store, unit => unit.mailings().delete(&edit, planned.id, start())));
    assert!(!change!(store, unit => unit.mailings().delete(&edit, planned.id, start())));
    let found = look!(store, unit => unit.mailings().find(&ann.view(), planned.id));
    assert_eq!(found, None);
    let owner = look!(store, unit => unit.mailings().owner_of(&system(), planned.id));
    assert_eq!(owner, None);
    assert_eq!(listed(store, &ann, None).await, []);
    let error = refused!(store, unit => unit.mailings().save(&edit, &planned));
    assert!(error.is_conflict("version"), "{error:?}");
    let counts = look!(store, unit => unit.statistics().owner(&ann.view()));
    assert_eq!(counts.mailings, 0);
    let used = look!(store, unit => unit.messages().used_by(&ann.view(), planned.message, 9));
    assert_eq!(used, []);
    let kept = look!(store, unit => unit.runs().find(&ann.view(), id)).unwrap();
    assert_eq!(kept.mailing_name, planned.name);
    let open = store.ledger().open_runs(&system()).await.unwrap();
    assert_eq!(open.len(), 1, "the engine still sees its run");
}

/// Nothing is planned for a mailing in the trash, by nobody.
pub async fn a_deleted_mailing_starts_no_run(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let planned = mailing().of(&ann).saved(store).await;
    let (ledger, scope) = (store.ledger(), system());
    let at = planned.next_at.unwrap();
    assert_eq!(ledger.due(&scope, at, 9).await.unwrap().len(), 1);
    let edit = ann.edit();
    change!(store, unit => unit.mailings().delete(&edit, planned.id, start()));
    assert_eq!(ledger.due(&scope, at, 9).await.unwrap(), []);
    assert_eq!(ledger.next_instant(&scope).await.unwrap(), None);
    let plan = Plan {
        mailing: planned.id,
        version: planned.version,
        runs: vec![run().at(at).build()],
        status: planned.status.clone(),
        next_at: None,
    };
    let outcome = ledger.plan(&scope, &plan).await.unwrap();
    assert_eq!(outcome, Planned::Outdated);
    let by_hand = run().at(at).build();
    let added = change!(store, unit => unit.mailings().add_run(&edit, planned.id, &by_hand));
    assert!(!added);
}

async fn listed(
    store: &dyn Store,
    ann: &Owner,
    status: Option<&'static str>,
) -> Vec<crate::id::MailingId> {
    let (filter, request) = (MailingFilter { status }, PageRequest::first(50));
    let page = look!(store, unit => unit.mailings().page(&ann.view(), &filter, &request));
    page.items.iter().map(|mailing| mailing.id).collect()
}

async fn control(store: &dyn Store, ann: &Owner, of: &Mailing, control: RunControl) -> u64 {
    let now = start() + TimeDelta::days(3);
    change!(store, unit => unit.mailings().control_runs(&ann.edit(), of.id, control, now))
}

async fn state(store: &dyn Store, ann: &Owner, id: crate::id::RunId) -> RunState {
    let filter = RunFilter::default();
    let (view, request) = (ann.view::<Run>(), PageRequest::first(50));
    let page = look!(store, unit => unit.runs().page(&view, &filter, &request));
    let run = page.items.iter().find(|run| run.id == id).unwrap();
    run.state
}

/// What was in the trash comes back once, with nothing planned.
pub async fn a_mailing_comes_out_of_the_trash(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let bob = owner().saved(store).await;
    let kept = mailing().of(&ann).saved(store).await;
    let back = change!(store, unit => unit.mailings().undelete(&ann.edit(), kept.id, start()));
    assert!(!back, "it was not in the trash");
    change!(store, unit => unit.mailings().delete(&ann.edit(), kept.id, start()));
    let foreign = change!(store, unit => unit.mailings().undelete(&bob.edit(), kept.id, start()));
    assert!(!foreign);
    let late = start() + TimeDelta::milliseconds(1);
    let back = change!(store, unit => unit.mailings().undelete(&ann.edit(), kept.id, late));
    assert!(!back, "it was put there too long ago");
    let back = change!(store, unit => unit.mailings().undelete(&ann.edit(), kept.id, start()));
    assert!(back);
    let found = look!(store, unit => unit.mailings().find(&ann.view(), kept.id)).unwrap();
    assert_eq!((found.next_at, found.version), (None, kept.version + 2));
    assert_eq!(found.windows, kept.windows);
}

/// What is sent next comes first; what is held, finished or another's does not come.
pub async fn the_next_mailings_come_by_their_instant(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let at = |hours| Some(start() + TimeDelta::hours(hours));
    let late = mailing().of(&ann).next_at(at(5)).saved(store).await;
    let soon = mailing().of(&ann).after(MailingEvent::WindowOpened);
    let soon = soon.next_at(at(1)).saved(store).await;
    let between = mailing().of(&ann).next_at(at(3)).saved(store).await;
    for held in [MailingEvent::Paused, MailingEvent::NothingLeft] {
        let held = mailing().of(&ann).after(held).next_at(at(2));
        held.saved(store).await;
    }
    mailing().of(&ann).next_at(None).saved(store).await;
    mailing().of(&bob).next_at(at(1)).saved(store).await;
    let next = look!(store, unit => unit.mailings().upcoming(&ann.view(), 2));
    let ids: Vec<_> = next.iter().map(|mailing| mailing.id).collect();
    assert_eq!(ids, [soon.id, between.id]);
    assert_eq!(next[0], soon, "with all its parts");
    let all = look!(store, unit => unit.mailings().upcoming(&ann.view(), 9));
    assert_eq!(all.last().map(|mailing| mailing.id), Some(late.id));
    assert_eq!(all.len(), 3);
}
