//! The command line as a tree of types; `docs/cli.md` is made from it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    config, deliveries, doctor, forecast, lists, mailings, messages, migrate, posts, rates,
    recipients, runs, seed, send, senders, serve, users,
};

/// Self-hosted e-mail campaigns: every message accounted for.
#[derive(Debug, Parser)]
#[command(
    name = "mailing",
    version,
    propagate_version = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Configuration file [default: mailing.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "MAILING_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Print one documented JSON object, or JSON lines for lists
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say only what was asked for
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Log more; twice: much more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// No colour
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
    /// Language: en or ru [default: from LANG]
    #[arg(long, global = true, value_name = "LANG", value_parser = ["en", "ru"])]
    pub(crate) lang: Option<String>,
    /// The owner on whose behalf the command acts
    #[arg(long = "as", global = true, value_name = "EMAIL")]
    pub(crate) owner: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the pages and send what is due
    Serve(serve::ServeArgs),
    /// Send what is due, without pages
    Worker,
    /// Send everything that is due now, once, and leave
    Send(send::SendArgs),
    /// Show the occurrences of any schedule, without a database
    Forecast(Box<forecast::ForecastArgs>),
    /// Fill in roles, demo data or a load for tests
    #[command(subcommand)]
    Seed(seed::SeedCommand),
    /// Bring the database up to date
    Migrate(migrate::MigrateArgs),
    /// Check that all is well
    Doctor(doctor::DoctorArgs),
    /// Show, check or write the configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// People with an account
    #[command(subcommand)]
    Users(users::UsersCommand),
    /// Addresses that mail is sent from
    #[command(subcommand)]
    Senders(senders::SendersCommand),
    /// How fast mail goes: to the server, of owners, to domains
    #[command(subcommand)]
    Rates(rates::RatesCommand),
    /// People that an owner writes to
    #[command(subcommand)]
    Recipients(recipients::RecipientsCommand),
    /// Named groups of recipients
    #[command(subcommand)]
    Lists(lists::ListsCommand),
    /// What is sent
    #[command(subcommand)]
    Messages(messages::MessagesCommand),
    /// Messages planned for an audience
    #[command(subcommand)]
    Mailings(mailings::MailingsCommand),
    /// Articles of the blog
    #[command(subcommand)]
    Posts(posts::PostsCommand),
    /// Occurrences of mailings
    #[command(subcommand)]
    Runs(runs::RunsCommand),
    /// Messages to single recipients
    #[command(subcommand)]
    Deliveries(deliveries::DeliveriesCommand),
}
