//! Why a delivery failed or waits: the key of the sentence that a person reads.

use super::{EnhancedCode, Reply, Stage};

/// Words of servers that refuse by policy but give no enhanced code. What they refuse is our mail,
/// not the mailbox.
const POLICY_WORDS: [&str; 9] = [
    "spam",
    "blocked",
    "block list",
    "blocklist",
    "blacklist",
    "policy",
    "relay",
    "reputation",
    "dnsbl",
];

/// A cause in the words of the glossary. Found from the enhanced code, then the code, then the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The mailbox does not exist.
    NoSuchMailbox,
    /// The domain does not exist or takes no mail.
    NoSuchDomain,
    /// The mailbox is full.
    MailboxFull,
    /// The mailbox is switched off.
    MailboxDisabled,
    /// The server asked to try later (greylisting, rate).
    TryLater,
    /// The server refuses the mail by its policy or a block list.
    Policy,
    /// The content was taken for spam or is not acceptable.
    Content,
    /// The message is too large for this mailbox.
    TooLarge,
    /// The server cannot take this address (SMTPUTF8).
    AddressNotSupported,
    /// The server refuses our sender address.
    SenderRefused,
    /// The message could not be built for this recipient.
    NotBuilt,
    /// Tried as often or as long as allowed.
    GaveUp,
    /// The connection broke before the message was handed over.
    ConnectionLost,
    /// The server has trouble of its own.
    ServerTrouble,
    /// A reply that none of these fits.
    NotRecognised,
}

impl Cause {
    /// Every cause there is.
    pub const ALL: [Self; 15] = [
        Self::NoSuchMailbox,
        Self::NoSuchDomain,
        Self::MailboxFull,
        Self::MailboxDisabled,
        Self::TryLater,
        Self::Policy,
        Self::Content,
        Self::TooLarge,
        Self::AddressNotSupported,
        Self::SenderRefused,
        Self::NotBuilt,
        Self::GaveUp,
        Self::ConnectionLost,
        Self::ServerTrouble,
        Self::NotRecognised,
    ];

    /// What a refusal means: read from the enhanced code, then the code, then the stage.
    #[must_use]
    pub fn of(stage: Stage, reply: &Reply) -> Self {
        reply
            .enhanced
            .and_then(|code| Self::of_enhanced(&code))
            .unwrap_or_else(|| Self::of_code(stage, reply))
    }

    /// By RFC 3463 and the registry of enhanced codes; `None` where the code alone says more.
    const fn of_enhanced(code: &EnhancedCode) -> Option<Self> {
        Some(match (code.class, code.subject, code.detail) {
            (_, 1, 1 | 6) => Self::NoSuchMailbox,
            (_, 1, 2 | 10) | (5, 4, 4) => Self::NoSuchDomain,
            (_, 1, 3) | (_, 6, 7 | 9) => Self::AddressNotSupported,
            (_, 1, 7 | 8) => Self::SenderRefused,
            (_, 2, 1) => Self::MailboxDisabled,
            (_, 2, 2) => Self::MailboxFull,
            (_, 2 | 3, 3 | 4) => Self::TooLarge,
            (_, 3 | 4, _) => Self::ServerTrouble,
            (_, 6, _) => Self::Content,
            (4, 7, _) => Self::TryLater,
            (5, 7, _) => Self::Policy,
            _ => return None,
        })
    }

    fn of_code(stage: Stage, reply: &Reply) -> Self {
        match (stage, reply.code) {
            (Stage::Mail, 550 | 553) => Self::SenderRefused,
            _ if reply.is_permanent() && speaks_of_policy(&reply.text) => Self::Policy,
            (Stage::Rcpt, 550 | 551) => Self::NoSuchMailbox,
            (Stage::Rcpt, 501 | 553) => Self::AddressNotSupported,
            (Stage::Rcpt, 452 | 552) => Self::MailboxFull,
            (_, 552) => Self::TooLarge,
            (_, 421 | 452) => Self::ServerTrouble,
            (_, 450 | 451) => Self::TryLater,
            (_, 550 | 554) => Self::Policy,
            _ => Self::NotRecognised,
        }
    }

    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSuchMailbox => "no_such_mailbox",
            Self::NoSuchDomain => "no_such_domain",
            Self::MailboxFull => "mailbox_full",
            Self::MailboxDisabled => "mailbox_disabled",
            Self::TryLater => "try_later",
            Self::Policy => "policy",
            Self::Content => "content",
            Self::TooLarge => "too_large",
            Self::AddressNotSupported => "address_not_supported",
            Self::SenderRefused => "sender_refused",
            Self::NotBuilt => "not_built",
            Self::GaveUp => "gave_up",
            Self::ConnectionLost => "connection_lost",
            Self::ServerTrouble => "server_trouble",
            Self::NotRecognised => "not_recognised",
        }
    }

    /// The cause of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == name)
    }
}

