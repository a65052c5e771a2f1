//! Mailings: what is planned, launched, held and ended.

use chrono::{Duration, TimeDelta};
use mailing_core::error::Error;
use mailing_core::events::Event;
use mailing_core::id::{MailingId, MessageId};
use mailing_core::mailing::{
    AmbiguousPolicy, Audience, AudienceChoice, CHOSEN_MAX, LATENESS_DEFAULT, LaunchMode, Mailing,
    MailingDraft, MailingEvent, Stage,
};
use mailing_core::policy::Actor;
use mailing_core::ports::store::{MailingFilter, PageRequest, RunFilter};
use mailing_core::run::{CancelReason, PauseReason, Run, RunKind, RunState};
use mailing_core::schedule::{MissedPolicy, Repeat, Schedule, Zone};
use mailing_core::testing::builders::{
    Owner, id, list, local, mailing, message, owner, recipient, run, sender, start,
};

use super::refusal;
use super::scene::Scene;

/// A draft to everybody, once at noon of the first day, that is launched.
pub(super) fn draft(message: MessageId) -> MailingDraft {
    MailingDraft {
        name: String::new(),
        message,
        sender: None,
        audience: AudienceChoice::All,
        zone: Zone::utc(),
        windows: vec![window("2026-03-02T12:00", None, Repeat::Once)],
        missed: MissedPolicy::default(),
        lateness: LATENESS_DEFAULT,
        ambiguous: AmbiguousPolicy::default(),
        mode: LaunchMode::Launch,
    }
}

fn window(from: &str, until: Option<&str>, repeat: Repeat) -> Schedule {
    let until = until.map(local);
    Schedule::new(
        local(from),
        Zone::utc(),
        until,
        repeat,
        Default::default(),
        None,
    )
    .unwrap()
}

fn daily(from: &str) -> Schedule {
    window(from, None, Repeat::Daily { every: 1 })
}

/// Ann has a sender, a message and a recipient.
struct Desk {
    scene: Scene,
    message: MessageId,
}

impl Desk {
    async fn new() -> Self {
        let scene = Scene::new().await;
        let store = scene.store();
        sender().of(&scene.ann).saved(store).await;
        recipient().of(&scene.ann).saved(store).await;
        let message = message()
            .of(&scene.ann)
            .subject("Spring sale")
            .saved(store)
            .await
            .id;
        Self { scene, message }
    }

    fn draft(&self) -> MailingDraft {
        draft(self.message)
    }

    async fn create(&self, draft: &MailingDraft) -> Result<Mailing, Error> {
        self.scene
            .services
            .mailings
            .create(&self.scene.ann.actor, draft)
            .await
    }

    async fn stored(&self, id: MailingId) -> Mailing {
        let details = self
            .scene
            .services
            .mailings
            .show(&self.scene.ann.actor, id, 0)
            .await;
        details.unwrap().mailing
    }

    async fn listed(&self) -> usize {
        let (filter, request) = (MailingFilter::default(), PageRequest::first(100));
        let page = self
            .scene
            .services
            .mailings
            .page(&self.scene.ann.actor, &filter, &request);
        page.await.unwrap().items.len()
    }

    async fn runs(&self, of: MailingId) -> Vec<Run> {
        let filter = RunFilter {
            mailing: Some(of),
            open: false,
        };
        let request = PageRequest::first(100);
        let page = self
            .scene
            .services
            .runs
            .page(&self.scene.ann.actor, &filter, &request);
        page.await.unwrap().items
    }

    fn ann(&self) -> &Owner {
        &self.scene.ann
    }
}

#[tokio::test]
async fn a_mailing_is_launched_with_its_next_instant_and_listeners_are_told() {
    let desk = Desk::new().await;
    let mut listener = desk.scene.events.listen();
    let mut draft = desk.draft();
    draft.windows.push(daily("2026-03-02T10:30"));
    let made = desk.create(&draft).await.unwrap();
    assert_eq!(made.name.as_str(), "Spring sale");
    assert_eq!(made.status.name(), "created");
    assert_eq!(made.next_at, Some(start() + TimeDelta::minutes(90)));
    assert_eq!(desk.stored(made.id).await, made);
    assert_eq!(listener.try_recv(), Ok(Event::MailingChanged(made.id)));
    assert_eq!(desk.scene.deeds(), ["create_mailing"]);
}

