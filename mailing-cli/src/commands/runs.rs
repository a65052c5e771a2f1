//! `mailing runs`: occurrences of mailings.

mod retry;
pub(super) mod watch;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use mailing_core::id::{MailingId, RunId};
use mailing_core::ports::store::{CauseCount, RunFilter};
use mailing_core::run::{Counts, Run, RunOutcome};
use mailing_web::i18n::{Args as Words, key};

use super::paging::{PageArgs, say_more};
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::Table;

/// `mailing runs …`
#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// List the owner's runs, newest first
    List(ListArgs),
    /// Show a run and what gets in its way
    Show {
        /// Id of the run
        id: RunId,
    },
    /// Show a run's progress until it has ended
    ///
    /// Ends with the run: 0 when everybody has it, 5 when some have not.
    Watch(watch::WatchArgs),
    /// Decide about deliveries that failed or ended in doubt
    Retry(retry::RetryArgs),
}

/// Options of `mailing runs list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those of this mailing
    #[arg(long, value_name = "ID")]
    mailing: Option<MailingId>,
    /// Only those that have not ended
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    page: PageArgs,
}

pub(crate) async fn run(context: &Context, command: RunsCommand) -> Result<Done, Failure> {
    match command {
        RunsCommand::List(args) => list(context, &args).await,
        RunsCommand::Show { id } => show(context, id).await,
        RunsCommand::Watch(args) => watch::run(context, args).await,
        RunsCommand::Retry(args) => retry::run(context, args).await,
    }
}

async fn list(context: &Context, args: &ListArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let filter = RunFilter {
        mailing: args.mailing,
        open: args.open,
    };
    let page = app
        .services
        .runs
        .page(&actor, &filter, &args.page.request())
        .await?;
    let rows: Vec<Value> = page.items.iter().map(object).collect();
    context.out.list(&rows, || table(context, &page.items))?;
    say_more(context, page.next.as_ref());
    Ok(Done::OK)
}

async fn show(context: &Context, id: RunId) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let (run, causes) = app.services.runs.show(&actor, id).await?;
    let mut whole = object(&run);
    if let Some(fields) = whole.as_object_mut() {
        let causes: Vec<Value> = causes.iter().map(cause_object).collect();
        fields.insert("causes".to_owned(), causes.into());
    }
    context.out.object(&whole, || {
        let mut text = table(context, std::slice::from_ref(&run)).draw();
        for cause in &causes {
            text.push_str(&format!(
                "\n  {:>6}  {}",
                cause.count,
                cause_word(context, cause)
            ));
        }
        if let Some(reply) = &run.last_reply {
            text.push_str(&format!("\n  {reply}"));
        }
        text
    })?;
    Ok(Done::OK)
}

/// A run as JSON.
pub(super) fn object(run: &Run) -> Value {
    let fields = json!({
        "id": run.id,
        "mailing": run.mailing,
        "mailing_name": run.mailing_name.as_str(),
        "occurrence_at": run.occurrence_at,
        "local": run.zone.local(run.occurrence_at).to_rfc3339(),
        "kind": run.kind.as_str(),
        "state": run.state.name(),
        "reason": run.state.reason(),
        "outcome": run.outcome(),
        "last_reply": run.last_reply,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
    });
    with_sums(fields, &run.counts)
}

/// A run's fields as JSON with its sums beside them.
pub(super) fn with_sums(mut object: Value, counts: &Counts) -> Value {
    let sums = [
        ("planned", counts.planned),
        ("delivered", counts.delivered),
        ("failed", counts.failed),
        ("suppressed", counts.suppressed),
        ("cancelled", counts.cancelled),
        ("unknown", counts.unknown),
        ("pending", counts.pending),
    ];
    if let Some(fields) = object.as_object_mut() {
        fields.extend(sums.map(|(name, count)| (name.to_owned(), count.into())));
    }
    object
}

/// Runs as a table.
pub(super) fn table(context: &Context, runs: &[Run]) -> Table {
    let head = [
        "cli-col-id",
        "cli-col-mailing",
        "cli-col-planned-time",
        "cli-col-state",
        "cli-col-planned",
        "cli-col-delivered",
        "cli-col-failed",
        "cli-col-unknown",
        "cli-col-pending",
    ];
    let mut table =
        Table::new(head.map(|key| context.out.text(key, &Words::new()))).figures(&[4, 5, 6, 7, 8]);
    for run in runs {
        let state = run.outcome().map_or(run.state.name(), RunOutcome::as_str);
        let state = format!("run-state-{}", state.replace('_', "-"));
        let counts = &run.counts;
        table.row([
            run.id.to_string(),
            run.mailing_name.to_string(),
            run.zone.local(run.occurrence_at).to_rfc3339(),
            context.out.text(&state, &Words::new()),
            counts.planned.to_string(),
            counts.delivered.to_string(),
            counts.failed.to_string(),
            counts.unknown.to_string(),
            counts.pending.to_string(),
        ]);
    }
    table
}

fn cause_object(cause: &CauseCount) -> Value {
    json!({ "cause": cause.cause.as_str(), "waiting": cause.waiting, "count": cause.count })
}

fn cause_word(context: &Context, cause: &CauseCount) -> String {
    let key = key("cause", cause.cause.as_str());
    context.out.text(&key, &Words::new())
}
