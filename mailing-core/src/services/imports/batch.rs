//! Rows on their way into the store.

use super::{ImportReport, MayWrite, begin::Begun};
use crate::audit::Deed;
use crate::code;
use crate::error::Error;
use crate::id::{ListId, RecipientId};
use crate::policy::{self, Actor, Edit, View};
use crate::ports::store::{Addition, ImportMode, ImportSums, NewRecipient};
use crate::ports::{StoreError, Unit};
use crate::recipient::import::{Import, ImportRow, ImportState, UNDO_WITHIN};
use crate::recipient::{List, Recipient};
use crate::services::ServicePorts;
use crate::time::Timestamp;

/// Rows of one transaction. No unit is open while rows are read.
const ROWS: usize = 5_000;

/// The rows that wait for their transaction, and what became of those before them.
pub(super) struct Batch<'a> {
    ports: &'a ServicePorts,
    goal: Goal<'a>,
    rows: Vec<NewRecipient>,
    /// The line of the last row that was looked at.
    line: u64,
    report: ImportReport,
    may_write: MayWrite<'a>,
}

/// What rows are for.
enum Goal<'a> {
    Store(Box<Writing<'a>>),
    /// They are counted.
    Count(View<Recipient>, ImportMode),
}

struct Writing<'a> {
    actor: &'a Actor,
    recipients: Edit<Recipient>,
    imports: Edit<Import>,
    /// As it is in the store.
    import: Import,
}

/// What a transaction does beside adding its rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// More rows will come.
    Amid,
    /// The file cannot be read any more, but perhaps can later: the import can go on then.
    Interrupted,
    /// These are the last.
    Last,
}

/// What a transaction left behind.
struct Written {
    import: Import,
    list: Option<List>,
}

impl<'a> Batch<'a> {
    /// Rows that become recipients.
    pub(super) fn storing(
        ports: &'a ServicePorts,
        actor: &'a Actor,
        begun: Begun,
        may_write: MayWrite<'a>,
    ) -> Result<Self, Error> {
        let writing = Writing {
            actor,
            recipients: policy::edit(actor)?,
            imports: policy::edit(actor)?,
            import: begun.import,
        };
        let goal = Goal::Store(Box::new(writing));
        Ok(Self::new(ports, goal, begun.report, may_write))
    }

    /// Rows that are looked at only.
    pub(super) fn counting(
        ports: &'a ServicePorts,
        (scope, mode): (View<Recipient>, ImportMode),
        may_write: MayWrite<'a>,
    ) -> Self {
        let goal = Goal::Count(scope, mode);
        Self::new(ports, goal, ImportReport::default(), may_write)
    }

    fn new(
        ports: &'a ServicePorts,
        goal: Goal<'a>,
        report: ImportReport,
        may_write: MayWrite<'a>,
    ) -> Self {
        Self {
            ports,
            goal,
            rows: Vec::with_capacity(ROWS),
            line: 0,
            report,
            may_write,
        }
    }

    /// Adds a row, unless it is in the store since before an interruption; when the batch is full it
    /// goes there. `rejected`: how many rows were refused so far.
    pub(super) async fn add(&mut self, row: ImportRow, rejected: u64) -> Result<(), Error> {
        self.line = row.line;
        if let Goal::Store(writing) = &self.goal
            && row.line <= writing.import.line
        {
            return Ok(());
        }
        let id = RecipientId::new(self.ports.now(), self.ports.entropy.as_ref());
        self.rows.push(NewRecipient {
            id,
            content: row.content,
            state: row.state,
        });
        if self.rows.len() == ROWS {
            self.report.rejected = rejected;
            self.flush(Place::Amid).await?;
        }
        Ok(())
    }

    /// Puts the rest into the store, with the audit entry.
    pub(super) async fn close(
        mut self,
        place: Place,
        rejected: u64,
    ) -> Result<ImportReport, Error> {
        self.report.rejected = rejected;
        self.flush(place).await?;
        Ok(self.report)
    }

