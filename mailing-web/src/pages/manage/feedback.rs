//! `/manage/feedback`: what people wrote on the contacts page.

use mailing_core::id::FeedbackId;
use mailing_core::instance::Feedback;
use mailing_core::policy::Actor;
use mailing_core::ports::store::{
    Cursor, FeedbackCounts, FeedbackFilter, Page as Rows, PageRequest,
};
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{Nothing, id, plain};
use crate::error::PageError;
use crate::i18n::{Args, Lang, Locale};
use crate::pages::contacts::mailto;
use crate::site::{Site, TheSite};
use crate::templates::Page;
use crate::view::{Field, Flash, Link, Moment, PAGE_SIZE, Pager, Sign, Tab, number};
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/manage/feedback";

/// The tabs: the value in the address, and the key of the words.
const TABS: [(&str, &str); 3] = [
    ("", "feedback-tab-new"),
    ("answered", "feedback-tab-answered"),
    ("all", "feedback-tab-all"),
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    q: String,
    show: String,
    after: Option<String>,
}

#[derive(Serialize)]
struct Inbox {
    tabs: Vec<Tab>,
    search: Field,
    /// The tab, for the form of the search.
    show: &'static str,
    clear: String,
    rows: Vec<Row>,
    pager: Pager,
    /// Nobody has written anything yet.
    is_empty: bool,
}

#[derive(Serialize)]
struct Row {
    url: String,
    name: String,
    email: String,
    text: String,
    sign: Sign,
    at: Moment,
}

#[derive(Serialize)]
struct Card {
    name: String,
    parent: Link,
    url: String,
    sign: Sign,
    at: Moment,
    email: Link,
    phone: Option<Link>,
    language: &'static str,
    text: String,
    is_answered: bool,
}

impl Page for Inbox {
    const TEMPLATE: &'static str = "manage/feedback.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("menu-feedback", &Args::new())
    }
}

impl Page for Card {
    const TEMPLATE: &'static str = "manage/feedback_one.html";

    fn title(&self, _: &Locale) -> String {
        self.name.clone()
    }
}

/// The list, newest first; at first what is not answered.
#[handler]
pub(crate) async fn list(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let after = wanted.after.as_deref().map(Cursor::new);
    let request = PageRequest::first(PAGE_SIZE).after(after);
    let service = &site.services.feedback;
    let page = service.page(&actor, &wanted.filter(), &request).await?;
    let counts = service.counts(&actor).await?;
    site.page(
        &visitor,
        &Inbox::new(visitor.locale(), &wanted, counts, &page),
    )
}

/// One, as it was written.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let found = site.services.feedback.show(&actor, id(&wanted)?).await?;
    site.page(&visitor, &Card::new(visitor.locale(), &found))
}

