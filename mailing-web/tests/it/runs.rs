//! `/runs/{id}`: read, followed while it goes, held, and tried again.

use std::time::Duration;

use mailing_core::delivery::{Attempt, Cause, Reply, Stage};
use mailing_core::id::{RunId, WorkerId};
use mailing_core::mailing::Mailing;
use mailing_core::ports::Store as _;
use mailing_core::ports::store::{Claim, DeliveryFilter, PageRequest, Settled, Settlement, Want};
use mailing_core::testing::builders::{self, Owner, mailing};
use mailing_core::testing::system;

use crate::browser::{Browser, Events};
use crate::site::Site;

/// A run under way of Ann's mailing "Winter".
pub(crate) struct Sent {
    pub(crate) ann: Owner,
    pub(crate) mailing: Mailing,
    pub(crate) run: RunId,
    worker: WorkerId,
}

impl Sent {
    /// To so many recipients.
    pub(crate) async fn to(site: &Site, ann: Owner, recipients: usize) -> Self {
        let store = site.store.as_ref();
        let ids = builders::crowd(store, &ann, recipients).await;
        let mailing = mailing()
            .of(&ann)
            .named("Winter")
            .to(&ids)
            .daily("2026-03-02T09:00")
            .saved(store)
            .await;
        let run = builders::run().due(store, &ann, &mailing).await;
        builders::freeze(store, run, site.now()).await;
        Self {
            ann,
            mailing,
            run,
            worker: builders::id(site.now()),
        }
    }

    pub(crate) fn path(&self) -> String {
        format!("/runs/{}", self.run)
    }

    async fn exchange(&self, site: &Site, results: &[Settled], max: u32) -> Vec<Claim> {
        let (scope, lease) = (system(), Duration::from_secs(60));
        let wants = [Want { run: self.run, max }];
        let wants = if max == 0 { &[][..] } else { &wants[..] };
        let ledger = site.store.ledger();
        let exchanged = ledger.exchange(&scope, self.worker, results, wants, site.now(), lease);
        exchanged.await.unwrap().claims
    }

    /// Sends the next ones, which end so.
    pub(crate) async fn settle(&self, site: &Site, endings: &[(Settlement, Option<Reply>)]) {
        let max = u32::try_from(endings.len()).unwrap();
        let mut endings = endings.iter();
        for claim in self.exchange(site, &[], max).await {
            let results: Vec<_> = claim
                .deliveries
                .iter()
                .zip(&mut endings)
                .map(|(row, (settlement, reply))| Settled {
                    run: self.run,
                    number: row.number,
                    token: claim.token,
                    settlement: settlement.clone(),
                    charged: true,
                    attempt: Some(attempt(site, reply.clone())),
                })
                .collect();
            self.exchange(site, &results, 0).await;
        }
    }

    pub(crate) async fn close(&self, site: &Site) {
        let ledger = site.store.ledger();
        ledger.close(&system(), site.now()).await.unwrap();
    }
}

fn attempt(site: &Site, reply: Option<Reply>) -> Attempt {
    let accepted = reply.as_ref().is_none_or(Reply::is_positive);
    Attempt {
        at: site.now(),
        stage: if accepted { Stage::Dot } else { Stage::Rcpt },
        fault: reply.is_none().then(|| "timeout".to_owned()),
        reply,
    }
}

pub(crate) fn delivered() -> (Settlement, Option<Reply>) {
    (Settlement::Delivered, Some(Reply::new(250, "2.0.0 queued")))
}

pub(crate) fn failed() -> (Settlement, Option<Reply>) {
    let settlement = Settlement::Failed {
        cause: Cause::NoSuchMailbox,
        suppress: None,
    };
    let reply = "5.1.1 <b>User</b> unknown";
    (settlement, Some(Reply::new(550, reply)))
}

pub(crate) fn in_doubt() -> (Settlement, Option<Reply>) {
    (Settlement::Unknown, None)
}

