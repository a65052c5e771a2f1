//! Forms with files (`multipart/form-data`, RFC 7578), read part by part as they arrive.
//!
//! A route takes them only when its row in [`ROUTES`](crate::ROUTES) says so, and how much. The form's
//! token must be its first field: a form without one is refused before its files are read. What is in
//! memory at a time is one piece of one part, however large the whole is.

mod paced;
mod part;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use mailing_core::ports::Clock;
use multer::{Constraints, Multipart, SizeLimit};
use poem::http::{StatusCode, header};
use poem::{FromRequest, Request, RequestBody};

use crate::error::PageError;

pub(crate) use paced::Alive;
use paced::{Feed, paced};
pub(crate) use part::Part;

/// The most parts that a form with files may have, its token not counted.
const PARTS_MAX: usize = 100;
/// What a form needs beside its files: fields, headers of parts, boundaries. In bytes.
const AROUND_MAX: u64 = 1024 * 1024;
/// The longest boundary (RFC 2046), in characters.
const BOUNDARY_MAX: usize = 70;

/// A form with files whose token was right. Handlers take it as an argument.
pub(crate) struct Incoming {
    parts: Multipart<'static>,
    feed: Arc<Feed>,
    files_max: u64,
    left: usize,
}

impl Incoming {
    /// Begins to read the body of `req`, whose files may have `files_max` bytes together.
    ///
    /// # Errors
    /// 413 when it tells that it is larger; 415 when it is no form with files.
    pub(crate) fn open(
        req: &mut Request,
        files_max: u64,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, PageError> {
        let boundary = boundary(req).ok_or_else(unsupported)?;
        let max = files_max.saturating_add(AROUND_MAX);
        let told = req
            .header(header::CONTENT_LENGTH)
            .and_then(|n| n.parse::<u64>().ok());
        if told.is_some_and(|length| length > max) {
            return Err(PageError::TooLarge(files_max));
        }
        let alive = req.data::<Alive>().cloned().unwrap_or_default();
        let feed = Arc::new(Feed::new(alive));
        let body = paced(req.take_body(), Arc::clone(clock), Arc::clone(&feed));
        let limit = Constraints::new().size_limit(SizeLimit::new().whole_stream(max));
        Ok(Self {
            parts: Multipart::with_constraints(body, boundary, limit),
            feed,
            files_max,
            left: PARTS_MAX,
        })
    }

    /// Reads the first part, which must be the field `name`, and shows its text to `is_right`.
    ///
    /// # Errors
    /// [`PageError::ForeignForm`] when it is another part, or not right.
    pub(crate) async fn check_first(
        &mut self,
        name: &str,
        is_right: impl FnOnce(&str) -> bool,
    ) -> Result<(), PageError> {
        let text = match self.part().await? {
            Some(mut part) if part.is_field(name) => part.text().await?,
            _ => return Err(PageError::ForeignForm),
        };
        if is_right(&text) {
            Ok(())
        } else {
            Err(PageError::ForeignForm)
        }
    }

    /// The next part; `None` after the last. The one before it has been read to its end: what is left
    /// of it counts as what has to be kept.
    ///
    /// # Errors
    /// 400 when the form is broken or breaks off, 408 when it comes too slowly, 413 when it is too
    /// large or has too many parts.
    pub(crate) async fn next(&mut self) -> Result<Option<Part>, PageError> {
        let Some(part) = self.part().await? else {
            return Ok(None);
        };
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(PageError::Request(StatusCode::PAYLOAD_TOO_LARGE))?;
        Ok(Some(part))
    }

    /// The fields of a form in which no file was chosen, when they have `max` bytes together at most.
    /// `None` when there is a file, which is not read, or the form cannot be read.
    pub(crate) async fn only_fields(mut self, max: usize) -> Option<Vec<(String, String)>> {
        let mut fields = Vec::new();
        let mut left = max;
        while let Some(mut part) = self.next().await.ok()? {
            if part.file_name().is_some() {
                if part
                    .chunk()
                    .await
                    .ok()?
                    .is_some_and(|chunk| !chunk.is_empty())
                {
                    return None;
                }
                continue;
            }
            let name = part.name().to_owned();
            let text = part.text_within(left).await.ok()?;
            left -= text.len();
            fields.push((name, text));
        }
        Some(fields)
    }

    async fn part(&mut self) -> Result<Option<Part>, PageError> {
        let feed = Arc::clone(&self.feed);
        let read = self.parts.next_field().await;
        feed.has_moved();
        let field = read.map_err(|error| part::told(&error, self.files_max))?;
        Ok(field.map(|field| Part::new(field, feed, self.files_max)))
    }

    /// Leaves the form for the handler to take.
    pub(crate) fn put_into(self, req: &mut Request) {
        req.set_data(Slot(Arc::new(Mutex::new(Some(self)))));
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Incoming(…)")
    }
}

/// Where the form waits for its handler.
#[derive(Clone)]
struct Slot(Arc<Mutex<Option<Incoming>>>);

impl<'a> FromRequest<'a> for Incoming {
    async fn from_request(req: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let taken = req.data::<Slot>().and_then(|slot| {
            let mut form = slot.0.lock().unwrap_or_else(PoisonError::into_inner);
            form.take()
        });
        // A form without files came to a page that wants one.
        Ok(taken.ok_or_else(unsupported)?)
    }
}

/// True when the body is a form with files.
pub(crate) fn is_multipart(req: &Request) -> bool {
    boundary(req).is_some()
}

/// The fields of a small form whose body was read; `None` when it is no form with files. What has a file
/// is no form of fields.
///
/// # Errors
/// 400 when it is broken, 413 when it has too many parts.
pub(crate) async fn fields(
    req: &Request,
    body: Bytes,
) -> Result<Option<Vec<(String, String)>>, PageError> {
    let Some(boundary) = boundary(req) else {
        return Ok(None);
    };
    let broken = |_| PageError::Request(StatusCode::BAD_REQUEST);
    let body = futures::stream::once(async { Ok::<_, std::io::Error>(body) });
    let mut parts = Multipart::new(body, boundary);
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        if fields.len() == PARTS_MAX {
            return Err(PageError::Request(StatusCode::PAYLOAD_TOO_LARGE));
        }
        let name = part.name().unwrap_or_default().to_owned();
        fields.push((name, part.text().await.map_err(broken)?));
    }
    Ok(Some(fields))
}

fn boundary(req: &Request) -> Option<String> {
    let boundary = multer::parse_boundary(req.content_type()?).ok()?;
    let is_one = (1..=BOUNDARY_MAX).contains(&boundary.len());
    is_one.then_some(boundary)
}

const fn unsupported() -> PageError {
    PageError::Request(StatusCode::UNSUPPORTED_MEDIA_TYPE)
}

#[cfg(test)]
mod tests;
