//! The file of an import, opened.

use std::io::{BufRead, Seek};

use super::ImportOptions;
use crate::error::Error;
use crate::recipient::ListName;
use crate::recipient::import::{
    Header, ImportError, ImportOrder, ImportReader, Mapping, Rows, Survey, TextEncoding,
};

/// A file whose beginning is in order.
pub(super) struct File<R> {
    pub(super) survey: Survey,
    pub(super) header: Header,
    /// What becomes of its columns; why not, where that is not clear.
    pub(super) mapping: Result<Mapping, Error>,
    reader: ImportReader<R>,
}

impl<R: BufRead + Seek> File<R> {
    /// Reads `source` to its end, then its header.
    pub(super) fn open(mut source: R, options: &ImportOptions) -> Result<Self, Error> {
        let asked = options.encoding.as_deref().map(TextEncoding::parse);
        let asked = asked
            .transpose()
            .map_err(|refusal| Error::field("encoding", refusal))?;
        let survey = Survey::of(&mut source, asked)?;
        source.rewind().map_err(ImportError::Read)?;
        let reader = ImportReader::open_as(source, survey.encoding, options.delimiter)?;
        let header = reader.header().clone();
        let mapping = match &options.mapping {
            Some(written) => Mapping::parse(written, &header),
            None => Mapping::preselect(&header),
        };
        Ok(Self {
            survey,
            header,
            mapping: mapping.map_err(Error::Invalid),
            reader,
        })
    }

    /// Its rows, and what they are to become.
    pub(super) fn rows(self, options: &ImportOptions) -> Result<(Rows<R>, ImportOrder), Error> {
        let mapping = self.mapping?;
        let order = ImportOrder {
            hash: self.survey.hash,
            list: list_name(options)?,
            mapping: mapping.written(),
            mode: options.mode,
            encoding: self.survey.encoding.name().to_owned(),
            delimiter: options.delimiter,
        };
        Ok((self.reader.rows(mapping), order))
    }

    /// Its rows as they stand, cell by cell.
    pub(super) fn cells(self) -> impl Iterator<Item = Result<Vec<String>, ImportError>> {
        self.reader.cells()
    }
}

fn list_name(options: &ImportOptions) -> Result<Option<ListName>, Error> {
    let name = options.list.as_deref().map(ListName::parse).transpose();
    name.map_err(|refusal| Error::field("list", refusal))
}
