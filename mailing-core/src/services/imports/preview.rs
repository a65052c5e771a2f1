//! What a file looks like before anything is decided about it.

use std::io::{BufRead, Seek};

use super::file::File;
use crate::error::{Error, FieldError};
use crate::recipient::import::Target;

/// How many rows show their values.
const SHOWN: usize = 3;

/// Longest value shown, in characters.
const VALUE_MAX: usize = 100;

/// What is known of a file before it is imported.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportPreview {
    /// Name of the encoding it is in.
    pub encoding: &'static str,
    /// What separates its cells.
    pub delimiter: char,
    /// Size in octets.
    pub octets: u64,
    /// Rows below the header, good and bad ones.
    pub rows: u64,
    /// True when its first row has names of columns.
    pub has_header: bool,
    /// Its columns, in order.
    pub columns: Vec<PreviewColumn>,
    /// Why the columns cannot be taken as they are proposed or asked for, at `map`.
    pub faults: Vec<FieldError>,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewColumn {
    /// Its name; its number from 1 where the file names none.
    pub name: String,
    /// Its values in the first rows, shortened.
    pub values: Vec<String>,
    /// What it is to become; `None`: it is left out.
    pub target: Option<Target>,
}

pub(super) fn preview<R: BufRead + Seek>(file: File<R>) -> Result<ImportPreview, Error> {
    let (survey, header) = (file.survey, file.header.clone());
    let (targets, faults) = match &file.mapping {
        Ok(mapping) => {
            let targets = mapping.columns().map(|(_, target)| target.cloned());
            (targets.collect(), Vec::new())
        }
        Err(Error::Invalid(faults)) => (vec![None; header.columns().len()], faults.clone()),
        Err(_) => (Vec::new(), Vec::new()),
    };
    let names = header.columns().iter();
    let mut columns: Vec<_> = names
        .zip(targets)
        .map(|(name, target)| PreviewColumn {
            name: name.clone(),
            values: Vec::new(),
            target,
        })
        .collect();
    let mut rows = 0;
    for row in file.cells() {
        let row = row?;
        rows += 1;
        if rows <= SHOWN as u64 {
            for (index, column) in columns.iter_mut().enumerate() {
                let value = row.get(index).map(String::as_str).unwrap_or_default();
                column.values.push(value.chars().take(VALUE_MAX).collect());
            }
        }
    }
    Ok(ImportPreview {
        encoding: survey.encoding.name(),
        delimiter: header.delimiter(),
        octets: survey.octets,
        rows,
        has_header: header.email_in_first_row().is_none(),
        columns,
        faults,
    })
}
