//! `/settings/activity`: what was done with the own things, and by whom (A10).

use mailing_core::audit::Entry;
use mailing_core::id::UserId;
use mailing_core::policy::Who;
use mailing_core::ports::store::{Cursor, Page as Rows, PageRequest};
use poem::web::Query;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::tabs;
use crate::error::PageError;
use crate::i18n::{Args, Locale, key};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Moment, PAGE_SIZE, Pager, Tab};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Deserialize)]
struct From {
    after: Option<String>,
}

#[derive(Serialize)]
struct Line {
    at: Moment,
    what: String,
    who: String,
    reason: String,
}

#[derive(Serialize)]
struct Activity {
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    pager: Pager,
}

impl Activity {
    fn new(locale: &Locale, own: UserId, page: &Rows<Entry>, after: Option<&str>) -> Self {
        let next = page.next.as_ref().map(Cursor::as_str);
        let rows = page.items.len();
        Self {
            tabs: tabs(locale, "/settings/activity"),
            lines: page.items.iter().map(|e| line(locale, own, e)).collect(),
            pager: Pager::new(locale, "/settings/activity", &[], rows, after, next),
        }
    }
}

fn line(locale: &Locale, own: UserId, entry: &Entry) -> Line {
    let who = match entry.who {
        Who::User(id) if id == own => "actor-you",
        Who::User(_) => "actor-manager",
        Who::Console => "actor-console",
        Who::System => "actor-system",
        Who::Recipient => "actor-recipient",
    };
    Line {
        at: Moment::new(entry.at, locale.short(entry.at)),
        what: locale.text(&key("deed", entry.deed.as_str()), &Args::new()),
        who: locale.text(who, &Args::new()),
        reason: entry.reason.clone().unwrap_or_default(),
    }
}

impl Page for Activity {
    const TEMPLATE: &'static str = "settings/activity.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("settings-title", &Args::new())
    }
}

/// The trail, newest first.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(from): Query<From>,
) -> Result<Response, PageError> {
    let after = from.after.clone().map(Cursor::new);
    let request = PageRequest::first(PAGE_SIZE).after(after);
    let page = site.services.own.trail(&actor, &request).await?;
    let own = site.services.own.show(&actor).await?.id;
    let page = Activity::new(visitor.locale(), own, &page, from.after.as_deref());
    site.page(&visitor, &page)
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::audit::Deed;
    use mailing_core::policy::Actor;
    use mailing_core::testing::SeededEntropy;
    use mailing_core::testing::builders::{owner, start};
    let ann = owner().build();
    let entropy = SeededEntropy::new(1);
    let actors = [Actor::user(&ann), Actor::console()];
    let entries = actors.iter().zip([Deed::SignIn, Deed::BlockUser]);
    let mut items: Vec<_> = entries
        .map(|(actor, deed)| Entry::new(actor, deed, "x", start(), &entropy))
        .collect();
    items[1].reason = Some(crate::pages::samples::HOSTILE.to_owned());
    for deed in Deed::ALL {
        let key = key("deed", deed.as_str());
        assert!(crate::i18n::has_text(locale.lang, &key), "{key}");
    }
    let page = Rows {
        items,
        next: Some(Cursor::new("after:7")),
    };
    let none = Rows {
        items: Vec::new(),
        next: None,
    };
    vec![
        Activity::new(locale, ann.id, &page, Some("after:1")),
        Activity::new(locale, ann.id, &none, None),
    ]
}
