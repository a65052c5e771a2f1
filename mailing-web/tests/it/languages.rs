//! Both languages, chosen by the visitor or their browser.

use mailing_core::user::Language;

use crate::site::{PASSWORD, Site};

#[tokio::test]
async fn the_browser_proposes_and_the_visitor_decides() {
    let site = Site::new();
    let mut browser = site.browser();
    assert_eq!(
        browser.get("/").await.attribute("html", "lang").unwrap(),
        "en"
    );
    browser
        .headers
        .insert("accept-language", "ru-RU,ru;q=0.9,en;q=0.5".to_owned());
    let page = browser.get("/").await;
    assert_eq!(page.attribute("html", "lang").unwrap(), "ru");
    assert_eq!(page.texts("h1"), ["Каждое письмо на счету"]);
    let fields = [("lang", "en"), ("back", "/login?next=%2Fmailings")];
    let answer = browser.post("/", "/language", &fields).await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, "/login?next=%2Fmailings")
    );
    assert_eq!(browser.cookies["__Host-lang"], "en");
    assert_eq!(
        browser.get("/").await.texts("h1"),
        ["Every message accounted for"]
    );
}

#[tokio::test]
async fn a_user_reads_their_own_language_until_they_choose_another() {
    let site = Site::new();
    let (owner, mut browser) = site.signed_in("ann@example.org").await;
    let mut user = owner.user.clone();
    user.language = Language::Ru;
    site.save_user(&user).await;
    assert_eq!(browser.get("/overview").await.texts("h1"), ["Обзор"]);
    browser
        .post("/overview", "/language", &[("lang", "en"), ("back", "/")])
        .await;
    assert_eq!(browser.get("/overview").await.texts("h1"), ["Overview"]);
}

#[tokio::test]
async fn the_theme_is_the_systems_until_one_is_chosen() {
    let site = Site::new();
    let mut browser = site.browser();
    assert_eq!(
        browser.get("/").await.attribute("html", "data-bs-theme"),
        None
    );
    browser
        .post("/", "/theme", &[("theme", "dark"), ("back", "/")])
        .await;
    assert_eq!(
        browser
            .get("/")
            .await
            .attribute("html", "data-bs-theme")
            .unwrap(),
        "dark"
    );
    assert_eq!(
        browser
            .post("/", "/theme", &[("theme", "x\"y"), ("back", "/")])
            .await
            .status,
        400
    );
    browser
        .cookies
        .insert("__Host-theme".to_owned(), "\"><script>".to_owned());
    assert_eq!(
        browser.get("/").await.attribute("html", "data-bs-theme"),
        None
    );
}

#[tokio::test]
async fn no_page_shows_the_name_of_a_text_instead_of_the_text() {
    let site = Site::new();
    site.user("ann@example.org", &[]).await;
    for lang in ["en", "ru"] {
        let mut browser = site.browser();
        browser
            .cookies
            .insert("__Host-lang".to_owned(), lang.to_owned());
        browser.sign_in("ann@example.org", PASSWORD).await;
        for path in [
            "/",
            "/overview",
            "/mailings",
            "/mailings?status=draft",
            "/no/such/page",
        ] {
            let page = browser.get(path).await;
            for text in page.texts("h1, h2, p, a, button, th, td, dt, dd, label, li") {
                let is_key =
                    text.contains('-') && text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                assert!(!is_key, "{lang} {path}: {text}");
            }
        }
    }
}
