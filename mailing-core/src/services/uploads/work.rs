//! What the service does with files by itself: counting and importing their rows. Any process may;
//! after a crash another one goes on once the lease is over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;

use super::options;
use super::reader::PieceReader;
use super::tally::{Halt, Tally};
use crate::code;
use crate::error::{Error, Refusal};
use crate::id::{ImportId, UploadId};
use crate::policy::{self, Actor};
use crate::ports::store::UploadRepo;
use crate::recipient::import::{
    Import, RESULT_FOR, UNUSED_FOR, Upload, UploadPart, UploadState, UploadSums,
};
use crate::services::imports::Charge;
use crate::services::{ImportEvent, ImportReport, Imports, ServicePorts};
use crate::user::{Language, User};

/// How long nobody else works on a file after the last sign of life.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How much of a lease may be gone before it is renewed.
pub(super) const RENEW_AFTER: TimeDelta = TimeDelta::seconds(20);
/// When work that the store has refused, or that somebody else does, is tried again.
const PAUSE: TimeDelta = TimeDelta::seconds(10);

/// Says why a row was not taken, in a language.
pub type RejectWords<'a> = dyn Fn(Language, &Refusal) -> String + Send + Sync + 'a;

/// A file that this process works on.
#[derive(Debug)]
pub struct UploadJob {
    upload: Upload,
    owner: User,
}

/// The service's own work on files.
#[derive(Clone)]
pub struct UploadWork {
    ports: ServicePorts,
    stopped: Arc<AtomicBool>,
}

impl UploadJob {
    /// Which file it is.
    #[must_use]
    pub const fn id(&self) -> UploadId {
        self.upload.id
    }
}

impl UploadWork {
    pub(in crate::services) fn new(ports: ServicePorts) -> Self {
        Self {
            ports,
            stopped: Arc::default(),
        }
    }

