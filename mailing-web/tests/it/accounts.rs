//! Making an account, proving its address, a new password (A1, S4, S9, S37).

use mailing_core::letter::Letter;
use mailing_core::user::UserState;

use crate::browser::Browser;
use crate::site::{PASSWORD, Site};

const EVE: &str = "eve@example.org";

async fn register(browser: &mut Browser<'_>, email: &str) -> crate::browser::Answer {
    let fields = [("email", email), ("password", PASSWORD)];
    browser.post("/register", "/register", &fields).await
}

/// Registers, and gives the path of the link in the letter.
async fn registered(site: &Site, browser: &mut Browser<'_>) -> String {
    let answer = register(browser, EVE).await;
    assert_eq!((answer.status, answer.location()), (303, "/register/sent"));
    match site.letters().await.pop() {
        Some((to, Letter::VerifyAddress { token })) => {
            assert_eq!(to, EVE);
            format!("/verify/{}", token.reveal())
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_new_account_lives_where_the_browser_is() {
    let cases = [
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("", "UTC"),
        ("{{ 7*7 }}", "UTC"),
    ];
    for (told, expected) in cases {
        let site = Site::new();
        let mut browser = site.browser();
        let fields = [("email", EVE), ("password", PASSWORD), ("zone", told)];
        browser.post("/register", "/register", &fields).await;
        let Some((_, Letter::VerifyAddress { token })) = site.letters().await.pop() else {
            panic!("no letter");
        };
        let link = format!("/verify/{}", token.reveal());
        browser.post(&link, &link, &[]).await;
        let profile = browser.get("/settings").await;
        let zone = profile.attribute("[name=zone]", "value");
        assert_eq!(zone.as_deref(), Some(expected), "{told}");
    }
}

#[tokio::test]
async fn two_fields_and_one_link_lead_into_the_application() {
    let site = Site::new();
    let mut browser = site.browser();
    let link = registered(&site, &mut browser).await;
    let question = browser.get(&link).await;
    assert_eq!(question.status, 200);
    assert_eq!(question.header("referrer-policy"), "no-referrer");
    assert_eq!(question.texts("main bdi"), [EVE]);
    let done = browser.post(&link, &link, &[]).await;
    assert_eq!((done.status, done.location()), (303, "/recipients/import"));
    let next = browser.get("/recipients/import").await;
    assert_eq!(next.texts(".alert-flash").len(), 1, "{}", next.body);
    let overview = browser.get("/overview").await;
    assert_eq!(overview.status, 200);
    assert_eq!(overview.texts(".menu .prefs bdi"), [EVE]);
    assert!(overview.texts("form[action='/verify']").is_empty());
    assert_eq!(browser.get(&link).await.status, 404, "it works once");
}

#[tokio::test]
async fn another_browser_is_not_signed_in_by_the_link() {
    let site = Site::new();
    let link = registered(&site, &mut site.browser()).await;
    let mut other = site.browser();
    let done = other.post(&link, &link, &[]).await;
    assert_eq!(done.location(), "/confirmed/address");
    assert_eq!(other.get("/overview").await.status, 303);
    assert_eq!(other.sign_in(EVE, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn opening_the_link_changes_nothing() {
    let site = Site::new();
    let mut browser = site.browser();
    let link = registered(&site, &mut browser).await;
    for _ in 0..3 {
        assert_eq!(browser.get(&link).await.status, 200);
    }
    let bare = browser.post_bare(&link, &[]).await;
    assert_eq!(bare.status, 403, "only the form does it");
    assert_eq!(browser.sign_in(EVE, PASSWORD).await.status, 303);
    let banner = browser
        .get("/overview")
        .await
        .texts("form[action='/verify']");
    assert_eq!(banner.len(), 1);
}

#[tokio::test]
async fn a_known_address_gets_the_same_bytes() {
    let site = Site::new();
    site.user("ann@example.org", &[]).await;
    let mut bodies = Vec::new();
    for email in ["ann@example.org", EVE] {
        let mut browser = site.browser();
        let answer = register(&mut browser, email).await;
        assert_eq!((answer.status, answer.location()), (303, "/register/sent"));
        assert_eq!(answer.body, "");
        let fields = [("email", email)];
        let reset = browser
            .post("/password/reset", "/password/reset", &fields)
            .await;
        assert_eq!((reset.status, reset.location()), (303, "/password/sent"));
        let token = browser.token("/login").await;
        for page in ["/register/sent", "/password/sent"] {
            let page = browser.get(page).await;
            bodies.push(page.body.replace(&token, "…"));
        }
    }
    assert_eq!(bodies[..2], bodies[2..]);
    let letters = site.letters().await;
    let mut kinds: Vec<_> = letters.iter().map(|(_, letter)| letter.kind()).collect();
    // Letters of one instant have no order.
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            "already_registered",
            "reset_password",
            "reset_password",
            "verify_address"
        ]
    );
}

#[tokio::test]
async fn faults_stand_at_their_fields_and_the_address_stays() {
    let site = Site::new();
    let mut browser = site.browser();
    for (email, password, faults) in [
        ("", "", 2),
        ("nobody", PASSWORD, 1),
        ("eve@example.org", "short", 1),
        ("<script>@x", "password1234", 2),
    ] {
        let fields = [("email", email), ("password", password)];
        let answer = browser.post("/register", "/register", &fields).await;
        assert_eq!(answer.status, 422, "{email}");
        assert_eq!(answer.texts(".error-summary a").len(), faults, "{email}");
        assert_eq!(answer.attribute("#email", "value").unwrap(), email);
        assert_eq!(answer.attribute("#password", "value").unwrap(), "");
        assert!(answer.texts("title")[0].starts_with("Error: "));
    }
    let more = [
        ("email", EVE),
        ("password", PASSWORD),
        ("role", "administrator"),
    ];
    let answer = browser.post("/register", "/register", &more).await;
    assert_eq!(answer.status, 400, "rights are no field of a form");
    assert!(site.letters().await.is_empty());
}

#[tokio::test]
async fn the_thirty_first_request_of_an_hour_has_to_wait() {
    let site = Site::new();
    let mut browser = site.browser();
    let token = browser.token("/password/reset").await;
    for n in 0..30 {
        let email = format!("n{n}@example.org");
        let fields = [("email", email.as_str()), ("csrf", token.as_str())];
        let answer = browser.post_bare("/password/reset", &fields).await;
        assert_eq!(answer.status, 303);
    }
    let fields = [("email", EVE), ("csrf", token.as_str())];
    let answer = browser.post_bare("/password/reset", &fields).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_old_sessions_end() {
    let site = Site::new();
    let (_, mut old) = site.signed_in("ann@example.org").await;
    let mut browser = site.browser();
    browser
        .headers
        .insert("host", "second.example.com".to_owned());
    let fields = [("email", "ann@example.org")];
    browser
        .post("/password/reset", "/password/reset", &fields)
        .await;
    let Some((_, Letter::ResetPassword { token })) = site.letters().await.pop() else {
        panic!("no letter");
    };
    let link = format!("/password/reset/{}", token.reveal());
    let form = browser.get(&link).await;
    assert_eq!(form.texts("main bdi"), ["ann@example.org"]);
    let short = browser.post(&link, &link, &[("password", "short")]).await;
    assert_eq!(short.status, 422);
    let new = "another crooked teapot 8";
    let done = browser.post(&link, &link, &[("password", new)]).await;
    assert_eq!(done.location(), "/confirmed/password");
    assert_eq!(browser.get(&link).await.status, 404);
    assert_eq!(old.get("/overview").await.status, 303, "signed out");
    assert_eq!(old.sign_in("ann@example.org", PASSWORD).await.status, 422);
    assert_eq!(old.sign_in("ann@example.org", new).await.status, 303);
}

#[tokio::test]
async fn a_blocked_user_learns_why_and_gets_no_further() {
    let site = Site::new();
    let link = registered(&site, &mut site.browser()).await;
    let mut eve = site.find_user(EVE).await;
    eve.state = UserState::Blocked {
        at: mailing_core::testing::builders::start(),
        reason: "Bought addresses.".to_owned(),
    };
    site.save_user(&eve).await;
    let answer = site.browser().get(&link).await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("Bought addresses."));
}

#[tokio::test]
async fn junk_links_say_that_they_are_over() {
    let site = Site::new();
    let mut browser = site.browser();
    for link in [
        "/verify/x",
        "/verify/%00",
        "/password/reset/x",
        "/confirmed/x",
    ] {
        let answer = browser.get(link).await;
        assert_eq!(answer.status, 404, "{link}");
    }
    let answer = browser.post("/login", "/verify/x", &[]).await;
    assert_eq!(answer.status, 404);
    let set = [("password", PASSWORD)];
    let answer = browser.post("/login", "/password/reset/x", &set).await;
    assert_eq!(answer.status, 404);
}
