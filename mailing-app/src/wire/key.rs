//! The instance key: read from its file, or made beside the SQLite file.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use mailing_core::code;
use mailing_core::error::Refusal;
use mailing_core::instance_key::InstanceKey;
use mailing_core::ports::Entropy;

use super::{AppError, folder_of, store};
use crate::Config;
use crate::config::read_secret_file;

const KEY: &str = "secret.key_file";
const FILE_NAME: &str = "mailing.key";

/// The key of this installation. Beside a SQLite file it is made when absent (mode 0600); with
/// PostgreSQL every process needs the same, so it must be given.
pub(super) fn instance_key(
    config: &Config,
    entropy: &dyn Entropy,
) -> Result<InstanceKey, AppError> {
    let path = match (
        &config.secret.key_file,
        store::sqlite_file(&config.database.url),
    ) {
        (Some(path), _) => path.clone(),
        (None, Some(file)) => folder_of(&file).join(FILE_NAME),
        (None, None) => return Err(AppError::at(KEY, Refusal::new(code::REQUIRED))),
    };
    if config.secret.key_file.is_none() && !path.exists() {
        make(&path, entropy)?;
    }
    let text = read_secret_file(&path).map_err(|refusal| AppError::at(KEY, refusal))?;
    parse(text.trim()).map(InstanceKey::new).ok_or_else(|| {
        let refusal = Refusal::new(code::CONFIG_BAD_VALUE)
            .with("expected", "64 × 0-9 a-f")
            .with("path", path.display().to_string());
        AppError::at(KEY, refusal)
    })
}

fn make(path: &PathBuf, entropy: &dyn Entropy) -> Result<(), AppError> {
    let mut octets = [0u8; InstanceKey::LENGTH];
    entropy.fill(&mut octets);
    let text: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| writeln!(file, "{text}").and_then(|()| file.sync_all()));
    match written {
        // Another process made it in the same moment: that one holds.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map_err(|error| unwritable(path, &error)),
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> AppError {
    let refusal = Refusal::new(code::CONFIG_FILE_UNREADABLE)
        .with("path", path.display().to_string())
        .with("why", error.to_string());
    AppError::at(KEY, refusal)
}

fn parse(text: &str) -> Option<[u8; InstanceKey::LENGTH]> {
    let mut octets = [0u8; InstanceKey::LENGTH];
    if text.len() != octets.len() * 2 || !text.is_ascii() {
        return None;
    }
    for (octet, digits) in octets.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(digits).ok()?;
        *octet = u8::from_str_radix(digits, 16).ok()?;
    }
    (octets != [0; InstanceKey::LENGTH]).then_some(octets)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use mailing_core::instance_key::Purpose;

    use super::*;
    use crate::config::SecretUrl;
    use crate::system::SystemEntropy;

    fn beside(folder: &Path) -> Config {
        let mut config = Config::default();
        let file = folder.join("mailing.db");
        config.database.url = SecretUrl::new(format!("sqlite://{}", file.display()));
        config
    }

    #[test]
    fn a_key_is_made_once_beside_the_file_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let config = beside(folder.path());
        let of = || {
            instance_key(&config, &SystemEntropy)
                .unwrap()
                .derive(Purpose::Csrf, 1)
        };
        assert_eq!(of(), of());
        let mode = std::fs::metadata(folder.path().join(FILE_NAME))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn with_postgresql_the_key_must_be_given() {
        let mut config = Config::default();
        config.database.url = SecretUrl::new("postgres://db/mailing");
        assert!(matches!(
            instance_key(&config, &SystemEntropy),
            Err(AppError::Config(_))
        ));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "00", &"0".repeat(64), &"g".repeat(64), &"ж".repeat(32)] {
            assert!(parse(text).is_none(), "{text}");
        }
        assert!(parse(&"ab".repeat(32)).is_some());
    }
}
