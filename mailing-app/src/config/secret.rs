//! Values that must not be seen.

use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use mailing_core::code;
use mailing_core::error::Refusal;

/// What stands where a password was.
const HIDDEN: &str = "…";

/// A URL that may hold a password. Printed and serialised without it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SecretUrl(String);

impl SecretUrl {
    /// A URL.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The whole URL, for the adapter alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The scheme, up to the colon.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }

    /// The URL with its password hidden.
    #[must_use]
    pub fn redacted(&self) -> String {
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return self.0.clone();
        };
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        // A password may hold an unescaped slash or "@": then nothing up to the last "@" is shown.
        match rest.rfind('@') {
            Some(at) if at >= end => format!("{scheme}://{HIDDEN}@{}", &rest[at + 1..]),
            Some(at) => {
                let user = authority[..at].split(':').next().unwrap_or_default();
                let hidden = if authority[..at].contains(':') {
                    HIDDEN
                } else {
                    ""
                };
                let colon = if hidden.is_empty() { "" } else { ":" };
                format!(
                    "{scheme}://{user}{colon}{hidden}@{}{path}",
                    &authority[at + 1..]
                )
            }
            None => self.0.clone(),
        }
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

impl Serialize for SecretUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.redacted())
    }
}

/// Reads a secret from a file that only its owner can read (S55).
///
/// # Errors
/// `config.file_unreadable`, or `config.secret_readable` when group or others may read it.
pub fn read_secret_file(path: &Path) -> Result<String, Refusal> {
    let unreadable = |error: io::Error| {
        Refusal::new(code::CONFIG_FILE_UNREADABLE)
            .with("path", path.display().to_string())
            .with("why", error.to_string())
    };
    let mode = fs::metadata(path).map_err(unreadable)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Refusal::new(code::CONFIG_SECRET_READABLE)
            .with("path", path.display().to_string())
            .with("mode", format!("{:04o}", mode & 0o7777)));
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let cases = [
            (
                "postgres://ann:secret@db:5432/mail",
                "postgres://ann:…@db:5432/mail",
            ),
            ("smtp://ann:se/cr@et@mx:25", "smtp://…@mx:25"),
            ("smtp://ann@mx:25", "smtp://ann@mx:25"),
            ("sqlite://mailing.db", "sqlite://mailing.db"),
            ("sqlite:///var/lib/a@b.db", "sqlite://…@b.db"),
            ("memory:", "memory:"),
        ];
        for (url, shown) in cases {
            let url = SecretUrl::new(url);
            assert_eq!(format!("{url:?}"), shown);
            assert_eq!(serde_json::to_string(&url).unwrap(), format!("{shown:?}"));
        }
    }

    #[test]
    fn a_secret_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "secret\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let refusal = read_secret_file(&path).unwrap_err();
        assert_eq!(refusal.code, code::CONFIG_SECRET_READABLE);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(read_secret_file(&path).unwrap(), "secret");
    }
}
