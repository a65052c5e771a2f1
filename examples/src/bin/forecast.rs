//! When does a schedule fire? The calendar alone: no store, no clock, no engine.
//!
//! `cargo run -p mailing-examples --bin forecast`

use anyhow::anyhow;
use mailing_core::error::FieldError;
use mailing_core::schedule::{MonthlyOn, Repeat, Schedule, Zone};

fn main() -> anyhow::Result<()> {
    // The 31st of each month at 2:30 in Berlin. Short months end earlier; on 29 March 2026 the
    // clocks jump over 2:30, and on 25 October they go through it twice.
    let schedule = Schedule::new(
        "2026-01-31T02:30:00".parse()?,
        Zone::parse("Europe/Berlin").map_err(|refusal| anyhow!("{refusal}"))?,
        None,
        Repeat::Monthly {
            every: 1,
            on: MonthlyOn::StartDay,
        },
        [].into(),
        None,
    )
    .map_err(in_words)?;
    for occurrence in schedule.occurrences().take(6) {
        let local = schedule.zone().local(occurrence.at);
        println!("{}  {}", occurrence.at.to_rfc3339(), local.to_rfc3339());
    }

    let daily = Schedule::new(
        "2026-03-28T02:30:00".parse()?,
        schedule.zone(),
        None,
        Repeat::Daily { every: 1 },
        [].into(),
        None,
    )
    .map_err(in_words)?;
    for occurrence in daily.occurrences().take(3) {
        let local = schedule.zone().local(occurrence.at);
        println!("{}  {:?}", local.to_rfc3339(), occurrence.note);
    }
    Ok(())
}

fn in_words(faults: Vec<FieldError>) -> anyhow::Error {
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    anyhow!("{}", faults.join("; "))
}
