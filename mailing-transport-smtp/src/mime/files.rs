//! The files of a message: encoded once, the same for everybody.

use lettre::message::header::{ContentDisposition, ContentTransferEncoding, ContentType};
use lettre::message::{Body, SinglePart};

use mailing_core::ports::transport::{AttachedFile, BuildError};

/// Room for the headers of a file's part.
const HEADERS: usize = 512;

/// How many octets files take in a message, about.
pub(super) fn encoded_len(files: &[AttachedFile]) -> usize {
    let lengths = files.iter().map(|file| {
        let encoded = data_encoding::BASE64_MIME.encode_len(file.data.len());
        encoded.saturating_add(HEADERS)
    });
    lengths.fold(0, usize::saturating_add)
}

/// The parts of the files and the end of the structure around them; `None` without files.
///
/// # Errors
/// [`BuildError`] when a type is none.
pub(super) fn encode(
    files: &[AttachedFile],
    boundary: &str,
) -> Result<Option<Vec<u8>>, BuildError> {
    if files.is_empty() {
        return Ok(None);
    }
    let mut parts = Vec::with_capacity(encoded_len(files));
    for file in files {
        parts.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        parts.extend_from_slice(&headers(file)?);
        let start = parts.len();
        let encoded = data_encoding::BASE64_MIME.encode_len(file.data.len());
        parts.resize(start.saturating_add(encoded), 0);
        if let Some(place) = parts.get_mut(start..) {
            data_encoding::BASE64_MIME.encode_mut(&file.data, place);
        }
    }
    parts.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(Some(parts))
}

/// The headers of a part and the empty line after them; the name by RFC 2231.
fn headers(file: &AttachedFile) -> Result<Vec<u8>, BuildError> {
    let kind = ContentType::parse(&file.kind).map_err(|error| BuildError(error.to_string()))?;
    let body = Body::dangerous_pre_encoded(Vec::new(), ContentTransferEncoding::Base64);
    let part = SinglePart::builder()
        .header(kind)
        .header(ContentDisposition::attachment(file.name.as_str()))
        .body(body);
    let mut formatted = part.formatted();
    // An empty body ends with a line end of its own.
    if formatted.ends_with(b"\r\n\r\n\r\n") {
        formatted.truncate(formatted.len().saturating_sub(2));
    }
    Ok(formatted)
}
