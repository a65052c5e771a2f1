//! Takes a file as it comes: piece by piece into the store.

use mailing_core::code;
use mailing_core::error::{Error, FieldError, Refusal};
use mailing_core::id::UploadId;
use mailing_core::policy::Actor;
use mailing_core::recipient::import::{FILE_MAX, PIECE, UploadChoices};
use mailing_core::services::wait;
use poem::http::StatusCode;
use poem::{Response, handler};

use super::{address, blocking, source};
use crate::error::PageError;
use crate::incoming::{Incoming, Part};
use crate::site::{Site, TheSite, see_other};
use crate::visitor::{CurrentActor, Visitor};

/// What has come.
struct Received {
    id: UploadId,
    octets: u64,
}

/// Keeps the file, looks at it, and goes on to its columns.
#[handler]
pub(crate) async fn receive(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    form: Incoming,
) -> Result<Response, PageError> {
    let received = match read(&site, &actor, form).await {
        Ok(received) => received,
        Err(PageError::TooLarge(max)) => {
            let max = i64::try_from(max).unwrap_or(i64::MAX);
            let refusal = Refusal::new(code::IMPORT_FILE_TOO_LARGE).with("max", max);
            let errors = [FieldError::new("file", refusal)];
            return source::refused(&site, &visitor, &errors, StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(PageError::Core(Error::Invalid(errors))) => {
            return source::refused(&site, &visitor, &errors, StatusCode::UNPROCESSABLE_ENTITY);
        }
        Err(error) => return Err(error),
    };
    let Received { id, octets } = received;
    let (uploads, looker) = (site.services.uploads.clone(), actor.clone());
    let looked =
        blocking(move || wait(uploads.look(&looker, id, Some(octets), UploadChoices::default())));
    match looked.await {
        Ok(_) => Ok(see_other(&address(id))),
        Err(PageError::Core(Error::Invalid(errors))) => {
            site.services.uploads.discard(&actor, id).await?;
            source::refused(&site, &visitor, &errors, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => Err(error),
    }
}

/// Reads the form: of a file and pasted rows the file is taken.
async fn read(site: &Site, actor: &Actor, mut form: Incoming) -> Result<Received, PageError> {
    let mut received = None;
    let mut has_file = false;
    while let Some(mut part) = form.next().await? {
        let name = match (part.name(), part.file_name()) {
            ("file", Some(name)) => name.to_owned(),
            ("pasted", None) => String::new(),
            _ => return Err(PageError::Request(StatusCode::BAD_REQUEST)),
        };
        has_file |= !name.is_empty();
        if received.is_none() {
            received = keep_whole(site, actor, &mut part, &name).await?;
        } else {
            while part.chunk().await?.is_some() {}
        }
    }
    let empty = if has_file {
        code::IMPORT_EMPTY
    } else {
        code::IMPORT_NO_FILE
    };
    received.ok_or_else(|| Error::field("file", empty).into())
}

/// Keeps a part; of one that breaks off nothing stays.
async fn keep_whole(
    site: &Site,
    actor: &Actor,
    part: &mut Part,
    name: &str,
) -> Result<Option<Received>, PageError> {
    let mut begun = None;
    let kept = keep(site, actor, part, name, &mut begun).await;
    if let (Err(_), Some(id)) = (&kept, begun) {
        // What cannot be dropped now goes with what is unused.
        let _ = site.services.uploads.discard(actor, id).await;
    }
    kept
}

/// Keeps a part in pieces of one size; nothing is made for an empty one.
async fn keep(
    site: &Site,
    actor: &Actor,
    part: &mut Part,
    name: &str,
    id: &mut Option<UploadId>,
) -> Result<Option<Received>, PageError> {
    let uploads = &site.services.uploads;
    let mut octets = 0;
    let mut number = 0;
    let mut piece = Vec::new();
    loop {
        let chunk = part.chunk().await?;
        let is_last = chunk.is_none();
        piece.extend_from_slice(&chunk.unwrap_or_default());
        while piece.len() >= PIECE || is_last && !piece.is_empty() {
            let rest = piece.split_off(piece.len().min(PIECE));
            let upload = match *id {
                Some(id) => id,
                None => uploads.begin(actor, name).await?.id,
            };
            *id = Some(upload);
            uploads.put(actor, upload, number, &piece).await?;
            number += 1;
            octets += piece.len() as u64;
            piece = rest;
        }
        if is_last {
            return Ok(id.map(|id| Received { id, octets }));
        }
        if octets > FILE_MAX {
            return Err(PageError::TooLarge(FILE_MAX));
        }
    }
}
