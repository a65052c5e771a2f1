//! The link in every mail (S36-S38, RFC 8058).

use mailing_core::links::UnsubscribeClaim;
use mailing_core::ports::Store as _;
use mailing_core::recipient::{Recipient, RecipientState};
use mailing_core::testing::builders::{self, Owner, list, mailing, recipient};
use mailing_core::user::Language;
use poem::http::Method;

use crate::browser::Answer;
use crate::site::Site;

struct Story {
    site: Site,
    owner: Owner,
    ann: Recipient,
    path: String,
}

async fn story() -> Story {
    let site = Site::new();
    let owner = site.user("shop@example.org", &[]).await;
    let ann = recipient()
        .of(&owner)
        .at("anna@example.net")
        .saved(site.store.as_ref())
        .await;
    let claim = UnsubscribeClaim {
        owner: owner.id(),
        recipient: ann.id,
        run: builders::id(builders::start()),
    };
    let path = format!("/u/{}", site.links.unsubscribe_token(&claim));
    Story {
        site,
        owner,
        ann,
        path,
    }
}

impl Story {
    async fn state(&self) -> RecipientState {
        let mut unit = self.site.store.read().await.unwrap();
        let found = unit
            .recipients()
            .find(&self.owner.view(), self.ann.id)
            .await;
        found.unwrap().unwrap().state
    }

    /// The owner's lists with how many are in each.
    async fn lists(&self) -> Vec<(String, u64)> {
        let mut unit = self.site.store.read().await.unwrap();
        let lists = unit.lists().list(&self.owner.view()).await.unwrap();
        let named = lists.into_iter();
        named
            .map(|(list, n)| (list.name.as_str().to_owned(), n))
            .collect()
    }

    /// As a mail program does it: no cookie, no page before, no origin.
    async fn one_click(&self, body: &str) -> Answer {
        let mut program = self.site.browser();
        program.headers.remove("sec-fetch-site");
        program.headers.remove("accept");
        program
            .send(Method::POST, &self.path, Some(body.to_owned()))
            .await
    }
}

#[tokio::test]
async fn reading_the_link_changes_nothing() {
    let story = story().await;
    let mut scanner = story.site.browser();
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let answer = scanner.send(method, &story.path, None).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("set-cookie"), "", "nobody is followed");
    }
    assert_eq!(story.state().await, RecipientState::Active);
}

#[tokio::test]
async fn one_click_needs_neither_cookie_nor_page() {
    let story = story().await;
    let answer = story.one_click("List-Unsubscribe=One-Click").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(story.state().await, RecipientState::Unsubscribed);
    let again = story.one_click("List-Unsubscribe=One-Click").await;
    assert_eq!(again.status, 200, "a second time is no error");
}

#[tokio::test]
async fn one_click_comes_as_a_form_with_parts_too() {
    let story = story().await;
    let mut program = story.site.browser();
    program.headers.remove("sec-fetch-site");
    program
        .headers
        .insert("content-type", "multipart/form-data; boundary=b".to_owned());
    let part = |text: &str| {
        let head = "Content-Disposition: form-data; name=\"List-Unsubscribe\"";
        format!("--b\r\n{head}\r\n\r\n{text}\r\n--b--\r\n").into_bytes()
    };
    let wrong = program.send_bytes(Method::POST, &story.path, part("No"));
    assert_eq!(wrong.await.status, 400);
    assert_eq!(story.state().await, RecipientState::Active);
    let right = program.send_bytes(Method::POST, &story.path, part("One-Click"));
    assert_eq!(right.await.status, 200);
    assert_eq!(story.state().await, RecipientState::Unsubscribed);
}

#[tokio::test]
async fn one_click_needs_its_body() {
    let story = story().await;
    for body in [
        "",
        "List-Unsubscribe=one-click",
        "List-Unsubscribe=",
        "a=b",
        "x",
    ] {
        let answer = story.one_click(body).await;
        assert!(
            (400..500).contains(&answer.status),
            "{body:?} {}",
            answer.status
        );
        assert_eq!(story.state().await, RecipientState::Active, "{body:?}");
    }
}

#[tokio::test]
async fn a_person_is_asked_and_may_take_it_back() {
    let story = story().await;
    let mut person = story.site.browser();
    let page = person.get(&story.path).await;
    assert_eq!(page.texts("h1"), ["Unsubscribe?"]);
    assert!(
        page.body.contains("a***@example.net"),
        "the address is masked"
    );
    assert!(!page.body.contains("anna@example.net"));
    assert!(page.body.contains("“Ann”"), "who writes is named");
    let answer = person
        .post_bare(&story.path, &[("action", "unsubscribe")])
        .await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, story.path.as_str())
    );
    assert_eq!(story.state().await, RecipientState::Unsubscribed);
    assert_eq!(
        person.get(&story.path).await.texts("h1"),
        ["You are unsubscribed"]
    );
    person.post_bare(&story.path, &[("action", "undo")]).await;
    assert_eq!(story.state().await, RecipientState::Active);
}

#[tokio::test]
async fn a_damaged_or_foreign_token_is_not_found() {
    let story = story().await;
    let mut person = story.site.browser();
    let token = story.path.strip_prefix("/u/").unwrap().to_owned();
    let mut damaged = vec!["x".to_owned(), token[1..].to_owned(), format!("{token}A")];
    for at in (0..token.len()).step_by(7) {
        let other = if &token[at..=at] == "A" { "B" } else { "A" };
        damaged.push(format!("{}{other}{}", &token[..at], &token[at + 1..]));
    }
    for token in damaged {
        let path = format!("/u/{token}");
        assert_eq!(person.get(&path).await.status, 404, "{token}");
        let body = Some("List-Unsubscribe=One-Click".to_owned());
        assert_eq!(
            person.send(Method::POST, &path, body).await.status,
            404,
            "{token}"
        );
    }
    assert_eq!(story.state().await, RecipientState::Active);
}

