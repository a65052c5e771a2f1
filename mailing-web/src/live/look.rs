//! One look at a run.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::future::{Either, select};
use mailing_core::engine::ServerState;
use mailing_core::error::Error;
use mailing_core::id::RunId;
use mailing_core::mailing::MailingStatus;
use mailing_core::policy::Actor;
use mailing_core::ports::store::CauseCount;
use mailing_core::run::Run;
use mailing_core::services::Pulse;
use mailing_core::time::Timestamp;
use tokio::sync::Mutex;

use super::Watched;
use crate::site::Site;

/// The longest that a look waits for the store.
const READ_TIME: TimeDelta = TimeDelta::seconds(5);
/// Causes are counted anew at most this often…
const CAUSES_EVERY: Duration = Duration::from_secs(2);
/// …and never so often that counting takes more than one part in so many of the time.
const CAUSES_SHARE: u32 = 20;

/// What was seen, if the store answered.
#[derive(Debug, Clone)]
pub(crate) enum Look {
    Seen(Arc<Seen>),
    /// The store does not answer.
    Away,
}

/// How a run goes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seen {
    pub(crate) at: Timestamp,
    pub(crate) run: Run,
    pub(crate) status: Option<MailingStatus>,
    pub(crate) causes: Vec<CauseCount>,
    /// The last sign of life of any worker.
    pub(crate) heartbeat: Option<Timestamp>,
    /// When the mail server is tried again, while it is left alone.
    pub(crate) server_away: Option<Timestamp>,
}

/// The last look, and when it was, by the monotonic clock.
pub(super) struct Last {
    pub(super) look: Look,
    pub(super) read_at: Duration,
}

/// Causes as they were counted. Times are monotonic.
pub(super) struct Counted {
    causes: Vec<CauseCount>,
    /// Failed and waiting deliveries at that time, and whether the run was over: when these are others,
    /// the causes are too.
    of: (u64, u64, bool),
    /// Not to be counted again before.
    due: Duration,
}

impl Seen {
    /// Looks for a page that is not live.
    ///
    /// # Errors
    /// What the service refuses.
    pub(crate) async fn now(site: &Site, actor: &Actor, run: RunId) -> Result<Self, Error> {
        let pulse = site.services.runs.pulse(actor, run).await?;
        let watched = site.live.looked_at(run);
        let causes = count(site, actor, &pulse.run, &watched.causes).await?;
        Ok(seen(site, pulse, causes))
    }

    /// True when what is told differs from `other`, whatever time it is.
    pub(super) fn differs(&self, other: &Self) -> bool {
        self.run != other.run
            || self.status != other.status
            || self.causes != other.causes
            || self.server_away != other.server_away
    }
}

/// A new look.
pub(super) async fn read(
    site: &Site,
    watched: &Watched,
    actor: &Actor,
    run: RunId,
) -> Result<Last, Error> {
    let clock = site.settings.clock.as_ref();
    let late = clock.sleep_until(clock.now() + READ_TIME);
    let asked = pin!(look(site, watched, actor, run));
    let look = match select(asked, late).await {
        Either::Left((Ok(seen), _)) => Look::Seen(Arc::new(seen)),
        Either::Left((Err(error @ (Error::NotFound | Error::Denied(_))), _)) => return Err(error),
        Either::Left((Err(error), _)) => {
            tracing::warn!(%error, "a run that is watched cannot be read");
            Look::Away
        }
        Either::Right(_) => Look::Away,
    };
    Ok(Last {
        look,
        read_at: clock.monotonic(),
    })
}

async fn look(site: &Site, watched: &Watched, actor: &Actor, run: RunId) -> Result<Seen, Error> {
    let pulse = site.services.runs.pulse(actor, run).await?;
    let causes = count(site, actor, &pulse.run, &watched.causes).await?;
    Ok(seen(site, pulse, causes))
}

/// The causes: counted anew when numbers have moved, now and then, and when the run is over.
async fn count(
    site: &Site,
    actor: &Actor,
    run: &Run,
    kept: &Mutex<Option<Counted>>,
) -> Result<Vec<CauseCount>, Error> {
    let clock = site.settings.clock.as_ref();
    let is_over = run.state.is_final();
    let of = (run.counts.failed, run.counts.pending, is_over);
    let mut kept = kept.lock().await;
    let began = clock.monotonic();
    if let Some(counted) = &*kept {
        let (is_same, is_young) = (counted.of == of, began < counted.due);
        // Of a run that is over nobody looks again after the last event: it has to be right.
        if (is_same && is_young) || (!is_over && (is_same || is_young)) {
            return Ok(counted.causes.clone());
        }
    }
    let (_, causes) = site.services.runs.show(actor, run.id).await?;
    let ended = clock.monotonic();
    let took = ended.saturating_sub(began);
    *kept = Some(Counted {
        causes: causes.clone(),
        of,
        due: ended + CAUSES_EVERY.max(took * CAUSES_SHARE),
    });
    Ok(causes)
}

fn seen(site: &Site, pulse: Pulse, causes: Vec<CauseCount>) -> Seen {
    let engine = site.settings.worker.as_ref().map(|engine| engine.borrow());
    let server_away = match engine.as_ref().map(|status| &status.server.state) {
        Some(ServerState::Away { until, .. }) => Some(*until),
        _ => None,
    };
    Seen {
        at: site.settings.clock.now(),
        run: pulse.run,
        status: pulse.status,
        causes,
        heartbeat: pulse.heartbeat,
        server_away,
    }
}
