//! `mailing config`: shows, checks or writes the configuration.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Map, Value};

use mailing_app::config::{FILE_NAME, sample_env, sample_toml, shown};
use mailing_web::i18n::Args as Words;

use super::files::unusable;
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::{Table, print_line};

/// `mailing config …`
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show every setting in force, secrets hidden
    Show,
    /// Say whether the configuration can be used
    Check,
    /// Write a commented mailing.toml
    Init {
        /// Where to write it; - for standard output
        #[arg(default_value = FILE_NAME)]
        file: PathBuf,
        /// Write environment variables (.env) instead
        #[arg(long)]
        env: bool,
    },
}

pub(crate) fn run(context: &Context, command: ConfigCommand) -> Result<Done, Failure> {
    match command {
        ConfigCommand::Show => show(context),
        ConfigCommand::Check => {
            context.config(false)?;
            let checked = serde_json::json!({ "config": "ok" });
            context.out.object(&checked, || {
                context.out.text("cli-config-ok", &Words::new())
            })?;
            Ok(Done::OK)
        }
        ConfigCommand::Init { file, env } => init(
            context,
            &file,
            &if env { sample_env() } else { sample_toml() },
        ),
    }
}

fn show(context: &Context) -> Result<Done, Failure> {
    let config = context.config(false)?;
    let settings = shown(&config);
    let object: Map<String, Value> = settings
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.as_str().into()))
        .collect();
    context.out.object(&object, || {
        let head = ["cli-col-setting", "cli-col-value"];
        let mut table = Table::new(head.map(|key| context.out.text(key, &Words::new())));
        for (key, value) in settings {
            table.row([key.to_owned(), value]);
        }
        table.draw()
    })?;
    Ok(Done::OK)
}

/// An existing file is never overwritten.
fn init(context: &Context, file: &PathBuf, sample: &str) -> Result<Done, Failure> {
    if file.as_os_str() == "-" {
        print_line(sample.trim_end())?;
        return Ok(Done::OK);
    }
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .and_then(|mut made| made.write_all(sample.as_bytes()));
    written.map_err(|error| unusable("file", file, &error))?;
    let words = Words::new().text("path", file.display().to_string());
    context.out.say("cli-config-written", &words);
    Ok(Done::OK)
}
