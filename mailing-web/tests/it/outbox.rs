//! The outbox of the demo: mail is shown and does nothing (S22).

use mailing_core::testing::builders::start;
use mailing_web::{OutboxEntry, OutboxMail};

use crate::browser::Browser;
use crate::site::Site;

const HOSTILE: &str = "<script>alert(1)</script>";

fn browser(site: &Site) -> Browser<'_> {
    let mut browser = site.browser();
    browser.headers.insert("host", "127.0.0.1:8080".to_owned());
    browser
}

fn mail(number: usize) -> OutboxMail {
    OutboxMail {
        entry: OutboxEntry {
            id: format!("{number:04}.eml"),
            at: start(),
            from: "Shop <shop@example.org>".to_owned(),
            to: format!("ann{number}@example.org"),
            subject: format!("{HOSTILE} {number}"),
        },
        html: Some(format!("<p>Hello</p>{HOSTILE}")),
        text: Some("Hello".to_owned()),
        headers: "Subject: Hello\r\n".to_owned(),
    }
}

#[tokio::test]
async fn mail_is_listed_newest_first_page_by_page() {
    let site = Site::demo();
    let mut browser = browser(&site);
    assert_eq!(browser.get("/system/outbox").await.texts(".empty").len(), 1);
    site.outbox.0.lock().unwrap().extend((0..120).map(mail));
    let mut seen = Vec::new();
    let mut path = "/system/outbox".to_owned();
    loop {
        let page = browser.get(&path).await;
        seen.extend(page.texts("tbody td:nth-child(2)"));
        match page.attribute("a[rel=next]", "href") {
            Some(next) => path = next,
            None => break,
        }
    }
    let expected: Vec<_> = (0..120)
        .rev()
        .map(|n| format!("ann{n}@example.org"))
        .collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_mail_shows_its_parts_and_runs_nothing() {
    let site = Site::demo();
    site.outbox.0.lock().unwrap().push(mail(7));
    let mut browser = browser(&site);
    let page = browser.get("/system/outbox/0007.eml").await;
    assert_eq!(page.texts("h1"), [format!("{HOSTILE} 7")]);
    assert_eq!(page.texts("script:not([src])").len(), 0);
    assert_eq!(page.attribute("iframe", "sandbox").unwrap(), "");
    assert!(
        page.header("content-security-policy")
            .contains("frame-src 'self'")
    );
    let frame = browser.get(&page.attribute("iframe", "src").unwrap()).await;
    let policy = frame.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "frame-ancestors 'self'",
        "form-action 'none'",
        "sandbox",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("script-src"), "{policy}");
    assert_eq!(
        frame.header("set-cookie"),
        "",
        "the preview knows of nobody"
    );
}

#[tokio::test]
async fn a_mail_that_is_not_there_is_not_found() {
    let site = Site::demo();
    let mut browser = browser(&site);
    for id in ["1.eml", "..%2f..%2fetc%2fpasswd", "%00"] {
        assert_eq!(
            browser.get(&format!("/system/outbox/{id}")).await.status,
            404,
            "{id}"
        );
        assert_eq!(
            browser
                .get(&format!("/system/outbox/{id}/html"))
                .await
                .status,
            404,
            "{id}"
        );
    }
}
