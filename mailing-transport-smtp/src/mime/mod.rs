//! Making messages (RFC 5322): prepared once a run, filled for each recipient.
//!
//! The form is that of a mailing: `multipart/alternative`, the text part first; headers in pure
//! ASCII; bodies in quoted-printable or base64, so that no extension of the server is needed.

mod build;
mod files;
mod headers;
mod part;
mod prepare;
mod quoted;

pub use build::Prepared;
pub use prepare::prepare;
