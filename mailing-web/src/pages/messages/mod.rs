//! `/messages`: what owners write, with preview, history and test sends.

mod commands;
mod editor;
mod files;
mod history;
mod list;
mod preview;
mod typed;
mod view;

use mailing_core::id::MessageId;
use poem::Response;
use poem::handler;
use poem::web::Path;

pub(crate) use self::commands::{ask_discard, delete, discard, undelete};
pub(crate) use self::editor::{create, edit, new, save};
pub(in crate::pages) use self::files::size;
pub(crate) use self::files::{FORM_MAX, attach, detach, download, show_files};
pub(crate) use self::history::{restore, versions, view_version};
pub(crate) use self::list::index;
pub(crate) use self::preview::{autosave, frame};
#[cfg(test)]
pub(super) use self::{
    commands::samples as question_samples,
    files::samples as files_samples,
    history::{history_samples, version_samples},
    list::samples as list_samples,
    view::samples as editor_samples,
};

use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{TheSite, see_other};
use crate::view::Link;
use crate::visitor::CurrentActor;

pub(super) const PATH: &str = "/messages";

/// The page of a message is its editor.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let message = site.services.messages.show(&actor, id(&wanted)?).await?;
    Ok(see_other(&address(message.id)))
}

fn id(text: &str) -> Result<MessageId, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

/// The editor of a message.
fn address(id: MessageId) -> String {
    format!("{PATH}/{id}/edit")
}

/// The link back to the list.
fn parent(locale: &Locale) -> Link {
    Link {
        url: PATH.to_owned(),
        label: locale.text("menu-messages", &Args::new()),
    }
}
