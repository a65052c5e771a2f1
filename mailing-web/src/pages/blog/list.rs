//! The list of posts.

use mailing_core::ports::store::{Cursor, Page as Rows, PageRequest, PostCard};
use poem::web::Query;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{Card, PATH};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Field, Pager, number};
use crate::visitor::Visitor;

/// Posts of one page: three rows on a desktop.
const SHOWN: u32 = 9;

#[derive(Deserialize)]
struct Wanted {
    after: Option<String>,
    /// What is looked for; blank: nothing.
    q: Option<String>,
}

#[derive(Serialize)]
struct List {
    search: Field,
    /// Where the whole list is; empty while nothing is looked for.
    clear: &'static str,
    cards: Vec<Card>,
    pager: Pager,
}

impl Page for List {
    const TEMPLATE: &'static str = "blog/list.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("blog-title", &Args::new())
    }
}

/// Posts, the last published first: all, or those that have a text.
#[handler]
pub(crate) async fn index(
    TheSite(site): TheSite,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let after = wanted.after.as_deref();
    let request = PageRequest::first(SHOWN).after(after.map(Cursor::new));
    let (blog, q) = (&site.services.blog, wanted.q.as_deref().unwrap_or_default());
    let page = match q.trim() {
        "" => blog.page(&request).await?,
        text => blog.search(text, &request).await?,
    };
    site.page(&visitor, &List::new(visitor.locale(), q, after, &page))
}

impl List {
    fn new(locale: &Locale, q: &str, after: Option<&str>, page: &Rows<PostCard>) -> Self {
        let next = page.next.as_ref().map(Cursor::as_str);
        let count = Args::new().number("n", number(page.items.len() as u64));
        let is_search = !q.trim().is_empty();
        let asked = [("q", q)];
        let query = if is_search { &asked[..] } else { &[] };
        let pager = Pager::new(locale, PATH, query, page.items.len(), after, next)
            .telling(locale.text("count-posts", &count))
            .leading_on(locale.text("blog-older", &Args::new()));
        Self {
            search: search(locale, q),
            clear: if is_search { PATH } else { "" },
            cards: page.items.iter().map(|c| Card::new(locale, c)).collect(),
            pager,
        }
    }
}

/// The field that looks for posts.
pub(super) fn search(locale: &Locale, q: &str) -> Field {
    Field::new(locale, "q", q, &[])
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use super::card::sample;
    use crate::pages::samples::HOSTILE;

    let clean = HOSTILE.replace('\u{202e}', "");
    let full = Rows {
        items: vec![sample("Зимняя коллекция", true), sample(&clean, false)],
        next: Some(Cursor::new("after")),
    };
    let none = Rows {
        items: Vec::new(),
        next: None,
    };
    vec![
        List::new(locale, "", Some("before"), &full),
        List::new(locale, HOSTILE, None, &full),
        List::new(locale, HOSTILE, None, &none),
        List::new(locale, " ", None, &none),
    ]
}
