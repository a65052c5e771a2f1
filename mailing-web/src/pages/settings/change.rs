//! `/settings/password` and `/settings/address`: each a form of its own.

use mailing_core::error::Error;
use poem::web::Form;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use crate::error::PageError;
use crate::i18n::Locale;
use crate::pages::account::form_title;
use crate::site::{Around, Site, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Fault, Field, Refused};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    current: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAddress {
    email: String,
    current: String,
}

/// The form: the new value, and the password that is in force.
#[derive(Serialize)]
struct Change {
    /// `password` or `email`.
    what: &'static str,
    errors: Vec<Fault>,
    failure: String,
    new: Field,
    current: Field,
}

impl Change {
    fn new(locale: &Locale, what: &'static str, typed: &str, refused: &Refused) -> Self {
        Self {
            what,
            errors: Fault::all(locale, &refused.fields),
            failure: refused.sentence(locale),
            new: Field::new(locale, what, typed, &refused.fields),
            current: Field::new(locale, "current", "", &refused.fields),
        }
    }
}

impl Page for Change {
    const TEMPLATE: &'static str = "settings/change.html";
    const SCRIPTS: &'static [&'static str] = &["password.js"];

    fn title(&self, locale: &Locale) -> String {
        let key = match self.what {
            "email" => "settings-address-title",
            _ => "settings-password-title",
        };
        form_title(locale, key, &self.errors, &self.failure)
    }
}

/// The form for a password.
#[handler]
pub(crate) fn show_password(
    TheSite(site): TheSite,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let page = Change::new(visitor.locale(), "password", "", &Refused::nothing());
    site.page(&visitor, &page)
}

/// The form for an address.
#[handler]
pub(crate) fn show_address(
    TheSite(site): TheSite,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let page = Change::new(visitor.locale(), "email", "", &Refused::nothing());
    site.page(&visitor, &page)
}

/// Changes the password; this browser goes on with a new session.
#[handler]
pub(crate) async fn password(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(form): Form<NewPassword>,
) -> Result<Response, PageError> {
    let own = &site.services.own;
    let changed = own.change_password(&actor, &form.current, &form.password);
    let session = match changed.await {
        Ok(session) => session,
        Err(error) => return refused(&site, &visitor, ("password", ""), error),
    };
    let mut response = see_other("/settings/security?done=password");
    site.keep_session(&visitor, &session, &mut response).await;
    Ok(response)
}

/// Writes to the new address; it is the account's once the link there is followed.
#[handler]
pub(crate) async fn address(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(form): Form<NewAddress>,
) -> Result<Response, PageError> {
    let own = &site.services.own;
    match own.change_address(&actor, &form.email, &form.current).await {
        Ok(()) => Ok(see_other("/settings/security?done=address")),
        Err(error) => refused(&site, &visitor, ("email", &form.email), error),
    }
}

fn refused(
    site: &Site,
    visitor: &Visitor,
    (what, typed): (&'static str, &str),
    error: Error,
) -> Result<Response, PageError> {
    let refused = Refused::of(error)?;
    let page = Change::new(visitor.locale(), what, typed, &refused);
    let response = site.page_with(visitor, &page, Around::Menu, refused.status())?;
    Ok(refused.mark(response))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::FieldError;
    let wrong = vec![FieldError::new("current", code::PASSWORD_WRONG)];
    let wrong = Refused::of(Error::Invalid(wrong)).unwrap();
    let hostile = crate::pages::samples::HOSTILE;
    vec![
        Change::new(locale, "password", "", &Refused::nothing()),
        Change::new(locale, "email", hostile, &wrong),
    ]
}
