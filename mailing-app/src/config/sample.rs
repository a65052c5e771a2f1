//! The sample files, and what `config show` prints: made from the table of settings.

use figment::Figment;
use figment::providers::Serialized;
use figment::value::{Dict, Value};

use super::{Config, SETTINGS};

/// `mailing.example.toml`: every key; those without default are commented out.
#[must_use]
pub fn sample_toml() -> String {
    let mut text = String::from(
        "# Mailing: every setting with its default. Copy to mailing.toml and change what you need.\n\
         # The environment wins over this file: MAILING_SERVER__LISTEN is server.listen.\n",
    );
    let mut section = "";
    for setting in SETTINGS {
        if setting.section() != section {
            section = setting.section();
            text.push_str(&format!("\n[{section}]\n"));
        }
        let mark = if setting.is_default { "" } else { "# " };
        text.push_str(&format!(
            "# {}\n{mark}{} = {}\n",
            setting.meaning,
            setting.name(),
            setting.example
        ));
    }
    text
}

/// `.env.sample`: the same as variables, all commented out.
#[must_use]
pub fn sample_env() -> String {
    let mut text = String::from(
        "# Mailing: every setting as a variable. Copy to .env and uncomment what you need.\n",
    );
    for setting in SETTINGS {
        let value = setting.example.trim_matches('"');
        text.push_str(&format!(
            "\n# {}\n# {}={value}\n",
            setting.meaning,
            setting.variable()
        ));
    }
    text
}

/// The settings in force, one `key = value` a line, secrets hidden.
#[must_use]
pub fn shown(config: &Config) -> Vec<(&'static str, String)> {
    let dict: Dict = Figment::from(Serialized::defaults(config))
        .extract()
        .unwrap_or_default();
    SETTINGS
        .iter()
        .map(|setting| {
            let mut levels = setting.key.split('.');
            let found = levels
                .next()
                .and_then(|first| dict.get(first))
                .and_then(|below| {
                    levels.try_fold(below, |value, level| match value {
                        Value::Dict(_, dict) => dict.get(level),
                        _ => None,
                    })
                });
            (setting.key, found.map_or_else(String::new, text))
        })
        .collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Char(_, c) => c.to_string(),
        Value::Bool(_, b) => b.to_string(),
        Value::Num(_, number) => number
            .to_i128()
            .map(|n| n.to_string())
            .or_else(|| number.to_u128().map(|n| n.to_string()))
            .or_else(|| number.to_f64().map(|n| n.to_string()))
            .unwrap_or_default(),
        Value::Array(_, items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Dict(_, dict) => {
            let pairs = dict
                .iter()
                .map(|(name, value)| format!("{name} = {}", text(value)));
            pairs.collect::<Vec<_>>().join(", ")
        }
        Value::Empty(..) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::load::flatten;
    use crate::config::{SecretUrl, Sources};

    #[test]
    fn the_table_names_every_key_of_the_configuration() {
        let dict: Dict = Figment::from(Serialized::defaults(Config::default()))
            .extract()
            .unwrap();
        let mut keys = Vec::new();
        flatten("", &dict, &mut keys);
        let mut listed: Vec<_> = SETTINGS.iter().map(|s| s.key.to_owned()).collect();
        listed.sort();
        keys.sort();
        assert_eq!(listed, keys);
    }

    #[test]
    fn the_sample_file_is_the_default_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sample.toml");
        std::fs::write(&file, sample_toml()).unwrap();
        let sources = Sources {
            file: Some(file),
            folder: folder.path().into(),
            environment: false,
        };
        let config = Config::load(&sources).unwrap();
        assert_eq!(shown(&config), shown(&Config::default()));
    }

    #[test]
    fn changes_of_other_processes_are_looked_for_every_five_seconds_unless_a_file_says_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let loaded = || {
            let sources = Sources {
                folder: folder.path().into(),
                ..Sources::default()
            };
            Config::load(&sources).unwrap().scheduler
        };
        assert!(loaded().enabled);
        assert_eq!(loaded().poll, Duration::from_secs(5));
        let file = folder.path().join("mailing.toml");
        std::fs::write(file, "[scheduler]\npoll = \"5m\"\n").unwrap();
        assert_eq!(loaded().poll, Duration::from_secs(300));
    }

    #[test]
    fn the_samples_in_the_repository_are_those_of_the_binary() {
        assert_eq!(include_str!("../../../mailing.example.toml"), sample_toml());
        assert_eq!(include_str!("../../../.env.sample"), sample_env());
    }

    #[test]
    fn every_example_is_readable() {
        for setting in SETTINGS.iter().filter(|s| !s.key.ends_with("_file")) {
            let folder = tempfile::tempdir().unwrap();
            let line = format!(
                "[{}]\n{} = {}\n",
                setting.section(),
                setting.name(),
                setting.example
            );
            std::fs::write(folder.path().join("mailing.toml"), line).unwrap();
            let sources = Sources {
                folder: folder.path().into(),
                ..Sources::default()
            };
            Config::load(&sources).unwrap_or_else(|e| panic!("{}: {e}", setting.key));
        }
    }

    #[test]
    fn no_secret_is_shown() {
        let mut config = Config::default();
        config.database.url = SecretUrl::new("postgres://ann:sentinel@db/mail");
        config.mail.url = SecretUrl::new("smtps://ann:sentinel@mx");
        let lines = format!("{:?} {config:?}", shown(&config));
        assert!(!lines.contains("sentinel"), "{lines}");
    }
}
