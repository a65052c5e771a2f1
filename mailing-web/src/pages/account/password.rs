//! `/password/reset`: a letter with a link, and the form that the link leads to (S9).

use mailing_core::error::Error;
use mailing_core::user::LinkToken;
use poem::web::{Form, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{form_title, missing, over, sent};
use crate::error::PageError;
use crate::i18n::Locale;
use crate::site::{Around, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Fault, Field, Refused};
use crate::visitor::Visitor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    email: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    password: String,
}

/// The form with one field: the address, or the new password.
#[derive(Serialize)]
struct Reset {
    /// Whose password is set; empty while a link is asked for.
    account: String,
    errors: Vec<Fault>,
    failure: String,
    field: Field,
}

impl Reset {
    fn asking(locale: &Locale, email: &str, refused: &Refused) -> Self {
        Self {
            account: String::new(),
            errors: Fault::all(locale, &refused.fields),
            failure: refused.sentence(locale),
            field: Field::new(locale, "email", email, &refused.fields),
        }
    }

    fn setting(locale: &Locale, account: &str, refused: &Refused) -> Self {
        Self {
            account: account.to_owned(),
            errors: Fault::all(locale, &refused.fields),
            failure: refused.sentence(locale),
            field: Field::new(locale, "password", "", &refused.fields),
        }
    }
}

impl Page for Reset {
    const TEMPLATE: &'static str = "password/reset.html";
    const SCRIPTS: &'static [&'static str] = &["password.js"];

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, "password-title", &self.errors, &self.failure)
    }
}

/// Asks for the address.
#[handler]
pub(crate) fn show(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    let page = Reset::asking(visitor.locale(), "", &Refused::nothing());
    site.page(&visitor, &page)
}

/// Sends the link; the answer does not tell whether there is an account.
#[handler]
pub(crate) async fn ask(
    TheSite(site): TheSite,
    visitor: Visitor,
    Form(form): Form<Asked>,
) -> Result<Response, PageError> {
    let email = form.email.trim();
    let missing = missing(&[("email", email)]);
    let asked = if missing.is_empty() {
        site.services.passwords.ask(email, visitor.client()).await
    } else {
        Err(Error::Invalid(missing))
    };
    let Err(error) = asked else {
        return Ok(see_other("/password/sent"));
    };
    let refused = Refused::of(error)?;
    let page = Reset::asking(visitor.locale(), email, &refused);
    let response = site.page_with(&visitor, &page, Around::Menu, refused.status())?;
    Ok(refused.mark(response))
}

/// Mail is on its way.
#[handler]
pub(crate) fn password_sent(site: TheSite, visitor: Visitor) -> Result<Response, PageError> {
    sent(&site, &visitor, "password-sent")
}

/// Asks for the new password. Opening the link spends nothing.
#[handler]
pub(crate) async fn choose(
    site: TheSite,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let token = LinkToken::presented(&token);
    match site.0.services.passwords.look(&token).await {
        Ok(email) => {
            let page = Reset::setting(visitor.locale(), email.as_str(), &Refused::nothing());
            site.0.page(&visitor, &page)
        }
        Err(Error::NotFound) => over(&site, &visitor, "password-over"),
        Err(error) => Err(error.into()),
    }
}

/// Sets the new password.
#[handler]
pub(crate) async fn set(
    site: TheSite,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<Chosen>,
) -> Result<Response, PageError> {
    let token = LinkToken::presented(&token);
    let passwords = &site.0.services.passwords;
    let refused = match passwords.set(&token, &form.password).await {
        Ok(_) => return Ok(see_other("/confirmed/password")),
        Err(Error::NotFound) => return over(&site, &visitor, "password-over"),
        Err(error) => Refused::of(error)?,
    };
    let email = passwords.look(&token).await?;
    let page = Reset::setting(visitor.locale(), email.as_str(), &refused);
    site.0
        .page_with(&visitor, &page, Around::Menu, refused.status())
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::FieldError;
    let hostile = crate::pages::samples::HOSTILE;
    let of = |field, code| Refused::of(Error::Invalid(vec![FieldError::new(field, code)])).unwrap();
    vec![
        Reset::asking(locale, "", &Refused::nothing()),
        Reset::asking(locale, hostile, &of("email", code::ADDRESS_NO_AT)),
        Reset::setting(locale, hostile, &of("password", code::PASSWORD_COMMON)),
    ]
}
