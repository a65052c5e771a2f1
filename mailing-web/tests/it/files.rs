//! The files of a message: attached, listed, downloaded, removed.

use mailing_core::message::{ATTACHED_MAX, FileHash};
use mailing_core::testing::builders::message;

use crate::browser::{Answer, Browser};
use crate::site::Site;

const BOUNDARY: &str = "----WebKitFormBoundaryx";

/// A part of a form: its field, the name of the file if it is one, its content.
pub(crate) type FormPart<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// Sends the form of a page with files, as a browser does.
pub(crate) async fn upload(
    browser: &mut Browser<'_>,
    page: &str,
    files: &[(&str, &str)],
) -> Answer {
    let parts: Vec<_> = files
        .iter()
        .map(|(name, data)| ("file", Some(*name), data.as_bytes()))
        .collect();
    send_parts(browser, page, &parts).await
}

/// Sends the form of a page part by part, its token first.
pub(crate) async fn send_parts(
    browser: &mut Browser<'_>,
    page: &str,
    parts: &[FormPart<'_>],
) -> Answer {
    let token = browser.token(page).await;
    let mut body = Vec::new();
    let token: FormPart<'_> = ("csrf", None, token.as_bytes());
    for (name, file, data) in std::iter::once(&token).chain(parts) {
        let told = file.map_or_else(String::new, |file| {
            format!("; filename=\"{file}\"\r\nContent-Type: text/html")
        });
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{told}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(data);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    browser.headers.insert("content-type", kind);
    let answer = browser
        .send_bytes(poem::http::Method::POST, page, body)
        .await;
    browser.headers.remove("content-type");
    answer
}

/// A signed-in owner's message; the address of its files.
pub(crate) async fn written(site: &Site, owner: &mailing_core::testing::builders::Owner) -> String {
    let message = message().of(owner).subject("Winter");
    let id = message.saved(site.store.as_ref()).await.id;
    format!("/messages/{id}")
}

#[tokio::test]
async fn files_are_attached_listed_and_downloaded() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let path = written(&site, &ann).await;
    let page = format!("{path}/files");
    let files = [("<b>price.txt", "ten"), ("..\\plan.txt", "twenty")];
    let done = upload(&mut browser, &page, &files).await;
    assert_eq!((done.status, done.location()), (303, page.as_str()));
    let shown = browser.get(&page).await;
    assert!(shown.texts(".alert-flash")[0].contains("2 files are attached."));
    assert_eq!(shown.texts("main li a"), ["_b_price.txt", "plan.txt"]);
    let editor = browser.get(&format!("{path}/edit")).await;
    assert_eq!(editor.texts("#files li a"), ["_b_price.txt", "plan.txt"]);
    let file = browser
        .get(&format!("{page}/{}", FileHash::of(b"ten")))
        .await;
    assert_eq!((file.status, file.body.as_str()), (200, "ten"));
    assert_eq!(file.header("content-type"), "application/octet-stream");
    let disposition = file.header("content-disposition");
    assert_eq!(disposition, "attachment; filename*=UTF-8''_b_price.txt");
    let version = browser.get(&format!("{path}/history/2")).await;
    assert_eq!(version.texts("main li"), ["_b_price.txt", "plan.txt"]);
}

#[tokio::test]
async fn what_cannot_be_attached_is_said_at_the_field() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let page = format!("{}/files", written(&site, &ann).await);
    for (files, expected) in [
        (vec![], "is missing"),
        (vec![("", "")], "is missing"),
        (vec![("a.exe", "MZ")], "is a program"),
        (vec![("a.txt", "")], "is empty"),
    ] {
        let refused = upload(&mut browser, &page, &files).await;
        assert_eq!(refused.status, 422, "{files:?}");
        assert!(refused.texts("title")[0].starts_with("Error: "));
        let said = refused.texts("#file-error");
        assert!(said[0].contains(expected), "{said:?}");
        assert_eq!(
            refused.attribute("#file", "aria-invalid").as_deref(),
            Some("true")
        );
    }
    let large = "x".repeat(ATTACHED_MAX + 1);
    let refused = upload(&mut browser, &page, &[("a.txt", &large)]).await;
    assert_eq!(refused.status, 422);
    let huge = "x".repeat(2 * ATTACHED_MAX + (2 << 20));
    let refused = upload(&mut browser, &page, &[("a.txt", &huge)]).await;
    assert_eq!(refused.status, 413);
}

#[tokio::test]
async fn a_file_is_removed_and_brought_back() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let path = written(&site, &ann).await;
    let page = format!("{path}/files");
    upload(&mut browser, &page, &[("price.txt", "ten")]).await;
    let hash = FileHash::of(b"ten").to_string();
    let remove = format!("{page}/remove");
    for _ in 0..2 {
        let done = browser.post(&page, &remove, &[("file", &hash)]).await;
        assert_eq!((done.status, done.location()), (303, page.as_str()));
    }
    assert!(browser.get(&page).await.texts("main li a").is_empty());
    let back = format!("{path}/history/2");
    let done = browser.post(&page, &back, &[("seen", "3")]).await;
    assert_eq!(done.status, 303);
    assert_eq!(browser.get(&page).await.texts("main li a"), ["price.txt"]);
}

#[tokio::test]
async fn what_is_typed_is_kept_on_the_way_to_the_files() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let path = written(&site, &ann).await;
    let (editor, page) = (format!("{path}/edit"), format!("{path}/files"));
    let typed = [
        ("subject", "Typed"),
        ("body", "and not saved"),
        ("format", "markdown"),
        ("text", ""),
        ("do", "files"),
    ];
    let done = browser.submit(&editor, &editor, &typed).await;
    assert_eq!((done.status, done.location()), (303, page.as_str()));
    upload(&mut browser, &page, &[("price.txt", "ten")]).await;
    let shown = browser.get(&editor).await;
    assert_eq!(shown.texts("textarea#body"), ["and not saved"]);
    let saved = [&typed[..4], &[("do", "save")]].concat();
    let done = browser.submit(&editor, &editor, &saved).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let shown = browser.get(&editor).await;
    assert_eq!(shown.texts("h1"), ["Typed"]);
    assert_eq!(shown.texts("#files li a"), ["price.txt"]);
}
