//! `mailing mailings`: messages planned for an audience.

mod change;
mod moderate;

use std::path::{Path, PathBuf};

use chrono::Duration;
use clap::{ArgGroup, Args, Subcommand};
use serde_json::{Value, json};

use mailing_app::App;
use mailing_core::error::Error;
use mailing_core::id::{MailingId, MessageId, SenderId};
use mailing_core::mailing::{
    AmbiguousPolicy, AudienceChoice, LATENESS_DEFAULT, LaunchMode, Mailing, MailingDraft,
};
use mailing_core::policy::Actor;
use mailing_core::ports::store::MailingFilter;
use mailing_core::schedule::forecast::ForecastAnswer;
use mailing_core::schedule::{MissedPolicy, Zone};
use mailing_web::i18n::Args as Words;

use super::changing::ChangeArgs;
use super::files::read_text;
use super::forecast;
use super::paging::{PageArgs, say_more};
use super::schedule::ScheduleArgs;
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::Table;

/// `mailing mailings …`
#[derive(Debug, Subcommand)]
pub(crate) enum MailingsCommand {
    #[command(flatten)]
    Own(OwnersCommand),
    /// Stop a mailing as a manager; its runs are held
    Disable(moderate::DisableArgs),
    /// Let a stopped mailing go on
    Enable(moderate::EnableArgs),
}

/// What an owner does.
#[derive(Debug, Subcommand)]
pub(crate) enum OwnersCommand {
    /// Plan a mailing and launch it
    Create(Box<CreateArgs>),
    /// List the owner's mailings
    List(ListArgs),
    /// Show a mailing and its next sends
    Show {
        /// Id of the mailing
        id: MailingId,
    },
    /// Show the next sends of a mailing
    Forecast {
        /// Id of the mailing
        id: MailingId,
        /// Show at most so many
        #[arg(long, value_name = "N", default_value_t = 10)]
        limit: usize,
    },
    /// Launch a draft
    Launch {
        /// Id of the mailing
        id: MailingId,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Hold a mailing and its runs
    Pause {
        /// Id of the mailing
        id: MailingId,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// Let a held mailing go on
    Resume {
        /// Id of the mailing
        id: MailingId,
        #[command(flatten)]
        change: ChangeArgs,
    },
    /// End a mailing before its time
    Finish {
        /// Id of the mailing
        id: MailingId,
        #[command(flatten)]
        change: ChangeArgs,
    },
    #[command(flatten)]
    Change(change::ChangeCommand),
}

/// Options of `mailing mailings create`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("audience").required(true).args(["all", "list", "recipients"])))]
#[command(group(ArgGroup::new("when").args(["now", "start"])))]
pub(crate) struct CreateArgs {
    /// Id of the message
    #[arg(long, value_name = "ID")]
    message: MessageId,
    /// Name [default: the message's subject]
    #[arg(long, default_value = "")]
    name: String,
    /// Id of the sender [default: the owner's own address]
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
    /// Send at once
    #[arg(long)]
    now: bool,
    #[command(flatten)]
    schedule: ScheduleArgs,
    /// What becomes of sends missed while the service was down
    #[arg(long, default_value = "run_once", value_parser = ["run_once", "run_each", "skip"])]
    missed: String,
    /// A missed send still goes out within so many hours
    #[arg(long, value_name = "HOURS", default_value_t = LATENESS_DEFAULT.num_hours())]
    lateness: i64,
    /// What becomes of messages whose end is not known
    #[arg(long, default_value = "leave", value_parser = ["leave", "retry"])]
    ambiguous: String,
    /// Only save it
    #[arg(long)]
    draft: bool,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing mailings list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those in this state
    #[arg(long, value_parser = STATUSES)]
    status: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

const STATUSES: [&str; 6] = [
    "draft", "created", "running", "paused", "disabled", "finished",
];
/// How many of the next sends `show` tells.
const FORECAST: usize = 10;

pub(crate) async fn run(context: &Context, command: MailingsCommand) -> Result<Done, Failure> {
    match command {
        MailingsCommand::Own(command) => act(context, command).await,
        MailingsCommand::Disable(args) => moderate::disable(context, args).await,
        MailingsCommand::Enable(args) => moderate::enable(context, args).await,
    }
}

async fn act(context: &Context, command: OwnersCommand) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let mailings = &app.services.mailings;
    let (change, changed) = match command {
        OwnersCommand::Create(args) => return create(context, &app, &actor, &args).await,
        OwnersCommand::List(args) => return list(context, &app, &actor, &args).await,
        OwnersCommand::Forecast { id, limit } => {
            let details = mailings.show(&actor, id, limit).await?;
            let occurrences = details.forecast;
            return forecast::tell(context, &ForecastAnswer { occurrences });
        }
        OwnersCommand::Show { id } => return show(context, &app, &actor, id).await,
        OwnersCommand::Launch { id, change } => (
            change,
            change.services(&app).mailings.launch(&actor, id).await?,
        ),
        OwnersCommand::Pause { id, change } => (
            change,
            change.services(&app).mailings.pause(&actor, id).await?,
        ),
        OwnersCommand::Resume { id, change } => (
            change,
            change.services(&app).mailings.resume(&actor, id).await?,
        ),
        OwnersCommand::Finish { id, change } => (
            change,
            change.services(&app).mailings.finish(&actor, id).await?,
        ),
        OwnersCommand::Change(command) => {
            return change::run(context, &app, &actor, command).await;
        }
    };
    change.told(context, object(&changed), || sentence(context, &changed))
}

async fn create(
    context: &Context,
    app: &App,
    actor: &Actor,
    args: &CreateArgs,
) -> Result<Done, Failure> {
    let owner = context.owner(app).await?;
    let mode = match (args.draft, args.now) {
        (true, _) => LaunchMode::Draft,
        (false, true) => LaunchMode::Now,
        (false, false) => LaunchMode::Launch,
    };
    let zone = match &args.schedule.zone {
        Some(name) => Zone::parse(name).map_err(|refusal| Error::field("zone", refusal))?,
        None => owner.zone,
    };
    let windows = if args.now {
        Vec::new()
    } else {
        let mut spec = args.schedule.spec();
        spec.zone = Some(zone.name().to_owned());
        vec![spec.schedule().map_err(Error::Invalid)?]
    };
    let audience = Audience {
        all: args.all,
        lists: &args.list,
        file: args.recipients.as_deref(),
    };
    let draft = MailingDraft {
        name: args.name.clone(),
        message: args.message,
        sender: args.sender,
        audience: audience.choice(app, actor).await?,
        zone,
        windows,
        missed: args.missed.parse::<MissedPolicy>().unwrap_or_default(),
        lateness: Duration::try_hours(args.lateness).unwrap_or(Duration::MAX),
        ambiguous: AmbiguousPolicy::from_name(&args.ambiguous).unwrap_or_default(),
        mode,
    };
    let mailings = &args.change.services(app).mailings;
    let mailing = mailings.create(actor, &draft).await?;
    args.change
        .told(context, object(&mailing), || sentence(context, &mailing))
}

/// The options that say to whom.
struct Audience<'a> {
    all: bool,
    lists: &'a [String],
    file: Option<&'a Path>,
}

impl Audience<'_> {
    /// True when one of them is given.
    const fn is_given(&self) -> bool {
        self.all || !self.lists.is_empty() || self.file.is_some()
    }

