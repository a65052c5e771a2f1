//! `/contacts`: how to reach whoever runs the service, and a form that writes to them.
//!
//! Robots are kept out without a puzzle: a field that people do not see, the signed moment at which
//! the form was shown, and limits.

use mailing_core::code;
use mailing_core::error::Error;
use mailing_core::id::FormId;
use mailing_core::instance::{ContactText, FeedbackDraft, InstanceSettings};
use mailing_core::services::ShownForm;
use mailing_core::user::Language;
use poem::web::Form;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::account::form_title;
use crate::error::PageError;
use crate::i18n::{Lang, Locale};
use crate::seal;
use crate::site::{Around, Site, TheSite};
use crate::templates::Page;
use crate::view::{Fault, Field, Flash, Link, Refused};
use crate::visitor::Visitor;

const PATH: &str = "/contacts";
const PURPOSE: &str = "mailing contacts form v1";

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    writer: String,
    email: String,
    phone: String,
    feedback: String,
    /// Not seen by people: whoever fills it in is none.
    website: String,
    /// Number and moment of the form, signed.
    shown: String,
}

#[derive(Serialize)]
struct Contacts {
    /// What the administrator wrote, cleaned HTML; empty when there is nothing.
    text: String,
    /// Its language.
    text_lang: &'static str,
    address: Option<Link>,
    errors: Vec<Fault>,
    failure: String,
    writer: Field,
    email: Field,
    phone: Field,
    feedback: Field,
    shown: String,
}

impl Page for Contacts {
    const TEMPLATE: &'static str = "contacts/show.html";

    fn title(&self, locale: &Locale) -> String {
        form_title(locale, "menu-contacts", &self.errors, &self.failure)
    }
}

/// The page. It stands also when the store does not answer: then without the text.
#[handler]
pub(crate) async fn show(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    let settings = settings(&site).await;
    let mut typed = Typed::default();
    if let Some(user) = visitor.user() {
        let name = user.user.name.as_ref().map(ToString::to_string);
        typed.writer = name.unwrap_or_default();
        typed.email = user.user.email.to_string();
    }
    let shown = new_form(&site);
    let page = Contacts::new(
        visitor.locale(),
        &settings,
        &typed,
        shown,
        &Refused::nothing(),
    );
    site.page(&visitor, &page)
}

/// Keeps what was written. A robot gets the same answer, and nothing is kept.
#[handler]
pub(crate) async fn send(
    TheSite(site): TheSite,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let sent = match (typed.website.as_str(), opened(&site, &typed.shown)) {
        ("", Some(form)) => {
            let service = &site.services.feedback;
            let (draft, language) = (typed.draft(), visitor.lang().into());
            service
                .leave(&draft, form, language, visitor.client())
                .await
        }
        ("", None) => Err(Error::conflict(code::FEEDBACK_TOO_FAST)),
        _ => Ok(()),
    };
    let Err(error) = sent else {
        let flash = Flash::done("contacts-sent").text("email", typed.email.trim());
        return Ok(site.done(PATH, &flash));
    };
    let refused = Refused::of(error)?;
    // The same form may come again: it is shown since it was first.
    let shown = match opened(&site, &typed.shown) {
        Some(_) => typed.shown.clone(),
        None => new_form(&site),
    };
    let settings = settings(&site).await;
    let page = Contacts::new(visitor.locale(), &settings, &typed, shown, &refused);
    let response = site.page_with(&visitor, &page, Around::Menu, refused.status())?;
    Ok(refused.mark(response))
}

async fn settings(site: &Site) -> InstanceSettings {
    let settings = site.services.instance.settings().await;
    settings.unwrap_or_else(|error| {
        tracing::warn!(%error, "no text for the contacts page");
        InstanceSettings::default()
    })
}

