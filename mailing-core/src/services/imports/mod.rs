//! Recipients from a file, many at once.

mod batch;
mod begin;
mod file;
mod preview;
mod progress;
mod seen;
mod undo;

use std::io::{BufRead, Seek};

use crate::code;
use crate::error::{Error, Refusal};
use crate::id::ImportId;
use crate::policy::{self, Actor};
use crate::ports::store::{ImportMode, ImportSums, Page, PageRequest};
use crate::recipient::import::{Import, ImportError, ImportRow, Reject, RowResult, Rows, Target};
use crate::recipient::{List, Recipient};
use crate::time::Timestamp;

use self::batch::{Batch, Place};
use self::file::File;
use self::progress::Progress;
use self::seen::Seen;
use self::undo::Undo;
use super::ServicePorts;

pub use self::preview::{ImportPreview, PreviewColumn};
pub use self::undo::UndoReport;

/// How a file is to be imported.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The list that all rows go into, new and known ones: found by its name without regard to
    /// case, else made with the first row.
    pub list: Option<String>,
    /// Which column becomes what, such as `email=2,full_name=1`; `None`: told from the header.
    pub mapping: Option<String>,
    /// What becomes of addresses that are there already.
    pub mode: ImportMode,
    /// In what the file is written, such as `windows-1251`; `None`: told from its lines.
    pub encoding: Option<String>,
    /// What separates cells: comma, semicolon, tab or bar; `None`: told from the first row.
    pub delimiter: Option<char>,
}

/// What an import tells while it runs.
#[derive(Debug, Clone, PartialEq)]
pub enum ImportEvent {
    /// So much is read.
    Progress {
        /// Rows, good and bad ones.
        rows: u64,
        /// Octets of the file.
        octets: u64,
    },
    /// A row was not taken.
    Rejected(Reject),
}

/// What an import did, before and after an interruption.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// The import; `None` when rows were counted only.
    pub id: Option<ImportId>,
    /// What became of good rows.
    pub sums: ImportSums,
    /// Bad rows.
    pub rejected: u64,
    /// The list that the rows are in; `None` when none was asked for, no row was good, or nothing was
    /// left to be done.
    pub list: Option<List>,
    /// It went on after this line, where it was interrupted.
    pub resumed_after: Option<u64>,
    /// The last import of the very same file, and when it ended.
    pub earlier: Option<(ImportId, Timestamp)>,
}

/// Who hears of progress and rejects. It must not wait for anything.
pub type OnImportEvent<'a> = dyn FnMut(ImportEvent) + Send + 'a;

/// Is asked before rows go into the store, and may wait. An error ends the work there: nothing more of
/// it is written.
pub(super) type MayWrite<'a> = Box<dyn FnMut() -> Result<(), Error> + Send + 'a>;

/// Work on a file by somebody who may lose it.
pub(super) struct Charge<'a> {
    /// The import, told before it begins: given again it is the same one, however far it has come. One
    /// that was finished is read for its rejects. `None`: the one that the same command has begun.
    pub(super) import: Option<ImportId>,
    pub(super) may_write: MayWrite<'a>,
}

impl Charge<'_> {
    /// Nobody takes it away.
    fn undivided() -> Self {
        Self {
            import: None,
            may_write: Box::new(|| Ok(())),
        }
    }
}

/// Imports. Good rows go in batch by batch, each with the line that it ends at. The same file with
/// the same options goes on where it was interrupted; rows that are in are passed over.
#[derive(Clone)]
pub struct Imports {
    ports: ServicePorts,
}

impl Imports {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// What a file looks like, and what its columns would become. Changes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `encoding` or `file`; [`Error::Denied`].
    pub async fn preview<R: BufRead + Seek + Send>(
        &self,
        actor: &Actor,
        source: R,
        options: &ImportOptions,
    ) -> Result<ImportPreview, Error> {
        policy::view::<Import>(actor)?;
        preview::preview(File::open(source, options)?)
    }