#[tokio::test]
async fn a_session_has_no_say_in_it() {
    let story = story().await;
    let mut owner = story.site.browser();
    owner
        .sign_in("shop@example.org", crate::site::PASSWORD)
        .await;
    owner
        .headers
        .insert("sec-fetch-site", "cross-site".to_owned());
    let answer = owner
        .post_bare(&story.path, &[("List-Unsubscribe", "One-Click")])
        .await;
    assert_eq!(answer.status, 200);
    let page = owner.get(&story.path).await;
    assert!(!page.body.contains("/overview") && !page.body.contains("name=\"csrf\""));
}

#[tokio::test]
async fn robots_that_fetch_ahead_change_nothing() {
    let story = story().await;
    let list = list().of(&story.owner).named("Customers");
    let list = list
        .with(&[story.ann.id])
        .saved(story.site.store.as_ref())
        .await;
    let mut robot = story.site.browser();
    robot.headers.insert("sec-purpose", "prefetch".to_owned());
    robot
        .headers
        .insert("user-agent", "SafeLinks/1.0".to_owned());
    for query in [
        String::new(),
        "?action=unsubscribe".to_owned(),
        "?List-Unsubscribe=One-Click".to_owned(),
        format!("?leave={}", list.id),
        format!("?left={}", list.id),
        "?lang=ru".to_owned(),
        "?lang=%00&left=%00".to_owned(),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let path = format!("{}{query}", story.path);
            assert_eq!(robot.send(method, &path, None).await.status, 200, "{query}");
        }
    }
    assert_eq!(story.state().await, RecipientState::Active);
    let (_, members) = &story.lists().await[0];
    assert_eq!(*members, 1);
}

#[tokio::test]
async fn one_list_is_left_and_come_back_to() {
    let mut story = story().await;
    let store = story.site.store.as_ref();
    let list = list().of(&story.owner).named("Customers");
    let list = list.with(&[story.ann.id]).saved(store).await.id;
    let other = builders::list().of(&story.owner).named("Staff only");
    let other = other.with(&[story.ann.id]).saved(store).await.id;
    let planned = mailing().of(&story.owner).to_lists(&[list]);
    let planned = planned.saved(store).await;
    let run = builders::run().due(store, &story.owner, &planned).await;
    let claim = UnsubscribeClaim {
        owner: story.owner.id(),
        recipient: story.ann.id,
        run,
    };
    story.path = format!("/u/{}", story.site.links.unsubscribe_token(&claim));
    let mut person = story.site.browser();
    let page = person.get(&story.path).await;
    assert_eq!(page.texts(".rows bdi"), ["Customers"]);
    assert!(!page.body.contains("Staff only"), "no other list is told");
    let list = list.to_string();
    for _ in 0..2 {
        let answer = person.post_bare(&story.path, &[("leave", &list)]).await;
        assert_eq!(answer.location(), format!("{}?left={list}", story.path));
    }
    let page = person.get(&format!("{}?left={list}", story.path)).await;
    assert_eq!(page.texts(".alert p"), ["You left the list."]);
    assert_eq!(story.state().await, RecipientState::Active);
    let members: Vec<_> = story.lists().await.into_iter().map(|(_, n)| n).collect();
    assert_eq!(members, [0, 1]);
    person.post_bare(&story.path, &[("rejoin", &list)]).await;
    assert_eq!(story.lists().await[0].1, 1);
    for foreign in [other.to_string(), "x".to_owned(), list.replace('0', "1")] {
        for field in ["leave", "rejoin"] {
            let answer = person.post_bare(&story.path, &[(field, &foreign)]).await;
            assert_eq!(answer.status, 404, "{field} {foreign}");
        }
    }
}

#[tokio::test]
async fn the_page_speaks_the_readers_language_or_else_the_senders() {
    let story = story().await;
    let heading = async |header: Option<&str>, query: &str| {
        let mut person = story.site.browser();
        if let Some(header) = header {
            person.headers.insert("accept-language", header.to_owned());
        }
        let page = person.get(&format!("{}{query}", story.path)).await;
        page.texts("h1").remove(0)
    };
    assert_eq!(heading(Some("ru-RU,ru;q=0.9"), "").await, "Отписаться?");
    assert_eq!(heading(Some("ru"), "?lang=en").await, "Unsubscribe?");
    assert_eq!(heading(None, "").await, "Unsubscribe?");
    let mut owner = story.owner.user.clone();
    owner.language = Language::Ru;
    story.site.save_user(&owner).await;
    assert_eq!(heading(Some("de-DE"), "").await, "Отписаться?");
    assert_eq!(heading(None, "").await, "Отписаться?");
}

#[tokio::test]
async fn somebody_who_is_erased_is_told_that_nothing_comes() {
    let story = story().await;
    let claim = UnsubscribeClaim {
        owner: story.owner.id(),
        recipient: builders::id(builders::start()),
        run: builders::id(builders::start()),
    };
    let path = format!("/u/{}", story.site.links.unsubscribe_token(&claim));
    let mut person = story.site.browser();
    let page = person.get(&path).await;
    assert_eq!(
        (page.status, page.texts("h1")[0].as_str()),
        (200, "Nothing more will come")
    );
    assert_eq!(page.texts("button").len(), 0);
    let body = Some("List-Unsubscribe=One-Click".to_owned());
    for _ in 0..2 {
        let answer = person.send(Method::POST, &path, body.clone()).await;
        assert_eq!(answer.status, 200);
    }
}
