//! Runs that are looked at while they are under way.
//!
//! However many pages show one run, it is read once a second: the first that wants a newer look reads,
//! the others wait for the same answer. Nobody watching means nothing read. Causes, which take long
//! to count in a large run, are shared with the pages that are not live.

mod look;
mod stream;

pub(crate) use look::{Look, Seen};
pub(crate) use stream::{Client, events};

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use mailing_core::error::Error;
use mailing_core::id::{RunId, UserId};
use mailing_core::policy::Actor;
use tokio::sync::watch;

use self::look::{Counted, Last};
use crate::seats::{Seat, Seats};
use crate::site::Site;

/// Streams that one user may have open (S49).
const OF_ONE: u32 = 6;
/// Streams that may be open in all.
const OF_ALL: u32 = 300;

/// How old a look may be to be shown to the next one who asks.
const FRESH: Duration = Duration::from_millis(900);

/// How many runs that a page has shown are remembered.
const RECENT_MAX: usize = 64;

/// One run that is looked at.
#[derive(Default)]
struct Watched {
    last: tokio::sync::Mutex<Option<Last>>,
    /// The causes as they were counted last. Whoever counts holds it: the others wait for the result.
    causes: tokio::sync::Mutex<Option<Counted>>,
}

/// All runs that somebody watches.
pub(crate) struct Live {
    runs: Mutex<BTreeMap<RunId, Weak<Watched>>>,
    recent: Mutex<VecDeque<(RunId, Arc<Watched>)>>,
    seats: Arc<Seats<UserId>>,
    over: watch::Sender<bool>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            runs: Mutex::default(),
            recent: Mutex::default(),
            seats: Seats::new(OF_ALL),
            over: watch::channel(false).0,
        }
    }
}

impl Live {
    /// A place for one more stream of this user, unless there are too many (S49).
    pub(crate) fn sit(&self, user: UserId) -> Option<Seat<UserId>> {
        self.seats.take(user, OF_ONE).ok()
    }

    /// Ends all streams: the process wants to leave.
    pub(crate) fn end(&self) {
        self.over.send_replace(true);
    }

    fn listen(&self) -> watch::Receiver<bool> {
        self.over.subscribe()
    }

    /// What is shared by all who look at this run, for some while after the last of them.
    fn looked_at(&self, run: RunId) -> Arc<Watched> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, watched)) = recent.iter().find(|(id, _)| *id == run) {
            return Arc::clone(watched);
        }
        let watched = self.watched(run);
        recent.truncate(RECENT_MAX - 1);
        recent.push_front((run, Arc::clone(&watched)));
        watched
    }

    /// What is shared by all who watch this run. It lasts as long as one of them.
    fn watched(&self, run: RunId) -> Arc<Watched> {
        // A panic elsewhere leaves a map that is whole.
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watched) = runs.get(&run).and_then(Weak::upgrade) {
            return watched;
        }
        runs.retain(|_, watched| watched.strong_count() > 0);
        let watched = Arc::default();
        runs.insert(run, Arc::downgrade(&watched));
        watched
    }
}

/// A look at the run that is no older than a second.
///
/// # Errors
/// What the service refuses: the run is not this actor's.
async fn fresh(site: &Site, watched: &Watched, actor: &Actor, run: RunId) -> Result<Look, Error> {
    let mut last = watched.last.lock().await;
    let now = site.settings.clock.monotonic();
    if let Some(last) = &*last
        && now.saturating_sub(last.read_at) < FRESH
    {
        return Ok(last.look.clone());
    }
    let newer = look::read(site, watched, actor, run).await?;
    let look = newer.look.clone();
    *last = Some(newer);
    Ok(look)
}
