//! The log: every message to every recipient, the newest run first.
//!
//! A page looks through a bounded number of deliveries, so that a filter that finds little costs no
//! more than one that finds much: where a page ends before it is full, the next one goes on looking.

mod ask;
mod file;

pub use ask::{LogAsk, LogDraft};
pub use file::LogFile;

use crate::audit::Deed;
use crate::delivery::{Delivery, Standing};
use crate::error::Error;
use crate::id::{RecipientId, RunId};
use crate::policy::{self, Actor, View};
use crate::ports::Unit;
use crate::ports::store::{Cursor, LogPlace, LogRuns, LoggedRun, PageRequest};
use crate::recipient::{EmailAddress, Recipient};
use crate::run::{Counts, Run};

use super::Deliveries;

/// Deliveries that a page looks through at most.
const LOOKS: u64 = 10_000;
/// What looking into a run costs at least, in the same measure: a query is worth many rows.
const RUN_LOOKS: u64 = 100;
/// Runs that are read at a time.
const RUNS: u32 = 50;

/// A line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// The delivery.
    pub delivery: Delivery,
    /// Its run.
    pub run: Run,
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogPage {
    /// The lines.
    pub lines: Vec<Logged>,
    /// Where it goes on; `None` when this is the end.
    pub next: Option<Cursor>,
    /// True when the page ends because enough was looked through, not because it is full.
    pub is_tired: bool,
}

/// Where the log goes on: in this run, at numbers below this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    run: RunId,
    below: u64,
}

impl Place {
    fn read(request: &PageRequest) -> Option<Self> {
        let (run, below) = request.after.as_ref()?.as_str().rsplit_once('_')?;
        Some(Self {
            run: run.parse().ok()?,
            below: below.parse().ok()?,
        })
    }

    fn cursor(self) -> Cursor {
        Cursor::new(format!("{}_{}", self.run, self.below))
    }
}

