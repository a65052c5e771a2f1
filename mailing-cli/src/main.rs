//! The `mailing` command.

mod args;
mod commands;
mod context;
mod examples;
mod exit;
mod output;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

fn main() -> ExitCode {
    let given = examples::added_to(args::Cli::command()).get_matches();
    match args::Cli::from_arg_matches(&given) {
        Ok(cli) => commands::run(cli),
        Err(error) => error.exit(),
    }
}
