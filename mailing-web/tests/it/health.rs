//! What watches the process (S57), and what is left of the site without its store.

use chrono::TimeDelta;
use futures::FutureExt as _;
use mailing_core::engine::{EngineStatus, ServerState, ServerStatus};
use mailing_core::testing::builders::{id, start};
use tokio::sync::watch;

use crate::site::{PASSWORD, Site};

#[tokio::test]
async fn ready_tells_of_the_store_and_live_does_not() {
    let site = Site::new();
    let mut browser = site.browser();
    let ready = browser.get("/health/ready").await;
    assert_eq!(
        (ready.status, ready.body.as_str()),
        (200, r#"{"status":"ok","parts":{"store":"ok"}}"#)
    );
    site.store.cut_off(true);
    let ready = browser.get("/health/ready").await;
    assert_eq!(ready.status, 503);
    assert_eq!(
        ready.body,
        r#"{"status":"unavailable","parts":{"store":"unavailable"}}"#
    );
    let live = browser.get("/health/live").await;
    assert_eq!(
        (live.status, live.body.as_str()),
        (200, r#"{"status":"ok"}"#)
    );
}

#[tokio::test]
async fn ready_tells_of_the_worker_in_this_process() {
    let status = EngineStatus {
        worker: id(start()),
        heartbeat: None,
        store_trouble: None,
        journal_trouble: None,
        clock_skew: None,
        server: ServerStatus {
            name: "mail.example.net:25".to_owned(),
            state: ServerState::Used { lanes: 4 },
        },
        domains: Vec::new(),
        in_dialogue: 0,
    };
    let (engine, watched) = watch::channel(status);
    let site = Site::with(|settings| settings.worker = Some(watched));
    let mut browser = site.browser();
    let mut body = async || browser.get("/health/ready").await.body;
    assert_eq!(
        body().await,
        r#"{"status":"degraded","parts":{"store":"ok","worker":"starting","mail_server":"ok"}}"#
    );
    engine.send_modify(|status| status.heartbeat = Some(start()));
    assert_eq!(
        body().await,
        r#"{"status":"ok","parts":{"store":"ok","worker":"ok","mail_server":"ok"}}"#
    );
    engine.send_modify(|status| status.clock_skew = Some(TimeDelta::seconds(3)));
    assert_eq!(
        body().await,
        r#"{"status":"degraded","parts":{"store":"ok","worker":"clock_differs","mail_server":"ok"}}"#
    );
    engine.send_modify(|status| status.journal_trouble = Some("secret words".to_owned()));
    assert_eq!(
        body().await,
        r#"{"status":"degraded","parts":{"store":"ok","worker":"stalled","mail_server":"ok"}}"#
    );
    engine.send_modify(|status| {
        status.server.state = ServerState::Away {
            until: start(),
            why: "secret words".to_owned(),
        };
    });
    site.clock.advance(std::time::Duration::from_secs(61));
    assert_eq!(
        body().await,
        r#"{"status":"degraded","parts":{"store":"ok","worker":"stalled","mail_server":"away"}}"#
    );
}

#[tokio::test]
async fn the_stylesheet_of_the_operator_comes_after_ours() {
    let site = Site::with(|settings| settings.theme_css = Some("/theme.css".to_owned()));
    let home = site.browser().get("/").await;
    let ours = home.body.find("/assets/style.css").unwrap();
    let theirs = home.body.find(r#"href="/theme.css""#).unwrap();
    assert!(ours < theirs);
    let plain = Site::new().browser().get("/").await;
    assert!(!plain.body.contains("theme.css"));
}

#[tokio::test]
async fn without_the_store_the_home_page_shows_the_last_numbers() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    assert_eq!(browser.get("/").await.texts(".stat dd"), ["0", "0", "0"]);
    site.store.cut_off(true);
    site.clock.advance(std::time::Duration::from_secs(600));
    let home = browser.get("/").await;
    assert_eq!(home.status, 200);
    assert_eq!(home.texts(".stat dd"), ["0", "0", "0"]);
    assert!(
        home.body.contains("Counted 10\u{a0}minutes ago"),
        "{}",
        home.body
    );
}

#[tokio::test]
async fn without_the_store_a_user_is_asked_to_come_again_and_not_signed_out() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    site.store.cut_off(true);
    let answer = browser.get("/overview").await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("retry-after"), "30");
    assert!(
        !answer.body.contains("secret-of-the-store"),
        "the fault stays in the log"
    );
    site.store.cut_off(false);
    assert_eq!(browser.get("/overview").await.status, 200);
    site.store.cut_off(true);
    let mut guest = site.browser();
    assert_eq!(guest.sign_in("ann@example.org", PASSWORD).await.status, 503);
}

#[tokio::test]
async fn a_store_that_says_nothing_holds_a_request_for_ten_seconds_at_most() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    site.store.fall_silent();
    let mut asked = std::pin::pin!(browser.get("/overview"));
    assert!(asked.as_mut().now_or_never().is_none());
    site.clock.advance(std::time::Duration::from_secs(10));
    let answer = asked.now_or_never().expect("it is given up");
    assert_eq!(answer.status, 503);
}

#[tokio::test]
async fn programs_get_problems_and_people_get_pages() {
    let site = Site::new();
    let mut browser = site.browser();
    let page = browser.get("/no/such/page").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert_eq!(page.texts("h1"), ["There is no such page"]);
    browser
        .headers
        .insert("accept", "application/json".to_owned());
    let problem = browser.get("/no/such/page").await;
    assert_eq!(problem.status, 404);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    let json: serde_json::Value = serde_json::from_str(&problem.body).unwrap();
    assert_eq!(json["status"], 404);
    assert_eq!(json["request_id"], problem.header("x-request-id"));
    site.store.cut_off(true);
    let problem = browser.get("/u/x").await;
    assert_eq!(
        problem.status, 404,
        "a token that is not ours is refused before the store is asked"
    );
}
