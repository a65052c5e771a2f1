//! `/settings/senders`: the addresses that mail comes from (S42).

use mailing_core::error::Error;
use mailing_core::id::SenderId;
use mailing_core::sender::Sender;
use poem::web::{Form, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{Done, Told, tabs};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::pages::account::form_title;
use crate::site::{Around, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Fault, Field, Question, Refused, Sign, Tab};
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/settings/senders";

/// What may just have been done.
const KNOWN: [&str; 3] = ["sender-added", "sender-sent", "sender-removed"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    address: String,
    name: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    address: String,
    name: String,
    sign: Sign,
    verified: bool,
}

#[derive(Serialize)]
struct Senders {
    tabs: Vec<Tab>,
    told: Told,
    errors: Vec<Fault>,
    failure: String,
    rows: Vec<Row>,
    address: Field,
    name: Field,
}

impl Senders {
    fn new(
        locale: &Locale,
        senders: &[Sender],
        typed: &Typed,
        refused: &Refused,
        told: Told,
    ) -> Self {
        let errors = &refused.fields;
        Self {
            tabs: tabs(locale, PATH),
            told,
            errors: Fault::all(locale, errors),
            failure: refused.sentence(locale),
            rows: senders.iter().map(|sender| row(locale, sender)).collect(),
            address: Field::new(locale, "address", typed.address.as_str(), errors),
            name: Field::new(locale, "name", typed.name.as_str(), errors),
        }
    }
}

fn row(locale: &Locale, sender: &Sender) -> Row {
    let verified = sender.verified_at.is_some();
    let (icon, key) = match verified {
        true => ("i-delivered", "sender-verified"),
        false => ("i-waiting", "sender-unverified"),
    };
    let name = sender.mailbox.name.as_ref();
    Row {
        id: sender.id.to_string(),
        address: sender.mailbox.address.as_str().to_owned(),
        name: name.map_or_else(String::new, |name| name.as_str().to_owned()),
        sign: Sign::new(locale, icon, key),
        verified,
    }
}

impl Page for Senders {
    const TEMPLATE: &'static str = "settings/senders.html";

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, "settings-title", &self.errors, &self.failure)
    }
}

/// The list and the form for one more.
#[handler]
pub(crate) async fn list(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(query): Query<Done>,
) -> Result<Response, PageError> {
    let senders = site.services.senders.list(&actor).await?;
    let told = Told::new(visitor.locale(), query.done.as_deref(), &KNOWN);
    let typed = Typed {
        address: String::new(),
        name: String::new(),
    };
    let nothing = Refused::nothing();
    let page = Senders::new(visitor.locale(), &senders, &typed, &nothing, told);
    site.page(&visitor, &page)
}

/// Adds one and writes to it.
#[handler]
pub(crate) async fn add(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(form): Form<Typed>,
) -> Result<Response, PageError> {
    let service = &site.services.senders;
    let added = service.add(&actor, &form.address, &form.name, false).await;
    let refused = match added {
        Ok(_) => return Ok(see_other("/settings/senders?done=sender-added")),
        Err(error) => Refused::of(error)?,
    };
    let senders = service.list(&actor).await?;
    let told = Told::default();
    let page = Senders::new(visitor.locale(), &senders, &form, &refused, told);
    let response = site.page_with(&visitor, &page, Around::Menu, refused.status())?;
    Ok(refused.mark(response))
}

/// Writes to it once more.
#[handler]
pub(crate) async fn resend(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    site.services.senders.resend(&actor, named(&id)?).await?;
    Ok(see_other("/settings/senders?done=sender-sent"))
}

/// Asks whether one is to be taken away: its address would have to be proved anew.
#[handler]
pub(crate) async fn ask_remove(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id = named(&id)?;
    let senders = site.services.senders.list(&actor).await?;
    let sender = senders.iter().find(|sender| sender.id == id);
    let sender = sender.ok_or_else(PageError::not_found)?;
    site.page(&visitor, &question(visitor.locale(), sender))
}

/// Takes one away that no mailing uses.
#[handler]
pub(crate) async fn remove(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    site.services.senders.remove(&actor, named(&id)?).await?;
    Ok(see_other("/settings/senders?done=sender-removed"))
}

fn question(locale: &Locale, sender: &Sender) -> Question {
    let say = |part: &str| locale.text(&format!("ask-sender-{part}"), &Args::new());
    let address = sender.mailbox.address.as_str().to_owned();
    let url = format!("{PATH}/{}/remove", sender.id);
    Question::new(
        locale.text("ask-sender-title", &Args::new().text("address", address)),
        (say("do"), url),
        (say("keep"), PATH),
    )
    .happens(say("happens"))
}

fn named(id: &str) -> Result<SenderId, PageError> {
    id.parse().map_err(|_| PageError::from(Error::NotFound))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::FieldError;
    use mailing_core::testing::builders::sender;
    let senders = [
        sender().at("ann@example.org").named("Ann").build(),
        sender().at("\"<b>\"@example.org").unverified().build(),
    ];
    let hostile = crate::pages::samples::HOSTILE;
    let typed = |text: &str| Typed {
        address: text.to_owned(),
        name: text.to_owned(),
    };
    let bad = vec![FieldError::new("address", code::SENDER_EXISTS)];
    let bad = Refused::of(Error::Invalid(bad)).unwrap();
    let told = Told::new(locale, Some("sender-added"), &KNOWN);
    let nothing = Refused::nothing();
    vec![
        Senders::new(locale, &senders, &typed(""), &nothing, told),
        Senders::new(locale, &[], &typed(hostile), &bad, Told::default()),
    ]
}

#[cfg(test)]
pub(in crate::pages) fn question_samples(locale: &Locale) -> Vec<Question> {
    let sender = mailing_core::testing::builders::sender();
    vec![question(locale, &sender.at("\"<b>\"@example.org").build())]
}
