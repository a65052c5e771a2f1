//! Adding a recipient, and changing one.

use chrono::DateTime;
use mailing_core::code;
use mailing_core::error::{Error, FieldError};
use mailing_core::id::{FormId, ListId};
use mailing_core::policy::Actor;
use mailing_core::recipient::{Attributes, List, Recipient, RecipientDraft};
use mailing_core::time::Timestamp;
use poem::http::StatusCode;
use poem::web::{Form, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{PATH, address, attributes, id, parent};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Around, Site, TheSite};
use crate::templates::Page;
use crate::view::{Choice, Fault, Field, Flash, Link, Opt, form_title};
use crate::visitor::{CurrentActor, Visitor};

/// A recipient as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    email: String,
    full_name: String,
    comment: String,
    attributes: String,
    #[serde(default)]
    list: String,
    form_id: Option<FormId>,
    /// Milliseconds of the change that the form was made from.
    seen: Option<i64>,
}

#[derive(Serialize)]
struct RecipientForm {
    title: &'static str,
    parent: Link,
    url: String,
    back: String,
    errors: Vec<Fault>,
    /// A refusal that belongs to no field; empty without one.
    failure: String,
    /// What somebody else has made of the recipient meanwhile.
    theirs: Vec<(String, String)>,
    /// The recipient that has the address already.
    other: Option<Link>,
    email: Field,
    full_name: Field,
    comment: Field,
    attributes: Field,
    /// The list that a new one goes into, where there are lists.
    list: Option<Choice>,
    seen: Option<i64>,
    submit: &'static str,
}

impl Page for RecipientForm {
    const TEMPLATE: &'static str = "recipients/form.html";

    fn title(&self, locale: &Locale) -> String {
        let is_wrong = !self.errors.is_empty() || !self.failure.is_empty();
        form_title(locale, locale.text(self.title, &Args::new()), is_wrong)
    }
}

/// An empty form.
#[handler]
pub(crate) async fn add(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let lists = lists(&site, &actor).await?;
    let typed = Typed::default();
    let page = RecipientForm::adding(visitor.locale(), &typed, &lists, &[]);
    site.page(&visitor, &page)
}

