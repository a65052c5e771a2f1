//! `mailing deliveries`: messages to single recipients.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use mailing_app::App;
use mailing_core::delivery::Delivery;
use mailing_core::id::RunId;
use mailing_core::links::LinkKeys;
use mailing_core::policy::Actor;
use mailing_core::ports::store::{DeliveryFilter, PageRequest};
use mailing_core::run::Run;
use mailing_web::i18n::Args as Words;

use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::Table;

/// `mailing deliveries …`
#[derive(Debug, Subcommand)]
pub(crate) enum DeliveriesCommand {
    /// List the deliveries of a run, all of them
    List(ListArgs),
}

/// Options of `mailing deliveries list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Id of the run
    #[arg(long, value_name = "ID")]
    run: RunId,
    /// Only those in this state
    #[arg(long, value_parser = STATES)]
    state: Option<String>,
}

const STATES: [&str; 8] = [
    "pending",
    "sending",
    "deferred",
    "delivered",
    "failed",
    "suppressed",
    "cancelled",
    "unknown",
];
/// Deliveries are read so many at a time.
const PAGE: u32 = 500;

pub(crate) async fn run(context: &Context, command: DeliveriesCommand) -> Result<Done, Failure> {
    let DeliveriesCommand::List(args) = command;
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let wanted = args.state.as_deref();
    let filter = DeliveryFilter {
        state: STATES.into_iter().find(|state| Some(*state) == wanted),
    };
    list(context, &app, &actor, args.run, &filter).await?;
    Ok(Done::OK)
}

/// Page after page, so that a run of any size needs the memory of one page.
async fn list(
    context: &Context,
    app: &App,
    actor: &Actor,
    run: RunId,
    filter: &DeliveryFilter,
) -> Result<(), Failure> {
    let (frozen, _) = app.services.runs.show(actor, run).await?;
    let mut request = PageRequest::first(PAGE);
    loop {
        let page = app
            .services
            .runs
            .deliveries(actor, run, filter, &request)
            .await?;
        let rows: Vec<Value> = page
            .items
            .iter()
            .map(|delivery| object(&app.links, &frozen, delivery))
            .collect();
        context.out.list(&rows, || table(context, &page.items))?;
        if page.next.is_none() {
            return Ok(());
        }
        request = request.after(page.next);
    }
}

fn object(links: &LinkKeys, run: &Run, delivery: &Delivery) -> Value {
    let from = run.from.as_ref();
    let last = delivery.last.as_ref();
    let reply = last.and_then(|attempt| attempt.reply.as_ref());
    json!({
        "number": delivery.number,
        "recipient": delivery.address.as_str(),
        "state": delivery.state.name(),
        "attempts": delivery.attempts,
        "tries": delivery.tries,
        "at": last.map(|attempt| attempt.at),
        "stage": last.map(|attempt| attempt.stage.as_str()),
        "code": reply.map(|reply| reply.code),
        "enhanced": reply.and_then(|reply| reply.enhanced).map(|code| code.to_string()),
        "text": reply.map(|reply| reply.text.as_str()),
        "fault": last.and_then(|attempt| attempt.fault.as_deref()),
        "message_id": from.map(|from| links.message_id(run.id, delivery.recipient, from)),
    })
}

fn table(context: &Context, deliveries: &[Delivery]) -> Table {
    let head = [
        "cli-col-number",
        "cli-col-email",
        "cli-col-state",
        "cli-col-reply",
    ];
    let mut table = Table::new(head.map(|key| context.out.text(key, &Words::new()))).figures(&[0]);
    for delivery in deliveries {
        let state = match delivery.state.name() {
            "pending" | "deferred" => "waiting",
            other => other,
        };
        let key = format!("delivery-state-{state}");
        let last = delivery.last.as_ref();
        let reply = last.and_then(|a| {
            a.reply
                .as_ref()
                .map(ToString::to_string)
                .or_else(|| a.fault.clone())
        });
        table.row([
            delivery.number.to_string(),
            delivery.address.to_string(),
            context.out.text(&key, &Words::new()),
            reply.unwrap_or_default(),
        ]);
    }
    table
}
