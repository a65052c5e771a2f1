//! What servers say in words, where their codes say too little.

use super::Cause;

/// Phrases of one cause, in lower case.
struct Phrases {
    cause: Cause,
    /// Such words in a transient reply mean nothing certain.
    permanent_only: bool,
    any: &'static [&'static str],
}

const fn said(cause: Cause, any: &'static [&'static str]) -> Phrases {
    Phrases {
        cause,
        permanent_only: false,
        any,
    }
}

const fn said_for_good(cause: Cause, any: &'static [&'static str]) -> Phrases {
    Phrases {
        cause,
        permanent_only: true,
        any,
    }
}

/// The first row with a phrase of the reply decides: narrow meanings stand before wide ones.
const TABLE: &[Phrases] = &[
    said(Cause::TryLater, &["greylist", "graylist"]),
    said(
        Cause::RecipientRefuses,
        &[
            "resolver.rst.",
            "by recipient",
            "by the recipient",
            "to post to",
            "to post messages",
            "only accepts mail from",
            "permission to send to",
            "not authorized to send to",
        ],
    ),
    said(
        Cause::Unauthenticated,
        &[
            "dmarc",
            "dkim",
            "spf",
            "sender policy framework",
            "unauthenticated",
        ],
    ),
    said(Cause::Content, &["uribl", "surbl", "dbl.", "/dbl", " dbl "]),
    said(
        Cause::SenderRefused,
        &[
            "sender address rejected",
            "sender address verif",
            "sender verif",
            "sender rejected",
            "sender denied",
            "sender is rejected",
            "invalid sender",
            "domain of sender",
            "envelope sender",
            "badmailfrom",
            "from domain",
            "from address",
            "send as this sender",
            "address is not verified",
        ],
    ),
    said(
        Cause::TryLater,
        &[
            "rate limit",
            "ratelimit",
            "unusual rate",
            "frequency limit",
            "thread limit",
            "sending limit",
            "sending rate",
            "sending quota",
            "message quota",
            "throttl",
            "too quickly",
            "too fast",
            "too much",
            "too many connections",
            "too many concurrent",
            "too many messages",
            "too many recipients",
            "too many errors",
            "slow down",
            "max message per connection",
            "per hour",
            "this hour",
            "excessive volume",
            "unexpected volume",
            "temporarily deferred",
            "verification in progress",
            "unverified address",
        ],
    ),
    said(
        Cause::BlockListed,
        &[
            "blocked using",
            "block list",
            "blocklist",
            "black list",
            "blacklist",
            "dnsbl",
            " rbl",
            "spamhaus",
            "spamcop",
            "sorbs",
            "listed at",
            "listed by",
            "banned send",
            "address is banned",
            "poor reputation",
            "bad reputation",
            "negative reputation",
            "ipcheck.proofpoint",
            "spam statistics",
            "from ip address",
            "against your ip",
        ],
    ),
    said(
        Cause::RelayDenied,
        &[
            "relay access denied",
            "relaying denied",
            "relaying to",
            "relaying not",
            "relaying prohibited",
            "relay denied",
            "relay not permitted",
            "unable to relay",
            "not permitted to relay",
            "do not relay",
            "as a relay",
            "rcpthosts",
            "local user only",
            "remote addresses",
            "authentication required",
            "requires authentication",
            "client was not authenticated",
        ],
    ),
    said(
        Cause::Policy,
        &[
            "reverse dns",
            " ptr ",
            "your hostname",
            "helo ",
            "geographic",
            "policy reasons",
            "spoof",
        ],
    ),
    said(
        Cause::MailboxFull,
        &[
            "quota",
            "mailbox full",
            "mailbox is full",
            "account is full",
            "mailbox size limit",
            "storage space",
            "storage allocation",
        ],
    ),
    said(
        Cause::TooLarge,
        &[
            "message size",
            "size limit",
            "too large",
            "too big",
            "larger than",
        ],
    ),
    said(
        Cause::MailboxDisabled,
        &[
            "disabled",
            "inactive",
            "deactivated",
            "suspended",
            "discontinued",
            "terminated",
            "frozen",
            "user is blocked",
            "account is locked",
            "no longer active",
            "no longer in use",
        ],
    ),
    said(
        Cause::NoSuchDomain,
        &[
            "host unknown",
            "host not found",
            "domain not found",
            "domain does not exist",
            "no such domain",
            "does not accept mail",
            "nullmx",
            "null mx",
        ],
    ),
    said(
        Cause::NoSuchMailbox,
        &[
            "user unknown",
            "unknown user",
            "no such user",
            "no such recipient",
            "no such mailbox",
            "no such address",
            "no mailbox",
            "not found",
            "recipientnotfound",
            "does not exist",
            "doesn't exist",
            "user doesn't have",
            "not a known user",
            "unknown recipient",
            "recipient unknown",
            "addressee unknown",
            "address unknown",
            "unknown address",
            "unknown local part",
            "invalid recipient",
            "invalid mailbox",
            "marked as invalid",
            "unrouteable",
            "unroutable",
            "not our customer",
            "not local",
            "not listed in",
            "cannot deliver mail for",
            "nicht bekannt",
            "destinataire invalide",
            "utilisateur inconnu",
            "no existe",
        ],
    ),
    said_for_good(
        Cause::NoSuchMailbox,
        &["mailbox unavailable", "mailbox is unavailable"],
    ),
    said(
        Cause::AddressNotSupported,
        &["mailbox name", "smtputf8", "non-ascii", "address syntax"],
    ),
    said(
        Cause::Content,
        &[
            "spam",
            "unsolicited",
            "virus",
            "infected",
            "malware",
            "phish",
            "suspicious",
            "security issue",
            "content",
            "attachment",
            "header",
        ],
    ),
    said(
        Cause::ServerTrouble,
        &[
            "internal error",
            "local error",
            "local problem",
            "system problem",
            "system storage",
            "disk",
            "resources",
            "write error",
            "configuration",
            "temporarily unavailable",
            "currently unavailable",
            "service unavailable",
            "service not available",
            "unable to process",
            "timeout",
            "timed out",
            "server busy",
            "server is busy",
            "overload",
            "hop count",
            "loop",
        ],
    ),
    said_for_good(
        Cause::Policy,
        &[
            "policy",
            "policies",
            "prohibit",
            "blocked",
            "refused",
            "rejected",
            "denied",
            "not permitted",
        ],
    ),
];

