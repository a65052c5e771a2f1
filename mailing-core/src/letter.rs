//! The service's own mail: what there is to tell, and the row that waits until it is sent.
//!
//! A letter is written in the transaction of the change that it tells of, so neither is without the
//! other. Words come from the [`Letters`](crate::ports::Letters) port when it is sent.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::id::{FeedbackId, MailingId, RunId, SystemMailId};
use crate::ports::Entropy;
use crate::recipient::{DisplayName, EmailAddress, Mailbox};
use crate::seal::SealingKey;
use crate::time::Timestamp;
use crate::user::{Language, LinkToken};

/// A notice that nobody waits for is tried for so long.
const NOTICE_LIVES: Duration = Duration::days(3);

/// What a letter tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    /// Somebody registered with this address: the link proves that it is theirs.
    VerifyAddress {
        /// Of the link.
        token: LinkToken,
    },
    /// Somebody registered with this address, which has an account already.
    AlreadyRegistered,
    /// The link leads to a form for a new password.
    ResetPassword {
        /// Of the link.
        token: LinkToken,
    },
    /// An administrator made an account for this address: the link leads to a form for its password.
    Invited {
        /// Of the link.
        token: LinkToken,
    },
    /// The password was changed.
    PasswordChanged,
    /// The link proves the new address of an account.
    NewAddress {
        /// Of the link.
        token: LinkToken,
    },
    /// To the old address: the account has another one from now on, unless the link is followed.
    AddressChanged {
        /// The new address, masked.
        to: String,
        /// Of the link that takes it back.
        token: LinkToken,
    },
    /// The link proves an address to send from.
    VerifySender {
        /// Of the link.
        token: LinkToken,
        /// The login of whoever wants to send from it.
        owner: String,
    },
    /// Sign-in by code was switched on or off.
    SecondFactor {
        /// On, or off.
        on: bool,
    },
    /// A manager stopped a mailing.
    MailingDisabled {
        /// Which.
        mailing: MailingId,
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// A manager let a mailing go on.
    MailingEnabled {
        /// Which.
        mailing: MailingId,
        /// Its name.
        name: String,
    },
    /// A run has ended, and not everybody got the message.
    RunFailures {
        /// Which.
        run: RunId,
        /// Its mailing's name.
        name: String,
        /// How many were to get it.
        planned: u64,
        /// How many were refused.
        failed: u64,
        /// Of how many it is not known.
        unknown: u64,
    },
    /// A run was ended by what its owner could not foresee.
    RunStopped {
        /// Which.
        run: RunId,
        /// Its mailing's name.
        name: String,
        /// How many did not get it.
        unsent: u64,
    },
    /// A manager stopped the user.
    UserBlocked {
        /// Why.
        reason: String,
    },
    /// A manager let the user go on.
    UserUnblocked,
    /// The account was deleted.
    AccountDeleted,
    /// Somebody wrote on the contacts page.
    Feedback {
        /// Which.
        feedback: FeedbackId,
        /// Who wrote.
        name: String,
        /// Where an answer goes.
        email: String,
        /// Another way to answer.
        phone: Option<String>,
        /// What was written.
        text: String,
    },
}

impl Letter {
    /// The name of its kind in the database and in the keys of its words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::VerifyAddress { .. } => "verify_address",
            Self::AlreadyRegistered => "already_registered",
            Self::ResetPassword { .. } => "reset_password",
            Self::Invited { .. } => "invited",
            Self::PasswordChanged => "password_changed",
            Self::NewAddress { .. } => "new_address",
            Self::AddressChanged { .. } => "address_changed",
            Self::VerifySender { .. } => "verify_sender",
            Self::SecondFactor { on: true } => "second_factor_on",
            Self::SecondFactor { on: false } => "second_factor_off",
            Self::MailingDisabled { .. } => "mailing_disabled",
            Self::MailingEnabled { .. } => "mailing_enabled",
            Self::RunFailures { .. } => "run_failures",
            Self::RunStopped { .. } => "run_stopped",
            Self::UserBlocked { .. } => "user_blocked",
            Self::UserUnblocked => "user_unblocked",
            Self::AccountDeleted => "account_deleted",
            Self::Feedback { .. } => "feedback",
        }
    }

    /// Who is answered, when not the service itself.
    #[must_use]
    pub fn reply_to(&self) -> Option<Mailbox> {
        let Self::Feedback { name, email, .. } = self else {
            return None;
        };
        Some(Mailbox {
            name: DisplayName::parse(name).ok(),
            address: EmailAddress::parse(email).ok()?,
        })
    }

    /// How long it is worth sending: not longer than the link in it leads anywhere.
    #[must_use]
    pub fn lives(&self) -> Duration {
        use crate::user::TokenKind;
        match self {
            Self::VerifyAddress { .. } => TokenKind::VerifyAddress.lives(),
            Self::ResetPassword { .. } => TokenKind::ResetPassword.lives(),
            Self::Invited { .. } => TokenKind::Invitation.lives(),
            Self::NewAddress { .. } => TokenKind::NewAddress.lives(),
            Self::VerifySender { .. } => TokenKind::VerifySender.lives(),
            _ => NOTICE_LIVES,
        }
    }
}

