//! `/help` explains what its visitor sees, and the key that leads there can be switched off.

use mailing_core::user::Role;

use crate::browser::Answer;
use crate::site::Site;

fn hrefs(page: &Answer, css: &str) -> Vec<String> {
    let document = scraper::Html::parse_document(&page.body);
    let css = scraper::Selector::parse(css).unwrap();
    let found = document.select(&css).filter_map(|e| e.value().attr("href"));
    found.map(str::to_owned).collect()
}

#[tokio::test]
async fn every_entry_of_a_menu_is_explained_to_whom_it_is_shown() {
    let site = Site::new();
    for (email, roles) in [
        ("owner@example.org", &[][..]),
        ("manager@example.org", &[Role::Manager][..]),
        ("content@example.org", &[Role::ContentManager][..]),
        ("root@example.org", &[Role::Administrator][..]),
    ] {
        site.user(email, roles).await;
        let mut browser = site.browser();
        browser.sign_in(email, crate::site::PASSWORD).await;
        let page = browser.get("/help").await;
        let explained = hrefs(&page, "main li a");
        for url in hrefs(&page, "nav ul a")
            .iter()
            .filter(|url| *url != "/help")
        {
            assert!(
                explained.contains(url),
                "{email}: say in help.ftl what {url} is"
            );
        }
    }
    let page = site.browser().get("/help").await;
    assert_eq!(
        hrefs(&page, "main li a"),
        ["/blog", "/contacts", "/login", "/register"]
    );
}

#[tokio::test]
async fn every_state_is_explained_under_its_own_sign() {
    let site = Site::new();
    let page = site.browser().get("/help").await;
    let states = page.texts("dt .badge");
    assert_eq!(states.len(), 6 + 11 + 7);
    for word in [
        "Unknown",
        "Suppressed",
        "Partly",
        "Disabled",
        "Nothing to send",
    ] {
        assert!(states.iter().any(|state| state == word), "{word}");
    }
    let meant = page.texts("dd");
    assert!(meant.iter().all(|text| text.len() > 10), "{meant:?}");
}

#[tokio::test]
async fn the_key_is_switched_off_and_on_again() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let has_key = |page: &Answer| page.body.contains("/assets/help.js");
    assert!(has_key(&browser.get("/overview").await));
    for (key, on) in [("off", false), ("on", true)] {
        let done = browser.submit("/help", "/help/key", &[("key", key)]).await;
        assert_eq!((done.status, done.location()), (303, "/help"));
        let page = browser.get("/help").await;
        assert_eq!(page.texts(".alert-flash").len(), 1);
        assert_eq!(has_key(&page), on);
        let offered = page.attribute("main button[name=key]", "value");
        assert_eq!(offered.as_deref(), Some(if on { "off" } else { "on" }));
        assert_eq!(has_key(&browser.get("/mailings").await), on);
    }
    let junk = browser.submit("/help", "/help/key", &[("key", "x")]).await;
    assert_eq!(junk.status, 400);
}