/// A site on which Ann is signed in and a run to so many is under way.
async fn sent(site: &Site, recipients: usize) -> (Sent, Browser<'_>) {
    let (ann, browser) = site.signed_in("ann@example.org").await;
    (Sent::to(site, ann, recipients).await, browser)
}

/// Lets a second pass on the line, as often as it takes until something comes.
async fn wait(site: &Site, events: &mut Events, seconds: u64) -> Option<String> {
    for _ in 0..seconds {
        if let Some(event) = events.now() {
            return Some(event);
        }
        site.clock.advance(Duration::from_secs(1));
    }
    events.now()
}

#[tokio::test]
async fn a_run_shows_its_numbers_its_causes_and_what_can_be_done() {
    let site = Site::new();
    let (sent, mut browser) = sent(&site, 4).await;
    sent.settle(&site, &[delivered(), failed(), in_doubt()])
        .await;
    let page = browser.get(&sent.path()).await;
    assert_eq!(page.texts("h1"), ["Winter"]);
    assert_eq!(page.texts(".bar-head strong"), ["3 of 4"]);
    let parts = page.texts(".stat dd");
    assert_eq!(parts, ["1", "1", "1", "0", "1"]);
    assert_eq!(page.texts("tbody .badge"), ["Address does not exist"]);
    assert_eq!(
        page.texts(".actions .btn"),
        ["Pause", "Finish early…", "Retry failed…"]
    );
    let doubts = page.texts("#live-doubts a");
    assert_eq!(doubts, ["Send again…", "Count as delivered…", "Show them"]);
    let no_worker = "Nothing is being sent: no sending service runs. Messages wait; write to the \
                     administrator.";
    assert_eq!(page.texts("#live-notices p"), [no_worker]);
    let log = page.attribute("#live-causes td a", "href").unwrap();
    assert_eq!(browser.get(&log).await.texts("tbody th bdi").len(), 1);
}

