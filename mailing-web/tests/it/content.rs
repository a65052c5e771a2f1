//! The blog for those who write it.

use mailing_core::post::PICTURE_MAX;
use mailing_core::user::Role;

use crate::browser::{Answer, Browser};
use crate::files::{FormPart, send_parts};
use crate::site::{PASSWORD, Site};

const LIST: &str = "/content/posts";
const PNG: &[u8] = b"\x89PNG picture";

/// A content manager who is signed in.
async fn writer(site: &Site) -> Browser<'_> {
    site.user("carl@example.org", &[Role::ContentManager]).await;
    let mut browser = site.browser();
    let answer = browser.sign_in("carl@example.org", PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser
}

/// Writes a draft through the form; its address without the verb.
async fn written(browser: &mut Browser<'_>, title: &str, content: &str) -> String {
    let fields = [("title", title), ("content", content)];
    let made = browser.submit("/content/posts/new", LIST, &fields).await;
    assert_eq!(made.status, 303, "{}", made.body);
    made.location().trim_end_matches("/edit").to_owned()
}

/// Posts a form that has no fields of its own from a page that holds it.
async fn press(browser: &mut Browser<'_>, page: &str, path: &str) -> Answer {
    let done = browser.submit(page, path, &[]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    done
}

async fn titles(browser: &mut Browser<'_>, shelf: &str) -> Vec<String> {
    let list = browser.get(&format!("{LIST}?shelf={shelf}")).await;
    list.texts("tbody th bdi").into_iter().collect()
}

#[tokio::test]
async fn a_post_is_written_published_read_taken_back_and_published_again() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    assert_eq!(carl.get(LIST).await.texts("main h2"), ["No drafts"]);
    let post = written(&mut carl, "Почему ежемесячно", "Потому что *так*.").await;
    let editor = format!("{post}/edit");
    let page = carl.get(&editor).await;
    assert!(page.texts(".alert-flash")[0].contains("The post is saved."));
    let slug = page.attribute("#slug", "value").unwrap();
    assert_eq!(slug, "pochemu-ezhemesyachno");
    let address = format!("/blog/{slug}");
    let mut guest = site.browser();
    assert_eq!(guest.get(&address).await.status, 404);
    let publish = format!("{post}/publish");
    let asked = carl.get(&publish).await;
    assert!(asked.texts(".well")[0].contains(&address));
    let done = carl.submit(&publish, &publish, &[("when", "now")]).await;
    assert_eq!((done.status, done.location()), (303, editor.as_str()));
    assert_eq!(guest.get(&address).await.texts("h1"), ["Почему ежемесячно"]);
    let unpublish = format!("{post}/unpublish");
    // The flash has a button for it too, once.
    carl.get(&editor).await;
    press(&mut carl, &editor, &unpublish).await;
    assert_eq!(guest.get(&address).await.status, 404);
    // The flash has the way back, with the very date.
    press(&mut carl, &editor, &publish).await;
    assert_eq!(guest.get(&address).await.status, 200);
    assert_eq!(titles(&mut carl, "published").await, ["Почему ежемесячно"]);
}

#[tokio::test]
async fn an_administrator_changes_takes_back_and_deletes_what_others_wrote() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let post = written(&mut carl, "News", "Hello").await;
    let publish = format!("{post}/publish");
    carl.submit(&publish, &publish, &[("when", "now")]).await;
    site.user("alex@example.org", &[Role::Administrator]).await;
    let mut alex = site.browser();
    alex.sign_in("alex@example.org", PASSWORD).await;
    assert_eq!(titles(&mut alex, "published").await, ["News"]);
    let editor = format!("{post}/edit");
    let page = alex.get(&editor).await;
    let seen = page.attribute("input[name=seen]", "value").unwrap();
    let typed = [("title", "Old news"), ("content", "Hi"), ("seen", &seen)];
    let saved = alex.submit(&editor, &editor, &typed).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let mut guest = site.browser();
    assert_eq!(guest.get("/blog").await.texts(".posts h2"), ["Old news"]);
    press(&mut alex, &editor, &format!("{post}/delete")).await;
    assert!(guest.get("/blog").await.texts(".posts").is_empty());
    assert_eq!(titles(&mut carl, "trash").await[0], "Old news");
}

#[tokio::test]
async fn a_post_that_is_planned_waits_for_its_time() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let post = written(&mut carl, "News", "Hello").await;
    let publish = format!("{post}/publish");
    let wrong = [("when", "later"), ("at_date", "soon"), ("at_time", "9")];
    let refused = carl.submit(&publish, &publish, &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.texts("title")[0].starts_with("Error: "));
    assert_eq!(refused.attribute("#at", "value").as_deref(), Some("soon"));
    let later = [
        ("when", "later"),
        ("at_date", "2031-03-10"),
        ("at_time", "9"),
    ];
    let done = carl.submit(&publish, &publish, &later).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let page = carl.get(done.location()).await;
    assert!(
        page.texts(".page-head .lead")[0].contains("10"),
        "{:?}",
        page.texts(".lead")
    );
    assert_eq!(titles(&mut carl, "planned").await, ["News"]);
    assert!(site.browser().get("/blog").await.texts(".posts").is_empty());
}

