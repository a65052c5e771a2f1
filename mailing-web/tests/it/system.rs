//! The page of the system.

use std::sync::atomic::Ordering;
use std::time::Duration;

use mailing_core::checkup::Finding;
use mailing_core::code;
use mailing_core::user::Role;

use crate::browser::Browser;
use crate::site::{PASSWORD, Site};

async fn administrator(site: &Site) -> Browser<'_> {
    site.user("root@example.org", &[Role::Administrator]).await;
    let mut browser = site.browser();
    let answer = browser.sign_in("root@example.org", PASSWORD).await;
    assert_eq!(answer.status, 303);
    browser
}

#[tokio::test]
async fn the_page_tells_what_was_found_what_waits_and_what_holds() {
    let site = Site::new();
    *site.examiner.found.lock().unwrap() = vec![
        Finding::Database,
        Finding::MailServerAway {
            server: "mx.example.org:25".to_owned(),
            stage: None,
            said: "<b>no</b>".to_owned(),
        },
        Finding::DatabaseBroken(code::STORE_UNAVAILABLE.into()),
    ];
    let mut root = administrator(&site).await;
    let page = root.get("/system").await;
    assert_eq!(page.status, 200);
    assert!(page.texts(".lead")[0].contains("9.8.7"));
    assert!(page.texts(".lead")[0].contains("0099_last"));
    let found = page.texts("main .checklist li");
    assert_eq!(found.len(), 3);
    assert!(
        found[1].contains("mx.example.org:25 refuses us (<b>no</b>)"),
        "{found:?}"
    );
    assert_eq!(page.texts("main dd"), ["Nothing waits", "Nothing waits"]);
    assert_eq!(page.texts("tbody td:nth-child(2)"), ["100 a minute"]);
}

#[tokio::test]
async fn it_is_looked_again_after_a_while_or_when_asked() {
    let site = Site::new();
    let mut root = administrator(&site).await;
    let times = || site.examiner.times.load(Ordering::Relaxed);
    for _ in 0..3 {
        root.get("/system").await;
    }
    assert_eq!(times(), 1);
    assert_eq!(root.post("/system", "/system/check", &[]).await.status, 303);
    root.get("/system").await;
    assert_eq!(times(), 2);
    site.clock.advance(Duration::from_secs(600));
    root.get("/system").await;
    assert_eq!(times(), 3);
}

#[tokio::test]
async fn who_administers_finds_the_service_in_the_menu_and_nobody_else_does() {
    let site = Site::new();
    let mut root = administrator(&site).await;
    let menu = root.get("/overview").await.texts(".menu .nav-link");
    for entry in ["Feedback", "Service settings", "System"] {
        assert!(menu.contains(&entry.to_owned()), "{menu:?}");
    }
    let (_, mut ann) = site.signed_in("ann@example.org").await;
    let menu = ann.get("/overview").await.texts(".menu .nav-link");
    assert!(!menu.contains(&"System".to_owned()), "{menu:?}");
}