/// A form that is shown now.
fn new_form(site: &Site) -> String {
    let settings = &site.settings;
    let now = settings.clock.now();
    let form = FormId::new(now, settings.entropy.as_ref());
    let text = format!("{form} {}", now.timestamp_millis());
    seal::sign(&settings.csrf_key, PURPOSE, &text).unwrap_or_default()
}

/// The form that was shown, if we have shown it.
fn opened(site: &Site, shown: &str) -> Option<ShownForm> {
    let text = seal::open(&site.settings.csrf_key, PURPOSE, shown)?;
    let (form, millis) = text.split_once(' ')?;
    Some(ShownForm {
        id: form.parse().ok()?,
        at: chrono::DateTime::from_timestamp_millis(millis.parse().ok()?)?,
    })
}

impl Typed {
    fn draft(&self) -> FeedbackDraft {
        FeedbackDraft {
            name: self.writer.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            text: self.feedback.clone(),
        }
    }
}

impl Contacts {
    fn new(
        locale: &Locale,
        settings: &InstanceSettings,
        typed: &Typed,
        shown: String,
        refused: &Refused,
    ) -> Self {
        let (errors, contact) = (&refused.fields, &settings.contact);
        let field = |name: &'static str, value: &str| Field::new(locale, name, value, errors);
        let language = Language::from(locale.lang);
        let text = contact.text(language);
        Self {
            text: text.map_or_else(String::new, ContactText::html),
            text_lang: Lang::from(contact.language(language)).tag(),
            address: contact.address.as_ref().map(|address| Link {
                url: mailto(address.as_str()),
                label: address.to_string(),
            }),
            errors: Fault::all(locale, errors),
            failure: refused.sentence(locale),
            writer: field("writer", &typed.writer),
            email: field("email", &typed.email),
            phone: field("phone", &typed.phone),
            feedback: field("feedback", &typed.feedback),
            shown,
        }
    }
}

/// The link that writes to an address (RFC 6068): what is no letter or digit is escaped.
pub(super) fn mailto(address: &str) -> String {
    let mut url = "mailto:".to_owned();
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"@.-_".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

#[cfg(test)]
pub(super) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    use mailing_core::error::{FieldError, Refusal};
    let draft = mailing_core::instance::SettingsDraft {
        blog_writers: "every_owner".to_owned(),
        contact_address: "office@пример.рф".to_owned(),
        contact_text_en: format!("# Call us\n\n{HOSTILE}\n\n- [site](https://example.org)"),
        contact_text_ru: String::new(),
    };
    let full = draft.check().unwrap();
    let typed = Typed {
        writer: HOSTILE.to_owned(),
        email: HOSTILE.to_owned(),
        phone: HOSTILE.to_owned(),
        feedback: HOSTILE.to_owned(),
        website: String::new(),
        shown: String::new(),
    };
    let bad = ["writer", "email", "phone", "feedback"];
    let bad = bad
        .map(|field| FieldError::new(field, code::REQUIRED))
        .into();
    let bad = Refused::of(Error::Invalid(bad)).unwrap();
    let wait = Refusal::new(code::TOO_MANY_REQUESTS).with("seconds", 90_i64);
    let wait = Refused::of(Error::Throttled(wait)).unwrap();
    let page = |settings: &InstanceSettings, typed: &Typed, refused: &Refused| {
        Contacts::new(locale, settings, typed, "a.b".to_owned(), refused)
    };
    let nothing = InstanceSettings::default();
    vec![
        page(&full, &typed, &Refused::nothing()),
        page(&full, &typed, &bad),
        page(&nothing, &Typed::default(), &Refused::nothing()),
        page(&nothing, &typed, &wait),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_an_address_in_its_link() {
        assert_eq!(mailto("anna@example.org"), "mailto:anna@example.org");
        let odd = mailto("a?bcc=x@y.org&b@пример.рф");
        assert!(odd.starts_with("mailto:a%3Fbcc%3Dx@y.org%26b@%D0"), "{odd}");
    }
}
