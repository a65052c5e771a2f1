//! `/recipients`: the list, one recipient, many at once, the trash.

use futures::future::join_all;
use mailing_core::ports::store::{PageRequest, RecipientFilter};
use mailing_core::recipient::{RecipientState, SuppressionReason};
use mailing_core::testing::builders::{Owner, list, recipient, suppression};

use crate::browser::Answer;
use crate::site::Site;

const NEW: &str = "/recipients/new";
const PATH: &str = "/recipients";

fn typed<'a>(email: &'a str, name: &'a str) -> Vec<(&'a str, &'a str)> {
    let rest = [("comment", ""), ("attributes", "")];
    [[("email", email), ("full_name", name)], rest].concat()
}

async fn addresses(site: &Site, owner: &Owner) -> Vec<String> {
    let recipients = &site.services.recipients;
    let (filter, request) = (RecipientFilter::default(), PageRequest::first(100));
    let page = recipients
        .page(&owner.actor, &filter, &request)
        .await
        .unwrap();
    page.items
        .iter()
        .map(|row| row.address.to_string())
        .collect()
}

fn flash(answer: &Answer) -> String {
    answer.texts(".alert-flash p").join(" ")
}

#[tokio::test]
async fn a_recipient_is_added_shown_changed_and_deleted() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let empty = browser.get(PATH).await;
    assert_eq!(empty.texts(".empty h2"), ["No recipients yet"]);

    let mut fields = typed("Eve@Example.org", "Eve & Co");
    fields[3] = ("attributes", "city = Perth\nzip = 01234");
    let answer = browser.submit(NEW, PATH, &fields).await;
    assert_eq!((answer.status, answer.location()), (303, PATH));
    let page = browser.get(PATH).await;
    assert_eq!(flash(&page), "Eve@Example.org is a recipient now.");
    assert_eq!(page.texts("tbody th a"), ["Eve@Example.org"]);
    assert_eq!(page.texts(".lead"), ["1 recipient, active: 1"]);
    assert_eq!(flash(&browser.get(PATH).await), "", "it is said once");

    let url = page.attribute("tbody th a", "href").unwrap();
    let card = browser.get(&url).await;
    assert_eq!(card.texts("h1"), ["Eve@Example.org"]);
    let told = card.texts(".answers dd");
    assert!(
        told.contains(&"Perth".to_owned()) && told.contains(&"01234".to_owned()),
        "{told:?}"
    );

    let edit = format!("{url}/edit");
    let answer = browser
        .submit(&edit, &url, &typed("eve@example.com", "Eve"))
        .await;
    assert_eq!((answer.status, answer.location()), (303, url.as_str()));
    assert_eq!(addresses(&site, &ann).await, ["eve@example.com"]);

    let delete = format!("{url}/delete");
    let answer = browser.submit(&url, &delete, &[]).await;
    assert_eq!(answer.location(), PATH);
    assert_eq!(addresses(&site, &ann).await, [""; 0]);
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_what_was_typed_stays() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let long = "x".repeat(10_000);
    let mut fields = typed("nobody", &long);
    fields[2] = ("comment", "a\u{0}b");
    fields[3] = ("attributes", "no sign of equality");
    let answer = browser.submit(NEW, PATH, &fields).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.texts("title"), ["Error: New recipient · Mailing"]);
    assert_eq!(answer.texts(".error-summary h2"), ["Check 4 fields"]);
    for field in ["email", "full_name", "comment", "attributes"] {
        let css = format!("#{field}");
        assert_eq!(
            answer.attribute(&css, "aria-invalid").as_deref(),
            Some("true"),
            "{field}"
        );
    }
    assert_eq!(answer.attribute("#full_name", "value"), Some(long));
    assert_eq!(answer.texts("#attributes"), ["no sign of equality"]);
    assert_eq!(addresses(&site, &ann).await, [""; 0]);
}

