//! `mailing doctor`: looks at everything that sending depends on, and says what to do.

mod checks;
mod ledger;

use clap::Args;
use serde_json::json;

use mailing_app::App;
use mailing_core::error::Error;
use mailing_core::recipient::EmailAddress;
use mailing_web::i18n::Args as Words;

use crate::context::Context;
use crate::exit::{DEPENDENCY, Done, FAILURE, Failure};

use self::checks::{Check, Health};

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
    let mut checks = vec![
        checks::configuration(context),
        checks::public_url(context, &config),
    ];
    let app = match App::open(config).await {
        Ok(app) => app,
        Err(error) => {
            checks.push(checks::failed(context, "database", &error.into()));
            return tell(context, &checks, None);
        }
    };
    checks.push(checks::database(context, &app).await);
    checks.extend(checks::mail_server(context, &app, send_to.as_ref()).await);
    tell(context, &checks, None)
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
    let health = context.out.text(check.health.key(), &Words::new());
    format!("{health:<8} {:<14} {}", check.name, check.message)
}
