//! `mailing runs retry`: what becomes of deliveries that failed or ended in doubt.

use clap::{ArgGroup, Args};
use serde_json::Value;

use mailing_core::id::RunId;
use mailing_core::ports::store::Retry;
use mailing_web::i18n::Args as Words;

use super::object;
use crate::commands::changing::ChangeArgs;
use crate::context::Context;
use crate::exit::{Done, Failure, USAGE};

/// Options of `mailing runs retry`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).args(["failed", "send_again", "count_delivered"])))]
pub(crate) struct RetryArgs {
    /// Id of the run
    id: RunId,
    /// Try what failed again, from the first try on
    #[arg(long)]
    failed: bool,
    /// Send what ended in doubt again; the recipient may get it twice
    #[arg(long)]
    send_again: bool,
    /// Take what ended in doubt for delivered
    #[arg(long)]
    count_delivered: bool,
    /// Only the delivery of this number
    #[arg(long, value_name = "N")]
    number: Option<u64>,
    #[command(flatten)]
    change: ChangeArgs,
}

impl RetryArgs {
    /// What is to be done, and the keys of question and answer.
    const fn what(&self) -> (Retry, &'static str, &'static str) {
        if self.failed {
            (
                Retry::Failed,
                "cli-retry-failed-question",
                "cli-retried-failed",
            )
        } else if self.send_again {
            (
                Retry::SendAgain,
                "cli-send-again-question",
                "cli-sent-again",
            )
        } else {
            let question = "cli-count-delivered-question";
            (Retry::CountDelivered, question, "cli-counted-delivered")
        }
    }
}

pub(super) async fn run(context: &Context, args: RetryArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let (what, question, answer) = args.what();
    let words = Words::new().text("id", args.id.to_string());
    if !args.change.confirmed(context, question, &words)? {
        return Ok(Done(USAGE));
    }
    let runs = &args.change.services(&app).runs;
    let retried = runs.retry(&actor, args.id, what, args.number).await?;
    let mut whole = object(&retried.run);
    if let Some(fields) = whole.as_object_mut() {
        fields.insert("retried".to_owned(), Value::from(retried.deliveries.sent()));
    }
    let count = i64::try_from(retried.deliveries.sent()).unwrap_or(i64::MAX);
    args.change.told(context, whole, || {
        context.out.text(answer, &words.number("count", count))
    })
}