/// Adds a recipient.
#[handler]
pub(crate) async fn create(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let bad = PageError::Request(StatusCode::BAD_REQUEST);
    let form = typed.form_id.ok_or(bad)?;
    let made = site.once(&actor, form, |actor| {
        let (site, typed) = (&site, &typed);
        async move {
            let draft = typed.draft(&Attributes::new())?;
            let list = typed.list()?;
            let recipients = &site.services.recipients;
            let made = recipients.add(&actor, draft, list).await?;
            Ok(made.id.to_string())
        }
    });
    match made.await {
        Ok(_) => {
            let flash = Flash::done("recipient-added").text("email", typed.email.trim());
            Ok(site.done(PATH, &flash))
        }
        Err(Error::Invalid(errors)) => {
            let (locale, lists) = (visitor.locale(), lists(&site, &actor).await?);
            let mut page = RecipientForm::adding(locale, &typed, &lists, &errors);
            page.other = taken_by(&site, &actor, locale, &typed, &errors).await;
            refused(&site, &visitor, &page, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => Err(error.into()),
    }
}

/// The form with a recipient in it.
#[handler]
pub(crate) async fn edit(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let recipient = site.services.recipients.show(&actor, id(&wanted)?).await?;
    let typed = Typed::of(&recipient);
    let page = RecipientForm::changing(visitor.locale(), &recipient, &typed, &[]);
    site.page(&visitor, &page)
}

/// Changes a recipient.
#[handler]
pub(crate) async fn change(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let recipients = &site.services.recipients;
    let old = recipients.show(&actor, id(&wanted)?).await?;
    let locale = visitor.locale();
    let edited = match typed.draft(&old.attributes) {
        Ok(draft) => recipients.edit(&actor, old.id, typed.seen(), draft).await,
        Err(error) => Err(error),
    };
    match edited {
        Ok(_) => Ok(site.done(&address(old.id), &Flash::done("saved"))),
        Err(Error::Invalid(errors)) => {
            let mut page = RecipientForm::changing(locale, &old, &typed, &errors);
            page.other = taken_by(&site, &actor, locale, &typed, &errors).await;
            refused(&site, &visitor, &page, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(Error::Conflict(refusal)) if refusal.code == code::CHANGED_MEANWHILE => {
            let mut page = RecipientForm::changing(locale, &old, &typed, &[]);
            page.failure = locale.text("recipient-conflict", &Args::new());
            page.theirs = theirs(locale, &old);
            page.seen = Some(old.updated_at.timestamp_millis());
            refused(&site, &visitor, &page, StatusCode::CONFLICT)
        }
        Err(error) => Err(error.into()),
    }
}

async fn lists(site: &Site, actor: &Actor) -> Result<Vec<(List, u64)>, PageError> {
    Ok(site.services.recipients.lists(actor).await?)
}

fn refused(
    site: &Site,
    visitor: &Visitor,
    page: &RecipientForm,
    status: StatusCode,
) -> Result<Response, PageError> {
    site.page_with(visitor, page, Around::Menu, status)
}

/// Who has the address, when that is what is wrong.
async fn taken_by(
    site: &Site,
    actor: &Actor,
    locale: &Locale,
    typed: &Typed,
    errors: &[FieldError],
) -> Option<Link> {
    let is_taken = |error: &FieldError| error.refusal.code == code::RECIPIENT_EXISTS;
    if !errors.iter().any(is_taken) {
        return None;
    }
    let recipients = &site.services.recipients;
    let other = recipients.with_address(actor, &typed.email).await.ok()?;
    Some(Link {
        url: address(other.id),
        label: locale.text("recipient-open-other", &Args::new()),
    })
}

/// What a recipient is now, for somebody who has changed an older one.
fn theirs(locale: &Locale, recipient: &Recipient) -> Vec<(String, String)> {
    let now = Typed::of(recipient);
    let fields = [
        ("email", now.email),
        ("full_name", now.full_name),
        ("comment", now.comment),
        ("attributes", now.attributes),
    ];
    fields
        .map(|(name, value)| (locale.field_label(name), value))
        .into()
}

impl Typed {
    fn of(recipient: &Recipient) -> Self {
        Self {
            email: recipient.address.to_string(),
            full_name: recipient
                .full_name
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            comment: recipient.comment.clone().unwrap_or_default(),
            attributes: attributes::written(&recipient.attributes),
            seen: Some(recipient.updated_at.timestamp_millis()),
            ..Self::default()
        }
    }

    /// What was typed; faults of the attributes are told together with those of the other fields.
    fn draft(&self, before: &Attributes) -> Result<RecipientDraft, Error> {
        let read = attributes::read(&self.attributes, before);
        let (attributes, faults) = match read {
            Ok(attributes) => (attributes, Vec::new()),
            Err(faults) => (Attributes::new(), faults),
        };
        let draft = RecipientDraft {
            email: self.email.clone(),
            full_name: self.full_name.clone(),
            comment: self.comment.clone(),
            attributes,
        };
        if faults.is_empty() {
            return Ok(draft);
        }
        let mut errors = draft.check().err().unwrap_or_default();
        errors.extend(faults);
        Err(Error::Invalid(errors))
    }

    fn list(&self) -> Result<Option<ListId>, Error> {
        match self.list.as_str() {
            "" => Ok(None),
            id => id.parse().map(Some).map_err(|_| Error::NotFound),
        }
    }

    fn seen(&self) -> Timestamp {
        let seen = self.seen.and_then(DateTime::from_timestamp_millis);
        seen.unwrap_or_default()
    }
}

impl RecipientForm {
    fn adding(
        locale: &Locale,
        typed: &Typed,
        lists: &[(List, u64)],
        errors: &[FieldError],
    ) -> Self {
        let none = Opt::new("", locale.text("recipient-no-list", &Args::new()), false);
        let options = lists.iter().map(|(list, _)| {
            let id = list.id.to_string();
            let chosen = id == typed.list;
            Opt::new(id, list.name.as_str(), chosen)
        });
        let choice = Choice::new(locale, "list", errors).option(none);
        Self {
            list: (!lists.is_empty()).then(|| choice.options(options)),
            ..Self::new(locale, typed, errors)
        }
    }

    fn changing(
        locale: &Locale,
        recipient: &Recipient,
        typed: &Typed,
        errors: &[FieldError],
    ) -> Self {
        let url = address(recipient.id);
        let label = recipient.address.to_string();
        Self {
            title: "recipient-edit",
            parent: Link {
                url: url.clone(),
                label,
            },
            back: url.clone(),
            url,
            seen: typed.seen,
            submit: "save",
            ..Self::new(locale, typed, errors)
        }
    }

    fn new(locale: &Locale, typed: &Typed, errors: &[FieldError]) -> Self {
        let field = |name, value: &str| Field::new(locale, name, value, errors);
        Self {
            title: "recipients-new",
            parent: parent(locale),
            url: PATH.to_owned(),
            back: PATH.to_owned(),
            errors: Fault::all(locale, errors),
            failure: String::new(),
            theirs: Vec::new(),
            other: None,
            email: field("email", &typed.email),
            full_name: field("full_name", &typed.full_name),
            comment: field("comment", &typed.comment),
            attributes: field(attributes::FIELD, &typed.attributes),
            list: None,
            seen: None,
            submit: "recipients-add",
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::{HOSTILE, recipients};
    use mailing_core::testing::builders;

    let errors = ["email", "attributes"].map(|name| FieldError::new(name, code::REQUIRED));
    let typed = Typed {
        email: HOSTILE.to_owned(),
        full_name: HOSTILE.to_owned(),
        comment: HOSTILE.to_owned(),
        attributes: HOSTILE.to_owned(),
        ..Typed::default()
    };
    let lists = [(builders::list().named(HOSTILE).build(), 3)];
    let recipient = recipients().remove(0);
    let mut conflict = RecipientForm::changing(locale, &recipient, &typed, &[]);
    conflict.failure = HOSTILE.to_owned();
    conflict.theirs = theirs(locale, &recipient);
    conflict.other = Some(parent(locale));
    vec![
        RecipientForm::adding(locale, &Typed::default(), &[], &[]),
        RecipientForm::adding(locale, &typed, &lists, &errors),
        RecipientForm::changing(locale, &recipient, &Typed::of(&recipient), &[]),
        conflict,
    ]
}
