//! What is another owner's stands in no list, and no form reaches it (S14, S15). The walk does so for
//! addresses.

use mailing_core::ports::store::{MailingFilter, PageRequest, RecipientFilter};
use mailing_core::testing::builders::{self, Owner, list, mailing, message, recipient};

use crate::site::Site;

struct Foreign {
    bob: Owner,
    recipient: String,
    list: String,
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
    address.unverified().saved(store).await;
    Foreign {
        recipient: person.id.to_string(),
        list: list.saved(store).await.id.to_string(),
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
        "/log",
        "/log/export",
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
