//! What administrators set for the whole instance while it runs. What an operator sets once stands in
//! the configuration, and nothing stands in both.

mod contact;
mod feedback;

pub use contact::{CONTACT_TEXT_MAX, Contact, ContactText};
pub use feedback::{FEEDBACK_MAX, FEEDBACK_NAME_MAX, Feedback, FeedbackDraft, FeedbackText};

use serde::{Deserialize, Serialize};

use crate::code;
use crate::error::{FieldError, Refusal};
use crate::recipient::EmailAddress;

/// Who writes the blog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoWrites {
    /// Content managers.
    #[default]
    ContentManagers,
    /// Also every owner, their own posts.
    EveryOwner,
}

impl WhoWrites {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ContentManagers, Self::EveryOwner];

    /// The name in forms and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ContentManagers => "content_managers",
            Self::EveryOwner => "every_owner",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|who| who.as_str() == name)
    }
}

/// The settings of the instance. Where nothing was ever set, these are the defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstanceSettings {
    /// Who writes the blog.
    pub blog_writers: WhoWrites,
    /// What the contacts page says.
    pub contact: Contact,
}

/// The settings as they are kept, with the number of their version: 1 is the first that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptSettings {
    /// The settings.
    pub settings: InstanceSettings,
    /// Which version this is; 0 while nothing was ever set.
    pub version: u32,
}

/// What an administrator types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SettingsDraft {
    /// A name of [`WhoWrites`].
    pub blog_writers: String,
    /// Where feedback goes; blank is nowhere.
    pub contact_address: String,
    /// The contacts page's Markdown in English; blank is none.
    pub contact_text_en: String,
    /// The same in Russian.
    pub contact_text_ru: String,
}

impl SettingsDraft {
    /// The settings that were typed.
    ///
    /// # Errors
    /// Every fault at its field: `blog_writers`, `contact_address`, `contact_text_en`,
    /// `contact_text_ru`.
    pub fn check(&self) -> Result<InstanceSettings, Vec<FieldError>> {
        let mut errors = Vec::new();
        let blog_writers = WhoWrites::from_name(&self.blog_writers);
        if blog_writers.is_none() {
            let unknown =
                Refusal::new(code::UNKNOWN_VALUE).with("value", self.blog_writers.as_str());
            errors.push(FieldError::new("blog_writers", unknown));
        }
        let address = match self.contact_address.trim() {
            "" => None,
            typed => EmailAddress::parse(typed)
                .map_err(|e| errors.push(FieldError::new("contact_address", e.code())))
                .ok(),
        };
        let mut text = |field: &'static str, typed: &str| {
            ContactText::parse(typed)
                .map_err(|refusal| errors.push(FieldError::new(field, refusal)))
                .ok()
                .flatten()
        };
        let text_en = text("contact_text_en", &self.contact_text_en);
        let text_ru = text("contact_text_ru", &self.contact_text_ru);
        match blog_writers {
            Some(blog_writers) if errors.is_empty() => Ok(InstanceSettings {
                blog_writers,
                contact: Contact {
                    address,
                    text_en,
                    text_ru,
                },
            }),
            _ => Err(errors),
        }
    }
}

impl From<&InstanceSettings> for SettingsDraft {
    fn from(settings: &InstanceSettings) -> Self {
        let text = |text: &Option<ContactText>| {
            text.as_ref()
                .map_or_else(String::new, |text| text.as_str().to_owned())
        };
        let contact = &settings.contact;
        Self {
            blog_writers: settings.blog_writers.as_str().to_owned(),
            contact_address: contact
                .address
                .as_ref()
                .map_or_else(String::new, EmailAddress::to_string),
            contact_text_en: text(&contact.text_en),
            contact_text_ru: text(&contact.text_ru),
        }
    }
}

/// The settings as text: what a newer or older version does not know or lacks is its default.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Content {
    blog_writers: WhoWrites,
    contact_address: Option<String>,
    contact_text_en: Option<String>,
    contact_text_ru: Option<String>,
}

impl InstanceSettings {
    /// The text in the database.
    #[must_use]
    pub fn to_content(&self) -> String {
        let text = |text: &Option<ContactText>| text.as_ref().map(|text| text.as_str().to_owned());
        let contact = &self.contact;
        let content = Content {
            blog_writers: self.blog_writers,
            contact_address: contact.address.as_ref().map(EmailAddress::to_string),
            contact_text_en: text(&contact.text_en),
            contact_text_ru: text(&contact.text_ru),
        };
        // Names and texts alone: nothing that JSON lacks.
        serde_json::to_string(&content).unwrap_or_default()
    }

    /// The settings of a text that [`to_content`](Self::to_content) made; `None` for any other.
    #[must_use]
    pub fn from_content(content: &str) -> Option<Self> {
        let content: Content = serde_json::from_str(content).ok()?;
        let text = |text: Option<String>| text.and_then(ContactText::stored);
        let address = match content.contact_address {
            None => None,
            Some(address) => Some(EmailAddress::parse(&address).ok()?),
        };
        Some(Self {
            blog_writers: content.blog_writers,
            contact: Contact {
                address,
                text_en: text(content.contact_text_en),
                text_ru: text(content.contact_text_ru),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> SettingsDraft {
        SettingsDraft {
            blog_writers: "every_owner".to_owned(),
            contact_address: " Office@Пример.рф ".to_owned(),
            contact_text_en: "**Call** us\r\n".to_owned(),
            contact_text_ru: "Звоните".to_owned(),
        }
    }

    #[test]
    fn what_was_typed_becomes_settings_and_is_typed_again() {
        let settings = typed().check().unwrap();
        assert_eq!(settings.blog_writers, WhoWrites::EveryOwner);
        let again = SettingsDraft::from(&settings);
        assert_eq!(again.contact_text_en, "**Call** us\n");
        assert_eq!(again.check().unwrap(), settings);
        let nothing = SettingsDraft::from(&InstanceSettings::default());
        assert_eq!(nothing.check().unwrap(), InstanceSettings::default());
    }

    #[test]
    fn every_fault_stands_at_its_field() {
        let wrong = SettingsDraft {
            blog_writers: "everybody".to_owned(),
            contact_address: "a@b".to_owned(),
            contact_text_en: "ж".repeat(CONTACT_TEXT_MAX + 1),
            contact_text_ru: "a\0b".to_owned(),
        };
        let errors = wrong.check().unwrap_err();
        let found: Vec<_> = errors
            .iter()
            .map(|error| (error.field.as_ref(), error.refusal.code))
            .collect();
        let expected = [
            ("blog_writers", code::UNKNOWN_VALUE),
            ("contact_address", code::ADDRESS_NO_DOT),
            ("contact_text_en", code::TOO_LONG),
            ("contact_text_ru", code::CONTROL_CHARACTER),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn settings_survive_the_database_and_other_versions() {
        for settings in [InstanceSettings::default(), typed().check().unwrap()] {
            let content = settings.to_content();
            assert_eq!(InstanceSettings::from_content(&content), Some(settings));
        }
        let older = InstanceSettings::from_content("{}").unwrap();
        assert_eq!(older, InstanceSettings::default());
        let newer = r#"{"blog_writers":"every_owner","colour":"blue"}"#;
        let newer = InstanceSettings::from_content(newer).unwrap();
        assert_eq!(newer.blog_writers, WhoWrites::EveryOwner);
        for broken in ["", r#"{"blog_writers":7}"#, r#"{"contact_address":"x"}"#] {
            assert_eq!(InstanceSettings::from_content(broken), None, "{broken}");
        }
    }
}