#[tokio::test]
async fn an_address_that_is_there_leads_to_its_recipient() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    let eve = recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    let answer = browser
        .submit(NEW, PATH, &typed("EVE@example.org", ""))
        .await;
    assert_eq!(answer.status, 422);
    let other = format!("main p a[href=\"/recipients/{}\"]", eve.id);
    assert_eq!(
        answer.texts(&other),
        ["Open the recipient with this address"]
    );
}

#[tokio::test]
async fn a_form_sent_twenty_times_adds_one_recipient() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let mut fields = browser.get(NEW).await.hidden(PATH);
    for (name, value) in typed("eve@example.org", "Eve") {
        fields.push((name.to_owned(), value.to_owned()));
    }
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let cookies = browser.cookies.clone();
    let sent = (0..20).map(|_| async {
        let mut browser = site.browser();
        browser.cookies.clone_from(&cookies);
        browser.post_bare(PATH, &fields).await
    });
    for answer in join_all(sent).await {
        assert_eq!((answer.status, answer.location()), (303, PATH));
    }
    assert_eq!(addresses(&site, &ann).await, ["eve@example.org"]);
    // Without its number, or with a made-up one, a form is nobody's.
    let rest: Vec<_> = fields
        .iter()
        .copied()
        .filter(|(n, _)| *n != "form_id")
        .collect();
    assert_eq!(browser.post_bare(PATH, &rest).await.status, 400);
    let junk = [rest, vec![("form_id", "x")]].concat();
    assert_eq!(browser.post_bare(PATH, &junk).await.status, 400);
}

#[tokio::test]
async fn a_change_over_another_change_is_told_and_loses_nothing() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let eve = recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(site.store.as_ref())
        .await;
    let url = format!("/recipients/{}", eve.id);
    let edit = format!("{url}/edit");
    let stale = browser.get(&edit).await.hidden(&url);
    assert_eq!(
        browser
            .submit(&edit, &url, &typed("eve@example.org", "First"))
            .await
            .status,
        303
    );
    let send = |hidden: Vec<(String, String)>| {
        let mut fields = hidden;
        for (name, value) in typed("eve@example.org", "Second") {
            fields.push((name.to_owned(), value.to_owned()));
        }
        fields
    };
    let fields = send(stale);
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let answer = browser.post_bare(&url, &fields).await;
    assert_eq!(answer.status, 409);
    assert_eq!(
        answer.attribute("#full_name", "value").as_deref(),
        Some("Second")
    );
    assert!(answer.texts(".well dd").contains(&"First".to_owned()));
    // Sent once more from the page that told so, it counts.
    let fields = send(answer.hidden(&url));
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    assert_eq!(browser.post_bare(&url, &fields).await.status, 303);
    let name = site
        .services
        .recipients
        .show(&ann.actor, eve.id)
        .await
        .unwrap()
        .full_name;
    assert_eq!(name.unwrap().as_str(), "Second");
}

#[tokio::test]
async fn what_was_deleted_comes_back_by_one_button() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    let mut ids = Vec::new();
    for at in ["a@example.org", "b@example.org", "c@example.org"] {
        ids.push(
            recipient()
                .of(&ann)
                .at(at)
                .saved(store)
                .await
                .id
                .to_string(),
        );
    }
    let fields = [("verb", "delete"), ("id", &ids[0]), ("id", &ids[2])];
    let answer = browser.submit(PATH, "/recipients/bulk", &fields).await;
    assert_eq!(answer.location(), PATH);
    let page = browser.get(PATH).await;
    assert_eq!(
        flash(&page),
        "2 recipients deleted. Kept in the trash for 30 days."
    );
    assert_eq!(addresses(&site, &ann).await, ["b@example.org"]);
    let trash = browser.get("/recipients/trash").await;
    assert_eq!(trash.texts("tbody th .addr").len(), 2);

    let undo = page.hidden("/recipients/undelete");
    let undo: Vec<_> = undo.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(
        browser
            .post_bare("/recipients/undelete", &undo)
            .await
            .status,
        303
    );
    assert_eq!(flash(&browser.get(PATH).await), "2 recipients are back.");
    assert_eq!(addresses(&site, &ann).await.len(), 3);
    assert_eq!(
        browser
            .post_bare("/recipients/undelete", &undo)
            .await
            .status,
        303
    );
    assert_eq!(
        flash(&browser.get(PATH).await),
        "There is nothing to bring back."
    );
}

