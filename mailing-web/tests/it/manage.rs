//! What managers and administrators see and do: mailings, users, roles, the audit log.

use mailing_core::letter::Letter;
use mailing_core::mailing::{Mailing, MailingEvent};
use mailing_core::testing::builders::{self, Owner, mailing, message, recipient};
use mailing_core::user::Role;

use crate::browser::Browser;
use crate::site::{PASSWORD, Site};

/// Ann's mailing with a running run to one recipient.
async fn sending(site: &Site) -> (Owner, Mailing) {
    let ann = site.user("ann@example.org", &[]).await;
    let store = site.store.as_ref();
    let eve = recipient()
        .of(&ann)
        .at("eve@example.net")
        .saved(store)
        .await;
    let text = message()
        .of(&ann)
        .subject("A prize")
        .body("Take it, {{ recipient.email }}");
    let text = text.saved(store).await;
    let made = mailing().of(&ann).named("Prize").message(text.id);
    let made = made
        .to(&[eve.id])
        .daily("2026-03-03T09:00")
        .saved(store)
        .await;
    let run = builders::run().due(store, &ann, &made).await;
    builders::freeze(store, run, builders::start()).await;
    (ann, made)
}

async fn signed_in<'a>(site: &'a Site, email: &str, roles: &[Role]) -> Browser<'a> {
    site.user(email, roles).await;
    let mut browser = site.browser();
    assert_eq!(browser.sign_in(email, PASSWORD).await.status, 303);
    browser
}

async fn manager(site: &Site) -> Browser<'_> {
    signed_in(site, "boss@example.org", &[Role::Manager]).await
}

#[tokio::test]
async fn a_manager_sees_everybodys_mailings_and_no_recipient() {
    let site = Site::new();
    let (_, made) = sending(&site).await;
    let mut boss = manager(&site).await;
    let list = boss.get("/manage/mailings").await;
    assert_eq!(list.texts("tbody th > a"), ["Prize"]);
    assert_eq!(list.texts("tbody th .second"), ["ann@example.org"]);
    assert_eq!(list.texts("tbody .btn"), ["Disable… Prize"]);
    let path = format!("/manage/mailings/{}", made.id);
    let page = boss.get(&path).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.texts("h1"), ["Prize"]);
    assert_eq!(page.texts("tbody .badge"), ["Running"]);
    let preview = boss.get(&format!("{path}/preview")).await;
    assert!(
        preview.body.contains("reader@example.org"),
        "{}",
        preview.body
    );
    for page in [&list, &page, &preview] {
        assert!(!page.body.contains("eve@example.net"));
        assert!(!page.body.contains("/runs/"), "deliveries are the owner's");
    }
    let found = boss.get("/manage/mailings?q=PRIZ&status=created").await;
    assert_eq!(found.texts("tbody th > a"), ["Prize"]);
    for nothing in [
        "?q=nobody",
        "?status=disabled",
        "?q=%25",
        "?q=%27%20OR%201=1",
    ] {
        let page = boss.get(&format!("/manage/mailings{nothing}")).await;
        assert_eq!(page.texts(".empty h2"), ["Nothing found"], "{nothing}");
    }
}

#[tokio::test]
async fn disabling_asks_why_tells_the_owner_and_is_taken_back() {
    let site = Site::new();
    let (_, made) = sending(&site).await;
    let mut boss = manager(&site).await;
    let path = format!("/manage/mailings/{}", made.id);
    let form = format!("{path}/disable");
    let ask = boss.get(&form).await;
    assert_eq!(ask.texts("h1"), ["Disable “Prize”?"]);
    assert_eq!(
        ask.texts(".well p")[1],
        "Sending stops within 5 seconds, 1 message stays unsent."
    );
    let wrong = boss.submit(&form, &form, &[("reason", " ")]).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.texts(".error-summary a").len(), 1);
    assert!(wrong.texts("title")[0].starts_with("Error: "));
    let done = boss
        .submit(&form, &form, &[("reason", "Complaints\r\n of readers")])
        .await;
    assert_eq!((done.status, done.location()), (303, path.as_str()));
    let page = boss.get(&path).await;
    assert!(page.texts(".alert-flash")[0].starts_with("“Prize” is disabled."));
    assert!(page.texts(".alert-warning")[0].ends_with("Reason: Complaints of readers"));
    let twice = boss.submit(&form, &form, &[("reason", "Again")]).await;
    assert_eq!(twice.status, 303);
    let letters = site.letters().await;
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert!(
        matches!(&letters[0].1, Letter::MailingDisabled { reason, .. }
        if reason == "Complaints of readers")
    );

    let mut ann = site.browser();
    ann.sign_in("ann@example.org", PASSWORD).await;
    let own = ann.get(&format!("/mailings/{}", made.id)).await;
    assert!(own.texts(".alert-warning")[0].contains("Complaints of readers"));
    let overview = ann.get("/overview").await;
    assert!(overview.body.contains("Complaints of readers"));

    let form = format!("{path}/enable");
    let done = boss.submit(&form, &form, &[]).await;
    assert_eq!(done.status, 303);
    assert_eq!(boss.get(&path).await.texts(".badge")[0], "Created");
    let log = boss.get("/manage/audit?user=boss%40example.org").await;
    let deeds = log.texts("tbody th");
    assert!(deeds.contains(&"Mailing enabled".to_owned()), "{deeds:?}");
    let disabled = "Mailing disabledComplaints of readers".to_owned();
    assert!(deeds.contains(&disabled), "{deeds:?}");
}