#[tokio::test]
async fn faults_stand_at_their_fields_and_nothing_typed_is_lost() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let long = "x".repeat(301);
    let typed = [
        ("title", " "),
        ("slug", "!!!"),
        ("lead", long.as_str()),
        ("content", ""),
    ];
    let refused = carl.submit("/content/posts/new", LIST, &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.texts("title")[0].starts_with("Error: "));
    assert_eq!(refused.texts(".error-summary a").len(), 4);
    assert_eq!(refused.attribute("#slug", "value").as_deref(), Some("!!!"));
    assert_eq!(refused.texts("#lead"), [long]);
    assert_eq!(carl.get(LIST).await.texts("tbody th"), Vec::<String>::new());
}

#[tokio::test]
async fn an_address_that_is_taken_is_refused_with_one_that_is_free() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    written(&mut carl, "News", "Hello").await;
    let typed = [("title", "Other"), ("slug", "news"), ("content", "Hello")];
    let refused = carl.submit("/content/posts/new", LIST, &typed).await;
    assert_eq!(refused.status, 422);
    let said = refused.texts("#slug-error").concat();
    assert!(said.contains("news-2"), "{said}");
    // One that was not typed gives way by itself.
    let post = written(&mut carl, "News", "Hello").await;
    let editor = carl.get(&format!("{post}/edit")).await;
    assert_eq!(
        editor.attribute("#slug", "value").as_deref(),
        Some("news-2")
    );
    let cyrillic = [("title", "X"), ("slug", "Привет мир"), ("content", "Hello")];
    let made = carl.submit("/content/posts/new", LIST, &cyrillic).await;
    let editor = carl.get(made.location()).await;
    assert_eq!(
        editor.attribute("#slug", "value").as_deref(),
        Some("privet-mir")
    );
}

#[tokio::test]
async fn a_post_of_ten_thousand_words_is_saved_and_read() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let words = "рассылка ".repeat(10_000);
    let post = written(&mut carl, "Long", &words).await;
    let publish = format!("{post}/publish");
    carl.submit(&publish, &publish, &[("when", "now")]).await;
    let page = site.browser().get("/blog/long").await;
    assert_eq!(page.texts(".text")[0].split(' ').count(), 10_000);
    let huge = "x".repeat((256 << 10) + 1);
    let typed = [("title", "Huge"), ("content", huge.as_str())];
    let refused = carl.submit("/content/posts/new", LIST, &typed).await;
    assert_eq!(refused.texts("#content-error").len(), 1);
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_post() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let hidden = carl.get("/content/posts/new").await.hidden(LIST);
    let mut form = vec![("title", "Once"), ("content", "Hello")];
    form.extend(hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    let first = carl.post_bare(LIST, &form).await;
    let second = carl.post_bare(LIST, &form).await;
    assert_eq!((first.status, first.location()), (303, second.location()));
    assert_eq!(titles(&mut carl, "drafts").await, ["Once"]);
    let editor = first.location().to_owned();
    let hidden = carl.get(&editor).await.hidden(&editor);
    let mut form = vec![("title", "Once"), ("slug", "once"), ("content", "Changed")];
    form.extend(hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    for _ in 0..2 {
        assert_eq!(carl.post_bare(&editor, &form).await.status, 303);
    }
}

#[tokio::test]
async fn of_two_windows_the_second_sees_both_texts_and_may_decide() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let post = written(&mut carl, "News", "Start").await;
    let editor = format!("{post}/edit");
    let hidden = carl.get(&editor).await.hidden(&editor);
    let theirs = [("title", "News"), ("slug", "news"), ("content", "Theirs")];
    assert_eq!(carl.submit(&editor, &editor, &theirs).await.status, 303);
    let mut mine = vec![("title", "News"), ("slug", "news"), ("content", "Mine")];
    mine.extend(hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    let conflict = carl.post_bare(&editor, &mine).await;
    assert_eq!(conflict.status, 409);
    assert_eq!(conflict.texts("form details pre"), ["Theirs"]);
    assert_eq!(conflict.texts("#content"), ["Mine"]);
    let seen = conflict.attribute("input[name=seen]", "value").unwrap();
    mine.retain(|(name, _)| *name != "seen");
    mine.push(("seen", &seen));
    assert_eq!(carl.post_bare(&editor, &mine).await.status, 303);
    assert_eq!(carl.get(&editor).await.texts("#content"), ["Mine"]);
}

#[tokio::test]
async fn a_preview_shows_what_is_typed_and_keeps_nothing() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let new = "/content/posts/new";
    let token = carl.token(new).await;
    let hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\n\n**Bold**";
    let form = [
        ("csrf", token.as_str()),
        ("title", "<b>T"),
        ("content", hostile),
    ];
    let seen = carl.post_bare("/content/posts/preview", &form).await;
    assert_eq!(
        (seen.status, seen.texts("h1")),
        (200, vec!["<b>T".to_owned()])
    );
    assert_eq!(seen.texts("strong"), ["Bold"]);
    assert!(!seen.body.contains("alert(1)") && !seen.body.contains("onerror"));
    assert!(seen.header("content-security-policy").ends_with("sandbox"));
    assert!(titles(&mut carl, "drafts").await.is_empty());
    let wrong = [("csrf", token.as_str()), ("title", ""), ("content", "")];
    let seen = carl.post_bare("/content/posts/preview", &wrong).await;
    assert_eq!(seen.texts(".errors li").len(), 2);
}

