//! What is found while a file is read, and how the store learns of it.

use std::io;

use super::rejected::Rejected;
use super::wait::wait;
use super::work::{LEASE, RENEW_AFTER, RejectWords};
use crate::code;
use crate::error::Error;
use crate::policy::{self, Edit};
use crate::ports::Unit;
use crate::recipient::import::{Import, Reject, RejectLook, Upload, UploadPart, UploadState};
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
    rejected: Rejected,
    pub(super) upload: Upload,
    pub(super) halt: Option<Halt>,
}

impl<'a> Tally<'a> {
    pub(super) fn new(
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
            rejected: Rejected::default(),
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
        let is_import = self.upload.state == UploadState::Importing;
        if is_import && self.rejected.is_full() {
            self.rejected.leave_out(reject);
            return;
        }
        let shown = &mut self.upload.details.rejects;
        let is_shown = shown.len() < SHOWN;
        if !is_shown && !is_import {
            return;
        }
        let reason = (self.words)(self.language, &reject.refusal);
        if is_import {
            self.rejected.add(reject, &reason);
        }
        if is_shown {
            shown.push(RejectLook {
                line: reject.line,
                column: reject.column.clone(),
                reason,
                raw: reject.raw.chars().take(RAW_MAX).collect(),
            });
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
        match wait(self.keep()) {
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
        if self.rejected.is_piece() {
            self.put_rejects(unit.as_mut()).await?;
        }
        if !unit.uploads().save(self.scope, &self.upload).await? {
            return Ok(Some(Halt::Lost));
        }
        unit.commit().await?;
        self.upload.version += 1;
        Ok(None)
    }

    /// Ends the file of rejects.
    pub(super) fn close_rejects(&mut self) {
        let (words, language) = (self.words, self.language);
        self.rejected.close(|refusal| words(language, refusal));
    }

    /// Writes the end of a step. False when somebody else works on it.
    pub(super) async fn end(&mut self) -> Result<bool, Error> {
        let now = self.ports.now();
        self.upload.updated_at = now;
        let mut unit = self.ports.store.write().await?;
        if self.upload.state == UploadState::Done {
            self.put_rejects(unit.as_mut()).await?;
        }
        if !unit.uploads().save(self.scope, &self.upload).await? {
            return Ok(false);
        }
        if self.upload.state.is_over() {
            let id = self.upload.id;
            let uploads = unit.uploads();
            uploads
                .drop_pieces(self.scope, id, UploadPart::File)
                .await?;
        }
        unit.commit().await?;
        Ok(true)
    }

    /// Puts the rejects since the last piece into the store: in the unit that finds out whether
    /// somebody else writes them now.
    async fn put_rejects(&mut self, unit: &mut dyn Unit) -> Result<(), Error> {
        let Some(content) = self.rejected.take()? else {
            return Ok(());
        };
        let (id, number) = (self.upload.id, self.upload.details.rejects_pieces);
        let uploads = unit.uploads();
        uploads
            .put(self.scope, id, UploadPart::Rejects, number, &content)
            .await?;
        self.upload.details.rejects_pieces += 1;
        Ok(())
    }
}