    /// Counts what [`run`](Self::run) would do and tells the rejects. Changes nothing.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn check<R: BufRead + Seek + Send>(
        &self,
        actor: &Actor,
        source: R,
        options: &ImportOptions,
        on_event: &mut OnImportEvent<'_>,
    ) -> Result<ImportReport, Error> {
        let charge = Charge::undivided();
        self.check_in(charge, actor, source, options, on_event)
            .await
    }

    /// The same in somebody's charge.
    pub(super) async fn check_in<R: BufRead + Seek + Send>(
        &self,
        charge: Charge<'_>,
        actor: &Actor,
        source: R,
        options: &ImportOptions,
        on_event: &mut OnImportEvent<'_>,
    ) -> Result<ImportReport, Error> {
        let scope = policy::view::<Recipient>(actor)?;
        let (rows, order) = File::open(source, options)?.rows(options)?;
        let batch = Batch::counting(&self.ports, (scope, order.mode), charge.may_write);
        take_all(rows, batch, on_event).await
    }

    /// Imports a CSV file. Reads `source` twice, where it is called, so a slow source belongs on a
    /// thread that may block. Memory does not grow with the file but for 20 octets a row.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `list`, `map`, `encoding` or `file`; at `file` also when the file
    /// cannot be read on from some line: what came before is in then, and was told as progress.
    /// [`Error::Conflict`] when another process goes on with the same import, or undoes it.
    /// [`Error::Denied`]; when the store does not answer.
    pub async fn run<R: BufRead + Seek + Send>(
        &self,
        actor: &Actor,
        source: R,
        options: &ImportOptions,
        on_event: &mut OnImportEvent<'_>,
    ) -> Result<ImportReport, Error> {
        let charge = Charge::undivided();
        self.run_in(charge, actor, source, options, on_event).await
    }

    /// The same in somebody's charge.
    ///
    /// # Errors
    /// As [`run`](Self::run); [`Error::Conflict`] with `import.undone` when it was taken back.
    pub(super) async fn run_in<R: BufRead + Seek + Send>(
        &self,
        charge: Charge<'_>,
        actor: &Actor,
        source: R,
        options: &ImportOptions,
        on_event: &mut OnImportEvent<'_>,
    ) -> Result<ImportReport, Error> {
        let scope = policy::edit::<Import>(actor)?;
        let file = File::open(source, options)?;
        let octets = file.survey.octets;
        let (rows, order) = file.rows(options)?;
        let begun = begin::begin(&self.ports, &scope, &order, octets, charge.import).await?;
        let batch = Batch::storing(&self.ports, actor, begun, charge.may_write)?;
        take_all(rows, batch, on_event).await
    }

    /// Imports, newest first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn page(&self, actor: &Actor, request: &PageRequest) -> Result<Page<Import>, Error> {
        let scope = policy::view::<Import>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.imports().page(&scope, request).await?)
    }

    /// One import.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`]; when the store does not answer.
    pub async fn show(&self, actor: &Actor, id: ImportId) -> Result<Import, Error> {
        let scope = policy::view::<Import>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let import = unit.imports().find(&scope, id).await?;
        import.ok_or(Error::NotFound)
    }

    /// Takes an import back within [`UNDO_WITHIN`](crate::recipient::import::UNDO_WITHIN): what it
    /// added goes into the trash and out of its list, what it changed becomes what it was. Recipients
    /// that somebody has changed since stay. Interrupted, it goes on when it is asked for again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when it is too late, or was done before;
    /// [`Error::Denied`].
    pub async fn undo(&self, actor: &Actor, id: ImportId) -> Result<UndoReport, Error> {
        let undo = Undo {
            ports: &self.ports,
            actor,
            scope: policy::edit(actor)?,
        };
        undo.run(id).await
    }
}

/// Why reading ended early.
enum Stop {
    File(ImportError),
    Store(Error),
}

/// Takes a file to its end, or to where it cannot be read any more.
async fn take_all<R: BufRead + Send>(
    rows: Rows<R>,
    mut batch: Batch<'_>,
    on_event: &mut OnImportEvent<'_>,
) -> Result<ImportReport, Error> {
    let mut progress = Progress::new(on_event);
    let read = read(rows, &mut batch, &mut progress).await;
    let place = match &read {
        Err(Stop::File(ImportError::Read(_))) => Place::Interrupted,
        _ => Place::Last,
    };
    if let Err(Stop::Store(error)) = read {
        return Err(error);
    }
    let report = batch.close(place, progress.rejected).await?;
    progress.tell();
    match read {
        Err(Stop::File(error)) => Err(error.into()),
        _ => Ok(report),
    }
}

/// Takes all rows; full batches go into the store.
async fn read<R: BufRead + Send>(
    mut rows: Rows<R>,
    batch: &mut Batch<'_>,
    progress: &mut Progress<'_, '_>,
) -> Result<(), Stop> {
    let address = rows.mapping().column_of(&Target::Email).map(str::to_owned);
    let mut seen = Seen::default();
    while let Some(row) = rows.next() {
        match row.map_err(Stop::File)? {
            RowResult::Rejected(reject) => progress.reject(reject),
            RowResult::Accepted(row) => match seen.earlier(&row) {
                Some(line) => progress.reject(twice(*row, address.as_deref(), line)),
                None => {
                    let added = batch.add(*row, progress.rejected).await;
                    added.map_err(Stop::Store)?;
                }
            },
        }
        progress.count(rows.octets());
    }
    Ok(())
}

fn twice(row: ImportRow, column: Option<&str>, first: u32) -> Reject {
    let refusal = Refusal::new(code::IMPORT_DUPLICATE).with("line", i64::from(first));
    row.reject(column, refusal)
}
