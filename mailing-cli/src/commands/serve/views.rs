//! Views of posts: counted while pages are served, written every few seconds and at the end.

use chrono::TimeDelta;
use mailing_core::engine::Stopper;
use mailing_core::ports::Clock;
use mailing_core::services::Blog;

/// Between two writes: so much a crash may lose.
const PAUSE: TimeDelta = TimeDelta::seconds(5);

/// Writes until the stopper drains, and a last time then.
pub(super) async fn write(blog: &Blog, clock: &dyn Clock, stopper: &Stopper) {
    loop {
        let stopped = tokio::select! {
            () = stopper.drained() => true,
            () = clock.sleep_until(clock.now() + PAUSE) => false,
        };
        if let Err(error) = blog.flush_views().await {
            tracing::warn!(%error, "views_wait");
        }
        if stopped {
            return;
        }
    }
}
