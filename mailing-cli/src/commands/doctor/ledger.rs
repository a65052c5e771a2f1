//! The ledger counted again.

use serde_json::{Map, Value, json};

use mailing_app::App;
use mailing_core::policy::Actor;
use mailing_core::ports::store::LedgerReport;
use mailing_web::i18n::Args as Words;

use crate::context::Context;
use crate::exit::Failure;

/// What counting again found.
pub(super) struct Counted {
    /// Whether everything adds up.
    pub(super) is_whole: bool,
    /// For machines: `ledger`, `runs`, `deliveries`, `faults`.
    pub(super) fields: Map<String, Value>,
    /// For people.
    pub(super) text: String,
}

pub(super) async fn count(context: &Context, app: &App) -> Result<Counted, Failure> {
    let report = app.services.system.check_ledger(&Actor::console()).await?;
    let is_whole = report.faults.is_empty();
    let mut fields = Map::new();
    fields.insert(
        "ledger".into(),
        json!(if is_whole { "ok" } else { "broken" }),
    );
    fields.insert("runs".into(), json!(report.runs));
    fields.insert("deliveries".into(), json!(report.deliveries));
    fields.insert("faults".into(), json!(report.faults));
    let text = text(context, &report);
    Ok(Counted {
        is_whole,
        fields,
        text,
    })
}

fn text(context: &Context, report: &LedgerReport) -> String {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let words = Words::new()
        .number("runs", number(report.runs))
        .number("deliveries", number(report.deliveries))
        .number("faults", number(report.faults.len() as u64));
    let key = if report.faults.is_empty() {
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
}
