//! `mailing messages`: what is sent.

mod change;
mod test;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use mailing_app::App;
use mailing_core::id::{MessageId, RecipientId};
use mailing_core::message::{BodyFormat, MessageContent};
use mailing_core::policy::Actor;
use mailing_core::services::MessageDraft;
use mailing_web::i18n::Args as Words;

use super::changing::ChangeArgs;
use super::files::read_text;
use super::paging::{PageArgs, say_more};
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::{Table, print_line};

/// `mailing messages …`
#[derive(Debug, Subcommand)]
pub(crate) enum MessagesCommand {
    /// Write a message
    Create(CreateArgs),
    /// List the owner's messages
    List(PageArgs),
    /// Show a message as it was written
    Show {
        /// Id of the message
        id: MessageId,
    },
    /// Show a message as a recipient gets it
    Preview(PreviewArgs),
    /// Send a message to yourself and a few others, marked as a test
    Test(TestArgs),
    #[command(flatten)]
    Change(change::ChangeCommand),
}

/// Options of `mailing messages create`.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// Subject, with variables: "News for {{ recipient.full_name }}"
    #[arg(long)]
    subject: String,
    /// File with the body, - for standard input
    #[arg(long, value_name = "FILE")]
    body_file: PathBuf,
    /// File with the text part [default: made from the body]
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
    /// How the body is written [default: html for .html files, else markdown]
    #[arg(long, value_parser = ["markdown", "html"])]
    format: Option<String>,
    /// A file that goes with it; may be given again
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing messages preview`.
#[derive(Debug, Args)]
pub(crate) struct PreviewArgs {
    /// Id of the message
    id: MessageId,
    /// Address of the recipient whose values fill it [default: a made-up one]
    #[arg(long, value_name = "EMAIL")]
    recipient: Option<String>,
    /// Which part to show
    #[arg(long, value_enum, default_value_t = Part::Text)]
    part: Part,
}

/// Options of `mailing messages test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Id of the message
    id: MessageId,
    /// To whom; up to five, given again for each
    #[arg(long, value_name = "EMAIL", required = true)]
    to: Vec<String>,
    /// Address of the recipient whose values fill it [default: none]
    #[arg(long, value_name = "EMAIL")]
    recipient: Option<String>,
}

/// A part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The subject
    Subject,
    /// The text part
    Text,
    /// The HTML part
    Html,
}

pub(crate) async fn run(context: &Context, command: MessagesCommand) -> Result<Done, Failure> {
    match command {
        MessagesCommand::Create(args) => create(context, &args).await,
        MessagesCommand::List(args) => list(context, &args).await,
        MessagesCommand::Show { id } => show(context, id).await,
        MessagesCommand::Preview(args) => preview(context, &args).await,
        MessagesCommand::Test(args) => test::run(context, &args).await,
        MessagesCommand::Change(command) => change::run(context, command).await,
    }
}

async fn create(context: &Context, args: &CreateArgs) -> Result<Done, Failure> {
    let body = read_text("body-file", &args.body_file)?;
    let text = args
        .text_file
        .as_ref()
        .map(|path| read_text("text-file", path))
        .transpose()?;
    let by_name = match args
        .body_file
        .extension()
        .and_then(|extension| extension.to_str())
    {
        Some("html" | "htm") => BodyFormat::Html,
        _ => BodyFormat::Markdown,
    };
    let format = args
        .format
        .as_deref()
        .and_then(BodyFormat::from_name)
        .unwrap_or(by_name);
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let draft = MessageDraft {
        subject: args.subject.clone(),
        body,
        format,
        text,
    };
    let read = change::read_files(&args.attach)?;
    let files = change::as_new(&read);
    let messages = &args.change.services(&app).messages;
    let message = messages.create_with(&actor, &draft, &files).await?;
    let object = json!({ "id": message.id });
    args.change.told(context, object, || {
        let words = Words::new().text("id", message.id.to_string());
        context.out.text("cli-message-created", &words)
    })
}

async fn list(context: &Context, args: &PageArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let page = app.services.messages.page(&actor, &args.request()).await?;
    let rows: Vec<_> = page
        .items
        .iter()
        .map(|message| {
            json!({
                "id": message.id,
                "subject": message.subject.as_str(),
                "version": message.version,
                "saved_at": message.saved_at,
                "used_in": message.used_in,
            })
        })
        .collect();
    context.out.list(&rows, || {
        let head = [
            "cli-col-id",
            "cli-col-subject",
            "cli-col-version",
            "cli-col-used-in",
        ];
        let mut table =
            Table::new(head.map(|key| context.out.text(key, &Words::new()))).figures(&[2, 3]);
        for message in &page.items {
            table.row([
                message.id.to_string(),
                message.subject.as_str().to_owned(),
                message.version.to_string(),
                message.used_in.to_string(),
            ]);
        }
        table
    })?;
    say_more(context, page.next.as_ref());
    Ok(Done::OK)
}

async fn show(context: &Context, id: MessageId) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let message = app.services.messages.show(&actor, id).await?;
    let version = &message.current;
    let content = &version.content;
    let object = json!({
        "id": message.id,
        "version": version.number,
        "saved_at": version.saved_at,
        "subject": content.subject.as_str(),
        "format": content.format.as_str(),
        "body": content.body,
        "text": content.text,
        "attachments": attachments(content),
    });
    context.out.object(&object, || {
        let files = content.attachments.iter();
        let files: String = files.map(|file| format!("\n+ {}", file.name)).collect();
        format!("{}\n\n{}{files}", content.subject.as_str(), content.body)
    })?;
    Ok(Done::OK)
}

/// The files of a message.
fn attachments(content: &MessageContent) -> Value {
    let files = content.attachments.iter().map(
        |file| json!({ "name": file.name.as_str(), "type": file.kind, "octets": file.octets }),
    );
    files.collect()
}

/// The recipient whose values fill a message.
async fn named(
    app: &App,
    actor: &Actor,
    recipient: Option<&str>,
) -> Result<Option<RecipientId>, Failure> {
    let Some(email) = recipient else {
        return Ok(None);
    };
    let found = app.services.recipients.named(actor, &[email]).await?;
    Ok(found.first().copied())
}

async fn preview(context: &Context, args: &PreviewArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let recipient = named(&app, &actor, args.recipient.as_deref()).await?;
    let preview = app
        .services
        .messages
        .preview(&actor, args.id, recipient)
        .await?;
    let rendered = mailing_web::preview::render(&preview, context.out.lang)?;
    if context.out.json {
        let object = json!({
            "subject": rendered.subject,
            "text": rendered.text,
            "html": rendered.html,
        });
        context.out.object(&object, String::new)?;
        return Ok(Done::OK);
    }
    print_line(match args.part {
        Part::Subject => &rendered.subject,
        Part::Text => &rendered.text,
        Part::Html => &rendered.html,
    })?;
    Ok(Done::OK)
}
