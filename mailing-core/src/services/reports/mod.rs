//! Reports: what came of the runs of a range of days (E10). For owners of their own; for managers of
//! everybody's or one owner's, with names of mailings and domains, and without any recipient (A7).

mod file;

use crate::error::Error;
use crate::id::UserId;
use crate::policy::{self, Actor, Totals};
use crate::ports::Unit;
use crate::report::{DaySums, Range, Report, Sums};

use super::ServicePorts;

pub use file::{ReportFile, ReportTable};

/// Mailings on a page.
const MAILINGS: u32 = 50;
/// Domains on a page.
const DOMAINS: u32 = 20;

/// Whose runs a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportOf {
    /// The actor's.
    Own,
    /// Everybody's.
    Everybody,
    /// One owner's, for those who supervise.
    Owner(UserId),
}

/// Reading reports.
#[derive(Clone)]
pub struct Reports {
    ports: ServicePorts,
}

impl Reports {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// What came of the runs of these days: the 50 mailings with the most deliveries, all causes, the 20
    /// greatest domains.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::NotFound`] for an owner who is not known.
    pub async fn show(&self, actor: &Actor, of: ReportOf, range: &Range) -> Result<Report, Error> {
        let scope = scope(actor, of)?;
        let as_of = self.ports.now();
        // One moment for all tables: their sums agree.
        let mut unit = self.ports.store.read().await?;
        known(unit.as_mut(), of).await?;
        let days = days(unit.as_mut(), &scope, range).await?;
        let period = range.period();
        let reports = unit.reports();
        let mut mailings = reports.mailings(&scope, period, MAILINGS + 1).await?;
        let has_more_mailings = mailings.len() > MAILINGS as usize;
        mailings.truncate(MAILINGS as usize);
        let mut total = Sums::default();
        days.iter().for_each(|day| total += day.sums);
        Ok(Report {
            range: *range,
            as_of,
            total,
            days,
            mailings,
            has_more_mailings,
            causes: reports.causes(&scope, period).await?,
            domains: reports.domains(&scope, period, DOMAINS).await?,
        })
    }

    /// The actor's own sums of each of these days.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn days(&self, actor: &Actor, range: &Range) -> Result<Vec<DaySums>, Error> {
        let scope = policy::own_totals(actor)?;
        let mut unit = self.ports.store.read().await?;
        days(unit.as_mut(), &scope, range).await
    }

    /// A table of the report as CSV, piece by piece; `mark` puts the mark of UTF-8 before it.
    ///
    /// # Errors
    /// As [`show`](Self::show).
    pub async fn file(
        &self,
        actor: &Actor,
        of: ReportOf,
        range: &Range,
        table: ReportTable,
        mark: bool,
    ) -> Result<ReportFile, Error> {
        let scope = scope(actor, of)?;
        let mut unit = self.ports.store.read().await?;
        known(unit.as_mut(), of).await?;
        ReportFile::new(self.ports.clone(), scope, of, *range, table, mark)
    }
}

fn scope(actor: &Actor, of: ReportOf) -> Result<Totals, Error> {
    match of {
        ReportOf::Own => policy::own_totals(actor),
        ReportOf::Everybody => policy::all_totals(actor, None),
        ReportOf::Owner(owner) => policy::all_totals(actor, Some(owner)),
    }
}

async fn known(unit: &mut dyn Unit, of: ReportOf) -> Result<(), Error> {
    if let ReportOf::Owner(owner) = of {
        let user = unit.users().find(&policy::system(), owner).await?;
        user.ok_or(Error::NotFound)?;
    }
    Ok(())
}

async fn days(unit: &mut dyn Unit, scope: &Totals, range: &Range) -> Result<Vec<DaySums>, Error> {
    let (period, slot) = (range.period(), range.slot());
    let slots = unit.reports().slots(scope, period, slot).await?;
    Ok(range.by_day(&slots))
}