    async fn choice(&self, app: &App, actor: &Actor) -> Result<AudienceChoice, Failure> {
        let recipients = &app.services.recipients;
        if let Some(path) = self.file {
            let text = read_text("recipients", path)?;
            let emails: Vec<&str> = text
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect();
            let ids = recipients.named(actor, &emails).await?;
            return Ok(AudienceChoice::Chosen(ids));
        }
        if self.all {
            return Ok(AudienceChoice::All);
        }
        let mut lists = Vec::new();
        for name in self.lists {
            lists.push(recipients.list_named(actor, name).await?.id);
        }
        Ok(AudienceChoice::Lists(lists))
    }
}

async fn list(
    context: &Context,
    app: &App,
    actor: &Actor,
    args: &ListArgs,
) -> Result<Done, Failure> {
    let wanted = args.status.as_deref();
    let status = STATUSES.into_iter().find(|status| Some(*status) == wanted);
    let filter = MailingFilter { status };
    let page = app
        .services
        .mailings
        .page(actor, &filter, &args.page.request())
        .await?;
    let rows: Vec<Value> = page.items.iter().map(object).collect();
    context.out.list(&rows, || {
        let head = [
            "cli-col-id",
            "cli-col-name",
            "cli-col-status",
            "cli-col-next",
        ];
        let mut table = Table::new(head.map(|key| context.out.text(key, &Words::new())));
        for mailing in &page.items {
            table.row([
                mailing.id.to_string(),
                mailing.name.to_string(),
                status_word(context, mailing),
                next_local(mailing).unwrap_or_else(|| "–".to_owned()),
            ]);
        }
        table
    })?;
    say_more(context, page.next.as_ref());
    Ok(Done::OK)
}

async fn show(context: &Context, app: &App, actor: &Actor, id: MailingId) -> Result<Done, Failure> {
    let details = app.services.mailings.show(actor, id, FORECAST).await?;
    let mailing = &details.mailing;
    let forecast: Vec<Value> = details
        .forecast
        .iter()
        .map(|o| json!({ "at": o.at, "local": o.local.to_rfc3339(), "note": o.note }))
        .collect();
    let mut whole = object(mailing);
    if let Some(fields) = whole.as_object_mut() {
        fields.insert("audience_size".to_owned(), details.audience.active.into());
        let counted = details.audience.is_counted;
        fields.insert("audience_is_counted".to_owned(), counted.into());
        fields.insert("forecast".to_owned(), forecast.into());
    }
    context.out.object(&whole, || {
        let size = i64::try_from(details.audience.active).unwrap_or(i64::MAX);
        let audience = match details.audience.is_counted {
            true => "cli-mailing-audience",
            false => "cli-mailing-audience-at-most",
        };
        let mut lines = vec![
            sentence(context, mailing),
            context
                .out
                .text(audience, &Words::new().number("count", size)),
        ];
        lines.extend(
            details
                .forecast
                .iter()
                .map(|o| format!("  {}", o.local.to_rfc3339())),
        );
        lines.join("\n")
    })?;
    Ok(Done::OK)
}

fn object(mailing: &Mailing) -> Value {
    json!({
        "id": mailing.id,
        "name": mailing.name.as_str(),
        "message": mailing.message,
        "status": mailing.status.name(),
        "zone": mailing.zone.name(),
        "next": mailing.next_at,
        "next_local": next_local(mailing),
    })
}

fn sentence(context: &Context, mailing: &Mailing) -> String {
    let words = Words::new()
        .text("name", mailing.name.as_str().to_owned())
        .text("id", mailing.id.to_string())
        .text("status", status_word(context, mailing))
        .text(
            "next",
            next_local(mailing).unwrap_or_else(|| "–".to_owned()),
        );
    context.out.text("cli-mailing", &words)
}

fn status_word(context: &Context, mailing: &Mailing) -> String {
    context.out.text(
        &format!("mailing-state-{}", mailing.status.name()),
        &Words::new(),
    )
}

fn next_local(mailing: &Mailing) -> Option<String> {
    mailing
        .next_at
        .map(|at| mailing.zone.local(at).to_rfc3339())
}
