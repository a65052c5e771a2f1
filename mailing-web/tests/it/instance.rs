//! The settings of the instance.

use mailing_core::instance::WhoWrites;
use mailing_core::user::Role;

use crate::browser::Browser;
use crate::site::{PASSWORD, Site};

const PAGE: &str = "/manage/settings";

const TYPED: [(&str, &str); 4] = [
    ("blog_writers", "every_owner"),
    ("contact_address", "office@example.org"),
    ("contact_text_en", "Call **us**"),
    ("contact_text_ru", "Звоните <script>x()</script>"),
];

async fn administrator(site: &Site) -> Browser<'_> {
    site.user("root@example.org", &[Role::Administrator]).await;
    let mut browser = site.browser();
    let answer = browser.sign_in("root@example.org", PASSWORD).await;
    assert_eq!(answer.status, 303);
    browser
}

fn with<'a>(version: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("version", version)], &TYPED[..], more].concat()
}

async fn writers(site: &Site) -> WhoWrites {
    site.services
        .instance
        .settings()
        .await
        .unwrap()
        .blog_writers
}

#[tokio::test]
async fn settings_are_looked_at_saved_and_hold_at_once() {
    let site = Site::new();
    let mut root = administrator(&site).await;
    let first = root.get(PAGE).await;
    assert_eq!(
        first.attribute("input[name=version]", "value").as_deref(),
        Some("0")
    );
    let chosen = first.attribute("input[checked]", "value");
    assert_eq!(chosen.as_deref(), Some("content_managers"));
    let looked = root.post(PAGE, PAGE, &with("0", &[("then", "look")])).await;
    assert_eq!(looked.status, 200);
    assert_eq!(looked.texts(".prose strong"), ["us"]);
    assert_eq!(looked.texts(".prose[lang=ru]"), ["Звоните"]);
    assert_eq!(writers(&site).await, WhoWrites::default());
    let saved = root.post(PAGE, PAGE, &with("0", &[])).await;
    assert_eq!((saved.status, saved.location()), (303, PAGE));
    let page = root.get(PAGE).await;
    assert_eq!(page.texts(".alert-flash p"), ["The settings are saved."]);
    let address = page.attribute("#contact_address", "value");
    assert_eq!(address.as_deref(), Some("office@example.org"));
    assert_eq!(writers(&site).await, WhoWrites::EveryOwner);
}

#[tokio::test]
async fn of_two_administrators_the_second_is_told_and_loses_nothing() {
    let site = Site::new();
    let mut root = administrator(&site).await;
    assert_eq!(root.post(PAGE, PAGE, &with("0", &[])).await.status, 303);
    let mut late = with("0", &[]);
    late.retain(|(name, _)| *name != "contact_address");
    late.push(("contact_address", "late@example.org"));
    let told = root.post(PAGE, PAGE, &late).await;
    assert_eq!(told.status, 409);
    assert_eq!(told.texts(".error-summary strong").len(), 1);
    let value = told.attribute("#contact_address", "value");
    assert_eq!(value.as_deref(), Some("late@example.org"));
    let version = told.attribute("input[name=version]", "value");
    assert_eq!(version.as_deref(), Some("1"));
    let mut again = late;
    again[0] = ("version", "1");
    assert_eq!(root.post(PAGE, PAGE, &again).await.status, 303);
}

#[tokio::test]
async fn faults_stand_at_their_fields() {
    let site = Site::new();
    let mut root = administrator(&site).await;
    let typed = [
        ("version", "0"),
        ("contact_address", "nobody"),
        ("contact_text_en", "a\0b"),
        ("contact_text_ru", ""),
    ];
    for then in ["", "look"] {
        let page = root
            .post(PAGE, PAGE, &[&typed[..], &[("then", then)]].concat())
            .await;
        assert_eq!(page.status, 422);
        assert_eq!(page.texts(".error-summary a").len(), 3, "{then}");
        assert!(
            page.attribute("#contact_address[aria-invalid]", "id")
                .is_some()
        );
    }
    let forged = [&typed[..], &[("role", "administrator")]].concat();
    assert_eq!(root.post(PAGE, PAGE, &forged).await.status, 400);
}
