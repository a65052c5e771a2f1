//! `/settings/account`: everything of one's own as a file, and the end of the account.

use mailing_core::code;
use mailing_core::error::{Error, FieldError};
use poem::web::Form;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::tabs;
use crate::cookies::{self, Name};
use crate::download::Download;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::pages::account::form_title;
use crate::site::{Around, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Fault, Field, Refused, Tab};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sure {
    word: String,
    current: String,
}

#[derive(Serialize)]
struct Account {
    tabs: Vec<Tab>,
}

/// The question before the end. It asks to type a word.
#[derive(Serialize)]
struct Delete {
    errors: Vec<Fault>,
    failure: String,
    /// What is to be typed.
    expected: String,
    word: Field,
    current: Field,
}

impl Delete {
    fn new(locale: &Locale, typed: &str, refused: &Refused) -> Self {
        Self {
            errors: Fault::all(locale, &refused.fields),
            failure: refused.sentence(locale),
            expected: expected(locale),
            word: Field::new(locale, "word", typed, &refused.fields),
            current: Field::new(locale, "current", "", &refused.fields),
        }
    }
}

impl Page for Account {
    const TEMPLATE: &'static str = "settings/account.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("settings-title", &Args::new())
    }
}

impl Page for Delete {
    const TEMPLATE: &'static str = "settings/delete.html";
    const SCRIPTS: &'static [&'static str] = &["password.js"];

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, "settings-delete-title", &self.errors, &self.failure)
    }
}

/// What can be done with the whole account.
#[handler]
pub(crate) fn show(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    let page = Account {
        tabs: tabs(visitor.locale(), "/settings/account"),
    };
    site.page(&visitor, &page)
}

/// Everything of one's own, a JSON object a line, as it is read.
#[handler]
pub(crate) async fn export(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let takeout = site.services.takeout.begin(&actor).await?;
    let file = Download::json_lines("mailing-account.jsonl");
    Ok(file.pieces(takeout, async |mut takeout| {
        Ok(takeout.piece().await?.map(|piece| (piece, takeout)))
    }))
}

/// The question.
#[handler]
pub(crate) fn ask(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    let page = Delete::new(visitor.locale(), "", &Refused::nothing());
    site.page(&visitor, &page)
}

/// Ends the account, when the word and the password are right.
#[handler]
pub(crate) async fn delete(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(form): Form<Sure>,
) -> Result<Response, PageError> {
    let locale = visitor.locale();
    let is_sure = form.word.trim().to_lowercase() == expected(locale).to_lowercase();
    let done = if is_sure {
        site.services.own.delete(&actor, &form.current).await
    } else {
        Err(Error::Invalid(vec![FieldError::new(
            "word",
            code::WORD_WRONG,
        )]))
    };
    let Err(error) = done else {
        let mut response = see_other("/");
        let secure = site.settings.is_secure();
        cookies::set(&mut response, cookies::forget(Name::Session, secure));
        return Ok(response);
    };
    let refused = Refused::of(error)?;
    let page = Delete::new(locale, &form.word, &refused);
    let response = site.page_with(&visitor, &page, Around::Menu, refused.status())?;
    Ok(refused.mark(response))
}

/// The word that is to be typed, in the page's language.
fn expected(locale: &Locale) -> String {
    locale.text("settings-delete-word", &Args::new())
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    vec![Account {
        tabs: tabs(locale, "/settings/account"),
    }]
}

#[cfg(test)]
pub(in crate::pages) fn delete_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let wrong = vec![FieldError::new("word", code::WORD_WRONG)];
    let wrong = Refused::of(Error::Invalid(wrong)).unwrap();
    vec![
        Delete::new(locale, "", &Refused::nothing()),
        Delete::new(locale, crate::pages::samples::HOSTILE, &wrong),
    ]
}