#[tokio::test]
async fn a_page_shows_forecast_and_audience() {
    let desk = Desk::new().await;
    recipient().of(desk.ann()).saved(desk.scene.store()).await;
    let draft = MailingDraft {
        windows: vec![daily("2026-03-02T10:30")],
        ..desk.draft()
    };
    let made = desk.create(&draft).await.unwrap();
    let (services, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let details = services.show(actor, made.id, 3).await.unwrap();
    let days: Vec<_> = details
        .forecast
        .iter()
        .map(|occurrence| occurrence.at)
        .collect();
    let first = start() + TimeDelta::minutes(90);
    assert_eq!(days, [0, 1, 2].map(|day| first + TimeDelta::days(day)));
    assert_eq!(details.audience_size, 2);
    let many = services.show(actor, made.id, usize::MAX).await.unwrap();
    assert_eq!(many.forecast.len(), 400);
    services.finish(actor, made.id).await.unwrap();
    let over = services.show(actor, made.id, 3).await.unwrap();
    assert_eq!(over.forecast, []);
}

#[tokio::test]
async fn a_mailing_now_is_due_at_once_and_has_one_occurrence() {
    let desk = Desk::new().await;
    desk.scene
        .clock
        .advance(std::time::Duration::from_millis(12_345));
    let draft = MailingDraft {
        windows: Vec::new(),
        mode: LaunchMode::Now,
        ..desk.draft()
    };
    let made = desk.create(&draft).await.unwrap();
    assert_eq!(made.next_at, Some(start() + TimeDelta::seconds(12)));
    assert_eq!(made.windows.len(), 1);
    assert_eq!(made.windows[0].schedule.occurrences().count(), 1);
}

#[tokio::test]
async fn a_mailing_now_goes_out_in_the_hour_that_the_clocks_repeat() {
    let desk = Desk::new().await;
    // In Berlin the clocks go back at 01:00 UTC; this is the second 02:30.
    desk.scene
        .clock
        .set("2026-10-25T01:30:20Z".parse().unwrap());
    let draft = MailingDraft {
        zone: Zone::parse("Europe/Berlin").unwrap(),
        windows: Vec::new(),
        mode: LaunchMode::Now,
        ..desk.draft()
    };
    let made = desk.create(&draft).await.unwrap();
    assert_eq!(made.next_at, Some("2026-10-25T01:30:20Z".parse().unwrap()));
    let occurrences: Vec<_> = made.windows[0]
        .schedule
        .occurrences()
        .map(|o| o.at)
        .collect();
    assert_eq!(occurrences, [made.next_at.unwrap()]);
}

#[tokio::test]
async fn a_start_in_this_very_minute_is_not_in_the_past() {
    let desk = Desk::new().await;
    desk.scene.clock.advance(std::time::Duration::from_secs(59));
    let draft = MailingDraft {
        windows: vec![window("2026-03-02T09:00", None, Repeat::Once)],
        ..desk.draft()
    };
    let made = desk.create(&draft).await.unwrap();
    assert_eq!(made.next_at, Some(start()));
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_at_its_field_and_nothing_is_made() {
    let desk = Desk::new().await;
    let store = desk.scene.store();
    let unverified = sender().of(desk.ann()).unverified().saved(store).await.id;
    let empty = list().of(desk.ann()).saved(store).await.id;
    let past = window("2026-03-02T08:59", None, Repeat::Once);
    type Change<'a> = Box<dyn Fn(&mut MailingDraft) + 'a>;
    let cases: Vec<(&str, Change<'_>)> = vec![
        (
            "message message.unknown",
            Box::new(|d| d.message = id(start())),
        ),
        (
            "sender sender.unknown",
            Box::new(|d| d.sender = Some(id(start()))),
        ),
        (
            "sender sender.not_verified",
            Box::new(|d| d.sender = Some(unverified)),
        ),
        (
            "audience mailing.no_recipients",
            Box::new(|d| d.audience = AudienceChoice::Lists(vec![])),
        ),
        (
            "audience mailing.no_recipients",
            Box::new(|d| d.audience = AudienceChoice::Lists(vec![empty])),
        ),
        (
            "audience mailing.no_recipients",
            Box::new(|d| d.audience = AudienceChoice::Chosen(vec![])),
        ),
        (
            "audience mailing.too_many_chosen",
            Box::new(|d| {
                d.audience = AudienceChoice::Chosen(vec![id(start()); CHOSEN_MAX + 1]);
            }),
        ),
        (
            "audience mailing.unknown_chosen",
            Box::new(|d| d.audience = AudienceChoice::Chosen(vec![id(start())])),
        ),
        (
            "audience list.unknown",
            Box::new(|d| d.audience = AudienceChoice::Lists(vec![empty, id(start())])),
        ),
        (
            "windows.0.start mailing.window.start_in_past",
            Box::new(|d| d.windows = vec![past.clone()]),
        ),
        (
            "windows.1.start mailing.window.start_in_past",
            Box::new(|d| d.windows.push(past.clone())),
        ),
        ("windows required", Box::new(|d| d.windows.clear())),
        (
            "windows schedule.too_many_windows",
            Box::new(|d| d.windows = vec![daily("2026-03-03T00:00"); 21]),
        ),
        (
            "lateness mailing.lateness",
            Box::new(|d| d.lateness = -Duration::seconds(1)),
        ),
        (
            "lateness mailing.lateness",
            Box::new(|d| d.lateness = Duration::days(32)),
        ),
        (
            "name control_character",
            Box::new(|d| d.name = "a\r\nBcc: b".into()),
        ),
        ("name too_long", Box::new(|d| d.name = "x".repeat(256))),
        (
            "name too_long, lateness mailing.lateness, windows required",
            Box::new(|d| {
                d.name = "x".repeat(256);
                d.lateness = Duration::days(99);
                d.windows.clear();
            }),
        ),
    ];
    for (expected, change) in cases {
        let mut draft = desk.draft();
        change(&mut draft);
        assert_eq!(refusal(desk.create(&draft).await), expected);
    }
    assert_eq!(desk.listed().await, 0);
    assert_eq!(desk.scene.deeds(), [""; 0]);
}

#[tokio::test]
async fn who_has_no_sender_is_told_to_add_or_to_verify_one() {
    let scene = Scene::new().await;
    recipient().of(&scene.ann).saved(scene.store()).await;
    let message = message().of(&scene.ann).saved(scene.store()).await.id;
    let mailings = &scene.services.mailings;
    let none = mailings.create(&scene.ann.actor, &draft(message)).await;
    assert_eq!(refusal(none), "sender sender.missing");
    sender()
        .of(&scene.ann)
        .unverified()
        .saved(scene.store())
        .await;
    let unverified = mailings.create(&scene.ann.actor, &draft(message)).await;
    assert_eq!(refusal(unverified), "sender sender.not_verified");
    let known = sender().of(&scene.ann).saved(scene.store()).await;
    let made = mailings
        .create(&scene.ann.actor, &draft(message))
        .await
        .unwrap();
    assert_eq!(made.sender, known.id);
}

#[tokio::test]
async fn picks_are_kept_once_each() {
    let desk = Desk::new().await;
    let eve = recipient()
        .of(desk.ann())
        .saved(desk.scene.store())
        .await
        .id;
    let gone = recipient()
        .of(desk.ann())
        .saved(desk.scene.store())
        .await
        .id;
    let picked = |picks: &[_]| MailingDraft {
        audience: AudienceChoice::Chosen(picks.to_vec()),
        ..desk.draft()
    };
    let made = desk.create(&picked(&[eve, eve])).await.unwrap();
    assert_eq!(made.audience, Audience::Chosen(1));
    let (services, actor) = (&desk.scene.services, &desk.ann().actor);
    services.recipients.delete(actor, gone).await.unwrap();
    assert_eq!(
        refusal(desk.create(&picked(&[eve, gone])).await),
        "audience mailing.unknown_chosen"
    );
    services.recipients.delete(actor, eve).await.unwrap();
    let details = services.mailings.show(actor, made.id, 0).await.unwrap();
    assert_eq!(details.audience_size, 0);
}

#[tokio::test]
async fn a_draft_needs_no_right_to_send_and_a_launch_does() {
    let desk = Desk::new().await;
    let mut user = desk.ann().user.clone();
    user.verified_at = None;
    let actor = Actor::user(&user);
    let mailings = &desk.scene.services.mailings;
    let saved = MailingDraft {
        mode: LaunchMode::Draft,
        ..desk.draft()
    };
    let saved = mailings.create(&actor, &saved).await.unwrap();
    assert_eq!((saved.status.name(), saved.next_at), ("draft", None));
    let running = mailing().of(desk.ann()).saved(desk.scene.store()).await.id;
    mailings.pause(&actor, running).await.unwrap();
    for answer in [
        refusal(mailings.create(&actor, &desk.draft()).await),
        refusal(mailings.launch(&actor, saved.id).await),
        refusal(mailings.send_now(&actor, running).await),
        refusal(mailings.resume(&actor, running).await),
    ] {
        assert_eq!(answer, "user.not_verified");
    }
    mailings.finish(&actor, running).await.unwrap();
    let launched = mailings.launch(&desk.ann().actor, saved.id).await.unwrap();
    assert_eq!(launched.status.name(), "created");
}

#[tokio::test]
async fn a_draft_to_nobody_is_saved_but_not_launched() {
    let desk = Desk::new().await;
    let empty = list().of(desk.ann()).saved(desk.scene.store()).await.id;
    let draft = MailingDraft {
        audience: AudienceChoice::Lists(vec![empty]),
        mode: LaunchMode::Draft,
        ..desk.draft()
    };
    let saved = desk.create(&draft).await.unwrap();
    let launched = desk
        .scene
        .services
        .mailings
        .launch(&desk.ann().actor, saved.id)
        .await;
    assert_eq!(refusal(launched), "audience mailing.no_recipients");
    assert_eq!(desk.stored(saved.id).await, saved);
}

#[tokio::test]
async fn a_sender_that_lost_its_verification_sends_nothing() {
    let desk = Desk::new().await;
    let mut from = sender().of(desk.ann()).saved(desk.scene.store()).await;
    let planned = || mailing().of(desk.ann()).sender(from.id);
    let saved = planned().draft().saved(desk.scene.store()).await.id;
    let running = planned().saved(desk.scene.store()).await.id;
    from.verified_at = None;
    let mut unit = desk.scene.store().write().await.unwrap();
    unit.senders()
        .save(&desk.ann().edit(), &from)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    for answer in [
        refusal(mailings.launch(actor, saved).await),
        refusal(mailings.send_now(actor, running).await),
    ] {
        assert_eq!(answer, "sender sender.not_verified");
    }
}

#[tokio::test]
async fn a_draft_launched_inside_its_window_sends_at_once() {
    let desk = Desk::new().await;
    let saved = MailingDraft {
        windows: vec![window(
            "2026-03-02T12:00",
            Some("2026-03-04T00:00"),
            Repeat::Once,
        )],
        mode: LaunchMode::Draft,
        ..desk.draft()
    };
    let saved = desk.create(&saved).await.unwrap();
    desk.scene.minutes(24 * 60);
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let launched = mailings.launch(actor, saved.id).await.unwrap();
    assert_eq!(launched.next_at, Some(start() + TimeDelta::days(1)));
    assert_eq!(
        refusal(mailings.launch(actor, saved.id).await),
        "mailing.state"
    );
}

#[tokio::test]
async fn a_draft_whose_windows_are_over_is_not_launched() {
    let desk = Desk::new().await;
    let saved = MailingDraft {
        mode: LaunchMode::Draft,
        ..desk.draft()
    };
    let saved = desk.create(&saved).await.unwrap();
    desk.scene.minutes(24 * 60);
    let launched = desk
        .scene
        .services
        .mailings
        .launch(&desk.ann().actor, saved.id)
        .await;
    assert_eq!(refusal(launched), "windows mailing.nothing_left");
}

/// A mailing that repeats, with a run under way and one that is only due.
async fn under_way(desk: &Desk) -> MailingId {
    let store = desk.scene.store();
    let planned = mailing()
        .of(desk.ann())
        .daily("2026-03-02T12:00")
        .saved(store)
        .await;
    run().running(store, desk.ann(), &planned).await;
    let next = start() + TimeDelta::days(1);
    run().at(next).due(store, desk.ann(), &planned).await;
    planned.id
}

/// States of the runs, the planned first, newest first.
async fn states(desk: &Desk, of: MailingId) -> [RunState; 2] {
    let runs = desk.runs(of).await;
    [runs[0].state, runs[1].state]
}

#[tokio::test]
async fn pausing_holds_open_runs_and_resuming_lets_them_go_on() {
    let desk = Desk::new().await;
    let id = under_way(&desk).await;
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let paused = mailings.pause(actor, id).await.unwrap();
    assert_eq!((paused.status.name(), paused.version), ("paused", 2));
    let held = RunState::Paused {
        reason: PauseReason::Owner,
    };
    assert_eq!(states(&desk, id).await, [RunState::Due, held]);
    assert_eq!(refusal(mailings.pause(actor, id).await), "mailing.state");
    assert_eq!(refusal(mailings.send_now(actor, id).await), "mailing.state");
    mailings.resume(actor, id).await.unwrap();
    assert_eq!(states(&desk, id).await, [RunState::Due, RunState::Running]);
    assert_eq!(refusal(mailings.resume(actor, id).await), "mailing.state");
    assert_eq!(desk.scene.deeds(), ["pause_mailing", "resume_mailing"]);
}

#[tokio::test]
async fn finishing_ends_open_runs_for_good() {
    let desk = Desk::new().await;
    let id = under_way(&desk).await;
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    mailings.pause(actor, id).await.unwrap();
    let finished = mailings.finish(actor, id).await.unwrap();
    assert_eq!(finished.status.stage, Stage::Finished { at: start() });
    assert_eq!(finished.next_at, None);
    let reason = CancelReason::FinishedEarly;
    assert_eq!(
        states(&desk, id).await,
        [
            RunState::Cancelled { reason },
            RunState::Stopping { reason }
        ]
    );
    for answer in [
        refusal(mailings.finish(actor, id).await),
        refusal(mailings.pause(actor, id).await),
        refusal(mailings.resume(actor, id).await),
        refusal(mailings.launch(actor, id).await),
        refusal(mailings.send_now(actor, id).await),
    ] {
        assert_eq!(answer, "mailing.state");
    }
    assert_eq!(desk.stored(id).await, finished);
}

#[tokio::test]
async fn sending_now_adds_a_run_and_leaves_the_schedule_alone() {
    let desk = Desk::new().await;
    let made = desk.create(&desk.draft()).await.unwrap();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let by_hand = mailings.send_now(actor, made.id).await.unwrap();
    let runs = desk.runs(made.id).await;
    assert_eq!((runs.len(), runs[0].id), (1, by_hand));
    assert_eq!(
        (runs[0].kind, runs[0].state, runs[0].occurrence_at),
        (RunKind::ByHand, RunState::Due, start())
    );
    assert_eq!(desk.stored(made.id).await, made);
    let twice = mailings.send_now(actor, made.id).await;
    assert_eq!(refusal(twice), "mailing.sent_just_now");
    desk.scene.minutes(1);
    mailings.send_now(actor, made.id).await.unwrap();
    assert_eq!(
        desk.scene.deeds(),
        ["create_mailing", "send_now", "send_now"]
    );
}

#[tokio::test]
async fn nothing_is_sent_by_hand_that_is_a_draft_disabled_or_for_nobody() {
    let desk = Desk::new().await;
    let store = desk.scene.store();
    let (mailings, actor) = (&desk.scene.services.mailings, &desk.ann().actor);
    let draft = mailing().of(desk.ann()).draft().saved(store).await.id;
    assert_eq!(
        refusal(mailings.send_now(actor, draft).await),
        "mailing.state"
    );
    let disabled = MailingEvent::Disabled {
        reason: "spam".to_owned(),
    };
    let disabled = mailing()
        .of(desk.ann())
        .after(disabled)
        .saved(store)
        .await
        .id;
    assert_eq!(
        refusal(mailings.send_now(actor, disabled).await),
        "mailing.state"
    );
    let empty = list().of(desk.ann()).saved(store).await.id;
    let nobody = mailing()
        .of(desk.ann())
        .to_lists(&[empty])
        .saved(store)
        .await
        .id;
    assert_eq!(
        refusal(mailings.send_now(actor, nobody).await),
        "audience mailing.no_recipients"
    );
}

#[tokio::test]
async fn mailings_are_listed_by_status_and_owner() {
    let desk = Desk::new().await;
    let bob = owner().saved(desk.scene.store()).await;
    mailing().of(&bob).saved(desk.scene.store()).await;
    let made = desk.create(&desk.draft()).await.unwrap();
    mailing()
        .of(desk.ann())
        .draft()
        .saved(desk.scene.store())
        .await;
    assert_eq!(desk.listed().await, 2);
    let filter = MailingFilter {
        status: Some("created"),
    };
    let request = PageRequest::first(10);
    let page = desk
        .scene
        .services
        .mailings
        .page(&desk.ann().actor, &filter, &request)
        .await;
    assert_eq!(page.unwrap().items, [made]);
}
