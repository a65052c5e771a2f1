//! `mailing mailings edit | reopen | duplicate | delete | undelete`.

use std::path::PathBuf;

use chrono::Duration;
use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;

use mailing_app::App;
use mailing_core::error::Error;
use mailing_core::id::{MailingId, MessageId, SenderId};
use mailing_core::mailing::{AmbiguousPolicy, AudienceChoice, LaunchMode, Mailing, MailingDraft};
use mailing_core::policy::Actor;
use mailing_core::schedule::{MissedPolicy, Schedule, Zone};
use mailing_web::i18n::Args as Words;

use super::{Audience, object, sentence};
use crate::commands::changing::ChangeArgs;
use crate::commands::schedule::ScheduleArgs;
use crate::context::Context;
use crate::exit::{Done, Failure, USAGE};

/// What changes a mailing beyond its state.
#[derive(Debug, Subcommand)]
pub(crate) enum ChangeCommand {
    /// Change a mailing from its next send on; what is not given stays
    Edit(Box<EditArgs>),
    /// Let a finished mailing go on, while a window of it is open
    Reopen {
        /// Id of the mailing
        id: MailingId,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Make a draft like another mailing
    Duplicate {
        /// Id of the mailing
        id: MailingId,
        /// Name [default: the same]
        #[arg(long, default_value = "")]
        name: String,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Put a mailing into the trash; what is being sent stops, its runs stay
    Delete(DeleteArgs),
    /// Take a mailing out of the trash
    Undelete {
        /// Id of the mailing
        id: MailingId,
        #[command(flatten)]
        change: ChangeArgs,
    },
}

/// Options of `mailing mailings edit`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("audience").args(["all", "list", "recipients"])))]
pub(crate) struct EditArgs {
    /// Id of the mailing
    id: MailingId,
    /// Id of the message
    #[arg(long, value_name = "ID")]
    message: Option<MessageId>,
    /// Name
    #[arg(long)]
    name: Option<String>,
    /// Id of the sender
    #[arg(long, value_name = "ID")]
    sender: Option<SenderId>,
    /// To every active recipient
    #[arg(long)]
    all: bool,
    /// To the members of this list; may be given again
    #[arg(long, value_name = "NAME")]
    list: Vec<String>,
    /// To the addresses in this file, one a line
    #[arg(long, value_name = "FILE")]
    recipients: Option<PathBuf>,
    #[command(flatten)]
    schedule: ScheduleArgs,
    /// What becomes of sends missed while the service was down
    #[arg(long, value_parser = ["run_once", "run_each", "skip"])]
    missed: Option<String>,
    /// A missed send still goes out within so many hours
    #[arg(long, value_name = "HOURS")]
    lateness: Option<i64>,
    /// What becomes of messages whose end is not known
    #[arg(long, value_parser = ["leave", "retry"])]
    ambiguous: Option<String>,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing mailings delete`.
#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// Id of the mailing
    id: MailingId,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) async fn run(
    context: &Context,
    app: &App,
    actor: &Actor,
    command: ChangeCommand,
) -> Result<Done, Failure> {
    let mailings = |change: ChangeArgs| &change.services(app).mailings;
    let (change, changed) = match command {
        ChangeCommand::Edit(args) => (args.change, edit(app, actor, &args).await?),
        ChangeCommand::Reopen { id, change } => (change, mailings(change).reopen(actor, id).await?),
        ChangeCommand::Duplicate { id, name, change } => {
            let duplicate = mailings(change).duplicate(actor, id, &name);
            (change, duplicate.await?)
        }
        ChangeCommand::Delete(args) => return delete(context, app, actor, &args).await,
        ChangeCommand::Undelete { id, change } => {
            (change, mailings(change).undelete(actor, id).await?)
        }
    };
    change.told(context, object(&changed), || sentence(context, &changed))
}

async fn edit(app: &App, actor: &Actor, args: &EditArgs) -> Result<Mailing, Failure> {
    let mailings = &args.change.services(app).mailings;
    let old = mailings.show(actor, args.id, 0).await?.mailing;
    let zone = match &args.schedule.zone {
        Some(name) => Zone::parse(name).map_err(|refusal| Error::field("zone", refusal))?,
        None => old.zone,
    };
    let audience = Audience {
        all: args.all,
        lists: &args.list,
        file: args.recipients.as_deref(),
    };
    let draft = MailingDraft {
        name: args.name.clone().unwrap_or_else(|| old.name.to_string()),
        message: args.message.unwrap_or(old.message),
        sender: Some(args.sender.unwrap_or(old.sender)),
        audience: match audience.is_given() {
            true => audience.choice(app, actor).await?,
            false => AudienceChoice::Kept,
        },
        windows: windows(args, &old, zone)?,
        zone,
        missed: args
            .missed
            .as_deref()
            .and_then(|name| name.parse::<MissedPolicy>().ok())
            .unwrap_or(old.missed),
        lateness: args.lateness.map_or(old.lateness, |hours| {
            Duration::try_hours(hours).unwrap_or(Duration::MAX)
        }),
        ambiguous: args
            .ambiguous
            .as_deref()
            .and_then(AmbiguousPolicy::from_name)
            .unwrap_or(old.ambiguous),
        mode: LaunchMode::Launch,
    };
    Ok(mailings.edit(actor, args.id, old.version, &draft).await?)
}

/// The windows that are there, or the one that is given instead of them.
fn windows(args: &EditArgs, old: &Mailing, zone: Zone) -> Result<Vec<Schedule>, Failure> {
    if !args.schedule.is_given() {
        return Ok(old.schedules());
    }
    let mut spec = args.schedule.spec();
    spec.zone = Some(zone.name().to_owned());
    Ok(vec![spec.schedule().map_err(Error::Invalid)?])
}

async fn delete(
    context: &Context,
    app: &App,
    actor: &Actor,
    args: &DeleteArgs,
) -> Result<Done, Failure> {
    let mailings = &args.change.services(app).mailings;
    let mailing = mailings.show(actor, args.id, 0).await?.mailing;
    let words = Words::new().text("name", mailing.name.to_string());
    let question = "cli-mailing-delete-question";
    if !args.change.confirmed(context, question, &words)? {
        return Ok(Done(USAGE));
    }
    mailings.delete(actor, args.id).await?;
    let object = json!({ "id": args.id, "deleted": true });
    args.change.told(context, object, || {
        context.out.text("cli-mailing-deleted", &words)
    })
}
