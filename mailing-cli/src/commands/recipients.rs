//! `mailing recipients`: people that an owner writes to.

mod export;
mod file;
mod import;
mod imports;
mod preview;
mod rejects;
mod suppress;
mod suppressions;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use mailing_core::ports::store::RecipientFilter;
use mailing_core::recipient::{Attributes, RecipientDraft, RecipientState};
use mailing_web::i18n::Args as Words;

use super::changing::ChangeArgs;
use super::paging::{PageArgs, say_more};
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::Table;

/// `mailing recipients …`
#[derive(Debug, Subcommand)]
pub(crate) enum RecipientsCommand {
    /// Add a recipient
    Add(AddArgs),
    /// List the owner's recipients by address
    List(ListArgs),
    /// Add recipients from a CSV file, or take that back
    ///
    /// The same command goes on with an import that was interrupted.
    Import(import::ImportArgs),
    /// List what was imported
    Imports(PageArgs),
    /// Write recipients into a CSV file
    Export(export::ExportArgs),
    /// Send nothing more to an address or a domain
    Suppress(suppress::SuppressArgs),
    /// List addresses and domains that nothing is sent to
    Suppressions(PageArgs),
}

/// Options of `mailing recipients add`.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The address
    email: String,
    /// Full name
    #[arg(long, default_value = "")]
    name: String,
    /// A note
    #[arg(long, default_value = "")]
    comment: String,
    /// Put the recipient into this list
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing recipients list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Part of the address, the name or the comment
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only those in this state: active, unsubscribed, bounced, complained
    #[arg(long, value_parser = ["active", "unsubscribed", "bounced", "complained"])]
    state: Option<String>,
    /// Only members of this list
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

pub(crate) async fn run(context: &Context, command: RecipientsCommand) -> Result<Done, Failure> {
    match command {
        RecipientsCommand::Add(args) => add(context, args).await,
        RecipientsCommand::List(args) => list(context, args).await,
        RecipientsCommand::Import(args) => import::run(context, args).await,
        RecipientsCommand::Imports(args) => imports::run(context, args).await,
        RecipientsCommand::Export(args) => export::run(context, args).await,
        RecipientsCommand::Suppress(args) => suppress::run(context, args).await,
        RecipientsCommand::Suppressions(args) => suppressions::run(context, &args).await,
    }
}

async fn add(context: &Context, args: AddArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let recipients = &args.change.services(&app).recipients;
    let list = match &args.list {
        None => None,
        Some(name) => Some(recipients.list_named(&actor, name).await?.id),
    };
    let draft = RecipientDraft {
        email: args.email,
        full_name: args.name,
        comment: args.comment,
        attributes: Attributes::default(),
    };
    let recipient = recipients.add(&actor, draft, list).await?;
    let email = recipient.address.to_string();
    let object = json!({ "id": recipient.id, "email": email });
    args.change.told(context, object, || {
        let words = Words::new().text("email", email);
        context.out.text("cli-recipient-added", &words)
    })
}

async fn list(context: &Context, args: ListArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let recipients = &app.services.recipients;
    let list = match &args.list {
        None => None,
        Some(name) => Some(recipients.list_named(&actor, name).await?.id),
    };
    let state = args
        .state
        .as_deref()
        .and_then(|name| name.parse::<RecipientState>().ok());
    let filter = RecipientFilter {
        search: args.search,
        state,
        list,
    };
    let page = recipients
        .page(&actor, &filter, &args.page.request())
        .await?;
    let rows: Vec<Value> = page
        .items
        .iter()
        .map(|recipient| {
            json!({
                "id": recipient.id,
                "email": recipient.address.as_str(),
                "full_name": recipient.full_name.as_ref().map(|name| name.as_str()),
                "comment": recipient.comment,
                "attributes": recipient.attributes,
                "state": recipient.state.as_str(),
            })
        })
        .collect();
    context.out.list(&rows, || {
        let head = ["cli-col-email", "cli-col-name", "cli-col-state"];
        let mut table = Table::new(head.map(|key| context.out.text(key, &Words::new())));
        for recipient in &page.items {
            let name = recipient
                .full_name
                .as_ref()
                .map_or("", |name| name.as_str());
            let state = format!("recipient-state-{}", recipient.state.as_str());
            table.row([
                recipient.address.to_string(),
                name.to_owned(),
                context.out.text(&state, &Words::new()),
            ]);
        }
        table
    })?;
    say_more(context, page.next.as_ref());
    Ok(Done::OK)
}
