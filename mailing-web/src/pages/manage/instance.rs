//! `/manage/settings`: what administrators set for the whole instance.

use mailing_core::code;
use mailing_core::error::Error;
use mailing_core::instance::{ContactText, SettingsDraft, WhoWrites};
use mailing_core::user::RegistrationMode;
use poem::http::StatusCode;
use poem::web::Form;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::pages::account::form_title;
use crate::site::{Around, TheSite};
use crate::templates::Page;
use crate::view::{Choice, Fault, Field, Flash, Opt, Refused};
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/manage/settings";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    version: u32,
    #[serde(default)]
    blog_writers: String,
    contact_address: String,
    contact_text_en: String,
    contact_text_ru: String,
    /// Which button: to look first, or to save.
    #[serde(default)]
    then: String,
}

#[derive(Serialize)]
struct Settings {
    version: u32,
    errors: Vec<Fault>,
    failure: String,
    blog_writers: Choice,
    contact_address: Field,
    contact_text_en: Field,
    contact_text_ru: Field,
    registration: String,
    /// How the texts will look: language and cleaned HTML.
    previews: Vec<Preview>,
}

#[derive(Serialize)]
struct Preview {
    lang: &'static str,
    title: String,
    html: String,
}

impl Page for Settings {
    const TEMPLATE: &'static str = "manage/settings.html";

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, "instance-title", &self.errors, &self.failure)
    }
}

/// The form.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    let kept = site.services.instance.kept(&actor).await?;
    let draft = SettingsDraft::from(&kept.settings);
    let mode = site.services.registration.mode();
    let refused = Refused::nothing();
    let page = Settings::new(visitor.locale(), mode, kept.version, &draft, &refused);
    site.page(&visitor, &page)
}

/// Saves it, or shows how the texts will look.
#[handler]
pub(crate) async fn save(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let service = &site.services.instance;
    let (locale, mode) = (visitor.locale(), site.services.registration.mode());
    let looks = typed.then == "look";
    let mut version = typed.version;
    let draft = typed.draft();
    let done = if looks {
        draft.check().map(drop).map_err(Error::Invalid)
    } else {
        service.save(&actor, version, &draft).await.map(drop)
    };
    let error = match done {
        Ok(()) if looks => {
            let mut page = Settings::new(locale, mode, version, &draft, &Refused::nothing());
            page.look(locale, &draft);
            return site.page_with(&visitor, &page, Around::Menu, StatusCode::OK);
        }
        Ok(()) => return Ok(site.done(PATH, &Flash::done("instance-saved"))),
        Err(error) => error,
    };
    if error.code() == code::CHANGED_MEANWHILE {
        // What is typed stays and may be saved over the other version, now that this is said.
        version = service.kept(&actor).await?.version;
    }
    let refused = Refused::of(error)?;
    let page = Settings::new(locale, mode, version, &draft, &refused);
    site.page_with(&visitor, &page, Around::Menu, refused.status())
}

impl Typed {
    fn draft(&self) -> SettingsDraft {
        SettingsDraft {
            blog_writers: self.blog_writers.clone(),
            contact_address: self.contact_address.clone(),
            contact_text_en: self.contact_text_en.clone(),
            contact_text_ru: self.contact_text_ru.clone(),
        }
    }
}

impl Settings {
    fn new(
        locale: &Locale,
        mode: RegistrationMode,
        version: u32,
        draft: &SettingsDraft,
        refused: &Refused,
    ) -> Self {
        let errors = &refused.fields;
        let field = |name: &'static str, value: &str| Field::new(locale, name, value, errors);
        let option = |who: WhoWrites| {
            let key = format!("writers-{}", who.as_str().replace('_', "-"));
            let words = locale.text(&key, &Args::new());
            Opt::new(who.as_str(), words, who.as_str() == draft.blog_writers)
        };
        let registration = match mode {
            RegistrationMode::Open => "instance-registration-open",
            RegistrationMode::Invitation => "instance-registration-invitation",
            RegistrationMode::Closed => "instance-registration-closed",
        };
        Self {
            version,
            errors: Fault::all(locale, errors),
            // Saving once more writes over the other version: that is said in words of its own.
            failure: match refused.status() {
                StatusCode::CONFLICT => locale.text("instance-changed", &Args::new()),
                _ => refused.sentence(locale),
            },
            blog_writers: Choice::new(locale, "blog_writers", errors)
                .options(WhoWrites::ALL.map(option)),
            contact_address: field("contact_address", &draft.contact_address),
            contact_text_en: field("contact_text_en", &draft.contact_text_en),
            contact_text_ru: field("contact_text_ru", &draft.contact_text_ru),
            registration: locale.text(registration, &Args::new()),
            previews: Vec::new(),
        }
    }

    /// Adds how the texts will look.
    fn look(&mut self, locale: &Locale, draft: &SettingsDraft) {
        let texts = [
            ("ru", &draft.contact_text_ru),
            ("en", &draft.contact_text_en),
        ];
        self.previews = texts
            .into_iter()
            .map(|(lang, text)| {
                let text = ContactText::parse(text).ok().flatten();
                Preview {
                    lang,
                    title: locale.field_label(&format!("contact_text_{lang}")),
                    html: text.map_or_else(String::new, |text| text.html()),
                }
            })
            .filter(|preview| !preview.html.is_empty())
            .collect();
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::error::FieldError;
    let draft = SettingsDraft {
        blog_writers: "every_owner".to_owned(),
        contact_address: HOSTILE.to_owned(),
        contact_text_en: format!("# {HOSTILE}\n\nCall **us**."),
        contact_text_ru: HOSTILE.to_owned(),
    };
    let all = [
        "blog_writers",
        "contact_address",
        "contact_text_en",
        "contact_text_ru",
    ];
    let bad = all.map(|field| FieldError::new(field, code::REQUIRED));
    let bad = Refused::of(Error::Invalid(bad.into())).unwrap();
    let late = Refused::of(Error::conflict(code::CHANGED_MEANWHILE)).unwrap();
    let page = |mode, refused: &Refused| Settings::new(locale, mode, 7, &draft, refused);
    let mut looked = page(RegistrationMode::Open, &Refused::nothing());
    looked.look(locale, &draft);
    vec![
        looked,
        page(RegistrationMode::Invitation, &bad),
        page(RegistrationMode::Closed, &late),
    ]
}
