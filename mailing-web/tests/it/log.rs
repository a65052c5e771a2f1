//! `/log`: every message to every recipient.

use mailing_core::testing::builders::address;

use crate::browser::Browser;
use crate::runs::{Sent, delivered, failed, in_doubt};
use crate::site::Site;

/// Ann's run to six, of whom four had their turn.
async fn sent(site: &Site) -> (Sent, Browser<'_>) {
    let (ann, browser) = site.signed_in("ann@example.org").await;
    let sent = Sent::to(site, ann, 6).await;
    let endings = [delivered(), failed(), in_doubt(), failed()];
    sent.settle(site, &endings).await;
    (sent, browser)
}

#[tokio::test]
async fn the_newest_stands_on_top_and_says_what_happened() {
    let site = Site::new();
    let (sent, mut browser) = sent(&site).await;
    let page = browser.get("/log").await;
    assert_eq!(page.texts("h1"), ["Log"]);
    assert_eq!(
        page.texts("tbody .badge"),
        ["Failed", "Unknown", "Failed", "Delivered"]
    );
    let first = &page.texts("tbody .second")[0];
    assert_eq!(
        first,
        "Address does not exist. We put it on the suppression list."
    );
    assert_eq!(
        page.attribute("tbody th a", "href").unwrap(),
        format!("/deliveries/{}-4", sent.run)
    );
    assert_eq!(
        page.texts(".nav-tabs a"),
        ["All 6", "Delivered 1", "Failed 2", "Unknown 1", "Waiting 2"]
    );
    assert!(page.body.contains("2 messages still wait to be sent."));
    let waiting = browser.get("/log?state=waiting").await;
    assert_eq!(waiting.texts("tbody .badge"), ["Waiting", "Waiting"]);
}

#[tokio::test]
async fn each_filter_narrows_it_down_and_stays_in_its_field() {
    let site = Site::new();
    let (sent, mut browser) = sent(&site).await;
    let all = browser.get("/log").await.texts("tbody th bdi");
    let domain = address(&all[0]).domain_ascii().to_owned();
    let cases = [
        (format!("run={}", sent.run), 4),
        (format!("mailing={}", sent.mailing.id), 4),
        (format!("mailing={}", sent.run), 0),
        ("state=failed".to_owned(), 2),
        ("cause=no_such_mailbox".to_owned(), 2),
        ("cause=mailbox_full".to_owned(), 0),
        (format!("domain={domain}"), 4),
        ("domain=else.example".to_owned(), 0),
        (format!("address={}", all[1].to_uppercase()), 1),
        ("address=nobody%40example.org".to_owned(), 0),
        ("since=2 Mar 2026&until=2 Mar 2026".to_owned(), 4),
        ("since=3 Mar 2025&until=1 Mar 2026".to_owned(), 0),
        ("since=&until=&address=&state=&after=junk".to_owned(), 4),
    ];
    for (query, expected) in cases {
        let page = browser
            .get(&format!("/log?{}", query.replace(' ', "+")))
            .await;
        assert_eq!(page.status, 200, "{query}");
        assert_eq!(page.texts("tbody th bdi").len(), expected, "{query}");
    }
    let page = browser
        .get("/log?domain=Else.Example&cause=content&state=failed")
        .await;
    assert_eq!(page.attribute("#domain", "value").unwrap(), "Else.Example");
    assert_eq!(page.texts("#cause [selected]"), ["Server took it for spam"]);
    assert_eq!(
        page.attribute("input[name=state]", "value").unwrap(),
        "failed"
    );
    assert!(page.body.contains("Nothing found"));
    assert!(
        page.texts(".filters a")
            .contains(&"Clear filters".to_owned())
    );
}

#[tokio::test]
async fn a_bad_filter_is_named_at_its_place() {
    let site = Site::new();
    let (_, mut browser) = sent(&site).await;
    for (query, field) in [
        ("mailing=x", "mailing"),
        ("cause=because", "cause"),
        ("domain=exa%20mple", "domain"),
        ("address=nobody", "address"),
        ("since=whenever", "since"),
        ("until=31.02.2026", "until"),
        ("since=2026-03-02&until=2026-03-01", "until"),
    ] {
        let page = browser.get(&format!("/log?{query}")).await;
        assert_eq!(page.status, 422, "{query}");
        assert_eq!(page.texts(".error-summary li").len(), 1, "{query}");
        let at = page.attribute(".error-summary a", "href");
        assert_eq!(at.unwrap(), format!("#{field}"), "{query}");
        assert_eq!(page.texts(&format!("#{field}-error")).len(), 1, "{query}");
        assert!(page.texts("title")[0].starts_with("Error: "), "{query}");
        assert_eq!(page.texts("tbody").len(), 0);
    }
    for query in ["state=gone", "run=x"] {
        assert_eq!(browser.get(&format!("/log?{query}")).await.status, 422);
    }
    for query in ["", "state=%00", "after=%00", "address=%27%20OR%201%3D1--"] {
        let status = browser.get(&format!("/log?{query}")).await.status;
        assert!([200, 422].contains(&status), "{query} {status}");
    }
}

#[tokio::test]
async fn pages_lead_to_the_last_line() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let sent = Sent::to(&site, ann, 120).await;
    let endings: Vec<_> = (0..120).map(|_| delivered()).collect();
    sent.settle(&site, &endings).await;
    let mut path = "/log?state=delivered".to_owned();
    let mut lines = 0;
    for _ in 0..3 {
        let page = browser.get(&path).await;
        lines += page.texts("tbody th bdi").len();
        match page.attribute("a[rel=next]", "href") {
            Some(next) => path = next,
            None => break,
        }
        assert_eq!(page.texts("a[rel=next]"), ["Older"]);
    }
    assert_eq!(lines, 120);
}

#[tokio::test]
async fn the_file_holds_what_the_page_shows_and_runs_nothing() {
    let site = Site::new();
    let (sent, mut browser) = sent(&site).await;
    let page = browser
        .get(&format!("/log?run={}&state=failed", sent.run))
        .await;
    let link = page.attribute(".actions a", "href").unwrap();
    let file = browser.get(&link).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(file.header("content-disposition").contains("log.csv"));
    let lines: Vec<_> = file.body.lines().collect();
    assert_eq!(lines.len(), 3, "{}", file.body);
    assert!(
        lines[1].contains("\"failed\",\"no_such_mailbox\""),
        "{}",
        lines[1]
    );
    assert!(lines[1].contains("\"550\",\"5.1.1\""));
    assert_eq!(browser.get("/log/export?cause=x").await.status, 422);
}

#[tokio::test]
async fn nothing_sent_yet_is_said() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let page = browser.get("/log").await;
    assert!(page.body.contains("Nothing sent yet."));
}
