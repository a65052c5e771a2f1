//! The names that may stand in a message, and where their values come from.

use std::borrow::Cow;
use std::fmt;

use crate::recipient::{Attributes, KEY_MAX, attribute_key};

const ATTRIBUTES: &str = "recipient.attributes.";

/// Names other than attributes, the most wanted first.
const FIXED: &[(&str, Variable)] = &[
    ("recipient.full_name", Variable::FullName),
    ("recipient.email", Variable::Email),
    ("unsubscribe_url", Variable::UnsubscribeUrl),
    ("mailing.name", Variable::MailingName),
    ("sender.name", Variable::SenderName),
];

/// A name that may stand in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// `recipient.full_name`
    FullName,
    /// `recipient.email`, as typed.
    Email,
    /// `recipient.attributes.<key>`
    Attribute(String),
    /// `unsubscribe_url`, the recipient's own.
    UnsubscribeUrl,
    /// `mailing.name`
    MailingName,
    /// `sender.name`
    SenderName,
}

/// One recipient's values.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a> {
    /// The recipient's name, if known.
    pub full_name: Option<&'a str>,
    /// The recipient's address as typed.
    pub email: &'a str,
    /// What else is known of the recipient.
    pub attributes: &'a Attributes,
    /// The recipient's own unsubscribe address.
    pub unsubscribe_url: &'a str,
    /// The mailing's name.
    pub mailing_name: &'a str,
    /// The sender's name as in `From`.
    pub sender_name: &'a str,
}

impl Variable {
    /// All names except attributes, as an owner writes them.
    pub fn fixed_names() -> impl Iterator<Item = &'static str> {
        FIXED.iter().map(|(name, _)| *name)
    }

    /// The variable of that name, if there is one. Names are lower case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if let Some(key) = name.strip_prefix(ATTRIBUTES) {
            let known = attribute_key(key).ok()?;
            return (known == key).then_some(Self::Attribute(known));
        }
        FIXED
            .iter()
            .find(|(fixed, _)| *fixed == name)
            .map(|(_, variable)| variable.clone())
    }

    /// The name that someone who wrote `unknown` probably meant.
    #[must_use]
    pub fn nearest(unknown: &str) -> Cow<'static, str> {
        let typed = unknown.to_ascii_lowercase();
        if typed.contains("unsub") {
            return Cow::Borrowed("unsubscribe_url");
        }
        let last = typed.rsplit('.').next().unwrap_or_default();
        let whole_part = FIXED.iter().find(|(name, _)| {
            let end = name.rsplit('.').next().unwrap_or(name);
            last.len() > 2 && !typed.contains('.') && (end.ends_with(last) || end.starts_with(last))
        });
        let near = || {
            FIXED
                .iter()
                .map(|(name, _)| (strsim::damerau_levenshtein(&typed, name), *name))
                .filter(|(distance, name)| *distance * 4 <= name.len())
                .min_by_key(|(distance, _)| *distance)
        };
        if let Some((name, _)) = whole_part {
            Cow::Borrowed(name)
        } else if let Some((_, name)) = near() {
            Cow::Borrowed(name)
        } else if attribute_key(last).is_ok() {
            Cow::Owned(format!("{ATTRIBUTES}{last}"))
        } else {
            Cow::Borrowed("recipient.full_name")
        }
    }
}

impl fmt::Display for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Attribute(key) = self {
            return write!(f, "{ATTRIBUTES}{key}");
        }
        let name = FIXED.iter().find(|(_, variable)| variable == self);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}

impl Values<'_> {
    /// The value of a variable; `None` when it is missing or blank.
    #[must_use]
    pub fn value(&self, variable: &Variable) -> Option<Cow<'_, str>> {
        let value = match variable {
            Variable::FullName => Cow::Borrowed(self.full_name?),
            Variable::Email => Cow::Borrowed(self.email),
            Variable::Attribute(key) => Cow::Owned(self.attributes.text(key)?),
            Variable::UnsubscribeUrl => Cow::Borrowed(self.unsubscribe_url),
            Variable::MailingName => Cow::Borrowed(self.mailing_name),
            Variable::SenderName => Cow::Borrowed(self.sender_name),
        };
        (!value.trim().is_empty()).then_some(value)
    }
}

/// Longest name that can be a variable, in octets.
pub(super) const NAME_LEN_MAX: usize = ATTRIBUTES.len() + KEY_MAX;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_written_alike() {
        for name in Variable::fixed_names().chain(["recipient.attributes.city"]) {
            assert_eq!(Variable::parse(name).unwrap().to_string(), name);
        }
    }

    #[test]
    fn other_names_are_unknown() {
        for name in [
            "",
            "recipient",
            "recipient.",
            "recipient.attributes",
            "recipient.attributes.",
            "recipient.attributes.a.b",
            "recipient.attributes.City",
            "__tera_context",
            "user.password",
            "recipient.comment",
            "recipient.full_name.x",
            "RECIPIENT.EMAIL",
        ] {
            assert_eq!(Variable::parse(name), None, "{name}");
        }
    }

    #[test]
    fn the_nearest_name_is_what_was_probably_meant() {
        for (typed, meant) in [
            ("recipient.fullname", "recipient.full_name"),
            ("recipient.ful_name", "recipient.full_name"),
            ("Recipient.Full_Name", "recipient.full_name"),
            ("recipent.email", "recipient.email"),
            ("name", "recipient.full_name"),
            ("email", "recipient.email"),
            ("unsubscribe", "unsubscribe_url"),
            ("unsubscribe_link", "unsubscribe_url"),
            ("mailing.nam", "mailing.name"),
            ("city", "recipient.attributes.city"),
            ("recipient.city", "recipient.attributes.city"),
            ("attributes.city", "recipient.attributes.city"),
            ("", "recipient.full_name"),
            ("7", "recipient.full_name"),
        ] {
            assert_eq!(Variable::nearest(typed), meant, "{typed}");
        }
    }
}
