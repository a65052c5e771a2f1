//! The list of posts for those who write them.

use mailing_core::ports::store::{Cursor, Page as Rows, PageRequest, PostSummary};
use mailing_core::post::{PostState, Shelf};
use poem::web::Query;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{PATH, address};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Command, Moment, PAGE_SIZE, Pager, Tab, number};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    shelf: String,
    after: Option<String>,
}

#[derive(Serialize)]
struct List {
    actions: Vec<Command>,
    tabs: Vec<Tab>,
    /// What the date of a row says.
    dated: String,
    rows: Vec<Row>,
    pager: Pager,
    empty_title: String,
    empty_text: String,
}

#[derive(Serialize)]
struct Row {
    /// Empty in the trash, where nothing is edited.
    url: String,
    title: String,
    views: String,
    date: Moment,
    /// Takes it out of the trash; empty elsewhere.
    undelete: String,
}

impl Page for List {
    const TEMPLATE: &'static str = "content/list.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("menu-posts", &Args::new())
    }
}

/// The posts of a shelf, the last made first. Nonsense is the drafts.
#[handler]
pub(crate) async fn index(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let shelf = Shelf::from_name(&wanted.shelf).unwrap_or(Shelf::Drafts);
    let after = wanted.after.as_deref();
    let request = PageRequest::first(PAGE_SIZE).after(after.map(Cursor::new));
    let page = site.services.posts.page(&actor, shelf, &request).await?;
    site.page(&visitor, &List::new(visitor.locale(), shelf, after, &page))
}

/// The list with this shelf.
pub(super) fn shelf_address(shelf: Shelf) -> String {
    format!("{PATH}?shelf={}", shelf.as_str())
}

impl List {
    fn new(locale: &Locale, shelf: Shelf, after: Option<&str>, page: &Rows<PostSummary>) -> Self {
        let say = |key: &str| locale.text(key, &Args::new());
        let name = shelf.as_str();
        let next = page.next.as_ref().map(Cursor::as_str);
        let tab = |of: Shelf| Tab {
            url: shelf_address(of),
            label: say(&format!("posts-shelf-{}", of.as_str())),
            current: of == shelf,
            count: String::new(),
        };
        let count = Args::new().number("n", number(page.items.len() as u64));
        let query = [("shelf", name)];
        Self {
            actions: vec![Command::link(format!("{PATH}/new"), say("posts-new")).primary()],
            tabs: Shelf::ALL.into_iter().map(tab).collect(),
            dated: say(&format!("posts-dated-{name}")),
            rows: page.items.iter().map(|row| Row::new(locale, row)).collect(),
            pager: Pager::new(locale, PATH, &query, page.items.len(), after, next)
                .telling(locale.text("count-posts", &count)),
            empty_title: say(&format!("posts-none-{name}")),
            empty_text: say(&format!("posts-none-{name}-text")),
        }
    }
}

impl Row {
    fn new(locale: &Locale, post: &PostSummary) -> Self {
        let at = match (post.deleted_at, post.state) {
            (Some(deleted), _) => deleted,
            (None, PostState::Published { at }) => at,
            (None, PostState::Draft) => post.updated_at,
        };
        let in_trash = post.deleted_at.is_some();
        let unless = |is: bool, url: String| if is { String::new() } else { url };
        Self {
            url: unless(in_trash, address(post.id)),
            title: post.title.as_str().to_owned(),
            views: match post.views {
                0 => "–".to_owned(),
                views => locale.count(number(views)),
            },
            date: Moment::new(at, locale.short(at)),
            undelete: unless(!in_trash, format!("{PATH}/{}/undelete", post.id)),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use chrono::Duration;
    use mailing_core::post::Post;
    use mailing_core::testing::builders::post;

    use crate::pages::samples::HOSTILE;

    let summary = |post: Post, deleted| PostSummary {
        id: post.id,
        title: post.title,
        slug: post.slug,
        state: post.state,
        author: post.author,
        picture: None,
        views: 1_312,
        updated_at: post.updated_at,
        deleted_at: deleted,
    };
    let clean = HOSTILE.replace('\u{202e}', "");
    let rows = |deleted| Rows {
        items: vec![
            summary(post().titled("Зимняя коллекция").build(), deleted),
            summary(post().titled(&clean).published(locale.now).build(), deleted),
        ],
        next: Some(Cursor::new("after")),
    };
    let none = Rows {
        items: Vec::new(),
        next: None,
    };
    let thrown = Some(locale.now - Duration::days(1));
    let mut pages = vec![
        List::new(locale, Shelf::Published, Some("before"), &rows(None)),
        List::new(locale, Shelf::Trash, None, &rows(thrown)),
    ];
    pages.extend(Shelf::ALL.map(|shelf| List::new(locale, shelf, None, &none)));
    pages
}
