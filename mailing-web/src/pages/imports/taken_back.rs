//! An import is taken back, once it is said what that means.

use std::time::Duration;

use futures::future::{Either, select};
use mailing_core::error::Error;
use mailing_core::id::ImportId;
use mailing_core::recipient::import::Import;
use mailing_core::services::UndoReport;
use poem::web::Path;
use poem::{Response, handler};

use super::PATH;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::TheSite;
use crate::view::{Flash, Question, number};
use crate::visitor::{CurrentActor, Visitor};

/// The longest that a page waits until an import is taken back; longer ones go on by themselves.
const UNDO_TIME: Duration = Duration::from_secs(10);

/// Asks whether an import is to be taken back.
#[handler]
pub(crate) async fn ask_undo(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let import = site.services.imports.show(&actor, id(&wanted)?).await?;
    let locale = visitor.locale();
    import.check_undo(locale.now).map_err(Error::Conflict)?;
    site.page(&visitor, &question(locale, &import))
}

/// Takes an import back. A large one goes on after the page is told.
#[handler]
pub(crate) async fn undo(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let imports = site.services.imports.clone();
    let undoing = tokio::spawn(async move { imports.undo(&actor, id).await });
    let clock = site.settings.clock.as_ref();
    let late = clock.sleep_until(clock.now() + UNDO_TIME);
    let flash = match select(undoing, late).await {
        Either::Right(_) => Flash::warning("import-undoing"),
        Either::Left((ended, _)) => {
            match ended.map_err(|_| PageError::misbuilt("undoing panicked"))? {
                Ok(report) => undone(&report),
                // Pressed twice: the first press does it.
                Err(Error::Conflict(_)) => Flash::warning("import-undoing"),
                Err(error) => return Err(error.into()),
            }
        }
    };
    Ok(site.done(PATH, &flash))
}

/// Where an import is taken back.
pub(super) fn address(import: &Import) -> String {
    format!("/recipients/imports/{}/undo", import.id)
}

fn id(text: &str) -> Result<ImportId, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

fn question(locale: &Locale, import: &Import) -> Question {
    let say = |key: &str, args: Args| locale.text(key, &args);
    let when = Args::new().text("when", locale.short(import.created_at));
    let title = say("import-undo-ask", when);
    let verb = say("import-undo", Args::new());
    let keep = say("keep", Args::new());
    let mut question = Question::new(title, (verb, address(import)), (keep, PATH));
    let counts = [
        ("import-undo-added", import.sums.added),
        ("import-undo-updated", import.sums.updated),
    ];
    for (key, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        let count = Args::new().number("n", number(count));
        question = question.happens(say(key, count));
    }
    if let Some(list) = &import.order.list {
        let list = Args::new().text("list", list.as_str().to_owned());
        question = question.happens(say("import-undo-list", list));
    }
    question.happens(say("import-undo-kept", Args::new()))
}

fn undone(report: &UndoReport) -> Flash {
    Flash::done("import-undone")
        .number("removed", number(report.removed))
        .number("restored", number(report.restored))
        .number("kept", number(report.kept))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<Question> {
    use mailing_core::recipient::import::ImportSums;
    use mailing_core::testing::builders;

    let nothing = builders::import().build();
    let much = Import {
        sums: ImportSums {
            added: 1_190,
            updated: 21,
            skipped: 51,
        },
        ..builders::import()
            .into_list(crate::pages::samples::HOSTILE)
            .build()
    };
    vec![question(locale, &nothing), question(locale, &much)]
}
