//! The log of deliveries.

use chrono::TimeDelta;
use mailing_core::error::Error;
use mailing_core::id::RunId;
use mailing_core::mailing::Mailing;
use mailing_core::ports::store::{Cursor, PageRequest, RunControl};
use mailing_core::run::CancelReason;
use mailing_core::services::{LogAsk, LogDraft, LogPage};
use mailing_core::testing::builders::{crowd, mailing, owner, recipient, run, start};

use super::scene::Scene;

/// Two runs to `r1`…`r3`, the second one stopped before anybody had his turn.
struct Story {
    scene: Scene,
    early: RunId,
    late: RunId,
    second: Mailing,
}

impl Story {
    async fn new() -> Self {
        let scene = Scene::new().await;
        let (store, ann) = (scene.store(), &scene.ann);
        crowd(store, ann, 3).await;
        let first = mailing().of(ann).saved(store).await;
        let second = mailing().of(ann).saved(store).await;
        let later = start() + TimeDelta::hours(1);
        let early = run().at(start()).running(store, ann, &first).await;
        let late = run().at(later).running(store, ann, &second).await;
        let mut unit = store.write().await.unwrap();
        let stop = RunControl::End(CancelReason::FinishedEarly);
        let stopped = unit
            .mailings()
            .control_runs(&ann.edit(), second.id, stop, later)
            .await;
        assert_eq!(stopped.unwrap(), 1);
        unit.commit().await.unwrap();
        store
            .ledger()
            .close(&mailing_core::testing::system(), later)
            .await
            .unwrap();
        Self {
            scene,
            early,
            late,
            second,
        }
    }

    async fn log(&self, draft: &LogDraft, limit: u32, after: Option<Cursor>) -> LogPage {
        let ask = draft.check().unwrap();
        let request = PageRequest::first(limit).after(after);
        let deliveries = &self.scene.services.deliveries;
        let actor = &self.scene.ann.actor;
        deliveries.log(actor, &ask, &request).await.unwrap()
    }
}

fn lines(page: &LogPage) -> Vec<(RunId, u64)> {
    let lines = page.lines.iter();
    lines
        .map(|line| (line.run.id, line.delivery.number))
        .collect()
}

#[tokio::test]
async fn pages_lead_from_the_last_message_of_the_last_run_to_the_first_of_the_first() {
    let story = Story::new().await;
    let waiting = LogDraft {
        state: "waiting".to_owned(),
        ..LogDraft::default()
    };
    let (early, late) = (story.early, story.late);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = story.log(&LogDraft::default(), 2, after).await;
        assert!(page.lines.len() <= 2 && !page.is_tired);
        seen.extend(lines(&page));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let ended = [(late, 3), (late, 2), (late, 1)];
    assert_eq!(seen, ended, "what has not had its turn has no story yet");
    let page = story.log(&waiting, 50, None).await;
    assert_eq!(lines(&page), [(early, 3), (early, 2), (early, 1)]);
}

#[tokio::test]
async fn a_filter_that_finds_nothing_ends_and_sums_stay() {
    let story = Story::new().await;
    let draft = LogDraft {
        mailing: story.second.id.to_string(),
        state: "failed".to_owned(),
        ..LogDraft::default()
    };
    let page = story.log(&draft, 50, None).await;
    assert_eq!((page.lines.len(), page.next), (0, None));
    let deliveries = &story.scene.services.deliveries;
    let ask = draft.check().unwrap();
    let sums = deliveries.log_sums(&story.scene.ann.actor, &ask).await;
    let sums = sums.unwrap();
    assert_eq!((sums.planned, sums.cancelled, sums.failed), (3, 3, 0));
}

