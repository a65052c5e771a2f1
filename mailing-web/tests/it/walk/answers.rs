//! What every answer has to have, whatever it says: headers that browsers keep by (S6, S8, S47, S48),
//! HTML without errors, nothing from elsewhere, and methods as HTTP has them.

use std::collections::BTreeSet;
use std::time::Duration;

use mailing_web::routes;
use poem::http::Method;
use scraper::{Html, Selector};

use super::scene::{HOSTILE, World};
use super::{ROLES, Role};
use crate::browser::Answer;

const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

const PREVIEWER: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const PREVIEW: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

const FILE: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Pages that may frame one of ours, and pages that may be framed. No other page is either.
const PREVIEWERS: &[&str] = &[
    "/messages/:id/edit",
    "/messages/:id/history/:number",
    "/manage/mailings/:id",
    "/content/posts/new",
    "/content/posts/:id/edit",
];
const PREVIEWS: &[&str] = &[
    "/messages/:id/preview",
    "/manage/mailings/:id/preview",
    "/content/posts/:id/preview",
];

/// What is the same for everybody: no session is looked up for it.
const FOR_ANYBODY: &[&str] = &[
    "/assets/",
    "/health/",
    "/u/",
    "/blog/pictures/",
    "/blog/feed.xml",
    "/sitemap.xml",
    "/robots.txt",
];

/// What browsers and caches on the way may keep, as far as it was found.
const CACHED: &[&str] = &[
    "/assets/",
    "/blog/pictures/",
    "/blog/feed.xml",
    "/sitemap.xml",
    "/robots.txt",
];

