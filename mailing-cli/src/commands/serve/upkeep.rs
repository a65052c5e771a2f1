//! What is kept ready for visitors.

use chrono::TimeDelta;
use mailing_core::engine::Stopper;
use mailing_core::ports::Clock;
use mailing_core::services::Services;

/// How often somebody looks after it.
const PAUSE: TimeDelta = TimeDelta::seconds(5);

/// Looks after it until the stopper drains.
pub(super) async fn work(services: &Services, clock: &dyn Clock, stopper: &Stopper) {
    loop {
        if let Err(error) = services.home.refresh().await {
            tracing::warn!(%error, "the home page keeps its old numbers");
        }
        tokio::select! {
            () = stopper.drained() => break,
            () = clock.sleep_until(clock.now() + PAUSE) => {}
        }
    }
}
