//! Large exports: prepared beside the page, which tells how far they are.

use std::time::Duration;

use mailing_core::recipient::RecipientState;
use mailing_core::testing::builders::{crowd, list, recipient};

use crate::browser::Browser;
use crate::site::Site;

const LIST: &str = "/recipients";
const EXPORTS: &str = "/recipients/exports";

/// Asks for an export with this filter, however few it finds; where that leads.
async fn asked(browser: &mut Browser<'_>, query: &str) -> String {
    let sent = browser.post(LIST, &format!("{EXPORTS}{query}"), &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    sent.location().to_owned()
}

async fn worked(site: &Site) {
    let work = &site.services.export_work;
    let job = work.claim().await.unwrap().expect("something waits");
    work.run(job).await.unwrap();
}

#[tokio::test]
async fn a_large_list_is_prepared_and_then_downloaded() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    crowd(site.store.as_ref(), &ann, 10_001).await;
    let page = browser.get("/recipients?q=r1").await;
    let action = format!(".actions form[action='{EXPORTS}?q=r1']");
    assert_eq!(page.texts(&action).len(), 1, "{}", page.body);
    let sent = browser.submit(LIST, EXPORTS, &[]).await;
    let path = sent.location().to_owned();
    let page = browser.get(&path).await;
    assert_eq!(page.texts("h1"), ["Preparing the export"]);
    assert_eq!(
        page.texts("#progress strong"),
        ["0 recipients found so far"]
    );
    assert_eq!(page.texts("#progress [data-share]"), ["0%"]);
    assert!(page.body.contains("<noscript><meta http-equiv=\"refresh\""));
    assert_eq!(browser.get(&format!("{path}/file")).await.status, 404);
    let told = browser.get(LIST).await;
    assert_eq!(told.attribute("p.small a", "href").unwrap(), path);
    worked(&site).await;
    let page = browser.get(&path).await;
    assert_eq!(page.texts("h1"), ["The export is ready"]);
    assert!(
        page.texts("strong")
            .join("")
            .starts_with("10,001 recipients, ")
    );
    assert!(!page.body.contains("http-equiv=\"refresh\""));
    let file = page.attribute("a[download]", "href").unwrap();
    let file = browser.get(&file).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let disposition = file.header("content-disposition");
    assert_eq!(disposition, "attachment; filename=\"recipients.csv\"");
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(file.body.lines().count(), 10_002);
    let trail = browser.get("/settings/activity").await;
    assert!(trail.body.contains("Recipients exported"));
}

#[tokio::test]
async fn the_filter_of_the_list_is_that_of_the_export() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    crowd(store, &ann, 3).await;
    let eve = recipient().of(&ann).at("eve@example.net").named("=1+1");
    let eve = eve.state(RecipientState::Bounced).saved(store).await;
    let friends = list().of(&ann).named("Friends <b>").with(&[eve.id]);
    let friends = friends.saved(store).await;
    let query = format!("?q=example.net&state=bounced&list={}", friends.id);
    let path = asked(&mut browser, &query).await;
    let page = browser.get(&path).await;
    assert_eq!(
        page.texts(".lead"),
        ["Search: “example.net” · List: “Friends <b>” · State: Bounced"]
    );
    worked(&site).await;
    let file = browser.get(&format!("{path}/file")).await;
    let rows: Vec<_> = file.body.lines().skip(1).collect();
    assert_eq!(rows.len(), 1, "{}", file.body);
    assert!(rows[0].contains("\"eve@example.net\"") && rows[0].contains("\"'=1+1\""));
}

#[tokio::test]
async fn pressed_twice_it_is_one_export_and_another_one_waits() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let path = asked(&mut browser, "?q=a").await;
    assert_eq!(asked(&mut browser, "?q=a").await, path);
    assert!(browser.get(&path).await.texts(".alert-flash").is_empty());
    assert_eq!(asked(&mut browser, "?q=b").await, path);
    let told = browser.get(&path).await.texts(".alert-flash").join("");
    assert!(told.contains("One export at a time"), "{told}");
    worked(&site).await;
    assert_ne!(asked(&mut browser, "?q=b").await, path);
}

#[tokio::test]
async fn an_export_is_cancelled_and_a_file_deleted() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    for is_ready in [false, true] {
        let path = asked(&mut browser, "").await;
        if is_ready {
            worked(&site).await;
        }
        let page = browser.get(&path).await;
        let discard = page.attribute("main form", "action").unwrap();
        let sent = browser.submit(&path, &discard, &[]).await;
        assert_eq!(sent.location(), LIST);
        let list = browser.get(LIST).await;
        assert_eq!(list.texts(".alert-flash").len(), 1);
        assert!(list.texts("p.small a").is_empty());
        assert_eq!(browser.get(&path).await.status, 404);
        let again = browser.post(LIST, &discard, &[]).await;
        assert_eq!(again.status, 404);
    }
    let work = &site.services.export_work;
    assert!(work.claim().await.unwrap().is_none());
}

#[tokio::test]
async fn an_export_of_another_owner_or_of_the_day_before_yesterday_is_told_alike() {
    let site = Site::new();
    let (_, mut ann) = site.signed_in("ann@example.org").await;
    let (_, mut bob) = site.signed_in("bob@example.org").await;
    let path = asked(&mut ann, "").await;
    worked(&site).await;
    for path in [
        path.clone(),
        format!("{path}/file"),
        format!("{EXPORTS}/junk"),
        format!("{EXPORTS}/%00/file"),
    ] {
        let page = bob.get(&path).await;
        assert_eq!(page.status, 404, "{path}");
        assert_eq!(page.texts("h1"), ["There is no such export"]);
        assert!(
            page.body.contains("deleted after 24 hours"),
            "{}",
            page.body
        );
    }
    let discard = format!("{path}/discard");
    assert_eq!(bob.post(LIST, &discard, &[]).await.status, 404);
    assert_eq!(ann.get(&format!("{path}/file")).await.status, 200);
    let unsigned = ann.post_bare(&discard, &[]).await;
    assert_eq!(unsigned.status, 403);
    site.clock.advance(Duration::from_secs(24 * 3_600 + 1));
    let late = ann.get(&format!("{path}/file")).await;
    assert_eq!(late.status, 404);
    assert_eq!(late.texts("h1"), ["There is no such export"]);
}
