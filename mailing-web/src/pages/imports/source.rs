//! The first step: a file or pasted rows; below it what was imported before.

use mailing_core::error::FieldError;
use mailing_core::ports::store::{Cursor, Page as Rows, PageRequest};
use mailing_core::recipient::import::{FILE_MAX, Import};
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{PATH, parent, steps, taken_back};
use crate::download::Download;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Around, Site, TheSite};
use crate::templates::Page;
use crate::view::{Fault, Field, Link, PAGE_SIZE, Pager, Sign, form_title, number};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    after: Option<String>,
}

#[derive(Serialize)]
struct Source {
    parent: Link,
    steps: [String; 3],
    errors: Vec<Fault>,
    file: Field,
    pasted: Field,
    limit: String,
    rows: Vec<Row>,
    pager: Pager,
}

/// An import of before.
#[derive(Serialize)]
struct Row {
    at: String,
    sign: Sign,
    list: String,
    sums: String,
    /// Where it is asked whether to take it back; empty when it is too late.
    undo: String,
}

impl Page for Source {
    const TEMPLATE: &'static str = "imports/source.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text("import-title", &Args::new());
        form_title(locale, title, !self.errors.is_empty())
    }
}

/// The form for a file.
#[handler]
pub(crate) async fn index(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let after = wanted.after.as_deref();
    let request = PageRequest::first(PAGE_SIZE).after(after.map(Cursor::new));
    let before = site.services.imports.page(&actor, &request).await?;
    let page = Source::new(visitor.locale(), &before, after, &[]);
    site.page(&visitor, &page)
}

/// A file to begin with, which a spreadsheet opens.
#[handler]
pub(crate) async fn template(visitor: Visitor) -> Response {
    let columns = ["email", "name", "comment", "town"].map(|column| {
        visitor
            .locale()
            .text(&format!("import-template-{column}"), &Args::new())
    });
    let name = visitor
        .locale()
        .text("import-template-example", &Args::new());
    // Spreadsheets of either language open what has a mark and their own separator.
    let separator = visitor
        .locale()
        .text("import-template-separator", &Args::new());
    let row = ["anna@example.com", name.as_str(), "", ""].join(&separator);
    let columns = columns.join(&separator);
    Download::csv("template.csv").whole(format!("\u{feff}{columns}\r\n{row}\r\n"))
}

/// The form again, with what is wrong and the rows that were pasted.
pub(super) fn refused(
    site: &Site,
    visitor: &Visitor,
    (errors, pasted): (&[FieldError], &str),
    status: StatusCode,
) -> Result<Response, PageError> {
    let none = Rows {
        items: Vec::new(),
        next: None,
    };
    let mut page = Source::new(visitor.locale(), &none, None, errors);
    page.pasted = Field::new(visitor.locale(), "pasted", pasted, errors);
    site.page_with(visitor, &page, Around::Menu, status)
}

impl Source {
    fn new(
        locale: &Locale,
        before: &Rows<Import>,
        after: Option<&str>,
        errors: &[FieldError],
    ) -> Self {
        let megabytes = number(FILE_MAX / 1_000_000);
        let next = before.next.as_ref().map(Cursor::as_str);
        Self {
            parent: parent(locale),
            steps: steps(locale),
            errors: Fault::all(locale, errors),
            file: Field::new(locale, "file", "", errors),
            pasted: Field::new(locale, "pasted", "", errors),
            limit: locale.text(
                "import-file-hint",
                &Args::new().number("megabytes", megabytes),
            ),
            rows: before.items.iter().map(|i| Row::new(locale, i)).collect(),
            pager: Pager::new(locale, PATH, &[], before.items.len(), after, next),
        }
    }
}

impl Row {
    fn new(locale: &Locale, import: &Import) -> Self {
        let key = format!("import-was-{}", import.state);
        let icon = match import.state.as_str() {
            "finished" => "i-delivered",
            "undone" => "i-cancelled",
            _ => "i-waiting",
        };
        let sums = Args::new()
            .number("added", number(import.sums.added))
            .number("updated", number(import.sums.updated))
            .number("skipped", number(import.sums.skipped))
            .number("rejected", number(import.rejected));
        let can_undo = import.check_undo(locale.now).is_ok();
        Self {
            at: locale.short(import.created_at),
            sign: Sign::new(locale, icon, &key),
            list: import
                .order
                .list
                .as_ref()
                .map_or_else(String::new, |name| name.as_str().to_owned()),
            sums: locale.text("import-sums", &sums),
            undo: if can_undo {
                taken_back::address(import)
            } else {
                String::new()
            },
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::recipient::import::ImportState;
    use mailing_core::testing::builders;

    let imports = ImportState::ALL.map(|state| Import {
        state,
        updated_at: locale.now,
        ..builders::import()
            .into_list(crate::pages::samples::HOSTILE)
            .build()
    });
    let before = Rows {
        items: imports.into(),
        next: Some(Cursor::new("1")),
    };
    let none = Rows {
        items: Vec::new(),
        next: None,
    };
    let errors = [FieldError::new("file", code::IMPORT_NOT_TEXT)];
    vec![
        Source::new(locale, &before, Some("1"), &[]),
        Source::new(locale, &none, None, &errors),
    ]
}
