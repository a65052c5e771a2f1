//! `mailing senders`: addresses that mail is sent from.

use clap::{Args, Subcommand};
use serde_json::json;

use mailing_app::App;
use mailing_core::error::Error;
use mailing_core::policy::Actor;
use mailing_core::recipient::EmailAddress;
use mailing_core::sender::Sender;
use mailing_web::i18n::Args as Words;

use super::changing::ChangeArgs;
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::Table;

/// `mailing senders …`
#[derive(Debug, Subcommand)]
pub(crate) enum SendersCommand {
    /// Add an address for the owner named by --as
    Add(AddArgs),
    /// List the owner's senders
    List,
    /// Send the letter with the link again that proves an address
    Resend {
        /// The address
        address: String,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Remove an address that no mailing uses
    Remove(RemoveArgs),
    /// Say that an address is known to be the owner's
    Verify {
        /// The address
        address: String,
        #[command(flatten)]
        change: ChangeArgs,
    },
}

/// Options of `mailing senders add`.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The address
    address: String,
    /// Name shown to recipients
    #[arg(long, default_value = "")]
    name: String,
    /// The operator knows that the address is the owner's
    #[arg(long)]
    verified: bool,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing senders remove`.
#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// The address
    address: String,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(crate) async fn run(context: &Context, command: SendersCommand) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    match command {
        SendersCommand::Add(args) => {
            let senders = &args.change.services(&app).senders;
            let sender = senders
                .add(&actor, &args.address, &args.name, args.verified)
                .await?;
            let address = sender.mailbox.address.to_string();
            let verified = sender.verified_at.is_some();
            let object = json!({ "id": sender.id, "address": address, "verified": verified });
            let key = if verified {
                "cli-sender-added"
            } else {
                "cli-sender-unverified"
            };
            return args.change.told(context, object, || {
                context
                    .out
                    .text(key, &Words::new().text("address", address))
            });
        }
        SendersCommand::Verify { address, change } => {
            let senders = &change.services(&app).senders;
            let sender = senders.verify(&actor, &address).await?;
            let address = sender.mailbox.address.to_string();
            let object = json!({ "id": sender.id, "address": address, "verified": true });
            return change.told(context, object, || {
                let words = Words::new().text("address", address);
                context.out.text("cli-sender-added", &words)
            });
        }
        SendersCommand::Resend { address, change } => {
            let sender = named(&app, &actor, &address).await?;
            let senders = &change.services(&app).senders;
            senders.resend(&actor, sender.id).await?;
            let address = sender.mailbox.address.to_string();
            let object = json!({ "id": sender.id, "address": address, "verified": false });
            return change.told(context, object, || {
                let words = Words::new().text("address", address);
                context.out.text("cli-sender-resent", &words)
            });
        }
        SendersCommand::Remove(args) => return remove(context, &app, &actor, &args).await,
        SendersCommand::List => {
            let senders = app.services.senders.list(&actor).await?;
            let rows: Vec<_> = senders
                .iter()
                .map(|sender| {
                    json!({
                        "id": sender.id,
                        "address": sender.mailbox.address.as_str(),
                        "name": sender.mailbox.name.as_ref().map(|name| name.as_str()),
                        "verified_at": sender.verified_at,
                    })
                })
                .collect();
            context.out.list(&rows, || {
                let head = ["cli-col-email", "cli-col-name", "cli-col-verified"];
                let mut table = Table::new(head.map(|key| context.out.text(key, &Words::new())));
                for sender in &senders {
                    let name = sender
                        .mailbox
                        .name
                        .as_ref()
                        .map_or("", |name| name.as_str());
                    let verified = sender
                        .verified_at
                        .map_or("–".to_owned(), |at| at.to_rfc3339());
                    table.row([
                        sender.mailbox.address.to_string(),
                        name.to_owned(),
                        verified,
                    ]);
                }
                table
            })?;
        }
    }
    Ok(Done::OK)
}

async fn remove(
    context: &Context,
    app: &App,
    actor: &Actor,
    args: &RemoveArgs,
) -> Result<Done, Failure> {
    let sender = named(app, actor, &args.address).await?;
    let senders = &args.change.services(app).senders;
    senders.remove(actor, sender.id).await?;
    let address = sender.mailbox.address.to_string();
    let object = json!({ "id": sender.id, "address": address, "removed": true });
    args.change.told(context, object, || {
        let words = Words::new().text("address", address);
        context.out.text("cli-sender-removed", &words)
    })
}

/// The owner's sender with this address.
async fn named(app: &App, actor: &Actor, address: &str) -> Result<Sender, Failure> {
    let wanted = EmailAddress::parse(address).map_err(|_| Error::NotFound)?;
    let senders = app.services.senders.list(actor).await?;
    let mut senders = senders.into_iter();
    let found = senders.find(|sender| sender.mailbox.address == wanted);
    Ok(found.ok_or(Error::NotFound)?)
}
