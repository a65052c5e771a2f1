//! `/manage/users/invite`: an account for somebody else, who chooses the password.

use mailing_core::error::FieldError;
use mailing_core::user::Language;
use poem::web::Form;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::users::PATH;
use crate::error::PageError;
use crate::i18n::{Args, Lang, Locale};
use crate::site::{Around, TheSite};
use crate::templates::Page;
use crate::view::{Choice, Fault, Field, Flash, Link, Opt, Refused, form_title};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Typed {
    email: String,
    language: String,
}

#[derive(Serialize)]
struct Invite {
    parent: Link,
    errors: Vec<Fault>,
    failure: String,
    email: Field,
    language: Choice,
}

impl Page for Invite {
    const TEMPLATE: &'static str = "manage/invite.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text("manage-invite-title", &Args::new());
        let is_wrong = !self.errors.is_empty() || !self.failure.is_empty();
        form_title(locale, title, is_wrong)
    }
}

/// The form.
#[handler]
pub(crate) fn show(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    let typed = Typed {
        language: visitor.lang().tag().to_owned(),
        ..Typed::default()
    };
    site.page(
        &visitor,
        &Invite::new(visitor.locale(), &typed, &Refused::nothing()),
    )
}

/// Makes the account and writes to its owner.
#[handler]
pub(crate) async fn invite(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let language = Language::from_tag(&typed.language).unwrap_or_default();
    let registration = &site.services.registration;
    let error = match registration
        .invite(&actor, typed.email.trim(), language)
        .await
    {
        Ok(user) => {
            let flash = Flash::done("manage-invited").text("email", user.email.as_str());
            return Ok(site.done(&format!("{PATH}/{}", user.id), &flash));
        }
        Err(error) => error,
    };
    let refused = Refused::of(error)?;
    let page = Invite::new(visitor.locale(), &typed, &refused);
    site.page_with(&visitor, &page, Around::Menu, refused.status())
}

impl Invite {
    fn new(locale: &Locale, typed: &Typed, refused: &Refused) -> Self {
        let errors: &[FieldError] = &refused.fields;
        Self {
            parent: Link {
                url: PATH.to_owned(),
                label: locale.text("manage-users-title", &Args::new()),
            },
            errors: Fault::all(locale, errors),
            failure: refused.sentence(locale),
            email: Field::new(locale, "email", typed.email.as_str(), errors),
            language: Choice::new(locale, "language", errors).options(
                Lang::ALL.map(|lang| {
                    Opt::new(lang.tag(), lang.own_name(), lang.tag() == typed.language)
                }),
            ),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::Error;
    let typed = Typed {
        email: crate::pages::samples::HOSTILE.to_owned(),
        language: "ru".to_owned(),
    };
    let taken = Refused::of(Error::field("email", code::USER_EXISTS)).unwrap();
    vec![
        Invite::new(locale, &typed, &Refused::nothing()),
        Invite::new(locale, &typed, &taken),
    ]
}
