//! The third step: what would become of the rows; and after it what became of them.

use mailing_core::policy::Actor;
use mailing_core::ports::store::PageRequest;
use mailing_core::recipient::import::{
    Import, ImportState, REJECTS_MAX, UNDO_WITHIN, Upload, UploadState,
};
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::{PATH, address, name_of, one, parent, steps, taken_back};
use crate::download::Download;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Site, TheSite};
use crate::templates::Page;
use crate::view::{Link, Stat, number};
use crate::visitor::{CurrentActor, Visitor};

#[derive(Serialize)]
struct Results {
    title: &'static str,
    parent: Link,
    steps: [String; 3],
    lead: String,
    /// Why it cannot be imported; empty when it can.
    fault: String,
    /// True before the import.
    is_checked: bool,
    stats: Vec<Stat>,
    rejects: Vec<Reject>,
    more_rejects: String,
    file: Option<RejectFile>,
    start: String,
    /// How many rows go in; empty when none does.
    verb: String,
    back: String,
    another: &'static str,
    earlier: String,
    /// Where it is asked whether to take it back; empty when it is too late.
    undo: String,
    undo_until: String,
    /// What to do with those who came in.
    next: Option<Link>,
}

#[derive(Serialize)]
struct Reject {
    line: String,
    column: String,
    reason: String,
    raw: String,
}

/// The rejects as a file.
#[derive(Serialize)]
struct RejectFile {
    link: Link,
    /// How many it does not hold; empty when it has all.
    left_out: String,
}

impl Page for Results {
    const TEMPLATE: &'static str = "imports/results.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text(self.title, &Args::new())
    }
}

pub(super) async fn page(
    site: &Site,
    visitor: &Visitor,
    actor: &Actor,
    upload: &Upload,
) -> Result<Response, PageError> {
    let import = match upload.details.import {
        Some(id) if upload.state == UploadState::Done => {
            Some(site.services.imports.show(actor, id).await?)
        }
        _ => None,
    };
    let mut page = Results::new(visitor.locale(), upload, import.as_ref());
    if import.is_some_and(|import| import.state == ImportState::Finished) {
        let one = PageRequest::first(1);
        let written = site.services.messages.page(actor, &one).await?;
        page.next = Some(next_step(visitor.locale(), !written.items.is_empty()));
    }
    site.page(visitor, &page)
}

/// The rows that were not taken, as CSV.
#[handler]
pub(crate) async fn rejects(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let upload = one(&site, &actor, &wanted).await?;
    if upload.details.rejects_pieces == 0 {
        return Err(PageError::not_found());
    }
    let from = (site.services.uploads.clone(), actor, upload.id, 0);
    let file = Download::csv("rejects.csv");
    Ok(file.pieces(from, async |(uploads, actor, id, number)| {
        let piece = uploads.rejects(&actor, id, number).await?;
        Ok(piece.map(|piece| (piece, (uploads, actor, id, number + 1))))
    }))
}

impl Results {
    fn new(locale: &Locale, upload: &Upload, import: Option<&Import>) -> Self {
        let details = &upload.details;
        let url = address(upload.id);
        let is_checked = upload.state == UploadState::Checked;
        let shown = details.rejects.iter().map(|reject| Reject {
            line: locale.count(number(reject.line)),
            column: reject.column.clone().unwrap_or_default(),
            reason: reject.reason.clone(),
            raw: reject.raw.clone(),
        });
        let taken = details.sums.added + details.sums.updated;
        let count = |key: &str, n: u64| locale.text(key, &Args::new().number("n", number(n)));
        let more = details
            .sums
            .rejected
            .saturating_sub(details.rejects.len() as u64);
        let undoable = import.filter(|import| import.check_undo(locale.now).is_ok());
        Self {
            title: match upload.state {
                UploadState::Failed => "import-failed-title",
                UploadState::Done => "import-done-title",
                _ => "import-checked-title",
            },
            parent: parent(locale),
            steps: steps(locale),
            lead: lead(locale, upload, import),
            fault: details.fault.clone().unwrap_or_default(),
            is_checked,
            stats: stats(locale, upload),
            rejects: shown.collect(),
            more_rejects: match more {
                0 => String::new(),
                more => count("import-more-rejects", more),
            },
            file: file(locale, upload),
            start: format!("{url}/start"),
            verb: if is_checked && taken > 0 {
                count("import-start", taken)
            } else {
                String::new()
            },
            back: format!("{url}?step=columns"),
            another: PATH,
            earlier: details.earlier.map_or_else(String::new, |at| {
                locale.text(
                    "import-earlier",
                    &Args::new().text("when", locale.short(at)),
                )
            }),
            undo: undoable.map_or_else(String::new, taken_back::address),
            undo_until: undoable.map_or_else(String::new, |import| {
                let until = locale.short(import.updated_at + UNDO_WITHIN);
                locale.text("import-undo-until", &Args::new().text("when", until))
            }),
            next: None,
        }
    }
}

