//! A schedule as options, the same for `forecast` and for `mailings create`.

use clap::Args;

use mailing_core::schedule::{ForecastSpec, Listed};

/// A schedule, as every command that plans one takes it.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ScheduleArgs {
    /// First send, local: 2026-01-31T09:00
    #[arg(long, value_name = "LOCAL")]
    start: Option<String>,
    /// Time zone: Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    pub(super) zone: Option<String>,
    /// Nothing is sent at or after this local time
    #[arg(long, value_name = "LOCAL")]
    end: Option<String>,
    /// once, daily, weekly, monthly, yearly or cron [default: once]
    #[arg(long, value_name = "RULE")]
    repeat: Option<String>,
    /// Every N days, weeks, months or years
    #[arg(long, value_name = "N")]
    every: Option<i64>,
    /// Weekdays of a weekly rule: mon,wed
    #[arg(long, value_name = "DAYS")]
    weekdays: Option<String>,
    /// Day of a monthly rule; 31 is the last one of each month
    #[arg(long, value_name = "DAY")]
    month_day: Option<i64>,
    /// Weekday of a monthly rule: 2:tue, last:fri
    #[arg(long, value_name = "N:DAY")]
    nth_weekday: Option<String>,
    /// Five fields: minute hour day month weekday
    #[arg(long, value_name = "EXPR")]
    cron: Option<String>,
    /// A local date without sends; may be given again
    #[arg(long, value_name = "DATE")]
    exclude: Vec<String>,
    /// At most so many sends
    #[arg(long, value_name = "N")]
    count: Option<i64>,
}

impl ScheduleArgs {
    /// True when a window is described.
    pub(super) const fn is_given(&self) -> bool {
        self.start.is_some()
    }

    /// The options as a specification; without a rule it happens once.
    pub(crate) fn spec(&self) -> ForecastSpec {
        ForecastSpec {
            start: self.start.clone(),
            zone: self.zone.clone(),
            end: self.end.clone(),
            repeat: Some(self.repeat.clone().unwrap_or_else(|| "once".to_owned())),
            every: self.every,
            weekdays: self.weekdays.clone().map(Listed::Text),
            month_day: self.month_day,
            nth_weekday: self.nth_weekday.clone(),
            cron: self.cron.clone(),
            exclude: (!self.exclude.is_empty()).then(|| Listed::List(self.exclude.clone())),
            count: self.count,
            ..ForecastSpec::default()
        }
    }
}