/// The cause that the text speaks of; `text` as [`plain`] makes it.
pub(super) fn speaking_of(text: &str, permanent: bool) -> Option<Cause> {
    TABLE
        .iter()
        .filter(|row| permanent || !row.permanent_only)
        .find(|row| row.any.iter().any(|phrase| text.contains(phrase)))
        .map(|row| row.cause)
}

/// The text in lower case and without mail addresses: somebody's name may be `spam` or `full`.
pub(super) fn plain(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut kept = String::with_capacity(lower.len());
    let mut rest = lower.as_str();
    while let Some(at) = rest.find('@') {
        let before = rest[..at].trim_end_matches(is_of_address);
        kept.push_str(before);
        rest = rest[at + 1..].trim_start_matches(is_of_address);
    }
    kept.push_str(rest);
    kept
}

fn is_of_address(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_left_out_and_the_rest_is_kept() {
        for (text, kept) in [
            ("<Anna.K+x@mx-1.Example.org>... Full", "<>... full"),
            ("a@b@c d", " d"),
            ("(me@example.org:blocked)", "(:blocked)"),
            ("почта@пример.example нет", " нет"),
            ("nothing", "nothing"),
            ("@", ""),
        ] {
            assert_eq!(plain(text), kept);
        }
    }

    #[test]
    fn every_phrase_can_be_met() {
        for row in TABLE {
            for phrase in row.any {
                assert_eq!(*phrase, phrase.to_ascii_lowercase(), "{phrase}");
                assert!(!phrase.contains('@'), "{phrase}");
            }
        }
    }

    #[test]
    fn no_phrase_stands_behind_a_wider_one() {
        let mut earlier: Vec<(&str, bool)> = Vec::new();
        for row in TABLE {
            for phrase in row.any {
                let hidden = earlier
                    .iter()
                    .find(|(wide, only)| phrase.contains(wide) && (!only || row.permanent_only));
                assert_eq!(hidden, None, "{phrase}");
                earlier.push((phrase, row.permanent_only));
            }
        }
    }
}
