//! Why a delivery failed or waits: the key of the sentence that a person reads.

mod codes;
mod words;

use super::{EnhancedCode, Reply, Stage};

named! {
    /// A cause in the words of the glossary (docs/replies.md).
    Cause {
        /// The mailbox does not exist.
        NoSuchMailbox = "no_such_mailbox",
        /// The domain does not exist or takes no mail.
        NoSuchDomain = "no_such_domain",
        /// The mailbox is full.
        MailboxFull = "mailbox_full",
        /// The mailbox is switched off.
        MailboxDisabled = "mailbox_disabled",
        /// The server asked to try later (greylisting, rate).
        TryLater = "try_later",
        /// Our server stands on a block list or has a bad name.
        BlockListed = "block_listed",
        /// SPF, DKIM or DMARC do not confirm the sender's domain.
        Unauthenticated = "unauthenticated",
        /// The recipient, or the group, takes mail from chosen senders only.
        RecipientRefuses = "recipient_refuses",
        /// The server does not pass our mail on to this domain.
        RelayDenied = "relay_denied",
        /// The server refuses the mail by a rule of its own.
        Policy = "policy",
        /// The recipient's domain refuses our mail to everybody: this message was not tried.
        DomainRefuses = "domain_refuses",
        /// The content was taken for spam or is not acceptable.
        Content = "content",
        /// The message is too large for this mailbox.
        TooLarge = "too_large",
        /// The server cannot take this address (SMTPUTF8).
        AddressNotSupported = "address_not_supported",
        /// The server refuses our sender address.
        SenderRefused = "sender_refused",
        /// The message could not be built for this recipient.
        NotBuilt = "not_built",
        /// Tried as often or as long as allowed.
        GaveUp = "gave_up",
        /// The connection broke before the message was handed over.
        ConnectionLost = "connection_lost",
        /// The server has trouble of its own.
        ServerTrouble = "server_trouble",
        /// A reply that none of these fits.
        NotRecognised = "not_recognised",
    }
}

impl Cause {
    /// What a refusal means: read from an enhanced code that says one thing only, then from words,
    /// then from what is left of the enhanced code, then from the code and the stage.
    ///
    /// Servers say `5.7.1` for seven different causes, so the words come before the general codes.
    #[must_use]
    pub fn of(stage: Stage, reply: &Reply) -> Self {
        let text = words::plain(&reply.text);
        let enhanced = reply.enhanced.or_else(|| codes::embedded(reply));
        enhanced
            .and_then(|code| codes::decisive(&code, &text))
            .or_else(|| {
                words::speaking_of(&text, reply.is_permanent()).map(|c| at(c, stage, enhanced))
            })
            .or_else(|| enhanced.and_then(|code| codes::general(stage, &code)))
            .unwrap_or_else(|| codes::plain(stage, reply.code))
    }

    /// True when it passes by itself; otherwise somebody has to do something first.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(
            self,
            Self::MailboxFull | Self::TryLater | Self::ConnectionLost | Self::ServerTrouble
        )
    }

    /// True when it says that mail to this address can never arrive.
    #[must_use]
    pub const fn condemns_the_address(self) -> bool {
        matches!(
            self,
            Self::NoSuchMailbox | Self::NoSuchDomain | Self::AddressNotSupported
        )
    }
}

