//! A message as its recipient gets it, and the words that stand below it.

use mailing_core::error::Error;
use mailing_core::message::{FooterWords, Layout, Rendered, Values};
use mailing_core::recipient::Attributes;
use mailing_core::services::Preview;

use crate::i18n::{Args, Lang, text};

/// The words below an owner's message, in the mail's language.
#[must_use]
pub fn mail_words(lang: Lang) -> FooterWords {
    FooterWords {
        why: text(lang, "mail-why", &Args::new()),
        unsubscribe: text(lang, "mail-unsubscribe", &Args::new()),
    }
}

/// The newest version with a recipient's values, or with those of a made-up one.
///
/// # Errors
/// When a part would become too large with these values.
pub fn render(preview: &Preview, lang: Lang) -> Result<Rendered, Error> {
    let layout = Layout {
        lang: lang.tag().to_owned(),
        footer: mail_words(lang),
    };
    let none = Attributes::default();
    let made_up = text(lang, "preview-name", &Args::new());
    let recipient = preview.recipient.as_ref();
    let full_name = match recipient {
        Some(recipient) => recipient.full_name.as_ref().map(|name| name.as_str()),
        None => Some(made_up.as_str()),
    };
    let values = Values {
        full_name,
        email: recipient.map_or("reader@example.org", |recipient| recipient.address.as_str()),
        attributes: recipient.map_or(&none, |recipient| &recipient.attributes),
        unsubscribe_url: "#",
        mailing_name: preview.version.content.subject.as_str(),
        sender_name: "",
    };
    let compiled = preview.version.content.compile(&layout);
    compiled
        .fill(&values)
        .map_err(|error| Error::Internal(Box::new(error)))
}