/// True when a reply without an enhanced code refuses our mail rather than the mailbox.
fn speaks_of_policy(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    POLICY_WORDS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enhanced_code_decides_before_the_code_and_the_stage() {
        let table = [
            (Stage::Rcpt, 550, "5.1.1 who?", Cause::NoSuchMailbox),
            (Stage::Rcpt, 550, "5.1.6 moved", Cause::NoSuchMailbox),
            (Stage::Rcpt, 550, "5.1.2 no such host", Cause::NoSuchDomain),
            (Stage::Rcpt, 556, "5.1.10 null MX", Cause::NoSuchDomain),
            (Stage::Rcpt, 553, "5.1.3 syntax", Cause::AddressNotSupported),
            (
                Stage::Rcpt,
                550,
                "5.6.7 needs UTF-8",
                Cause::AddressNotSupported,
            ),
            (Stage::Rcpt, 550, "5.2.1 inactive", Cause::MailboxDisabled),
            (Stage::Rcpt, 552, "5.2.2 full", Cause::MailboxFull),
            (Stage::Rcpt, 452, "4.2.2 full", Cause::MailboxFull),
            (Stage::Rcpt, 450, "4.7.1 greylisted", Cause::TryLater),
            (Stage::Rcpt, 550, "5.7.1 unknown user, or so", Cause::Policy),
            (Stage::Rcpt, 550, "5.7.515 access denied", Cause::Policy),
            (Stage::Rcpt, 451, "4.3.0 disk", Cause::ServerTrouble),
            (Stage::Mail, 550, "5.1.8 bad sender", Cause::SenderRefused),
            (Stage::Dot, 552, "5.3.4 too big", Cause::TooLarge),
            (Stage::Dot, 552, "5.2.3 too big", Cause::TooLarge),
            (Stage::Dot, 554, "5.6.0 bad MIME", Cause::Content),
            (Stage::Dot, 421, "4.4.2 timeout", Cause::ServerTrouble),
        ];
        for (stage, code, text, cause) in table {
            assert_eq!(
                Cause::of(stage, &Reply::new(code, text)),
                cause,
                "{code} {text}"
            );
        }
    }

    #[test]
    fn without_an_enhanced_code_code_and_stage_decide() {
        let table = [
            (Stage::Mail, 553, "no", Cause::SenderRefused),
            (Stage::Rcpt, 550, "no such user", Cause::NoSuchMailbox),
            (Stage::Rcpt, 551, "not local", Cause::NoSuchMailbox),
            (Stage::Rcpt, 553, "not allowed", Cause::AddressNotSupported),
            (Stage::Rcpt, 552, "full", Cause::MailboxFull),
            (Stage::Rcpt, 452, "full", Cause::MailboxFull),
            (Stage::Rcpt, 450, "greylisted", Cause::TryLater),
            (Stage::Rcpt, 451, "try later", Cause::TryLater),
            (Stage::Rcpt, 550, "Blocked by dnsbl.example", Cause::Policy),
            (Stage::Rcpt, 553, "relaying denied", Cause::Policy),
            (Stage::Rcpt, 554, "no", Cause::Policy),
            (Stage::Dot, 550, "no", Cause::Policy),
            (Stage::Dot, 552, "too much", Cause::TooLarge),
            (Stage::Data, 451, "later", Cause::TryLater),
            (Stage::Data, 503, "what?", Cause::NotRecognised),
            (Stage::Rcpt, 499, "", Cause::NotRecognised),
        ];
        for (stage, code, text, cause) in table {
            assert_eq!(
                Cause::of(stage, &Reply::new(code, text)),
                cause,
                "{code} {text}"
            );
        }
    }

    #[test]
    fn each_cause_has_a_name_of_its_own() {
        for cause in Cause::ALL {
            assert_eq!(Cause::from_name(cause.as_str()), Some(cause));
        }
        assert_eq!(Cause::from_name("because"), None);
    }
}
