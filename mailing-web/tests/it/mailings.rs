//! Mailings: the form and its buttons, the review, the launch, and what is done afterwards.

use mailing_core::mailing::MailingEvent;
use mailing_core::testing::builders::{
    MailingBuilder, Owner, list, mailing, message, recipient, run, sender,
};

use crate::browser::{Answer, Browser};
use crate::site::Site;

/// Ann has a sender, a message and a recipient.
async fn desk(site: &Site) -> (Owner, Browser<'_>) {
    let (ann, browser) = site.signed_in("ann@example.org").await;
    let store = site.store.as_ref();
    sender().of(&ann).saved(store).await;
    message().of(&ann).subject("Winter").saved(store).await;
    recipient()
        .of(&ann)
        .named("Eve Adams")
        .at("eve@example.net")
        .saved(store)
        .await;
    (ann, browser)
}

/// The form as it stands on a page, with some fields typed anew.
fn typed(page: &Answer, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = page.fields("form[data-forecast]");
    for (name, value) in typed {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

async fn press(browser: &mut Browser<'_>, page: &Answer, changes: &[(&str, &str)]) -> Answer {
    let path = page.attribute("form[data-forecast]", "action").unwrap();
    let fields = typed(page, changes);
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    browser.post_bare(&path, &fields).await
}

async fn saved(site: &Site, builder: MailingBuilder) -> String {
    format!("/mailings/{}", builder.saved(site.store.as_ref()).await.id)
}

#[tokio::test]
async fn from_the_form_over_the_review_to_the_launch() {
    let site = Site::new();
    let (_, mut browser) = desk(&site).await;
    let form = browser.get("/mailings/new").await;
    assert_eq!(form.texts("select#message option"), ["Winter"]);
    assert_eq!(
        form.texts("#forecast .say"),
        ["As soon as it is launched, once."]
    );
    let planned = [
        ("when", "planned"),
        ("windows.0.start_date", "9 March"),
        ("windows.0.start_time", "9"),
        ("windows.0.repeat", "weekly"),
        ("windows.0.end_date", "2026-03-31"),
        ("do", "review"),
    ];
    let made = press(&mut browser, &form, &planned).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let review = made.location().to_owned();
    assert!(review.ends_with("/review"));
    let page = browser.get(&review).await;
    assert_eq!(
        page.texts(".say")[0].replace('\u{a0}', " "),
        "“Winter” goes to 1 recipient on Monday 9 March at 09:00, then every Monday, 3 more times. \
         Moscow (UTC+3)."
    );
    assert_eq!(
        page.texts(".checklist .i-warning").len(),
        1,
        "no test was sent"
    );
    let mailing = review.trim_end_matches("/review").to_owned();
    let launch = format!("{mailing}/launch");
    for _ in 0..2 {
        let token = browser.token("/overview").await;
        let launched = browser.post_bare(&launch, &[("csrf", &token)]).await;
        assert_eq!(
            (launched.status, launched.location()),
            (303, mailing.as_str())
        );
    }
    let page = browser.get(&mailing).await;
    assert_eq!(page.texts(".lead .badge"), ["Created"]);
    assert_eq!(browser.get(&review).await.location(), mailing);
}

#[tokio::test]
async fn every_button_of_the_form_keeps_what_was_typed() {
    let site = Site::new();
    let (ann, mut browser) = desk(&site).await;
    list()
        .of(&ann)
        .named("Friends")
        .saved(site.store.as_ref())
        .await;
    let form = browser.get("/mailings/new").await;
    let two = press(
        &mut browser,
        &form,
        &[
            ("name", "My <name>"),
            ("when", "planned"),
            ("windows.0.start_date", "31.12.2026"),
            ("do", "add"),
        ],
    )
    .await;
    assert_eq!(two.status, 200);
    assert_eq!(two.texts("fieldset.window").len(), 2);
    let value = |page: &Answer, css: &str| page.attribute(css, "value").unwrap();
    assert_eq!(value(&two, "#name"), "My <name>");
    assert_eq!(value(&two, "[name='windows.0.start_date']"), "31.12.2026");
    let one = press(&mut browser, &two, &[("do", "remove:0")]).await;
    assert_eq!(one.texts("fieldset.window").len(), 1);
    assert_ne!(value(&one, "[name='windows.0.start_date']"), "31.12.2026");
    let found = press(&mut browser, &one, &[("q", "adams"), ("do", "find")]).await;
    let id = value(&found, "[name=pick]");
    let picked = press(&mut browser, &found, &[("pick", &id), ("do", "pick")]).await;
    assert_eq!(value(&picked, "[name=picks]"), id);
    assert_eq!(
        picked
            .attribute("[name=to][value=chosen]", "checked")
            .as_deref(),
        Some("")
    );
    assert_eq!(
        picked.texts(".reveal li bdi"),
        ["eve@example.net, Eve Adams"]
    );
    let unpick = format!("unpick:{id}");
    let none = press(&mut browser, &picked, &[("do", &unpick)]).await;
    assert_eq!(value(&none, "[name=picks]"), "");
    assert_eq!(value(&none, "#name"), "My <name>");
    let told = press(
        &mut browser,
        &picked,
        &[("windows.0.repeat", "daily"), ("do", "forecast")],
    )
    .await;
    assert!(told.texts("#forecast .say")[0].starts_with("Every day at"));
    assert_eq!(told.texts("#forecast li").len(), 6);
}

#[tokio::test]
async fn faults_stand_at_their_fields_in_words() {
    let site = Site::new();
    let (_, mut browser) = desk(&site).await;
    let form = browser.get("/mailings/new").await;
    for (changes, anchor, words) in [
        (
            &[("windows.0.start_date", "1 March 2026")][..],
            "#windows.0.start",
            "has passed",
        ),
        (
            &[("windows.0.start_date", "soon")],
            "#windows.0.start",
            "is not a date",
        ),
        (
            &[("windows.0.start_time", "25:00")],
            "#windows.0.start",
            "25:00",
        ),
        (
            &[
                ("windows.0.start_date", "9 March 2026"),
                ("windows.0.end_date", "8 March 2026"),
            ],
            "#windows.0.end",
            "9 Mar 2026, 09:00",
        ),
        (&[("zone", "Moskow")], "#zone", "Moskow"),
        (&[("to", "lists")], "#audience", "Nobody"),
        (&[("lateness", "-1")], "#lateness", ""),
    ] {
        let mut all = vec![("when", "planned"), ("do", "review")];
        all.extend_from_slice(changes);
        let refused = press(&mut browser, &form, &all).await;
        assert_eq!(refused.status, 422, "{changes:?}");
        assert!(refused.texts("title")[0].starts_with("Error: "));
        let link = refused.attribute(".error-summary a", "href");
        assert_eq!(link.as_deref(), Some(anchor), "{changes:?}");
        let said = refused.texts(".error-summary a").join(" ");
        assert!(said.contains(words), "{said}");
        for (name, value) in changes {
            if *name != "to" {
                let kept = refused.attribute(&format!("[name='{name}']"), "value");
                assert_eq!(kept.as_deref(), Some(*value));
            }
        }
    }
    assert!(browser.get("/mailings").await.texts("tbody th").is_empty());
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_draft() {
    let site = Site::new();
    let (_, mut browser) = desk(&site).await;
    let form = browser.get("/mailings/new").await;
    let first = press(&mut browser, &form, &[("do", "draft")]).await;
    let second = press(&mut browser, &form, &[("do", "draft")]).await;
    assert_eq!((first.status, first.location()), (303, second.location()));
    assert_eq!(browser.get("/mailings").await.texts("tbody th"), ["Winter"]);
    let copy = format!("{}/duplicate", first.location());
    let hidden = browser.get(first.location()).await.hidden(&copy);
    let hidden: Vec<_> = hidden
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    for _ in 0..2 {
        let answer = browser.post_bare(&copy, &hidden).await;
        assert!(answer.location().ends_with("/edit"), "{}", answer.status);
    }
    let mut names = browser.get("/mailings").await.texts("tbody th");
    names.sort_unstable();
    assert_eq!(names, ["Winter", "Winter (copy)"]);
}

#[tokio::test]
async fn a_stale_form_is_told_and_may_be_saved_again() {
    let site = Site::new();
    let (ann, mut browser) = desk(&site).await;
    let path = saved(
        &site,
        mailing().of(&ann).named("Weekly").daily("2026-03-09T09:00"),
    )
    .await;
    let form = browser.get(&format!("{path}/edit")).await;
    assert!(form.texts("button").contains(&"Save".to_owned()));
    assert_eq!(form.attribute("[name=when][value=now]", "value"), None);
    let other = press(&mut browser, &form, &[("name", "Theirs"), ("do", "save")]).await;
    assert_eq!((other.status, other.location()), (303, path.as_str()));
    let conflict = press(&mut browser, &form, &[("name", "Mine"), ("do", "save")]).await;
    assert_eq!(conflict.status, 409);
    assert!(conflict.texts(".alert-warning")[0].contains("in another window"));
    assert_eq!(
        conflict.attribute("#name", "value").as_deref(),
        Some("Mine")
    );
    let decided = press(&mut browser, &conflict, &[("do", "save")]).await;
    assert_eq!(decided.status, 303);
    assert_eq!(browser.get(&path).await.texts("h1"), ["Mine"]);
}

#[tokio::test]
async fn a_mailing_is_held_sent_finished_reopened_deleted_and_brought_back() {
    let site = Site::new();
    let (ann, mut browser) = desk(&site).await;
    let path = saved(
        &site,
        mailing().of(&ann).named("Weekly").daily("2026-03-09T09:00"),
    )
    .await;
    let state = |page: &Answer| page.texts(".lead .badge").concat();
    for (verb, expected) in [("pause", "Paused"), ("resume", "Created")] {
        for _ in 0..2 {
            let done = browser.post(&path, &format!("{path}/{verb}"), &[]).await;
            assert_eq!(
                (done.status, done.location()),
                (303, path.as_str()),
                "{verb}"
            );
        }
        assert_eq!(state(&browser.get(&path).await), expected);
    }
    let ask = browser.get(&format!("{path}/send")).await;
    assert_eq!(ask.texts("h1"), ["Send “Weekly” now?"]);
    assert!(
        ask.texts(".well")
            .concat()
            .contains("cannot be called back")
    );
    let send = format!("{path}/send");
    let sent = browser.submit(&send, &send, &[]).await;
    assert!(sent.location().starts_with("/runs/"));
    let again = browser.post(&path, &format!("{path}/send"), &[]).await;
    assert_eq!(again.status, 409, "twice at one instant");
    let ask = browser.get(&format!("{path}/finish")).await;
    assert_eq!(ask.texts("h1"), ["Finish “Weekly” early?"]);
    let finished = browser
        .submit(&format!("{path}/finish"), &format!("{path}/finish"), &[])
        .await;
    assert_eq!(finished.status, 303);
    let page = browser.get(&path).await;
    assert_eq!(state(&page), "Finished");
    assert!(page.body.contains("You finished this mailing early"));
    assert_eq!(
        browser
            .post(&path, &format!("{path}/send"), &[])
            .await
            .status,
        409
    );
    let reopened = browser.post(&path, &format!("{path}/reopen"), &[]).await;
    assert_eq!(reopened.status, 303);
    assert_eq!(state(&browser.get(&path).await), "Created");
    let ask = browser.get(&format!("{path}/delete")).await;
    assert!(ask.texts(".well p").len() >= 2);
    let gone = browser
        .submit(&format!("{path}/delete"), &format!("{path}/delete"), &[])
        .await;
    assert_eq!((gone.status, gone.location()), (303, "/mailings"));
    let list = browser.get("/mailings").await;
    let undo = list.attribute(".alert-flash form", "action").unwrap();
    assert_eq!(browser.get(&path).await.status, 404);
    for _ in 0..2 {
        let back = browser.post("/mailings/new", &undo, &[]).await;
        assert_eq!((back.status, back.location()), (303, path.as_str()));
    }
    assert_eq!(state(&browser.get(&path).await), "Paused");
}

#[tokio::test]
async fn buttons_that_would_be_refused_are_not_there() {
    let site = Site::new();
    let (ann, mut browser) = desk(&site).await;
    let daily = || mailing().of(&ann).daily("2026-03-09T09:00");
    let disabled = MailingEvent::Disabled {
        reason: "spam".to_owned(),
    };
    for (builder, expected) in [
        (daily().draft(), vec!["Edit", "Review"]),
        (daily(), vec!["Edit", "Pause", "Send now…"]),
        (daily().after(MailingEvent::Paused), vec!["Edit", "Resume"]),
        (daily().after(disabled), vec!["Edit"]),
        (
            daily().after(MailingEvent::FinishedByOwner),
            vec!["Edit", "Reopen"],
        ),
        (
            mailing()
                .of(&ann)
                .once("2026-03-01T09:00")
                .after(MailingEvent::NothingLeft)
                .next_at(None),
            vec!["Edit"],
        ),
    ] {
        let path = saved(&site, builder).await;
        let page = browser.get(&path).await;
        assert_eq!(page.texts(".actions .btn"), expected);
        assert!(page.texts(".btn").contains(&"Duplicate".to_owned()));
    }
}

#[tokio::test]
async fn what_blocks_a_launch_is_said_and_the_button_is_gone() {
    let site = Site::new();
    let (ann, mut browser) = desk(&site).await;
    let late = mailing().of(&ann).draft().to(&[]).once("2026-03-01T09:00");
    let path = saved(&site, late).await;
    let review = browser.get(&format!("{path}/review")).await;
    assert_eq!(
        review.texts(".checklist .i-failed").len(),
        2,
        "nobody, and no time left"
    );
    assert!(
        review
            .texts("main strong")
            .contains(&"Correct the marked items to launch.".to_owned())
    );
    let launch = format!("form[action='{path}/launch']");
    assert_eq!(review.attribute(&launch, "action"), None);
    let refused = browser.post(&path, &format!("{path}/launch"), &[]).await;
    assert_eq!(refused.location(), format!("{path}/review"));
    let once = mailing().of(&ann).draft().once("2026-03-01T09:00");
    let path = saved(&site, once).await;
    let review = browser.get(&format!("{path}/review")).await;
    assert!(review.texts(".alert-warning")[0].contains("has passed"));
    let sent = browser
        .submit(
            &format!("{path}/review"),
            &format!("{path}/launch-now"),
            &[],
        )
        .await;
    assert_eq!((sent.status, sent.location()), (303, path.as_str()));
    assert_eq!(browser.get(&path).await.texts(".lead .badge"), ["Created"]);
}

#[tokio::test]
async fn the_list_tells_the_next_send_and_the_last_run() {
    let site = Site::new();
    let (ann, mut browser) = desk(&site).await;
    let store = site.store.as_ref();
    let planned = mailing()
        .of(&ann)
        .named("Weekly")
        .daily("2026-03-09T09:00")
        .saved(store)
        .await;
    let run = run().due(store, &ann, &planned).await;
    let page = browser.get("/mailings").await;
    let cells = page.texts("tbody td");
    assert!(cells[1].starts_with("Mon 9"), "{cells:?}");
    assert!(cells[2].contains("Waiting"), "{cells:?}");
    let link = page.attribute("tbody td a", "href").unwrap();
    assert_eq!(link, format!("/runs/{run}"));
    let drafts = browser.get("/mailings?status=draft").await;
    assert!(drafts.texts("tbody th").is_empty());
    let nonsense = browser.get("/mailings?status=x&after=x").await;
    assert_eq!(nonsense.texts("tbody th"), ["Weekly"]);
}

#[tokio::test]
async fn a_form_takes_twenty_windows() {
    let site = Site::new();
    let (_, mut browser) = desk(&site).await;
    let mut form = browser.get("/mailings/new").await;
    for _ in 0..25 {
        form = press(&mut browser, &form, &[("when", "planned"), ("do", "add")]).await;
        assert_eq!(form.status, 200);
    }
    assert_eq!(form.texts("fieldset.window").len(), 20);
    assert!(!form.body.contains("value=\"add\""), "there may be no more");
    let refused = press(&mut browser, &form, &[("do", "review")]).await;
    assert_eq!(refused.status, 422, "all are the same");
    let dates: Vec<_> = (0..20)
        .map(|n| {
            (
                format!("windows.{n}.start_date"),
                format!("2031-03-{:02}", n + 1),
            )
        })
        .collect();
    let mut changes: Vec<_> = dates
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    changes.push(("do", "review"));
    let made = press(&mut browser, &form, &changes).await;
    assert_eq!(made.status, 303, "{}", made.body);
}
