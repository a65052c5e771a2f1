//! `/lists`: an owner's lists. Who is in one is shown by `/recipients?list=…`.

mod form;

use mailing_core::error::{Error, Refusal};
use mailing_core::id::ListId;
use mailing_core::policy::Actor;
use mailing_core::recipient::List as RecipientList;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

#[cfg(test)]
pub(super) use self::form::samples as form_samples;
pub(crate) use self::form::{add, create, edit, rename};

use super::recipients;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Around, Site, TheSite};
use crate::templates::Page;
use crate::view::{Command, Flash, Link, Question, Tab, number};
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/lists";

#[derive(Serialize)]
struct Lists {
    actions: Vec<Command>,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    members_url: String,
    name: String,
    members: String,
    made: String,
    edit: String,
    delete: String,
}

impl Page for Lists {
    const TEMPLATE: &'static str = "lists/list.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("lists-title", &Args::new())
    }
}

/// All lists by name.
#[handler]
pub(crate) async fn index(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let lists = site.services.recipients.lists(&actor).await?;
    site.page(&visitor, &Lists::new(visitor.locale(), &lists))
}

/// Asks whether a list is to go.
#[handler]
pub(crate) async fn ask_delete(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let (list, members) = one(&site, &actor, &wanted).await?;
    site.page(&visitor, &question(visitor.locale(), &list, members, None))
}

/// Deletes a list.
#[handler]
pub(crate) async fn delete(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let (list, members) = one(&site, &actor, &wanted).await?;
    match site.services.lists.delete(&actor, list.id).await {
        Ok(()) => {
            let flash = Flash::done("list-deleted").text("name", list.name.as_str());
            Ok(site.done(PATH, &flash))
        }
        Err(Error::Conflict(refusal)) => {
            let question = question(visitor.locale(), &list, members, Some(&refusal));
            site.page_with(&visitor, &question, Around::Menu, StatusCode::CONFLICT)
        }
        Err(error) => Err(error.into()),
    }
}

/// A list of the actor's, and how many are in it.
async fn one(site: &Site, actor: &Actor, id: &str) -> Result<(RecipientList, u64), PageError> {
    let id: ListId = id.parse().map_err(|_| PageError::not_found())?;
    let lists = site.services.recipients.lists(actor).await?;
    let found = lists.into_iter().find(|(list, _)| list.id == id);
    found.ok_or_else(PageError::not_found)
}

fn parent(locale: &Locale) -> Link {
    Link {
        url: PATH.to_owned(),
        label: locale.text("lists-title", &Args::new()),
    }
}

fn question(
    locale: &Locale,
    list: &RecipientList,
    members: u64,
    refusal: Option<&Refusal>,
) -> Question {
    let say = |key: &str| locale.text(key, &Args::new());
    let named = Args::new().text("name", list.name.as_str().to_owned());
    let title = locale.text("list-delete-ask", &named);
    let count = Args::new().number("n", number(members));
    let url = format!("{PATH}/{}/delete", list.id);
    let question = Question::new(title, (say("list-delete-do"), url), (say("keep"), PATH))
        .happens(locale.text("list-delete-happens", &count));
    match refusal {
        Some(refusal) => question.failure(locale.refusal(refusal)),
        None => question,
    }
}

impl Lists {
    fn new(locale: &Locale, lists: &[(RecipientList, u64)]) -> Self {
        let make = locale.text("lists-add", &Args::new());
        let rows = lists.iter().map(|(list, members)| Row {
            members_url: format!("{}?list={}", recipients::PATH, list.id),
            name: list.name.as_str().to_owned(),
            members: locale.count(number(*members)),
            made: locale.date(list.created_at),
            edit: format!("{PATH}/{}/edit", list.id),
            delete: format!("{PATH}/{}/delete", list.id),
        });
        Self {
            actions: vec![Command::link("/lists/new", make).primary()],
            tabs: recipients::tabs(locale, PATH),
            rows: rows.collect(),
        }
    }
}

#[cfg(test)]
pub(super) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::testing::builders;

    let lists = ["Клиенты", HOSTILE].map(|name| (builders::list().named(name).build(), 1_214));
    vec![Lists::new(locale, &lists), Lists::new(locale, &[])]
}

#[cfg(test)]
pub(super) fn question_samples(locale: &Locale) -> Vec<Question> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::code;
    use mailing_core::testing::builders;

    let list = builders::list().named(HOSTILE).build();
    let used = Refusal::new(code::LIST_IN_USE)
        .with("count", 1_i64)
        .with("mailings", HOSTILE);
    vec![
        question(locale, &list, 7, None),
        question(locale, &list, 1, Some(&used)),
    ]
}
