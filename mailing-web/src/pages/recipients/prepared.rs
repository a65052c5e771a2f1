//! `/recipients/exports`: a large list as a file that the service prepares beside the page, which tells
//! how far it is and then has the file.

use mailing_core::error::Error;
use mailing_core::id::ExportId;
use mailing_core::policy::Actor;
use mailing_core::recipient::export::{EXPORT_FOR, ExportChoice, ExportState, PreparedExport};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Serialize;

use super::export::options;
use super::{PATH, Wanted, parent};
use crate::download::Download;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::pages::messages::size;
use crate::site::{Around, Site, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Bar, Flash, Link, Parts, lost, number};
use crate::visitor::{CurrentActor, Visitor};

pub(super) const EXPORTS: &str = "/recipients/exports";

/// How far it is.
#[derive(Serialize)]
struct Progress {
    parent: Link,
    of: String,
    done: String,
    share: String,
    bar: Bar,
    lost: String,
    discard: String,
}

/// The file.
#[derive(Serialize)]
struct Ready {
    parent: Link,
    of: String,
    what: String,
    kept: String,
    file: String,
    discard: String,
}

/// There is no such export, or not any more.
#[derive(Serialize)]
struct Gone {
    parent: Link,
    hours: String,
}

impl Page for Progress {
    const TEMPLATE: &'static str = "recipients/export_progress.html";
    const SCRIPTS: &'static [&'static str] = &["lost.js", "progress.js"];
    const REFRESH: Option<u32> = Some(2);

    fn title(&self, locale: &Locale) -> String {
        locale.text("export-progress-title", &Args::new())
    }
}

impl Page for Ready {
    const TEMPLATE: &'static str = "recipients/export_ready.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("export-ready-title", &Args::new())
    }
}

impl Page for Gone {
    const TEMPLATE: &'static str = "recipients/export_gone.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("export-gone-title", &Args::new())
    }
}

/// Asks for all that the filter shows. Pressed twice it is one export.
#[handler]
pub(crate) async fn prepare(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let exports = &site.services.exports;
    let refused = match exports.prepare(&actor, &options(&wanted)).await {
        Ok(export) => return Ok(see_other(&address(export.id))),
        Err(Error::Conflict(refused)) => refused,
        Err(error) => return Err(error.into()),
    };
    let kept = exports.newest(&actor).await?;
    let Some(running) = kept.iter().find(|export| !export.is_ready()) else {
        return Err(Error::Conflict(refused).into());
    };
    let path = address(running.id);
    match is_asked(&running.details.choice, &wanted) {
        true => Ok(see_other(&path)),
        false => Ok(site.done(&path, &Flash::warning("export-one-at-a-time"))),
    }
}

/// How far an export is, or its file.
#[handler]
pub(crate) async fn show_export(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let locale = visitor.locale();
    let export = match id(&wanted) {
        Ok(id) => site.services.exports.show(&actor, id).await,
        Err(error) => Err(error),
    };
    let export = match export {
        Ok(export) => export,
        Err(Error::NotFound) => return gone(&site, &visitor),
        Err(error) => return Err(error.into()),
    };
    let of = of(&site, &actor, locale, &export.details.choice).await?;
    match export.is_ready() {
        true => site.page(&visitor, &Ready::new(locale, &export, of)),
        false => site.page(&visitor, &Progress::new(locale, &export, of)),
    }
}

/// The file.
#[handler]
pub(crate) async fn download_export(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let file = match id(&wanted) {
        Ok(id) => site.services.exports.download(&actor, id).await,
        Err(error) => Err(error),
    };
    match file {
        Ok(file) => Ok(
            Download::csv("recipients.csv").pieces(file, async |mut file| {
                Ok(file.piece().await?.map(|piece| (piece, file)))
            }),
        ),
        Err(Error::NotFound) => gone(&site, &visitor),
        Err(error) => Err(error.into()),
    }
}

/// Cancels an export, or deletes its file.
#[handler]
pub(crate) async fn discard_export(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    site.services.exports.discard(&actor, id(&wanted)?).await?;
    Ok(site.done(PATH, &Flash::done("export-discarded")))
}

/// The newest export, as the list of recipients tells of it.
pub(super) fn newest(locale: &Locale, exports: &[PreparedExport]) -> Option<Link> {
    let export = exports.first()?;
    let label = match export.is_ready() {
        true => {
            let until = locale.short(export.kept_until());
            locale.text("export-is-ready", &Args::new().text("when", until))
        }
        false => {
            let (done, all) = export.progress();
            let share = locale.whole_percent(done, all);
            locale.text("export-is-running", &Args::new().text("share", share))
        }
    };
    Some(Link {
        url: address(export.id),
        label,
    })
}