    async fn flush(&mut self, place: Place) -> Result<(), Error> {
        if let Goal::Store(writing) = &self.goal
            && writing.import.state == ImportState::Finished
        {
            // It was interrupted behind its last row: the file was read for its rejects only.
            self.report.sums = writing.import.sums;
            return Ok(());
        }
        (self.may_write)()?;
        let (ports, rows) = (self.ports, self.rows.as_slice());
        match &mut self.goal {
            Goal::Count(scope, mode) => {
                let mut unit = ports.store.read().await?;
                let sums = unit.recipients().weigh(scope, rows, *mode).await?;
                self.report.sums.count(sums);
            }
            Goal::Store(writing) => {
                let this = &*writing;
                let (line, report) = (self.line, &self.report);
                let written = ports
                    .attempt(|| this.write(ports, rows, line, report, place))
                    .await?;
                tracing::debug!(import = %written.import.id, line, "a batch of rows is in the store");
                writing.import = written.import;
                self.report.sums = writing.import.sums;
                self.report.list = written.list;
            }
        }
        self.rows.clear();
        Ok(())
    }
}

impl Writing<'_> {
    /// Rows, position and sums in one transaction.
    async fn write(
        &self,
        ports: &ServicePorts,
        rows: &[NewRecipient],
        line: u64,
        report: &ImportReport,
        place: Place,
    ) -> Result<Written, Error> {
        let now = ports.now();
        let mut unit = ports.store.write().await?;
        let list = self.list(ports, unit.as_mut(), rows, report, now).await?;
        let sums = self
            .add(ports, unit.as_mut(), rows, list.as_ref(), now)
            .await?;
        let mut import = self.import.clone();
        import.line = line.max(import.line);
        import.sums.count(sums);
        import.rejected = report.rejected;
        import.list = list.as_ref().map(|list| list.id).or(import.list);
        import.updated_at = now;
        if place == Place::Last {
            import.state = ImportState::Finished;
        }
        let was = (self.import.state, self.import.line);
        if !unit.imports().save(&self.imports, &import, was).await? {
            return Err(Error::Conflict(code::IMPORT_TAKEN_OVER.into()));
        }
        if place != Place::Amid {
            let deed = Deed::ImportRecipients;
            let subject = in_short(&import);
            ports
                .audit(unit.as_mut(), self.actor, deed, subject, now)
                .await?;
        }
        unit.commit().await?;
        Ok(Written { import, list })
    }

    async fn add(
        &self,
        ports: &ServicePorts,
        unit: &mut dyn Unit,
        rows: &[NewRecipient],
        list: Option<&List>,
        now: Timestamp,
    ) -> Result<ImportSums, StoreError> {
        if rows.is_empty() {
            return Ok(ImportSums::default());
        }
        let addition = Addition {
            mode: self.import.order.mode,
            list: list.map(|list| list.id),
            import: Some(self.import.id),
        };
        // What nobody can undo any more is dropped a little at a time.
        unit.imports()
            .forget(&self.imports, now - UNDO_WITHIN)
            .await?;
        let addresses = rows.iter().map(|row| &row.content.address);
        let owner = self.recipients.owner();
        ports.know_again(unit, owner, addresses).await?;
        unit.recipients()
            .import(&self.recipients, rows, &addition, now)
            .await
    }

    /// The list asked for; made when the owner has none of this name, and some row goes into it.
    async fn list(
        &self,
        ports: &ServicePorts,
        unit: &mut dyn Unit,
        rows: &[NewRecipient],
        report: &ImportReport,
        now: Timestamp,
    ) -> Result<Option<List>, Error> {
        let Some(name) = &self.import.order.list else {
            return Ok(None);
        };
        if report.list.is_some() {
            return Ok(report.list.clone());
        }
        let scope = policy::edit::<List>(self.actor)?;
        let known = unit.lists().find_by_name(scope.view(), name).await?;
        // An interrupted import may have put all its rows there before.
        let is_in_use = !rows.is_empty() || self.import.list.is_some();
        if known.is_some() || rows.is_empty() {
            return Ok(known.filter(|_| is_in_use));
        }
        let list = List {
            id: ListId::new(now, ports.entropy.as_ref()),
            owner: scope.owner(),
            name: name.clone(),
            created_at: now,
        };
        unit.lists().insert(&scope, &list).await.map_err(|error| {
            // Somebody has made it meanwhile: the next try finds it.
            match error.is_conflict("lists.key") {
                true => StoreError::Retry(Box::new(error)),
                false => error,
            }
        })?;
        ports
            .audit(unit, self.actor, Deed::CreateList, list.id, now)
            .await?;
        Ok(Some(list))
    }
}

/// The sums for the audit log.
fn in_short(import: &Import) -> String {
    let ImportSums {
        added,
        updated,
        skipped,
    } = import.sums;
    let (id, rejected) = (import.id, import.rejected);
    format!("{id} added={added} updated={updated} skipped={skipped} rejected={rejected}")
}
