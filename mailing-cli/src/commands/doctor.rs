//! `mailing doctor`: looks at everything that sending depends on, and says what to do.

mod checks;
mod ledger;

use clap::Args;
use serde_json::json;

use mailing_app::{App, Checkup};
use mailing_core::checkup::{Finding, Health};
use mailing_core::error::Error;
use mailing_core::recipient::EmailAddress;
use mailing_web::i18n::Args as Words;

use crate::context::Context;
use crate::exit::{DEPENDENCY, Done, FAILURE, Failure};

use self::checks::Check;

/// Options of `mailing doctor`.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Only count every run again from its rows
    #[arg(long, conflicts_with = "send_to")]
    ledger: bool,
    /// Send a message there through the mail server, from the same address
    #[arg(long, value_name = "EMAIL")]
    send_to: Option<String>,
}

pub(crate) async fn run(context: &Context, args: DoctorArgs) -> Result<Done, Failure> {
    if args.ledger {
        let app = context.app().await?;
        return tell(context, &[], Some(&ledger::count(context, &app).await?));
    }
    let send_to = args.send_to.as_deref().map(address).transpose()?;
    let config = context.config(false)?;
    let url = config.server.public_url();
    let in_words = |found: &[Finding]| -> Vec<Check> {
        let found = found.iter();
        found.map(|one| Check::of(context, one)).collect()
    };
    let app = match App::open(config).await {
        Ok(app) => app,
        Err(error) => {
            // This is as far as one can look.
            let mut checks = in_words(&[Finding::Configuration, Finding::PublicUrl { url }]);
            checks.push(checks::failed(context, "database", &error.into()));
            return tell(context, &checks, None);
        }
    };
    let checkup = Checkup::of(&app);
    let (checkup, refused) = match app.transport() {
        Ok(transport) => (checkup.with_mail(transport), None),
        Err(error) => (checkup, Some(Error::from(error))),
    };
    let found = checkup.look().await;
    let mut checks = in_words(&found);
    checks.extend(
        refused
            .as_ref()
            .map(|error| checks::failed(context, "mail_server", error)),
    );
    let works = refused.is_none() && !found.iter().any(is_mail_server_away);
    if let Some(to) = send_to.filter(|_| works) {
        checks.push(checks::sending(context, &app, &to).await);
    }
    tell(context, &checks, None)
}

const fn is_mail_server_away(found: &Finding) -> bool {
    matches!(found, Finding::MailServerAway { .. })
}

/// Where the message goes. A slip of the pen is told before anything is looked at.
fn address(written: &str) -> Result<EmailAddress, Failure> {
    let parsed = EmailAddress::parse(written);
    Ok(parsed.map_err(|error| Error::field("send-to", error.code()))?)
}

fn tell(
    context: &Context,
    checks: &[Check],
    ledger: Option<&ledger::Counted>,
) -> Result<Done, Failure> {
    let mut object = json!({ "checks": checks });
    if let (Some(ledger), Some(fields)) = (ledger, object.as_object_mut()) {
        fields.extend(ledger.fields.clone());
    }
    context.out.object(&object, || {
        let mut lines: Vec<String> = checks.iter().map(|check| line(context, check)).collect();
        lines.extend(ledger.map(|ledger| ledger.text.clone()));
        lines.join("\n")
    })?;
    let is_broken = checks.iter().any(|check| check.health == Health::Broken);
    let is_whole = ledger.is_none_or(|ledger| ledger.is_whole);
    Ok(match (is_whole, is_broken) {
        (false, _) => Done(FAILURE),
        (true, true) => Done(DEPENDENCY),
        (true, false) => Done::OK,
    })
}

fn line(context: &Context, check: &Check) -> String {
    let health = context.out.text(checks::word(check.health), &Words::new());
    format!("{health:<8} {:<14} {}", check.name, check.message)
}
