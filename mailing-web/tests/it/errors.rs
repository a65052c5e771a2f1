//! What went wrong is said with its cause and the way on, whoever it happens to.

use poem::http::Method;

use crate::browser::{Answer, Browser};
use crate::site::{HOST, PASSWORD, Site};

/// The page says in words what happened and what to do, has the number for support that the log has,
/// and ways on that lead to pages.
fn assert_helps(answer: &Answer, status: u16, title: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.texts("h1"), [title], "{status}");
    assert!(answer.texts(".say").concat().len() > 20, "{status}");
    let number = answer.header("x-request-id");
    assert_eq!(number.len(), 10);
    let said = answer.texts("main .muted").concat();
    assert!(said.contains(number), "{status}: {said}");
    assert!(!ways(answer).is_empty(), "{status}");
}

/// Where the page leads.
fn ways(answer: &Answer) -> Vec<String> {
    let document = scraper::Html::parse_document(&answer.body);
    let css = scraper::Selector::parse("main .buttons a").unwrap();
    let hrefs = document.select(&css).map(|e| e.value().attr("href"));
    hrefs.map(|href| href.unwrap().to_owned()).collect()
}

fn has_menu(answer: &Answer, url: &str) -> bool {
    answer
        .attribute(&format!("nav a[href=\"{url}\"]"), "href")
        .is_some()
}

/// As from a link or a form of this page.
fn coming_from(browser: &mut Browser<'_>, path: &str) {
    let referrer = format!("https://{HOST}{path}");
    browser.headers.insert("referer", referrer);
}

#[tokio::test]
async fn what_a_visitor_got_wrong_is_told_with_the_way_on() {
    let site = Site::new();
    let (_, mut ann) = site.signed_in("ann@example.org").await;
    let page = ann.get("/no/such/page").await;
    assert_helps(&page, 404, "There is no such page");
    assert_eq!(ways(&page), ["/overview", "/help"]);
    assert!(has_menu(&page, "/recipients"), "a user keeps the menu");
    let page = ann.get("/manage/users").await;
    assert_helps(&page, 403, "This page is not for you");
    assert_eq!(ways(&page), ["/overview", "/contacts"]);
    let page = ann
        .post("/overview", "/theme", &[("theme", "x"), ("back", "/")])
        .await;
    assert_helps(&page, 400, "We do not understand this request");
    let page = ann.post("/overview", "/overview", &[]).await;
    assert_helps(&page, 405, "This address does not work like that");
    let page = ann.post("/overview", "/verify", &[]).await;
    assert_helps(&page, 409, "It has changed meanwhile");
    let long = format!("/login?next=/{}", "a".repeat(8 * 1024));
    assert_helps(&ann.get(&long).await, 414, "The address is too long");
    let large = format!("email={}", "a".repeat(1024 * 1024));
    let page = ann.send(Method::POST, "/login", Some(large)).await;
    assert_helps(&page, 413, "That is too much at once");
    let page = ann.get("/log/export?since=never").await;
    assert_helps(&page, 422, "Something is missing or wrong");
    assert_eq!(page.texts("main li").len(), 1, "the field is named");
    for _ in 0..130 {
        ann.post_bare("/theme", &[]).await;
    }
    let page = ann.post_bare("/theme", &[]).await;
    assert_helps(&page, 429, "Too many requests");
}

#[tokio::test]
async fn a_guest_gets_the_same_help_and_the_guests_menu() {
    let site = Site::new();
    let mut guest = site.browser();
    let page = guest.get("/no/such/page").await;
    assert_helps(&page, 404, "There is no such page");
    assert_eq!(ways(&page), ["/", "/help"]);
    assert!(has_menu(&page, "/login") && !has_menu(&page, "/recipients"));
    let page = guest
        .send(Method::POST, "/login", Some("email=a".to_owned()))
        .await;
    assert_helps(&page, 403, "This form is out of date");
}

#[tokio::test]
async fn the_page_before_is_offered_when_it_is_ours() {
    let site = Site::new();
    let (_, mut ann) = site.signed_in("ann@example.org").await;
    coming_from(&mut ann, "/log?state=failed");
    assert_eq!(
        ways(&ann.get("/deliveries/x").await)[0],
        "/log?state=failed"
    );
    let fields = [("theme", "x"), ("back", "/")];
    let page = ann.post("/overview", "/theme", &fields).await;
    assert_eq!(page.texts("main .buttons a")[0], "Back to the form");
    for foreign in [
        "https://evil.example/x",
        "https://mailing.example.com.evil.example/x",
        "https://mailing.example.com",
        "https://mailing.example.com//evil.example",
        "https://mailing.example.com/u/secret",
        "javascript:alert(1)",
    ] {
        ann.headers.insert("referer", foreign.to_owned());
        assert_eq!(
            ways(&ann.get("/nothing").await),
            ["/overview", "/help"],
            "{foreign}"
        );
    }
    coming_from(&mut ann, "/nothing");
    assert_eq!(
        ways(&ann.get("/nothing").await),
        ["/overview", "/help"],
        "not to itself"
    );
}

#[tokio::test]
async fn while_the_store_is_away_nobody_is_told_to_sign_in() {
    let site = Site::new();
    let (_, mut ann) = site.signed_in("ann@example.org").await;
    site.store.cut_off(true);
    let page = ann.get("/recipients?q=a").await;
    assert_helps(&page, 503, "The service is busy or being repaired");
    assert_eq!(ways(&page), ["/recipients?q=a", "/overview"]);
    assert_eq!(page.texts("main .buttons a")[0], "Try again");
    assert!(has_menu(&page, "/overview") && !has_menu(&page, "/login"));
    let page = site.browser().get("/blog/a-post").await;
    assert_helps(&page, 503, "The service is busy or being repaired");
    assert!(has_menu(&page, "/login"));
}

#[tokio::test]
async fn a_fault_of_ours_is_owned_to_and_not_shown() {
    let site = Site::demo();
    site.user("ann@example.org", &[]).await;
    let (mut ann, mut guest) = (site.browser(), site.browser());
    for browser in [&mut ann, &mut guest] {
        browser.headers.insert("host", "127.0.0.1:8080".to_owned());
    }
    assert_eq!(ann.sign_in("ann@example.org", PASSWORD).await.status, 303);
    let outbox = std::sync::Arc::clone(&site.outbox);
    let broken = std::thread::spawn(move || {
        let _held = outbox.0.lock().unwrap();
        panic!("on purpose: the outbox is broken");
    });
    assert!(broken.join().is_err());
    for browser in [&mut ann, &mut guest] {
        let page = browser.get("/system/outbox").await;
        assert_helps(&page, 500, "A fault on our side");
        assert_eq!(ways(&page)[0], "/system/outbox");
        assert!(!page.body.contains("on purpose") && !page.body.contains("panicked"));
    }
}
