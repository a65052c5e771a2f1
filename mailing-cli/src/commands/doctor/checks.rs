//! One look each: what is looked at, how it is, what to do about it.

use serde::Serialize;

use mailing_app::{App, AppError};
use mailing_core::checkup::{Finding, Health};
use mailing_core::engine::Engine;
use mailing_core::error::Error;
use mailing_core::id::UserId;
use mailing_core::message::{BodyFormat, MessageContent, TestSend};
use mailing_core::ports::transport::Outcome;
use mailing_core::recipient::{Attributes, EmailAddress, Mailbox};
use mailing_core::schedule::Zone;
use mailing_core::user::Language;
use mailing_web::i18n::{Args as Words, finding};

use crate::commands::serve::idle;
use crate::context::Context;

/// What was found about one thing.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Check {
    /// What was looked at: `configuration`, `public_url`, `database`, `mail_server`, `send_to`.
    #[serde(rename = "check")]
    pub(super) name: &'static str,
    pub(super) health: Health,
    /// A sentence in the command's language.
    pub(super) message: String,
}

impl Check {
    /// A finding in words.
    pub(super) fn of(context: &Context, found: &Finding) -> Self {
        Self {
            name: found.check(),
            health: found.health(),
            message: finding(context.out.lang, found),
        }
    }

    fn of_sending(context: &Context, health: Health, key: &str, words: &Words) -> Self {
        Self {
            name: "send_to",
            health,
            message: context.out.text(key, words),
        }
    }
}

/// The key of the word for how something is.
pub(super) const fn word(health: Health) -> &'static str {
    match health {
        Health::Ok => "cli-doctor-ok",
        Health::Warning => "cli-doctor-warning",
        Health::Broken => "cli-doctor-broken",
    }
}

/// Something failed as a command would have: with the words of its error.
pub(super) fn failed(context: &Context, name: &'static str, error: &Error) -> Check {
    Check {
        name,
        health: Health::Broken,
        message: context.out.message(error),
    }
}

/// Whether the mail server takes a message.
pub(super) async fn sending(context: &Context, app: &App, to: &EmailAddress) -> Check {
    match engine(app).await {
        Ok(engine) => sent(context, app, &engine, to).await,
        Err(error) => failed(context, "send_to", &error.into()),
    }
}

/// An engine over the configured transport.
async fn engine(app: &App) -> Result<Engine, AppError> {
    app.engine(app.transport()?, idle()).await
}

async fn sent(context: &Context, app: &App, engine: &Engine, to: &EmailAddress) -> Check {
    let mailbox = Mailbox {
        name: None,
        address: to.clone(),
    };
    let words = Words::new().text("url", app.config.server.public_url());
    let (subject, body) = (
        context.out.text("cli-doctor-subject", &words),
        context.out.text("cli-doctor-body", &words),
    );
    let content = match MessageContent::check(&subject, &body, BodyFormat::Markdown, None) {
        Ok(content) => content,
        Err(error) => return failed(context, "send_to", &error.into()),
    };
    let test = TestSend {
        owner: UserId::new(app.clock.now(), app.entropy.as_ref()),
        content,
        from: mailbox.clone(),
        to: vec![mailbox],
        attributes: Attributes::default(),
        language: Language::En,
        zone: Zone::utc(),
    };
    let sent = engine.send_test(&test).await;
    let outcome = sent.into_iter().next().map(|one| one.outcome);
    let (health, key, said) = match outcome {
        Some(Ok(Outcome::Accepted(reply))) => (Health::Ok, "cli-test-taken", reply.to_string()),
        Some(Ok(outcome)) => (Health::Broken, "cli-test-not-taken", outcome.to_string()),
        Some(Err(error)) => (Health::Broken, "cli-test-not-taken", error.to_string()),
        None => (Health::Broken, "cli-test-not-taken", String::new()),
    };
    let words = Words::new().text("to", to.to_string()).text("said", said);
    Check::of_sending(context, health, key, &words)
}
