//! `/login/code`: the second step of a sign-in. Until the code is right, the ticket in the browser opens
//! nothing (S11).

use mailing_core::error::Error;
use mailing_core::user::LinkToken;
use poem::web::{Form, Query};
use poem::{Request, Response, handler};
use serde::{Deserialize, Serialize};

use super::{AFTER, signed_in};
use crate::cookies::{self, Name};
use crate::error::PageError;
use crate::i18n::Locale;
use crate::pages::account::form_title;
use crate::site::{Around, Site, TheSite, see_other};
use crate::templates::Page;
use crate::urls::local_path;
use crate::view::{Fault, Field, Refused};
use crate::visitor::Visitor;

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    code: String,
    #[serde(default)]
    next: String,
}

#[derive(Serialize)]
struct Code {
    next: String,
    errors: Vec<Fault>,
    failure: String,
    code: Field,
}

impl Code {
    fn new(locale: &Locale, next: &str, refused: &Refused) -> Self {
        Self {
            next: next.to_owned(),
            errors: Fault::all(locale, &refused.fields),
            failure: refused.sentence(locale),
            code: Field::new(locale, "code", "", &refused.fields),
        }
    }
}

impl Page for Code {
    const TEMPLATE: &'static str = "login/code.html";

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, "login-code-title", &self.errors, &self.failure)
    }
}

/// Keeps the ticket and asks for the code.
pub(super) fn ask(site: &Site, ticket: &LinkToken, next: &str) -> Response {
    let query = serde_urlencoded::to_string([("next", local_path(next, ""))]);
    let mut response = see_other(&format!("/login/code?{}", query.unwrap_or_default()));
    let secure = site.settings.is_secure();
    cookies::set(
        &mut response,
        cookies::keep(Name::Ticket, ticket.reveal(), secure),
    );
    response
}

/// The form; without a ticket the sign-in begins anew.
#[handler]
pub(crate) fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    req: &Request,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    if ticket(req, &site).is_none() {
        return Ok(see_other("/login"));
    }
    let next = local_path(&wanted.next, "");
    let page = Code::new(visitor.locale(), next, &Refused::nothing());
    site.page(&visitor, &page)
}

/// Signs in when the code is right.
#[handler]
pub(crate) async fn finish(
    TheSite(site): TheSite,
    visitor: Visitor,
    req: &Request,
    Form(form): Form<Typed>,
) -> Result<Response, PageError> {
    let Some(ticket) = ticket(req, &site) else {
        return Ok(see_other("/login"));
    };
    let refused = match site.services.sign_in.second_step(&ticket, &form.code).await {
        Ok((token, _)) => {
            let next = local_path(&form.next, AFTER);
            let mut response = signed_in(&site, &visitor, &token, next).await;
            let secure = site.settings.is_secure();
            cookies::set(&mut response, cookies::forget(Name::Ticket, secure));
            return Ok(response);
        }
        Err(Error::NotFound) => return Ok(see_other("/login")),
        Err(error) => Refused::of(error)?,
    };
    let page = Code::new(visitor.locale(), local_path(&form.next, ""), &refused);
    let response = site.page_with(&visitor, &page, Around::Menu, refused.status())?;
    Ok(refused.mark(response))
}

fn ticket(req: &Request, site: &Site) -> Option<LinkToken> {
    let kept = cookies::read(req, Name::Ticket, site.settings.is_secure())?;
    Some(LinkToken::presented(&kept))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::FieldError;
    let wrong = vec![FieldError::new("code", code::SECOND_FACTOR_CODE)];
    let wrong = Refused::of(Error::Invalid(wrong)).unwrap();
    vec![
        Code::new(locale, "/mailings", &Refused::nothing()),
        Code::new(locale, "", &wrong),
    ]
}