/// Marks it as answered; the next page takes that back.
#[handler]
pub(crate) async fn answer(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, PageError> {
    marked(&site, &actor, id(&wanted)?, true).await
}

/// Takes that mark back.
#[handler]
pub(crate) async fn reopen(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, PageError> {
    marked(&site, &actor, id(&wanted)?, false).await
}

async fn marked(
    site: &Site,
    actor: &Actor,
    one: FeedbackId,
    answered: bool,
) -> Result<Response, PageError> {
    site.services.feedback.mark(actor, one, answered).await?;
    let page = format!("{PATH}/{one}");
    let flash = match answered {
        true => Flash::done("feedback-answered").undo(format!("{page}/reopen"), &[]),
        false => Flash::done("feedback-reopened"),
    };
    Ok(site.done(&page, &flash))
}

/// Puts it into the trash; the next page takes it back.
#[handler]
pub(crate) async fn delete(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, PageError> {
    let one: FeedbackId = id(&wanted)?;
    site.services.feedback.delete(&actor, one).await?;
    let flash = Flash::done("feedback-deleted").undo(format!("{PATH}/{one}/undelete"), &[]);
    Ok(site.done(PATH, &flash))
}

/// Takes it out of the trash.
#[handler]
pub(crate) async fn undelete(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, PageError> {
    let one: FeedbackId = id(&wanted)?;
    site.services.feedback.undelete(&actor, one).await?;
    let flash = Flash::done("feedback-undeleted");
    Ok(site.done(&format!("{PATH}/{one}"), &flash))
}

impl Wanted {
    fn tab(&self) -> &'static str {
        let known = TABS.iter().find(|(value, _)| *value == self.show);
        known.map_or("", |(value, _)| value)
    }

    fn filter(&self) -> FeedbackFilter {
        FeedbackFilter {
            answered: match self.tab() {
                "all" => None,
                tab => Some(tab == "answered"),
            },
            search: Some(self.q.clone()).filter(|typed| !typed.trim().is_empty()),
        }
    }

    fn query(&self) -> Vec<(&str, &str)> {
        let all = [("show", self.tab()), ("q", self.q.trim())];
        all.into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}

impl Inbox {
    fn new(
        locale: &Locale,
        wanted: &Wanted,
        counts: FeedbackCounts,
        page: &Rows<Feedback>,
    ) -> Self {
        let tab = wanted.tab();
        let tabs = TABS.map(|(value, key)| Tab {
            url: at(value),
            label: locale.text(key, &Args::new()),
            current: value == tab,
            count: locale.count(number(match value {
                "" => counts.new,
                "answered" => counts.answered,
                _ => counts.new + counts.answered,
            })),
        });
        let query = wanted.query();
        let next = page.next.as_ref().map(Cursor::as_str);
        let (rows, after) = (page.items.len(), wanted.after.as_deref());
        Self {
            tabs: tabs.into(),
            search: Field::new(locale, "q", wanted.q.as_str(), &[]),
            show: tab,
            clear: match wanted.q.trim() {
                "" => String::new(),
                _ => at(tab),
            },
            rows: page.items.iter().map(|one| row(locale, one)).collect(),
            pager: Pager::new(locale, PATH, &query, rows, after, next),
            is_empty: counts == FeedbackCounts::default(),
        }
    }
}

/// The address of a tab.
fn at(tab: &str) -> String {
    match tab {
        "" => PATH.to_owned(),
        tab => format!("{PATH}?show={tab}"),
    }
}

fn row(locale: &Locale, one: &Feedback) -> Row {
    Row {
        url: format!("{PATH}/{}", one.id),
        name: plain(one.name.as_str()),
        email: one.email.to_string(),
        text: one.text.as_str().to_owned(),
        sign: sign(locale, one),
        at: Moment::new(one.at, locale.short(one.at)),
    }
}

fn sign(locale: &Locale, one: &Feedback) -> Sign {
    match one.answered_at {
        Some(_) => Sign::new(locale, "i-delivered", "feedback-is-answered"),
        None => Sign::new(locale, "i-waiting", "feedback-is-new"),
    }
}

impl Card {
    fn new(locale: &Locale, one: &Feedback) -> Self {
        let digits = |c: &char| c.is_ascii_digit() || *c == '+';
        Self {
            name: plain(one.name.as_str()),
            parent: Link {
                url: PATH.to_owned(),
                label: locale.text("menu-feedback", &Args::new()),
            },
            url: format!("{PATH}/{}", one.id),
            sign: sign(locale, one),
            at: Moment::new(one.at, locale.day_and_time(one.at)),
            email: Link {
                url: mailto(one.email.as_str()),
                label: one.email.to_string(),
            },
            phone: one.phone.as_ref().map(|phone| Link {
                url: format!(
                    "tel:{}",
                    phone.as_str().chars().filter(digits).collect::<String>()
                ),
                label: phone.to_string(),
            }),
            language: Lang::from(one.language).own_name(),
            text: one.text.as_str().to_owned(),
            is_answered: one.answered_at.is_some(),
        }
    }
}

#[cfg(test)]
fn some() -> Vec<Feedback> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::instance::FeedbackDraft;
    use mailing_core::testing::builders::{id, start};
    use mailing_core::user::Language;
    let draft = |name: &str, phone: &str, text: &str| FeedbackDraft {
        name: name.to_owned(),
        email: "a-very-long-name-of-somebody@a-long-domain.example.net".to_owned(),
        phone: phone.to_owned(),
        text: text.to_owned(),
    };
    let drafts = [
        draft(
            "Анна",
            "+7 (495) 123-45-67",
            "Когда уйдёт рассылка?\n\nАнна",
        ),
        draft(&HOSTILE.replace('\n', ""), "", HOSTILE),
    ];
    let all = drafts.map(|draft| draft.check(id(start()), start(), Language::Ru).unwrap());
    let mut all: Vec<_> = all.into();
    all[1].answered_at = Some(start());
    all
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    let full = Rows {
        items: some(),
        next: Some(Cursor::new("x")),
    };
    let none = Rows {
        items: Vec::new(),
        next: None,
    };
    let counts = FeedbackCounts {
        new: 1,
        answered: 1_250,
    };
    let wanted = Wanted {
        q: HOSTILE.to_owned(),
        show: "answered".to_owned(),
        after: Some("y".to_owned()),
    };
    let first = Wanted::default();
    vec![
        Inbox::new(locale, &first, counts, &full),
        Inbox::new(locale, &wanted, counts, &none),
        Inbox::new(locale, &first, counts, &none),
        Inbox::new(locale, &first, FeedbackCounts::default(), &none),
    ]
}

#[cfg(test)]
pub(in crate::pages) fn card_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    some().iter().map(|one| Card::new(locale, one)).collect()
}