#[tokio::test]
async fn one_is_taken_out_of_the_trash() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let eve = recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(site.store.as_ref())
        .await;
    site.services
        .recipients
        .delete(&ann.actor, eve.id)
        .await
        .unwrap();
    let restore = format!("/recipients/{}/restore", eve.id);
    let answer = browser.submit("/recipients/trash", &restore, &[]).await;
    assert_eq!(answer.location(), format!("/recipients/{}", eve.id));
    assert_eq!(addresses(&site, &ann).await, ["eve@example.org"]);
}

#[tokio::test]
async fn all_that_the_filter_shows_are_deleted_once_that_is_confirmed() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    for at in ["a@example.org", "b@example.org", "c@example.com"] {
        recipient().of(&ann).at(at).saved(site.store.as_ref()).await;
    }
    let fields = [("verb", "all-delete")];
    let found = "/recipients?q=example.org";
    let asked = browser.submit(found, "/recipients/bulk", &fields).await;
    assert_eq!(asked.status, 200);
    assert_eq!(asked.texts("h1"), ["Delete all that were found?"]);
    assert_eq!(
        addresses(&site, &ann).await.len(),
        3,
        "asking deletes nobody"
    );
    let sure = asked.hidden("/recipients/bulk");
    let sure: Vec<_> = sure.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let answer = browser.post_bare("/recipients/bulk", &sure).await;
    assert_eq!(answer.location(), found);
    assert_eq!(addresses(&site, &ann).await, ["c@example.com"]);
}

#[tokio::test]
async fn the_ticked_go_into_a_list_and_leave_it() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    let eve = recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await
        .id
        .to_string();
    let fields = [("verb", "add"), ("id", eve.as_str())];
    let answer = browser.submit(PATH, "/recipients/bulk", &fields).await;
    assert_eq!(answer.location(), "/lists/new", "there is no list yet");

    let friends = list()
        .of(&ann)
        .named("Friends")
        .saved(store)
        .await
        .id
        .to_string();
    for (verb, said, members) in [
        ("add", "1 recipient added to “Friends”.", 1),
        ("add", "All of them were in “Friends” already.", 1),
        ("take-out", "1 recipient removed from “Friends”.", 0),
    ] {
        let fields = [("verb", verb), ("id", eve.as_str())];
        let asked = browser.submit(PATH, "/recipients/bulk", &fields).await;
        assert_eq!(asked.status, 200, "{verb}");
        let mut fields = asked.hidden("/recipients/bulk");
        fields.push(("into".to_owned(), friends.clone()));
        let fields: Vec<_> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            browser.post_bare("/recipients/bulk", &fields).await.status,
            303
        );
        assert_eq!(flash(&browser.get(PATH).await), said);
        let lists = site.services.recipients.lists(&ann.actor).await.unwrap();
        assert_eq!(lists[0].1, members);
    }
}

#[tokio::test]
async fn nobody_ticked_is_told_and_junk_is_refused() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    recipient().of(&ann).saved(site.store.as_ref()).await;
    let answer = browser
        .submit(PATH, "/recipients/bulk", &[("verb", "delete")])
        .await;
    assert_eq!(answer.location(), PATH);
    assert_eq!(
        flash(&browser.get(PATH).await),
        "Select recipients in the list first."
    );
    for fields in [
        vec![("verb", "drop")],
        vec![],
        vec![("verb", "delete"), ("id", "x")],
        vec![("verb", "delete"), ("id", "'; DROP TABLE recipients; --")],
    ] {
        let answer = browser.submit(PATH, "/recipients/bulk", &fields).await;
        assert_eq!(answer.status, 400, "{fields:?}");
    }
    let answer = browser
        .submit(PATH, "/recipients/bulk", &[("at", "9")])
        .await;
    assert_eq!(answer.status, 400);
    for at in ["x", "9223372036854775807"] {
        let answer = browser
            .post("/overview", "/recipients/undelete", &[("at", at)])
            .await;
        assert_eq!(answer.status, 400, "{at}");
    }
}

