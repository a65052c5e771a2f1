//! `mailing deliveries explain`: why an address did or did not get a run.

use clap::{ArgGroup, Args};
use serde_json::{Value, json};

use mailing_app::App;
use mailing_core::id::{MailingId, RunId};
use mailing_core::policy::Actor;
use mailing_core::services::{Absence, Explanation, Fate};
use mailing_web::i18n::{Args as Words, Locale};

use super::{add_last, raw};
use crate::context::Context;
use crate::exit::{Done, Failure};

/// Options of `mailing deliveries explain`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true).args(["run", "mailing"])))]
pub(crate) struct ExplainArgs {
    /// The address, in any spelling
    address: String,
    /// Id of the run
    #[arg(long, value_name = "ID")]
    run: Option<RunId>,
    /// Id of a mailing: its newest run
    #[arg(long, value_name = "ID")]
    mailing: Option<MailingId>,
}

pub(super) async fn run(
    context: &Context,
    app: &App,
    actor: &Actor,
    args: &ExplainArgs,
) -> Result<Done, Failure> {
    let deliveries = &app.services.deliveries;
    let explanation = match (args.run, args.mailing) {
        (Some(run), _) => deliveries.explain(actor, run, &args.address).await?,
        (None, Some(mailing)) => {
            let newest = deliveries.explain_newest(actor, mailing, &args.address);
            newest.await?
        }
        (None, None) => return Err(mailing_core::error::Error::NotFound.into()),
    };
    let locale = Locale::new(context.out.lang, explanation.run.zone, app.clock.now());
    let sentence = locale.explanation(&explanation);
    context.out.object(&object(&explanation, &sentence), || {
        text(context, &explanation, &sentence)
    })?;
    Ok(Done::OK)
}

fn text(context: &Context, explanation: &Explanation, sentence: &str) -> String {
    let words = Words::new()
        .text("address", explanation.address.to_string())
        .text("mailing", explanation.run.mailing_name.to_string())
        .text("sentence", sentence.to_owned());
    let mut text = context.out.text("cli-explanation", &words);
    if let Some(raw) = raw(explanation.last.as_ref()) {
        text.push_str(&format!("\n  {raw}"));
    }
    text
}

fn object(explanation: &Explanation, sentence: &str) -> Value {
    let fate = &explanation.fate;
    let mut object = json!({
        "run": explanation.run.id,
        "mailing": explanation.run.mailing,
        "recipient": explanation.address.as_str(),
        "number": explanation.number,
        "fate": fate.as_str(),
        "reason": fate.reason(),
        "next": explanation.next.as_str(),
        "sentence": sentence,
        "attempts": explanation.attempts,
    });
    add_last(&mut object, explanation.last.as_ref());
    match fate {
        Fate::Failed { gave_up, .. } => object["gave_up"] = json!(gave_up),
        Fate::Deferred {
            retry_at,
            try_number,
            tries,
            ..
        } => {
            object["retry_at"] = json!(retry_at);
            object["try"] = json!(try_number);
            object["tries"] = json!(tries);
        }
        Fate::Suppressed { since, .. } => object["since"] = json!(since),
        Fate::Cancelled { at, .. } => object["ended_at"] = json!(at),
        Fate::Absent {
            absence: Absence::AddedLater { at },
        } => object["added_at"] = json!(at),
        _ => {}
    }
    object
}
