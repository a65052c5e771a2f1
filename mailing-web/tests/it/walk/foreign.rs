//! Another owner's things look like things that do not exist (S14).

use std::time::Duration;

use mailing_core::ports::store::{MailingFilter, PageRequest, RecipientFilter};

use super::scene::World;
use super::{ROLES, Role, Row, rows};

const MISSING: &str = "01890000-0000-7000-8000-000000000000";

/// What an id may be instead of one.
const JUNK: &[&str] = &[
    "x",
    "0",
    "-1",
    "%00",
    "%2e%2e%2f",
    "%F0%9F%93%A7",
    "'%20OR%201=1--",
];

#[tokio::test]
async fn a_foreign_object_is_as_missing_as_one_that_never_was() {
    let world = World::new().await;
    for row in rows().iter().filter(|row| row.names_an_object()) {
        let strangers: Vec<_> = ROLES
            .into_iter()
            .filter(|role| !matches!(role, Role::Owner) && row.expected(*role) == "404")
            .collect();
        let address = world.address(row.path).await;
        let id = id_in(row.path, &address);
        let before = told(&world).await;
        for role in strangers {
            let ask = async |path: &str| {
                let answer = world.ask(role, row.method, path, &row.fields).await;
                assert_eq!(answer.status, 404, "{role:?} {} {path}", row.method);
                let told = answer.body.replace(path, "…");
                told.replace(answer.header("x-request-id"), "…")
            };
            let theirs = ask(&address).await;
            let missing = ask(&address.replace(&id, MISSING)).await;
            assert_eq!(theirs, missing, "{role:?} {} {}", row.method, row.path);
            assert!(!theirs.contains("Secret") && !theirs.contains("customer-"));
        }
        assert_eq!(told(&world).await, before, "{} {}", row.method, row.path);
        world.site.clock.advance(Duration::from_secs(60));
    }
}

#[tokio::test]
async fn what_is_no_id_is_not_found() {
    let world = World::new().await;
    // The outbox is there in the demo only, and knows no database.
    for row in rows()
        .iter()
        .filter(|row| row.path.contains(':') && !row.path.starts_with("/system/"))
    {
        let address = world.address(row.path).await;
        let own = id_in(row.path, &address);
        let long = "a".repeat(2_000);
        for junk in JUNK.iter().copied().chain([long.as_str(), MISSING]) {
            let path = address.replace(&own, junk);
            let answer = world.ask(reader(row), row.method, &path, &row.fields);
            assert_eq!(answer.await.status, 404, "{} {path}", row.method);
        }
        world.site.clock.advance(Duration::from_secs(60));
    }
}

/// Who may open such a page at all.
fn reader(row: &Row) -> Role {
    match row.expected(Role::Owner) {
        "403" if row.expected(Role::Manager) == "403" => Role::Administrator,
        "403" => Role::Manager,
        _ => Role::Owner,
    }
}

/// What stands in an address for the first named part of its route.
fn id_in(route: &str, address: &str) -> String {
    let mut parts = route.split('/').zip(address.split('/'));
    let named = parts.find(|(part, _)| part.starts_with(':'));
    named.unwrap().1.to_owned()
}

/// Everything of the owner's that a stranger could have changed.
async fn told(world: &World) -> String {
    let (services, ann) = (&world.site.services, &world.owner.actor);
    let request = PageRequest::first(10);
    let filter = RecipientFilter::default();
    let recipients = services.recipients.page(ann, &filter, &request).await;
    let trash = services.trash.page(ann, &request).await;
    let lists = services.recipients.lists(ann).await;
    let messages = services.messages.page(ann, &request).await;
    let mailings = MailingFilter::default();
    let mailings = services.mailings.page(ann, &mailings, &request).await;
    format!("{recipients:?} {trash:?} {lists:?} {messages:?} {mailings:?}")
}