impl Progress {
    fn new(locale: &Locale, export: &PreparedExport, of: String) -> Self {
        let details = &export.details;
        let (done, all) = export.progress();
        let label = match export.state {
            ExportState::Counting => locale.text(
                "export-counted",
                &Args::new().number("n", number(details.counted)),
            ),
            ExportState::Writing | ExportState::Ready => locale.text(
                "export-written",
                &Args::new()
                    .number("written", number(details.written))
                    .number("all", number(details.counted)),
            ),
        };
        let parts = Parts {
            delivered: done,
            waiting: all - done,
            ..Parts::default()
        };
        Self {
            parent: parent(locale),
            of,
            share: locale.whole_percent(done, all),
            bar: Bar::new(locale, &parts).labelled(label.clone()),
            done: label,
            lost: lost(locale, locale.now),
            discard: format!("{}/discard", address(export.id)),
        }
    }
}

impl Ready {
    fn new(locale: &Locale, export: &PreparedExport, of: String) -> Self {
        let details = &export.details;
        let octets = usize::try_from(details.octets).unwrap_or(usize::MAX);
        let what = Args::new()
            .number("n", number(details.written))
            .text("size", size(locale, octets));
        let kept = Args::new().text("when", locale.short(export.kept_until()));
        let url = address(export.id);
        Self {
            parent: parent(locale),
            of,
            what: locale.text("export-what", &what),
            kept: locale.text("export-kept", &kept),
            file: format!("{url}/file"),
            discard: format!("{url}/discard"),
        }
    }
}

impl Gone {
    fn new(locale: &Locale) -> Self {
        let hours = Args::new().number("hours", EXPORT_FOR.num_hours());
        Self {
            parent: parent(locale),
            hours: locale.text("export-gone-text", &hours),
        }
    }
}

/// Also for an id that never was, or is another owner's: the answers are alike.
fn gone(site: &Site, visitor: &Visitor) -> Result<Response, PageError> {
    let page = Gone::new(visitor.locale());
    site.page_with(visitor, &page, Around::Menu, StatusCode::NOT_FOUND)
}

/// Whom an export is of, in words.
async fn of(
    site: &Site,
    actor: &Actor,
    locale: &Locale,
    choice: &ExportChoice,
) -> Result<String, PageError> {
    let list = match choice.list {
        None => None,
        Some(id) => match site.services.lists.show(actor, id).await {
            Ok(list) => Some(list.name.as_str().to_owned()),
            Err(Error::NotFound) => Some(locale.text("export-of-no-list", &Args::new())),
            Err(error) => return Err(error.into()),
        },
    };
    Ok(in_words(locale, choice, list))
}

fn in_words(locale: &Locale, choice: &ExportChoice, list: Option<String>) -> String {
    let search = choice.search.as_ref().map(|text| {
        let args = Args::new().text("text", text.clone());
        locale.text("export-of-search", &args)
    });
    let list = list.map(|name| locale.text("export-of-list", &Args::new().text("name", name)));
    let state = choice.state().map(|state| {
        let label = locale.text(&format!("recipient-state-{state}"), &Args::new());
        locale.text("export-of-state", &Args::new().text("state", label))
    });
    let parts: Vec<_> = [search, list, state].into_iter().flatten().collect();
    match parts.is_empty() {
        true => locale.text("export-of-all", &Args::new()),
        false => parts.join(" · "),
    }
}

fn is_asked(choice: &ExportChoice, wanted: &Wanted) -> bool {
    let filter = wanted.filter();
    choice.search == filter.search && choice.list == filter.list && choice.state() == filter.state
}

fn id(text: &str) -> Result<ExportId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

fn address(id: ExportId) -> String {
    format!("{EXPORTS}/{id}")
}

#[cfg(test)]
pub(super) fn sample(
    locale: &Locale,
    state: ExportState,
    counted: u64,
    written: u64,
) -> PreparedExport {
    use mailing_core::recipient::export::ExportDetails;
    use mailing_core::testing::builders;

    PreparedExport {
        id: builders::id(locale.now),
        owner: builders::id(locale.now),
        state,
        details: ExportDetails {
            all: 120_000,
            counted,
            written,
            octets: 96 * written,
            ..ExportDetails::default()
        },
        lease_until: locale.now,
        version: 0,
        created_at: locale.now,
        updated_at: locale.now,
    }
}

#[cfg(test)]
pub(in crate::pages) fn progress_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;

    let choice = ExportChoice {
        search: Some(HOSTILE.to_owned()),
        list: None,
        state: Some("bounced".to_owned()),
    };
    let everybody = in_words(locale, &ExportChoice::default(), None);
    let some = in_words(locale, &choice, Some(HOSTILE.to_owned()));
    let counting = sample(locale, ExportState::Counting, 10_000, 0);
    let writing = sample(locale, ExportState::Writing, 112_000, 40_000);
    vec![
        Progress::new(locale, &counting, everybody),
        Progress::new(locale, &writing, some),
    ]
}

#[cfg(test)]
pub(in crate::pages) fn ready_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let of = || in_words(locale, &ExportChoice::default(), None);
    let ready = |written| sample(locale, ExportState::Ready, written, written);
    vec![
        Ready::new(locale, &ready(0), of()),
        Ready::new(locale, &ready(1_000_000), of()),
    ]
}

#[cfg(test)]
pub(in crate::pages) fn gone_samples(locale: &Locale) -> Vec<impl Page + use<>> {
    vec![Gone::new(locale)]
}
