//! What the service does with exports by itself. Any process may; after a crash another one goes on
//! behind the last piece once the lease is over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;

use super::pieces::{Pieces, internal};
use crate::error::Error;
use crate::id::ExportId;
use crate::policy;
use crate::ports::store::{Cursor, RecipientFilter};
use crate::recipient::Recipient;
use crate::recipient::export::{
    EXPORT_FOR, EXPORT_PIECE, ExportState, PreparedExport, RecipientsWriter,
};
use crate::services::ServicePorts;
use crate::time::Timestamp;

/// How long nobody else works on an export after the last sign of life.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// Most pages that are read between two signs of life.
const PAGES: usize = 20;

/// An export that this process works on.
#[derive(Debug)]
pub struct ExportJob {
    export: PreparedExport,
}

/// The service's own work on exports.
#[derive(Clone)]
pub struct ExportWork {
    ports: ServicePorts,
    stopped: Arc<AtomicBool>,
}

impl ExportJob {
    /// Which export it is.
    #[must_use]
    pub const fn id(&self) -> ExportId {
        self.export.id
    }
}

impl ExportWork {
    pub(in crate::services) fn new(ports: ServicePorts) -> Self {
        Self {
            ports,
            stopped: Arc::default(),
        }
    }

    /// Ends all work of this process before the next piece. Whoever looks next goes on.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Takes the next export that waits, so that nobody else works on it; `None` when none does.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn claim(&self) -> Result<Option<ExportJob>, Error> {
        let now = self.ports.now();
        let mut unit = self.ports.store.read().await?;
        let found = unit.exports().waiting(&policy::system(), now).await?;
        drop(unit);
        let Some(mut export) = found else {
            return Ok(None);
        };
        let is_mine = self.keep(&mut export, now + LEASE, &[]).await?;
        Ok(is_mine.then_some(ExportJob { export }))
    }

    /// Does the work to the end, unless the process is to end, the owner is blocked or the export is
    /// cancelled.
    ///
    /// # Errors
    /// When the store does not answer: then somebody goes on once the lease is over.
    pub async fn run(&self, job: ExportJob) -> Result<(), Error> {
        let mut export = job.export;
        loop {
            if self.stopped.load(Ordering::Relaxed) {
                self.keep(&mut export, self.ports.now(), &[]).await?;
                return Ok(());
            }
            let content = match self.step(&mut export).await {
                Ok(content) => content,
                Err(error) => return self.give_up(&export, error).await,
            };
            let until = match export.is_ready() {
                true => self.ports.now(),
                false => self.ports.now() + LEASE,
            };
            let is_mine = self.keep(&mut export, until, &content).await?;
            if !is_mine || export.is_ready() {
                return Ok(());
            }
        }
    }

    /// Of an export that cannot be written at all nothing is kept: its owner may ask for another, and
    /// nobody tries it for ever.
    async fn give_up(&self, export: &PreparedExport, error: Error) -> Result<(), Error> {
        if matches!(error, Error::Internal(_)) {
            let scope = policy::on_behalf::<Recipient>(export.owner);
            let mut unit = self.ports.store.write().await?;
            unit.exports().delete(&scope, export.id).await?;
            unit.commit().await?;
        }
        Err(error)
    }

    /// Drops what was kept for long enough, one at a time.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn forget(&self) -> Result<u64, Error> {
        let before = self.ports.now() - EXPORT_FOR;
        let mut unit = self.ports.store.write().await?;
        let dropped = unit.exports().forget(&policy::system(), before).await?;
        unit.commit().await?;
        Ok(dropped)
    }

    /// Reads on; what is written is the next piece of the file.
    async fn step(&self, export: &mut PreparedExport) -> Result<Vec<u8>, Error> {
        let choice = &export.details.choice;
        let filter = RecipientFilter {
            search: choice.search.clone(),
            state: choice.state(),
            list: choice.list,
        };
        let scope = policy::system().view::<Recipient>(export.owner);
        let after = export.details.after.take().map(Cursor::new);
        let mut pieces = Pieces::new(&self.ports, scope, filter, after);
        let content = match export.state {
            ExportState::Counting => {
                count(export, &mut pieces).await?;
                Vec::new()
            }
            ExportState::Writing | ExportState::Ready => write(export, &mut pieces).await?,
        };
        if pieces.is_over {
            export.state = match export.state {
                ExportState::Counting => ExportState::Writing,
                ExportState::Writing | ExportState::Ready => ExportState::Ready,
            };
        }
        let next = pieces.after.as_ref();
        export.details.after = next.map(|cursor| cursor.as_str().to_owned());
        Ok(content)
    }

    /// Keeps how far an export is together with its next piece. False when it is not this process's
    /// any more, or its owner may not export for now.
    async fn keep(
        &self,
        export: &mut PreparedExport,
        lease_until: Timestamp,
        content: &[u8],
    ) -> Result<bool, Error> {
        let number = export.details.pieces;
        export.updated_at = self.ports.now();
        export.lease_until = lease_until;
        if !content.is_empty() {
            export.details.pieces += 1;
            export.details.octets += content.len() as u64;
        }
        let (ports, kept) = (&self.ports, &*export);
        let is_mine = ports
            .attempt(|| async move {
                let scope = policy::on_behalf::<Recipient>(kept.owner);
                let mut unit = ports.store.write().await?;
                let owner = unit.users().find(&policy::system(), kept.owner).await?;
                if !owner.is_some_and(|owner| owner.is_active()) {
                    return Ok(false);
                }
                let exports = unit.exports();
                if !exports.save(&scope, kept).await? {
                    return Ok(false);
                }
                if !content.is_empty() {
                    exports.put(&scope, kept.id, number, content).await?;
                }
                unit.commit().await?;
                Ok(true)
            })
            .await?;
        export.version += 1;
        Ok(is_mine)
    }
}

/// Looks which columns the next pages of recipients need.
async fn count(export: &mut PreparedExport, pieces: &mut Pieces) -> Result<(), Error> {
    for _ in 0..PAGES {
        let Some(page) = pieces.page().await? else {
            break;
        };
        for recipient in &page.items {
            export.details.columns.see(&recipient.attributes);
        }
        export.details.counted += page.items.len() as u64;
    }
    Ok(())
}

/// Writes the next pages of recipients, until the piece is full.
async fn write(export: &mut PreparedExport, pieces: &mut Pieces) -> Result<Vec<u8>, Error> {
    let details = &mut export.details;
    let columns = details.columns.clone();
    let mut writer = match details.pieces {
        0 => RecipientsWriter::new(columns, true).map_err(internal)?,
        _ => RecipientsWriter::going_on(columns),
    };
    let mut content = Vec::new();
    for _ in 0..PAGES {
        let Some(page) = pieces.page().await? else {
            break;
        };
        for recipient in &page.items {
            writer.write(recipient).map_err(internal)?;
        }
        details.written += page.items.len() as u64;
        content.extend(writer.take().map_err(internal)?);
        if content.len() >= EXPORT_PIECE {
            break;
        }
    }
    Ok(content)
}
