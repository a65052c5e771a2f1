//! E-mail addresses by the practice of RFC 5321, RFC 5322 and RFC 6531.

mod domain;
mod local;
#[cfg(test)]
mod table;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use uuid::Uuid;

use crate::code::{self, Code};
use crate::error::Refusal;
use crate::recipient::is_line_or_control;

/// The domain of what stands in the place of erased addresses.
const ERASED: &str = "erased.invalid";

/// Longest address as it goes over the wire, in octets (RFC 5321 §4.5.3.1.3 less the brackets).
pub const ADDRESS_MAX: usize = 254;

/// Longest text that is read as an address at all, in octets: an internationalised domain may be
/// longer as typed than on the wire, but not without end.
const TYPED_MAX: usize = 1_024;

/// An e-mail address: parsed once, valid for ever, keeps what was typed.
///
/// Two spellings of one mailbox have one [`key`](Self::key) and are equal.
///
/// Taken: dot-atoms and quoted local parts (RFC 5321 §4.1.2), UTF-8 local parts (RFC 6531),
/// internationalised domains (UTS 46, non-transitional). Not taken, because no campaign reaches
/// them: address literals such as `[192.0.2.1]`, domains without a dot, a final dot, comments.
#[derive(Debug, Clone)]
pub struct EmailAddress {
    typed: String,
    at: usize,
    domain_ascii: String,
    key: String,
}

/// Why a text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is no `@`, or nothing on one side of it.
    #[error("the address has no @, or nothing on one side of it")]
    NoAt,
    /// The local part is not allowed.
    #[error("the part before @ is not allowed")]
    Local,
    /// The domain is not allowed.
    #[error("the part after @ is not a domain")]
    Domain,
    /// The domain is an IP address.
    #[error("the part after @ is an IP address, not a domain")]
    Ip,
    /// The domain has no dot.
    #[error("the part after @ has no dot")]
    NoDot,
    /// The address, its local part or its domain is too long.
    #[error("the address is too long")]
    TooLong,
    /// A control character or an invisible one.
    #[error("the address holds a control character")]
    Control,
}

impl AddressError {
    /// The code of this refusal.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::NoAt => code::ADDRESS_NO_AT,
            Self::Local => code::ADDRESS_LOCAL,
            Self::Domain => code::ADDRESS_DOMAIN,
            Self::Ip => code::ADDRESS_IP,
            Self::NoDot => code::ADDRESS_NO_DOT,
            Self::TooLong => code::ADDRESS_TOO_LONG,
            Self::Control => code::CONTROL_CHARACTER,
        }
    }
}

impl From<AddressError> for Refusal {
    fn from(error: AddressError) -> Self {
        Self::new(error.code())
    }
}

