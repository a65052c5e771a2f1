//! Forms with files that come at once: of one user few, of all together many (S49).

use std::time::Duration;

use futures::channel::oneshot;
use futures::future::{Either, FutureExt as _, LocalBoxFuture, select};
use futures::stream::{self, StreamExt as _};

use crate::browser::{Answer, Browser};
use crate::site::Site;
use crate::{files, imports};

const PATH: &str = "/recipients/import";
const FILE: &[u8] = b"email\na@example.org\n";

/// A form of which half has come.
struct Half<'a> {
    form: LocalBoxFuture<'a, u16>,
    rest: oneshot::Sender<()>,
}

/// Sends the first half of a file, and returns when that is read.
async fn half<'a>(browser: &'a Browser<'_>, path: &'a str, token: &str) -> Half<'a> {
    let part =
        |head, text| format!("--limit\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}");
    let begin = part("name=\"csrf\"", token)
        + "\r\n"
        + &part("name=\"file\"; filename=\"a.csv\"", "email\n");
    let (is_read, reading) = oneshot::channel();
    let (rest, coming) = oneshot::channel();
    let end = async move {
        is_read.send(()).unwrap();
        coming.await.unwrap();
        b"a@example.org\r\n--limit--\r\n".to_vec()
    };
    let begin = async move { begin.into_bytes() };
    let pieces = stream::once(begin).chain(stream::once(end));
    let form = browser.send_pieces(path, pieces).boxed_local();
    match select(form, reading).await {
        Either::Right((_, form)) => Half { form, rest },
        Either::Left((status, _)) => panic!("answered {status}"),
    }
}

/// Signs in; the browser sends forms with files from now on. With the page of a message's files and the
/// token.
async fn signed_in<'a>(site: &'a Site, email: &str) -> (Browser<'a>, String, String) {
    let (user, mut browser) = site.signed_in(email).await;
    let page = format!("{}/files", files::written(site, &user).await);
    let token = browser.token(&page).await;
    let kind = "multipart/form-data; boundary=limit".to_owned();
    browser.headers.insert("content-type", kind);
    // So that the next one is not one sign-in too many.
    site.clock.advance(Duration::from_secs(60));
    (browser, page, token)
}

fn assert_crowded(answer: &Answer, status: u16, words: &str) {
    let told = (answer.status, answer.header("retry-after"));
    assert_eq!(told, (status, "30"));
    assert!(answer.body.contains(words), "{}", answer.body);
}

#[tokio::test]
async fn of_one_user_two_forms_with_files_are_read_at_once() {
    let site = Site::new();
    let (ann, mut third) = site.signed_in("ann@example.org").await;
    let (_, mut other) = site.signed_in("bob@example.org").await;
    let token = third.token(PATH).await;
    let mut browser = site.browser();
    browser.cookies.clone_from(&third.cookies);
    let kind = "multipart/form-data; boundary=limit".to_owned();
    browser.headers.insert("content-type", kind);
    let halves = [
        half(&browser, PATH, &token).await,
        half(&browser, PATH, &token).await,
    ];

    let words = "Two forms with files of yours are on their way";
    let refused = imports::upload(&mut third, "b.csv", FILE).await;
    assert_crowded(&refused, 429, words);
    let kept = site.services.uploads.newest(&ann.actor).await.unwrap();
    assert_eq!(kept, [], "nothing of it is kept");
    let rows = "c@example.org\r\nd@example.org <script>";
    let pasted = imports::paste(&mut third, rows).await;
    assert_crowded(&pasted, 429, "so this one was not sent");
    let form = "main form.form";
    let enctype = pasted.attribute(form, "enctype");
    assert_eq!(enctype.as_deref(), Some("multipart/form-data"));
    let typed = pasted.fields(form);
    let typed = typed.iter().find(|(name, _)| name == "pasted").unwrap();
    assert_eq!(typed.1.trim(), rows.replace("\r\n", "\n"));
    let blank = imports::paste(&mut third, " ").await;
    assert_crowded(&blank, 429, words);
    let of_other = imports::upload(&mut other, "b.csv", FILE).await;
    assert_eq!(of_other.status, 303, "others have their own places");

    for half in halves {
        half.rest.send(()).unwrap();
        assert_eq!(half.form.await, 303);
    }
    let now = imports::upload(&mut third, "b.csv", FILE).await;
    assert_eq!(now.status, 303);
}

#[tokio::test]
async fn of_all_users_twenty_forms_with_files_are_read_at_once() {
    let site = Site::new();
    let mut browsers = Vec::new();
    for number in 0..10 {
        browsers.push(signed_in(&site, &format!("u{number}@example.org")).await);
    }
    let (user, mut late) = site.signed_in("late@example.org").await;
    let mut halves = Vec::new();
    for (browser, page, token) in &browsers {
        halves.push(half(browser, page, token).await);
        halves.push(half(browser, page, token).await);
    }
    let page = format!("{}/files", files::written(&site, &user).await);
    let attached = [("price.txt", "ten")];
    let refused = files::upload(&mut late, &page, &attached).await;
    assert_crowded(&refused, 503, "Many files are on their way");
    assert!(late.get(&page).await.texts("main li a").is_empty());
    let streamed = imports::upload(&mut late, "a.csv", FILE).await;
    assert_eq!(streamed.status, 303, "an import is not kept in memory");
    // Whoever breaks off leaves a place.
    drop(halves.pop());
    let taken = files::upload(&mut late, &page, &attached).await;
    assert_eq!(taken.status, 303);
}
