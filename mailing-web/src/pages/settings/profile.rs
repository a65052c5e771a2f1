//! `/settings`: name, time zone, language.

use mailing_core::services::ProfileDraft;
use mailing_core::user::{Language, User};
use poem::web::{Form, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{Done, Told, tabs};
use crate::error::PageError;
use crate::i18n::{Lang, Locale};
use crate::pages::account::form_title;
use crate::site::{Around, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Fault, Field, Refused, Tab};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    full_name: String,
    zone: String,
    language: String,
}

/// A language to choose.
#[derive(Serialize)]
struct Choice {
    tag: &'static str,
    name: &'static str,
    chosen: bool,
}

#[derive(Serialize)]
struct Profile {
    tabs: Vec<Tab>,
    told: Told,
    errors: Vec<Fault>,
    failure: String,
    email: String,
    full_name: Field,
    zone: Field,
    languages: Vec<Choice>,
}

impl Profile {
    fn new(locale: &Locale, email: &str, typed: &Typed, refused: &Refused, told: Told) -> Self {
        let errors = &refused.fields;
        Self {
            tabs: tabs(locale, "/settings"),
            told,
            errors: Fault::all(locale, errors),
            failure: refused.sentence(locale),
            email: email.to_owned(),
            full_name: Field::new(locale, "full_name", typed.full_name.as_str(), errors),
            zone: Field::new(locale, "zone", typed.zone.as_str(), errors),
            languages: Lang::ALL
                .into_iter()
                .map(|lang| Choice {
                    tag: lang.tag(),
                    name: lang.own_name(),
                    chosen: lang.tag() == typed.language,
                })
                .collect(),
        }
    }
}

impl Typed {
    fn of(user: &User) -> Self {
        let name = user.name.as_ref().map_or("", |name| name.as_str());
        Self {
            full_name: name.to_owned(),
            zone: user.zone.name().to_owned(),
            language: user.language.tag().to_owned(),
        }
    }
}

impl Page for Profile {
    const TEMPLATE: &'static str = "settings/profile.html";

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, "settings-title", &self.errors, &self.failure)
    }
}

/// The form.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(query): Query<Done>,
) -> Result<Response, PageError> {
    let locale = visitor.locale();
    let user = site.services.own.show(&actor).await?;
    let told = Told::new(locale, query.done.as_deref(), &["profile"]);
    let refused = Refused::nothing();
    let page = Profile::new(
        locale,
        user.email.as_str(),
        &Typed::of(&user),
        &refused,
        told,
    );
    site.page(&visitor, &page)
}

/// Saves it.
#[handler]
pub(crate) async fn save(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(form): Form<Typed>,
) -> Result<Response, PageError> {
    let draft = ProfileDraft {
        name: form.full_name.clone(),
        zone: form.zone.clone(),
        language: Language::from_tag(&form.language).unwrap_or_default(),
    };
    let Err(error) = site.services.own.edit(&actor, &draft).await else {
        return Ok(see_other("/settings?done=profile"));
    };
    let refused = Refused::of(error)?;
    let user = site.services.own.show(&actor).await?;
    let (locale, told) = (visitor.locale(), Told::default());
    let page = Profile::new(locale, user.email.as_str(), &form, &refused, told);
    site.page_with(&visitor, &page, Around::Menu, refused.status())
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::{Error, FieldError};
    let hostile = crate::pages::samples::HOSTILE;
    let typed = Typed {
        full_name: hostile.to_owned(),
        zone: hostile.to_owned(),
        language: "ru".to_owned(),
    };
    let bad = vec![FieldError::new("full_name", code::CONTROL_CHARACTER)];
    let refused = Refused::of(Error::Invalid(bad)).unwrap();
    let told = Told::new(locale, Some("profile"), &["profile"]);
    vec![
        Profile::new(locale, hostile, &typed, &Refused::nothing(), told),
        Profile::new(locale, hostile, &typed, &refused, Told::default()),
    ]
}
