//! One look each: what is looked at, how it is, what to do about it.

use serde::Serialize;

use mailing_app::{App, AppError, Config};
use mailing_core::delivery::Stage;
use mailing_core::engine::Engine;
use mailing_core::error::Error;
use mailing_core::id::UserId;
use mailing_core::message::{BodyFormat, MessageContent, TestSend};
use mailing_core::ports::transport::{Outcome, ServerOffer};
use mailing_core::recipient::{Attributes, EmailAddress, Mailbox};
use mailing_core::schedule::Zone;
use mailing_core::user::Language;
use mailing_web::i18n::Args as Words;

use crate::commands::serve::idle;
use crate::context::Context;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Health {
    /// As it should be.
    Ok,
    /// It works, and something about it should be better.
    Warning,
    /// It does not work.
    Broken,
}

impl Health {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Ok => "cli-doctor-ok",
            Self::Warning => "cli-doctor-warning",
            Self::Broken => "cli-doctor-broken",
        }
    }
}

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
    fn new(
        context: &Context,
        name: &'static str,
        health: Health,
        key: &str,
        words: &Words,
    ) -> Self {
        Self {
            name,
            health,
            message: context.out.text(key, words),
        }
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

/// Whoever comes here has read the configuration without an error.
pub(super) fn configuration(context: &Context) -> Check {
    let words = Words::new();
    Check::new(
        context,
        "configuration",
        Health::Ok,
        "cli-doctor-configuration",
        &words,
    )
}

/// Mail programs offer the one-click unsubscribe over https alone (RFC 8058 §3.1).
pub(super) fn public_url(context: &Context, config: &Config) -> Check {
    let url = config.server.public_url();
    let (health, key) = if url.starts_with("https://") {
        (Health::Ok, "cli-doctor-public-url")
    } else {
        (Health::Warning, "cli-doctor-public-url-plain")
    };
    Check::new(
        context,
        "public_url",
        health,
        key,
        &Words::new().text("url", url),
    )
}

/// The database is reached, migrated and whole.
pub(super) async fn database(context: &Context, app: &App) -> Check {
    let seen = match app.store.verify().await {
        Ok(()) => app.store.ping().await,
        Err(error) => Err(error),
    };
    match seen {
        Ok(()) => {
            let words = Words::new();
            Check::new(
                context,
                "database",
                Health::Ok,
                "cli-doctor-database",
                &words,
            )
        }
        Err(error) => failed(context, "database", &error.into()),
    }
}

/// The mail server answers, encrypts and takes the credentials; if asked, it takes a message, too.
pub(super) async fn mail_server(
    context: &Context,
    app: &App,
    send_to: Option<&EmailAddress>,
) -> Vec<Check> {
    let (engine, server) = match engine(app).await {
        Ok(opened) => opened,
        Err(error) => return vec![failed(context, "mail_server", &error.into())],
    };
    let offer = match engine.probe_server().await {
        Ok(offer) => offer,
        Err(outcome) => return vec![away(context, &server, &outcome)],
    };
    let mut checks = vec![reached(context, &server, &offer)];
    if let Some(to) = send_to {
        checks.push(sent(context, app, &engine, to).await);
    }
    checks
}

/// An engine over the configured transport, and the server's name.
async fn engine(app: &App) -> Result<(Engine, String), AppError> {
    let transport = app.transport()?;
    let server = transport.server();
    Ok((app.engine(transport, idle()).await?, server))
}

fn reached(context: &Context, server: &str, offer: &ServerOffer) -> Check {
    let words = Words::new().text("server", server.to_owned());
    let key = match (offer.is_encrypted, offer.is_authenticated) {
        (true, true) => "cli-doctor-mail-signed-in",
        (true, false) => "cli-doctor-mail-encrypted",
        (false, _) => "cli-doctor-mail",
    };
    Check::new(context, "mail_server", Health::Ok, key, &words)
}

fn away(context: &Context, server: &str, outcome: &Outcome) -> Check {
    let key = match outcome.stage() {
        Some(Stage::Dns) => "cli-doctor-mail-no-name",
        Some(Stage::Connect) => "cli-doctor-mail-no-answer",
        Some(Stage::Tls) => "cli-doctor-mail-encryption",
        Some(Stage::Auth) => "cli-doctor-mail-password",
        _ => "cli-doctor-mail-refuses",
    };
    let words = Words::new()
        .text("server", server.to_owned())
        .text("said", outcome.to_string());
    Check::new(context, "mail_server", Health::Broken, key, &words)
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
    Check::new(context, "send_to", health, key, &words)
}
