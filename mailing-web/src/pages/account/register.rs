//! `/register`: an account in two fields. The answer does not tell whether the address has one (S4).

use mailing_core::error::Error;
use mailing_core::schedule::Zone;
use mailing_core::services::NewAccount;
use mailing_core::user::RegistrationMode;
use poem::web::Form;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{form_title, missing, sent};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::pages::first;
use crate::site::{Around, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Fault, Field, Refused};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    email: String,
    password: String,
    /// Where the browser says that it is; nothing without scripts.
    #[serde(default)]
    zone: String,
}

#[derive(Serialize)]
struct Register {
    /// Why nobody makes an account here; empty when everybody may.
    closed: String,
    errors: Vec<Fault>,
    failure: String,
    email: Field,
    password: Field,
}

impl Register {
    fn new(locale: &Locale, mode: RegistrationMode, email: &str, refused: &Refused) -> Self {
        let errors = &refused.fields;
        Self {
            closed: match mode {
                RegistrationMode::Open => String::new(),
                RegistrationMode::Invitation => locale.text("register-invitation", &Args::new()),
                RegistrationMode::Closed => locale.text("register-closed", &Args::new()),
            },
            errors: Fault::all(locale, errors),
            failure: refused.sentence(locale),
            email: Field::new(locale, "email", email, errors),
            password: Field::new(locale, "password", "", errors),
        }
    }
}

impl Page for Register {
    const TEMPLATE: &'static str = "register/show.html";
    const SCRIPTS: &'static [&'static str] = &["password.js", "zone.js"];

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, "register-title", &self.errors, &self.failure)
    }
}

/// The form; who is signed in has an account.
#[handler]
pub(crate) async fn show(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    if visitor.user().is_some() {
        return Ok(see_other("/overview"));
    }
    if let Some(first) = first::instead(&site, &visitor).await? {
        return Ok(first);
    }
    let mode = site.services.registration.mode();
    let page = Register::new(visitor.locale(), mode, "", &Refused::nothing());
    site.page(&visitor, &page)
}

/// Makes the account, or writes to whoever has one already.
#[handler]
pub(crate) async fn register(
    TheSite(site): TheSite,
    visitor: Visitor,
    Form(form): Form<Typed>,
) -> Result<Response, PageError> {
    let new = NewAccount {
        email: form.email.trim().to_owned(),
        password: form.password,
        zone: Zone::parse(&form.zone).unwrap_or_else(|_| Zone::utc()),
        language: visitor.lang().into(),
    };
    let missing = missing(&[("email", &new.email), ("password", &new.password)]);
    let done = if missing.is_empty() {
        let registration = &site.services.registration;
        registration
            .register(&new, visitor.client(), visitor.browser())
            .await
    } else {
        Err(Error::Invalid(missing))
    };
    let Err(error) = done else {
        return Ok(see_other("/register/sent"));
    };
    let refused = Refused::of(error)?;
    let mode = site.services.registration.mode();
    let page = Register::new(visitor.locale(), mode, &new.email, &refused);
    let response = site.page_with(&visitor, &page, Around::Menu, refused.status())?;
    Ok(refused.mark(response))
}

/// Mail is on its way.
#[handler]
pub(crate) fn register_sent(site: TheSite, visitor: Visitor) -> Result<Response, PageError> {
    sent(&site, &visitor, "register-sent")
}

/// Sends the link to the own address once more.
#[handler]
pub(crate) async fn resend(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let registration = &site.services.registration;
    registration.resend(&actor, visitor.browser()).await?;
    Ok(see_other("/register/sent"))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::{FieldError, Refusal};
    let hostile = crate::pages::samples::HOSTILE;
    let short = vec![FieldError::new("password", code::PASSWORD_TOO_SHORT)];
    let wait = Refusal::new(code::TOO_MANY_REQUESTS).with("seconds", 90_i64);
    let page = |mode, refused: &Refused| Register::new(locale, mode, hostile, refused);
    let open = RegistrationMode::Open;
    vec![
        page(open, &Refused::nothing()),
        page(open, &Refused::of(Error::Invalid(short)).unwrap()),
        page(open, &Refused::of(Error::Throttled(wait)).unwrap()),
        page(RegistrationMode::Invitation, &Refused::nothing()),
        page(RegistrationMode::Closed, &Refused::nothing()),
    ]
}
