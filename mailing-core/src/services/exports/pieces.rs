//! A file of recipients, piece by piece.

use crate::error::Error;
use crate::policy::View;
use crate::ports::store::{Cursor, PAGE_MAX, Page, PageRequest, RecipientFilter};
use crate::recipient::Recipient;
use crate::recipient::export::{ExportColumns, PreparedExport, RecipientsWriter};
use crate::services::ServicePorts;

/// A file that comes piece by piece. Memory does not grow with it.
pub struct Export {
    pieces: Pieces,
    writer: RecipientsWriter,
}

/// A prepared file that comes piece by piece.
pub struct PreparedFile {
    ports: ServicePorts,
    scope: View<Recipient>,
    export: PreparedExport,
    /// The next piece.
    next: u32,
}

/// Pages of recipients. Each is read for itself: a long export holds no view of the store open.
pub(super) struct Pieces {
    ports: ServicePorts,
    scope: View<Recipient>,
    filter: RecipientFilter,
    /// Where the next page begins.
    pub(super) after: Option<Cursor>,
    pub(super) is_over: bool,
}

impl Export {
    pub(super) fn new(pieces: Pieces, columns: ExportColumns, mark: bool) -> Result<Self, Error> {
        let writer = RecipientsWriter::new(columns, mark).map_err(internal)?;
        Ok(Self { pieces, writer })
    }

    /// The next piece of the file and how many recipients are in it; `None` at its end.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn piece(&mut self) -> Result<Option<(Vec<u8>, usize)>, Error> {
        let Some(page) = self.pieces.page().await? else {
            return Ok(None);
        };
        for recipient in &page.items {
            self.writer.write(recipient).map_err(internal)?;
        }
        let piece = self.writer.take().map_err(internal)?;
        Ok(Some((piece, page.items.len())))
    }
}

impl PreparedFile {
    pub(super) fn new(
        ports: &ServicePorts,
        scope: View<Recipient>,
        export: PreparedExport,
    ) -> Self {
        Self {
            ports: ports.clone(),
            scope,
            export,
            next: 0,
        }
    }

    /// The next piece; `None` at the end of the file.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the file was deleted meanwhile; when the store does not answer.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if self.next == self.export.details.pieces {
            return Ok(None);
        }
        let mut unit = self.ports.store.read().await?;
        let (exports, id) = (unit.exports(), self.export.id);
        let piece = exports.piece(&self.scope, id, self.next).await?;
        self.next += 1;
        piece.map(Some).ok_or(Error::NotFound)
    }
}

impl Pieces {
    pub(super) fn new(
        ports: &ServicePorts,
        scope: View<Recipient>,
        filter: RecipientFilter,
        after: Option<Cursor>,
    ) -> Self {
        Self {
            ports: ports.clone(),
            scope,
            filter,
            after,
            is_over: false,
        }
    }

    pub(super) async fn page(&mut self) -> Result<Option<Page<Recipient>>, Error> {
        if self.is_over {
            return Ok(None);
        }
        let request = PageRequest::first(PAGE_MAX).after(self.after.take());
        let mut unit = self.ports.store.read().await?;
        let page = unit
            .recipients()
            .page(&self.scope, &self.filter, &request)
            .await?;
        self.after.clone_from(&page.next);
        self.is_over = self.after.is_none();
        Ok(Some(page))
    }
}

pub(super) fn internal(error: std::io::Error) -> Error {
    Error::Internal(Box::new(error))
}
