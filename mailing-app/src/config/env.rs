//! `MAILING_*` variables, of the process and of a `.env` file, as configuration.

use std::path::Path;

use figment::value::{Dict, Map, Value};
use figment::{Error, Metadata, Profile, Provider};

use mailing_core::code;
use mailing_core::error::{FieldError, Refusal};

const PREFIX: &str = "MAILING_";
/// Variables of the command line and of tests that are no settings.
const NOT_SETTINGS: [&str; 2] = ["MAILING_CONFIG", "MAILING_TEST_"];

/// Variables whose names begin with `MAILING_`; `__` stands between levels.
pub(super) struct Variables {
    name: &'static str,
    pairs: Vec<(String, String)>,
}

impl Variables {
    /// The process's own environment.
    pub(super) fn of_process() -> Self {
        let pairs = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self::of("environment", pairs)
    }

    /// A `.env` file; none when it does not exist.
    pub(super) fn of_file(path: &Path) -> Result<Option<Self>, FieldError> {
        if !path.exists() {
            return Ok(None);
        }
        let unreadable = |error: dotenvy::Error| {
            let refusal = Refusal::new(code::CONFIG_FILE_UNREADABLE)
                .with("path", path.display().to_string())
                .with("why", error.to_string());
            FieldError::new(".env", refusal)
        };
        let pairs: Result<Vec<_>, _> = dotenvy::from_path_iter(path).map_err(unreadable)?.collect();
        Ok(Some(Self::of(".env", pairs.map_err(unreadable)?)))
    }

    fn of(name: &'static str, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let ours = |name: &str| {
            name.starts_with(PREFIX) && !NOT_SETTINGS.iter().any(|other| name.starts_with(other))
        };
        Self {
            name,
            pairs: pairs.into_iter().filter(|(name, _)| ours(name)).collect(),
        }
    }
}

impl Provider for Variables {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let mut dict = Dict::new();
        for (name, value) in &self.pairs {
            let path = name[PREFIX.len()..].to_lowercase();
            let levels: Vec<&str> = path.split("__").collect();
            insert(&mut dict, &levels, parse(value));
        }
        Ok(Profile::Default.collect(dict))
    }
}

/// A value as TOML would read it; what is no TOML is a text.
fn parse(text: &str) -> Value {
    text.parse::<Value>().unwrap_or_else(|never| match never {})
}

fn insert(dict: &mut Dict, levels: &[&str], value: Value) {
    match levels {
        [] => {}
        [last] => {
            dict.insert((*last).to_owned(), value);
        }
        [first, rest @ ..] => {
            let below = dict
                .entry((*first).to_owned())
                .or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, below) = below {
                insert(below, rest, value);
            }
        }
    }
}
