//! What became of a delivery, in words.

use mailing_core::delivery::{Attempt, Delivery, DeliveryState, NextStep, RetryLimits};

use crate::i18n::{Args, Locale, key};

/// What has become of a delivery, what it means, and what comes next.
pub(crate) fn told(locale: &Locale, delivery: &Delivery) -> String {
    let say = |key: &str, args: &Args| locale.text(key, args);
    match &delivery.state {
        DeliveryState::Deferred { retry_at, cause } => {
            let tries = RetryLimits::default().tries_for(*cause);
            let args = Args::new()
                .text("when", locale.clock(*retry_at))
                .number("try", i64::from(delivery.tries) + 1)
                .number("tries", i64::from(tries));
            let again = say("delivery-deferred", &args);
            format!(
                "{} {again}",
                locale.because(*cause, NextStep::while_waiting(*cause))
            )
        }
        DeliveryState::Failed { cause } => locale.because(*cause, NextStep::after(*cause)),
        DeliveryState::Suppressed { by } => say(&key("suppressed", by.as_str()), &Args::new()),
        other => say(&format!("delivery-{}", other.name()), &Args::new()),
    }
}

/// What the server said in an attempt, or what broke it: as it was received.
pub(crate) fn raw(attempt: &Attempt) -> Option<String> {
    match (&attempt.reply, &attempt.fault) {
        (Some(reply), _) => Some(reply.to_string()),
        (None, fault) => fault.clone(),
    }
}