impl Deliveries {
    /// A page of the log.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn log(
        &self,
        actor: &Actor,
        ask: &LogAsk,
        request: &PageRequest,
    ) -> Result<LogPage, Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let unit = unit.as_mut();
        if let Some(address) = &ask.address {
            return match whose(unit, actor, address).await? {
                Some(recipient) => to_one(unit, &scope, ask, recipient, request).await,
                None => Ok(LogPage::default()),
            };
        }
        let mut search = Search {
            unit,
            scope: &scope,
            ask,
            limit: request.limit() as usize,
            left: LOOKS,
            lines: Vec::new(),
        };
        search.from(Place::read(request)).await
    }

    /// How many deliveries the runs have that are asked for, by where they are counted. What is
    /// asked about single deliveries does not matter here.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn log_sums(&self, actor: &Actor, ask: &LogAsk) -> Result<Counts, Error> {
        let scope = policy::view::<Run>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let runs = LogRuns {
            having: None,
            ..ask.runs
        };
        Ok(unit.log().sums(&scope, &runs).await?)
    }

    /// Begins a file of all that is asked for.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn log_file(
        &self,
        actor: &Actor,
        ask: &LogAsk,
        mark: bool,
    ) -> Result<LogFile, Error> {
        policy::view::<Run>(actor)?;
        let ports = &self.ports;
        ports
            .attempt(|| async move {
                let now = ports.now();
                let mut unit = ports.store.write().await?;
                let subject = ask.in_short();
                ports
                    .audit(unit.as_mut(), actor, Deed::ExportLog, subject, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        LogFile::new(self.clone(), actor.clone(), ask.clone(), mark)
    }
}

/// Who has this address now, or had it before being deleted.
async fn whose(
    unit: &mut dyn Unit,
    actor: &Actor,
    address: &EmailAddress,
) -> Result<Option<RecipientId>, Error> {
    let scope = policy::view::<Recipient>(actor)?;
    let living = unit.recipients().find_by_address(&scope, address).await?;
    if let Some(recipient) = living {
        return Ok(Some(recipient.id));
    }
    let deleted = unit.recipients().find_in_trash(&scope, address).await?;
    Ok(deleted.map(|recipient| recipient.id))
}

/// What went to one recipient: at most one delivery a run.
async fn to_one(
    unit: &mut dyn Unit,
    scope: &View<Run>,
    ask: &LogAsk,
    recipient: RecipientId,
    request: &PageRequest,
) -> Result<LogPage, Error> {
    let before = match Place::read(request) {
        Some(place) => find(unit, scope, place.run).await?.as_ref().map(place_of),
        None => None,
    };
    let limit = request.limit() as usize;
    let found = unit
        .log()
        .to_recipient(
            scope,
            recipient,
            &ask.runs,
            &ask.filter,
            before,
            request.limit() + 1,
        )
        .await?;
    let more = found.len() > limit;
    let mut lines = Vec::new();
    for delivery in found.into_iter().take(limit) {
        if let Some(logged) = find(unit, scope, delivery.run).await? {
            let run = logged.run;
            lines.push(Logged { delivery, run });
        }
    }
    let next = lines.last().filter(|_| more).map(after);
    Ok(LogPage {
        lines,
        next,
        is_tired: false,
    })
}

async fn find(
    unit: &mut dyn Unit,
    scope: &View<Run>,
    run: RunId,
) -> Result<Option<LoggedRun>, Error> {
    let only = LogRuns {
        run: Some(run),
        ..LogRuns::default()
    };
    let mut found = unit.log().runs(scope, &only, None, 1).await?;
    Ok(found.pop())
}

fn place_of(logged: &LoggedRun) -> LogPlace {
    (logged.run.occurrence_at, logged.run.id)
}

fn after(line: &Logged) -> Cursor {
    let place = Place {
        run: line.delivery.run,
        below: line.delivery.number,
    };
    place.cursor()
}

/// Looks through runs until a page is full.
struct Search<'a> {
    unit: &'a mut dyn Unit,
    scope: &'a View<Run>,
    ask: &'a LogAsk,
    limit: usize,
    /// How much may still be looked through.
    left: u64,
    /// What was found; one more than fits tells that there is more.
    lines: Vec<Logged>,
}

impl Search<'_> {
    async fn from(&mut self, place: Option<Place>) -> Result<LogPage, Error> {
        let mut before = None;
        if let Some(place) = place
            && let Some(logged) = find(self.unit, self.scope, place.run).await?
        {
            before = Some(place_of(&logged));
            let top = place.below.saturating_sub(1);
            if let Some(page) = self.through(&logged, top).await? {
                return Ok(page);
            }
        }
        loop {
            let runs = self
                .unit
                .log()
                .runs(self.scope, &self.ask.runs, before, RUNS)
                .await?;
            for logged in &runs {
                let top = self.top(logged);
                if let Some(page) = self.through(logged, top).await? {
                    return Ok(page);
                }
            }
            if runs.len() < RUNS as usize {
                return Ok(self.page(None));
            }
            before = runs.last().map(place_of);
        }
    }

    /// The greatest number that may be shown. Of a run under way, what has not had its turn has no
    /// story yet: it is told with what waits.
    fn top(&self, logged: &LoggedRun) -> u64 {
        let is_open = !logged.run.state.is_final();
        match self.ask.filter.standing {
            None if is_open => logged.reached.min(logged.run.counts.planned),
            _ => logged.run.counts.planned,
        }
    }

    /// Looks through one run from `top` down; the page, if it ends here.
    async fn through(&mut self, logged: &LoggedRun, top: u64) -> Result<Option<LogPage>, Error> {
        let run = &logged.run;
        if self.left == 0 {
            let place = Place {
                run: run.id,
                below: top.saturating_add(1),
            };
            return Ok(Some(self.page(Some(place))));
        }
        let low = top.saturating_sub(self.left - 1).max(1);
        if top >= low {
            let wanted = u32::try_from(self.limit + 1 - self.lines.len()).unwrap_or(u32::MAX);
            let found = self
                .unit
                .log()
                .deliveries(self.scope, run.id, &self.ask.filter, low..=top, wanted)
                .await?;
            self.lines.extend(found.into_iter().map(|delivery| Logged {
                delivery,
                run: run.clone(),
            }));
        }
        if self.lines.len() > self.limit {
            return Ok(Some(self.page(None)));
        }
        let looked = (top + 1).saturating_sub(low);
        self.left = self.left.saturating_sub(looked.max(RUN_LOOKS));
        if low > 1 && top >= low {
            let place = Place {
                run: run.id,
                below: low,
            };
            return Ok(Some(self.page(Some(place))));
        }
        Ok(None)
    }

    /// The page of what was found; it goes on at `place` where it was given up.
    fn page(&mut self, place: Option<Place>) -> LogPage {
        let mut lines = std::mem::take(&mut self.lines);
        let more = lines.len() > self.limit;
        lines.truncate(self.limit);
        let next = match place {
            Some(place) => Some(place.cursor()),
            None => lines.last().filter(|_| more).map(after),
        };
        LogPage {
            lines,
            next,
            is_tired: place.is_some(),
        }
    }
}

impl LogAsk {
    /// True when nothing about single deliveries is asked: the sums of the runs are all there is.
    #[must_use]
    pub const fn is_about_runs(&self) -> bool {
        self.filter.cause.is_none() && self.filter.domain.is_none() && self.address.is_none()
    }

    /// The same of another standing.
    #[must_use]
    pub fn standing(mut self, standing: Option<Standing>) -> Self {
        self.filter.standing = standing;
        self.runs.having = standing;
        self
    }
}
