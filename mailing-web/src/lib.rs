//! Pages and HTTP interface of Mailing.
//!
//! The crate is given [`Services`] and [`WebSettings`] and opens
//! nothing itself: no file, no database, no socket. [`app`] makes an endpoint that a host serves, and
//! tests call the same one.
//!
//! A request goes from the outside inwards: id and headers, who asks, limits, form tokens
//! (`middleware/`), then the one table of routes ([`routes()`]), then a handler in `pages/`, which
//! parses, calls a service and fills a template. Templates hold no words: all texts are in `i18n/`,
//! and [`i18n`] says them, for the command line too.
//!
//! To add a page: a line in its table in `routes/`, a handler and its context under `pages/`, a template, its
//! texts in both languages, and its row in `tests/it/walk/table.txt`.

mod assets;
mod client;
mod cookies;
mod csrf;
mod download;
mod error;
mod fields;
pub mod i18n;
mod incoming;
mod letters;
mod live;
mod middleware;
mod pages;
pub mod preview;
mod routes;
mod seal;
mod seats;
mod serve;
mod settings;
mod site;
mod templates;
mod urls;
mod view;
mod visitor;

pub use letters::WebLetters;
pub use preview::mail_words;
pub use routes::{Access, Route, routes};
pub use serve::serve;
pub use settings::{
    CsrfKey, Examiner, FirstRun, HostFacts, OutboxEntry, OutboxMail, OutboxReader, TestSender,
    WeakKey, WebSettings,
};

use std::sync::Arc;

use mailing_core::services::Services;
use poem::{Endpoint, EndpointExt as _, Response};

use crate::live::Live;
use crate::seats::Seats;
use crate::site::Site;
use crate::templates::Templates;

/// The templates inside the binary cannot be used: a fault of the build, found by any test.
#[derive(Debug, thiserror::Error)]
#[error("the templates cannot be read")]
pub struct BrokenTemplates(#[from] tera::Error);

/// The whole site as one endpoint.
///
/// # Errors
/// [`BrokenTemplates`] when the embedded templates do not parse.
pub fn app(
    services: Services,
    settings: WebSettings,
) -> Result<impl Endpoint<Output = Response> + 'static, BrokenTemplates> {
    Ok(built(services, settings)?.0)
}

/// The site, and what ends its streams.
fn built(
    services: Services,
    settings: WebSettings,
) -> Result<(impl Endpoint<Output = Response> + 'static, Arc<Live>), BrokenTemplates> {
    let router = routes::router(settings.demo);
    let live = Arc::new(Live::default());
    let site = Arc::new(Site {
        services,
        settings,
        templates: Templates::load()?,
        rates: middleware::Rates::default(),
        live: Arc::clone(&live),
        intake: Seats::new(middleware::INTAKE_MAX),
        streamed: Seats::new(middleware::STREAMED_MAX),
        examined: tokio::sync::Mutex::default(),
    });
    let layer = || Arc::clone(&site);
    let (forms, rate, limits, visitor, outer) = (layer(), layer(), layer(), layer(), layer());
    let endpoint = router
        .data(site)
        .around(move |next, req| middleware::check_form(Arc::clone(&forms), next, req))
        .around(move |next, req| middleware::check_rate(Arc::clone(&rate), next, req))
        .around(move |next, req| middleware::check_limits(Arc::clone(&limits), next, req))
        .around(move |next, req| middleware::with_visitor(Arc::clone(&visitor), next, req))
        .around(move |next, req| middleware::outermost(Arc::clone(&outer), next, req));
    Ok((endpoint, live))
}
