//! `/recipients/import`: a file or pasted rows become recipients, in three steps.

mod columns;
mod intake;
mod progress;
mod results;
mod source;
mod taken_back;

use mailing_core::error::Error;
use mailing_core::id::UploadId;
use mailing_core::policy::Actor;
use mailing_core::recipient::import::{Upload, UploadState};
use mailing_core::services::wait;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use tokio::task::spawn_blocking;

pub(crate) use self::columns::choose;
pub(crate) use self::intake::receive;
pub(crate) use self::results::rejects;
pub(crate) use self::source::{index, template};
pub(crate) use self::taken_back::{ask_undo, undo};
#[cfg(test)]
pub(super) use self::{
    columns::samples as columns_samples, progress::samples as progress_samples,
    results::samples as results_samples, source::samples as source_samples,
    taken_back::samples as undo_samples,
};

use crate::error::PageError;
use crate::i18n::{self, Args, Locale};
use crate::site::{Site, TheSite, see_other};
use crate::view::Link;
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/recipients/import";

/// Files up to this size are counted and imported while the browser waits, in octets.
const AT_ONCE_MAX: u64 = 512 * 1024;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    /// `columns`: the second step again, after the third.
    step: String,
}

/// A file at the step that it has come to.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Query(query): Query<Wanted>,
) -> Result<Response, PageError> {
    let upload = one(&site, &actor, &wanted).await?;
    match upload.state {
        UploadState::Receiving => Ok(see_other(PATH)),
        UploadState::Ready => columns::page(&site, &visitor, &actor, &upload).await,
        UploadState::Checked if query.step == "columns" => {
            columns::page(&site, &visitor, &actor, &upload).await
        }
        UploadState::Checking | UploadState::Importing => progress::page(&site, &visitor, &upload),
        UploadState::Checked | UploadState::Done | UploadState::Failed => {
            results::page(&site, &visitor, &actor, &upload).await
        }
    }
}

/// Imports a checked file; pressed twice it is one import.
#[handler]
pub(crate) async fn start(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let upload = site.services.uploads.import(&actor, id).await?;
    work_on(&site, &actor, &upload).await?;
    Ok(see_other(&address(id)))
}

/// Another file is to be chosen: this one is dropped.
#[handler]
pub(crate) async fn discard(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let uploads = &site.services.uploads;
    match uploads.discard(&actor, id(&wanted)?).await {
        // From an old page: it is being imported, which its page tells.
        Err(Error::Conflict(_)) => Ok(see_other(&format!("{PATH}/{wanted}"))),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(see_other(PATH)),
    }
}

/// Counts or imports a small file at once. A larger one is the business of whoever works beside the
/// pages.
async fn work_on(site: &Site, actor: &Actor, upload: &Upload) -> Result<(), PageError> {
    if upload.details.octets > AT_ONCE_MAX || !upload.state.is_work() {
        return Ok(());
    }
    let work = site.services.upload_work.clone();
    let Some(job) = work.claim_own(actor, upload.id).await? else {
        return Ok(());
    };
    blocking(move || {
        wait(work.run(job, &|language, refusal| {
            i18n::refusal(language.into(), refusal)
        }))
    })
    .await
}

/// Does what reads a file on a thread that may wait.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, PageError> {
    let ended = spawn_blocking(work).await;
    Ok(ended.map_err(|_| PageError::misbuilt("reading a file panicked"))??)
}

async fn one(site: &Site, actor: &Actor, wanted: &str) -> Result<Upload, PageError> {
    Ok(site.services.uploads.show(actor, id(wanted)?).await?)
}

fn id(text: &str) -> Result<UploadId, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

fn address(id: UploadId) -> String {
    format!("{PATH}/{id}")
}

/// The link back to the recipients.
fn parent(locale: &Locale) -> Link {
    Link {
        url: "/recipients".to_owned(),
        label: locale.text("menu-recipients", &Args::new()),
    }
}

/// The words of the three steps.
fn steps(locale: &Locale) -> [String; 3] {
    [
        "import-step-file",
        "import-step-columns",
        "import-step-check",
    ]
    .map(|key| locale.text(key, &Args::new()))
}

/// The file's name in words.
fn name_of(locale: &Locale, upload: &Upload) -> String {
    if upload.details.name.is_empty() {
        locale.text("import-pasted-rows", &Args::new())
    } else {
        upload.details.name.clone()
    }
}
