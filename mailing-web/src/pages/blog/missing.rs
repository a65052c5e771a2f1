//! Where no post is: it has moved, or never was there.

use mailing_core::error::Error;
use poem::Response;
use poem::http::{StatusCode, header};
use serde::Serialize;

use super::list::search;
use super::post::address;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Around, Site};
use crate::templates::Page;
use crate::view::Field;
use crate::visitor::Visitor;

/// Says that there is none, and helps to find another one.
#[derive(Serialize)]
struct Missing {
    search: Field,
}

impl Page for Missing {
    const TEMPLATE: &'static str = "blog/missing.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("blog-missing-title", &Args::new())
    }
}

/// Leads on where a post has moved. Browsers do not keep that (as no answer that does not say so):
/// another post may take the address, or the same one come back.
pub(super) async fn answer(
    site: &Site,
    visitor: &Visitor,
    slug: &str,
) -> Result<Response, PageError> {
    if let Some(now) = site.services.blog.moved(slug).await? {
        return Ok(Response::builder()
            .status(StatusCode::MOVED_PERMANENTLY)
            .header(header::LOCATION, address(&now))
            .header(header::CACHE_CONTROL, "no-store")
            .finish());
    }
    if visitor.wants_json() {
        return Err(Error::NotFound.into());
    }
    let page = Missing {
        search: search(visitor.locale(), ""),
    };
    site.page_with(visitor, &page, Around::Menu, StatusCode::NOT_FOUND)
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    vec![Missing {
        search: search(locale, ""),
    }]
}
