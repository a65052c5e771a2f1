//! `/reports` and `/manage/reports`: what came of the runs.

use mailing_core::ports::Store as _;
use mailing_core::report::Tally;
use mailing_core::testing::builders::{id, mailing, run};
use mailing_core::testing::system;
use mailing_core::user::Role;

use crate::browser::Browser;
use crate::runs::{Sent, delivered, failed, in_doubt};
use crate::site::Site;

/// Ann's run to four that is over and counted: two delivered, one failed, one in doubt.
async fn sent(site: &Site) -> (Sent, Browser<'_>) {
    let (ann, browser) = site.signed_in("ann@example.org").await;
    let sent = Sent::to(site, ann, 4).await;
    let endings = [delivered(), failed(), in_doubt(), delivered()];
    sent.settle(site, &endings).await;
    sent.close(site).await;
    let mut unit = site.store.write().await.unwrap();
    for run in unit.reports().uncounted(&system(), 9).await.unwrap() {
        let mut tally = Tally::default();
        for some in unit
            .reports()
            .tally(&system(), run.id, 1..=9)
            .await
            .unwrap()
        {
            tally.add(&some);
        }
        let sums = tally.sums();
        let kept = unit.reports().keep_tally(&system(), &run, &sums).await;
        assert!(kept.unwrap());
    }
    unit.commit().await.unwrap();
    (sent, browser)
}

#[tokio::test]
async fn a_report_tells_sums_days_mailings_causes_and_domains() {
    let site = Site::new();
    let (_, mut browser) = sent(&site).await;
    let page = browser.get("/reports").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.texts("h1"), ["Reports"]);
    assert_eq!(
        page.texts(".stat"),
        ["Delivered2 50.0%", "Failed1 25.0%", "Unknown1", "Runs1"]
    );
    assert_eq!(page.texts(".chart .axis span"), ["6", "4", "2", "0"]);
    assert_eq!(page.texts(".card tbody th bdi"), ["Winter"]);
    assert!(page.texts("td.at-start .badge")[0].contains("Address does not exist"));
    assert_eq!(page.texts(".rows .addr"), ["example.org"]);
    let link = page.attribute("td.at-end a", "href").unwrap();
    assert!(
        link.starts_with("/log?cause=no_such_mailbox&since="),
        "{link}"
    );
    assert_eq!(browser.get(&link).await.texts("tbody th bdi").len(), 1);
}

#[tokio::test]
async fn other_days_are_asked_for_and_mistakes_are_told_at_their_field() {
    let site = Site::new();
    let (_, mut browser) = sent(&site).await;
    let page = browser
        .get("/reports?since=2026-01-01&until=2026-01-31")
        .await;
    assert_eq!(page.texts(".empty h2"), ["Nothing was sent in these days"]);
    assert_eq!(page.attribute("#since", "value").unwrap(), "2026-01-01");
    assert_eq!(
        page.texts(".actions a").len(),
        0,
        "there is nothing to keep"
    );
    for (query, field) in [
        ("since=2026-03-02&until=2026-03-01", "until"),
        ("since=2020-01-01&until=2026-03-01", "since"),
        ("since=%27+OR+1%3D1", "since"),
        ("until=31.02.2026", "until"),
        ("period=ages", "period"),
    ] {
        let page = browser.get(&format!("/reports?{query}")).await;
        assert_eq!(page.status, 422, "{query}");
        let anchor = page.attribute(".error-summary a", "href").unwrap();
        assert_eq!(anchor, format!("#{field}"), "{query}");
        assert!(page.texts("title")[0].starts_with("Error: "), "{query}");
        let file = browser.get(&format!("/reports/export?{query}")).await;
        assert_eq!(file.status, 422, "{query}");
    }
    for period in ["7", "30", "90", "month"] {
        let page = browser.get(&format!("/reports?period={period}")).await;
        assert_eq!(page.status, 200, "{period}");
    }
}

#[tokio::test]
async fn tables_are_kept_as_files() {
    let site = Site::new();
    let (_, mut browser) = sent(&site).await;
    let page = browser.get("/reports").await;
    let all = page.attribute(".actions a", "href").unwrap();
    let file = browser.get(&all).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        file.header("content-disposition")
            .contains("report-days.csv")
    );
    assert!(
        file.body
            .contains("\"2026-03-02\",\"Winter\",\"1\",\"0\",\"2\",\"1\",\"1\"")
    );
    for (table, cell) in [
        ("mailings", "\"Winter\""),
        ("causes", "\"no_such_mailbox\",\"1\""),
        ("domains", "\"example.org\",\"2\",\"1\",\"1\""),
    ] {
        let file = browser.get(&format!("/reports/export?table={table}")).await;
        assert!(file.body.contains(cell), "{table}: {}", file.body);
    }
    let junk = browser.get("/reports/export?table=users").await;
    assert_eq!(junk.status, 422);
}

