//! What goes on in the whole service, for managers and administrators; no recipient is named.

use mailing_core::ports::store::{SupervisedMailing, SupervisedRun};
use mailing_core::services::{HomeCounts, ServiceState};
use serde::Serialize;

use super::{Running, is_on_its_way, running, told};
use crate::i18n::{Args, Locale};
use crate::pages::manage::{Share, plain, sent};
use crate::view::Stat;

#[derive(Serialize)]
pub(super) struct Service {
    counts: Vec<Stat>,
    running: Vec<Running>,
    conspicuous: Vec<Entry>,
    disabled: Vec<Entry>,
}

/// A mailing with its owner.
#[derive(Serialize)]
struct Entry {
    url: String,
    name: String,
    owner: String,
    sent: String,
    share: Share,
    reason: String,
}

impl Service {
    pub(super) fn new(locale: &Locale, counts: &HomeCounts, state: &ServiceState) -> Self {
        let entries =
            |all: &[SupervisedMailing]| all.iter().map(|one| entry(locale, one)).collect();
        Self {
            counts: told(
                locale,
                [
                    ("home-count-mailings", counts.mailings),
                    ("home-count-active", counts.active),
                    ("home-count-recipients", counts.recipients),
                ],
            ),
            running: state
                .running
                .iter()
                .filter(|one| is_on_its_way(&one.run))
                .map(|one| of(locale, one))
                .collect(),
            conspicuous: entries(&state.conspicuous),
            disabled: entries(&state.disabled),
        }
    }
}

/// A run that leads to its mailing: the run itself is its owner's.
fn of(locale: &Locale, supervised: &SupervisedRun) -> Running {
    let own = running(locale, &supervised.run);
    Running {
        url: format!("/manage/mailings/{}", supervised.run.mailing),
        name: plain(&own.name),
        owner: supervised.owner_email.to_string(),
        ..own
    }
}

fn entry(locale: &Locale, mailing: &SupervisedMailing) -> Entry {
    let n = Args::new().text("count", sent(locale, mailing.volume));
    let disabled = mailing.status.disabled.as_ref();
    Entry {
        url: format!("/manage/mailings/{}", mailing.id),
        name: plain(mailing.name.as_str()),
        owner: mailing.owner_email.to_string(),
        sent: locale.text("overview-sent", &n),
        share: Share::new(locale, mailing.volume),
        reason: disabled.map_or_else(String::new, |stop| stop.reason.clone()),
    }
}

#[cfg(test)]
pub(super) fn sample(locale: &Locale) -> Service {
    use crate::pages::manage::mailings::some;
    use crate::pages::samples::runs;
    let counts = HomeCounts {
        mailings: 93,
        active: 12,
        recipients: 4_218,
        at: locale.now,
    };
    let running = runs().into_iter().take(2).map(|run| SupervisedRun {
        run,
        owner_email: mailing_core::testing::builders::address("anna@example.com"),
    });
    let state = ServiceState {
        running: running.collect(),
        conspicuous: some(),
        disabled: some().into_iter().skip(4).take(1).collect(),
    };
    Service::new(locale, &counts, &state)
}
