//! `/deliveries/{run}-{number}`: one message to one recipient.

use crate::runs::{Sent, delivered, failed, in_doubt};
use crate::site::Site;

#[tokio::test]
async fn a_delivery_tells_its_story_and_leads_to_what_it_belongs_to() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let sent = Sent::to(&site, ann, 4).await;
    sent.settle(&site, &[delivered(), failed(), in_doubt()])
        .await;
    let path = |number: u32| format!("/deliveries/{}-{number}", sent.run);
    let page = browser.get(&path(2)).await;
    assert_eq!(page.texts(".lead .badge"), ["Failed"]);
    assert!(page.texts(".say")[0].starts_with("Address does not exist."));
    assert_eq!(
        page.texts(".timeline .raw"),
        ["550 5.1.1 <b>User</b> unknown"]
    );
    assert!(!page.body.contains("<b>User"));
    assert_eq!(
        page.texts(".actions .btn"),
        ["Try again…", "Stop mailing this address"]
    );
    for link in page.texts("dl a") {
        assert!(!link.is_empty());
    }
    let document = page.body.clone();
    for target in [sent.path(), format!("/mailings/{}", sent.mailing.id)] {
        assert!(document.contains(&format!("href=\"{target}\"")), "{target}");
        assert_eq!(browser.get(&target).await.status, 200);
    }
    let doubt = browser.get(&path(3)).await;
    assert_eq!(
        doubt.texts(".actions .btn"),
        [
            "Send again…",
            "Count as delivered…",
            "Stop mailing this address"
        ]
    );
    let waits = browser.get(&path(4)).await;
    assert!(waits.body.contains("Not tried yet."));
}

#[tokio::test]
async fn an_address_is_not_written_to_any_more_and_that_is_undone() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let sent = Sent::to(&site, ann, 1).await;
    sent.settle(&site, &[delivered()]).await;
    let path = format!("/deliveries/{}-1", sent.run);
    let answer = browser.submit(&path, "/suppressions", &[]).await;
    assert_eq!(answer.status, 303);
    let page = browser.get(&path).await;
    assert_eq!(page.texts(".actions .btn"), [""; 0]);
    let list = browser.get("/suppressions").await;
    let target = list.attribute("td button[name=target]", "value");
    let fields = [("target", target.as_deref().unwrap())];
    let remove = "/suppressions/remove";
    let answer = browser.post("/suppressions", remove, &fields).await;
    assert_eq!(answer.status, 303);
    assert_eq!(browser.get(&path).await.texts(".actions .btn").len(), 1);
}

#[tokio::test]
async fn junk_is_not_found() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let sent = Sent::to(&site, ann, 1).await;
    let run = sent.run;
    for junk in [
        "x".to_owned(),
        run.to_string(),
        format!("{run}-"),
        format!("{run}-0"),
        format!("{run}-2"),
        format!("{run}-99999999999999999999"),
        format!("{run}-1x"),
    ] {
        let status = browser.get(&format!("/deliveries/{junk}")).await.status;
        assert_eq!(status, 404, "{junk}");
    }
}
