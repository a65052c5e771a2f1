//! Making a list, and giving it another name.

use mailing_core::error::{Error, FieldError};
use mailing_core::id::FormId;
use poem::http::StatusCode;
use poem::web::{Form, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{PATH, one, parent};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Around, TheSite};
use crate::templates::Page;
use crate::view::{Fault, Field, Flash, Link, form_title};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
    form_id: FormId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Renamed {
    name: String,
}

#[derive(Serialize)]
struct ListForm {
    title: &'static str,
    parent: Link,
    url: String,
    is_new: bool,
    back: &'static str,
    errors: Vec<Fault>,
    name: Field,
}

impl Page for ListForm {
    const TEMPLATE: &'static str = "lists/form.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text(self.title, &Args::new());
        form_title(locale, title, !self.errors.is_empty())
    }
}

/// An empty form.
#[handler]
pub(crate) async fn add(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(_): CurrentActor,
) -> Result<Response, PageError> {
    let page = ListForm::new(visitor.locale(), "lists-new", PATH.to_owned(), "", &[]);
    site.page(&visitor, &page)
}

/// Makes a list.
#[handler]
pub(crate) async fn create(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(new): Form<New>,
) -> Result<Response, PageError> {
    let recipients = &site.services.recipients;
    let name = new.name.as_str();
    let made = site.once(&actor, new.form_id, |actor| async move {
        let list = recipients.create_list(&actor, name).await?;
        Ok(list.id.to_string())
    });
    match made.await {
        Ok(_) => Ok(site.done(PATH, &Flash::done("list-made").text("name", name.trim()))),
        Err(Error::Invalid(errors)) => {
            let locale = visitor.locale();
            let page = ListForm::new(locale, "lists-new", PATH.to_owned(), name, &errors);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            site.page_with(&visitor, &page, Around::Menu, status)
        }
        Err(error) => Err(error.into()),
    }
}

/// The form with a list's name.
#[handler]
pub(crate) async fn edit(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let (list, _) = one(&site, &actor, &wanted).await?;
    let (url, name) = (format!("{PATH}/{}", list.id), list.name.as_str());
    let page = ListForm::new(visitor.locale(), "list-rename", url, name, &[]);
    site.page(&visitor, &page)
}

/// Gives a list another name.
#[handler]
pub(crate) async fn rename(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(new): Form<Renamed>,
) -> Result<Response, PageError> {
    let (list, _) = one(&site, &actor, &wanted).await?;
    match site.services.lists.rename(&actor, list.id, &new.name).await {
        Ok(_) => Ok(site.done(PATH, &Flash::done("saved"))),
        Err(Error::Invalid(errors)) => {
            let url = format!("{PATH}/{}", list.id);
            let page = ListForm::new(visitor.locale(), "list-rename", url, &new.name, &errors);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            site.page_with(&visitor, &page, Around::Menu, status)
        }
        Err(error) => Err(error.into()),
    }
}

impl ListForm {
    fn new(
        locale: &Locale,
        title: &'static str,
        url: String,
        name: &str,
        errors: &[FieldError],
    ) -> Self {
        Self {
            title,
            parent: parent(locale),
            is_new: url == PATH,
            url,
            back: PATH,
            errors: Fault::all(locale, errors),
            name: Field::new(locale, "name", name, errors),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::code;

    let errors = [FieldError::new("name", code::LIST_EXISTS)];
    let (new, renamed) = (PATH.to_owned(), format!("{PATH}/1"));
    vec![
        ListForm::new(locale, "lists-new", new, "", &[]),
        ListForm::new(locale, "list-rename", renamed, HOSTILE, &errors),
    ]
}
