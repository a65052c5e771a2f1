//! `mailing forecast`: the occurrences of any schedule, from the scheduler's own code.

use std::io::{BufRead as _, stdin};
use std::str::Utf8Error;

use chrono::SecondsFormat;
use clap::Args;

use mailing_core::code;
use mailing_core::error::{Error, FieldError, Refusal};
use mailing_core::schedule::forecast::{self, ForecastAnswer};
use mailing_web::i18n::Args as Words;

use super::schedule::ScheduleArgs;
use crate::context::Context;
use crate::exit::{Done, Failure, USAGE};
use crate::output::{Table, print_line};

/// Options of `mailing forecast`.
#[derive(Debug, Args)]
pub(crate) struct ForecastArgs {
    #[command(flatten)]
    schedule: ScheduleArgs,
    /// Show at most so many
    #[arg(long, value_name = "N")]
    limit: Option<i64>,
    /// Leave out what is before this instant: 2026-01-01T00:00:00Z
    #[arg(long, value_name = "UTC")]
    from: Option<String>,
    /// Read such options as JSON lines on standard input and answer a line each
    #[arg(long, conflicts_with_all = ["start", "zone", "end", "repeat", "cron"])]
    batch: bool,
}

pub(crate) fn run(context: &Context, args: &ForecastArgs) -> Result<Done, Failure> {
    if args.batch {
        return batch();
    }
    let mut spec = args.schedule.spec();
    spec.limit = args.limit.or(spec.limit);
    spec.from = args.from.clone();
    tell(context, &forecast::answer(&spec).map_err(Error::Invalid)?)
}

/// Occurrences as every command shows them.
pub(super) fn tell(context: &Context, answer: &ForecastAnswer) -> Result<Done, Failure> {
    context.out.object(answer, || {
        let head = ["cli-col-local", "cli-col-instant", "cli-col-note"];
        let mut table = Table::new(head.map(|key| context.out.text(key, &Words::new())));
        for occurrence in &answer.occurrences {
            let note = occurrence.note.map_or_else(String::new, |note| {
                let key = format!("forecast-note-{}", note.as_str().replace('_', "-"));
                context.out.text(&key, &Words::new())
            });
            let at = occurrence.at.to_rfc3339_opts(SecondsFormat::Secs, true);
            table.row([occurrence.local.to_rfc3339(), at, note]);
        }
        table.draw()
    })?;
    Ok(Done::OK)
}

fn batch() -> Result<Done, Failure> {
    let mut done = Done::OK;
    for line in stdin().lock().split(b'\n') {
        let line = line?;
        let answer = match str::from_utf8(&line).map_or_else(no_text, forecast::answer_line) {
            Ok(answer) => answer,
            Err(error) => {
                done = Done(USAGE);
                error
            }
        };
        print_line(&answer)?;
    }
    Ok(done)
}

/// The answer to a line that is no UTF-8.
fn no_text(error: Utf8Error) -> Result<String, String> {
    let refusal = Refusal::new(code::SCHEDULE_UNREADABLE_SPEC).with("what", error.to_string());
    Err(forecast::error_line(&[FieldError::new("line", refusal)]))
}
