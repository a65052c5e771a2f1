//! `mailing seed`: roles, demo data, or a load for tests.

use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};

use clap::{Args, Subcommand};
use serde_json::json;

use mailing_app::demo::{self, DemoTransport};
use mailing_core::services::ImportOptions;
use mailing_core::user::Role;
use mailing_web::i18n::Args as Words;

use super::serve::seed_demo;
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::complain;

/// `mailing seed …`
#[derive(Debug, Subcommand)]
pub(crate) enum SeedCommand {
    /// Make the roles; they are part of the program, so this only lists them
    Roles,
    /// Fill an empty database with lively data; mail goes into an outbox only
    Demo,
    /// Give the owner named by --as many recipients
    Load(LoadArgs),
}

/// Options of `mailing seed load`.
#[derive(Debug, Args)]
pub(crate) struct LoadArgs {
    /// How many
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    recipients: u64,
    /// Their domain; no mail server has it
    #[arg(long, default_value = "load.example")]
    domain: String,
    /// Put them into this list
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
}

pub(crate) async fn run(context: &Context, command: SeedCommand) -> Result<Done, Failure> {
    match command {
        SeedCommand::Roles => roles(context),
        SeedCommand::Demo => fill(context).await,
        SeedCommand::Load(args) => load(context, args).await,
    }
}

/// Roles are values of the program: every database has them from its first migration on.
fn roles(context: &Context) -> Result<Done, Failure> {
    let names = Role::ALL.map(Role::as_str);
    context
        .out
        .object(&json!({ "roles": names }), || names.join("\n"))?;
    Ok(Done::OK)
}

async fn fill(context: &Context) -> Result<Done, Failure> {
    let app = context.app().await?;
    let transport = DemoTransport::open(&app.config)?;
    seed_demo(&app.config, &transport).await?;
    context.out.say("cli-seeded", &Words::new());
    for person in demo::users(&app.key) {
        complain(&format!("  {:<18} {}", person.email, person.password));
    }
    Ok(Done::OK)
}

async fn load(context: &Context, args: LoadArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let rows = BufReader::new(LoadRows::new(args.recipients, args.domain));
    let options = ImportOptions {
        list: args.list,
        ..ImportOptions::default()
    };
    let report = app
        .services
        .imports
        .run(&actor, rows, &options, &mut |_| ())
        .await?;
    let added = i64::try_from(report.sums.added).unwrap_or(i64::MAX);
    context
        .out
        .object(&json!({ "added": report.sums.added }), || {
            context
                .out
                .text("cli-loaded", &Words::new().number("count", added))
        })?;
    Ok(Done::OK)
}

/// A CSV file of made-up recipients that exists only while it is read: a million rows need the memory
/// of one.
struct LoadRows {
    domain: String,
    next: u64,
    last: u64,
    line: Cursor<Vec<u8>>,
}

impl LoadRows {
    fn new(count: u64, domain: String) -> Self {
        let header = b"email,full_name\n".to_vec();
        Self {
            domain,
            next: 1,
            last: count,
            line: Cursor::new(header),
        }
    }
}

impl Read for LoadRows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.line.read(buffer)?;
        if read > 0 || self.next > self.last {
            return Ok(read);
        }
        let line = format!("reader{0}@{1},Читатель {0}\n", self.next, self.domain);
        self.next += 1;
        self.line = Cursor::new(line.into_bytes());
        self.line.read(buffer)
    }
}

/// An import reads its file twice: this one begins again and goes nowhere else.
impl Seek for LoadRows {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if to != SeekFrom::Start(0) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        *self = Self::new(self.last, std::mem::take(&mut self.domain));
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_is_a_csv_file_of_its_size() {
        let mut rows = LoadRows::new(2, "load.example".into());
        let (mut first, mut csv) = (String::new(), String::new());
        rows.read_to_string(&mut first).unwrap();
        rows.rewind().unwrap();
        rows.read_to_string(&mut csv).unwrap();
        assert_eq!(first, csv);
        let rows = [
            "email,full_name",
            "reader1@load.example,Читатель 1",
            "reader2@load.example,Читатель 2",
        ];
        assert_eq!(csv.lines().collect::<Vec<_>>(), rows);
    }
}
