//! The one sign and word of each state.

use mailing_core::delivery::DeliveryState;
use mailing_core::mailing::MailingStatus;
use mailing_core::recipient::RecipientState;
use mailing_core::run::{Run, RunOutcome, RunState};
use serde::Serialize;

use crate::i18n::{Args, Locale};

/// The states of a mailing with their icons.
const MAILINGS: &[(&str, &str)] = &[
    ("draft", "i-created"),
    ("created", "i-created"),
    ("running", "i-running"),
    ("paused", "i-paused"),
    ("finished", "i-finished"),
    ("disabled", "i-disabled"),
];

/// The states of a run, and what comes of it.
const RUNS: &[(&str, &str)] = &[
    ("due", "i-waiting"),
    ("freezing", "i-created"),
    ("running", "i-running"),
    ("paused", "i-paused"),
    ("stopping", "i-cancelled"),
    ("success", "i-delivered"),
    ("partly", "i-warning"),
    ("failure", "i-failed"),
    ("nothing-to-send", "i-cancelled"),
    ("missed", "i-warning"),
    ("stopped", "i-cancelled"),
];

/// The states of a delivery.
const DELIVERIES: &[(&str, &str)] = &[
    ("waiting", "i-waiting"),
    ("sending", "i-running"),
    ("delivered", "i-delivered"),
    ("failed", "i-failed"),
    ("unknown", "i-unknown"),
    ("suppressed", "i-suppressed"),
    ("cancelled", "i-cancelled"),
];

/// A state as a badge shows it: a class of the stylesheet and a word.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Sign {
    icon: &'static str,
    word: String,
}

impl Sign {
    /// The sign `icon` with the text of `key`.
    pub(crate) fn new(locale: &Locale, icon: &'static str, key: &str) -> Self {
        Self {
            icon,
            word: locale.text(key, &Args::new()),
        }
    }

    /// Where a mailing stands.
    pub(crate) fn of_mailing(locale: &Locale, status: &MailingStatus) -> Self {
        Self::named(locale, "mailing", status.name())
    }

    /// Where a run stands, or what came of it.
    pub(crate) fn of_run(locale: &Locale, run: &Run) -> Self {
        let name = match (run.outcome(), &run.state) {
            (Some(RunOutcome::Success), _) => "success",
            (Some(RunOutcome::Partly), _) => "partly",
            (Some(RunOutcome::Failure), _) => "failure",
            (Some(RunOutcome::NothingToSend), _) => "nothing-to-send",
            (Some(RunOutcome::Missed), _) => "missed",
            (Some(RunOutcome::Stopped), _) => "stopped",
            (None, RunState::Due) => "due",
            (None, RunState::Freezing) => "freezing",
            (None, RunState::Paused { .. }) => "paused",
            (None, RunState::Stopping { .. }) => "stopping",
            (None, _) => "running",
        };
        Self::named(locale, "run", name)
    }

    /// Where a recipient stands; `is_barred`: the address is on the suppression list.
    pub(crate) fn of_recipient(locale: &Locale, state: RecipientState, is_barred: bool) -> Self {
        let (icon, key) = match state {
            RecipientState::Active if is_barred => ("i-suppressed", "recipient-state-suppressed"),
            RecipientState::Active => ("i-delivered", "recipient-state-active"),
            RecipientState::Unsubscribed => ("i-cancelled", "recipient-state-unsubscribed"),
            RecipientState::Bounced => ("i-failed", "recipient-state-bounced"),
            RecipientState::Complained => ("i-warning", "recipient-state-complained"),
        };
        Self::new(locale, icon, key)
    }

    /// Where a delivery stands.
    pub(crate) fn of_delivery(locale: &Locale, state: &DeliveryState) -> Self {
        let name = match state {
            DeliveryState::Pending | DeliveryState::Deferred { .. } => "waiting",
            DeliveryState::Sending { .. } => "sending",
            DeliveryState::Delivered => "delivered",
            DeliveryState::Failed { .. } => "failed",
            DeliveryState::Suppressed { .. } => "suppressed",
            DeliveryState::Cancelled => "cancelled",
            DeliveryState::Unknown => "unknown",
        };
        Self::named(locale, "delivery", name)
    }

    /// The state of this name.
    fn named(locale: &Locale, kind: &str, name: &str) -> Self {
        let known = states(kind).iter().find(|(state, _)| *state == name);
        let icon = known.map_or("i-created", |(_, icon)| icon);
        Self::new(locale, icon, &format!("{kind}-state-{name}"))
    }
}

/// The states of a kind of thing (`mailing`, `run`, `delivery`) in the order of its life, each with its
/// name and its sign.
pub(crate) fn legend(locale: &Locale, kind: &str) -> impl Iterator<Item = (&'static str, Sign)> {
    let signs = |(name, _): &(&'static str, _)| (*name, Sign::named(locale, kind, name));
    states(kind).iter().map(signs)
}

fn states(kind: &str) -> &'static [(&'static str, &'static str)] {
    match kind {
        "mailing" => MAILINGS,
        "run" => RUNS,
        _ => DELIVERIES,
    }
}
