//! The files of a message: a page of their own, so that what is being typed stays where it is.

use mailing_core::code;
use mailing_core::error::{Error, FieldError};
use mailing_core::message::{ATTACHED_MAX, ATTACHMENTS_MAX, FileHash, Message};
use mailing_core::services::NewFile;
use poem::http::StatusCode;
use poem::web::{Form, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::history::to_editor;
use super::{PATH, id};
use crate::download::Download;
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::incoming::Incoming;
use crate::site::{Around, TheSite};
use crate::templates::Page;
use crate::view::{Fault, Field, Flash, Link, form_title, number};
use crate::visitor::{CurrentActor, Visitor};

/// What a form with files may have: more than fits, so that a little too much is said at the field.
pub(crate) const FORM_MAX: u64 = 2 * ATTACHED_MAX as u64;

/// The page of a message's files.
#[derive(Serialize)]
struct Files {
    parent: Link,
    url: String,
    remove: String,
    lead: String,
    hint: String,
    errors: Vec<Fault>,
    file: Field,
    rows: Vec<FileRow>,
    is_full: bool,
}

/// A file in a list.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FileRow {
    url: String,
    hash: String,
    name: String,
    size: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Removed {
    file: String,
}

impl Page for Files {
    const TEMPLATE: &'static str = "messages/files.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text("files-title", &Args::new());
        form_title(locale, title, !self.errors.is_empty())
    }
}

/// The files of the newest version.
#[handler]
pub(crate) async fn show_files(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let message = site.services.messages.show(&actor, id(&wanted)?).await?;
    site.page(&visitor, &Files::new(visitor.locale(), &message, &[]))
}

/// Attaches what was chosen.
#[handler]
pub(crate) async fn attach(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    form: poem::Result<Incoming>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let messages = &site.services.messages;
    let message = messages.show(&actor, id).await?;
    let form = form.map_err(|_| PageError::Request(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
    let chosen = read(form).await?;
    let files: Vec<_> = chosen
        .iter()
        .map(|(name, data)| NewFile { name, data })
        .collect();
    let attached = match files.is_empty() {
        true => Err(Error::field("file", code::REQUIRED)),
        false => messages.attach(&actor, id, &files).await,
    };
    match attached {
        Ok(_) => {
            let count = number(files.len() as u64);
            let flash = Flash::done("files-attached").number("n", count);
            Ok(site.done(&address(&message), &flash))
        }
        Err(Error::Invalid(errors)) => {
            let page = Files::new(visitor.locale(), &message, &errors);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            site.page_with(&visitor, &page, Around::Menu, status)
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes a file off; the next page has the way back.
#[handler]
pub(crate) async fn detach(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(removed): Form<Removed>,
) -> Result<Response, PageError> {
    let (id, file) = (id(&wanted)?, hash(&removed.file)?);
    let messages = &site.services.messages;
    let message = messages.show(&actor, id).await?;
    let attachments = &message.current.content.attachments;
    let Some(old) = attachments.iter().find(|one| one.hash == file) else {
        // The same form twice: what it asked for has been done.
        return Ok(site.done(&address(&message), &Flash::done("saved")));
    };
    let version = messages.detach(&actor, id, file).await?;
    let back = format!("{PATH}/{id}/history/{}", message.current.number);
    let seen = version.number.to_string();
    let flash = Flash::done("files-removed")
        .text("name", old.name.as_str())
        .undo(back, &[("seen", seen)]);
    Ok(site.done(&address(&message), &flash))
}

/// A file as it is sent: never shown in the page's own name (S33).
#[handler]
pub(crate) async fn download(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path((wanted, file)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let messages = &site.services.messages;
    let (attachment, data) = messages.file(&actor, id(&wanted)?, hash(&file)?).await?;
    Ok(Download::brought(attachment.name.as_str()).whole(data))
}

impl Files {
    fn new(locale: &Locale, message: &Message, errors: &[FieldError]) -> Self {
        let attachments = &message.current.content.attachments;
        let octets = attachments.iter().map(|file| file.octets).sum();
        let lead = Args::new()
            .number("n", number(attachments.len() as u64))
            .text("size", size(locale, octets))
            .text("max", size(locale, ATTACHED_MAX));
        let url = address(message);
        let limits = Args::new()
            .number("n", number(ATTACHMENTS_MAX as u64))
            .text("max", size(locale, ATTACHED_MAX));
        Self {
            parent: to_editor(message),
            remove: format!("{url}/remove"),
            lead: locale.text("files-lead", &lead),
            hint: locale.text("files-hint", &limits),
            errors: Fault::all(locale, errors),
            file: Field::new(locale, "file", "", errors),
            rows: rows(locale, message),
            is_full: attachments.len() >= ATTACHMENTS_MAX,
            url,
        }
    }
}

/// The files of a message's newest version.
pub(super) fn rows(locale: &Locale, message: &Message) -> Vec<FileRow> {
    let attachments = message.current.content.attachments.iter();
    attachments
        .map(|file| FileRow {
            url: format!("{}/{}", address(message), file.hash),
            hash: file.hash.to_string(),
            name: file.name.to_string(),
            size: size(locale, file.octets),
        })
        .collect()
}

/// Where the files of a message are.
pub(super) fn address(message: &Message) -> String {
    format!("{PATH}/{}/files", message.id)
}

/// The files of a form, each with its name.
async fn read(mut form: Incoming) -> Result<Vec<(String, Vec<u8>)>, PageError> {
    let mut files = Vec::new();
    while let Some(mut part) = form.next().await? {
        let chosen = part.file_name().filter(|name| !name.is_empty());
        if let Some(name) = chosen.map(str::to_owned) {
            files.push((name, part.whole().await?));
        }
    }
    Ok(files)
}

fn hash(text: &str) -> Result<FileHash, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

/// A size in words: kilobytes, from a million bytes on megabytes with one decimal.
pub(in crate::pages) fn size(locale: &Locale, octets: usize) -> String {
    let octets = octets as u64;
    let kilobytes = octets.div_ceil(1 << 10);
    if kilobytes < 1 << 10 {
        let args = Args::new().number("n", number(kilobytes));
        return locale.text("files-kilobytes", &args);
    }
    let tenths = (octets * 10).div_ceil(1 << 20);
    let args = Args::new()
        .number("n", number(tenths / 10))
        .number("tenth", number(tenths % 10));
    locale.text("files-megabytes", &args)
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::message::Attachment;
    use mailing_core::testing::builders::message;

    use crate::pages::samples::HOSTILE;

    let mut with = message().subject("News").build();
    with.current.content.attachments = vec![
        Attachment::of(HOSTILE, b"text").unwrap(),
        Attachment::of("Прайс.pdf", &vec![b'x'; 3_000_000]).unwrap(),
    ];
    let refused = [FieldError::new("file", code::REQUIRED)];
    vec![
        Files::new(locale, &message().build(), &[]),
        Files::new(locale, &with, &refused),
    ]
}
