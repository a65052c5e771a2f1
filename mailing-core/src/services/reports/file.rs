//! Tables of a report as CSV, piece by piece.

use std::collections::BTreeMap;
use std::io;

use chrono::{Days, NaiveDate};

use super::ReportOf;
use crate::error::Error;
use crate::id::MailingId;
use crate::policy::Totals;
use crate::report::{MailingSums, Range};
use crate::run::Counts;
use crate::services::ServicePorts;
use crate::sheet::SheetWriter;

/// So many days are read in one go.
const DAYS: u64 = 7;
/// So many mailings are read in one go; the store adds up the whole period for each go.
const MAILINGS: u32 = 1_000;
/// Domains with a row of their own; all others stand together in the last one.
const DOMAINS: u32 = 10_000;

/// A table of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportTable {
    /// Each mailing of each day.
    Days,
    /// Each mailing, in the order in which they were made.
    Mailings,
    /// Causes of failures.
    Causes,
    /// Recipient domains.
    Domains,
}

impl ReportTable {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Days, Self::Mailings, Self::Causes, Self::Domains];

    /// The name in addresses and of files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Mailings => "mailings",
            Self::Causes => "causes",
            Self::Domains => "domains",
        }
    }

    /// The table of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.as_str() == name)
    }

    const fn begin(self) -> &'static [&'static str] {
        match self {
            Self::Days => &["day", "mailing", "owner", "runs", "waiting"],
            Self::Mailings => &["mailing", "owner", "runs", "waiting"],
            Self::Causes => &["cause", "failed"],
            Self::Domains => &["domain"],
        }
    }
}

/// The columns that tables of deliveries end with.
const STATES: [&str; 5] = ["delivered", "failed", "unknown", "suppressed", "cancelled"];

/// Where the next piece begins.
enum Next {
    Table,
    Day(NaiveDate),
    Mailing(MailingId),
}

/// A table of a report that comes piece by piece. Each piece is read for itself: a long download holds
/// no view of the store open, and takes no more memory than a week or a thousand mailings.
pub struct ReportFile {
    ports: ServicePorts,
    scope: Totals,
    range: Range,
    table: ReportTable,
    /// The owner's login is told where it is not the reader's own.
    names_owners: bool,
    /// What is not told so far.
    next: Option<Next>,
    sheet: SheetWriter,
}

impl ReportFile {
    pub(super) fn new(
        ports: ServicePorts,
        scope: Totals,
        of: ReportOf,
        range: Range,
        table: ReportTable,
        mark: bool,
    ) -> Result<Self, Error> {
        let names_owners = of != ReportOf::Own;
        let mut sheet = SheetWriter::in_memory(mark);
        let begin = table.begin().iter().copied();
        let begin = begin.filter(|column| names_owners || *column != "owner");
        let states = match table {
            ReportTable::Causes => &[][..],
            _ => &STATES,
        };
        sheet
            .row(begin.chain(states.iter().copied()))
            .map_err(internal)?;
        Ok(Self {
            ports,
            scope,
            range,
            table,
            names_owners,
            next: Some(Next::Table),
            sheet,
        })
    }

    /// The next piece of the file; `None` at its end. A piece may be empty.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let Some(next) = self.next.take() else {
            return Ok(None);
        };
        match (self.table, next) {
            (_, Next::Day(from)) => self.some_days(from).await?,
            (_, Next::Mailing(after)) => self.some_mailings(Some(after)).await?,
            (ReportTable::Days, Next::Table) => self.some_days(self.range.from()).await?,
            (ReportTable::Mailings, Next::Table) => self.some_mailings(None).await?,
            (ReportTable::Causes, Next::Table) => self.causes().await?,
            (ReportTable::Domains, Next::Table) => self.domains().await?,
        }
        self.sheet.take().map(Some).map_err(internal)
    }

    async fn some_days(&mut self, from: NaiveDate) -> Result<(), Error> {
        let last = from.checked_add_days(Days::new(DAYS - 1));
        let to = last.unwrap_or(self.range.to()).min(self.range.to());
        let part = Range::new(from, to, self.range.zone())?;
        let (period, length) = (part.period(), part.slot());
        let mut unit = self.ports.store.read().await?;
        let reports = unit.reports();
        let slots = reports.mailing_slots(&self.scope, period, length).await?;
        let (dates, place): (Vec<_>, _) = (part.days().collect(), part.places());
        let mut rows: BTreeMap<(NaiveDate, MailingId), MailingSums> = BTreeMap::new();
        for slot in slots {
            let Some(date) = dates.get(place(slot.slot)) else {
                continue;
            };
            match rows.get_mut(&(*date, slot.of.mailing)) {
                Some(row) => row.sums += slot.of.sums,
                None => {
                    rows.insert((*date, slot.of.mailing), slot.of);
                }
            }
        }
        for ((date, _), of) in &rows {
            self.mailing(Some(*date), of)?;
        }
        let next = to.succ_opt().filter(|next| *next <= self.range.to());
        self.next = next.map(Next::Day);
        Ok(())
    }

    async fn some_mailings(&mut self, after: Option<MailingId>) -> Result<(), Error> {
        let mut unit = self.ports.store.read().await?;
        let (reports, period) = (unit.reports(), self.range.period());
        let some = reports.mailings_after(&self.scope, period, after, MAILINGS);
        let some = some.await?;
        if some.len() == MAILINGS as usize {
            self.next = some.last().map(|of| Next::Mailing(of.mailing));
        }
        some.iter().try_for_each(|of| self.mailing(None, of))
    }

    async fn causes(&mut self) -> Result<(), Error> {
        let mut unit = self.ports.store.read().await?;
        let causes = unit.reports().causes(&self.scope, self.range.period());
        for sum in causes.await? {
            let cells = [sum.cause.as_str().to_owned(), sum.count.to_string()];
            self.sheet.row(cells).map_err(internal)?;
        }
        Ok(())
    }

    async fn domains(&mut self) -> Result<(), Error> {
        let mut unit = self.ports.store.read().await?;
        let period = self.range.period();
        for sum in unit.reports().domains(&self.scope, period, DOMAINS).await? {
            // Nobody has a domain of this name: all others together.
            let name = sum.domain.unwrap_or_else(|| "*".to_owned());
            let cells = std::iter::once(name).chain(states(&sum.counts));
            self.sheet.row(cells).map_err(internal)?;
        }
        Ok(())
    }

    fn mailing(&mut self, date: Option<NaiveDate>, of: &MailingSums) -> Result<(), Error> {
        let owner = self.names_owners.then(|| of.owner_email.to_string());
        let cells = date
            .map(|date| date.to_string())
            .into_iter()
            .chain([of.name.as_str().to_owned()])
            .chain(owner)
            .chain([of.sums.runs, of.sums.counts.pending].map(|n| n.to_string()))
            .chain(states(&of.sums.counts));
        self.sheet.row(cells).map_err(internal)
    }
}

fn states(counts: &Counts) -> impl Iterator<Item = String> {
    let numbers = [
        counts.delivered,
        counts.failed,
        counts.unknown,
        counts.suppressed,
        counts.cancelled,
    ];
    numbers.into_iter().map(|number| number.to_string())
}

fn internal(error: io::Error) -> Error {
    Error::Internal(Box::new(error))
}
