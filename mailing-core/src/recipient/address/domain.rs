//! The part after `@`: a host name with at least one dot, internationalised by UTS 46.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_security::{MixedScript as _, RestrictionLevel, RestrictionLevelDetection as _};

use super::AddressError;

/// Longest domain as A-label, in octets (RFC 1035 §2.3.4 less the length octets and the root).
const DOMAIN_MAX: usize = 253;

/// Longest label, in octets.
const LABEL_MAX: usize = 63;

/// The domain as A-label in lower case.
///
/// Hyphens in the third and fourth place are taken: such names are registered and receive mail.
pub(super) fn to_ascii(domain: &str) -> Result<String, AddressError> {
    if domain.starts_with('[') {
        return Err(AddressError::Ip);
    }
    let ascii = Uts46::new()
        .to_ascii(
            domain.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::CheckFirstLast,
            DnsLength::Ignore,
        )
        .map_err(|_| AddressError::Domain)?;
    if ascii.split('.').any(str::is_empty) {
        return Err(AddressError::Domain);
    }
    if ascii.len() > DOMAIN_MAX || ascii.split('.').any(|label| label.len() > LABEL_MAX) {
        return Err(AddressError::TooLong);
    }
    let (_, top) = ascii.rsplit_once('.').ok_or(AddressError::NoDot)?;
    if top.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AddressError::Ip);
    }
    Ok(ascii.into_owned())
}

/// Each label in letters, unless those are of alphabets that no language mixes.
pub(super) fn to_shown(ascii: &str) -> String {
    let labels = ascii.split('.').map(|label| {
        let (unicode, valid) = idna::domain_to_unicode(label);
        // Japanese, Chinese and Korean mix alphabets, with Latin among them.
        let is_usual = unicode.as_str().is_single_script()
            || unicode.check_restriction_level(RestrictionLevel::HighlyRestrictive);
        match valid.is_ok() && is_usual {
            true => unicode,
            false => label.to_owned(),
        }
    });
    labels.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_names_end_at_their_length() {
        let label = "a".repeat(63);
        assert!(to_ascii(&format!("{label}.org")).is_ok());
        assert_eq!(
            to_ascii(&format!("{label}a.org")),
            Err(AddressError::TooLong)
        );
        let name = format!("{label}.{label}.{label}.{}", "b".repeat(61));
        assert_eq!(name.len(), 253);
        assert!(to_ascii(&name).is_ok());
        assert_eq!(to_ascii(&format!("{name}b")), Err(AddressError::TooLong));
    }

    #[test]
    fn a_foreign_full_stop_is_a_dot_and_wide_letters_are_letters() {
        assert_eq!(to_ascii("ｅxample。org").unwrap(), "example.org");
    }

    #[test]
    fn labels_that_mix_alphabets_are_not_shown_in_letters() {
        for (typed, shown) in [
            ("example.org", "example.org"),
            ("my-mail2.example", "my-mail2.example"),
            ("почта-2.рф", "почта-2.рф"),
            ("straße.example", "straße.example"),
            ("почта.example", "почта.example"),
            ("東京tower.example", "東京tower.example"),
            // Signs of no alphabet, and an alphabet that few write.
            ("\u{2615}.example", "\u{2615}.example"),
            (
                "\u{1403}\u{14c4}\u{1483}.example",
                "\u{1403}\u{14c4}\u{1483}.example",
            ),
            // A Cyrillic letter among Latin ones, and the other way round.
            ("p\u{430}ypal.example", "xn--pypal-4ve.example"),
            ("поч\u{74}а.рф", "xn--t-8sb4bd5b.рф"),
        ] {
            let ascii = to_ascii(typed).unwrap();
            assert_eq!(to_shown(&ascii), shown, "{typed}");
        }
    }

    #[test]
    fn sharp_s_stays_itself() {
        assert_eq!(to_ascii("straße.example").unwrap(), "xn--strae-oqa.example");
    }
}
