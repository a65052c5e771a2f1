//! What changing commands have in common: the rehearsal, and the question before it counts.

use std::io::{self, BufRead as _, IsTerminal as _};

use clap::Args;
use serde_json::Value;

use mailing_app::App;
use mailing_core::services::Services;
use mailing_web::i18n::Args as Words;

use crate::context::Context;
use crate::exit::{Done, Failure};

/// Options of commands that change something.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct ChangeArgs {
    /// Check everything and say what would happen, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

impl ChangeArgs {
    /// The use cases, carried out or rehearsed.
    pub(crate) const fn services<'a>(&self, app: &'a App) -> &'a Services {
        if self.dry_run {
            &app.rehearsal
        } else {
            &app.services
        }
    }

    /// Asks a person at a terminal; nobody else is ever asked.
    pub(crate) fn confirmed(
        &self,
        context: &Context,
        question: &str,
        words: &Words,
    ) -> Result<bool, Failure> {
        let watched = io::stdin().is_terminal() && io::stderr().is_terminal();
        if self.yes || self.dry_run || context.out.json || context.out.quiet || !watched {
            return Ok(true);
        }
        context.out.say(question, words);
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        Ok(matches!(
            answer.trim().to_lowercase().as_str(),
            "y" | "yes" | "д" | "да"
        ))
    }

    /// Says what came of it; `--json` tells whether it was a rehearsal.
    pub(crate) fn told(
        &self,
        context: &Context,
        mut object: Value,
        human: impl FnOnce() -> String,
    ) -> Result<Done, Failure> {
        if let Some(fields) = object.as_object_mut() {
            fields.insert("dry_run".to_owned(), self.dry_run.into());
        }
        context.out.object(&object, human)?;
        if self.dry_run {
            context.out.say("cli-dry-run", &Words::new());
        }
        Ok(Done::OK)
    }
}
