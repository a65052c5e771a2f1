//! `mailing lists`: named groups of recipients.

use clap::{Args, Subcommand};
use serde_json::json;

use mailing_app::App;
use mailing_core::policy::Actor;
use mailing_core::recipient::List;
use mailing_core::services::Picked;
use mailing_web::i18n::Args as Words;

use super::changing::ChangeArgs;
use crate::context::Context;
use crate::exit::{Done, Failure, USAGE};
use crate::output::Table;

/// `mailing lists …`
#[derive(Debug, Subcommand)]
pub(crate) enum ListsCommand {
    /// List the owner's lists
    List,
    /// Make an empty list
    Create {
        /// Its name
        name: String,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Give a list another name
    Rename {
        /// Its name
        name: String,
        /// The new one
        new: String,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Put recipients into a list
    Add(MembersArgs),
    /// Take recipients out of a list; they stay recipients
    Remove(MembersArgs),
    /// Delete a list; its members stay recipients
    Delete(DeleteArgs),
}

/// Options of `mailing lists add` and `remove`.
#[derive(Debug, Args)]
pub(crate) struct MembersArgs {
    /// Name of the list
    name: String,
    /// Addresses of recipients
    #[arg(required = true, value_name = "EMAIL")]
    emails: Vec<String>,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing lists delete`.
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// Its name
    name: String,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(crate) async fn run(context: &Context, command: ListsCommand) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    match command {
        ListsCommand::List => list(context, &app, &actor).await,
        ListsCommand::Create { name, change } => {
            let recipients = &change.services(&app).recipients;
            let made = recipients.create_list(&actor, &name).await?;
            told(context, change, &made, "cli-list-created")
        }
        ListsCommand::Rename { name, new, change } => {
            let services = change.services(&app);
            let list = services.recipients.list_named(&actor, &name).await?;
            let renamed = services.lists.rename(&actor, list.id, &new).await?;
            told(context, change, &renamed, "cli-list-renamed")
        }
        ListsCommand::Add(args) => members(context, &app, &actor, &args, true).await,
        ListsCommand::Remove(args) => members(context, &app, &actor, &args, false).await,
        ListsCommand::Delete(args) => delete(context, &app, &actor, &args).await,
    }
}

async fn list(context: &Context, app: &App, actor: &Actor) -> Result<Done, Failure> {
    let lists = app.services.recipients.lists(actor).await?;
    let rows: Vec<_> = lists
        .iter()
        .map(|(list, members)| {
            json!({ "id": list.id, "name": list.name.as_str(), "members": members })
        })
        .collect();
    context.out.list(&rows, || {
        let head = ["cli-col-name", "cli-col-members"];
        let mut table =
            Table::new(head.map(|key| context.out.text(key, &Words::new()))).figures(&[1]);
        for (list, members) in &lists {
            table.row([list.name.to_string(), members.to_string()]);
        }
        table
    })?;
    Ok(Done::OK)
}

async fn members(
    context: &Context,
    app: &App,
    actor: &Actor,
    args: &MembersArgs,
    enter: bool,
) -> Result<Done, Failure> {
    let services = args.change.services(app);
    let list = services.recipients.list_named(actor, &args.name).await?;
    let emails: Vec<&str> = args.emails.iter().map(String::as_str).collect();
    let picked = Picked::Some(services.recipients.named(actor, &emails).await?);
    let (moved, key) = match enter {
        true => (
            services.lists.add(actor, list.id, &picked).await?,
            "cli-list-added",
        ),
        false => (
            services.lists.take_out(actor, list.id, &picked).await?,
            "cli-list-removed",
        ),
    };
    let words = words(&list).number("n", i64::try_from(moved).unwrap_or(i64::MAX));
    let object = json!({ "id": list.id, "name": list.name.as_str(), "changed": moved });
    args.change
        .told(context, object, || context.out.text(key, &words))
}

async fn delete(
    context: &Context,
    app: &App,
    actor: &Actor,
    args: &DeleteArgs,
) -> Result<Done, Failure> {
    let services = args.change.services(app);
    let list = services.recipients.list_named(actor, &args.name).await?;
    let question = "cli-list-delete-question";
    if !args.change.confirmed(context, question, &words(&list))? {
        return Ok(Done(USAGE));
    }
    services.lists.delete(actor, list.id).await?;
    let object = json!({ "id": list.id, "name": list.name.as_str(), "deleted": true });
    args.change.told(context, object, || {
        context.out.text("cli-list-deleted", &words(&list))
    })
}

fn told(context: &Context, change: ChangeArgs, list: &List, key: &str) -> Result<Done, Failure> {
    let object = json!({ "id": list.id, "name": list.name.as_str() });
    change.told(context, object, || context.out.text(key, &words(list)))
}

fn words(list: &List) -> Words {
    Words::new().text("name", list.name.to_string())
}
