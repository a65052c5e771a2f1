//! `mailing send`: everything that is due now, once, then leave.

mod progress;

use clap::Args;
use serde_json::{Value, json};

use mailing_app::Signals;
use mailing_core::engine::{RunReport, Summary};
use mailing_core::error::Error;
use mailing_core::id::MailingId;
use mailing_core::policy::Actor;
use mailing_core::run::RunOutcome;
use mailing_web::i18n::Args as Words;

use self::progress::Progress;
use super::runs::with_sums;
use super::serve::wish;
use crate::context::Context;
use crate::exit::{DEPENDENCY, Done, Failure, INTERRUPTED, PARTLY};
use crate::output::Table;

/// Options of `mailing send`.
#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// Only this mailing
    #[arg(long, value_name = "ID")]
    mailing: Option<MailingId>,
    /// Send it whatever its schedule says, once
    #[arg(long, requires = "mailing")]
    now: bool,
}

pub(crate) async fn run(context: &Context, args: SendArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    app.store.verify().await.map_err(Error::from)?;
    if let Some(id) = args.mailing {
        let owner = app
            .services
            .accounts
            .owner_of(&Actor::console(), id)
            .await?;
        if args.now {
            app.services
                .mailings
                .send_now(&Actor::console_as(&owner), id)
                .await?;
        }
    }
    let mut wish = wish(true);
    wish.only = args.mailing;
    let signals = Signals::listen()?;
    let engine = app.engine(app.transport()?, wish).await?;
    let told = |first| {
        context.out.say(
            if first { "cli-draining" } else { "cli-cutting" },
            &Words::new(),
        );
    };
    let progress = Progress::new(context);
    let summary = tokio::select! {
        biased;
        summary = engine.run_until_idle() => Some(summary),
        () = signals.drain(engine.stopper(), told) => None,
        never = progress.watch(&app, args.mailing) => match never {},
    };
    progress.end();
    let Some(summary) = summary else {
        return Ok(Done(INTERRUPTED));
    };
    let summary = summary.map_err(Error::from)?;
    tell(context, &summary)?;
    Ok(done(&summary))
}

fn tell(context: &Context, summary: &Summary) -> Result<(), Failure> {
    let runs: Vec<Value> = summary.runs.iter().map(object).collect();
    let whole = json!({ "runs": runs, "server_away": summary.server_away });
    context.out.object(&whole, || {
        if summary.runs.is_empty() {
            return context.out.text("cli-nothing-due", &Words::new());
        }
        let head = [
            "cli-col-id",
            "cli-col-planned",
            "cli-col-delivered",
            "cli-col-failed",
            "cli-col-suppressed",
            "cli-col-unknown",
            "cli-col-pending",
        ];
        let mut table = Table::new(head.map(|key| context.out.text(key, &Words::new())))
            .figures(&[1, 2, 3, 4, 5, 6]);
        for run in &summary.runs {
            let counts = &run.counts;
            table.row([
                run.run.to_string(),
                counts.planned.to_string(),
                counts.delivered.to_string(),
                counts.failed.to_string(),
                counts.suppressed.to_string(),
                counts.unknown.to_string(),
                counts.pending.to_string(),
            ]);
        }
        table.draw()
    })?;
    if let Some(why) = &summary.server_away {
        context
            .out
            .say("cli-server-away", &Words::new().text("why", why.clone()));
    }
    Ok(())
}

fn object(run: &RunReport) -> Value {
    let fields = json!({
        "id": run.run,
        "mailing": run.mailing,
        "state": run.state.name(),
        "outcome": run.outcome,
        "last_reply": run.last_reply,
    });
    with_sums(fields, &run.counts)
}

/// 6 with the mail server away, 5 when anything failed, is unknown or waits, else 0.
fn done(summary: &Summary) -> Done {
    let partly = |run: &RunReport| {
        run.counts.pending + run.counts.failed + run.counts.unknown > 0
            || run.outcome == Some(RunOutcome::Stopped)
    };
    if summary.server_away.is_some() {
        Done(DEPENDENCY)
    } else if summary.runs.iter().any(partly) {
        Done(PARTLY)
    } else {
        Done::OK
    }
}
