//! What an owner reads: overview, mailings, runs.

use mailing_core::mailing::MailingEvent;
use mailing_core::testing::builders::{self, mailing, recipient};
use mailing_core::user::Role;

use crate::site::{PASSWORD, Site};

#[tokio::test]
async fn a_new_owner_is_led_to_the_first_mailing() {
    let site = Site::new();
    let (owner, mut browser) = site.signed_in("ann@example.org").await;
    let page = browser.get("/overview").await;
    assert_eq!(page.texts(".checklist .done"), ["Confirm your address"]);
    assert_eq!(page.texts(".checklist .todo"), ["Add recipientsAdd"]);
    assert_eq!(
        page.attribute(".checklist .btn-primary", "href").unwrap(),
        "/recipients/import"
    );
    recipient().of(&owner).saved(site.store.as_ref()).await;
    let page = browser.get("/overview").await;
    assert!(page.texts(".checklist .todo")[0].starts_with("Write a message"));
    assert_eq!(page.texts(".stat dd"), ["0", "0", "1"]);
}

#[tokio::test]
async fn the_next_sends_stand_in_their_order_in_the_readers_zone() {
    let site = Site::new();
    let (owner, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    for (name, at) in [
        ("Later", "2026-03-20T09:00:00Z"),
        ("Sooner", "2026-03-04T09:00:00Z"),
    ] {
        let at = at.parse().unwrap();
        mailing()
            .of(&owner)
            .named(name)
            .daily("2026-03-04T09:00")
            .next_at(Some(at))
            .saved(store)
            .await;
    }
    let page = browser.get("/overview").await;
    assert_eq!(page.texts(".rows a"), ["Sooner", "Later"]);
    assert_eq!(
        page.texts(".rows time"),
        ["Wed 4 Mar, 12:00", "Fri 20 Mar, 12:00"]
    );
    assert_eq!(
        page.texts(".rows .small"),
        ["in 2 days"],
        "nothing relative beyond two weeks"
    );
    assert_eq!(page.texts(".checklist").len(), 0);
    assert_eq!(page.texts(".btn-primary"), ["Create mailing"]);
}

#[tokio::test]
async fn what_needs_attention_is_named_with_the_way_there() {
    let site = Site::new();
    let (owner, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    let made = |name| mailing().of(&owner).named(name).daily("2026-03-04T09:00");
    let reason = "Complaints".to_owned();
    let disabled = MailingEvent::Disabled { reason };
    let disabled = made("Prize").after(disabled).saved(store).await;
    made("News").after(MailingEvent::Paused).saved(store).await;
    let shop = builders::sender().of(&owner).at("shop@example.net");
    shop.unverified().saved(store).await;
    let page = browser.get("/overview").await;
    let items = page.texts(".checklist li > div");
    assert_eq!(
        items,
        [
            "A manager has disabled “Prize”Complaints",
            "Sender shop@example.net is not confirmedUntil it is confirmed nothing is sent from it.",
            "“News” is paused",
        ]
    );
    assert_eq!(
        page.attribute(".checklist a", "href").unwrap(),
        format!("/mailings/{}", disabled.id)
    );
}

#[tokio::test]
async fn a_manager_sees_what_goes_on_and_no_recipient() {
    let site = Site::new();
    let ann = site.user("ann@example.org", &[]).await;
    let store = site.store.as_ref();
    recipient()
        .of(&ann)
        .at("eve@example.net")
        .saved(store)
        .await;
    let made = mailing().of(&ann).named("Winter").daily("2026-03-02T09:00");
    let made = made.saved(store).await;
    let run = builders::run().due(store, &ann, &made).await;
    builders::freeze(store, run, builders::start()).await;
    site.user("boss@example.org", &[Role::Manager]).await;
    let mut boss = site.browser();
    boss.sign_in("boss@example.org", PASSWORD).await;
    let page = boss.get("/overview").await;
    assert_eq!(page.texts(".stat dd"), ["1", "1", "1"]);
    let address = format!("/manage/mailings/{}", made.id);
    assert_eq!(page.attribute("a.name", "href").unwrap(), address);
    assert_eq!(page.texts(".bar-head span")[0], "0 of 1");
    assert!(!page.body.contains("eve@example.net") && !page.body.contains("/runs/"));
    assert_eq!(
        page.texts(".checklist").len(),
        0,
        "nobody asks them to send"
    );
}

#[tokio::test]
async fn mailings_are_listed_by_status() {
    let site = Site::new();
    let (owner, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    assert_eq!(
        browser.get("/mailings").await.texts(".empty h2"),
        ["No mailings yet"]
    );
    let daily = || mailing().of(&owner).daily("2026-03-04T09:00");
    daily().named("A draft").draft().saved(store).await;
    daily()
        .named("Held")
        .after(MailingEvent::Paused)
        .saved(store)
        .await;
    let page = browser.get("/mailings").await;
    assert_eq!(page.texts("tbody th"), ["Held", "A draft"], "newest first");
    assert_eq!(page.texts("tbody .badge"), ["Paused", "Draft"]);
    let page = browser.get("/mailings?status=draft").await;
    assert_eq!(page.texts("tbody th"), ["A draft"]);
    assert_eq!(page.texts(".nav-tabs [aria-current]"), ["Drafts"]);
    let page = browser.get("/mailings?status=finished").await;
    assert_eq!(page.texts(".empty h2"), ["Nothing found"]);
    assert_eq!(
        browser
            .get("/mailings?status=nonsense&after=nonsense")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_long_list_goes_on_page_by_page_and_keeps_its_filter() {
    let site = Site::new();
    let (owner, mut browser) = site.signed_in("ann@example.org").await;
    for n in 0..60 {
        let name = format!("Mailing {n}");
        mailing()
            .of(&owner)
            .named(&name)
            .daily("2026-03-04T09:00")
            .draft()
            .saved(site.store.as_ref())
            .await;
    }
    let first = browser.get("/mailings?status=draft").await;
    assert_eq!(first.texts("tbody th").len(), 50);
    let next = first.attribute("a[rel=next]", "href").unwrap();
    let second = browser.get(&next).await;
    assert_eq!(second.texts("tbody th").len(), 10);
    assert_eq!(second.texts(".nav-tabs [aria-current]"), ["Drafts"]);
    assert_eq!(second.attribute("a[rel=next]", "href"), None);
}

#[tokio::test]
async fn a_mailing_shows_its_forecast_in_its_own_zone_and_its_runs() {
    let site = Site::new();
    let (owner, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    let ann = recipient().of(&owner).saved(store).await;
    let made = mailing()
        .of(&owner)
        .named("Winter")
        .to(&[ann.id])
        .zone("Europe/Berlin")
        .daily("2026-03-03T09:00")
        .saved(store)
        .await;
    let run = builders::run().due(store, &owner, &made).await;
    let page = browser.get(&format!("/mailings/{}", made.id)).await;
    assert_eq!(page.texts("h1"), ["Winter"]);
    assert!(page.body.contains("Berlin (UTC+1)"), "{}", page.body);
    assert_eq!(page.texts(".rows time")[0], "Tue 3 Mar, 09:00");
    assert_eq!(page.texts(".rows time").len(), 6);
    assert_eq!(
        page.attribute("tbody a", "href").unwrap(),
        format!("/runs/{run}")
    );
}

#[tokio::test]
async fn guests_are_asked_to_sign_in_first() {
    let site = Site::new();
    let mut browser = site.browser();
    for path in ["/overview", "/mailings", "/mailings/x?after=1", "/runs/x"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 303, "{path}");
        let next = serde_urlencoded::to_string([("next", path)]).unwrap();
        assert_eq!(answer.location(), format!("/login?{next}"));
    }
    let page = browser.get("/login?next=%2Fmailings").await;
    assert_eq!(page.texts(".alert"), ["Sign in to open this page."]);
}
