//! What is too large, not for us, or not understood (S49, S52).

use poem::http::Method;

use crate::site::Site;

#[tokio::test]
async fn only_our_own_hosts_are_answered() {
    let site = Site::new();
    let mut browser = site.browser();
    for (host, status) in [
        ("mailing.example.com", 200),
        ("MAILING.example.com", 200),
        ("second.example.com", 200),
        ("evil.example", 400),
        ("mailing.example.com.evil.example", 400),
        ("mailing.example.com:81", 400),
        ("", 400),
    ] {
        browser.headers.insert("host", host.to_owned());
        assert_eq!(browser.get("/").await.status, status, "{host:?}");
    }
}

#[tokio::test]
async fn links_never_hold_the_host_of_the_request() {
    let site = Site::new();
    let mut browser = site.browser();
    browser
        .headers
        .insert("host", "second.example.com".to_owned());
    browser
        .headers
        .insert("x-forwarded-host", "evil.example".to_owned());
    let page = browser.get("/").await;
    assert!(!page.body.contains("second.example.com") && !page.body.contains("evil.example"));
}

#[tokio::test]
async fn bodies_have_a_limit_whether_they_tell_their_length_or_not() {
    let site = Site::new();
    let mut browser = site.browser();
    let large = format!("email={}", "a".repeat(1024 * 1024));
    let answer = browser.send(Method::POST, "/login", Some(large)).await;
    assert_eq!(answer.status, 413);
    browser
        .headers
        .insert("content-length", "10737418240".to_owned());
    let answer = browser
        .send(Method::POST, "/login", Some("email=a".to_owned()))
        .await;
    assert_eq!(
        answer.status, 413,
        "refused by what it tells, before it is read"
    );
}

#[tokio::test]
async fn a_form_has_at_most_a_hundred_fields() {
    let site = Site::new();
    let mut browser = site.browser();
    let fields = "a=1&".repeat(101);
    assert_eq!(
        browser
            .send(Method::POST, "/login", Some(fields))
            .await
            .status,
        413
    );
}

#[tokio::test]
async fn a_long_address_is_refused() {
    let site = Site::new();
    let path = format!("/login?next=/{}", "a".repeat(8 * 1024));
    assert_eq!(site.browser().get(&path).await.status, 414);
}

#[tokio::test]
async fn many_headers_are_refused() {
    let site = Site::new();
    let mut browser = site.browser();
    browser.headers.insert("x-large", "a".repeat(17 * 1024));
    assert_eq!(browser.get("/").await.status, 400);
}

#[tokio::test]
async fn what_is_no_form_is_not_read_as_one() {
    let site = Site::new();
    let mut browser = site.browser();
    browser
        .headers
        .insert("content-type", "application/json".to_owned());
    let answer = browser
        .send(Method::POST, "/login", Some("{}".to_owned()))
        .await;
    assert_eq!(answer.status, 415);
    browser.headers.insert(
        "content-type",
        "application/x-www-form-urlencoded".to_owned(),
    );
    let answer = browser
        .send(Method::POST, "/login", Some("email=%ff".to_owned()))
        .await;
    assert!(matches!(answer.status, 400 | 403), "{}", answer.status);
}

#[tokio::test]
async fn a_known_address_tells_when_the_method_is_wrong() {
    let site = Site::new();
    let mut browser = site.browser();
    assert_eq!(browser.send(Method::HEAD, "/", None).await.status, 200);
    let (_, mut user) = site.signed_in("ann@example.org").await;
    let token = user.token("/overview").await;
    assert_eq!(
        user.post_bare("/overview", &[("csrf", &token)])
            .await
            .status,
        405
    );
}

#[tokio::test]
async fn one_user_cannot_ask_without_end_and_others_do_not_notice() {
    let site = Site::new();
    let (_, mut ann) = site.signed_in("ann@example.org").await;
    let (_, mut bob) = site.signed_in("bob@example.org").await;
    let answer = ann.get("/mailings").await;
    assert_eq!(answer.header("ratelimit-policy"), "\"reads\";q=600;w=60");
    assert!(answer.header("ratelimit").starts_with("\"reads\";r=599;"));
    for _ in 0..120 {
        ann.post_bare("/theme", &[]).await;
    }
    let answer = ann.post_bare("/theme", &[]).await;
    assert_eq!(answer.status, 429);
    assert!((1..=60).contains(&answer.header("retry-after").parse::<u64>().unwrap()));
    assert_eq!(
        ann.get("/mailings").await.status,
        200,
        "reading is counted apart"
    );
    assert_eq!(bob.post_bare("/theme", &[]).await.status, 403);
    site.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(
        ann.post_bare("/theme", &[]).await.status,
        403,
        "counted anew, still without token"
    );
}
