//! Another owner's things look like things that do not exist (S14): a walk over every route that
//! names one.

use mailing_core::testing::builders::{self, mailing, recipient};
use mailing_core::user::Role;
use mailing_web::{Access, ROUTES};

use crate::site::{PASSWORD, Site};

/// Makes the address of another owner's object.
type Address = fn(&Foreign) -> String;

/// For each route with an id: how the address of another owner's object is made.
const CASES: &[(&str, Address)] = &[
    ("/mailings/:id", |foreign| {
        format!("/mailings/{}", foreign.mailing)
    }),
    ("/runs/:id", |foreign| format!("/runs/{}", foreign.run)),
];

struct Foreign {
    mailing: String,
    run: String,
}

async fn foreign(site: &Site) -> Foreign {
    let bob = site.user("bob@example.org", &[]).await;
    let store = site.store.as_ref();
    let person = recipient()
        .of(&bob)
        .at("customer@example.net")
        .saved(store)
        .await;
    let made = mailing()
        .of(&bob)
        .named("Secret plan")
        .to(&[person.id])
        .daily("2026-03-02T09:00")
        .saved(store)
        .await;
    let run = builders::run().due(store, &bob, &made).await;
    builders::freeze(store, run, builders::start()).await;
    Foreign {
        mailing: made.id.to_string(),
        run: run.to_string(),
    }
}

#[test]
fn every_route_that_names_an_object_has_its_case() {
    let named: Vec<_> = ROUTES
        .iter()
        .filter(|route| route.access == Access::SignedIn && route.path.contains(':'))
        .map(|route| route.path)
        .collect();
    let cases: Vec<_> = CASES.iter().map(|(path, _)| *path).collect();
    assert_eq!(named, cases);
}

#[tokio::test]
async fn a_foreign_object_is_as_missing_as_one_that_never_was() {
    let site = Site::new();
    let foreign = foreign(&site).await;
    let roles = [Role::Manager, Role::ContentManager, Role::Administrator];
    for (email, roles) in [
        ("ann@example.org", &roles[..0]),
        ("carl@example.org", &roles[..]),
    ] {
        site.user(email, roles).await;
        let mut browser = site.browser();
        assert_eq!(browser.sign_in(email, PASSWORD).await.status, 303);
        for (route, address) in CASES {
            let path = address(&foreign);
            let theirs = browser.get(&path).await;
            let id = path.rsplit('/').next().unwrap();
            let missing_id = "01890000-0000-7000-8000-000000000000";
            let missing = browser.get(&path.replace(id, missing_id)).await;
            let malformed = browser.get(&path.replace(id, "x")).await;
            for answer in [&theirs, &missing, &malformed] {
                assert_eq!(answer.status, 404, "{email} {route}");
            }
            let bare =
                |body: &str, id: &str, request: &str| body.replace(id, "…").replace(request, "…");
            assert_eq!(
                bare(&theirs.body, id, theirs.header("x-request-id")),
                bare(&missing.body, missing_id, missing.header("x-request-id")),
                "{email} {route}"
            );
            assert!(!theirs.body.contains("Secret plan") && !theirs.body.contains("customer@"));
        }
    }
}

#[tokio::test]
async fn lists_and_counts_hold_own_things_only() {
    let site = Site::new();
    foreign(&site).await;
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    for path in ["/overview", "/mailings", "/mailings?status=running"] {
        let page = browser.get(path).await;
        assert!(!page.body.contains("Secret plan"), "{path}");
    }
    assert_eq!(
        browser.get("/overview").await.texts(".stat dd"),
        ["0", "0", "0"]
    );
}
