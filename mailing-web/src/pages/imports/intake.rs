//! Takes a file as it comes: piece by piece into the store.

use bytes::Bytes;
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

/// The most pasted rows that a page shows again, in octets.
const SHOWN_AGAIN_MAX: usize = 1024 * 1024;

/// What has come.
struct Received {
    id: UploadId,
    octets: u64,
}

/// A form that is being taken.
struct Intake<'a> {
    site: &'a Site,
    actor: &'a Actor,
    /// Pasted rows, to be shown again with what is wrong; `None` when they are too many for a page.
    pasted: Option<Vec<u8>>,
    /// True when they are what has come: of a file and pasted rows the file is taken.
    is_pasted: bool,
}

/// Keeps the file, looks at it, and goes on to its columns.
#[handler]
pub(crate) async fn receive(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    form: Incoming,
) -> Result<Response, PageError> {
    let mut intake = Intake {
        site: &site,
        actor: &actor,
        pasted: Some(Vec::new()),
        is_pasted: false,
    };
    let Received { id, octets } = match intake.read(form).await {
        Ok(received) => received,
        Err(PageError::TooLarge(max)) => {
            let max = i64::try_from(max).unwrap_or(i64::MAX);
            let refusal = Refusal::new(code::IMPORT_FILE_TOO_LARGE).with("max", max);
            let errors = vec![FieldError::new("file", refusal)];
            return intake.refused(&visitor, errors, StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(PageError::Core(Error::Invalid(errors))) => {
            return intake.refused(&visitor, errors, StatusCode::UNPROCESSABLE_ENTITY);
        }
        Err(error) => return Err(error),
    };
    let (uploads, looker) = (site.services.uploads.clone(), actor.clone());
    let looked =
        blocking(move || wait(uploads.look(&looker, id, Some(octets), UploadChoices::default())));
    match looked.await {
        Ok(_) => Ok(see_other(&address(id))),
        Err(PageError::Core(Error::Invalid(errors))) => {
            site.services.uploads.discard(&actor, id).await?;
            intake.refused(&visitor, errors, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => Err(error),
    }
}

impl Intake<'_> {
    /// Reads the form.
    async fn read(&mut self, mut form: Incoming) -> Result<Received, PageError> {
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
                let kept = self.keep_whole(&mut part, &name).await;
                self.is_pasted = part.file_name().is_none() && !matches!(kept, Ok(None));
                received = kept?;
            } else {
                while self.chunk(&mut part).await?.is_some() {}
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
        &mut self,
        part: &mut Part,
        name: &str,
    ) -> Result<Option<Received>, PageError> {
        let mut begun = None;
        let kept = self.keep(part, name, &mut begun).await;
        if let (Err(_), Some(id)) = (&kept, begun) {
            // What cannot be dropped now goes with what is unused.
            let _ = self.site.services.uploads.discard(self.actor, id).await;
        }
        kept
    }

    /// Keeps a part in pieces of one size; nothing is made for an empty one.
    async fn keep(
        &mut self,
        part: &mut Part,
        name: &str,
        id: &mut Option<UploadId>,
    ) -> Result<Option<Received>, PageError> {
        let uploads = &self.site.services.uploads;
        let mut octets = 0;
        let mut number = 0;
        let mut piece = Vec::new();
        loop {
            let chunk = self.chunk(part).await?;
            let is_last = chunk.is_none();
            piece.extend_from_slice(&chunk.unwrap_or_default());
            while piece.len() >= PIECE || is_last && !piece.is_empty() {
                let rest = piece.split_off(piece.len().min(PIECE));
                let upload = match *id {
                    Some(id) => id,
                    None => uploads.begin(self.actor, name).await?.id,
                };
                *id = Some(upload);
                uploads.put(self.actor, upload, number, &piece).await?;
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

    /// The next piece of a part. Pasted rows are remembered as long as a page may show them.
    async fn chunk(&mut self, part: &mut Part) -> Result<Option<Bytes>, PageError> {
        let chunk = part.chunk().await?;
        if part.file_name().is_none()
            && let (Some(chunk), Some(pasted)) = (&chunk, &mut self.pasted)
        {
            pasted.extend_from_slice(chunk);
            if pasted.len() > SHOWN_AGAIN_MAX {
                self.pasted = None;
            }
        }
        Ok(chunk)
    }

    /// The form again. What is wrong with pasted rows is said where they are.
    fn refused(
        &self,
        visitor: &Visitor,
        mut errors: Vec<FieldError>,
        status: StatusCode,
    ) -> Result<Response, PageError> {
        if self.is_pasted {
            for error in errors.iter_mut().filter(|error| error.field == "file") {
                error.field = "pasted".into();
                if error.refusal.code == code::IMPORT_EMPTY {
                    error.refusal = code::IMPORT_NO_FILE.into();
                }
            }
        }
        let pasted = String::from_utf8_lossy(self.pasted.as_deref().unwrap_or_default());
        source::refused(self.site, visitor, (&errors, &pasted), status)
    }
}
