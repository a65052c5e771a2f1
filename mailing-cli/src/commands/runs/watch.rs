//! `mailing runs watch`: a run's progress until it has ended.

use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use mailing_core::id::RunId;
use mailing_core::run::{Run, RunOutcome};
use mailing_web::i18n::Args as Words;

use super::{object, table};
use crate::context::Context;
use crate::exit::{Done, Failure, PARTLY};
use crate::output::print_line;

/// Time between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// Options of `mailing runs watch`.
#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Id of the run
    id: RunId,
}

pub(super) async fn run(context: &Context, args: WatchArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let bar = bar(context);
    let mut seen = None;
    loop {
        let (run, _) = app.services.runs.show(&actor, args.id).await?;
        let look = (run.state, run.counts);
        if seen != Some(look) {
            tell(context, &run, bar.as_ref())?;
            seen = Some(look);
        }
        if run.state.is_final() {
            if let Some(bar) = bar {
                bar.finish_and_clear();
            }
            if !context.out.json {
                print_line(&table(context, std::slice::from_ref(&run)).draw())?;
            }
            return Ok(done(&run));
        }
        app.clock.sleep_until(app.clock.now() + LOOK).await;
    }
}

/// A bar where somebody watches one.
pub(in crate::commands) fn bar(context: &Context) -> Option<ProgressBar> {
    if !context.out.lively || context.out.is_mute() {
        return None;
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    Some(ProgressBar::new(0).with_style(style))
}

/// One look: an object, the bar's new place, or a plain line.
fn tell(context: &Context, run: &Run, bar: Option<&ProgressBar>) -> Result<(), Failure> {
    let counts = &run.counts;
    if let Some(bar) = bar {
        bar.set_length(counts.planned);
        bar.set_position(counts.planned - counts.pending);
        bar.set_message(sentence(context, run));
        return Ok(());
    }
    if context.out.quiet && !context.out.json {
        return Ok(());
    }
    context.out.object(&object(run), || sentence(context, run))
}

/// How far a run is, in words.
pub(in crate::commands) fn sentence(context: &Context, run: &Run) -> String {
    let state = run.outcome().map_or(run.state.name(), RunOutcome::as_str);
    let state = format!("run-state-{}", state.replace('_', "-"));
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let counts = &run.counts;
    let words = Words::new()
        .text("state", context.out.text(&state, &Words::new()))
        .number("planned", number(counts.planned))
        .number("delivered", number(counts.delivered))
        .number("failed", number(counts.failed))
        .number("unknown", number(counts.unknown))
        .number("pending", number(counts.pending));
    context.out.text("cli-run-progress", &words)
}

/// 0 when everybody who was to get it has it, else 5.
fn done(run: &Run) -> Done {
    match run.outcome() {
        Some(RunOutcome::Success | RunOutcome::NothingToSend) => Done::OK,
        _ => Done(PARTLY),
    }
}
