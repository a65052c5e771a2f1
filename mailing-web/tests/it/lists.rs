//! `/lists`.

use mailing_core::testing::builders::{list, mailing, recipient};

use crate::site::Site;

const PATH: &str = "/lists";

#[tokio::test]
async fn a_list_is_made_renamed_and_deleted() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let page = browser.get(PATH).await;
    assert_eq!(page.texts(".empty h2"), ["No lists yet"]);
    let answer = browser
        .submit("/lists/new", PATH, &[("name", " Friends ")])
        .await;
    assert_eq!((answer.status, answer.location()), (303, PATH));
    let page = browser.get(PATH).await;
    assert_eq!(
        page.texts(".alert-flash p"),
        ["The list “Friends” is created."]
    );
    assert_eq!(page.texts("tbody th a"), ["Friends"]);
    let current = page.texts(".nav-link[aria-current]");
    assert_eq!(current, ["Recipients"], "its place in the menu");

    let edit = page.attribute("tbody td a", "href").unwrap();
    let url = edit.strip_suffix("/edit").unwrap().to_owned();
    let fields = [("name", "Best friends")];
    assert_eq!(browser.submit(&edit, &url, &fields).await.location(), PATH);

    let delete = format!("{url}/delete");
    let asked = browser.get(&delete).await;
    assert_eq!(asked.texts("h1"), ["Delete the list “Best friends”?"]);
    let answer = browser.submit(&delete, &delete, &[]).await;
    assert_eq!(answer.location(), PATH);
    assert_eq!(browser.get(PATH).await.texts("tbody th a"), [""; 0]);
}

#[tokio::test]
async fn a_bad_name_is_told_at_its_field() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    list()
        .of(&ann)
        .named("Friends")
        .saved(site.store.as_ref())
        .await;
    let long = "x".repeat(10_000);
    for name in ["", "FRIENDS", "a\u{1}b", "a\u{202e}\u{7}b", &long] {
        let answer = browser.submit("/lists/new", PATH, &[("name", name)]).await;
        assert_eq!(answer.status, 422, "{name:?}");
        assert_eq!(answer.texts(".field.invalid label"), ["Name"], "{name:?}");
        assert_eq!(answer.attribute("#name", "value").as_deref(), Some(name));
    }
}

#[tokio::test]
async fn a_list_that_a_mailing_needs_stays() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    let eve = recipient().of(&ann).saved(store).await.id;
    let friends = list()
        .of(&ann)
        .named("Friends")
        .with(&[eve])
        .saved(store)
        .await;
    let news = mailing().of(&ann).named("News").to_lists(&[friends.id]);
    news.daily("2026-03-03T09:00").saved(store).await;
    let delete = format!("/lists/{}/delete", friends.id);
    let answer = browser.submit(&delete, &delete, &[]).await;
    assert_eq!(answer.status, 409);
    assert!(answer.texts(".error-summary").join("").contains("News"));
    assert_eq!(browser.get(PATH).await.texts("tbody th a"), ["Friends"]);
}
