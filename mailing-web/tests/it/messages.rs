//! Messages: the editor, its preview, history, tests, the trash.

use mailing_core::testing::builders::{mailing, message, recipient, sender};

use crate::browser::Browser;
use crate::site::Site;

/// Writes a message through the form; its editor's address.
async fn written(browser: &mut Browser<'_>, subject: &str, body: &str) -> String {
    let fields = [("subject", subject), ("body", body), ("format", "markdown")];
    let answer = browser.submit("/messages/new", "/messages", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().to_owned()
}

fn fields<'a>(subject: &'a str, body: &'a str, pressed: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("subject", subject),
        ("body", body),
        ("format", "markdown"),
        ("text", ""),
        ("do", pressed),
    ]
}

#[tokio::test]
async fn a_message_is_written_saved_and_listed() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let empty = browser.get("/messages").await;
    assert_eq!(empty.texts("main h2"), ["No messages yet"]);
    let editor = written(&mut browser, "Winter <b>", "Hello\r\nthere").await;
    let page = browser.get(&editor).await;
    assert_eq!(page.texts("h1"), ["Winter <b>"]);
    assert!(page.texts(".alert-flash")[0].contains("The message is saved."));
    assert_eq!(page.texts("textarea#body"), ["Hello there"]);
    let saved = browser
        .submit(&editor, &editor, &fields("Spring", "Hi", "save"))
        .await;
    assert_eq!((saved.status, saved.location()), (303, editor.as_str()));
    let list = browser.get("/messages").await;
    assert_eq!(list.texts("tbody th"), ["Spring"]);
    let short = browser.get(editor.trim_end_matches("/edit")).await;
    assert_eq!((short.status, short.location()), (303, editor.as_str()));
}

#[tokio::test]
async fn a_message_that_is_to_be_sent_leads_to_the_form_of_its_mailing() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let form = fields("Winter", "Hello", "send");
    let made = browser.submit("/messages/new", "/messages", &form).await;
    let mailing = made.location().to_owned();
    assert!(mailing.starts_with("/mailings/new?message="), "{mailing}");
    let page = browser.get(&mailing).await;
    assert!(page.texts(".alert-flash")[0].contains("The message is saved."));
    let chosen = page.texts("select[name=message] option[selected]");
    assert_eq!(chosen, ["Winter"]);
    let editor = mailing.replace("/mailings/new?message=", "/messages/") + "/edit";
    let form = fields("Spring", "Hi", "send");
    let saved = browser.submit(&editor, &editor, &form).await;
    assert_eq!(saved.location(), mailing);
    assert_eq!(browser.get(&editor).await.texts("h1"), ["Spring"]);
    let form = fields("", "Hi", "send");
    assert_eq!(browser.submit(&editor, &editor, &form).await.status, 422);
}

#[tokio::test]
async fn faults_stand_at_their_fields_and_nothing_typed_is_lost() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let body = "Hello\n{{ recipient.nmae }}";
    let typed = [("subject", ""), ("body", body), ("format", "html")];
    let refused = browser.submit("/messages/new", "/messages", &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.texts("title")[0].starts_with("Error: "));
    let links = refused.texts(".error-summary a");
    assert_eq!(links.len(), 2, "{links:?}");
    assert!(links[1].contains("Line 2"), "{links:?}");
    assert_eq!(
        refused.texts("textarea#body"),
        ["Hello {{ recipient.nmae }}"]
    );
    assert_eq!(
        refused.attribute("input[value=html]", "checked").as_deref(),
        Some("")
    );
    assert!(browser.get("/messages").await.texts("tbody th").is_empty());
    let editor = written(&mut browser, "Good", "Good").await;
    let refused = browser
        .submit(&editor, &editor, &fields("Good", body, "save"))
        .await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.texts(".invalid-feedback").len(), 1);
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_message_and_one_version() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let hidden = browser.get("/messages/new").await.hidden("/messages");
    let mut form: Vec<(&str, &str)> = vec![("subject", "Once"), ("body", "Hello")];
    form.extend(hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    let first = browser.post_bare("/messages", &form).await;
    let second = browser.post_bare("/messages", &form).await;
    assert_eq!((first.status, first.location()), (303, second.location()));
    assert_eq!(browser.get("/messages").await.texts("tbody th").len(), 1);
    let editor = first.location().to_owned();
    let hidden = browser.get(&editor).await.hidden(&editor);
    let mut form = fields("Changed", "Hello", "save").to_vec();
    form.extend(hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    for _ in 0..2 {
        assert_eq!(browser.post_bare(&editor, &form).await.status, 303);
    }
    let history = editor.replace("/edit", "/history");
    assert_eq!(browser.get(&history).await.texts("tbody th").len(), 2);
}

#[tokio::test]
async fn of_two_windows_the_second_sees_both_texts_and_may_decide() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let editor = written(&mut browser, "Start", "Hello").await;
    let hidden = browser.get(&editor).await.hidden(&editor);
    let stale = |extra: &[(&str, &str)]| {
        let mut form: Vec<(String, String)> = hidden.clone();
        form.extend(
            extra
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
        );
        form
    };
    browser
        .submit(&editor, &editor, &fields("Theirs", "Their text", "save"))
        .await;
    let form = stale(&fields("Mine", "My text", "save"));
    let form: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let conflict = browser.post_bare(&editor, &form).await;
    assert_eq!(conflict.status, 409);
    assert_eq!(conflict.texts("form details pre"), ["Their text"]);
    assert_eq!(conflict.texts("textarea#body"), ["My text"]);
    let seen = conflict.attribute("input[name=seen]", "value").unwrap();
    let token = conflict.attribute("input[name=csrf]", "value").unwrap();
    let mut decided = fields("Mine", "My text", "save").to_vec();
    decided.extend([("seen", seen.as_str()), ("csrf", token.as_str())]);
    assert_eq!(browser.post_bare(&editor, &decided).await.status, 303);
    assert_eq!(browser.get(&editor).await.texts("h1"), ["Mine"]);
}

