//! A form whose session has ended meanwhile: nothing typed is lost, nothing is done unasked (S7).

use std::time::Duration;

use poem::http::Method;

use crate::browser::{Answer, Browser};
use crate::site::{PASSWORD, Site};

const ANN: &str = "ann@example.org";
const SIGN_IN: &str = "/login?next=%2Fconfirmed%2Fsigned-in";

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    let fields = fields.iter();
    fields.map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

/// The form of a new list as it is sent, typed while the session lives.
async fn typed(browser: &mut Browser<'_>, name: &str) -> Vec<(String, String)> {
    let mut fields = browser.get("/lists/new").await.hidden("/lists");
    fields.push(("name".to_owned(), name.to_owned()));
    fields
}

fn past_every_session(site: &Site) {
    site.clock.advance(Duration::from_secs(31 * 24 * 60 * 60));
}

fn is_refused(answer: &Answer) -> bool {
    answer.status == 403 && answer.texts("h1") == ["This form is out of date"]
}

#[tokio::test]
async fn what_was_typed_before_the_session_ended_is_sent_after_signing_in_and_asking() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let name = "<b>Friends</b> \"&\" друзья";
    let form = typed(&mut browser, name).await;
    past_every_session(&site);
    let ended = browser.post_bare("/lists", &pairs(&form)).await;
    assert_eq!(ended.status, 403);
    assert_eq!(ended.texts("h1"), ["Your session has ended"]);
    let link = ended.attribute("main a.btn-primary", "href");
    assert_eq!(link.as_deref(), Some(SIGN_IN));
    let mut kept = ended.fields("main form");
    kept.sort();
    let mut sent = form.clone();
    sent.sort();
    assert_eq!(kept, sent);

    let early = browser.post_bare("/lists", &pairs(&kept)).await;
    assert_eq!(
        early.texts("h1"),
        ["Your session has ended"],
        "still nobody"
    );
    let hidden = browser.get(SIGN_IN).await.hidden("/login");
    let mut credentials = pairs(&hidden);
    credentials.extend([("email", ANN), ("password", PASSWORD)]);
    let signed_in = browser.post_bare("/login", &credentials).await;
    assert_eq!(signed_in.location(), "/confirmed/signed-in");
    let told = browser.get("/confirmed/signed-in").await;
    assert_eq!(told.texts("h1"), ["You are signed in"]);

    let asked = browser.post_bare("/lists", &pairs(&kept)).await;
    assert_eq!(asked.status, 403);
    assert_eq!(asked.texts("h1"), ["Send what you typed?"]);
    assert!(asked.texts("main form p")[0].contains("it goes to /lists"));
    let shown = asked.attribute("main .field input", "value");
    assert_eq!(shown.as_deref(), Some(name));
    assert_eq!(browser.get("/lists").await.texts("tbody th a"), [""; 0]);

    let confirmed = asked.fields("main form");
    for _ in 0..2 {
        let done = browser.post_bare("/lists", &pairs(&confirmed)).await;
        assert_eq!((done.status, done.location()), (303, "/lists"));
    }
    let lists = browser.get("/lists").await;
    assert_eq!(
        lists.texts("tbody th a"),
        [name],
        "once, though pressed twice"
    );
}

#[tokio::test]
async fn a_form_of_the_session_before_is_shown_when_its_user_has_signed_in_anew() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let form = typed(&mut browser, "Friends").await;
    browser.post("/overview", "/logout", &[]).await;
    browser.sign_in(ANN, PASSWORD).await;
    let asked = browser.post_bare("/lists", &pairs(&form)).await;
    assert_eq!(asked.texts("h1"), ["Send what you typed?"]);
}

#[tokio::test]
async fn nobody_else_is_shown_what_was_typed() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    site.user("bob@example.org", &[]).await;
    let form = typed(&mut browser, "Friends").await;
    browser.post("/overview", "/logout", &[]).await;
    browser.sign_in("bob@example.org", PASSWORD).await;
    let answer = browser.post_bare("/lists", &pairs(&form)).await;
    assert!(is_refused(&answer) && !answer.body.contains("Friends"));
}

#[tokio::test]
async fn a_form_that_we_have_not_made_is_never_kept() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let token = browser.token("/overview").await;
    let (mac, owner) = token.split_once('.').unwrap();
    let (user, _) = owner.split_once('.').unwrap();
    past_every_session(&site);
    let guest = browser.token("/login").await;
    for wrong in ["", "x", mac, &guest, &format!("{mac}.{user}.{mac}")] {
        let answer = browser
            .post_bare("/lists", &[("name", "Planted"), ("csrf", wrong)])
            .await;
        // A guest's own token is one: the way is the sign-in page, as ever.
        let is_led = wrong == guest && answer.location() == "/login?next=%2Flists";
        assert!(is_refused(&answer) || is_led, "{wrong}: {}", answer.body);
    }
    let fields = [("name", "Planted"), ("csrf", token.as_str())];
    browser
        .headers
        .insert("sec-fetch-site", "cross-site".to_owned());
    assert!(is_refused(&browser.post_bare("/lists", &fields).await));
    browser
        .headers
        .insert("sec-fetch-site", "same-origin".to_owned());
    let twice = [fields[0], fields[1], fields[1]];
    assert!(is_refused(&browser.post_bare("/lists", &twice).await));
    let nothing = browser.post_bare("/lists", &fields[1..]).await;
    assert!(is_refused(&nothing), "nothing was typed");
    let theme = [("theme", "dark"), ("csrf", token.as_str())];
    assert!(is_refused(&browser.post_bare("/theme", &theme).await));
}

#[tokio::test]
async fn passwords_are_not_kept_and_files_cannot_be() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let token = browser.token("/overview").await;
    past_every_session(&site);
    let fields = [
        ("current", "old secret"),
        ("new", "new secret"),
        ("code", "123456"),
        ("email", "new@example.org"),
        ("csrf", token.as_str()),
    ];
    let ended = browser.post_bare("/settings/password", &fields).await;
    assert_eq!(ended.texts("h1"), ["Your session has ended"]);
    assert!(ended.body.contains("new@example.org") && ended.body.contains("type them again"));
    assert!(!ended.body.contains("secret\"") && !ended.body.contains("123456"));

    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\na\r\n--b--\r\n"
    );
    let kind = "multipart/form-data; boundary=b".to_owned();
    browser.headers.insert("content-type", kind);
    let answer = browser
        .send(Method::POST, "/recipients/import", Some(body))
        .await;
    assert_eq!(answer.status, 403);
    assert!(
        answer.body.contains("Files cannot be kept"),
        "{}",
        answer.body
    );
}