#[tokio::test]
async fn a_page_follows_the_run_to_its_end() {
    let site = Site::new();
    let (sent, browser) = sent(&site, 2).await;
    let mut events = browser.events(&format!("{}/events", sent.path())).await;
    assert_eq!(events.status, 200);
    let first = events.next().await.unwrap();
    assert!(first.starts_with("event: message\ndata: "), "{first}");
    assert!(first.contains("0 of 2") && first.contains("id=\"live-numbers\""));
    assert!(!first.contains("csrf"), "it holds no form");
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(events.now(), None, "nothing has changed");
    sent.settle(&site, &[delivered()]).await;
    let second = wait(&site, &mut events, 2)
        .await
        .expect("within two seconds");
    assert!(second.contains("1 of 2"), "{second}");
    sent.settle(&site, &[failed()]).await;
    sent.close(&site).await;
    let last = wait(&site, &mut events, 2).await.unwrap();
    assert!(last.contains("2 of 2") && last.contains("User"), "{last}");
    assert!(!last.contains("<b>User"), "what servers say is escaped");
    assert!(last.ends_with("event: end\ndata: \n\n"), "{last}");
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn many_pages_of_one_run_read_it_once_a_second() {
    let site = Site::new();
    let (sent, browser) = sent(&site, 2).await;
    let path = format!("{}/events", sent.path());
    let mut lines = Vec::new();
    for _ in 0..6 {
        let mut events = browser.events(&path).await;
        events.next().await.unwrap();
        assert_eq!(events.now(), None);
        lines.push(events);
    }
    sent.settle(&site, &[delivered()]).await;
    let before = site.store.reads();
    site.clock.advance(Duration::from_secs(1));
    for events in &mut lines {
        assert!(events.now().unwrap().contains("1 of 2"));
    }
    let reads = site.store.reads() - before;
    assert!(reads <= 3, "{reads} for six pages");
}

#[tokio::test]
async fn a_seventh_page_of_one_user_is_refused_until_one_is_closed() {
    let site = Site::new();
    let (sent, browser) = sent(&site, 1).await;
    let path = format!("{}/events", sent.path());
    let mut lines = Vec::new();
    for _ in 0..6 {
        lines.push(browser.events(&path).await);
    }
    assert!(lines.iter().all(|events| events.status == 200));
    assert_eq!(browser.events(&path).await.status, 429);
    lines.pop();
    assert_eq!(browser.events(&path).await.status, 200);
}

#[tokio::test]
async fn the_store_may_be_away_for_a_while() {
    let site = Site::new();
    let (sent, browser) = sent(&site, 2).await;
    let mut events = browser.events(&format!("{}/events", sent.path())).await;
    events.next().await.unwrap();
    site.store.cut_off(true);
    let away = wait(&site, &mut events, 2).await.unwrap();
    assert_eq!(away, "event: away\ndata: \n\n");
    for _ in 0..30 {
        site.clock.advance(Duration::from_secs(1));
        let sign = events.now();
        assert!(sign.is_none_or(|sign| sign == ":\n\n"));
    }
    site.store.cut_off(false);
    sent.settle(&site, &[delivered()]).await;
    let back = wait(&site, &mut events, 3).await.unwrap();
    assert!(back.contains("1 of 2"), "{back}");
}

#[tokio::test]
async fn whoever_is_signed_out_or_blocked_sees_no_more() {
    let site = Site::new();
    let (sent, mut browser) = sent(&site, 2).await;
    let path = format!("{}/events", sent.path());
    let mut events = browser.events(&path).await;
    events.next().await.unwrap();
    browser.post(&sent.path(), "/logout", &[]).await;
    let last = wait(&site, &mut events, 5).await.unwrap();
    assert_eq!(last, "event: end\ndata: \n\n");
    assert_eq!(events.next().await, None);

    browser
        .sign_in("ann@example.org", crate::site::PASSWORD)
        .await;
    let mut events = browser.events(&path).await;
    events.next().await.unwrap();
    let manager = site
        .user("boss@example.org", &[mailing_core::user::Role::Manager])
        .await;
    let blocked = site
        .services
        .moderation
        .block(&manager.actor, sent.ann.id(), "spam");
    blocked.await.unwrap();
    let last = wait(&site, &mut events, 5).await.unwrap();
    assert!(last.ends_with("event: end\ndata: \n\n"), "{last}");
}

#[tokio::test]
async fn another_owners_run_has_no_events() {
    let site = Site::new();
    let (sent, _) = sent(&site, 1).await;
    let (_, stranger) = site.signed_in("bob@example.org").await;
    let line = stranger.events(&format!("{}/events", sent.path())).await;
    assert_eq!(line.status, 404);
    assert_eq!(stranger.events("/runs/x/events").await.status, 404);
}

#[tokio::test]
async fn a_run_is_held_and_let_go_on_from_its_page() {
    let site = Site::new();
    let (sent, mut browser) = sent(&site, 1).await;
    let (page, pause) = (sent.path(), format!("{}/pause", sent.path()));
    for _ in 0..2 {
        let answer = browser.post(&page, &pause, &[]).await;
        assert_eq!((answer.status, answer.location()), (303, page.as_str()));
    }
    let held = browser.get(&page).await;
    assert_eq!(held.texts(".actions .btn")[0], "Resume");
    for _ in 0..2 {
        let answer = browser.post(&page, &format!("{page}/resume"), &[]).await;
        assert_eq!(answer.status, 303);
    }
    assert_eq!(browser.get(&page).await.texts(".actions .btn")[0], "Pause");
}

#[tokio::test]
async fn failed_ones_are_tried_again_once_however_often_it_is_asked() {
    let site = Site::new();
    let (sent, mut browser) = sent(&site, 3).await;
    sent.settle(&site, &[failed(), failed(), delivered()]).await;
    sent.close(&site).await;
    let page = browser.get(&sent.path()).await;
    let ask = page.attribute(".actions a", "href").unwrap();
    let question = browser.get(&ask).await;
    assert_eq!(question.texts("h1"), ["Try 2 failed messages again?"]);
    let path = format!("{}/retry", sent.path());
    let hidden = question.hidden(&path);
    let fields: Vec<_> = hidden
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    for _ in 0..3 {
        let answer = browser.post_bare(&path, &fields).await;
        assert_eq!(
            (answer.status, answer.location()),
            (303, sent.path().as_str())
        );
    }
    let page = browser.get(&sent.path()).await;
    assert_eq!(
        page.texts(".alert-success p"),
        ["2 failed messages go out again."]
    );
    assert_eq!(page.texts(".stat dd"), ["1", "0", "0", "0", "2"]);
    // A question that was left open finds nothing to be done any more.
    let refused = browser.submit(&ask, &path, &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.texts(".error-summary")[0].len() > 10);
}

#[tokio::test]
async fn doubts_are_counted_as_delivered_or_sent_again_on_request_only() {
    let site = Site::new();
    let (sent, mut browser) = sent(&site, 2).await;
    sent.settle(&site, &[in_doubt(), in_doubt()]).await;
    let path = format!("{}/retry", sent.path());
    let ask = format!("{path}?what=again&only=1");
    let question = browser.get(&ask).await;
    assert_eq!(question.texts("h1"), ["Send the message again?"]);
    assert!(question.body.contains("twice") && question.body.contains("btn-danger"));
    let answer = browser.submit(&ask, &path, &[]).await;
    assert_eq!(answer.location(), format!("/deliveries/{}-1", sent.run));
    let ask = format!("{path}?what=delivered");
    browser.submit(&ask, &path, &[]).await;
    let page = browser.get(&sent.path()).await;
    assert_eq!(page.texts(".stat dd"), ["1", "0", "0", "0", "1"]);
    for junk in ["what=x", "what=failed&only=x", "only=-1"] {
        assert_eq!(
            browser.get(&format!("{path}?{junk}")).await.status,
            400,
            "{junk}"
        );
    }
}

#[tokio::test]
async fn the_question_counts_only_messages_that_would_go_out() {
    let site = Site::new();
    let (sent, mut browser) = sent(&site, 3).await;
    sent.settle(&site, &[in_doubt(), in_doubt(), in_doubt()])
        .await;
    let (runs, actor) = (&site.services.runs, &sent.ann.actor);
    let (all, request) = (DeliveryFilter::default(), PageRequest::first(3));
    let deliveries = runs.deliveries(actor, sent.run, &all, &request).await;
    let deliveries = deliveries.unwrap().items;
    let suppress = async |number: usize| {
        let entry = builders::suppression().of(&sent.ann);
        let entry = entry.address(deliveries[number].address.as_str());
        entry.saved(site.store.as_ref()).await;
    };
    suppress(0).await;
    let path = format!("{}/retry", sent.path());
    let ask = format!("{path}?what=again");
    let question = browser.get(&ask).await;
    assert_eq!(question.texts("h1"), ["Send 2 messages again?"]);
    assert!(
        question
            .body
            .contains("1 recipient is on the suppression list")
    );
    suppress(1).await;
    suppress(2).await;
    let question = browser.get(&ask).await;
    let expected = "Send again, though nobody would get the message?";
    assert_eq!(question.texts("h1"), [expected]);
    assert!(!question.body.contains("twice"));
    browser.submit(&ask, &path, &[]).await;
    let page = browser.get(&sent.path()).await;
    let told = page.texts(".alert-success p");
    assert!(told[0].starts_with("Nothing goes out"), "{told:?}");
}

#[tokio::test]
async fn nothing_is_offered_while_a_manager_holds_the_mailing() {
    let site = Site::new();
    let (sent, mut browser) = sent(&site, 2).await;
    sent.settle(&site, &[failed(), delivered()]).await;
    let manager = site
        .user("boss@example.org", &[mailing_core::user::Role::Manager])
        .await;
    let disabled = site
        .services
        .moderation
        .disable(&manager.actor, sent.mailing.id, "spam");
    disabled.await.unwrap();
    let page = browser.get(&sent.path()).await;
    assert_eq!(page.texts(".actions .btn"), [""; 0]);
    let path = format!("{}/retry", sent.path());
    let answer = browser.submit(&path, &path, &[]).await;
    assert_eq!(answer.status, 409);
}