fn file(locale: &Locale, upload: &Upload) -> Option<RejectFile> {
    let details = &upload.details;
    if details.rejects_pieces == 0 || upload.state != UploadState::Done {
        return None;
    }
    let count = |key: &str, n: u64| locale.text(key, &Args::new().number("n", number(n)));
    let (label, left_out) = match details.sums.rejected.saturating_sub(REJECTS_MAX) {
        0 => (
            locale.text("import-rejects-file", &Args::new()),
            String::new(),
        ),
        more => (
            count("import-rejects-first", REJECTS_MAX),
            count("import-rejects-left-out", more),
        ),
    };
    let url = format!("{}/rejects", address(upload.id));
    let link = Link { url, label };
    Some(RejectFile { link, left_out })
}

/// Somebody who has written nothing yet writes a message, others plan a mailing.
fn next_step(locale: &Locale, written: bool) -> Link {
    let (url, key) = if written {
        ("/mailings/new", "mailings-new")
    } else {
        ("/messages/new", "step-message")
    };
    Link {
        url: url.to_owned(),
        label: locale.text(key, &Args::new()),
    }
}

fn lead(locale: &Locale, upload: &Upload, import: Option<&Import>) -> String {
    let sums = &upload.details.sums;
    let key = match (upload.state, import.map(|import| import.state.as_str())) {
        (UploadState::Failed, _) => return name_of(locale, upload),
        (_, Some("undone")) => return locale.text("import-is-undone", &Args::new()),
        (UploadState::Done, _) => "import-done-lead",
        _ => "import-checked-lead",
    };
    let args = Args::new()
        .text("name", name_of(locale, upload))
        .number("rows", number(upload.details.look.rows))
        .number("added", number(sums.added))
        .number("known", number(sums.updated + sums.skipped))
        .number("rejected", number(sums.rejected));
    locale.text(key, &args)
}

fn stats(locale: &Locale, upload: &Upload) -> Vec<Stat> {
    let sums = &upload.details.sums;
    let when = if upload.state == UploadState::Done {
        "were"
    } else {
        "will-be"
    };
    let stats = [
        ("i-delivered", "added", sums.added),
        ("i-running", "updated", sums.updated),
        ("i-cancelled", "skipped", sums.skipped),
        ("i-failed", "rejected", sums.rejected),
    ];
    let stats = stats.into_iter().map(|(icon, what, n)| Stat {
        icon,
        label: locale.text(&format!("import-{when}-{what}"), &Args::new()),
        value: locale.count(number(n)),
        note: String::new(),
    });
    stats.collect()
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::recipient::import::UploadSums;
    use mailing_core::testing::builders;

    let import = Import {
        updated_at: locale.now,
        ..builders::import().build()
    };
    let at = |state, sums| {
        let mut upload = crate::pages::samples::upload();
        upload.state = state;
        upload.details.sums = sums;
        upload
    };
    let sums = UploadSums {
        added: 1_190,
        updated: 0,
        skipped: 51,
        rejected: 7,
    };
    let nothing = UploadSums::default();
    let mut failed = at(UploadState::Failed, nothing);
    failed.details.fault = Some(crate::pages::samples::HOSTILE.to_owned());
    let hopeless = UploadSums {
        rejected: REJECTS_MAX + 41_001,
        ..sums
    };
    let mut done = Results::new(locale, &at(UploadState::Done, sums), Some(&import));
    done.next = Some(next_step(locale, false));
    vec![
        Results::new(locale, &at(UploadState::Checked, sums), None),
        Results::new(locale, &at(UploadState::Checked, nothing), None),
        done,
        Results::new(locale, &at(UploadState::Done, hopeless), None),
        Results::new(locale, &failed, None),
    ]
}
