//! The contacts page, and what administrators do about what comes from there.

use std::time::Duration;

use mailing_core::instance::SettingsDraft;
use mailing_core::letter::Letter;
use mailing_core::policy::Actor;
use mailing_core::user::Role;

use crate::browser::{Answer, Browser};
use crate::site::{PASSWORD, Site};

const TYPED: [(&str, &str); 4] = [
    ("writer", "Анна"),
    ("email", "anna@example.org"),
    ("phone", "+7 495 123-45-67"),
    ("feedback", "Первая строка\nвторая <b>строка</b>"),
];

/// The fields of the page, with what was typed, in the order of a browser.
async fn form(guest: &mut Browser<'_>, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let page = guest.get("/contacts").await;
    assert_eq!(page.status, 200);
    let mut fields = page.fields("form[action=\"/contacts\"]");
    for (name, value) in &mut fields {
        if let Some((_, typed)) = typed.iter().find(|(field, _)| field == name) {
            *value = (*typed).to_owned();
        }
    }
    fields
}

async fn send(guest: &mut Browser<'_>, fields: &[(String, String)]) -> Answer {
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    guest.post_bare("/contacts", &fields).await
}

async fn administrator(site: &Site) -> Browser<'_> {
    site.user("root@example.org", &[Role::Administrator]).await;
    let mut browser = site.browser();
    let answer = browser.sign_in("root@example.org", PASSWORD).await;
    assert_eq!(answer.status, 303);
    browser
}

/// How many letters were left, as an administrator sees them.
async fn inbox(root: &mut Browser<'_>) -> Vec<String> {
    let page = root.get("/manage/feedback?show=all").await;
    assert_eq!(page.status, 200);
    page.texts("tbody th a")
}

#[tokio::test]
async fn a_guest_reads_the_text_and_writes_to_the_administrator() {
    let site = Site::new();
    let draft = SettingsDraft {
        blog_writers: "content_managers".to_owned(),
        contact_address: "office@example.org".to_owned(),
        contact_text_en: "# Call us\n\n**Daily** <script>x()</script>".to_owned(),
        contact_text_ru: String::new(),
    };
    let instance = &site.services.instance;
    instance.save(&Actor::console(), 0, &draft).await.unwrap();
    let mut guest = site.browser();
    let fields = form(&mut guest, &TYPED).await;
    let page = guest.get("/contacts").await;
    assert_eq!(page.texts(".prose strong"), ["Daily"]);
    assert!(!page.body.contains("x()"));
    assert_eq!(page.texts("main .addr"), ["office@example.org"]);
    site.clock.advance(Duration::from_secs(5));
    let sent = send(&mut guest, &fields).await;
    assert_eq!((sent.status, sent.location()), (303, "/contacts"));
    let page = guest.get("/contacts").await;
    let told = page.texts(".alert-flash p");
    assert_eq!(
        told,
        ["The message is sent. We answer to anna@example.org."]
    );
    let letters = site.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].0, "office@example.org");
    let reply_to = letters[0].1.reply_to().unwrap();
    assert_eq!(reply_to.address.as_str(), "anna@example.org");
    assert!(matches!(letters[0].1, Letter::Feedback { .. }));
}

#[tokio::test]
async fn faults_stand_at_their_fields_and_the_same_form_may_come_again() {
    let site = Site::new();
    let mut guest = site.browser();
    let mut fields = form(
        &mut guest,
        &[("writer", "Ann\r\nBcc: x"), ("phone", "call me")],
    )
    .await;
    site.clock.advance(Duration::from_secs(5));
    let again = send(&mut guest, &fields).await;
    assert_eq!(again.status, 422);
    assert!(again.texts("title")[0].starts_with("Error: "));
    let anchors = again.texts(".error-summary a").len();
    assert_eq!(anchors, 4, "{:?}", again.texts(".error-summary a"));
    for field in ["writer", "email", "phone", "feedback"] {
        let css = format!("#{field}[aria-invalid]");
        assert!(again.attribute(&css, "id").is_some(), "{field}");
    }
    let value = again.attribute("#phone", "value");
    assert_eq!(value.as_deref(), Some("call me"));
    for (name, value) in &mut fields {
        if let Some((_, typed)) = TYPED.iter().find(|(field, _)| field == name) {
            *value = (*typed).to_owned();
        }
    }
    assert_eq!(send(&mut guest, &fields).await.status, 303);
    assert_eq!(inbox(&mut administrator(&site).await).await, ["Анна"]);
}

