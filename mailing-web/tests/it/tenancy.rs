//! Another owner's things look like things that do not exist (S14): a walk over every route that
//! names one.

use mailing_core::ports::store::{MailingFilter, PageRequest, RecipientFilter};
use mailing_core::testing::builders::{self, Owner, list, mailing, message, recipient};
use mailing_core::user::Role;
use mailing_web::{Access, routes};

use crate::browser::Browser;
use crate::site::{PASSWORD, Site};

/// Makes the address of another owner's object.
type Address = fn(&Foreign) -> String;

/// Method, path, address, and what a form sends there.
type Case = (&'static str, &'static str, Address, Fields);

type Fields = &'static [(&'static str, &'static str)];

/// For each route with an id: how the address of another owner's object is made.
const CASES: &[Case] = &[
    (
        "POST",
        "/settings/senders/:id/resend",
        |f| format!("/settings/senders/{}/resend", f.sender),
        &[],
    ),
    (
        "POST",
        "/settings/senders/:id/remove",
        |f| format!("/settings/senders/{}/remove", f.sender),
        &[],
    ),
    (
        "GET",
        "/recipients/:id",
        |f| format!("/recipients/{}", f.recipient),
        &[],
    ),
    (
        "POST",
        "/recipients/:id",
        |f| format!("/recipients/{}", f.recipient),
        RECIPIENT,
    ),
    (
        "GET",
        "/recipients/:id/edit",
        |f| format!("/recipients/{}/edit", f.recipient),
        &[],
    ),
    (
        "POST",
        "/recipients/:id/delete",
        |f| format!("/recipients/{}/delete", f.recipient),
        &[],
    ),
    (
        "POST",
        "/recipients/:id/restore",
        |f| format!("/recipients/{}/restore", f.thrown),
        &[],
    ),
    (
        "POST",
        "/lists/:id",
        |f| format!("/lists/{}", f.list),
        &[("name", "Mine")],
    ),
    (
        "GET",
        "/lists/:id/edit",
        |f| format!("/lists/{}/edit", f.list),
        &[],
    ),
    (
        "GET",
        "/lists/:id/delete",
        |f| format!("/lists/{}/delete", f.list),
        &[],
    ),
    (
        "POST",
        "/lists/:id/delete",
        |f| format!("/lists/{}/delete", f.list),
        &[],
    ),
    (
        "GET",
        "/mailings/:id",
        |f| format!("/mailings/{}", f.mailing),
        &[],
    ),
    (
        "GET",
        "/mailings/:id/edit",
        |f| format!("/mailings/{}/edit", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/edit",
        |f| format!("/mailings/{}/edit", f.mailing),
        &[],
    ),
    (
        "GET",
        "/mailings/:id/review",
        |f| format!("/mailings/{}/review", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/launch",
        |f| format!("/mailings/{}/launch", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/launch-now",
        |f| format!("/mailings/{}/launch-now", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/send",
        |f| format!("/mailings/{}/send", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/pause",
        |f| format!("/mailings/{}/pause", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/resume",
        |f| format!("/mailings/{}/resume", f.mailing),
        &[],
    ),
    (
        "GET",
        "/mailings/:id/finish",
        |f| format!("/mailings/{}/finish", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/finish",
        |f| format!("/mailings/{}/finish", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/reopen",
        |f| format!("/mailings/{}/reopen", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/duplicate",
        |f| format!("/mailings/{}/duplicate", f.mailing),
        &[],
    ),
    (
        "GET",
        "/mailings/:id/delete",
        |f| format!("/mailings/{}/delete", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/delete",
        |f| format!("/mailings/{}/delete", f.mailing),
        &[],
    ),
    (
        "POST",
        "/mailings/:id/undelete",
        |f| format!("/mailings/{}/undelete", f.mailing),
        &[],
    ),
    (
        "GET",
        "/messages/:id",
        |f| format!("/messages/{}", f.message),
        &[],
    ),
    (
        "GET",
        "/messages/:id/edit",
        |f| format!("/messages/{}/edit", f.message),
        &[],
    ),
    (
        "POST",
        "/messages/:id/edit",
        |f| format!("/messages/{}/edit", f.message),
        &[],
    ),
    (
        "POST",
        "/messages/:id/autosave",
        |f| format!("/messages/{}/autosave", f.message),
        &[],
    ),
    (
        "GET",
        "/messages/:id/preview",
        |f| format!("/messages/{}/preview", f.message),
        &[],
    ),
    (
        "POST",
        "/messages/:id/discard",
        |f| format!("/messages/{}/discard", f.message),
        &[],
    ),
    (
        "GET",
        "/messages/:id/history",
        |f| format!("/messages/{}/history", f.message),
        &[],
    ),
    (
        "GET",
        "/messages/:id/history/:number",
        |f| format!("/messages/{}/history/1", f.message),
        &[],
    ),
    (
        "POST",
        "/messages/:id/history/:number",
        |f| format!("/messages/{}/history/1", f.message),
        &[],
    ),
    (
        "POST",
        "/messages/:id/delete",
        |f| format!("/messages/{}/delete", f.message),
        &[],
    ),
    (
        "POST",
        "/messages/:id/undelete",
        |f| format!("/messages/{}/undelete", f.message),
        &[],
    ),
    ("GET", "/runs/:id", |f| format!("/runs/{}", f.run), &[]),
];

const RECIPIENT: Fields = &[
    ("email", "new@example.org"),
    ("full_name", ""),
    ("comment", ""),
    ("attributes", ""),
    ("seen", "0"),
];

const MISSING: &str = "01890000-0000-7000-8000-000000000000";

struct Foreign {
    bob: Owner,
    recipient: String,
    thrown: String,
    list: String,
    message: String,
    sender: String,
    mailing: String,
    run: String,
}

async fn foreign(site: &Site) -> Foreign {
    let bob = site.user("bob@example.org", &[]).await;
    let store = site.store.as_ref();
    let customer = recipient().of(&bob).named("Secret customer");
    let person = customer.at("customer@example.net").saved(store).await;
    let thrown = recipient()
        .of(&bob)
        .at("thrown@example.net")
        .saved(store)
        .await;
    let services = &site.services;
    services
        .recipients
        .delete(&bob.actor, thrown.id)
        .await
        .unwrap();
    let list = list().of(&bob).named("Secret list").with(&[person.id]);
    let letter = message()
        .of(&bob)
        .subject("Secret letter")
        .saved(store)
        .await;
    let made = mailing()
        .of(&bob)
        .message(letter.id)
        .named("Secret plan")
        .to(&[person.id])
        .daily("2026-03-02T09:00")
        .saved(store)
        .await;
    let run = builders::run().due(store, &bob, &made).await;
    builders::freeze(store, run, builders::start()).await;
    let address = builders::sender().of(&bob).at("shop@example.net");
    let sender = address.unverified().saved(store).await;
    Foreign {
        recipient: person.id.to_string(),
        sender: sender.id.to_string(),
        thrown: thrown.id.to_string(),
        list: list.saved(store).await.id.to_string(),
        message: letter.id.to_string(),
        mailing: made.id.to_string(),
        run: run.to_string(),
        bob,
    }
}

/// Everything of Bob's that a stranger could have changed.
async fn told(site: &Site, foreign: &Foreign) -> String {
    let (services, bob) = (&site.services, &foreign.bob.actor);
    let request = PageRequest::first(10);
    let filter = RecipientFilter::default();
    let recipients = services.recipients.page(bob, &filter, &request).await;
    let trash = services.trash.page(bob, &request).await;
    let lists = services.recipients.lists(bob).await;
    let messages = services.messages.page(bob, &request).await;
    let mailings = MailingFilter::default();
    let mailings = services.mailings.page(bob, &mailings, &request).await;
    format!("{recipients:?} {trash:?} {lists:?} {messages:?} {mailings:?}")
}

#[test]
fn every_route_that_names_an_object_has_its_case() {
    let named: Vec<_> = routes()
        .filter(|route| route.access == Access::SignedIn && route.path.contains(':'))
        .map(|route| (route.method.as_str(), route.path))
        .collect();
    let cases: Vec<_> = CASES
        .iter()
        .map(|(method, path, ..)| (*method, *path))
        .collect();
    assert_eq!(named, cases);
}

#[tokio::test]
async fn a_foreign_object_is_as_missing_as_one_that_never_was() {
    let site = Site::new();
    let foreign = foreign(&site).await;
    let before = told(&site, &foreign).await;
    let roles = [Role::Manager, Role::ContentManager, Role::Administrator];
    for (email, roles) in [
        ("ann@example.org", &roles[..0]),
        ("carl@example.org", &roles[..]),
    ] {
        site.user(email, roles).await;
        let mut browser = site.browser();
        assert_eq!(browser.sign_in(email, PASSWORD).await.status, 303);
        for (method, route, address, fields) in CASES {
            let path = address(&foreign);
            let id = path
                .split('/')
                .find(|part| part.len() == MISSING.len())
                .unwrap();
            let ask = async |browser: &mut Browser<'_>, path: &str| match *method {
                "GET" => browser.get(path).await,
                _ => browser.post("/overview", path, fields).await,
            };
            let theirs = ask(&mut browser, &path).await;
            let missing = ask(&mut browser, &path.replace(id, MISSING)).await;
            let malformed = ask(&mut browser, &path.replace(id, "x")).await;
            for answer in [&theirs, &missing, &malformed] {
                assert_eq!(answer.status, 404, "{email} {method} {route}");
            }
            let bare =
                |body: &str, id: &str, request: &str| body.replace(id, "…").replace(request, "…");
            assert_eq!(
                bare(&theirs.body, id, theirs.header("x-request-id")),
                bare(&missing.body, MISSING, missing.header("x-request-id")),
                "{email} {method} {route}"
            );
            assert!(!theirs.body.contains("Secret") && !theirs.body.contains("customer@"));
        }
    }
    assert_eq!(told(&site, &foreign).await, before);
}

#[tokio::test]
async fn lists_and_counts_hold_own_things_only() {
    let site = Site::new();
    let foreign = foreign(&site).await;
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let theirs = format!("/recipients?list={}", foreign.list);
    for path in [
        "/overview",
        "/recipients",
        "/recipients?q=customer",
        &theirs,
        "/recipients/trash",
        "/lists",
        "/messages",
        "/mailings",
        "/mailings?status=running",
        "/mailings/new",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let tells = ["Secret", "customer@", "thrown@"].map(|word| page.body.contains(word));
        assert_eq!(tells, [false; 3], "{path}");
    }
    assert_eq!(
        browser.get("/overview").await.texts(".stat dd"),
        ["0", "0", "0"]
    );
}

#[tokio::test]
async fn foreign_ids_in_a_form_reach_nothing() {
    let site = Site::new();
    let foreign = foreign(&site).await;
    let before = told(&site, &foreign).await;
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let own = list()
        .of(&ann)
        .named("Own")
        .saved(site.store.as_ref())
        .await;
    let own = own.id.to_string();
    let ids = ("id", foreign.recipient.as_str());
    for (fields, status) in [
        (vec![("verb", "delete"), ids], 303),
        (vec![("verb", "add"), ids, ("into", own.as_str())], 303),
        (
            vec![("verb", "add"), ids, ("into", foreign.list.as_str())],
            404,
        ),
        (
            vec![("verb", "all-take-out"), ("into", foreign.list.as_str())],
            404,
        ),
        (
            vec![
                ("verb", "all-delete"),
                ("list", foreign.list.as_str()),
                ("sure", "yes"),
            ],
            303,
        ),
    ] {
        let answer = browser.post("/overview", "/recipients/bulk", &fields).await;
        assert_eq!(answer.status, status, "{fields:?}");
    }
    let at = builders::start().timestamp_millis().to_string();
    let fields = [("at", at.as_str())];
    let answer = browser
        .post("/overview", "/recipients/undelete", &fields)
        .await;
    assert_eq!(answer.status, 303);
    assert_eq!(told(&site, &foreign).await, before);
}