/// A letter in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterText {
    /// The name that it comes from.
    pub from: Option<DisplayName>,
    /// `Subject`, not yet encoded.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part, a whole page.
    pub html: String,
}

/// A letter that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemMail {
    /// Id.
    pub id: SystemMailId,
    /// Name of the letter's kind, for logs.
    pub kind: String,
    /// To whom.
    pub to: EmailAddress,
    /// In which language.
    pub language: Language,
    /// The [`Letter`], sealed for [`place`](Self::place).
    pub letter: Vec<u8>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Not tried before.
    pub due_at: Timestamp,
    /// Not tried after.
    pub give_up_at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
}

impl SystemMail {
    /// A letter as it waits, from `now` on.
    ///
    /// # Errors
    /// None that a [`Letter`] has.
    pub fn written(
        letter: &Letter,
        to: &EmailAddress,
        language: Language,
        now: Timestamp,
        entropy: &dyn Entropy,
        seals: &SealingKey,
    ) -> Result<Self, serde_json::Error> {
        let id = SystemMailId::new(now, entropy);
        let plain = serde_json::to_vec(letter)?;
        Ok(Self {
            id,
            kind: letter.kind().to_owned(),
            to: to.clone(),
            language,
            letter: seals.seal(entropy, &Self::place(id), &plain),
            created_at: now,
            due_at: now,
            give_up_at: now + letter.lives(),
            tries: 0,
        })
    }

    /// For what the letter of the row `id` is sealed.
    #[must_use]
    pub fn place(id: SystemMailId) -> String {
        format!("system_mails {id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_read_back_as_it_was_written_and_says_its_kind() {
        let token = LinkToken::presented("abc");
        let letters = [
            Letter::VerifyAddress {
                token: token.clone(),
            },
            Letter::AddressChanged {
                to: "a***@example.org".into(),
                token,
            },
            Letter::UserUnblocked,
        ];
        for letter in letters {
            let json = serde_json::to_string(&letter).unwrap();
            assert!(json.contains(&format!("\"{}\"", letter.kind())), "{json}");
            assert_eq!(serde_json::from_str::<Letter>(&json).unwrap(), letter);
            assert!(!format!("{letter:?}").contains("abc"));
        }
    }

    #[test]
    fn only_feedback_is_answered_elsewhere_and_never_with_another_header() {
        let feedback = |name: &str, email: &str| Letter::Feedback {
            feedback: FeedbackId::from(uuid::Uuid::nil()),
            name: name.to_owned(),
            email: email.to_owned(),
            phone: None,
            text: "Hello".to_owned(),
        };
        let mailbox = feedback("Анна", "anna@example.org").reply_to().unwrap();
        assert_eq!(mailbox.name.unwrap().as_str(), "Анна");
        assert_eq!(mailbox.address.as_str(), "anna@example.org");
        let injected = feedback("Ann\r\nBcc: x@y.org", "ann@example.org").reply_to();
        assert_eq!(injected.unwrap().name, None);
        assert_eq!(feedback("Ann", "a@b.org\r\nBcc: x@y.org").reply_to(), None);
        assert_eq!(Letter::AccountDeleted.reply_to(), None);
    }

    #[test]
    fn a_letter_with_a_link_is_not_sent_when_the_link_is_over() {
        let reset = Letter::ResetPassword {
            token: LinkToken::presented("abc"),
        };
        assert_eq!(reset.lives(), Duration::minutes(30));
        assert_eq!(Letter::PasswordChanged.lives(), NOTICE_LIVES);
    }
}
