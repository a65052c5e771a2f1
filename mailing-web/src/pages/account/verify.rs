//! `/verify/{token}`: the link in letters that prove an address. Opening it changes nothing, since
//! scanners open links, too (S37); the button does.

use mailing_core::error::Error;
use mailing_core::services::Confirmation;
use mailing_core::user::LinkToken;
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::over;
use crate::cookies::{self, Name};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{TheSite, see_other};
use crate::templates::Page;
use crate::view::Flash;
use crate::visitor::Visitor;

#[derive(Serialize)]
struct Question {
    /// Begins the keys of its words.
    kind: &'static str,
    address: String,
    button: String,
}

impl Question {
    fn new(locale: &Locale, asked: &Confirmation) -> Self {
        let (kind, address) = match asked {
            Confirmation::Address(address) => ("address", address),
            Confirmation::NewAddress(address) => ("new-address", address),
            Confirmation::OldAddress(address) => ("old-address", address),
            Confirmation::Sender(address) => ("sender", address),
        };
        Self {
            kind,
            address: address.as_str().to_owned(),
            button: locale.text(&format!("verify-{kind}-button"), &Args::new()),
        }
    }
}

impl Page for Question {
    const TEMPLATE: &'static str = "verify/show.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text(&format!("verify-{}-title", self.kind), &Args::new())
    }
}

/// The question.
#[handler]
pub(crate) async fn show(
    site: TheSite,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let token = LinkToken::presented(&token);
    match site.0.services.confirmations.look(&token).await {
        Ok(asked) => {
            let page = Question::new(visitor.locale(), &asked);
            site.0.page(&visitor, &page)
        }
        Err(Error::NotFound) => over(&site, &visitor, "verify-over"),
        Err(error) => Err(error.into()),
    }
}

/// Carries it out. The browser that registered is signed in and goes on at once: to the first step of
/// a new account, or to the overview if its owner has looked around already.
#[handler]
pub(crate) async fn confirm(
    site: TheSite,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let token = LinkToken::presented(&token);
    let confirmations = &site.0.services.confirmations;
    let confirmed = match confirmations.confirm(&token, visitor.browser()).await {
        Ok(confirmed) => confirmed,
        Err(Error::NotFound) => return over(&site, &visitor, "verify-over"),
        Err(error) => return Err(error.into()),
    };
    let Some(session) = confirmed.session else {
        let kind = Question::new(visitor.locale(), &confirmed.what).kind;
        return Ok(see_other(&format!("/confirmed/{kind}")));
    };
    let secure = site.0.settings.is_secure();
    let mut response = if visitor.user().is_some() {
        see_other("/overview")
    } else {
        site.0
            .done("/recipients/import", &Flash::done("verify-next"))
    };
    site.0.keep_session(&visitor, &session, &mut response).await;
    cookies::set(&mut response, cookies::forget(Name::Visitor, secure));
    Ok(response)
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let address = || mailing_core::testing::builders::address("\"<b>odd</b>\"@example.com");
    [
        Confirmation::Address(address()),
        Confirmation::NewAddress(address()),
        Confirmation::OldAddress(address()),
        Confirmation::Sender(address()),
    ]
    .iter()
    .map(|asked| Question::new(locale, asked))
    .collect()
}
