//! `mailing rates`: how fast mail goes, changed while it goes.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use mailing_core::policy::Actor;
use mailing_core::services::SetRate;
use mailing_web::i18n::Args as Words;

use super::changing::ChangeArgs;
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::Table;

/// `mailing rates …`
#[derive(Debug, Subcommand)]
pub(crate) enum RatesCommand {
    /// List the rates that were set here; the configuration's are in `config show`
    List,
    /// Set a rate; it wins over the configuration's, and holds within seconds
    Set(SetArgs),
    /// Take a rate back: what the configuration says holds again
    Clear(ClearArgs),
}

/// Options of `mailing rates set`.
#[derive(Debug, Args)]
pub(crate) struct SetArgs {
    /// server, the address of an owner, or a recipient domain
    target: String,
    /// In words: "100 per minute", "10 per second", "5000 per hour", "20000 per day", "unlimited"
    #[arg(allow_hyphen_values = true)]
    rate: String,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing rates clear`.
#[derive(Debug, Args)]
pub(crate) struct ClearArgs {
    /// server, the address of an owner, or a recipient domain
    target: String,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(crate) async fn run(context: &Context, command: RatesCommand) -> Result<Done, Failure> {
    let app = context.app().await?;
    let (console, out) = (Actor::console(), &context.out);
    match command {
        RatesCommand::List => {
            let set = app.services.rates.list(&console).await?;
            let rows: Vec<_> = set.iter().map(object).collect();
            out.list(&rows, || {
                let head = ["cli-col-target", "cli-col-rate"];
                let mut table = Table::new(head.map(|key| out.text(key, &Words::new())));
                for set in &set {
                    table.row([set.target.clone(), set.limit.to_string()]);
                }
                table
            })?;
            Ok(Done::OK)
        }
        RatesCommand::Set(args) => {
            let rates = &args.change.services(&app).rates;
            let set = rates.set(&console, &args.target, &args.rate).await?;
            let words = Words::new()
                .text("target", set.target.clone())
                .text("rate", set.limit.to_string());
            args.change
                .told(context, object(&set), || out.text("cli-rate-set", &words))
        }
        RatesCommand::Clear(args) => {
            let rates = &args.change.services(&app).rates;
            let target = rates.clear(&console, &args.target).await?;
            let words = Words::new().text("target", target.clone());
            let cleared = json!({ "target": target, "rate": null });
            args.change
                .told(context, cleared, || out.text("cli-rate-cleared", &words))
        }
    }
}

fn object(set: &SetRate) -> Value {
    json!({ "target": set.target, "rate": set.limit })
}
