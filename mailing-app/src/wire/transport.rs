//! `mail.url` → transport.

use std::sync::Arc;

use mailing_core::ports::MailTransport;

use super::AppError;
use crate::Config;

#[cfg(feature = "smtp")]
mod smtp {
    use mailing_core::code;
    use mailing_core::error::Refusal;
    use mailing_transport_smtp::{OpenError, Options, Outbox, Roots, Timeouts, TlsMode};

    use super::{AppError, Arc, Config, MailTransport};
    use crate::config::TlsSetting;

    const KEY: &str = "mail.url";

    pub(in crate::wire) fn open(config: &Config) -> Result<Arc<dyn MailTransport>, AppError> {
        mailing_transport_smtp::open(config.mail.url.reveal(), options(config)?).map_err(refused)
    }

    pub(in crate::wire) fn outbox(config: &Config) -> Result<Option<Outbox>, AppError> {
        mailing_transport_smtp::outbox(config.mail.url.reveal()).map_err(refused)
    }

    fn options(config: &Config) -> Result<Options, AppError> {
        let mail = &config.mail;
        let roots = match &mail.ca_file {
            None => Roots::default(),
            Some(path) => {
                Roots::from_pem_file(path).map_err(|error| at("mail.ca_file", error.to_string()))?
            }
        };
        Ok(Options {
            tls: match mail.tls {
                TlsSetting::Auto => None,
                TlsSetting::Required => Some(TlsMode::Required),
                TlsSetting::Opportunistic => Some(TlsMode::Opportunistic),
                TlsSetting::None => Some(TlsMode::None),
            },
            lanes: mail.lanes,
            messages_per_connection: usize::try_from(mail.messages_per_connection)
                .unwrap_or(usize::MAX),
            helo: mail.helo.clone(),
            roots,
            timeouts: Timeouts {
                mail: mail.reply_timeout,
                rcpt: mail.reply_timeout,
                ..Timeouts::default()
            },
            ..Options::default()
        })
    }

    fn refused(error: OpenError) -> AppError {
        at(KEY, error.to_string())
    }

    fn at(key: &'static str, why: String) -> AppError {
        AppError::at(key, Refusal::new(code::CONFIG_MAIL).with("why", why))
    }
}

#[cfg(feature = "smtp")]
pub(super) use smtp::{open, outbox};

/// Builds without the transport refuse every URL by naming the feature.
#[cfg(not(feature = "smtp"))]
pub(super) fn open(_config: &Config) -> Result<Arc<dyn MailTransport>, AppError> {
    Err(AppError::feature_off("mail.url", "smtp"))
}
