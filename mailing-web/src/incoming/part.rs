//! One part of a form with files.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use poem::http::StatusCode;

use super::paced::Feed;
use crate::error::PageError;

/// The longest text of one field, in bytes.
const TEXT_MAX: usize = 64 * 1024;

/// A field or a file, while it is read.
pub(crate) struct Part {
    field: multer::Field<'static>,
    feed: Arc<Feed>,
    files_max: u64,
}

impl Part {
    pub(super) const fn new(
        field: multer::Field<'static>,
        feed: Arc<Feed>,
        files_max: u64,
    ) -> Self {
        Self {
            field,
            feed,
            files_max,
        }
    }

    /// The name of its field; empty when it has none.
    pub(crate) fn name(&self) -> &str {
        self.field.name().unwrap_or_default()
    }

    /// The name of the file as the browser tells it: any characters, any length up to that of a
    /// header. Empty for a file that was not chosen, `None` for a field.
    pub(crate) fn file_name(&self) -> Option<&str> {
        self.field.file_name()
    }

    /// True for the field of this name that is no file.
    pub(crate) fn is_field(&self, name: &str) -> bool {
        self.file_name().is_none() && self.name() == name
    }

    /// The next piece, at most 64 KiB; `None` at the end.
    ///
    /// # Errors
    /// As [`Incoming::next`](super::Incoming::next).
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, PageError> {
        let read = self.field.chunk().await;
        self.feed.has_moved();
        read.map_err(|error| told(&error, self.files_max))
    }

    /// The whole of a file. The form's limit is how much may be in memory.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk).
    pub(crate) async fn whole(&mut self) -> Result<Vec<u8>, PageError> {
        let mut content = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            content.extend_from_slice(&chunk);
        }
        Ok(content)
    }

    /// The whole text of a field.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk); 413 when it has more than 64 KiB, 400 when it is not UTF-8.
    pub(crate) async fn text(&mut self) -> Result<String, PageError> {
        self.text_within(TEXT_MAX).await
    }

    /// The whole text of a field that may have so many bytes.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub(super) async fn text_within(&mut self, max: usize) -> Result<String, PageError> {
        let mut text = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            if text.len() + chunk.len() > max {
                return Err(PageError::Request(StatusCode::PAYLOAD_TOO_LARGE));
            }
            text.extend_from_slice(&chunk);
        }
        String::from_utf8(text).map_err(|_| PageError::Request(StatusCode::BAD_REQUEST))
    }
}

/// What is told of a form that cannot be read on.
pub(super) fn told(error: &multer::Error, files_max: u64) -> PageError {
    match error {
        multer::Error::StreamSizeExceeded { .. } => PageError::TooLarge(files_max),
        multer::Error::StreamReadFailed(cause) => {
            let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
            PageError::Request(match kind {
                Some(io::ErrorKind::TimedOut) => StatusCode::REQUEST_TIMEOUT,
                Some(io::ErrorKind::FileTooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
                _ => StatusCode::BAD_REQUEST,
            })
        }
        _ => PageError::Request(StatusCode::BAD_REQUEST),
    }
}
