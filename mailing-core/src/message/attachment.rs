//! Files that go with a message (C5, S33).
//!
//! A file is stored by the hash of its content, once for each owner; a version of a message names its
//! files. The type is told by content and ending, and what a mail program would run is refused.

mod kind;
mod name;

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::code;
use crate::error::Refusal;

pub use name::FileName;

/// Most files of a message.
pub const ATTACHMENTS_MAX: usize = 10;
/// Most octets that the files of a message have together. In a mail they take a third more, so that
/// the message stays below what servers usually take (20 MiB).
pub const ATTACHED_MAX: usize = 10 << 20;

/// SHA-256 of a file's content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct FileHash([u8; 32]);

/// A file of a message, without its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Of its content.
    pub hash: FileHash,
    /// Its name, as recipients see it.
    pub name: FileName,
    /// Its media type (RFC 2046).
    pub kind: String,
    /// Its length.
    pub octets: usize,
}

impl FileHash {
    /// The hash of a content.
    #[must_use]
    pub fn of(data: &[u8]) -> Self {
        Self(Sha256::digest(data).into())
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileHash({self})")
    }
}

impl From<FileHash> for String {
    fn from(hash: FileHash) -> Self {
        hash.to_string()
    }
}

/// A text is no hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 in lower-case hexadecimal")]
pub struct NoHash;

impl FromStr for FileHash {
    type Err = NoHash;

    fn from_str(text: &str) -> Result<Self, NoHash> {
        let octets = HEXLOWER.decode(text.as_bytes()).map_err(|_| NoHash)?;
        octets.try_into().map(Self).map_err(|_| NoHash)
    }
}

impl TryFrom<String> for FileHash {
    type Error = NoHash;

    fn try_from(text: String) -> Result<Self, NoHash> {
        text.parse()
    }
}

impl Attachment {
    /// Looks at a file that somebody wants to attach. Of the name only what is harmless stays.
    ///
    /// # Errors
    /// `attachment.empty`, `attachment.too_large`, `attachment.type`.
    pub fn of(name: &str, data: &[u8]) -> Result<Self, Refusal> {
        let name = FileName::clean(name);
        if data.is_empty() {
            return Err(Refusal::new(code::ATTACHMENT_EMPTY).with("name", name.as_str()));
        }
        if data.len() > ATTACHED_MAX {
            return Err(too_large(data.len()));
        }
        let kind = kind::of(&name.ending(), data)
            .ok_or_else(|| Refusal::new(code::ATTACHMENT_TYPE).with("name", name.as_str()))?;
        Ok(Self {
            hash: FileHash::of(data),
            kind: kind.to_owned(),
            octets: data.len(),
            name,
        })
    }

    /// Looks whether a message can have these files.
    ///
    /// # Errors
    /// `attachment.too_many`, `attachment.too_large`.
    pub fn check_all(files: &[Self]) -> Result<(), Refusal> {
        if files.len() > ATTACHMENTS_MAX {
            return Err(Refusal::new(code::ATTACHMENT_TOO_MANY).with("max", ATTACHMENTS_MAX));
        }
        match files.iter().map(|file| file.octets).sum() {
            octets if octets > ATTACHED_MAX => Err(too_large(octets)),
            _ => Ok(()),
        }
    }
}

fn too_large(octets: usize) -> Refusal {
    Refusal::new(code::ATTACHMENT_TOO_LARGE)
        .with("max", ATTACHED_MAX)
        .with("length", octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, data: &[u8]) -> &'static str {
        Attachment::of(name, data).unwrap_err().code.as_str()
    }

    #[test]
    fn a_file_is_told_by_its_content_and_its_ending() {
        let pdf = Attachment::of("C:\\Users\\eve\\Прайс.PDF", b"%PDF-1.7 ...").unwrap();
        assert_eq!(pdf.name.as_str(), "Прайс.PDF");
        assert_eq!(pdf.kind, "application/pdf");
        assert_eq!(pdf.octets, 12);
        let other = Attachment::of("b.pdf", b"no pdf").unwrap();
        assert_eq!(other.kind, "application/octet-stream");
        let text = Attachment::of("a.csv", "имя\n".as_bytes()).unwrap();
        assert_eq!(text.kind, "text/csv; charset=utf-8");
        assert_eq!(
            Attachment::of("a.csv", b"\xff\n").unwrap().kind,
            "application/octet-stream"
        );
    }

    #[test]
    fn what_could_be_run_is_refused_whatever_it_is_called() {
        for name in [
            "a.exe",
            "a.pdf.exe",
            "A.JS",
            "x.svg",
            "x.html",
            "run.bat",
            "a.exe. ",
            "x.\u{202e}fdp.exe",
        ] {
            assert_eq!(refused(name, b"data"), "attachment.type", "{name:?}");
        }
        for data in [
            &b"MZ\x90\0"[..],
            b"\x7fELF\x02",
            b"#!/bin/sh\n",
            b"<!DOCTYPE html><p>",
            b"  <svg xmlns=",
            b"\xef\xbb\xbf<html>",
        ] {
            assert_eq!(refused("a.pdf", data), "attachment.type", "{data:?}");
        }
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(refused("a.pdf", b""), "attachment.empty");
        let large = vec![b'x'; ATTACHED_MAX + 1];
        assert_eq!(refused("a.txt", &large), "attachment.too_large");
        let half = Attachment::of("a.txt", &large[..ATTACHED_MAX / 2]).unwrap();
        Attachment::check_all(&[half.clone(), half.clone()]).unwrap();
        let small = Attachment::of("b.txt", b"b").unwrap();
        let more = [half.clone(), half, small.clone()];
        let refusal = Attachment::check_all(&more).unwrap_err();
        assert_eq!(refusal.code, code::ATTACHMENT_TOO_LARGE);
        let refusal = Attachment::check_all(&vec![small; 11]).unwrap_err();
        assert_eq!(refusal.code, code::ATTACHMENT_TOO_MANY);
    }

    #[test]
    fn a_hash_is_read_back() {
        let hash = FileHash::of(b"x");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for text in ["", "../../etc/passwd", &"A".repeat(64), &"0".repeat(63)] {
            assert_eq!(text.parse::<FileHash>(), Err(NoHash));
        }
    }
}
