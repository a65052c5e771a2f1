//! What a server offers in its answer to EHLO (RFC 5321 §4.1.1.1).

#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)
)]

use super::reply::RawReply;

/// The extensions that the dialogue knows. Codes of ENHANCEDSTATUSCODES (RFC 2034) are read with or
/// without the keyword; 8BITMIME and CHUNKING are never needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Extensions {
    /// RFC 2920.
    pub(crate) pipelining: bool,
    /// RFC 3207.
    pub(crate) starttls: bool,
    /// RFC 6531.
    pub(crate) smtputf8: bool,
    /// RFC 3461.
    pub(crate) dsn: bool,
    /// RFC 1870.
    pub(crate) size: Option<SizeLimit>,
    /// `AUTH PLAIN` (RFC 4616).
    pub(crate) auth_plain: bool,
    /// `AUTH LOGIN`, never standardised, still the only one of some servers.
    pub(crate) auth_login: bool,
}

/// `SIZE`, with or without a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SizeLimit {
    /// The keyword alone, or 0: the limit is not known.
    Unknown,
    /// In octets.
    Octets(u64),
}

impl Extensions {
    /// Reads the keywords of a reply; its first line is the server's name.
    pub(crate) fn read(reply: &RawReply) -> Self {
        let mut found = Self::default();
        for line in reply.lines.iter().skip(1) {
            // Some servers still write AUTH=LOGIN beside AUTH LOGIN.
            let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
            let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
            match keyword.as_str() {
                "PIPELINING" => found.pipelining = true,
                "STARTTLS" => found.starttls = true,
                "SMTPUTF8" => found.smtputf8 = true,
                "DSN" => found.dsn = true,
                "SIZE" => found.size = Some(SizeLimit::read(words.next())),
                "AUTH" => {
                    for mechanism in words {
                        found.auth_plain |= mechanism.eq_ignore_ascii_case("PLAIN");
                        found.auth_login |= mechanism.eq_ignore_ascii_case("LOGIN");
                    }
                }
                _ => {}
            }
        }
        found
    }
}

impl SizeLimit {
    fn read(parameter: Option<&str>) -> Self {
        match parameter.and_then(|text| text.parse().ok()) {
            Some(octets) if octets > 0 => Self::Octets(octets),
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(lines: &[&str]) -> Extensions {
        let mut all = vec!["mail.example greets you".to_owned()];
        all.extend(lines.iter().map(|line| (*line).to_owned()));
        Extensions::read(&RawReply {
            code: 250,
            lines: all,
        })
    }

    #[test]
    fn keywords_are_read_in_any_case() {
        let found = offered(&[
            "pipelining",
            "SIZE 1000",
            "StartTLS",
            "DSN",
            "SMTPUTF8",
            "XYZ",
        ]);
        assert!(found.pipelining && found.starttls && found.dsn && found.smtputf8);
        assert_eq!(found.size, Some(SizeLimit::Octets(1000)));
    }

    #[test]
    fn a_size_of_nothing_is_no_limit() {
        for line in [
            "SIZE",
            "SIZE 0",
            "SIZE many",
            "SIZE 99999999999999999999999",
        ] {
            assert_eq!(offered(&[line]).size, Some(SizeLimit::Unknown), "{line}");
        }
        assert_eq!(offered(&[]).size, None);
    }

    #[test]
    fn mechanisms_are_read_from_both_spellings() {
        let found = offered(&["AUTH CRAM-MD5 login", "AUTH=PLAIN"]);
        assert!(found.auth_login && found.auth_plain);
        let found = offered(&["AUTH SCRAM-SHA-256"]);
        assert!(!found.auth_login && !found.auth_plain);
    }

    #[test]
    fn the_greeting_line_is_no_keyword() {
        let reply = RawReply {
            code: 250,
            lines: vec!["PIPELINING".to_owned()],
        };
        assert_eq!(Extensions::read(&reply), Extensions::default());
    }
}
