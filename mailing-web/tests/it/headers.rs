//! Headers that browsers keep by (S8, S47, S48, S58), where no route answers; the walk looks at those.

use poem::http::Method;

use crate::site::Site;
use crate::walk::assert_headers;

#[tokio::test]
async fn errors_have_them_too() {
    let site = Site::new();
    let mut browser = site.browser();
    assert_headers(&browser.get("/no/such/page").await, "/no/such/page");
    let answer = browser.send(Method::DELETE, "/login", None).await;
    assert_headers(&answer, "/login");
    browser.headers.insert("host", "evil.example".to_owned());
    assert_headers(&browser.get("/").await, "/");
}

#[tokio::test]
async fn pages_are_kept_by_no_cache_and_assets_for_a_year() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let page = browser.get("/overview").await;
    assert_eq!(page.header("cache-control"), "no-store");
    let stylesheet = page.attribute("link[rel=stylesheet]", "href").unwrap();
    let asset = browser.get(&stylesheet).await;
    assert_eq!(
        asset.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(asset.header("content-type"), "text/css; charset=utf-8");
    let etag = asset.header("etag").to_owned();
    browser.headers.insert("if-none-match", etag);
    assert_eq!(browser.get(&stylesheet).await.status, 304);
}

#[tokio::test]
async fn plain_http_promises_no_https() {
    let site = Site::demo();
    let mut browser = site.browser();
    browser.headers.insert("host", "127.0.0.1:8080".to_owned());
    let answer = browser.get("/").await;
    assert_eq!(answer.header("strict-transport-security"), "");
}

#[tokio::test]
async fn the_demo_says_on_every_page_that_it_is_one() {
    let demo = Site::demo();
    let (_, mut browser) = {
        let owner = demo.user("ann@example.org", &[]).await;
        let mut browser = demo.browser();
        browser.headers.insert("host", "127.0.0.1:8080".to_owned());
        browser
            .sign_in("ann@example.org", crate::site::PASSWORD)
            .await;
        (owner, browser)
    };
    for path in [
        "/",
        "/login",
        "/overview",
        "/mailings",
        "/system/outbox",
        "/no/such/page",
    ] {
        let answer = browser.get(path).await;
        let page = if answer.status == 303 {
            browser.get(answer.location()).await
        } else {
            answer
        };
        assert_eq!(page.texts(".demo a").len(), 1, "{path}");
    }
    let real = Site::new();
    assert_eq!(real.browser().get("/").await.texts(".demo").len(), 0);
    assert_eq!(real.browser().get("/system/outbox").await.status, 404);
}
