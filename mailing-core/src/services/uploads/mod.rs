//! Files that come from browsers: received in pieces, looked at, checked, imported. People say what
//! is to happen here; what takes long is [`UploadWork`].

mod reader;
mod rejected;
mod tally;
mod wait;
mod work;

use crate::code;
use crate::error::{Error, Refusal};
use crate::id::UploadId;
use crate::policy::{self, Actor, Edit};
use crate::recipient::ListName;
use crate::recipient::import::{
    FILE_MAX, Header, Import, ImportReader, Mapping, PIECE, TextEncoding, Upload, UploadChoices,
    UploadDetails, UploadPart, UploadState, UploadSums,
};

use super::imports::{ImportOptions, Imports};
use super::{ImportPreview, ServicePorts};

use self::reader::PieceReader;

pub use self::wait::wait;
pub use self::work::{RejectWords, UploadJob, UploadWork};

/// Most files of one owner that are kept, with what is left of those that are imported; a further one
/// drops the oldest that nobody works on.
const KEPT_MAX: usize = 5;

/// Files on their way to an import.
#[derive(Clone)]
pub struct Uploads {
    ports: ServicePorts,
}

impl Uploads {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Makes room for a file, whose pieces come next. `name` is what the browser calls it; empty for
    /// what was pasted.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `file` while too many are worked on; [`Error::Denied`]; when the store does
    /// not answer.
    pub async fn begin(&self, actor: &Actor, name: &str) -> Result<Upload, Error> {
        let scope = policy::edit::<Import>(actor)?;
        let now = self.ports.now();
        let upload = Upload {
            id: UploadId::new(now, self.ports.entropy.as_ref()),
            owner: scope.owner(),
            state: UploadState::Receiving,
            details: UploadDetails::of_file(name),
            lease_until: now,
            version: 0,
            created_at: now,
            updated_at: now,
        };
        let mut unit = self.ports.store.write().await?;
        let uploads = unit.uploads();
        let known = uploads.newest(scope.view()).await?;
        let (busy, idle): (Vec<_>, Vec<_>) = known.iter().partition(|u| u.state.is_work());
        let Some(room) = (KEPT_MAX - 1).checked_sub(busy.len()) else {
            let refusal = Refusal::new(code::IMPORT_TOO_MANY_FILES).with("max", KEPT_MAX);
            return Err(Error::field("file", refusal));
        };
        for surplus in idle.into_iter().skip(room) {
            uploads.delete(&scope, surplus.id).await?;
        }
        uploads.insert(&scope, &upload).await?;
        unit.commit().await?;
        Ok(upload)
    }

    /// Keeps a piece of a file, counted from 0: each but the last is [`PIECE`] octets long.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `file` beyond [`FILE_MAX`]; [`Error::Conflict`] once it was looked at;
    /// [`Error::NotFound`]; [`Error::Denied`]; when the store does not answer.
    pub async fn put(
        &self,
        actor: &Actor,
        id: UploadId,
        number: u32,
        content: &[u8],
    ) -> Result<(), Error> {
        let scope = policy::edit::<Import>(actor)?;
        if u64::from(number) * PIECE as u64 + content.len() as u64 > FILE_MAX {
            let max = i64::try_from(FILE_MAX).unwrap_or(i64::MAX);
            let refusal = Refusal::new(code::IMPORT_FILE_TOO_LARGE);
            return Err(Error::field("file", refusal.with("max", max)));
        }
        let mut unit = self.ports.store.write().await?;
        let uploads = unit.uploads();
        let (part, found) = (UploadPart::File, uploads.find(scope.view(), id).await?);
        found.ok_or(Error::NotFound)?;
        if !uploads.put(&scope, id, part, number, content).await? {
            return Err(Error::Conflict(code::CHANGED_MEANWHILE.into()));
        }
        Ok(unit.commit().await?)
    }

    /// Looks at a file whose pieces are here: `octets` for one that has just come. Proposes what its
    /// columns become. Reads the whole file where it is called: see [`wait`].
    ///
    /// # Errors
    /// [`Error::Invalid`] at `encoding` or `file`; [`Error::Conflict`] when it is being imported;
    /// [`Error::NotFound`]; [`Error::Denied`]; when the store does not answer.
    pub async fn look(
        &self,
        actor: &Actor,
        id: UploadId,
        octets: Option<u64>,
        choices: UploadChoices,
    ) -> Result<Upload, Error> {
        let scope = policy::edit::<Import>(actor)?;
        let mut upload = self.open(&scope, id).await?;
        let details = &mut upload.details;
        details.octets = octets.unwrap_or(details.octets);
        details.choices = UploadChoices {
            mapping: None,
            ..choices
        };
        let place = (id, details.pieces());
        let mut go_on = |_| Ok(());
        let file = PieceReader::new(&self.ports, scope.view(), place, &mut go_on);
        let imports = Imports::new(self.ports.clone());
        let options = options(&details.choices);
        details.look = look(imports.preview(actor, file, &options).await?);
        upload.state = UploadState::Ready;
        self.save(&scope, upload).await
    }