#[tokio::test]
async fn an_address_finds_what_went_there_in_all_runs() {
    let story = Story::new().await;
    let to = |address: &str| LogDraft {
        address: address.to_owned(),
        ..LogDraft::default()
    };
    let all = story.log(&LogDraft::default(), 1, None).await;
    let address = all.lines[0].delivery.address.as_str().to_uppercase();
    let first = story.log(&to(&address), 1, None).await;
    assert_eq!(first.lines[0].run.id, story.late);
    let rest = story.log(&to(&address), 1, first.next).await;
    assert_eq!(rest.lines[0].run.id, story.early);
    assert_eq!(rest.next, None);
    let none = story.log(&to("nobody@example.org"), 1, None).await;
    assert_eq!(none, LogPage::default());
}

#[tokio::test]
async fn one_rare_line_in_a_large_run_is_found_in_several_looks() {
    let scene = Scene::new().await;
    let (store, ann) = (scene.store(), &scene.ann);
    crowd(store, ann, 10_050).await;
    recipient()
        .of(ann)
        .at("far@else.example")
        .saved(store)
        .await;
    let planned = mailing().of(ann).saved(store).await;
    run().at(start()).running(store, ann, &planned).await;
    let draft = LogDraft {
        domain: "example.net".to_owned(),
        state: "waiting".to_owned(),
        ..LogDraft::default()
    };
    let ask = draft.check().unwrap();
    let deliveries = &scene.services.deliveries;
    let request = PageRequest::first(50);
    let first = deliveries.log(&ann.actor, &ask, &request).await.unwrap();
    assert!(first.is_tired && first.lines.is_empty());
    let request = request.after(first.next);
    let rest = deliveries.log(&ann.actor, &ask, &request).await.unwrap();
    assert!(!rest.is_tired && rest.next.is_none());
}

#[tokio::test]
async fn a_foreign_cursor_shows_nothing_foreign() {
    let story = Story::new().await;
    let bob = owner().saved(story.scene.store()).await;
    let deliveries = &story.scene.services.deliveries;
    for cursor in [
        format!("{}_3", story.late),
        format!("{}_18446744073709551615", story.late),
        "x_1".to_owned(),
        String::new(),
    ] {
        let request = PageRequest::first(50).after(Some(Cursor::new(cursor)));
        let page = deliveries
            .log(&bob.actor, &LogAsk::default(), &request)
            .await;
        assert_eq!(page.unwrap(), LogPage::default());
    }
}

#[tokio::test]
async fn the_file_holds_every_line_once_and_is_noted() {
    let story = Story::new().await;
    let deliveries = &story.scene.services.deliveries;
    let actor = &story.scene.ann.actor;
    let file = deliveries.log_file(actor, &LogAsk::default(), true).await;
    let mut file = file.unwrap();
    let mut whole = Vec::new();
    while let Some(piece) = file.piece().await.unwrap() {
        whole.extend(piece);
    }
    let text = String::from_utf8(whole).unwrap();
    assert!(text.starts_with("\u{feff}\"mailing\",\"run\","));
    assert_eq!(text.lines().count(), 1 + 3);
    assert!(text.contains("\"cancelled\""));
    assert_eq!(story.scene.deeds().last(), Some(&"export_log"));
    let nobody = mailing_core::policy::Actor::console();
    let refused = deliveries.log_file(&nobody, &LogAsk::default(), true).await;
    assert!(matches!(refused.err(), Some(Error::Denied(_))));
}

#[tokio::test]
async fn a_delivery_is_shown_with_its_recipient_and_explanation() {
    let story = Story::new().await;
    let deliveries = &story.scene.services.deliveries;
    let actor = &story.scene.ann.actor;
    let shown = deliveries.show(actor, story.late, 2).await.unwrap();
    assert_eq!(shown.explanation.number, Some(2));
    assert_eq!(shown.explanation.fate.as_str(), "cancelled");
    assert!(shown.has_recipient && !shown.is_barred && shown.attempts.is_empty());
    let bob = owner().saved(story.scene.store()).await;
    for (who, number) in [(&bob.actor, 2), (actor, 4), (actor, 0), (actor, u64::MAX)] {
        let refused = deliveries.show(who, story.late, number).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{number}");
    }
}
