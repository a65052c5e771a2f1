//! `/manage`: what managers and administrators see of everybody's mailings and users, and what they
//! do about them.

pub(crate) mod audit;
pub(crate) mod feedback;
pub(crate) mod instance;
pub(crate) mod invite;
pub(crate) mod mailing;
pub(crate) mod mailings;
mod moderation;
pub(crate) mod roles;
mod told;
pub(crate) mod user;
pub(crate) mod users;

use std::fmt::Write as _;

use mailing_core::recipient::EmailAddress;
use poem::http::StatusCode;
use serde::Deserialize;

#[cfg(test)]
pub(super) use self::moderation::samples as question_samples;
pub(crate) use self::moderation::{
    ask_block, ask_disable, ask_enable, ask_unblock, block, disable, enable, unblock,
};
pub(super) use self::told::{Share, sent};

use crate::error::PageError;
use crate::i18n::{Args, Locale};

/// The form of a question that wants a reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    reason: String,
}

/// A form that holds nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

fn id<Id: std::str::FromStr>(text: &str) -> Result<Id, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

/// The status of a form that is shown again.
const AGAIN: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// A name as moderation reads it: what changes the direction of text, or shows nothing at all, is
/// written out (S27).
pub(super) fn plain(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    for character in name.chars() {
        if is_unseen(character) {
            // Writing into a string does not fail.
            let _ = write!(written, "[U+{:04X}]", u32::from(character));
        } else {
            written.push(character);
        }
    }
    written
}

/// Name and address as moderation reads them; of a domain that mixes alphabets it says so (S27).
pub(super) fn mailbox(locale: &Locale, name: Option<&str>, address: &EmailAddress) -> String {
    let shown = address.domain_shown();
    let written = plain(&format!("{}@{shown}", address.local()));
    let written = match name {
        Some(name) => format!("{} <{written}>", plain(name)),
        None => written,
    };
    if shown == address.domain_unicode() {
        return written;
    }
    let args = Args::new().text("address", written);
    locale.text("manage-mixed-alphabets", &args)
}

/// Controls, marks of direction, zero widths, and the like.
const fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use mailing_core::schedule::Zone;
    use mailing_core::time::Timestamp;

    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn an_address_says_that_its_domain_mixes_alphabets() {
        let english = Locale::new(Lang::En, Zone::utc(), Timestamp::MIN_UTC);
        let told = |name, typed| mailbox(&english, name, &EmailAddress::parse(typed).unwrap());
        assert_eq!(told(None, "news@почта.рф"), "news@почта.рф");
        assert_eq!(
            told(None, "help@p\u{430}ypal.example"),
            "help@xn--pypal-4ve.example (mixes alphabets)"
        );
        assert_eq!(
            told(Some("Pay\u{200b}pal"), "help@p\u{430}ypal.example"),
            "Pay[U+200B]pal <help@xn--pypal-4ve.example> (mixes alphabets)"
        );
    }

    #[test]
    fn what_would_not_be_seen_is_written_out() {
        assert_eq!(plain("gpj.\u{202e}exe"), "gpj.[U+202E]exe");
        assert_eq!(plain("pay\u{200b}pal"), "pay[U+200B]pal");
        assert_eq!(plain("Зимняя коллекция, 50 %"), "Зимняя коллекция, 50 %");
    }
}
