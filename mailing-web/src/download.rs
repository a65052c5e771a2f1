//! Files that people keep: what they are, how they are called, and how they come.
//!
//! Whatever is answered from here is an attachment, so the headers of [`crate::middleware`] shut it
//! into a sandbox, and no cache keeps it: it is somebody's own.

use std::io;

use futures::stream::{TryStreamExt as _, try_unfold};
use mailing_core::error::Error;
use poem::http::{HeaderValue, header};
use poem::{Body, Response};

const CSV: &str = "text/csv; charset=utf-8";
const JSON_LINES: &str = "application/x-ndjson; charset=utf-8";
const OCTETS: &str = "application/octet-stream";

/// A file before its content.
pub(crate) struct Download {
    content_type: &'static str,
    disposition: HeaderValue,
    /// What is logged of it: a name that people gave says something of them.
    name: &'static str,
}

impl Download {
    /// A table.
    pub(crate) fn csv(name: &'static str) -> Self {
        Self::ours(CSV, name)
    }

    /// A JSON object a line.
    pub(crate) fn json_lines(name: &'static str) -> Self {
        Self::ours(JSON_LINES, name)
    }

    /// What somebody has brought, by the name that it was given: octets, whatever they say they are
    /// (S33).
    pub(crate) fn brought(name: &str) -> Self {
        Self {
            content_type: OCTETS,
            disposition: disposition(&encoded(name)),
            name: "a file that was brought",
        }
    }

    fn ours(content_type: &'static str, name: &'static str) -> Self {
        Self {
            content_type,
            disposition: disposition(&format!("filename=\"{name}\"")),
            name,
        }
    }

    /// The file, all at once.
    pub(crate) fn whole(self, content: impl Into<Body>) -> Response {
        let mut response = Response::builder()
            .content_type(self.content_type)
            .header(header::CACHE_CONTROL, "no-store")
            .body(content);
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, self.disposition);
        response
    }

    /// The file piece by piece: `next` gives one and where it goes on, `None` at the end. What cannot
    /// be read any more breaks the download off, so that half a file never looks like a whole one.
    pub(crate) fn pieces<S, F>(self, from: S, next: impl FnMut(S) -> F + Send + 'static) -> Response
    where
        S: Send + 'static,
        F: Future<Output = Result<Option<(Vec<u8>, S)>, Error>> + Send + 'static,
    {
        let name = self.name;
        let pieces = try_unfold(from, next).map_err(move |error| {
            tracing::error!(%error, name, "a download broke off");
            io::Error::other(error)
        });
        self.whole(Body::from_bytes_stream(pieces))
    }
}

/// `Content-Disposition` by RFC 6266.
fn disposition(name: &str) -> HeaderValue {
    let value = format!("attachment; {name}");
    HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// A name of any letters, by RFC 8187.
fn encoded(given: &str) -> String {
    let mut name = String::new();
    for octet in given.bytes() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                name.push(char::from(octet));
            }
            other => name.push_str(&format!("%{other:02X}")),
        }
    }
    format!("filename*=UTF-8''{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(response: &Response, name: &str) -> String {
        let value = response.headers().get(name).unwrap();
        value.to_str().unwrap().to_owned()
    }

    #[test]
    fn a_file_of_ours_is_an_attachment_that_nobody_keeps() {
        let response = Download::csv("log.csv").whole("a,b");
        let expected = [
            ("content-type", "text/csv; charset=utf-8"),
            ("content-disposition", "attachment; filename=\"log.csv\""),
            ("cache-control", "no-store"),
        ];
        for (name, value) in expected {
            assert_eq!(told(&response, name), value);
        }
        let lines = Download::json_lines("a.jsonl").whole("{}");
        assert_eq!(
            told(&lines, "content-type"),
            "application/x-ndjson; charset=utf-8"
        );
    }

    #[test]
    fn a_name_of_any_letters_makes_one_header() {
        let response = Download::brought("Прайс \"1\"; x=\r\n.pdf").whole("x");
        assert_eq!(
            told(&response, "content-disposition"),
            "attachment; filename*=UTF-8''\
             %D0%9F%D1%80%D0%B0%D0%B9%D1%81%20%221%22%3B%20x%3D%0D%0A.pdf"
        );
        assert_eq!(told(&response, "content-type"), "application/octet-stream");
    }

    #[tokio::test]
    async fn pieces_come_one_after_another_to_the_end() {
        let response = Download::csv("a.csv")
            .pieces(0_u8, async |n| Ok((n < 3).then(|| (vec![b'a' + n], n + 1))));
        let body = response.into_body().into_bytes().await.unwrap();
        assert_eq!(&body[..], b"abc");
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_on_never_looks_whole() {
        let response = Download::csv("a.csv").pieces(0_u8, async |n| match n {
            0 => Ok(Some((b"a".to_vec(), 1))),
            _ => Err(Error::NotFound),
        });
        assert!(response.into_body().into_bytes().await.is_err());
    }
}
