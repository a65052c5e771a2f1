//! What the page of a run shows around its live parts.

use mailing_core::mailing::{MailingStatus, Stage};
use mailing_core::run::{Run, RunState};
use serde::Serialize;

use super::live::{Live, address};
use crate::i18n::{Args, Locale};
use crate::live::Seen;
use crate::templates::Page;
use crate::view::{Command, Link};

#[derive(Serialize)]
pub(super) struct Show {
    title: String,
    parent: Link,
    actions: Vec<Command>,
    #[serde(flatten)]
    live: Live,
    /// Where the events come from; empty when nothing changes any more.
    events: String,
    log: String,
    file: String,
}

impl Page for Show {
    const TEMPLATE: &'static str = "runs/show.html";
    const SCRIPTS: &'static [&'static str] = &["lost.js", "live.js"];

    fn title(&self, _: &Locale) -> String {
        self.title.clone()
    }
}

impl Show {
    pub(super) fn new(locale: &Locale, seen: &Seen) -> Self {
        let run = &seen.run;
        let live = Live::new(locale, seen);
        Self {
            title: run.mailing_name.as_str().to_owned(),
            parent: Link {
                url: format!("/mailings/{}", run.mailing),
                label: locale.text("run-parent", &Args::new()),
            },
            actions: actions(locale, run, seen.status.as_ref()),
            events: match live.open {
                true => format!("{}/events", address(run)),
                false => String::new(),
            },
            live,
            log: format!("/log?run={}", run.id),
            file: format!("/log/export?run={}", run.id),
        }
    }
}

/// What can be done about the run now; refused commands are not there.
fn actions(locale: &Locale, run: &Run, status: Option<&MailingStatus>) -> Vec<Command> {
    let Some(status) = status.filter(|status| status.disabled.is_none()) else {
        return Vec::new();
    };
    let say = |key: &str| locale.text(key, &Args::new());
    let path = address(run);
    let mut actions = Vec::new();
    let is_planned = matches!(status.stage, Stage::Created | Stage::Running);
    if is_planned && !run.state.is_final() {
        actions.push(match status.paused {
            Some(_) => Command::post(format!("{path}/resume"), say("mailing-resume")),
            None => Command::post(format!("{path}/pause"), say("run-pause")),
        });
        let finish = format!("/mailings/{}/finish", run.mailing);
        actions.push(Command::link(finish, say("mailing-finish")));
    }
    if run.counts.failed > 0 && may_retry(&run.state) {
        let retry = format!("{path}/retry?what=failed");
        actions.push(Command::link(retry, say("run-retry-failed")));
    }
    actions
}

/// True when deliveries of the run may be sent again.
pub(in crate::pages) const fn may_retry(state: &RunState) -> bool {
    matches!(
        state,
        RunState::Running
            | RunState::Paused { .. }
            | RunState::Completed
            | RunState::Cancelled { .. }
    )
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::{causes, mailings, runs};
    let seen = |run: Run, causes, heartbeat: i64| Seen {
        at: locale.now,
        status: Some(mailings().remove(0).status),
        run,
        causes,
        heartbeat: Some(locale.now - chrono::TimeDelta::seconds(heartbeat)),
        server_away: Some(locale.now + chrono::TimeDelta::minutes(5)),
    };
    let full = runs().into_iter().map(|run| seen(run, causes(), 4));
    let bare = runs().into_iter().map(|run| seen(run, Vec::new(), 400));
    full.chain(bare)
        .map(|seen| Show::new(locale, &seen))
        .collect()
}
