//! `/`: what the service is, and how much it does.

use mailing_core::ports::store::PostCard;
use mailing_core::services::HomeCounts;
use poem::{Response, handler};
use serde::Serialize;

use super::first;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::pages::blog::Card;
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Bar, Parts, Sign, Stat, number};
use crate::visitor::Visitor;

/// The run that the drawn example on the page shows.
const EXAMPLE: Parts = Parts {
    delivered: 1_223,
    failed: 21,
    unknown: 2,
    suppressed: 4,
    cancelled: 0,
    waiting: 0,
};

/// So many posts are shown.
const POSTS: usize = 3;

#[derive(Serialize)]
struct Home {
    example: Example,
    counts: Vec<Stat>,
    as_of: String,
    /// A few posts, other ones on each visit.
    posts: Vec<Card>,
}

#[derive(Serialize)]
struct Example {
    sign: Sign,
    planned: u64,
    bar: Bar,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    icon: &'static str,
    word: String,
    count: String,
    share: String,
}

impl Page for Home {
    const TEMPLATE: &'static str = "home/show.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("home-title", &Args::new())
    }
}

/// The home page. It stands even when the store does not answer: then with the last numbers and
/// their time, or none.
#[handler]
pub(crate) async fn show(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    if let Some(first) = first::instead(&site, &visitor).await? {
        return Ok(first);
    }
    let counts = match site.services.home.counts().await {
        Ok(counts) => Some(counts),
        Err(error) => {
            tracing::warn!(%error, "no numbers for the home page");
            None
        }
    };
    let posts = match site.services.blog.random(POSTS).await {
        Ok(posts) => posts,
        Err(error) => {
            tracing::warn!(%error, "no posts for the home page");
            Vec::new()
        }
    };
    let page = home(visitor.locale(), counts.as_ref(), &posts);
    site.page(&visitor, &page)
}

fn home(locale: &Locale, counts: Option<&HomeCounts>, posts: &[PostCard]) -> Home {
    let stat = |key, value: Option<u64>| Stat {
        icon: "",
        label: locale.text(key, &Args::new()),
        value: value.map_or_else(|| "–".to_owned(), |n| locale.count(number(n))),
        note: String::new(),
    };
    Home {
        example: example(locale),
        counts: vec![
            stat("home-count-mailings", counts.map(|c| c.mailings)),
            stat("home-count-active", counts.map(|c| c.active)),
            stat("home-count-recipients", counts.map(|c| c.recipients)),
        ],
        as_of: match counts {
            Some(counts) => {
                let when = locale
                    .relative(counts.at)
                    .unwrap_or_else(|| locale.short(counts.at));
                locale.text("home-as-of", &Args::new().text("when", when))
            }
            None => locale.text("home-no-counts", &Args::new()),
        },
        posts: posts.iter().map(|card| Card::new(locale, card)).collect(),
    }
}

fn example(locale: &Locale) -> Example {
    let planned = EXAMPLE.whole();
    let row = |icon, key: &str, n| Row {
        icon,
        word: locale.text(key, &Args::new()),
        count: locale.count(number(n)),
        share: locale.percent(n, planned),
    };
    Example {
        sign: Sign::new(locale, "i-finished", "mailing-state-finished"),
        planned,
        bar: Bar::new(locale, &EXAMPLE),
        rows: vec![
            row("i-delivered", "delivery-state-delivered", EXAMPLE.delivered),
            row("i-failed", "delivery-state-failed", EXAMPLE.failed),
            row(
                "i-suppressed",
                "delivery-state-suppressed",
                EXAMPLE.suppressed,
            ),
            row("i-unknown", "delivery-state-unknown", EXAMPLE.unknown),
        ],
    }
}

#[cfg(test)]
pub(super) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::blog;

    let counts = HomeCounts {
        mailings: 93,
        active: 12,
        recipients: 4_218,
        at: locale.now,
    };
    let post = blog::card_sample("Зимняя коллекция", true);
    let posts = [post.clone(), post];
    vec![home(locale, Some(&counts), &posts), home(locale, None, &[])]
}