#[tokio::test]
async fn what_is_typed_and_not_saved_is_kept_previewed_and_dropped() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let editor = written(&mut browser, "Saved", "Saved text").await;
    let path = editor.trim_end_matches("/edit").to_owned();
    let typed = fields("Saved", "Typed text", "show:text");
    let shown = browser.submit(&editor, &editor, &typed).await;
    assert_eq!(shown.status, 303);
    let page = browser.get(shown.location()).await;
    assert!(page.texts("section pre")[0].starts_with("Typed text"));
    assert!(page.texts(".alert-warning")[0].contains("is not saved yet"));
    let frame = browser.get(&format!("{path}/preview")).await;
    assert!(frame.body.contains("Typed text"));
    let half = fields("Saved", "{{ recipi", "");
    let kept = browser.submit(&editor, &editor, &[]).await;
    assert_eq!(kept.status, 422, "nothing typed is nothing to save");
    let token = browser.token(&editor).await;
    let mut form = half.to_vec();
    form.extend([("csrf", token.as_str()), ("seen", "1")]);
    let kept = browser.post_bare(&format!("{path}/autosave"), &form).await;
    assert_eq!(kept.status, 200);
    assert!(
        kept.body.starts_with("What you typed is kept since"),
        "{}",
        kept.body
    );
    let frame = browser.get(&format!("{path}/preview")).await;
    assert!(
        frame.body.contains("Saved text"),
        "half a variable shows the saved version"
    );
    assert_eq!(
        browser.get(&editor).await.texts("textarea#body"),
        ["{{ recipi"]
    );
    let dropped = browser
        .submit(&format!("{path}/discard"), &format!("{path}/discard"), &[])
        .await;
    assert_eq!(dropped.status, 303);
    assert_eq!(
        browser.get(&editor).await.texts("textarea#body"),
        ["Saved text"]
    );
}

#[tokio::test]
async fn the_preview_is_a_frame_of_its_own_without_scripts_and_as_somebody() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let eve = recipient()
        .of(&ann)
        .named("Eve Adams")
        .at("eve@example.net");
    let eve = eve.saved(site.store.as_ref()).await.id;
    let body = "Dear {{ recipient.full_name }}<script>alert(1)</script>";
    let editor = written(&mut browser, "Hello", body).await;
    let page = browser.get(&editor).await;
    assert!(
        page.header("content-security-policy")
            .contains("frame-src 'self'")
    );
    assert_eq!(page.attribute("iframe", "sandbox").as_deref(), Some(""));
    let frame = page.attribute("iframe", "src").unwrap();
    let frame = browser.get(&frame).await;
    let policy = frame.header("content-security-policy");
    assert!(policy.contains("sandbox") && policy.contains("frame-ancestors 'self'"));
    assert!(frame.header("x-frame-options").is_empty());
    assert!(!frame.body.contains("<script"));
    let searched = fields("Hello", body, "show:recipient");
    let mut searched = searched.to_vec();
    searched.push(("q", "adams"));
    let found = browser.submit(&editor, &editor, &searched).await;
    let found = browser.get(found.location()).await;
    assert_eq!(found.texts("ul.rows bdi"), ["Eve Adams (eve@example.net)"]);
    let pick = format!("as:{eve}");
    let chosen = browser
        .submit(&editor, &editor, &fields("Hello", body, &pick))
        .await;
    let chosen = browser.get(chosen.location()).await;
    let frame = chosen.attribute("iframe", "src").unwrap();
    assert!(browser.get(&frame).await.body.contains("Dear Eve Adams"));
    for junk in ["x", "01890000-0000-7000-8000-000000000000"] {
        let path = editor.replace("/edit", "/preview");
        let answer = browser.get(&format!("{path}?as={junk}")).await;
        assert_eq!(answer.status, 404, "{junk}");
    }
}