    /// Takes what is to become of a file, and has its rows counted.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `list` or `map`; [`Error::Conflict`] when it is being imported;
    /// [`Error::NotFound`]; [`Error::Denied`]; when the store does not answer.
    pub async fn check(
        &self,
        actor: &Actor,
        id: UploadId,
        choices: UploadChoices,
    ) -> Result<Upload, Error> {
        let scope = policy::edit::<Import>(actor)?;
        let mut upload = self.open(&scope, id).await?;
        let mut faults = Vec::new();
        if let Some(Err(refusal)) = choices.list.as_deref().map(ListName::parse) {
            faults.push(crate::error::FieldError::new("list", refusal));
        }
        let header = self.header(&scope, &upload).await?;
        let mapping = choices.mapping.as_deref().unwrap_or_default();
        if let Err(wrong) = Mapping::parse(mapping, &header) {
            faults.extend(wrong);
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        upload.details.choices = choices;
        upload.state = UploadState::Checking;
        begin_reading(&mut upload);
        self.save(&scope, upload).await
    }

    /// Has a checked file imported. Asked for again it is the same import.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was not checked; [`Error::NotFound`]; [`Error::Denied`]; when the
    /// store does not answer.
    pub async fn import(&self, actor: &Actor, id: UploadId) -> Result<Upload, Error> {
        let scope = policy::edit::<Import>(actor)?;
        let mut upload = self.show(actor, id).await?;
        match upload.state {
            UploadState::Importing | UploadState::Done => return Ok(upload),
            UploadState::Checked => {}
            _ => return Err(Error::Conflict(code::CHANGED_MEANWHILE.into())),
        }
        upload.state = UploadState::Importing;
        begin_reading(&mut upload);
        match self.save(&scope, upload).await {
            // The same button was pressed twice.
            Err(Error::Conflict(_)) => self.show(actor, id).await,
            saved => saved,
        }
    }

    /// One file.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`]; when the store does not answer.
    pub async fn show(&self, actor: &Actor, id: UploadId) -> Result<Upload, Error> {
        let scope = policy::view::<Import>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let upload = unit.uploads().find(&scope, id).await?;
        upload.ok_or(Error::NotFound)
    }

    /// The newest files, at most 20.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the store does not answer.
    pub async fn newest(&self, actor: &Actor) -> Result<Vec<Upload>, Error> {
        let scope = policy::view::<Import>(actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.uploads().newest(&scope).await?)
    }

    /// A piece of the rows that were not taken, as CSV, counted from 0; `None` after the last.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the store does not answer.
    pub async fn rejects(
        &self,
        actor: &Actor,
        id: UploadId,
        number: u32,
    ) -> Result<Option<Vec<u8>>, Error> {
        let scope = policy::view::<Import>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let uploads = unit.uploads();
        Ok(uploads
            .piece(&scope, id, UploadPart::Rejects, number)
            .await?)
    }

    /// Drops a file that nobody wants to import.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is being imported; [`Error::NotFound`]; [`Error::Denied`]; when
    /// the store does not answer.
    pub async fn discard(&self, actor: &Actor, id: UploadId) -> Result<(), Error> {
        let scope = policy::edit::<Import>(actor)?;
        self.open(&scope, id).await?;
        let mut unit = self.ports.store.write().await?;
        if !unit.uploads().delete(&scope, id).await? {
            return Err(Error::Conflict(code::IMPORT_TAKEN_OVER.into()));
        }
        Ok(unit.commit().await?)
    }

    /// A file of which people may still say what is to happen with it.
    async fn open(&self, scope: &Edit<Import>, id: UploadId) -> Result<Upload, Error> {
        let mut unit = self.ports.store.read().await?;
        let found = unit.uploads().find(scope.view(), id).await?;
        let upload = found.ok_or(Error::NotFound)?;
        if upload.state.is_work() || upload.state.is_over() {
            return Err(Error::Conflict(code::IMPORT_TAKEN_OVER.into()));
        }
        Ok(upload)
    }

    async fn save(&self, scope: &Edit<Import>, mut upload: Upload) -> Result<Upload, Error> {
        let now = self.ports.now();
        upload.updated_at = now;
        let mut unit = self.ports.store.write().await?;
        if !unit.uploads().save(scope, &upload).await? {
            return Err(Error::Conflict(code::CHANGED_MEANWHILE.into()));
        }
        unit.commit().await?;
        upload.version += 1;
        Ok(upload)
    }

    /// The header, of which the first piece has all.
    async fn header(&self, scope: &Edit<Import>, upload: &Upload) -> Result<Header, Error> {
        let mut unit = self.ports.store.read().await?;
        let uploads = unit.uploads();
        let first = uploads
            .piece(scope.view(), upload.id, UploadPart::File, 0)
            .await?;
        let first = first.ok_or(Error::NotFound)?;
        let encoding = TextEncoding::parse(&upload.details.look.encoding)
            .map_err(|refusal| Error::field("encoding", refusal))?;
        let delimiter = upload.details.choices.delimiter;
        let file = ImportReader::open_as(first.as_slice(), encoding, delimiter)?;
        Ok(file.header().clone())
    }
}

/// Forgets what an earlier reading has found.
fn begin_reading(upload: &mut Upload) {
    let details = &mut upload.details;
    (details.rows_read, details.octets_read) = (0, 0);
    details.rejects = Vec::new();
    if upload.state == UploadState::Checking {
        details.sums = UploadSums::default();
    }
}

fn options(choices: &UploadChoices) -> ImportOptions {
    ImportOptions {
        list: choices.list.clone(),
        mapping: choices.mapping.clone(),
        mode: choices.mode(),
        encoding: choices.encoding.clone(),
        delimiter: choices.delimiter,
    }
}

fn look(preview: ImportPreview) -> crate::recipient::import::FileLook {
    use crate::recipient::import::{ColumnLook, FileLook};
    let columns = preview.columns.into_iter().map(|column| ColumnLook {
        name: column.name,
        values: column.values,
        target: column.target.map(|target| target.to_string()),
    });
    FileLook {
        encoding: preview.encoding.to_owned(),
        delimiter: preview.delimiter.to_string(),
        rows: preview.rows,
        has_header: preview.has_header,
        columns: columns.collect(),
    }
}