#[tokio::test]
async fn the_list_is_searched_filtered_and_paged() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    let mut eve = None;
    for n in 0..60 {
        let at = format!("r{n:02}@example.org");
        eve = Some(recipient().of(&ann).at(&at).saved(store).await.id);
    }
    let gone = recipient()
        .of(&ann)
        .at("gone@example.org")
        .comment("100% sure_");
    gone.state(RecipientState::Unsubscribed).saved(store).await;
    let members = [eve.unwrap()];
    let friends = list()
        .of(&ann)
        .named("Friends")
        .with(&members)
        .saved(store)
        .await;

    let first = browser.get(PATH).await;
    assert_eq!(first.texts("tbody tr").len(), 50);
    assert_eq!(first.texts(".lead"), ["61 recipients, 60 of them active"]);
    let next = first.attribute(".pager a[rel=next]", "href").unwrap();
    let second = browser.get(&next).await;
    assert_eq!(second.texts("tbody tr").len(), 11);
    assert!(second.attribute(".pager a[rel=next]", "href").is_none());

    let friends = format!("/recipients?list={}", friends.id);
    for (path, found) in [
        ("/recipients?q=R05", vec!["r05@example.org"]),
        ("/recipients?q=100%25+sure_", vec!["gone@example.org"]),
        ("/recipients?q=r_5", vec![]),
        ("/recipients?state=unsubscribed", vec!["gone@example.org"]),
        (friends.as_str(), vec!["r59@example.org"]),
        ("/recipients?q=r05&state=bounced", vec![]),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.texts("tbody th a"), found, "{path}");
        let clear = page.attribute("main a[href=\"/recipients\"]:not(.nav-tabs a)", "href");
        assert!(clear.is_some(), "{path} can be cleared");
    }
    for junk in [
        "?state=x",
        "?list=x",
        "?after=x",
        "?q=%00",
        "?q=%27+OR+1%3D1",
        "?x=1",
    ] {
        assert_eq!(
            browser.get(&format!("/recipients{junk}")).await.status,
            200,
            "{junk}"
        );
    }
}

#[tokio::test]
async fn who_is_on_the_suppression_list_is_shown_so() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    let eve = recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    let entry = suppression().of(&ann).domain("example.org");
    entry.because(SuppressionReason::Manual).saved(store).await;
    let page = browser.get(PATH).await;
    assert_eq!(page.texts("tbody .i-suppressed"), ["Suppressed"]);
    let card = browser.get(&format!("/recipients/{}", eve.id)).await;
    let told = card.texts(".alert-warning").join("");
    assert!(
        told.contains("example.org is on the suppression list"),
        "{told}"
    );
}

#[tokio::test]
async fn the_list_is_exported_as_it_is_filtered_and_runs_nothing() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    let formula = recipient().of(&ann).at("eve@example.org").named("=1+1");
    formula.saved(store).await;
    recipient()
        .of(&ann)
        .at("bob@example.com")
        .saved(store)
        .await;
    let (bob, _) = site.signed_in("bob@example.org").await;
    recipient()
        .of(&bob)
        .at("secret@example.org")
        .saved(store)
        .await;
    let page = browser.get("/recipients?q=example.org").await;
    let export = page.attribute("a[href*=export]", "href").unwrap();
    assert_eq!(export, "/recipients/export?q=example.org");
    let file = browser.get(&export).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let disposition = file.header("content-disposition");
    assert_eq!(disposition, "attachment; filename=\"recipients.csv\"");
    let rows: Vec<_> = file.body.lines().skip(1).collect();
    assert_eq!(rows.len(), 1, "{}", file.body);
    assert!(rows[0].contains("\"eve@example.org\"") && rows[0].contains("\"'=1+1\""));
}
