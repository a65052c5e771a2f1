//! No form of another site does anything (S7): a walk over every route that changes something.

use std::time::Duration;

use mailing_core::user::Role;
use mailing_web::{Access, routes};

use crate::browser::Answer;
use crate::site::{HOST, PASSWORD, Site};

/// The routes that need no form token, because their address holds one. Nothing else may be here.
const EXEMPT: &[&str] = &["/u/:token"];

fn unsafe_routes() -> Vec<&'static str> {
    let routes: Vec<_> = routes()
        .filter(|route| !route.method.is_safe() && !EXEMPT.contains(&route.path))
        .map(|route| route.path)
        .collect();
    assert!(routes.len() >= 4, "the walk has lost its routes");
    routes
}

fn assert_refused(answer: &Answer, path: &str, why: &str) {
    assert_eq!(answer.status, 403, "{path} {why}");
    assert!(answer.headers.get("location").is_none(), "{path} {why}");
}

#[tokio::test]
async fn every_form_needs_the_token_of_its_session() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let (_, mut other) = site.signed_in("bob@example.org").await;
    let foreign = other.token("/overview").await;
    let guest = site.browser().token("/login").await;
    for path in unsafe_routes() {
        // As many tries as fit into the rate of a minute.
        site.clock.advance(Duration::from_secs(60));
        assert_refused(&browser.post_bare(path, &[]).await, path, "without token");
        for (token, why) in [
            ("", "empty"),
            (foreign.as_str(), "of another user"),
            (guest.as_str(), "of a guest"),
        ] {
            assert_refused(
                &browser.post_bare(path, &[("csrf", token)]).await,
                path,
                why,
            );
        }
        let own = browser.token("/overview").await;
        let twice = [("csrf", own.as_str()), ("csrf", own.as_str())];
        assert_refused(&browser.post_bare(path, &twice).await, path, "twice");
    }
    assert_eq!(
        browser.get("/overview").await.status,
        200,
        "nobody was signed out"
    );
}

#[tokio::test]
async fn every_form_must_come_from_our_own_pages() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let token = browser.token("/overview").await;
    for path in unsafe_routes() {
        // As many tries as fit into the rate of a minute.
        site.clock.advance(Duration::from_secs(60));
        for from in ["cross-site", "same-site", "nonsense"] {
            browser.headers.insert("sec-fetch-site", from.to_owned());
            assert_refused(
                &browser.post_bare(path, &[("csrf", &token)]).await,
                path,
                from,
            );
        }
        browser.headers.remove("sec-fetch-site");
        for origin in ["https://evil.example", "null", "http://mailing.example.com"] {
            browser.headers.insert("origin", origin.to_owned());
            let answer = browser.post_bare(path, &[("csrf", &token)]).await;
            assert_refused(&answer, path, origin);
        }
        browser.headers.remove("origin");
    }
}

#[tokio::test]
async fn an_old_browser_that_tells_no_origin_needs_the_token_only() {
    let site = Site::new();
    let mut browser = site.browser();
    browser.headers.remove("sec-fetch-site");
    let fields = [("theme", "dark"), ("back", "/")];
    assert_eq!(browser.post("/", "/theme", &fields).await.status, 303);
    browser.headers.insert("origin", format!("https://{HOST}"));
    assert_eq!(browser.post("/", "/theme", &fields).await.status, 303);
}

#[tokio::test]
async fn a_guest_needs_the_cookie_that_came_with_the_form() {
    let site = Site::new();
    let mut browser = site.browser();
    let token = browser.token("/").await;
    let cookie = &browser.cookies["__Host-visitor"];
    assert_eq!(cookie.len(), 43, "256 bits");
    browser.cookies.clear();
    let fields = [("theme", "dark"), ("back", "/"), ("csrf", token.as_str())];
    assert_eq!(browser.post_bare("/theme", &fields).await.status, 403);
    browser
        .cookies
        .insert("__Host-visitor".to_owned(), "planted".to_owned());
    assert_eq!(browser.post_bare("/theme", &fields).await.status, 403);
}

#[tokio::test]
async fn reading_changes_nothing_and_needs_no_token() {
    let site = Site::new();
    let roles = [Role::Manager, Role::Administrator];
    site.user("ann@example.org", &roles).await;
    let mut browser = site.browser();
    browser.sign_in("ann@example.org", PASSWORD).await;
    browser
        .headers
        .insert("sec-fetch-site", "cross-site".to_owned());
    for route in routes().filter(|r| r.method.is_safe() && r.access != Access::Token) {
        let status = browser
            .get(&route.path.replace(":id", "x").replace(":name", "x"))
            .await
            .status;
        assert!(matches!(status, 200 | 303 | 404), "{} {status}", route.path);
    }
    assert_eq!(browser.get("/overview").await.status, 200);
}
