//! Rows on their way into the store.

use super::{ImportOptions, ImportReport, list_name};
use crate::audit::Deed;
use crate::error::Error;
use crate::id::{ListId, RecipientId};
use crate::policy::{self, Actor, Edit};
use crate::ports::store::{ImportMode, ImportSums, NewRecipient};
use crate::ports::{StoreError, Unit};
use crate::recipient::{List, ListName, Recipient, RecipientContent};
use crate::services::ServicePorts;
use crate::time::Timestamp;

/// Rows of one transaction. No unit is open while rows are read.
const ROWS: usize = 1_000;

/// The rows that wait for their transaction, and what became of those before them.
pub(super) struct Batch<'a> {
    ports: &'a ServicePorts,
    actor: &'a Actor,
    scope: Edit<Recipient>,
    list: Option<ListName>,
    mode: ImportMode,
    rows: Vec<NewRecipient>,
    report: ImportReport,
}

/// What a transaction does beside adding its rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// More rows will come.
    Amid,
    /// These are the last: the import is written down in the audit log.
    Last,
}

impl<'a> Batch<'a> {
    pub(super) fn new(
        ports: &'a ServicePorts,
        actor: &'a Actor,
        scope: Edit<Recipient>,
        options: &ImportOptions,
    ) -> Result<Self, Error> {
        Ok(Self {
            ports,
            actor,
            scope,
            list: list_name(options)?,
            mode: options.mode,
            rows: Vec::with_capacity(ROWS),
            report: ImportReport::default(),
        })
    }

    /// Adds a row; when the batch is full it goes into the store.
    pub(super) async fn add(&mut self, content: RecipientContent) -> Result<(), Error> {
        let id = RecipientId::new(self.ports.now(), self.ports.entropy.as_ref());
        self.rows.push(NewRecipient { id, content });
        if self.rows.len() == ROWS {
            self.flush(Place::Amid).await?;
        }
        Ok(())
    }

    /// Puts the rest into the store, with the audit entry.
    pub(super) async fn close(mut self, rejected: u64) -> Result<ImportReport, Error> {
        self.report.rejected = rejected;
        self.flush(Place::Last).await?;
        Ok(self.report)
    }

    async fn flush(&mut self, place: Place) -> Result<(), Error> {
        let this = &*self;
        let (report, list) = this.ports.attempt(|| this.write(place)).await?;
        self.report.count(report);
        self.report.list = list;
        self.rows.clear();
        Ok(())
    }

    async fn write(&self, place: Place) -> Result<(ImportSums, Option<List>), Error> {
        let now = self.ports.now();
        let mut unit = self.ports.store.write().await?;
        let mut sums = ImportSums::default();
        let mut list = self.report.list.clone();
        if !self.rows.is_empty() {
            list = self.list(unit.as_mut(), now).await?;
            let id = list.as_ref().map(|list| list.id);
            sums = unit
                .recipients()
                .import(&self.scope, &self.rows, self.mode, id, now)
                .await?;
        }
        if place == Place::Last {
            let mut whole = self.report.clone();
            whole.count(sums);
            let subject = in_short(&whole);
            self.ports
                .audit(
                    unit.as_mut(),
                    self.actor,
                    Deed::ImportRecipients,
                    subject,
                    now,
                )
                .await?;
        }
        unit.commit().await?;
        Ok((sums, list))
    }

    /// The list asked for; made when the owner has none of this name.
    async fn list(&self, unit: &mut dyn Unit, now: Timestamp) -> Result<Option<List>, Error> {
        let Some(name) = &self.list else {
            return Ok(None);
        };
        if let Some(list) = &self.report.list {
            return Ok(Some(list.clone()));
        }
        let scope = policy::edit::<List>(self.actor)?;
        if let Some(list) = unit.lists().find_by_name(scope.view(), name).await? {
            return Ok(Some(list));
        }
        let list = List {
            id: ListId::new(now, self.ports.entropy.as_ref()),
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
        self.ports
            .audit(unit, self.actor, Deed::CreateList, list.id, now)
            .await?;
        Ok(Some(list))
    }
}

/// The sums for the audit log.
fn in_short(report: &ImportReport) -> String {
    let ImportReport {
        added,
        updated,
        skipped,
        rejected,
        ..
    } = report;
    format!("added={added} updated={updated} skipped={skipped} rejected={rejected}")
}
