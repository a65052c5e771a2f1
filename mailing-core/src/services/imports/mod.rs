//! Recipients from a file, many at once.

mod batch;
mod seen;

use std::io::{BufRead, Seek};

use crate::code;
use crate::error::{Error, Refusal};
use crate::policy::{self, Actor};
use crate::ports::store::{ImportMode, ImportSums};
use crate::recipient::import::{
    ImportError, ImportReader, ImportRow, Mapping, Reject, RowResult, Rows, Survey, Target,
    TextEncoding,
};
use crate::recipient::{List, ListName, Recipient};

use self::batch::Batch;
use self::seen::Seen;
use super::ServicePorts;

/// Rows between two tellings of the progress.
const TOLD_EVERY: u64 = 1_000;

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

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// New, or back from the trash.
    pub added: u64,
    /// Were there and were changed.
    pub updated: u64,
    /// Were there and stayed as they were.
    pub skipped: u64,
    /// Not taken.
    pub rejected: u64,
    /// The list that the rows are in; `None` when none was asked for, or no row was good.
    pub list: Option<List>,
}

impl ImportReport {
    fn count(&mut self, sums: ImportSums) {
        self.added += sums.added;
        self.updated += sums.updated;
        self.skipped += sums.skipped;
    }
}

/// Who hears of progress and rejects. It must not wait for anything.
pub type OnImportEvent<'a> = dyn FnMut(ImportEvent) + Send + 'a;

/// Imports. Good rows go in batch by batch and stay in whatever comes after them, so that a file
/// can be imported again after a fault; what is in already is then skipped.
#[derive(Clone)]
pub struct Imports {
    ports: ServicePorts,
}

impl Imports {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Imports a CSV file in UTF-8. Reads `source` where it is called, so a slow source belongs on
    /// a thread that may block. Memory does not grow with the file but for 20 octets a row.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `list`, `map` or `file`; at `file` also when the file cannot be read
    /// on from some line: what came before is in then, and was told as progress.
    /// [`Error::Denied`]; when the store does not answer.
    pub async fn run<R: BufRead + Seek + Send>(
        &self,
        actor: &Actor,
        source: R,
        options: &ImportOptions,
        on_event: &mut OnImportEvent<'_>,
    ) -> Result<ImportReport, Error> {
        let scope = policy::edit::<Recipient>(actor)?;
        let mut batch = Batch::new(&self.ports, actor, scope, options)?;
        let rows = open(source, options)?;
        let mut progress = Progress::new(on_event);
        let read = self.read(rows, &mut batch, &mut progress).await;
        if let Err(Stop::Store(error)) = read {
            return Err(error);
        }
        let report = batch.close(progress.rejected).await?;
        progress.tell();
        match read {
            Err(Stop::File(error)) => Err(error.into()),
            _ => Ok(report),
        }
    }

    /// Takes all rows; full batches go into the store.
    async fn read<R: BufRead + Send>(
        &self,
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
                    None => batch.add(row.content).await.map_err(Stop::Store)?,
                },
            }
            progress.count(rows.octets());
        }
        Ok(())
    }
}

/// Why reading ended early.
enum Stop {
    File(ImportError),
    Store(Error),
}

/// What was told so far.
struct Progress<'a, 'b> {
    on_event: &'a mut OnImportEvent<'b>,
    rows: u64,
    octets: u64,
    rejected: u64,
}

impl<'a, 'b> Progress<'a, 'b> {
    fn new(on_event: &'a mut OnImportEvent<'b>) -> Self {
        Self {
            on_event,
            rows: 0,
            octets: 0,
            rejected: 0,
        }
    }

    fn reject(&mut self, reject: Reject) {
        self.rejected += 1;
        (self.on_event)(ImportEvent::Rejected(reject));
    }

    fn count(&mut self, octets: u64) {
        self.rows += 1;
        self.octets = octets;
        if self.rows.is_multiple_of(TOLD_EVERY) {
            self.tell();
        }
    }

    fn tell(&mut self) {
        (self.on_event)(ImportEvent::Progress {
            rows: self.rows,
            octets: self.octets,
        });
    }
}

/// The rows of a file whose beginning is in order.
fn open<R: BufRead + Seek>(mut source: R, options: &ImportOptions) -> Result<Rows<R>, Error> {
    let asked = options.encoding.as_deref().map(TextEncoding::parse);
    let asked = asked
        .transpose()
        .map_err(|refusal| Error::field("encoding", refusal))?;
    let survey = Survey::of(&mut source, asked)?;
    source.rewind().map_err(ImportError::Read)?;
    let reader = ImportReader::open(source, survey.encoding)?;
    let mapping = match &options.mapping {
        Some(written) => Mapping::parse(written, reader.header())?,
        None => Mapping::preselect(reader.header())?,
    };
    Ok(reader.rows(mapping))
}

fn list_name(options: &ImportOptions) -> Result<Option<ListName>, Error> {
    let name = options.list.as_deref().map(ListName::parse).transpose();
    name.map_err(|refusal| Error::field("list", refusal))
}

fn twice(row: ImportRow, column: Option<&str>, first: u32) -> Reject {
    let refusal = Refusal::new(code::IMPORT_DUPLICATE).with("line", i64::from(first));
    row.reject(column, refusal)
}
