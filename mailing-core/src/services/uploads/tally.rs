//! What is found while a file is read, and how the store learns of it.

use std::io;

use super::wait::wait;
use super::work::{LEASE, RENEW_AFTER, RejectWords};
use crate::code;
use crate::error::Error;
use crate::policy::{self, Edit};
use crate::recipient::import::{
    Import, PIECE, Reject, RejectLook, RejectsWriter, Upload, UploadPart, UploadState,
};
use crate::services::{ImportEvent, ServicePorts};
use crate::user::Language;

/// How many rejects a page shows.
const SHOWN: usize = 10;
/// How much of a rejected row a page shows, in characters.
const RAW_MAX: usize = 200;

/// Why reading was ended from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Halt {
    /// The owner may not import any more for now.
    Blocked,
    /// Somebody else works on it.
    Lost,
    /// This process ends.
    Stopped,
}

/// A file that is being read.
pub(super) struct Tally<'a> {
    ports: &'a ServicePorts,
    scope: &'a Edit<Import>,
    words: &'a RejectWords<'a>,
    language: Language,
    rejects: Option<RejectsWriter<Vec<u8>>>,
    /// Rejects since the last piece of their file, in octets of rows.
    waiting: usize,
    pub(super) upload: Upload,
    pub(super) halt: Option<Halt>,
}

impl<'a> Tally<'a> {
    pub(super) const fn new(
        ports: &'a ServicePorts,
        scope: &'a Edit<Import>,
        (words, language): (&'a RejectWords<'a>, Language),
        upload: Upload,
    ) -> Self {
        Self {
            ports,
            scope,
            words,
            language,
            rejects: None,
            waiting: 0,
            upload,
            halt: None,
        }
    }

    /// Hears what reading tells.
    pub(super) fn hear(&mut self, event: &ImportEvent) {
        match event {
            ImportEvent::Progress { rows, .. } => self.upload.details.rows_read = *rows,
            ImportEvent::Rejected(reject) => self.reject(reject),
        }
    }

    fn reject(&mut self, reject: &Reject) {
        let reason = (self.words)(self.language, &reject.refusal);
        let shown = &mut self.upload.details.rejects;
        if shown.len() < SHOWN {
            shown.push(RejectLook {
                line: reject.line,
                column: reject.column.clone(),
                reason: reason.clone(),
                raw: reject.raw.chars().take(RAW_MAX).collect(),
            });
        }
        if self.upload.state != UploadState::Importing {
            return;
        }
        self.waiting += reject.raw.len();
        // Writing into memory does not fail.
        if self.rejects.is_none() {
            let begun = self.begin_rejects();
            self.rejects = begun.ok();
        }
        if let Some(rejects) = &mut self.rejects {
            let _ = rejects.write(reject, &reason);
        }
    }

    /// The first piece of the file has its header, and the mark without which Excel shows other
    /// letters.
    fn begin_rejects(&self) -> io::Result<RejectsWriter<Vec<u8>>> {
        if self.upload.details.rejects_pieces == 0 {
            RejectsWriter::new("\u{feff}".as_bytes().to_vec())
        } else {
            Ok(RejectsWriter::going_on(Vec::new()))
        }
    }

    /// Before a piece of the file is read: tells how far it is, keeps the lease, looks whether the
    /// owner may go on. Waits where it is called.
    pub(super) fn go_on(&mut self, octets: u64, is_stopped: bool) -> io::Result<()> {
        if is_stopped {
            self.halt = Some(Halt::Stopped);
            return Err(io::Error::other("the process ends"));
        }
        self.upload.details.octets_read = octets;
        let is_full = self.waiting >= PIECE;
        let kept = wait(async {
            if is_full {
                self.keep_rejects().await?;
            }
            self.keep().await
        });
        match kept {
            Ok(None) => Ok(()),
            Ok(Some(halt)) => {
                self.halt = Some(halt);
                Err(io::Error::other("the import is halted"))
            }
            Err(error) => Err(io::Error::other(error)),
        }
    }

    /// Before rows go into the store: renews the lease when that is due, and refuses once the file is no
    /// longer to be worked on here. Waits where it is called.
    pub(super) fn may_write(&mut self, is_stopped: bool) -> Result<(), Error> {
        if is_stopped {
            self.halt = Some(Halt::Stopped);
        }
        let is_due = self.upload.lease_until - self.ports.now() <= LEASE - RENEW_AFTER;
        if self.halt.is_none() && is_due {
            self.halt = wait(self.keep())?;
        }
        match self.halt {
            None => Ok(()),
            Some(_) => Err(Error::Conflict(code::IMPORT_TAKEN_OVER.into())),
        }
    }

    async fn keep(&mut self) -> Result<Option<Halt>, Error> {
        let now = self.ports.now();
        let mut unit = self.ports.store.write().await?;
        let system = policy::system();
        let owner = unit.users().find(&system, self.upload.owner).await?;
        if !owner.is_some_and(|owner| owner.is_active()) {
            return Ok(Some(Halt::Blocked));
        }
        self.upload.lease_until = now + LEASE;
        self.upload.updated_at = now;
        if !unit.uploads().save(self.scope, &self.upload).await? {
            return Ok(Some(Halt::Lost));
        }
        unit.commit().await?;
        self.upload.version += 1;
        Ok(None)
    }

    /// Puts the rejects since the last piece into the store.
    pub(super) async fn keep_rejects(&mut self) -> Result<(), Error> {
        let Some(rejects) = self.rejects.take() else {
            return Ok(());
        };
        let content = rejects
            .finish()
            .map_err(|error| Error::Internal(Box::new(error)))?;
        let (id, number) = (self.upload.id, self.upload.details.rejects_pieces);
        let mut unit = self.ports.store.write().await?;
        let uploads = unit.uploads();
        uploads
            .put(self.scope, id, UploadPart::Rejects, number, &content)
            .await?;
        unit.commit().await?;
        self.upload.details.rejects_pieces += 1;
        self.waiting = 0;
        Ok(())
    }

    /// Writes the end of a step. False when somebody else works on it.
    pub(super) async fn end(&mut self) -> Result<bool, Error> {
        let now = self.ports.now();
        self.upload.updated_at = now;
        let mut unit = self.ports.store.write().await?;
        let is_mine = unit.uploads().save(self.scope, &self.upload).await?;
        if is_mine && self.upload.state.is_over() {
            let id = self.upload.id;
            let uploads = unit.uploads();
            uploads
                .drop_pieces(self.scope, id, UploadPart::File)
                .await?;
        }
        unit.commit().await?;
        Ok(is_mine)
    }
}
