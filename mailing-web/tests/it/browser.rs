//! A browser without scripts: keeps cookies, fills in the forms of the page it is on.

use std::collections::BTreeMap;
use std::io::Error as IoError;

use futures::stream::BoxStream;
use futures::{FutureExt as _, Stream, StreamExt as _, TryStreamExt as _};
use poem::Endpoint as _;
use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderMap, Method, header};
use poem::{Body, Request, Response};
use scraper::{Html, Selector};

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// Texts of the elements that fit a selector.
    pub(crate) fn texts(&self, css: &str) -> Vec<String> {
        Html::parse_document(&self.body)
            .select(&Selector::parse(css).unwrap())
            .map(|e| {
                e.text()
                    .collect::<String>()
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }

    /// An attribute of the first element that fits a selector.
    pub(crate) fn attribute(&self, css: &str, name: &str) -> Option<String> {
        Html::parse_document(&self.body)
            .select(&Selector::parse(css).unwrap())
            .next()
            .and_then(|e| e.value().attr(name).map(str::to_owned))
    }
}

/// A line of events.
pub(crate) struct Events {
    pub(crate) status: u16,
    pieces: BoxStream<'static, Result<Vec<u8>, IoError>>,
}

impl Events {
    /// What comes next; nothing at the end.
    pub(crate) async fn next(&mut self) -> Option<String> {
        let piece = self.pieces.next().await?.unwrap();
        Some(String::from_utf8(piece).unwrap())
    }

    /// What has come already, if something has.
    pub(crate) fn now(&mut self) -> Option<String> {
        self.next().now_or_never().flatten()
    }
}

impl Answer {
    /// What a browser would send of a form, no button pressed.
    pub(crate) fn fields(&self, form: &str) -> Vec<(String, String)> {
        let document = Html::parse_document(&self.body);
        let css = format!("{form} input, {form} select, {form} textarea");
        let mut fields = Vec::new();
        for e in document.select(&Selector::parse(&css).unwrap()) {
            let attribute = |name| e.value().attr(name);
            let Some(name) = attribute("name") else {
                continue;
            };
            let ticks = matches!(attribute("type"), Some("radio" | "checkbox"));
            let value = match e.value().name() {
                "select" => {
                    let option = Selector::parse("option[selected]").unwrap();
                    let first = Selector::parse("option").unwrap();
                    let chosen = e.select(&option).next().or_else(|| e.select(&first).next());
                    let value = chosen.and_then(|option| option.value().attr("value"));
                    value.unwrap_or_default().to_owned()
                }
                "textarea" => e.text().collect(),
                _ if ticks && attribute("checked").is_none() => continue,
                _ => attribute("value").unwrap_or_default().to_owned(),
            };
            fields.push((name.to_owned(), value));
        }
        fields
    }

    /// The hidden fields of the form that posts to `path`.
    pub(crate) fn hidden(&self, path: &str) -> Vec<(String, String)> {
        let css = format!("form[action=\"{path}\"] input[type=hidden]");
        let document = Html::parse_document(&self.body);
        let css = Selector::parse(&css).unwrap();
        let fields: Vec<_> = document
            .select(&css)
            .map(|e| {
                let attribute = |name| e.value().attr(name).unwrap().to_owned();
                (attribute("name"), attribute("value"))
            })
            .collect();
        assert!(!fields.is_empty(), "no form posts to {path}");
        fields
    }
}

/// A browser on a site.
pub(crate) struct Browser<'a> {
    endpoint: &'a BoxEndpoint<'static, Response>,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) headers: BTreeMap<&'static str, String>,
}

impl<'a> Browser<'a> {
    pub(crate) fn new(endpoint: &'a BoxEndpoint<'static, Response>, host: &str) -> Self {
        let headers = BTreeMap::from([
            ("host", host.to_owned()),
            ("accept", "text/html,*/*;q=0.8".to_owned()),
            ("sec-fetch-site", "same-origin".to_owned()),
        ]);
        Self {
            endpoint,
            cookies: BTreeMap::new(),
            headers,
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Answer {
        self.send_body(method, path, body.map(String::into_bytes))
            .await
    }

    /// Sends octets of a kind that [`headers`](Self::headers) tells.
    pub(crate) async fn send_bytes(&mut self, method: Method, path: &str, body: Vec<u8>) -> Answer {
        self.send_body(method, path, Some(body)).await
    }

    async fn send_body(&mut self, method: Method, path: &str, body: Option<Vec<u8>>) -> Answer {
        let mut request = Request::builder().method(method).uri_str(path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !self.cookies.is_empty() {
            request = request.header(header::COOKIE, self.cookie());
        }
        if body.is_some() && !self.headers.contains_key("content-type") {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = match body {
            Some(body) => request.body(body),
            None => request.finish(),
        };
        let mut response = self.endpoint.get_response(request).await;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        // A stream of events ends when its reader goes.
        let body = match response.content_type() {
            Some("text/event-stream") => String::new(),
            _ => response.take_body().into_string().await.unwrap_or_default(),
        };
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body,
        }
    }

    /// Sends a body piece by piece, as they come.
    pub(crate) async fn send_pieces(
        &self,
        path: &str,
        pieces: impl Stream<Item = Vec<u8>> + Send + 'static,
    ) -> u16 {
        let pieces = pieces.map(Ok::<_, IoError>);
        let mut request = Request::builder().method(Method::POST).uri_str(path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request
            .header(header::COOKIE, self.cookie())
            .body(Body::from_bytes_stream(pieces));
        let response = self.endpoint.get_response(request).await;
        response.status().as_u16()
    }

    fn cookie(&self) -> String {
        let pairs = self.cookies.iter().map(|(n, v)| format!("{n}={v}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Opens a line of events and keeps it open.
    pub(crate) async fn events(&self, path: &str) -> Events {
        let request = Request::builder()
            .uri_str(path)
            .header("host", &self.headers["host"])
            .header("accept", "text/event-stream")
            .header(header::COOKIE, self.cookie())
            .finish();
        let mut response = self.endpoint.get_response(request).await;
        Events {
            status: response.status().as_u16(),
            pieces: response
                .take_body()
                .into_bytes_stream()
                .map_ok(|piece| piece.to_vec())
                .boxed(),
        }
    }

    fn keep(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Posts fields as they are, without a token.
    pub(crate) async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.send(Method::POST, path, Some(body)).await
    }

    /// Reads the token from `page`, then posts the fields with it.
    pub(crate) async fn post(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token(page).await;
        let mut fields = fields.to_vec();
        fields.push(("csrf", &token));
        self.post_bare(path, &fields).await
    }

    /// Sends the form of a page as a person does: with everything that is hidden in it. `fields` are
    /// what was typed.
    pub(crate) async fn submit(
        &mut self,
        page: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let hidden = self.get(page).await.hidden(path);
        let mut all: Vec<_> = hidden
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        all.extend_from_slice(fields);
        self.post_bare(path, &all).await
    }

    /// The token of the forms on a page.
    pub(crate) async fn token(&mut self, page: &str) -> String {
        let page = self.get(page).await;
        page.attribute("input[name=csrf]", "value")
            .expect("the page has a form")
    }

    pub(crate) async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.post(
            "/login",
            "/login",
            &[("email", email), ("password", password)],
        )
        .await
    }
}