    /// Ends all work of this process before the next piece of a file, and before rows go into the store.
    /// Whoever looks next goes on.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Takes the next file that waits, so that nobody else works on it, nor on another one of its
    /// owner; `None` when none does.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn claim(&self) -> Result<Option<UploadJob>, Error> {
        let mut unit = self.ports.store.read().await?;
        let now = self.ports.now();
        let found = unit.uploads().waiting(&policy::system(), now).await?;
        drop(unit);
        match found {
            Some(upload) => self.take(upload).await,
            None => Ok(None),
        }
    }

    /// Takes one file of the actor, if it waits and nobody works for its owner.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the store does not answer.
    pub async fn claim_own(&self, actor: &Actor, id: UploadId) -> Result<Option<UploadJob>, Error> {
        let scope = policy::view::<Import>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let now = self.ports.now();
        let own = unit.uploads().newest(&scope).await?;
        drop(unit);
        if own.iter().any(|upload| upload.lease_until > now) {
            return Ok(None);
        }
        match own.into_iter().find(|u| u.id == id && u.state.is_work()) {
            Some(upload) => self.take(upload).await,
            None => Ok(None),
        }
    }

    async fn take(&self, mut upload: Upload) -> Result<Option<UploadJob>, Error> {
        let now = self.ports.now();
        let mut unit = self.ports.store.write().await?;
        let system = policy::system();
        let owner = unit.users().find(&system, upload.owner).await?;
        let Some(owner) = owner.filter(User::is_active) else {
            return Ok(None);
        };
        upload.lease_until = now + LEASE;
        upload.details.rejects_pieces = 0;
        if upload.state == UploadState::Importing && upload.details.import.is_none() {
            // Before the import begins, so that it is found again wherever this process ends.
            upload.details.import = Some(ImportId::new(now, self.ports.entropy.as_ref()));
        }
        let scope = policy::on_behalf::<Import>(upload.owner);
        let uploads: &mut dyn UploadRepo = unit.uploads();
        if !uploads.save(&scope, &upload).await? {
            return Ok(None);
        }
        uploads
            .drop_pieces(&scope, upload.id, UploadPart::Rejects)
            .await?;
        unit.commit().await?;
        upload.version += 1;
        Ok(Some(UploadJob { upload, owner }))
    }

    /// Does the work, as the file's owner. Reads where it is called and waits there: see
    /// [`wait`](super::wait()). An import that was interrupted goes on where it stopped; of one that
    /// had ended the sums are told, and one that was undone meanwhile fails the file. When somebody else
    /// works on the same import, it is looked at again later.
    ///
    /// # Errors
    /// When the store does not answer: then somebody does it later. What is wrong with the file is
    /// kept with it.
    pub async fn run(&self, job: UploadJob, words: &RejectWords<'_>) -> Result<(), Error> {
        let UploadJob { upload, owner } = job;
        let actor = Actor::user(&owner);
        let scope = policy::on_behalf::<Import>(upload.owner);
        let choices = options(&upload.details.choices);
        let place = (upload.id, upload.details.pieces());
        let is_import = upload.state == UploadState::Importing;
        let import = upload.details.import;
        let mut tally = Tally::new(&self.ports, &scope, (words, owner.language), upload);
        tally.upload.details.rejects = Vec::new();
        let tally = Mutex::new(tally);
        let read = {
            let with = |act: &mut dyn FnMut(&mut Tally<'_>)| {
                act(&mut tally.lock().unwrap_or_else(PoisonError::into_inner));
            };
            let is_stopped = || self.stopped.load(Ordering::Relaxed);
            let mut go_on = |octets| {
                let mut gone = Ok(());
                with(&mut |tally| gone = tally.go_on(octets, is_stopped()));
                gone
            };
            let may_write = || {
                let mut may = Ok(());
                with(&mut |tally| may = tally.may_write(is_stopped()));
                may
            };
            let charge = Charge {
                import,
                may_write: Box::new(may_write),
            };
            let mut hear = |event: ImportEvent| with(&mut |tally| tally.hear(&event));
            let file = PieceReader::new(&self.ports, scope.view(), place, &mut go_on);
            let imports = Imports::new(self.ports.clone());
            if is_import {
                let run = imports.run_in(charge, &actor, file, &choices, &mut hear);
                run.await
            } else {
                let check = imports.check_in(charge, &actor, file, &choices, &mut hear);
                check.await
            }
        };
        let tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.end(tally, read, (words, owner.language)).await
    }

    async fn end(
        &self,
        mut tally: Tally<'_>,
        read: Result<ImportReport, Error>,
        (words, language): (&RejectWords<'_>, Language),
    ) -> Result<(), Error> {
        let now = self.ports.now();
        tally.upload.lease_until = now;
        match (read, tally.halt) {
            (_, Some(Halt::Lost)) => return Ok(()),
            (_, Some(Halt::Blocked | Halt::Stopped)) => {}
            // Somebody goes on with the same import. How that has ended is to be seen later.
            (Err(Error::Conflict(refusal)), None) if refusal.code == code::IMPORT_TAKEN_OVER => {
                tally.upload.lease_until = now + PAUSE;
            }
            (Ok(report), None) => {
                tally.close_rejects();
                done(&mut tally.upload, &report);
            }
            (Err(error), None) => {
                let Some(refusal) = fault(&error) else {
                    tally.upload.lease_until = now + PAUSE;
                    tally.end().await?;
                    return Err(error);
                };
                tally.upload.state = UploadState::Failed;
                tally.upload.details.fault = Some(words(language, &refusal));
            }
        }
        tally.end().await?;
        Ok(())
    }

    /// Drops what nobody uses any more, some at a time.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn forget(&self) -> Result<u64, Error> {
        let now = self.ports.now();
        let mut unit = self.ports.store.write().await?;
        let uploads = unit.uploads();
        let system = policy::system();
        let dropped = uploads
            .forget(&system, now - UNUSED_FOR, now - RESULT_FOR)
            .await?;
        unit.commit().await?;
        Ok(dropped)
    }
}

fn done(upload: &mut Upload, report: &ImportReport) {
    let details = &mut upload.details;
    details.sums = UploadSums::of(report.sums, report.rejected);
    details.rows_read = details.look.rows;
    details.octets_read = details.octets;
    details.import = report.id;
    details.earlier = report.earlier.map(|(_, at)| at);
    upload.state = match upload.state {
        UploadState::Checking => UploadState::Checked,
        _ => UploadState::Done,
    };
}

/// Why it will never work; `None` when it may work later.
fn fault(error: &Error) -> Option<Refusal> {
    match error {
        Error::Invalid(faults) => faults.first().map(|fault| fault.refusal.clone()),
        Error::Denied(refusal) | Error::Conflict(refusal) => Some(refusal.clone()),
        Error::Unavailable(refusal, Some(source)) => {
            let kind = source
                .downcast_ref::<std::io::Error>()
                .map(std::io::Error::kind);
            (kind == Some(std::io::ErrorKind::NotFound)).then(|| refusal.clone())
        }
        _ => None,
    }
}
