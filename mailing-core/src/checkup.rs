//! What is looked at to see whether the service can work, and what was found: the same for the
//! command line and for the administrators' page.

use crate::code;
use crate::delivery::Stage;
use crate::error::{Error, Refusal};

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// As it should be.
    Ok,
    /// It works, and something about it should be better.
    Warning,
    /// It does not work.
    Broken,
}

/// What was found about one thing.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// The configuration was read without an error.
    Configuration,
    /// The address under which people reach the service.
    PublicUrl {
        /// The address.
        url: String,
    },
    /// The database answers, is migrated and whole.
    Database,
    /// The database is not to be used.
    DatabaseBroken(Refusal),
    /// The mail server answers.
    MailServer {
        /// Host and port, never credentials.
        server: String,
        /// The connection is encrypted.
        is_encrypted: bool,
        /// It took user and password.
        is_authenticated: bool,
    },
    /// There is no mail server: what is sent is kept where it is, and reaches nobody.
    Outbox {
        /// Where it is kept.
        server: String,
    },
    /// The mail server cannot be used.
    MailServerAway {
        /// Host and port, never credentials.
        server: String,
        /// How far the conversation came.
        stage: Option<Stage>,
        /// What it said or what broke: technical words.
        said: String,
    },
}

impl Finding {
    /// The database's, when it is not to be used.
    #[must_use]
    pub fn of_database(error: &Error) -> Self {
        Self::DatabaseBroken(match error {
            Error::Denied(refusal)
            | Error::Conflict(refusal)
            | Error::Throttled(refusal)
            | Error::Unavailable(refusal, _) => refusal.clone(),
            Error::Invalid(fields) => fields
                .first()
                .map_or(code::INTERNAL.into(), |field| field.refusal.clone()),
            Error::NotFound | Error::Internal(_) => error.code().into(),
        })
    }

    /// What was looked at: `configuration`, `public_url`, `database`, `mail_server`.
    #[must_use]
    pub const fn check(&self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::PublicUrl { .. } => "public_url",
            Self::Database | Self::DatabaseBroken(_) => "database",
            Self::MailServer { .. } | Self::Outbox { .. } | Self::MailServerAway { .. } => {
                "mail_server"
            }
        }
    }

    /// How it is. Mail programs offer the one-click unsubscribe over https alone (RFC 8058 §3.1).
    #[must_use]
    pub fn health(&self) -> Health {
        match self {
            Self::Configuration | Self::Database | Self::MailServer { .. } => Health::Ok,
            Self::PublicUrl { url } if url.starts_with("https://") => Health::Ok,
            Self::PublicUrl { .. } | Self::Outbox { .. } => Health::Warning,
            Self::DatabaseBroken(_) | Self::MailServerAway { .. } => Health::Broken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_as_it_should_be_for_people() {
        let url = |url: &str| Finding::PublicUrl {
            url: url.to_owned(),
        };
        assert_eq!(url("https://mailing.example.org").health(), Health::Ok);
        assert_eq!(url("http://127.0.0.1:8080").health(), Health::Warning);
    }

    #[test]
    fn what_does_not_answer_is_broken_and_says_why() {
        let away = Error::Unavailable(code::STORE_UNAVAILABLE.into(), None);
        let found = Finding::of_database(&away);
        assert_eq!(
            (found.check(), found.health()),
            ("database", Health::Broken)
        );
        let expected = Finding::DatabaseBroken(code::STORE_UNAVAILABLE.into());
        assert_eq!(found, expected);
        let away = Finding::MailServerAway {
            server: "mx.example.org:25".to_owned(),
            stage: Some(Stage::Connect),
            said: "timeout".to_owned(),
        };
        assert_eq!(
            (away.check(), away.health()),
            ("mail_server", Health::Broken)
        );
    }
}
