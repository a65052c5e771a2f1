//! Signing in and out (S3-S6, S32).

use mailing_core::testing::builders::start;
use mailing_core::user::UserState;

use crate::site::{PASSWORD, Site};

#[tokio::test]
async fn a_session_is_one_cookie_with_just_these_attributes() {
    let site = Site::new();
    site.user("ann@example.org", &[]).await;
    let mut browser = site.browser();
    let answer = browser.sign_in("ann@example.org", PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (303, "/overview"));
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let token = browser.cookies["__Host-session"].clone();
    assert_eq!(token.len(), 43, "256 bits");
    assert_eq!(
        cookies,
        [
            &format!(
                "__Host-session={token}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"
            ),
            "__Host-visitor=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure",
        ]
    );
}

#[tokio::test]
async fn plain_http_of_the_demo_has_cookies_without_prefix() {
    let site = Site::demo();
    site.user("ann@example.org", &[]).await;
    let mut browser = site.browser();
    browser.headers.insert("host", "127.0.0.1:8080".to_owned());
    let answer = browser.sign_in("ann@example.org", PASSWORD).await;
    assert_eq!(answer.status, 303);
    let cookie = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .next()
        .unwrap()
        .to_str()
        .unwrap();
    assert!(
        cookie.starts_with("session=") && !cookie.contains("Secure"),
        "{cookie}"
    );
    assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server_too() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    assert_eq!(browser.get("/overview").await.status, 200);
    let stolen = browser.cookies.clone();
    assert_eq!(
        browser.post("/overview", "/logout", &[]).await.location(),
        "/"
    );
    assert!(!browser.cookies.contains_key("__Host-session"));
    browser.cookies = stolen;
    assert_eq!(
        browser.get("/overview").await.location(),
        "/login?next=%2Foverview"
    );
}

#[tokio::test]
async fn each_sign_in_has_a_session_of_its_own_and_ends_the_one_before() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let old = browser.cookies.clone();
    let token = browser.token("/overview").await;
    let fields = [
        ("email", "ann@example.org"),
        ("password", PASSWORD),
        ("csrf", token.as_str()),
    ];
    assert_eq!(browser.post_bare("/login", &fields).await.status, 303);
    assert_ne!(browser.cookies, old);
    assert_eq!(browser.get("/overview").await.status, 200);
    browser.cookies = old;
    assert_eq!(
        browser.get("/overview").await.status,
        303,
        "the old session is over"
    );
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_get_the_same_answer() {
    let site = Site::new();
    site.user("ann@example.org", &[]).await;
    let mut browser = site.browser();
    let token = browser.token("/login").await;
    let mut bodies = Vec::new();
    for email in ["ann@example.org", "bob@example.org"] {
        let fields = [
            ("email", email),
            ("password", "wrong"),
            ("csrf", token.as_str()),
        ];
        let answer = browser.post_bare("/login", &fields).await;
        assert_eq!(answer.status, 422);
        assert_eq!(
            answer.attribute("#email", "value").unwrap(),
            email,
            "what was typed stays"
        );
        assert_eq!(
            answer.attribute("#password", "value").unwrap(),
            "",
            "but not the password"
        );
        assert!(answer.texts("title")[0].starts_with("Error: "));
        bodies.push(answer.body.replace(email, "…"));
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn empty_fields_are_named_in_the_summary_and_at_the_field() {
    let site = Site::new();
    let mut browser = site.browser();
    let answer = browser
        .post("/login", "/login", &[("email", " "), ("password", "")])
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.texts(".error-summary a").len(), 2);
    assert_eq!(
        answer.attribute(".error-summary a", "href").unwrap(),
        "#email"
    );
    assert_eq!(answer.texts(".field.invalid").len(), 2);
}

#[tokio::test]
async fn the_eleventh_wrong_try_has_to_wait_and_another_account_has_not() {
    let site = Site::new();
    site.user("ann@example.org", &[]).await;
    site.user("bob@example.org", &[]).await;
    let mut browser = site.browser();
    for _ in 0..10 {
        assert_eq!(
            browser.sign_in("ann@example.org", "wrong").await.status,
            422
        );
    }
    let answer = browser.sign_in("ann@example.org", PASSWORD).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
    browser
        .headers
        .insert("x-forwarded-for", "203.0.113.9".to_owned());
    assert_eq!(
        browser.sign_in("ann@example.org", PASSWORD).await.status,
        429
    );
    assert_eq!(
        browser.sign_in("bob@example.org", PASSWORD).await.status,
        303
    );
}

#[tokio::test]
async fn after_the_wait_the_right_password_lets_in() {
    let site = Site::new();
    site.user("ann@example.org", &[]).await;
    let mut browser = site.browser();
    for _ in 0..10 {
        browser.sign_in("ann@example.org", "wrong").await;
    }
    site.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(
        browser.sign_in("ann@example.org", PASSWORD).await.status,
        303
    );
}

#[tokio::test]
async fn a_blocked_user_is_told_why_and_signed_out() {
    let site = Site::new();
    let (owner, mut browser) = site.signed_in("ann@example.org").await;
    let mut user = owner.user.clone();
    user.state = UserState::Blocked {
        at: start(),
        reason: "Bought addresses.".to_owned(),
    };
    site.save_user(&user).await;
    let answer = browser.get("/mailings").await;
    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("Bought addresses."), "{}", answer.body);
    assert!(!browser.cookies.contains_key("__Host-session"));
    let again = browser.sign_in("ann@example.org", PASSWORD).await;
    assert_eq!(again.status, 403);
    assert!(again.body.contains("Bought addresses."));
}

#[tokio::test]
async fn the_way_back_leads_to_this_site_only() {
    let site = Site::new();
    site.user("ann@example.org", &[]).await;
    for (next, expected) in [
        ("/mailings?status=draft", "/mailings?status=draft"),
        ("//evil.example", "/overview"),
        ("/\\evil.example", "/overview"),
        ("https://evil.example", "/overview"),
        ("/a\r\nSet-Cookie: x=1", "/overview"),
        ("", "/overview"),
    ] {
        let mut browser = site.browser();
        let fields = [
            ("email", "ann@example.org"),
            ("password", PASSWORD),
            ("next", next),
        ];
        let answer = browser.post("/login", "/login", &fields).await;
        assert_eq!(answer.location(), expected, "{next:?}");
        let query = serde_urlencoded::to_string([("next", next)]).unwrap();
        let answer = browser.get(&format!("/login?{query}")).await;
        assert_eq!(answer.location(), expected, "signed in already, {next:?}");
        let answer = browser
            .post("/overview", "/theme", &[("theme", "dark"), ("back", next)])
            .await;
        let back = if expected == "/overview" {
            "/"
        } else {
            expected
        };
        assert_eq!(answer.location(), back, "after a choice, {next:?}");
    }
}

#[tokio::test]
async fn rights_are_no_field_of_a_form() {
    let site = Site::new();
    site.user("ann@example.org", &[]).await;
    let mut browser = site.browser();
    let fields = [
        ("email", "ann@example.org"),
        ("password", PASSWORD),
        ("role", "administrator"),
    ];
    assert_eq!(browser.post("/login", "/login", &fields).await.status, 400);
    assert!(!browser.cookies.contains_key("__Host-session"));
}
