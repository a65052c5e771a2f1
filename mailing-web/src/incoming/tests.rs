//! Forms with files as clients send them, well or badly.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::{FutureExt as _, StreamExt as _, stream};
use mailing_core::testing::VirtualClock;
use mailing_core::testing::builders::start;
use poem::Body;
use poem::error::ResponseError as _;

use super::*;

const MAX: u64 = 3_000_000;
const TOKEN: &str = "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nright\r\n";
const END: &str = "--b--\r\n";

fn file(name: &str, content: &str) -> String {
    format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/csv\r\n\r\n{content}\r\n"
    )
}

fn request(body: impl Into<Body>) -> Request {
    Request::builder()
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(body)
}

fn form(body: impl Into<Body>, clock: &Arc<VirtualClock>) -> Incoming {
    let clock: Arc<dyn Clock> = clock.clone();
    Incoming::open(&mut request(body), MAX, &clock).unwrap()
}

fn clock() -> Arc<VirtualClock> {
    Arc::new(VirtualClock::at(start()))
}

/// Reads a form as handlers do: the token, then each part to its end. Tells names and sizes.
async fn read(mut form: Incoming) -> Result<Vec<(String, Option<String>, Vec<u8>)>, PageError> {
    form.check_first("csrf", |token| token == "right").await?;
    let mut parts = Vec::new();
    while let Some(mut part) = form.next().await? {
        let name = part.name().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let mut content = Vec::new();
        while let Some(chunk) = part.chunk().await? {
            assert!(chunk.len() <= 2 * 64 * 1024, "{}", chunk.len());
            content.extend_from_slice(&chunk);
        }
        parts.push((name, file_name, content));
    }
    Ok(parts)
}

async fn status(body: impl Into<Body>) -> u16 {
    let clock = clock();
    read(form(body, &clock))
        .await
        .unwrap_err()
        .status()
        .as_u16()
}

#[tokio::test]
async fn a_file_comes_in_small_pieces_as_it_was_sent() {
    // What looks like the beginning of a boundary is not one.
    let content = "a@example.org;\r\n--\r\n--c\r\r\n-".repeat(70_000);
    let whole = format!("{TOKEN}{}{END}", file("c.csv", &content));
    let pieces: Vec<_> = whole
        .as_bytes()
        .chunks(1_009)
        .map(Bytes::copy_from_slice)
        .collect();
    let pieces = Body::from_bytes_stream(stream::iter(pieces).map(Ok::<_, std::io::Error>));
    for body in [Body::from(whole.clone()), pieces] {
        let parts = read(form(body, &clock())).await.unwrap();
        let [(name, file_name, got)] = &parts[..] else {
            panic!("{} parts", parts.len())
        };
        assert_eq!(
            (name.as_str(), file_name.as_deref()),
            ("file", Some("c.csv"))
        );
        assert!(got == content.as_bytes());
    }
}

#[tokio::test]
async fn a_file_before_the_token_is_refused_without_reading_it() {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let begin = Bytes::from(format!("--b\r\n{}", &file("c.csv", "a")[5..]));
    let endless =
        stream::once(async { begin }).chain(stream::repeat(Bytes::from_static(&[b'a'; 4096])));
    let endless = endless.map(move |bytes| {
        count.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok::<_, std::io::Error>(bytes)
    });
    let clock = clock();
    let mut form = form(Body::from_bytes_stream(endless), &clock);
    let refused = form.check_first("csrf", |_| true).await.unwrap_err();
    assert_eq!(refused.status(), 403);
    assert!(taken.load(Ordering::Relaxed) < 100_000);
}

#[tokio::test]
async fn only_the_right_token_in_the_first_field_opens_a_form() {
    let wrong = TOKEN.replace("right", "wrong");
    let other = TOKEN.replace("csrf", "form_id");
    let as_file = TOKEN.replace("\"csrf\"", "\"csrf\"; filename=\"csrf\"");
    let content = file("c.csv", "a@example.org");
    for first in [wrong, other.clone() + TOKEN, as_file, String::new()] {
        assert_eq!(
            status(format!("{first}{content}{END}")).await,
            403,
            "{first}"
        );
    }
}

