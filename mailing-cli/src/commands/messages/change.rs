//! `mailing messages edit | attach | detach | history | restore | delete | undelete`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use mailing_core::code;
use mailing_core::error::Error;
use mailing_core::id::MessageId;
use mailing_core::message::{BodyFormat, MessageVersion};
use mailing_core::services::{MessageDraft, NewFile};
use mailing_web::i18n::Args as Words;

use crate::commands::changing::ChangeArgs;
use crate::commands::files::{read_file, read_text};
use crate::commands::paging::{PageArgs, say_more};
use crate::context::Context;
use crate::exit::{Done, Failure, USAGE};
use crate::output::Table;

/// What changes a message that is there.
#[derive(Debug, Subcommand)]
pub(crate) enum ChangeCommand {
    /// Write a new version of a message; what is not given stays
    Edit(EditArgs),
    /// Attach files
    Attach {
        /// Id of the message
        id: MessageId,
        /// Files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Take a file off; older versions keep it
    Detach {
        /// Id of the message
        id: MessageId,
        /// Name of the file
        name: String,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// List the versions of a message
    History {
        /// Id of the message
        id: MessageId,
        #[command(flatten)]
        page: PageArgs,
    },
    /// Make an old version the newest one
    Restore {
        /// Id of the message
        id: MessageId,
        /// Number of the version
        number: u32,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Put a message into the trash
    Delete(DeleteArgs),
    /// Take a message out of the trash
    Undelete {
        /// Id of the message
        id: MessageId,
        #[command(flatten)]
        change: ChangeArgs,
    },
}

/// Options of `mailing messages edit`.
#[derive(Debug, Args)]
pub(crate) struct EditArgs {
    /// Id of the message
    id: MessageId,
    /// Subject, with variables
    #[arg(long)]
    subject: Option<String>,
    /// File with the body, - for standard input
    #[arg(long, value_name = "FILE")]
    body_file: Option<PathBuf>,
    /// File with the text part
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
    /// How the body is written
    #[arg(long, value_parser = ["markdown", "html"])]
    format: Option<String>,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing messages delete`.
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// Id of the message
    id: MessageId,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(crate) async fn run(context: &Context, command: ChangeCommand) -> Result<Done, Failure> {
    match command {
        ChangeCommand::Edit(args) => edit(context, args).await,
        ChangeCommand::Attach { id, files, change } => attach(context, change, id, &files).await,
        ChangeCommand::Detach { id, name, change } => detach(context, change, id, &name).await,
        ChangeCommand::History { id, page } => history(context, id, &page).await,
        ChangeCommand::Restore { id, number, change } => restore(context, change, id, number).await,
        ChangeCommand::Delete(args) => delete(context, &args).await,
        ChangeCommand::Undelete { id, change } => undelete(context, change, id).await,
    }
}

async fn edit(context: &Context, args: EditArgs) -> Result<Done, Failure> {
    let read = |option, path: Option<PathBuf>| path.map(|path| read_text(option, &path));
    let body = read("body-file", args.body_file).transpose()?;
    let text = read("text-file", args.text_file).transpose()?;
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let messages = &args.change.services(&app).messages;
    let current = messages.show(&actor, args.id).await?.current;
    let content = current.content;
    let draft = MessageDraft {
        subject: args
            .subject
            .unwrap_or_else(|| content.subject.as_str().to_owned()),
        body: body.unwrap_or(content.body),
        format: args
            .format
            .as_deref()
            .and_then(BodyFormat::from_name)
            .unwrap_or(content.format),
        text: text.or(content.text),
    };
    let version = messages
        .edit(&actor, args.id, current.number, &draft)
        .await?;
    told(context, args.change, args.id, &version)
}

async fn attach(
    context: &Context,
    change: ChangeArgs,
    id: MessageId,
    paths: &[PathBuf],
) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let read = read_files(paths)?;
    let files = as_new(&read);
    let messages = &change.services(&app).messages;
    let version = messages.attach(&actor, id, &files).await?;
    told(context, change, id, &version)
}

async fn detach(
    context: &Context,
    change: ChangeArgs,
    id: MessageId,
    name: &str,
) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let messages = &change.services(&app).messages;
    let attached = messages.show(&actor, id).await?.current.content.attachments;
    let found = attached.iter().find(|file| file.name.as_str() == name);
    let hash = found.ok_or(Error::NotFound)?.hash;
    let version = messages.detach(&actor, id, hash).await?;
    told(context, change, id, &version)
}

async fn history(context: &Context, id: MessageId, args: &PageArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let messages = &app.services.messages;
    let page = messages.history(&actor, id, &args.request()).await?;
    let rows: Vec<_> = page
        .items
        .iter()
        .map(|version| {
            json!({
                "version": version.number,
                "subject": version.subject.as_str(),
                "saved_at": version.saved_at,
            })
        })
        .collect();
    context.out.list(&rows, || {
        let head = ["cli-col-version", "cli-col-subject", "cli-col-saved"];
        let mut table =
            Table::new(head.map(|key| context.out.text(key, &Words::new()))).figures(&[0]);
        for version in &page.items {
            table.row([
                version.number.to_string(),
                version.subject.as_str().to_owned(),
                version.saved_at.to_rfc3339(),
            ]);
        }
        table
    })?;
    say_more(context, page.next.as_ref());
    Ok(Done::OK)
}

async fn restore(
    context: &Context,
    change: ChangeArgs,
    id: MessageId,
    number: u32,
) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let messages = &change.services(&app).messages;
    let seen = messages.show(&actor, id).await?.current.number;
    let version = messages.restore(&actor, id, seen, number).await?;
    told(context, change, id, &version)
}

async fn delete(context: &Context, args: &DeleteArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let messages = &args.change.services(&app).messages;
    let message = messages.show(&actor, args.id).await?;
    let subject = message.current.content.subject.as_str().to_owned();
    let words = Words::new().text("subject", subject);
    let question = "cli-message-delete-question";
    if !args.change.confirmed(context, question, &words)? {
        return Ok(Done(USAGE));
    }
    messages.delete(&actor, args.id).await?;
    let object = json!({ "id": args.id, "deleted": true });
    args.change.told(context, object, || {
        context.out.text("cli-message-deleted", &words)
    })
}

async fn undelete(context: &Context, change: ChangeArgs, id: MessageId) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let messages = &change.services(&app).messages;
    messages.undelete(&actor, id).await?;
    let object = json!({ "id": id, "deleted": false });
    change.told(context, object, || {
        context.out.text("cli-message-undeleted", &Words::new())
    })
}

/// Files with their names.
pub(super) fn read_files(paths: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    paths
        .iter()
        .map(|path| {
            let name = path.file_name().ok_or_else(|| {
                // A folder, or nothing.
                Failure(Error::field("file", code::REQUIRED))
            })?;
            Ok((
                name.to_string_lossy().into_owned(),
                read_file("file", path)?,
            ))
        })
        .collect()
}

pub(super) fn as_new(files: &[(String, Vec<u8>)]) -> Vec<NewFile<'_>> {
    files
        .iter()
        .map(|(name, data)| NewFile { name, data })
        .collect()
}

fn told(
    context: &Context,
    change: ChangeArgs,
    id: MessageId,
    version: &MessageVersion,
) -> Result<Done, Failure> {
    let object = json!({
        "id": id,
        "version": version.number,
        "subject": version.content.subject.as_str(),
        "attachments": super::attachments(&version.content),
    });
    change.told(context, object, || {
        let words = Words::new()
            .number("n", i64::from(version.number))
            .text("subject", version.content.subject.as_str().to_owned());
        context.out.text("cli-message-version", &words)
    })
}
