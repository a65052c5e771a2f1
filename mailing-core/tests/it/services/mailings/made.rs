//! What is made of a draft that is in order.

use chrono::TimeDelta;
use mailing_core::events::Event;
use mailing_core::mailing::{LaunchMode, MailingDraft};
use mailing_core::ports::store::{MailingFilter, PageRequest};
use mailing_core::schedule::{Repeat, Zone};
use mailing_core::testing::builders::{mailing, owner, recipient, start};

use super::desk::{Desk, daily, window};

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
    assert_eq!(details.audience.active, 2);
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