#[tokio::test]
async fn robots_are_stopped_without_a_puzzle() {
    let site = Site::new();
    let mut guest = site.browser();
    let at_once = form(&mut guest, &TYPED).await;
    let refused = send(&mut guest, &at_once).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.texts(".error-summary strong").len(), 1);
    let kept = refused.texts("#feedback");
    assert_eq!(kept, ["Первая строка вторая <b>строка</b>"]);
    site.clock.advance(Duration::from_secs(5));
    let mut greedy = form(&mut guest, &TYPED).await;
    for (name, value) in &mut greedy {
        if name == "website" {
            *value = "https://spam.example".to_owned();
        }
    }
    site.clock.advance(Duration::from_secs(5));
    assert_eq!(send(&mut guest, &greedy).await.status, 303);
    let mut forged = form(&mut guest, &TYPED).await;
    site.clock.advance(Duration::from_secs(5));
    for (name, value) in &mut forged {
        if name == "shown" {
            value.push('x');
        }
    }
    assert_eq!(send(&mut guest, &forged).await.status, 409);
    let mut root = administrator(&site).await;
    assert_eq!(inbox(&mut root).await, [""; 0]);
    // A person who was told to wait sends the same form again.
    assert_eq!(send(&mut guest, &at_once).await.status, 303);
    assert_eq!(send(&mut guest, &at_once).await.status, 303);
    assert_eq!(inbox(&mut root).await, ["Анна"]);
}

#[tokio::test]
async fn one_who_writes_too_much_is_told_to_wait() {
    let site = Site::new();
    let mut guest = site.browser();
    for _ in 0..5 {
        let fields = form(&mut guest, &TYPED).await;
        site.clock.advance(Duration::from_secs(5));
        assert_eq!(send(&mut guest, &fields).await.status, 303);
    }
    let fields = form(&mut guest, &TYPED).await;
    site.clock.advance(Duration::from_secs(5));
    let refused = send(&mut guest, &fields).await;
    assert_eq!(refused.status, 429);
    assert!(!refused.header("retry-after").is_empty());
}

#[tokio::test]
async fn without_its_token_nothing_is_left() {
    let site = Site::new();
    let mut guest = site.browser();
    let mut fields = form(&mut guest, &TYPED).await;
    site.clock.advance(Duration::from_secs(5));
    fields.retain(|(name, _)| name != "csrf");
    assert_eq!(send(&mut guest, &fields).await.status, 403);
}

#[tokio::test]
async fn an_administrator_answers_deletes_and_takes_it_back() {
    let site = Site::new();
    let mut guest = site.browser();
    let fields = form(&mut guest, &TYPED).await;
    site.clock.advance(Duration::from_secs(5));
    send(&mut guest, &fields).await;
    let mut root = administrator(&site).await;
    let list = root.get("/manage/feedback").await;
    assert_eq!(list.texts("tbody th a"), ["Анна"]);
    let one = list.attribute("tbody th a", "href").unwrap();
    let card = root.get(&one).await;
    assert_eq!(card.texts("h1"), ["Анна"]);
    assert_eq!(card.texts(".lines"), ["Первая строка вторая <b>строка</b>"]);
    let mail = card.attribute(".actions a", "href");
    assert_eq!(mail.as_deref(), Some("mailto:anna@example.org"));
    let phone = card.attribute("dd a[href^=tel]", "href");
    assert_eq!(phone.as_deref(), Some("tel:+74951234567"));
    let answer = format!("{one}/answer");
    assert_eq!(root.post(&one, &answer, &[]).await.status, 303);
    let card = root.get(&one).await;
    assert_eq!(card.texts(".lead .badge"), ["Answered"]);
    assert_eq!(card.texts(".alert-flash button"), ["Undo"]);
    let list = root.get("/manage/feedback").await;
    assert_eq!(list.texts(".empty h2"), ["Nothing here"]);
    assert_eq!(list.texts(".nav-tabs .count"), ["0", "1", "1"]);
    let found = root.get("/manage/feedback?show=answered&q=ПЕРВАЯ").await;
    assert_eq!(found.texts("tbody th a").len(), 1);
    let none = root.get("/manage/feedback?show=answered&q=100%25").await;
    assert_eq!(none.texts(".empty h2"), ["Nothing found"]);
    let delete = format!("{one}/delete");
    let gone = root.post(&one, &delete, &[]).await;
    assert_eq!((gone.status, gone.location()), (303, "/manage/feedback"));
    assert_eq!(root.get(&one).await.status, 404);
    let undo = format!("{one}/undelete");
    assert_eq!(root.post("/manage/feedback", &undo, &[]).await.status, 303);
    assert_eq!(root.get(&one).await.status, 200);
    for junk in [
        "/manage/feedback/x",
        "/manage/feedback/00000000-0000-0000-0000-000000000000",
    ] {
        assert_eq!(root.get(junk).await.status, 404);
    }
}

#[tokio::test]
async fn the_page_stands_while_the_store_is_away() {
    let site = Site::new();
    site.store.cut_off(true);
    let page = site.browser().get("/contacts").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.texts("h1"), ["Contacts"]);
}