#[tokio::test]
async fn a_blocked_user_is_out_at_once_and_told_why() {
    let site = Site::new();
    let mut boss = manager(&site).await;
    let (ann, mut anns) = site.signed_in("ann@example.org").await;
    let path = format!("/manage/users/{}", ann.id());
    let form = format!("{path}/block");
    let done = boss.submit(&form, &form, &[("reason", "Spam")]).await;
    assert_eq!((done.status, done.location()), (303, path.as_str()));
    assert_ne!(anns.get("/overview").await.status, 200);
    let refused = anns.sign_in("ann@example.org", PASSWORD).await;
    assert!(refused.body.contains("Spam"), "{}", refused.body);
    let card = boss.get(&path).await;
    assert!(card.texts(".alert-warning")[0].ends_with("Reason: Spam"));
    let list = boss.get("/manage/users?state=blocked").await;
    assert_eq!(list.texts("tbody th a"), ["ann@example.org"]);
    let form = format!("{path}/unblock");
    assert_eq!(boss.submit(&form, &form, &[]).await.status, 303);
    assert_eq!(anns.sign_in("ann@example.org", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn nobody_blocks_themself_or_an_administrator() {
    let site = Site::new();
    let root = site.user("root@example.org", &[Role::Administrator]).await;
    let mut boss = manager(&site).await;
    let own = site.find_user("boss@example.org").await.id;
    let list = boss.get("/manage/users").await;
    assert_eq!(list.texts("tbody .btn"), [""; 0], "no button to be refused");
    for (id, words) in [(own, "your own account"), (root.id(), "administrator")] {
        let path = format!("/manage/users/{id}/block");
        let refused = boss.post("/overview", &path, &[("reason", "Spam")]).await;
        assert_eq!(refused.status, 409, "{words}");
        assert!(refused.texts(".alert-danger")[0].contains(words));
        assert_eq!(
            refused.texts("textarea")[0].trim(),
            "Spam",
            "what was typed stays"
        );
    }
}

#[tokio::test]
async fn an_administrator_gives_roles_and_they_hold_at_once() {
    let site = Site::new();
    let mut root = signed_in(&site, "root@example.org", &[Role::Administrator]).await;
    let (ann, mut anns) = site.signed_in("ann@example.org").await;
    assert_eq!(anns.get("/manage/users").await.status, 403);
    let path = format!("/manage/users/{}", ann.id());
    let form = format!("{path}/roles");
    let same = root.submit(&form, &form, &[]).await;
    assert_eq!(same.status, 303);
    assert_eq!(
        anns.get("/overview").await.status,
        200,
        "nothing has changed"
    );
    let given = root.submit(&form, &form, &[("roles", "manager"), ("roles", "owner")]);
    assert_eq!(given.await.status, 303);
    assert_eq!(
        anns.get("/overview").await.status,
        303,
        "sessions have ended"
    );
    anns.sign_in("ann@example.org", PASSWORD).await;
    assert_eq!(anns.get("/manage/users").await.status, 200);
    let roles = root.get(&form).await.fields("main form");
    assert!(roles.contains(&("roles".to_owned(), "manager".to_owned())));
    let own = site.find_user("root@example.org").await.id;
    let form = format!("/manage/users/{own}/roles");
    let refused = root.post("/overview", &form, &[("roles", "manager")]).await;
    assert_eq!(refused.status, 409);
    let log = root.get("/manage/audit?deed=change_roles").await;
    assert_eq!(log.texts("tbody th"), ["Roles changedowner, manager"]);
}

#[tokio::test]
async fn the_audit_log_is_filtered_and_downloaded() {
    let site = Site::new();
    let (_, made) = sending(&site).await;
    let mut boss = manager(&site).await;
    let form = format!("/manage/mailings/{}/disable", made.id);
    boss.submit(&form, &form, &[("reason", "=HYPERLINK(1)")])
        .await;
    let asked = "/manage/audit?user=ann%40example.org&since=1+Mar+2026&until=2026-03-02";
    let log = boss.get(asked).await;
    assert_eq!(log.texts("tbody td a"), ["Prize"], "{}", log.body);
    let wrong = boss
        .get("/manage/audit?user=nobody%40example.org&since=never")
        .await;
    assert_eq!(wrong.texts(".error-summary a").len(), 2);
    assert_eq!(wrong.status, 422);
    assert!(wrong.texts(".empty h2").is_empty() && !wrong.body.contains("audit.csv"));
    let none = boss.get("/manage/audit?until=2020-01-01").await;
    assert_eq!(none.texts(".empty h2"), ["Nothing found"]);
    let file = boss.get("/manage/audit.csv?deed=disable_mailing").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<_> = file.body.lines().collect();
    assert_eq!(lines.len(), 2, "{}", file.body);
    assert!(lines[1].contains("\"boss@example.org\"") && lines[1].contains("disable_mailing"));
    assert!(lines[1].ends_with("\"'=HYPERLINK(1)\""), "{}", lines[1]);
}

#[tokio::test]
async fn each_role_finds_its_own_menu() {
    let site = Site::new();
    let own = [
        "Recipients",
        "Messages",
        "Mailings",
        "Calendar",
        "Reports",
        "Log",
    ];
    let supervised = ["Users", "All mailings", "Service report", "Audit"];
    let owner = [&["Overview"], &own[..]].concat();
    let boss = [&["Overview"], &supervised[..], &own].concat();
    let writer = ["Posts"];
    let service = ["Feedback", "Service settings", "System"];
    for (email, roles, expected) in [
        ("ann@example.org", &[][..], owner.to_vec()),
        ("boss@example.org", &[Role::Manager], boss.to_vec()),
        (
            "root@example.org",
            &[Role::Administrator],
            [&boss[..], &writer, &service].concat(),
        ),
        (
            "writer@example.org",
            &[Role::ContentManager],
            [&owner[..], &writer].concat(),
        ),
    ] {
        let mut browser = signed_in(&site, email, roles).await;
        let page = browser.get("/overview").await;
        assert_eq!(page.texts("nav.menu li .nav-link"), expected, "{email}");
    }
}

#[tokio::test]
async fn what_hides_is_written_out_for_moderation() {
    let site = Site::new();
    let ann = site.user("ann@example.org", &[]).await;
    let odd = mailing().of(&ann).named("gpj.\u{202e}exe");
    odd.after(MailingEvent::Paused)
        .saved(site.store.as_ref())
        .await;
    let mut boss = manager(&site).await;
    let list = boss.get("/manage/mailings").await;
    assert_eq!(list.texts("tbody th > a"), ["gpj.[U+202E]exe"]);
}

#[tokio::test]
async fn an_administrator_invites_somebody() {
    let site = Site::new();
    let mut root = signed_in(&site, "root@example.org", &[Role::Administrator]).await;
    let users = root.get("/manage/users").await;
    assert_eq!(users.texts("main .btn-primary"), ["Invite…"]);
    let form = "/manage/users/invite";
    let wrong = [("email", "eve"), ("language", "ru")];
    let wrong = root.submit(form, form, &wrong).await;
    assert_eq!(
        (wrong.status, wrong.texts(".error-summary a").len()),
        (422, 1)
    );
    let fields = [("email", "eve@example.org"), ("language", "ru")];
    let done = root.submit(form, form, &fields).await;
    assert_eq!(done.status, 303);
    let card = root.get(done.location()).await;
    assert!(card.texts(".alert-flash")[0].starts_with("The invitation to eve@example.org"));
    let letters = site.letters().await;
    assert!(matches!(&letters[..], [(to, Letter::Invited { .. })] if to == "eve@example.org"));
}
