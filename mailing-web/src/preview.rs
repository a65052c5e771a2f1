//! A message as its recipient gets it, and the words that stand below it.

use mailing_core::code;
use mailing_core::error::{Error, Refusal};
use mailing_core::message::{FooterWords, Layout, OUTPUT_MAX, OutputTooLarge, Rendered, Values};
use mailing_core::recipient::{Attributes, DisplayName};
use mailing_core::services::Preview;

use crate::i18n::{Args, Lang, text};

/// The address of the made-up recipient (RFC 2606).
const MADE_UP: &str = "reader@example.org";

/// What stands for the link to unsubscribe: leads nowhere (RFC 2606).
const NOWHERE: &str = "https://unsubscribe.example/";

/// The words below an owner's message, in the mail's language.
#[must_use]
pub fn mail_words(lang: Lang) -> FooterWords {
    FooterWords {
        why: text(lang, "mail-why", &Args::new()),
        unsubscribe: text(lang, "mail-unsubscribe", &Args::new()),
    }
}

/// The newest version with a recipient's values, or with those of a made-up one. Its link leads
/// nowhere.
///
/// # Errors
/// At `body`: a part would become too large with these values.
pub fn render(preview: &Preview, lang: Lang) -> Result<Rendered, Error> {
    let layout = Layout {
        lang: lang.tag().to_owned(),
        footer: mail_words(lang),
    };
    let none = Attributes::default();
    let made_up = text(lang, "preview-name", &Args::new());
    let recipient = preview.recipient.as_ref();
    let full_name = recipient.map(|recipient| recipient.full_name.as_ref());
    let sender = preview.sender.as_ref();
    let sender = sender.and_then(|sender| sender.mailbox.name.as_ref());
    let values = Values {
        full_name: match full_name {
            Some(known) => known.map(DisplayName::as_str),
            None => Some(&made_up),
        },
        email: recipient.map_or(MADE_UP, |recipient| recipient.address.as_str()),
        attributes: recipient.map_or(&none, |recipient| &recipient.attributes),
        unsubscribe_url: NOWHERE,
        mailing_name: preview.version.content.subject.as_str(),
        sender_name: sender.map_or("", DisplayName::as_str),
    };
    let compiled = preview.version.content.compile(&layout);
    let mut rendered = compiled.fill(&values).map_err(|OutputTooLarge| {
        let refusal = Refusal::new(code::MESSAGE_OUTPUT_TOO_LARGE).with("max", OUTPUT_MAX);
        Error::field("body", refusal)
    })?;
    // Who presses it in the frame of a preview stays there.
    rendered.html = rendered.html.replace(NOWHERE, "#");
    Ok(rendered)
}

#[cfg(test)]
mod tests {
    use mailing_core::recipient::{Recipient, VALUE_MAX};
    use mailing_core::testing::builders::{message, recipient, sender};

    use super::*;

    fn preview(body: &str, recipient: Option<Recipient>) -> Preview {
        let subject = "{{ recipient.full_name | default(\"friend\") }} and {{ sender.name }}";
        Preview {
            version: message().subject(subject).body(body).build().current,
            recipient,
            sender: Some(sender().named("Tea & Co").build()),
        }
    }

    #[test]
    fn without_a_recipient_somebody_is_made_up_in_the_language_of_the_mail() {
        let preview = preview("To {{ recipient.email }}", None);
        let english = render(&preview, Lang::En).unwrap();
        assert_eq!(english.subject, "Anna Kuznetsova and Tea & Co");
        assert!(english.text.starts_with("To reader@example.org"));
        assert!(english.html.contains("lang=\"en\"") && english.html.contains(">Unsubscribe<"));
        let russian = render(&preview, Lang::Ru).unwrap();
        assert_eq!(russian.subject, "Анна Кузнецова and Tea & Co");
        assert!(russian.html.contains("lang=\"ru\"") && russian.html.contains(">Отписаться<"));
        assert!(russian.text.contains(&mail_words(Lang::Ru).why));
    }

    #[test]
    fn the_link_to_unsubscribe_is_seen_and_leads_nowhere() {
        let shown = render(&preview("x", None), Lang::En).unwrap();
        let last = shown.text.trim_end().lines().last();
        assert_eq!(last, Some("Unsubscribe: https://unsubscribe.example/"));
        assert!(shown.html.contains("href=\"#\"") && !shown.html.contains(NOWHERE));
    }

    #[test]
    fn a_recipients_own_values_are_shown_and_what_is_missing_is_not_made_up() {
        let eve = recipient()
            .at("eve@example.org")
            .with("city", "<b>Perm</b>");
        let shown = render(
            &preview("In {{ recipient.attributes.city }}", Some(eve.build())),
            Lang::En,
        );
        let shown = shown.unwrap();
        assert_eq!(shown.subject, "friend and Tea & Co");
        assert!(shown.text.starts_with("In <b>Perm</b>"));
        assert!(shown.html.contains("&lt;b&gt;Perm&lt;/b&gt;") && !shown.html.contains("<b>Perm"));
    }

    #[test]
    fn values_that_make_the_message_too_large_are_told() {
        let eve = recipient().with("city", "x".repeat(VALUE_MAX)).build();
        let times = OUTPUT_MAX / VALUE_MAX + 1;
        let preview = preview(&"{{ recipient.attributes.city }} ".repeat(times), Some(eve));
        let refused = render(&preview, Lang::En).unwrap_err().to_string();
        assert_eq!(
            refused,
            format!("body: message.output_too_large max={OUTPUT_MAX}")
        );
    }
}
