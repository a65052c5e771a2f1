//! `mailing doctor`: checks that all is well.

use clap::Args;
use serde_json::{Value, json};

use mailing_core::policy::Actor;
use mailing_web::i18n::Args as Words;

use crate::context::Context;
use crate::exit::{Done, FAILURE, Failure};

/// Options of `mailing doctor`.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Count every run again from its rows
    #[arg(long, required = true)]
    ledger: bool,
}

pub(crate) async fn run(context: &Context, _args: DoctorArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let report = app.services.system.check_ledger(&Actor::console()).await?;
    let whole = report.faults.is_empty();
    let object: Value = json!({
        "ledger": if whole { "ok" } else { "broken" },
        "runs": report.runs,
        "deliveries": report.deliveries,
        "faults": report.faults,
    });
    context.out.object(&object, || {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let words = Words::new()
            .number("runs", number(report.runs))
            .number("deliveries", number(report.deliveries))
            .number(
                "faults",
                i64::try_from(report.faults.len()).unwrap_or(i64::MAX),
            );
        let key = if whole {
            "cli-ledger-ok"
        } else {
            "cli-ledger-broken"
        };
        let mut text = context.out.text(key, &words);
        for fault in &report.faults {
            text.push_str(&format!(
                "\n  {}  {}  {}",
                fault.run, fault.rule, fault.found
            ));
        }
        text
    })?;
    Ok(if whole { Done::OK } else { Done(FAILURE) })
}
