//! `/settings`: name, picture, phone number, country, time zone, language.

use mailing_core::message::FileHash;
use mailing_core::services::ProfileDraft;
use mailing_core::user::{Country, Language, Phone, User};
use poem::web::{Form, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{Done, Told, tabs};
use crate::error::PageError;
use crate::i18n::{Args, Lang, Locale, key};
use crate::pages::account::form_title;
use crate::site::{Around, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Choice, Fault, Field, Opt, Refused, Tab, avatar_url};
use crate::visitor::{CurrentActor, Visitor};

/// What may just have been done.
const KNOWN: [&str; 3] = ["profile", "picture", "picture-removed"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    full_name: String,
    phone: String,
    country: String,
    zone: String,
    language: String,
}

/// A language to choose.
#[derive(Serialize)]
struct Spoken {
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
    /// Address of the picture; none without one.
    avatar: Option<String>,
    full_name: Field,
    phone: Field,
    country: Choice,
    zone: Field,
    languages: Vec<Spoken>,
}

impl Profile {
    fn new(
        locale: &Locale,
        avatar: Option<FileHash>,
        typed: &Typed,
        refused: &Refused,
        told: Told,
    ) -> Self {
        let errors = &refused.fields;
        Self {
            tabs: tabs(locale, "/settings"),
            told,
            errors: Fault::all(locale, errors),
            failure: refused.sentence(locale),
            avatar: avatar.map(avatar_url),
            full_name: Field::new(locale, "full_name", typed.full_name.as_str(), errors),
            phone: Field::new(locale, "phone", typed.phone.as_str(), errors),
            country: Choice::new(locale, "country", errors)
                .option(Opt::new(
                    "",
                    locale.text("country-none", &Args::new()),
                    false,
                ))
                .options(countries(locale, &typed.country)),
            zone: Field::new(locale, "zone", typed.zone.as_str(), errors),
            languages: Lang::ALL
                .into_iter()
                .map(|lang| Spoken {
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
            phone: user.phone.as_ref().map_or("", Phone::as_str).to_owned(),
            country: user.country.map_or("", Country::as_str).to_owned(),
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
    let told = Told::new(locale, query.done.as_deref(), &KNOWN);
    let refused = Refused::nothing();
    let page = Profile::new(locale, user.avatar, &Typed::of(&user), &refused, told);
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
        phone: form.phone.clone(),
        country: form.country.clone(),
        zone: form.zone.clone(),
        language: Language::from_tag(&form.language).unwrap_or_default(),
    };
    let Err(error) = site.services.own.edit(&actor, &draft).await else {
        return Ok(see_other("/settings?done=profile"));
    };
    let refused = Refused::of(error)?;
    let user = site.services.own.show(&actor).await?;
    let (locale, told) = (visitor.locale(), Told::default());
    let page = Profile::new(locale, user.avatar, &form, &refused, told);
    site.page_with(&visitor, &page, Around::Menu, refused.status())
}

/// All countries, in the order of their names.
fn countries(locale: &Locale, chosen: &str) -> Vec<Opt> {
    let mut named: Vec<_> = Country::ALL
        .into_iter()
        .map(|country| (country_in_words(locale, country), country.as_str()))
        .collect();
    named.sort_by_cached_key(|(name, _)| in_dictionary(name));
    let options = named.into_iter();
    options
        .map(|(name, code)| Opt::new(code, name, code == chosen))
        .collect()
}

/// The name of a country.
pub(in crate::pages) fn country_in_words(locale: &Locale, country: Country) -> String {
    let code = country.as_str().to_lowercase();
    locale.text(&key("country", &code), &Args::new())
}

/// A name as dictionaries sort it: without regard to case, to marks above letters, and to what kind of
/// land it is.
fn in_dictionary(name: &str) -> String {
    let plain = |letter| match letter {
        'å' | 'ã' => 'a',
        'ç' => 'c',
        'é' => 'e',
        'ô' => 'o',
        'ü' => 'u',
        'ё' => 'е',
        other => other,
    };
    let name = name.to_lowercase();
    let islands = ["о-ва ", "о-в "];
    let proper = islands.iter().find_map(|kind| name.strip_prefix(kind));
    proper.unwrap_or(&name).chars().map(plain).collect()
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::{Error, FieldError};
    let hostile = crate::pages::samples::HOSTILE;
    let typed = Typed {
        full_name: hostile.to_owned(),
        phone: hostile.to_owned(),
        country: "RU".to_owned(),
        zone: hostile.to_owned(),
        language: "ru".to_owned(),
    };
    let bad = vec![FieldError::new("full_name", code::CONTROL_CHARACTER)];
    let refused = Refused::of(Error::Invalid(bad)).unwrap();
    let told = Told::new(locale, Some("profile"), &KNOWN);
    let face = Some(FileHash::of(b"face"));
    vec![
        Profile::new(locale, face, &typed, &Refused::nothing(), told),
        Profile::new(locale, None, &typed, &refused, Told::default()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::has_text;
    use crate::pages::samples::locale;

    #[test]
    fn every_country_has_a_name_in_both_languages() {
        for lang in Lang::ALL {
            for country in Country::ALL {
                let key = key("country", &country.as_str().to_lowercase());
                assert!(has_text(lang, &key), "{key}");
            }
        }
    }

    #[test]
    fn countries_stand_as_in_a_dictionary() {
        let (english, russian) = (in_dictionary("Åland Islands"), in_dictionary("Ёлки"));
        assert!(english < in_dictionary("Albania"));
        assert!(russian < in_dictionary("Жили"));
        let (iran, yemen) = (in_dictionary("Италия"), in_dictionary("Йемен"));
        assert!(iran < yemen);
        assert!(in_dictionary("о-ва Кука") < in_dictionary("Кыргызстан"));
        let shown = countries(&locale(Lang::Ru), "RU");
        assert_eq!(shown.len(), Country::ALL.len());
    }
}
