//! Every command, a file per noun.

mod changing;
pub(crate) mod config;
pub(crate) mod deliveries;
pub(crate) mod doctor;
mod files;
pub(crate) mod forecast;
pub(crate) mod lists;
pub(crate) mod mailings;
pub(crate) mod messages;
pub(crate) mod migrate;
mod paging;
pub(crate) mod posts;
pub(crate) mod rates;
pub(crate) mod recipients;
pub(crate) mod runs;
mod schedule;
pub(crate) mod seed;
pub(crate) mod send;
pub(crate) mod senders;
pub(crate) mod serve;
pub(crate) mod users;

use std::process::ExitCode;

use tokio::runtime::{Builder, Runtime};

use crate::args::{Cli, Command};
use crate::context::Context;
use crate::exit::{Done, Failure};

/// Runs the command and says how it ended.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let context = Context::new(cli.global);
    let done = runtime(&cli.command)
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(dispatch(&context, cli.command)));
    match done {
        Ok(done) => done.into(),
        Err(failure) => {
            context.out.failure(&failure);
            ExitCode::from(failure.code())
        }
    }
}

/// A thread for each core where pages are served; else one thread does all, so that the engine's lanes
/// and its exchange wake each other without going through the system.
fn runtime(command: &Command) -> std::io::Result<Runtime> {
    let mut threads = match command {
        Command::Serve(_) => Builder::new_multi_thread(),
        _ => Builder::new_current_thread(),
    };
    threads.enable_all().build()
}

async fn dispatch(context: &Context, command: Command) -> Result<Done, Failure> {
    match command {
        Command::Serve(args) => serve::run(context, args).await,
        Command::Worker => serve::worker(context).await,
        Command::Send(args) => send::run(context, args).await,
        Command::Forecast(args) => forecast::run(context, &args),
        Command::Seed(command) => seed::run(context, command).await,
        Command::Migrate(args) => migrate::run(context, args).await,
        Command::Doctor(args) => doctor::run(context, args).await,
        Command::Config(command) => config::run(context, command),
        Command::Users(command) => users::run(context, command).await,
        Command::Senders(command) => senders::run(context, command).await,
        Command::Rates(command) => rates::run(context, command).await,
        Command::Recipients(command) => recipients::run(context, command).await,
        Command::Lists(command) => lists::run(context, command).await,
        Command::Messages(command) => messages::run(context, command).await,
        Command::Mailings(command) => mailings::run(context, command).await,
        Command::Posts(command) => posts::run(context, command).await,
        Command::Runs(command) => runs::run(context, command).await,
        Command::Deliveries(command) => deliveries::run(context, command).await,
    }
}
