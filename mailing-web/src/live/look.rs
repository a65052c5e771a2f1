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

/// The last look with what the next one must know. Times are monotonic.
pub(super) struct Last {
    pub(super) look: Look,
    pub(super) read_at: Duration,
    /// The causes as they were counted last.
    counted: Option<Counted>,
}

#[derive(Clone)]
struct Counted {
    causes: Vec<CauseCount>,
    /// Failed and waiting deliveries at that time: other numbers mean other causes.
    of: (u64, u64),
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
        let causes = count(site, actor, &pulse.run, None).await?.causes;
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

/// A new look, which uses of the last one what is still right.
pub(super) async fn read(
    site: &Site,
    actor: &Actor,
    run: RunId,
    last: Option<&Last>,
) -> Result<Last, Error> {
    let clock = site.settings.clock.as_ref();
    let counted = last.and_then(|last| last.counted.clone());
    let late = clock.sleep_until(clock.now() + READ_TIME);
    let asked = pin!(look(site, actor, run, counted.clone()));
    let (look, counted) = match select(asked, late).await {
        Either::Left((Ok((seen, counted)), _)) => (Look::Seen(Arc::new(seen)), Some(counted)),
        Either::Left((Err(error @ (Error::NotFound | Error::Denied(_))), _)) => return Err(error),
        Either::Left((Err(error), _)) => {
            tracing::warn!(%error, "a run that is watched cannot be read");
            (Look::Away, counted)
        }
        Either::Right(_) => (Look::Away, counted),
    };
    Ok(Last {
        look,
        read_at: clock.monotonic(),
        counted,
    })
}

async fn look(
    site: &Site,
    actor: &Actor,
    run: RunId,
    counted: Option<Counted>,
) -> Result<(Seen, Counted), Error> {
    let pulse = site.services.runs.pulse(actor, run).await?;
    let counted = count(site, actor, &pulse.run, counted).await?;
    Ok((seen(site, pulse, counted.causes.clone()), counted))
}

/// The causes: counted anew when numbers have moved, now and then, and at the end.
async fn count(
    site: &Site,
    actor: &Actor,
    run: &Run,
    counted: Option<Counted>,
) -> Result<Counted, Error> {
    let clock = site.settings.clock.as_ref();
    let of = (run.counts.failed, run.counts.pending);
    let began = clock.monotonic();
    if let Some(counted) = counted
        && (counted.of == of || began < counted.due)
        && !run.state.is_final()
    {
        return Ok(counted);
    }
    let (_, causes) = site.services.runs.show(actor, run.id).await?;
    let ended = clock.monotonic();
    let took = ended.saturating_sub(began);
    Ok(Counted {
        causes,
        of,
        due: ended + CAUSES_EVERY.max(took * CAUSES_SHARE),
    })
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
