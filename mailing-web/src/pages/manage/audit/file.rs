//! The audit log as CSV, piece by piece.

use std::io;

use chrono::SecondsFormat;
use mailing_core::error::Error;
use mailing_core::policy::Actor;
use mailing_core::ports::store::{AuditFilter, AuditLine, Cursor, PAGE_MAX, PageRequest};
use mailing_core::services::Supervision;
use mailing_core::sheet::SheetWriter;
use poem::Response;

use super::{owner, what, who};
use crate::download::Download;
use crate::i18n::{Args, Locale};

/// The columns, by the keys of their words.
const COLUMNS: [&str; 7] = [
    "manage-audit-when",
    "manage-audit-who",
    "manage-audit-what",
    "manage-audit-code",
    "manage-audit-whom",
    "manage-audit-about",
    "manage-audit-why",
];

/// Where the file stands.
struct File {
    supervision: Supervision,
    actor: Actor,
    filter: AuditFilter,
    locale: Locale,
    next: Next,
}

enum Next {
    /// The names of the columns, and the first lines.
    Begin,
    /// What comes after this line.
    After(Cursor),
    /// Nothing.
    End,
}

/// The whole log under a filter as a file.
pub(super) fn csv(
    supervision: Supervision,
    actor: Actor,
    filter: AuditFilter,
    locale: Locale,
) -> Response {
    let file = File {
        supervision,
        actor,
        filter,
        locale,
        next: Next::Begin,
    };
    Download::csv("audit.csv").pieces(file, piece)
}

/// The next piece.
async fn piece(mut file: File) -> Result<Option<(Vec<u8>, File)>, Error> {
    let first = PageRequest::first(PAGE_MAX);
    // Without the mark Excel shows other letters.
    let mut sheet = SheetWriter::in_memory(matches!(file.next, Next::Begin));
    let request = match file.next {
        Next::End => return Ok(None),
        Next::After(cursor) => first.after(Some(cursor)),
        Next::Begin => {
            let names = COLUMNS.map(|key| file.locale.text(key, &Args::new()));
            sheet.row(names).map_err(internal)?;
            first
        }
    };
    let page = file.supervision.audit(&file.actor, &file.filter, &request);
    let page = page.await?;
    for line in &page.items {
        sheet.row(cells(&file.locale, line)).map_err(internal)?;
    }
    file.next = page.next.map_or(Next::End, Next::After);
    Ok(Some((sheet.finish().map_err(internal)?, file)))
}

fn cells(locale: &Locale, line: &AuditLine) -> [String; 7] {
    let entry = &line.entry;
    [
        entry.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        who(locale, line),
        what(locale, entry.deed),
        entry.deed.as_str().to_owned(),
        owner(line),
        entry.subject.clone(),
        entry.reason.clone().unwrap_or_default(),
    ]
}

fn internal(error: io::Error) -> Error {
    Error::Internal(Box::new(error))
}
