//! The one sign and word of each state.

use mailing_core::delivery::DeliveryState;
use mailing_core::mailing::MailingStatus;
use mailing_core::recipient::RecipientState;
use mailing_core::run::{Run, RunOutcome, RunState};
use serde::Serialize;

use crate::i18n::{Args, Locale};

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
        let icon = match status.name() {
            "disabled" => "i-disabled",
            "finished" => "i-finished",
            "paused" => "i-paused",
            "running" => "i-running",
            _ => "i-created",
        };
        Self::new(locale, icon, &format!("mailing-state-{}", status.name()))
    }

    /// Where a run stands, or what came of it.
    pub(crate) fn of_run(locale: &Locale, run: &Run) -> Self {
        let (icon, key) = match (run.outcome(), &run.state) {
            (Some(RunOutcome::Success), _) => ("i-delivered", "run-state-success"),
            (Some(RunOutcome::Partly), _) => ("i-warning", "run-state-partly"),
            (Some(RunOutcome::Failure), _) => ("i-failed", "run-state-failure"),
            (Some(RunOutcome::NothingToSend), _) => ("i-cancelled", "run-state-nothing-to-send"),
            (Some(RunOutcome::Missed), _) => ("i-warning", "run-state-missed"),
            (Some(RunOutcome::Stopped), _) => ("i-cancelled", "run-state-stopped"),
            (None, RunState::Due) => ("i-waiting", "run-state-due"),
            (None, RunState::Freezing) => ("i-created", "run-state-freezing"),
            (None, RunState::Paused { .. }) => ("i-paused", "run-state-paused"),
            (None, RunState::Stopping { .. }) => ("i-cancelled", "run-state-stopping"),
            (None, _) => ("i-running", "run-state-running"),
        };
        Self::new(locale, icon, key)
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
        let (icon, key) = match state {
            DeliveryState::Pending | DeliveryState::Deferred { .. } => {
                ("i-waiting", "delivery-state-waiting")
            }
            DeliveryState::Sending { .. } => ("i-running", "delivery-state-sending"),
            DeliveryState::Delivered => ("i-delivered", "delivery-state-delivered"),
            DeliveryState::Failed { .. } => ("i-failed", "delivery-state-failed"),
            DeliveryState::Suppressed { .. } => ("i-suppressed", "delivery-state-suppressed"),
            DeliveryState::Cancelled => ("i-cancelled", "delivery-state-cancelled"),
            DeliveryState::Unknown => ("i-unknown", "delivery-state-unknown"),
        };
        Self::new(locale, icon, key)
    }
}