/// Whatever was asked for and however it ended.
pub(crate) fn assert_headers(answer: &Answer, path: &str) {
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=()",
        ),
    ];
    for (name, value) in fixed {
        assert_eq!(answer.header(name), value, "{path}");
    }
    assert_eq!(answer.header("x-request-id").len(), 10, "{path}");
    let with_token = ["/u/", "/verify/", "/password/reset/"];
    let referrer = if with_token.iter().any(|before| path.starts_with(before)) {
        "no-referrer"
    } else {
        "same-origin"
    };
    assert_eq!(answer.header("referrer-policy"), referrer, "{path}");
    for cookie in answer.headers.get_all("set-cookie") {
        assert_cookie(cookie.to_str().unwrap(), path);
    }
    let cached = CACHED.iter().any(|cached| path.starts_with(cached));
    if answer.status != 304 && !cached && !answer.header("content-type").is_empty() {
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

/// `__Host-name=value; Path=/; Max-Age=n; HttpOnly; SameSite=Lax; Secure` and nothing else.
fn assert_cookie(line: &str, path: &str) {
    let mut parts = line.split("; ");
    assert!(
        parts.next().unwrap().starts_with("__Host-"),
        "{path}: {line}"
    );
    let rest: Vec<_> = parts.filter(|part| !part.starts_with("Max-Age=")).collect();
    assert_eq!(
        rest,
        ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"],
        "{path}: {line}"
    );
}

fn assert_policy(answer: &Answer, route: &str) {
    let is_file = answer
        .header("content-disposition")
        .starts_with("attachment")
        || ["/blog/pictures/:picture", "/manage/users/:id/avatar"].contains(&route);
    let (policy, frames) = match answer.status {
        200 if is_file => (FILE, "DENY"),
        200 if PREVIEWERS.contains(&route) && answer.body.contains("<iframe") => {
            (PREVIEWER, "DENY")
        }
        200 if PREVIEWS.contains(&route) => (PREVIEW, ""),
        _ => (PAGE, "DENY"),
    };
    assert_eq!(answer.header("content-security-policy"), policy, "{route}");
    assert_eq!(answer.header("x-frame-options"), frames, "{route}");
}

/// Valid HTML that loads nothing from elsewhere and has no inline script or style.
fn assert_html(answer: &Answer, route: &str) {
    let document = Html::parse_document(&answer.body);
    assert_eq!(document.errors, Vec::<String>::new(), "{route}");
    for attribute in ["src", "srcset", "action", "formaction", "data", "poster"] {
        let css = Selector::parse(&format!("[{attribute}]")).unwrap();
        for e in document.select(&css) {
            assert_local(e.value().attr(attribute).unwrap(), route);
        }
    }
    for e in document.select(&Selector::parse("link[href]:not([rel=canonical]), base").unwrap()) {
        assert_local(e.value().attr("href").unwrap_or_default(), route);
    }
    if PREVIEWS.contains(&route) {
        return;
    }
    let inline = Selector::parse("script:not([src]), style, base").unwrap();
    let found: Vec<_> = document.select(&inline).map(|e| e.html()).collect();
    assert_eq!(found, Vec::<String>::new(), "{route}");
    for e in document.select(&Selector::parse("*").unwrap()) {
        for (name, value) in e.value().attrs() {
            let runs =
                name == "style" || name.starts_with("on") || value.starts_with("javascript:");
            assert!(!runs, "{route}: {}", e.html());
        }
    }
}

fn assert_local(url: &str, route: &str) {
    let local = url.starts_with('/') && !url.starts_with("//") || url.starts_with("data:image/");
    assert!(local || url.is_empty(), "{route} loads {url}");
}

#[tokio::test]
async fn every_route_answers_everybody_with_them() {
    let world = World::new().await;
    world.furnish().await;
    for route in routes() {
        let method = route.method.as_str();
        let address = world.address(route.path).await;
        for role in ROLES {
            // A form without fields is refused; what it would do is not the matter here.
            let answer = if method == "GET" {
                world.ask(role, method, &address, &[]).await
            } else {
                world.browser(role).post_bare(&address, &[]).await
            };
            assert_headers(&answer, &address);
            assert_policy(&answer, route.path);
            if answer.header("content-type").starts_with("text/html") {
                assert_html(&answer, route.path);
            }
        }
        world.site.clock.advance(Duration::from_secs(60));
    }
}

/// Names are text wherever they stand: nothing in them is run or filled in (S21, S22).
#[tokio::test]
async fn hostile_names_are_shown_as_they_are() {
    let world = World::new().await;
    world.furnish().await;
    for path in ["/overview", "/recipients", "/lists", "/mailings", "/blog"] {
        let page = world.browser(Role::Owner).get(path).await;
        let shown = page.texts("main").concat();
        assert!(shown.contains(HOSTILE), "{path}: {shown}");
    }
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let world = World::new().await;
    for route in routes().filter(|route| route.method == Method::GET) {
        let address = world.address(route.path).await;
        for role in [Role::Guest, Role::Owner] {
            let get = world.browser(role).get(&address).await;
            let mut browser = world.browser(role);
            let head = browser.send(Method::HEAD, &address, None).await;
            assert_eq!(head.status, get.status, "{role:?} {}", route.path);
            for name in ["content-type", "location", "cache-control", "etag"] {
                assert_eq!(head.header(name), get.header(name), "{} {name}", route.path);
            }
            // The body of an error page is left out by the server that writes the answer.
            assert!(head.status >= 400 || head.body.is_empty(), "{}", route.path);
        }
        world.site.clock.advance(Duration::from_secs(60));
    }
}

#[tokio::test]
async fn other_methods_are_refused_with_those_that_there_are() {
    let world = World::new().await;
    let token = world.token(Role::Owner).await;
    let form = serde_urlencoded::to_string([("csrf", &token)]).unwrap();
    let paths: BTreeSet<_> = routes().map(|route| route.path).collect();
    // The outbox is there in the demo only.
    for path in paths
        .into_iter()
        .filter(|path| !path.starts_with("/system/outbox"))
    {
        let has = |method| routes().any(|r| r.path == path && r.method == method);
        let allowed = match (has(Method::GET), has(Method::POST)) {
            (true, true) => "GET, HEAD, POST",
            (true, false) => "GET, HEAD",
            (false, _) => "POST",
        };
        let address = world.address(path).await;
        let methods = [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
            Method::TRACE,
        ];
        for method in methods {
            // Where nobody asks for the session, no form can be ours.
            let refused = !method.is_safe() && FOR_ANYBODY.iter().any(|p| path.starts_with(p));
            if refused || allowed.split(", ").any(|m| m == method.as_str()) {
                continue;
            }
            let body = (!method.is_safe()).then(|| form.clone());
            let mut browser = world.browser(Role::Owner);
            let answer = browser.send(method.clone(), &address, body).await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.header("allow"), allowed, "{method} {path}");
            assert_headers(&answer, &address);
        }
        world.site.clock.advance(Duration::from_secs(60));
    }
}
