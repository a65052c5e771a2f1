//! What a look at the service has found, in words.

use mailing_core::checkup::{Finding, Health};
use mailing_core::delivery::Stage;

use super::{Args, Lang, refusal, text};

/// The sentence of a finding: what it means and what to do.
#[must_use]
pub fn finding(lang: Lang, finding: &Finding) -> String {
    let (key, args) = match finding {
        Finding::Configuration => ("doctor-configuration", Args::new()),
        Finding::PublicUrl { url } => {
            let key = match finding.health() {
                Health::Ok => "doctor-public-url",
                _ => "doctor-public-url-plain",
            };
            (key, Args::new().text("url", url.clone()))
        }
        Finding::Database => ("doctor-database", Args::new()),
        Finding::DatabaseBroken(why) => return refusal(lang, why),
        Finding::MailServer {
            server,
            is_encrypted,
            is_authenticated,
        } => {
            let key = match (is_encrypted, is_authenticated) {
                (true, true) => "doctor-mail-signed-in",
                (true, false) => "doctor-mail-encrypted",
                (false, _) => "doctor-mail",
            };
            (key, Args::new().text("server", server.clone()))
        }
        Finding::Outbox { server } => {
            let args = Args::new().text("server", server.clone());
            ("doctor-outbox", args)
        }
        Finding::MailServerAway {
            server,
            stage,
            said,
        } => {
            let args = Args::new()
                .text("server", server.clone())
                .text("said", said.clone());
            (away(*stage), args)
        }
    };
    text(lang, key, &args)
}

const fn away(stage: Option<Stage>) -> &'static str {
    match stage {
        Some(Stage::Dns) => "doctor-mail-no-name",
        Some(Stage::Connect) => "doctor-mail-no-answer",
        Some(Stage::Tls) => "doctor-mail-encryption",
        Some(Stage::Auth) => "doctor-mail-password",
        _ => "doctor-mail-refuses",
    }
}