#[tokio::test]
async fn a_picture_is_put_in_described_shown_and_removed() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let post = written(&mut carl, "News", "Hello").await;
    let page = format!("{post}/picture");
    let file: FormPart<'_> = ("picture", Some("../a.svg"), PNG);
    let done = send_parts(&mut carl, &page, &[file, ("alt", None, b"A <b>cat")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let editor = format!("{post}/edit");
    let shown = carl.get(&editor).await;
    assert_eq!(
        shown.attribute("form img", "alt").as_deref(),
        Some("A <b>cat")
    );
    let src = shown.attribute("form img", "src").unwrap();
    assert_eq!(site.browser().get(&src).await.status, 200);
    let preview = carl.get(&format!("{post}/preview")).await;
    let inlined = preview.attribute("img", "src").unwrap();
    assert!(inlined.starts_with("data:image/jpeg;base64,"), "{inlined}");
    // The words alone, without another file.
    let done = send_parts(
        &mut carl,
        &page,
        &[("picture", Some(""), b""), ("alt", None, b"Dog")],
    );
    assert_eq!(done.await.status, 303);
    assert_eq!(
        carl.get(&editor)
            .await
            .attribute("form img", "alt")
            .as_deref(),
        Some("Dog")
    );
    let remove = format!("{page}/remove");
    for _ in 0..2 {
        press(&mut carl, &remove, &remove).await;
    }
    assert_eq!(carl.get(&editor).await.attribute("form img", "alt"), None);
}

#[tokio::test]
async fn what_is_no_picture_is_said_at_the_field() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let post = written(&mut carl, "News", "Hello").await;
    let page = format!("{post}/picture");
    let large = [PNG, &vec![0; PICTURE_MAX]].concat();
    for (file, field, said) in [
        (&b"<svg onload=alert(1)>"[..], "picture", "not a picture"),
        (&large, "picture", "too large"),
        (b"\x89PNG", "picture", "damaged"),
        (b"", "picture", "is missing"),
        (PNG, "alt", "is missing"),
    ] {
        let alt: &[u8] = if field == "alt" { b"" } else { b"Cat" };
        let name = if file.is_empty() { "" } else { "a.png" };
        let parts = [("picture", Some(name), file), ("alt", None, alt)];
        let refused = send_parts(&mut carl, &page, &parts).await;
        assert_eq!(refused.status, 422, "{said}");
        assert!(refused.texts("title")[0].starts_with("Error: "));
        let error = refused.texts(&format!("#{field}-error")).concat();
        assert!(error.contains(said), "{error}");
        assert_eq!(
            refused.texts("#alt"),
            [String::from_utf8(alt.into()).unwrap()]
        );
    }
}

#[tokio::test]
async fn a_deleted_post_comes_back_as_it_was() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let post = written(&mut carl, "News", "Hello").await;
    let publish = format!("{post}/publish");
    carl.submit(&publish, &publish, &[("when", "now")]).await;
    let (editor, undelete) = (format!("{post}/edit"), format!("{post}/undelete"));
    let gone = press(&mut carl, &editor, &format!("{post}/delete")).await;
    assert_eq!(site.browser().get("/blog/news").await.status, 404);
    assert_eq!(carl.get(&editor).await.status, 404);
    let list = gone.location().to_owned();
    press(&mut carl, &list, &undelete).await;
    assert_eq!(site.browser().get("/blog/news").await.status, 200);
    press(&mut carl, &editor, &format!("{post}/delete")).await;
    assert_eq!(titles(&mut carl, "trash").await[0], "News");
    press(&mut carl, "/content/posts?shelf=trash", &undelete).await;
    assert_eq!(titles(&mut carl, "published").await, ["News"]);
}

#[tokio::test]
async fn nobody_else_writes_and_no_form_of_another_site_does() {
    let site = Site::new();
    let mut carl = writer(&site).await;
    let post = written(&mut carl, "News", "Hello").await;
    let (_, mut ann) = site.signed_in("ann@example.org").await;
    for path in [LIST, "/content/posts/new", &format!("{post}/edit")] {
        assert_eq!(ann.get(path).await.status, 403, "{path}");
    }
    let delete = format!("{post}/delete");
    assert_eq!(ann.post("/overview", &delete, &[]).await.status, 403);
    assert_eq!(carl.post_bare(&delete, &[]).await.status, 403);
    assert_eq!(titles(&mut carl, "drafts").await, ["News"]);
}
