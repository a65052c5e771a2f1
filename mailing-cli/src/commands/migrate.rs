//! `mailing migrate`: brings the database up to date, or says where it stands.

use clap::Args;

use mailing_app::{migrate, migration_status};
use mailing_web::i18n::Args as Words;

use crate::context::Context;
use crate::exit::{Done, Failure};

/// Options of `mailing migrate`.
#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// Only say what is applied and what is not
    #[arg(long)]
    status: bool,
}

pub(crate) async fn run(context: &Context, args: MigrateArgs) -> Result<Done, Failure> {
    let config = context.config(false)?;
    if !args.status {
        migrate(&config).await?;
    }
    let status = migration_status(&config).await?;
    context.out.object(&status, || {
        let words = Words::new()
            .number("applied", as_number(status.applied.len()))
            .number("pending", as_number(status.pending.len()));
        let mut text = context.out.text("cli-migrations", &words);
        for name in &status.pending {
            text.push_str(&format!("\n  {name}"));
        }
        text
    })?;
    Ok(Done::OK)
}

fn as_number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