/// The same words mean another thing where they answer `MAIL`, or stand beside a code of policy.
fn at(cause: Cause, stage: Stage, enhanced: Option<EnhancedCode>) -> Cause {
    match cause {
        Cause::NoSuchMailbox | Cause::NoSuchDomain if stage == Stage::Mail => Cause::SenderRefused,
        Cause::ServerTrouble if enhanced.is_some_and(|code| code.subject == 7) => Cause::TryLater,
        cause => cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn means(table: &[(Stage, u16, &str, Cause)]) {
        for (stage, code, text, cause) in table {
            let found = Cause::of(*stage, &Reply::new(*code, text));
            assert_eq!(found, *cause, "{code} {text}");
        }
    }

    #[test]
    fn a_decisive_enhanced_code_comes_before_everything() {
        means(&[
            (Stage::Rcpt, 550, "5.1.1 who?", Cause::NoSuchMailbox),
            (Stage::Rcpt, 550, "5.1.6 moved", Cause::NoSuchMailbox),
            (Stage::Rcpt, 553, "5.1.3 syntax", Cause::AddressNotSupported),
            (Stage::Rcpt, 550, "5.6.7 UTF-8", Cause::AddressNotSupported),
            (Stage::Rcpt, 552, "5.2.2 spam", Cause::MailboxFull),
            (Stage::Rcpt, 452, "4.2.2 full", Cause::MailboxFull),
            (Stage::Mail, 550, "5.1.8 bad sender", Cause::SenderRefused),
            (Stage::Dot, 552, "5.3.4 too big", Cause::TooLarge),
            (
                Stage::Dot,
                550,
                "5.7.515 Access denied",
                Cause::Unauthenticated,
            ),
            (
                Stage::Mail,
                550,
                "5.7.606 Access denied",
                Cause::BlockListed,
            ),
        ]);
    }

    #[test]
    fn words_refine_a_general_enhanced_code() {
        means(&[
            (Stage::Rcpt, 550, "5.7.1 No such user", Cause::NoSuchMailbox),
            (
                Stage::Rcpt,
                550,
                "5.7.1 Relaying denied",
                Cause::RelayDenied,
            ),
            (Stage::Dot, 550, "5.7.1 spam", Cause::Content),
            (Stage::Rcpt, 550, "5.7.1 no", Cause::Policy),
            (Stage::Rcpt, 450, "4.7.1 no", Cause::TryLater),
            (
                Stage::Rcpt,
                450,
                "4.7.1 service unavailable",
                Cause::TryLater,
            ),
            (Stage::Rcpt, 556, "5.1.10 null MX", Cause::NoSuchDomain),
            (Stage::Rcpt, 550, "5.2.1 no", Cause::MailboxDisabled),
            (Stage::Rcpt, 450, "4.2.1 no", Cause::TryLater),
            (Stage::Rcpt, 451, "4.3.0 no", Cause::ServerTrouble),
            (Stage::Dot, 554, "5.6.0 bad MIME", Cause::Content),
        ]);
    }

    #[test]
    fn without_an_enhanced_code_words_then_code_and_stage_decide() {
        means(&[
            (Stage::Mail, 553, "no", Cause::SenderRefused),
            (
                Stage::Mail,
                517,
                "Domain does not exist",
                Cause::SenderRefused,
            ),
            (Stage::Rcpt, 550, "no", Cause::NoSuchMailbox),
            (Stage::Rcpt, 551, "elsewhere", Cause::NoSuchMailbox),
            (Stage::Rcpt, 553, "no", Cause::AddressNotSupported),
            (Stage::Rcpt, 552, "no", Cause::MailboxFull),
            (Stage::Rcpt, 452, "no", Cause::MailboxFull),
            (Stage::Rcpt, 450, "no", Cause::TryLater),
            (
                Stage::Rcpt,
                550,
                "Blocked by dnsbl.example",
                Cause::BlockListed,
            ),
            (Stage::Rcpt, 553, "relaying denied", Cause::RelayDenied),
            (Stage::Greeting, 554, "no", Cause::Policy),
            (Stage::Dot, 550, "no", Cause::Policy),
            (Stage::Dot, 552, "no", Cause::TooLarge),
            (Stage::Data, 451, "no", Cause::TryLater),
            (Stage::Rcpt, 421, "no", Cause::ServerTrouble),
            (Stage::Rcpt, 554, "no", Cause::NotRecognised),
            (Stage::Data, 503, "what?", Cause::NotRecognised),
            (Stage::Rcpt, 499, "", Cause::NotRecognised),
        ]);
    }

    #[test]
    fn an_enhanced_code_is_found_where_qmail_and_cisco_write_it() {
        means(&[
            (Stage::Rcpt, 550, "sorry (#5.1.1)", Cause::NoSuchMailbox),
            (Stage::Dot, 552, "#5.3.4 no", Cause::TooLarge),
            (
                Stage::Rcpt,
                550,
                "(#4.2.2) of another class",
                Cause::NoSuchMailbox,
            ),
            (Stage::Rcpt, 554, "from 5.1.1.8", Cause::NotRecognised),
        ]);
    }

    #[test]
    fn addresses_in_the_text_say_nothing() {
        means(&[
            (
                Stage::Rcpt,
                554,
                "<spam.policy@relay.example> ?",
                Cause::NotRecognised,
            ),
            (
                Stage::Rcpt,
                550,
                "list (full@example.org:blocked)",
                Cause::Policy,
            ),
        ]);
    }

    #[test]
    fn each_cause_has_a_name_of_its_own() {
        for cause in Cause::ALL {
            assert_eq!(Cause::from_name(cause.as_str()), Some(*cause));
        }
        assert_eq!(Cause::from_name("because"), None);
    }
}
