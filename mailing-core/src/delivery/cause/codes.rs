//! What enhanced codes, codes and stages mean (RFC 3463, RFC 5248 and its registry, RFC 5321).

use super::{Cause, EnhancedCode, Reply, Stage};

/// An enhanced code inside the text, where qmail (`… (#5.1.1)`) and Cisco (`#5.1.0 …`) write it.
pub(super) fn embedded(reply: &Reply) -> Option<EnhancedCode> {
    reply
        .text
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_digit()))
        .filter_map(|word| word.parse::<EnhancedCode>().ok())
        .find(|code| u16::from(code.class) == reply.code / 100)
}

/// Codes that servers use for one thing only.
pub(super) fn decisive(code: &EnhancedCode, text: &str) -> Option<Cause> {
    Some(match (code.class, code.subject, code.detail) {
        (5, 1, 1) | (_, 1, 6) => Cause::NoSuchMailbox,
        // Cisco says so.
        (5, 1, 0) if text.contains(" address rejected") && !text.contains("sender") => {
            Cause::NoSuchMailbox
        }
        // Exchange Online says so for a mailbox that is not in its directory.
        (5, 4, 1) if text.contains("recipient address rejected") => Cause::NoSuchMailbox,
        (5, 4, 4) => Cause::NoSuchDomain,
        (_, 1, 3) | (_, 6, 7 | 9) => Cause::AddressNotSupported,
        (_, 1, 7 | 8) | (5, 7, 27) => Cause::SenderRefused,
        (_, 2, 2) => Cause::MailboxFull,
        (_, 2, 3) | (_, 3, 4) => Cause::TooLarge,
        (_, 3, 1) | (_, 4, 6) => Cause::ServerTrouble,
        (_, 7, 20..=24 | 26 | 509 | 515) => Cause::Unauthenticated,
        (_, 7, 25) => Cause::Policy,
        (_, 7, 28) => Cause::TryLater,
        (5, 7, 124 | 133..=136) => Cause::RecipientRefuses,
        (5, 7, 501..=503 | 511 | 513 | 606..=649) => Cause::BlockListed,
        _ => return None,
    })
}

/// What a code means when no words say more.
pub(super) const fn general(stage: Stage, code: &EnhancedCode) -> Option<Cause> {
    Some(match (code.class, code.subject, code.detail) {
        (_, 1, 0) if matches!(stage, Stage::Mail) => Cause::SenderRefused,
        (_, 1, 0 | 1) => Cause::NoSuchMailbox,
        (_, 1, 2 | 10) => Cause::NoSuchDomain,
        (5, 2, 1) => Cause::MailboxDisabled,
        (4, 2, 1) | (_, 5, 3) | (4, 7, _) => Cause::TryLater,
        (_, 3 | 4, _) => Cause::ServerTrouble,
        (_, 6, _) => Cause::Content,
        (5, 7, _) => Cause::Policy,
        _ => return None,
    })
}

/// What is left: the code and where it came.
pub(super) const fn plain(stage: Stage, code: u16) -> Cause {
    match (stage, code) {
        (Stage::Mail, 550 | 551 | 553) => Cause::SenderRefused,
        (Stage::Rcpt, 550 | 551) => Cause::NoSuchMailbox,
        (Stage::Rcpt, 501 | 553) => Cause::AddressNotSupported,
        (Stage::Rcpt, 452 | 552) => Cause::MailboxFull,
        (Stage::Rcpt, 554) => Cause::NotRecognised,
        (_, 552) => Cause::TooLarge,
        (_, 421 | 452) => Cause::ServerTrouble,
        (_, 450 | 451) => Cause::TryLater,
        (_, 550 | 554) => Cause::Policy,
        _ => Cause::NotRecognised,
    }
}
