//! `/suppressions`.

use mailing_core::recipient::SuppressionReason;
use mailing_core::testing::builders::suppression;

use crate::site::Site;

const PATH: &str = "/suppressions";

#[tokio::test]
async fn addresses_and_domains_are_added_found_and_removed() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let empty = browser.get(PATH).await;
    assert_eq!(empty.texts(".empty h2"), ["The suppression list is empty"]);
    for target in ["Eve@Example.org", "@example.com"] {
        let answer = browser.submit(PATH, PATH, &[("target", target)]).await;
        assert_eq!((answer.status, answer.location()), (303, PATH), "{target}");
    }
    let page = browser.get(PATH).await;
    assert_eq!(page.texts("tbody th"), ["eve@example.org", "example.com"]);
    assert_eq!(
        page.texts(".alert-flash p"),
        ["example.com is on the suppression list now."]
    );
    for (asked, found) in [
        ("EVE@example.org", vec!["eve@example.org"]),
        ("bob%40example.com", vec!["example.com"]),
        ("example.com", vec!["example.com"]),
        ("bob@example.org", vec![]),
        ("%27+OR+1%3D1", vec![]),
    ] {
        let page = browser.get(&format!("{PATH}?q={asked}")).await;
        assert_eq!(page.texts("tbody th"), found, "{asked}");
    }
    let fields = [("target", "eve@example.org")];
    let answer = browser.post(PATH, "/suppressions/remove", &fields).await;
    assert_eq!(answer.location(), PATH);
    assert_eq!(browser.get(PATH).await.texts("tbody th"), ["example.com"]);
}

#[tokio::test]
async fn what_cannot_be_added_is_told_at_the_field() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let known = suppression().of(&ann).domain("example.com");
    known.saved(site.store.as_ref()).await;
    for target in ["", "nobody@", "example.com", "a\r\nb@example.org"] {
        let answer = browser.submit(PATH, PATH, &[("target", target)]).await;
        assert_eq!(answer.status, 422, "{target:?}");
        let invalid = answer.attribute("#target", "aria-invalid");
        assert_eq!(invalid.as_deref(), Some("true"), "{target:?}");
    }
}

#[tokio::test]
async fn what_a_recipient_decided_has_no_button_and_stays() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let gone = suppression().of(&ann).address("gone@example.org");
    let gone = gone.because(SuppressionReason::Unsubscribed);
    gone.saved(site.store.as_ref()).await;
    let page = browser.get(PATH).await;
    assert_eq!(page.texts("tbody button"), [""; 0]);
    let fields = [("target", "gone@example.org")];
    let answer = browser.post(PATH, "/suppressions/remove", &fields).await;
    assert_eq!(answer.status, 303);
    let page = browser.get(PATH).await;
    assert!(page.texts(".alert-flash p")[0].contains("stays on the suppression list"));
    assert_eq!(page.texts("tbody th"), ["gone@example.org"]);
}

#[tokio::test]
async fn another_owners_entries_are_neither_shown_nor_removed() {
    let site = Site::new();
    let (bob, _) = site.signed_in("bob@example.org").await;
    suppression()
        .of(&bob)
        .domain("example.com")
        .saved(site.store.as_ref())
        .await;
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    for path in [PATH, "/suppressions?q=example.com"] {
        assert_eq!(browser.get(path).await.texts("tbody th"), [""; 0], "{path}");
    }
    let fields = [("target", "example.com")];
    let answer = browser.post(PATH, "/suppressions/remove", &fields).await;
    assert_eq!(answer.status, 404);
}