#[tokio::test]
async fn an_old_version_is_read_and_restored() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let editor = written(&mut browser, "First", "One").await;
    browser
        .submit(&editor, &editor, &fields("Second", "Two", "save"))
        .await;
    let history = editor.replace("/edit", "/history");
    let old = format!("{history}/1");
    let page = browser.get(&old).await;
    assert_eq!(page.texts("main pre"), ["One"]);
    for _ in 0..2 {
        let restored = browser.submit(&old, &old, &[]).await;
        assert_eq!(
            (restored.status, restored.location()),
            (303, editor.as_str())
        );
    }
    assert_eq!(browser.get(&editor).await.texts("h1"), ["First"]);
    assert_eq!(browser.get(&format!("{history}/9")).await.status, 404);
    assert_eq!(browser.get(&format!("{history}/x")).await.status, 404);
    let newest = browser
        .get(&history)
        .await
        .attribute("tbody th a", "href")
        .unwrap();
    assert!(
        browser
            .get(&newest)
            .await
            .texts("form button.btn-primary")
            .is_empty()
    );
}

#[tokio::test]
async fn a_test_is_saved_first_and_handed_over_twenty_a_day() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let editor = written(&mut browser, "Try", "Hello").await;
    let page = browser.get(&editor).await;
    assert_eq!(
        page.attribute("#to", "value").as_deref(),
        Some("ann@example.org")
    );
    sender().of(&ann).saved(site.store.as_ref()).await;
    let mut form = fields("Tried", "Hello", "test").to_vec();
    form.push(("to", "ann@example.org, eve@example.net"));
    let sent = browser.submit(&editor, &editor, &form).await;
    assert_eq!((sent.status, sent.location()), (303, editor.as_str()));
    let handed = std::mem::take(&mut *site.tests.0.lock().unwrap());
    assert_eq!((handed.len(), handed[0].to.len()), (1, 2));
    assert_eq!(handed[0].content.subject.as_str(), "Tried");
    for (to, status) in [
        ("", 422),
        ("nobody", 422),
        ("a@b.cd b@b.cd c@b.cd d@b.cd e@b.cd f@b.cd", 422),
    ] {
        let mut form = fields("Tried", "Hello", "test").to_vec();
        form.push(("to", to));
        let refused = browser.submit(&editor, &editor, &form).await;
        assert_eq!(refused.status, status, "{to:?}");
        assert_eq!(refused.texts("#to-error").len(), 1, "{to:?}");
    }
    let mut form = fields("Tried", "Hello", "test").to_vec();
    form.push(("to", "a@b.cd b@b.cd c@b.cd d@b.cd e@b.cd"));
    let mut last = 0;
    for _ in 0..4 {
        last = browser.submit(&editor, &editor, &form).await.status;
    }
    assert_eq!(last, 429, "22 messages are more than 20");
}

#[tokio::test]
async fn a_message_goes_to_the_trash_and_comes_back_unless_it_is_used() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let editor = written(&mut browser, "Gone", "Hello").await;
    let delete = editor.replace("/edit", "/delete");
    let gone = browser.submit(&editor, &delete, &[]).await;
    assert_eq!((gone.status, gone.location()), (303, "/messages"));
    let list = browser.get("/messages").await;
    assert!(list.texts(".alert-flash")[0].contains("“Gone” is deleted"));
    assert_eq!(browser.get(&editor).await.status, 404);
    let undo = list.attribute(".alert-flash form", "action").unwrap();
    let token = list
        .attribute(".alert-flash input[name=csrf]", "value")
        .unwrap();
    for _ in 0..2 {
        let back = browser.post_bare(&undo, &[("csrf", &token)]).await;
        assert_eq!(back.status, 303);
    }
    assert_eq!(browser.get(&editor).await.status, 200);
    let store = site.store.as_ref();
    let used = message().of(&ann).subject("Used").saved(store).await.id;
    mailing()
        .of(&ann)
        .message(used)
        .named("Weekly")
        .saved(store)
        .await;
    let editor = format!("/messages/{used}/edit");
    let page = browser.get(&editor).await;
    assert_eq!(page.texts("section ul a"), ["Weekly"]);
    let delete = editor.replace("/edit", "/delete");
    assert_eq!(
        page.attribute(&format!("form[action='{delete}']"), "action"),
        None
    );
    let refused = browser.post(&editor, &delete, &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("Weekly"));
}
