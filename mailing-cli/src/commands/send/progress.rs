//! How far a pass is, while it lasts: a bar at a terminal, lines elsewhere.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use indicatif::ProgressBar;

use mailing_app::App;
use mailing_core::id::{MailingId, RunId};
use mailing_core::policy::Actor;
use mailing_core::run::{Counts, Run};
use mailing_web::i18n::Args as Words;

use crate::commands::runs::watch::{bar, sentence};
use crate::context::Context;

/// Time between two looks.
const LOOK: Duration = Duration::from_secs(1);

/// What is told of a pass on standard error.
pub(super) struct Progress<'a> {
    context: &'a Context,
    bar: Option<ProgressBar>,
}

impl<'a> Progress<'a> {
    pub(super) fn new(context: &'a Context) -> Self {
        Self {
            context,
            bar: bar(context),
        }
    }

    /// Looks at the runs that are being sent, each second, until it is dropped. Does nothing where
    /// nobody would read of it.
    pub(super) async fn watch(&self, app: &App, only: Option<MailingId>) -> Infallible {
        if self.context.out.is_mute() {
            return pending().await;
        }
        let mut told: BTreeMap<RunId, Counts> = BTreeMap::new();
        loop {
            app.clock.sleep_until(app.clock.now() + LOOK).await;
            // The pass itself says what is wrong with the store.
            let supervision = &app.services.supervision;
            let Ok(runs) = supervision.sending(&Actor::console(), only).await else {
                continue;
            };
            match &self.bar {
                Some(bar) => self.draw(bar, &runs),
                None => self.say(&runs, &mut told),
            }
        }
    }

    /// Takes the bar away: the table comes in its place.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn draw(&self, bar: &ProgressBar, runs: &[Run]) {
        let sum = |of: fn(&Counts) -> u64| runs.iter().map(|run| of(&run.counts)).sum::<u64>();
        bar.set_length(sum(|counts| counts.planned));
        bar.set_position(sum(|counts| counts.planned - counts.pending));
        bar.set_message(match runs {
            [run] => sentence(self.context, run),
            _ => String::new(),
        });
    }

    /// A line for each run that has come further.
    fn say(&self, runs: &[Run], told: &mut BTreeMap<RunId, Counts>) {
        for run in runs {
            if told.insert(run.id, run.counts) != Some(run.counts) {
                let words = Words::new()
                    .text("mailing", run.mailing_name.as_str().to_owned())
                    .text("progress", sentence(self.context, run));
                self.context.out.say("cli-send-progress", &words);
            }
        }
    }
}