#[tokio::test]
async fn managers_see_everybody_without_an_address() {
    let site = Site::new();
    let (sent, _) = sent(&site).await;
    site.user("mira@example.org", &[Role::Manager]).await;
    let mut mira = site.browser();
    mira.sign_in("mira@example.org", crate::site::PASSWORD)
        .await;
    let page = mira.get("/manage/reports").await;
    assert_eq!(page.texts(".card tbody th .second"), ["ann@example.org"]);
    assert_eq!(page.texts(".rows .addr"), ["example.org"]);
    assert!(!page.body.contains("r1@example.org"), "no recipient");
    assert!(!page.body.contains("/log?"), "no log of others");
    let one = format!("/manage/reports?owner={}", sent.ann.id());
    let page = mira.get(&one).await;
    assert_eq!(page.texts(".lead bdi"), ["ann@example.org"]);
    let link = page.attribute(".nav-tabs a", "href").unwrap();
    assert!(link.contains("owner="), "{link}");
    let file = page.attribute(".actions a", "href").unwrap();
    let file = mira.get(&file).await;
    assert!(file.body.contains("\"ann@example.org\""));
    let own = mira.get("/reports").await;
    assert_eq!(own.texts(".empty h2"), ["Nothing was sent in these days"]);
    let nobody: mailing_core::id::UserId = id(site.now());
    for wrong in ["x".to_owned(), nobody.to_string()] {
        let page = mira.get(&format!("/manage/reports?owner={wrong}")).await;
        assert_eq!(page.status, 404, "{wrong}");
    }
}

#[tokio::test]
async fn another_owners_runs_are_in_no_report() {
    let site = Site::new();
    sent(&site).await;
    let (_, mut bob) = site.signed_in("bob@example.org").await;
    let page = bob.get("/reports").await;
    assert_eq!(page.texts(".empty h2"), ["Nothing was sent in these days"]);
    let file = bob.get("/reports/export").await;
    assert!(!file.body.contains("Winter"));
    assert_eq!(bob.get("/manage/reports").await.status, 403);
}

#[tokio::test]
async fn what_is_not_counted_yet_is_told() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let sent = Sent::to(&site, ann, 2).await;
    sent.settle(&site, &[delivered()]).await;
    let page = browser.get("/reports").await;
    assert!(page.body.contains("1 run is not over"));
    assert_eq!(page.texts(".rows .addr").len(), 0);
    sent.settle(&site, &[delivered()]).await;
    sent.close(&site).await;
    let page = browser.get("/reports").await;
    assert!(page.body.contains("of 1 run are still being counted"));
}

#[tokio::test]
async fn the_overview_has_thirty_days_once_something_was_sent() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let page = browser.get("/overview").await;
    assert_eq!(page.texts(".chart").len(), 0);
    let sent = Sent::to(&site, ann, 2).await;
    sent.settle(&site, &[delivered(), failed()]).await;
    let page = browser.get("/overview").await;
    assert_eq!(page.texts(".chart .axis span"), ["3", "2", "1", "0"]);
    assert_eq!(
        page.texts(".keys span"),
        ["delivered 1", "failed 1 (50.0%)"]
    );
    assert_eq!(page.texts("details tbody tr").len(), 30);
}

#[tokio::test]
async fn the_calendar_shows_runs_and_planned_sends() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    let planned = mailing().of(&ann).named("Spring");
    let planned = planned.daily("2026-03-01T10:00").saved(store).await;
    let at = site.now() - chrono::TimeDelta::minutes(5);
    run().at(at).due(store, &ann, &planned).await;
    let page = browser.get("/calendar?month=2026-03").await;
    assert_eq!(page.texts("h1"), ["March 2026"]);
    assert_eq!(page.texts("#month td.today li").len(), 2);
    assert!(page.texts("#month li bdi").len() > 28);
    let create = page.attribute("#month td.today p a", "href").unwrap();
    assert_eq!(create, "/mailings/new?date=2026-03-02");
    let form = browser.get(&create).await;
    assert_eq!(
        form.attribute("[name='windows.0.start_date']", "value")
            .unwrap(),
        "2 Mar 2026"
    );
    let day = browser.get("/calendar?day=2026-03-02").await;
    assert_eq!(day.texts("h1"), ["Monday 2 March"]);
    assert_eq!(day.texts(".month li").len(), 2);
    let (_, mut bob) = site.signed_in("bob@example.org").await;
    let other = bob.get("/calendar?month=2026-03").await;
    assert_eq!(other.texts("#month li").len(), 0, "others see their own");
}

#[tokio::test]
async fn months_lead_to_each_other_and_junk_is_told() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let page = browser.get("/calendar").await;
    let links = page.texts(".actions a");
    assert_eq!(links, ["February 2026", "April 2026", "Create mailing"]);
    let last = browser.get("/calendar?month=2999-12").await;
    assert_eq!(last.texts(".actions a").len(), 2, "nothing comes after it");
    let first = browser.get("/calendar?month=1900-01").await;
    assert_eq!(first.texts(".actions a").len(), 2);
    for junk in ["2026-13", "junk", "2026-1", "3000-01", "%27+OR+1%3D1"] {
        let page = browser.get(&format!("/calendar?month={junk}")).await;
        assert_eq!(page.status, 422, "{junk}");
        assert_eq!(
            page.attribute(".error-summary a", "href").unwrap(),
            "#month"
        );
    }
    for junk in ["2026-02-30", "junk", "9999-01-01"] {
        let page = browser.get(&format!("/calendar?day={junk}")).await;
        assert_eq!(page.status, 404, "{junk}");
    }
    for ignored in ["junk", "2020-01-01"] {
        let form = browser.get(&format!("/mailings/new?date={ignored}")).await;
        assert_eq!(form.status, 200);
        assert_eq!(form.texts("h1").len(), 1);
    }
}