#[tokio::test]
async fn nothing_and_long_names_are_let_through_to_the_handler() {
    let name = "ж".repeat(10_000);
    let body = format!("{TOKEN}{}{}{END}", file("", ""), file(&name, ""));
    let parts = read(form(body, &clock())).await.unwrap();
    assert_eq!(
        parts[0],
        ("file".to_owned(), Some(String::new()), Vec::new())
    );
    assert_eq!(parts[1].1.as_deref(), Some(name.as_str()));
}

#[tokio::test]
async fn too_much_is_refused_told_or_not() {
    let clock: Arc<dyn Clock> = clock();
    let mut told = request(Body::empty());
    told.headers_mut()
        .insert(header::CONTENT_LENGTH, 10_737_418_240_u64.into());
    let refused = Incoming::open(&mut told, MAX, &clock).unwrap_err();
    assert!(matches!(refused, PageError::TooLarge(MAX)));
    let large = "a".repeat(5_000_000);
    assert_eq!(
        status(format!("{TOKEN}{}{END}", file("c", &large))).await,
        413
    );
    let many = file("c", "a").repeat(101);
    assert_eq!(status(format!("{TOKEN}{many}{END}")).await, 413);
}

#[tokio::test]
async fn what_has_to_be_kept_to_go_on_has_a_limit() {
    let endless = "a".repeat(2_000_000);
    assert_eq!(
        status(format!("{endless}{TOKEN}{END}")).await,
        413,
        "before the first part"
    );
    assert_eq!(
        status(format!("{TOKEN}--b\r\nX-A: {endless}")).await,
        413,
        "in a header"
    );
    let name = format!("{TOKEN}{}", file(&endless, ""));
    assert_eq!(status(name).await, 413, "in a name");
    let long_token = TOKEN.replace("right", &endless);
    assert_eq!(
        status(format!("{long_token}{END}")).await,
        413,
        "in a field"
    );
}

#[tokio::test]
async fn what_is_broken_is_refused() {
    for body in [
        String::new(),
        "csrf=right".to_owned(),
        TOKEN.to_owned(),
        format!("{TOKEN}{}", file("c", "a")),
        format!("{TOKEN}--b\r\n\u{0}\r\n\r\n{END}"),
    ] {
        assert_eq!(status(body.clone()).await, 400, "{body:?}");
    }
}

#[tokio::test]
async fn a_client_that_falls_silent_is_given_up() {
    let clock = clock();
    let begun = stream::once(async { Ok::<_, std::io::Error>(Bytes::from_static(b"--b\r\n")) });
    let body = Body::from_bytes_stream(begun.chain(stream::pending()));
    let mut reading = pin!(read(form(body, &clock)));
    let poll = || (0..10).find_map(|_| reading.as_mut().now_or_never());
    let mut poll = poll;
    assert!(poll().is_none());
    clock.advance(Duration::from_secs(29));
    assert!(poll().is_none());
    clock.advance(Duration::from_secs(1));
    assert_eq!(poll().unwrap().unwrap_err().status(), 408);
}

#[tokio::test]
async fn a_client_that_only_drips_is_given_up() {
    let clock = clock();
    let tick = clock.clone();
    let drops = stream::repeat(()).map(move |()| {
        tick.advance(Duration::from_secs(1));
        Ok::<_, std::io::Error>(Bytes::from_static(&[b'a'; 100]))
    });
    let begin = Bytes::from(format!("{TOKEN}{}", file("c", "a").trim_end()));
    let body = stream::once(async { Ok(begin) }).chain(drops);
    let read = read(form(Body::from_bytes_stream(body), &clock));
    assert_eq!(read.await.unwrap_err().status(), 408);
    let took = clock.now() - start();
    assert!((31..=40).contains(&took.num_seconds()), "{took}");
}

#[tokio::test]
async fn a_handler_has_time_as_long_as_pieces_come() {
    let (clock, alive) = (clock(), Alive::default());
    let mut lapse = pin!(alive.lapse(clock.as_ref(), chrono::TimeDelta::seconds(30)));
    assert!(lapse.as_mut().now_or_never().is_none());
    for _ in 0..5 {
        clock.advance(Duration::from_secs(25));
        alive.note(clock.now());
        assert!(lapse.as_mut().now_or_never().is_none());
    }
    clock.advance(Duration::from_secs(30));
    assert!(lapse.as_mut().now_or_never().is_some());
}