impl EmailAddress {
    /// Parses an address as typed; spaces at its ends are dropped.
    ///
    /// # Errors
    /// [`AddressError`] names the part that is wrong.
    pub fn parse(typed: &str) -> Result<Self, AddressError> {
        if typed.len() > TYPED_MAX {
            return Err(AddressError::TooLong);
        }
        let typed = typed.trim_matches(|c: char| c.is_whitespace() && !is_line_or_control(c));
        if typed
            .chars()
            .any(|c| is_line_or_control(c) || is_invisible(c))
        {
            return Err(AddressError::Control);
        }
        let at = typed.rfind('@').ok_or(AddressError::NoAt)?;
        let (local, domain) = (&typed[..at], &typed[at + 1..]);
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::NoAt);
        }
        let local_key = local::check(local)?;
        let domain_ascii = domain::to_ascii(domain)?;
        if local.len() + 1 + domain_ascii.len() > ADDRESS_MAX {
            return Err(AddressError::TooLong);
        }
        Ok(Self {
            key: format!("{local_key}@{domain_ascii}"),
            typed: typed.to_owned(),
            at,
            domain_ascii,
        })
    }

    /// What stands in the place of an address that was erased; `name` in lower-case ASCII letters and
    /// digits. Nobody can have such an address (RFC 2606).
    pub(crate) fn erased(name: &str) -> Self {
        let typed = format!("{name}@{ERASED}");
        Self {
            key: typed.clone(),
            at: name.len(),
            typed,
            domain_ascii: ERASED.to_owned(),
        }
    }

    /// What stands in the place of the address of somebody or something with this id that is gone.
    #[must_use]
    pub fn of_nobody(id: Uuid) -> Self {
        Self::erased(&id.simple().to_string())
    }

    /// True when the address was erased, and this stands in its place.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.domain_ascii == ERASED
    }

    /// The address as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The part before `@`, as typed.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.typed[..self.at]
    }

    /// The domain as A-label in lower case: what goes over the wire.
    #[must_use]
    pub fn domain_ascii(&self) -> &str {
        &self.domain_ascii
    }

    /// The domain as U-label: what people read.
    #[must_use]
    pub fn domain_unicode(&self) -> String {
        idna::domain_to_unicode(&self.domain_ascii).0
    }

    /// The domain as somebody may read it who has to judge it: as U-label, but those labels that mix
    /// alphabets as no language does remain A-labels, since they look like others (UTS 39 §5.2).
    #[must_use]
    pub fn domain_shown(&self) -> String {
        domain::to_shown(&self.domain_ascii)
    }

    /// Equal for two spellings of one mailbox: local part normalised (NFC), without needless
    /// quotes and regardless of case; domain as A-label.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// True when the local part needs SMTPUTF8 (RFC 6531).
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        !self.local().is_ascii()
    }

    /// The form for `MAIL FROM` and `RCPT TO`: local part as typed, domain as A-label.
    #[must_use]
    pub fn wire(&self) -> String {
        format!("{}@{}", self.local(), self.domain_ascii)
    }

    /// The form for pages behind a link in a mail and for logs: `a***@example.org`.
    #[must_use]
    pub fn masked(&self) -> String {
        let first = self.local().chars().find(|c| c.is_alphanumeric());
        let first = first.map(String::from).unwrap_or_default();
        format!("{first}***@{}", self.domain_unicode())
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for EmailAddress {}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl FromStr for EmailAddress {
    type Err = AddressError;

    fn from_str(typed: &str) -> Result<Self, AddressError> {
        Self::parse(typed)
    }
}

/// Characters that nobody types into an address but that copying brings along. The joiners U+200C
/// and U+200D are not among them: Indic scripts and emoji need them.
const fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(typed: &str) -> String {
        EmailAddress::parse(typed).unwrap().key().to_owned()
    }

    #[test]
    fn spellings_of_one_mailbox_have_one_key() {
        assert_eq!(key("Ann@Example.ORG"), key("ann@example.org"));
        assert_eq!(key("\"ann\"@example.org"), key("ann@example.org"));
        assert_eq!(key("\"a\\n n\"@example.org"), key("\"an n\"@example.org"));
        assert_eq!(key("ann@почта.рф"), key("ann@xn--80a1acny.xn--p1ai"));
        assert_eq!(key("ann@BÜCHER.example"), key("ann@bücher.example"));
        assert_eq!(key("cafe\u{301}@example.org"), key("caf\u{e9}@example.org"));
        assert_eq!(key("ИВАН@example.org"), key("иван@example.org"));
        assert_ne!(key("ann+a@example.org"), key("ann@example.org"));
        assert_ne!(key("\"a n\"@example.org"), key("\"an\"@example.org"));
    }

    #[test]
    fn an_address_keeps_what_was_typed_and_knows_its_forms() {
        let address = EmailAddress::parse(" Анна.K@Почта.рф ").unwrap();
        assert_eq!(address.as_str(), "Анна.K@Почта.рф");
        assert_eq!(address.local(), "Анна.K");
        assert_eq!(address.domain_ascii(), "xn--80a1acny.xn--p1ai");
        assert_eq!(address.domain_unicode(), "почта.рф");
        assert_eq!(address.domain_shown(), "почта.рф");
        assert_eq!(address.wire(), "Анна.K@xn--80a1acny.xn--p1ai");
        assert!(address.needs_smtputf8());
        assert_eq!(address.masked(), "А***@почта.рф");
        let plain = EmailAddress::parse("ann@example.org").unwrap();
        assert!(!plain.needs_smtputf8());
        assert_eq!(plain.masked(), "a***@example.org");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn any_text_is_parsed_or_refused_and_what_is_parsed_parses_again(
            typed in prop_oneof![
                "\\PC{0,30}@\\PC{0,30}",
                "[a-zA-Z0-9.\"\\\\ @+ïЖ\u{0}\r\n-]{0,70}@[a-zA-Z0-9.ïЖ_\\[\\]-]{1,40}",
                "\"[ -~]{0,20}\"@[a-z]{1,8}\\.[a-z]{2,3}",
                "[a-z.ÀЖ\u{301}]{1,12}@[a-zß。.-]{1,10}\\.(org|рф|test)",
            ],
        ) {
            let Ok(address) = EmailAddress::parse(&typed) else { return Ok(()) };
            let again = EmailAddress::parse(&address.to_string()).unwrap();
            prop_assert_eq!(again.as_str(), address.as_str());
            prop_assert_eq!(again.key(), address.key());
            let wire = address.wire();
            prop_assert!(wire.len() <= ADDRESS_MAX);
            prop_assert!(!wire.chars().any(char::is_control));
            prop_assert!(!wire.contains([' ', '<', '>']) || wire.starts_with('"'));
            prop_assert!(address.domain_ascii().is_ascii());
            prop_assert_eq!(key(&wire), address.key());
        }

        #[test]
        fn a_key_parses_to_itself(
            typed in "[a-zA-Z.\"\\\\ ÀŁЖΣς\u{301}]{1,20}@(Example\\.org|БЮРО\\.рф)",
        ) {
            let Ok(address) = EmailAddress::parse(&typed) else { return Ok(()) };
            prop_assert_eq!(key(address.key()), address.key());
        }
    }
}
