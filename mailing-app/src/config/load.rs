//! Putting the sources together, and checking what comes out.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Data, Format as _, Toml};
use figment::value::{Dict, Value};

use mailing_core::code;
use mailing_core::error::{FieldError, Refusal};

use super::env::Variables;
use super::{Config, ConfigError, SETTINGS, SecretUrl, read_secret_file};

/// The file that is read when no other is named.
pub const FILE_NAME: &str = "mailing.toml";

/// Where a configuration is read from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// A file named by the operator: it must exist. `None`: [`FILE_NAME`], if it exists.
    pub file: Option<PathBuf>,
    /// The folder in which [`FILE_NAME`] and `.env` are looked for.
    pub folder: PathBuf,
    /// False leaves the process's environment out (for tests and samples).
    pub environment: bool,
}

impl Config {
    /// Reads all sources and checks the result.
    ///
    /// # Errors
    /// Every fault found, each at its key: unknown keys name the nearest known one.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut figment = Figment::new();
        let path = sources
            .file
            .clone()
            .unwrap_or_else(|| sources.folder.join(FILE_NAME));
        if sources.file.is_some() || path.exists() {
            figment = figment.merge(readable(&path)?);
        }
        if let Some(variables) = Variables::of_file(&sources.folder.join(".env"))? {
            figment = figment.merge(variables);
        }
        if sources.environment {
            figment = figment.merge(Variables::of_process());
        }
        refuse_unknown(&figment)?;
        let mut config: Self = figment.extract().map_err(|error| bad_values(&error))?;
        config.read_files()?;
        config.check()?;
        Ok(config)
    }

    /// Takes URLs from the files named for them.
    fn read_files(&mut self) -> Result<(), ConfigError> {
        let pairs = [
            (
                "database.url_file",
                &self.database.url_file,
                &mut self.database.url,
            ),
            ("mail.url_file", &self.mail.url_file, &mut self.mail.url),
        ];
        for (key, file, url) in pairs {
            if let Some(path) = file {
                let secret = read_secret_file(path).map_err(|r| FieldError::new(key, r))?;
                *url = SecretUrl::new(secret);
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<(), ConfigError> {
        let mut faults = Vec::new();
        let mut bad = |key: &'static str, expected: &str| {
            faults.push(FieldError::new(
                key,
                Refusal::new(code::CONFIG_BAD_VALUE).with("expected", expected),
            ));
        };
        if let Some(url) = &self.server.public_url
            && !is_web_address(url)
        {
            bad("server.public_url", "http://HOST, https://HOST");
        }
        if self
            .mail
            .lanes
            .is_some_and(|lanes| !(1..=200).contains(&lanes))
        {
            bad("mail.lanes", "1…200");
        }
        if self.mail.from.is_some() && self.mail.sender().is_none() {
            bad("mail.from", "NAME@DOMAIN");
        }
        if !(1..=100_000).contains(&self.mail.messages_per_connection) {
            bad("mail.messages_per_connection", "1…100000");
        }
        if !(10..=300).contains(&self.mail.reply_timeout.as_secs()) {
            bad("mail.reply_timeout", "10s…5m");
        }
        if !(1..=1_000).contains(&self.delivery.per_domain) {
            bad("delivery.per_domain", "1…1000");
        }
        if !(1..=10_000).contains(&self.delivery.in_flight) {
            bad("delivery.in_flight", "1…10000");
        }
        if !(30..=3_600).contains(&self.delivery.lease.as_secs()) {
            bad("delivery.lease", "30s…1h");
        }
        if self.delivery.ambiguous_retry_after < self.delivery.lease {
            bad("delivery.ambiguous_retry_after", "≥ delivery.lease");
        }
        if !(1..=3_600).contains(&self.scheduler.poll.as_secs()) {
            bad("scheduler.poll", "1s…1h");
        }
        if let Err(ConfigError(rates)) = self.rates() {
            faults.extend(rates);
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(ConfigError(faults))
        }
    }
}

fn readable(path: &Path) -> Result<Data<Toml>, ConfigError> {
    let unreadable = |why: String| {
        let refusal = Refusal::new(code::CONFIG_FILE_UNREADABLE)
            .with("path", path.display().to_string())
            .with("why", why);
        ConfigError::from(FieldError::new("config", refusal))
    };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    Ok(Toml::string(&text))
}

fn refuse_unknown(figment: &Figment) -> Result<(), ConfigError> {
    let dict: Dict = figment.extract().map_err(|error| bad_values(&error))?;
    let mut keys = Vec::new();
    flatten("", &dict, &mut keys);
    let faults: Vec<_> = keys
        .into_iter()
        .filter(|key| !SETTINGS.iter().any(|setting| setting.key == key))
        .map(|key| {
            let nearest = SETTINGS
                .iter()
                .map(|setting| setting.key)
                .max_by(|a, b| {
                    strsim::jaro_winkler(a, &key).total_cmp(&strsim::jaro_winkler(b, &key))
                })
                .unwrap_or_default();
            let refusal = Refusal::new(code::CONFIG_UNKNOWN_KEY).with("nearest", nearest);
            FieldError::new(key, refusal)
        })
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(ConfigError(faults))
    }
}

/// Whether a setting is a table of the operator's own keys.
fn is_table(key: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.key == key)
}

pub(super) fn flatten(parent: &str, dict: &Dict, keys: &mut Vec<String>) {
    for (name, value) in dict {
        let key = if parent.is_empty() {
            name.clone()
        } else {
            format!("{parent}.{name}")
        };
        match value {
            Value::Dict(_, below) if !is_table(&key) => flatten(&key, below, keys),
            _ => keys.push(key),
        }
    }
}

/// The values themselves are left out: they may be secrets.
fn bad_values(error: &figment::Error) -> ConfigError {
    use figment::error::Kind;
    let faults = error.clone().into_iter().map(|fault| {
        let expected = match &fault.kind {
            Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => expected.clone(),
            Kind::UnknownVariant(_, known) => known.join(", "),
            Kind::Message(text) => text.clone(),
            other => other.to_string(),
        };
        let key = fault.path.join(".");
        let key = if key.is_empty() {
            "config".to_owned()
        } else {
            key
        };
        FieldError::new(
            key,
            Refusal::new(code::CONFIG_BAD_VALUE).with("expected", expected),
        )
    });
    ConfigError(faults.collect())
}

fn is_web_address(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with(['/', ':'])
            && !rest.contains(['@', '?', '#', ' ', '<', '>', '"'])
    })
}
