//! `mailing deliveries`: messages to single recipients.

mod explain;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use mailing_app::App;
use mailing_core::delivery::{Attempt, Delivery, DeliveryState};
use mailing_core::id::RunId;
use mailing_core::links::LinkKeys;
use mailing_core::policy::Actor;
use mailing_core::ports::store::{DeliveryFilter, PageRequest};
use mailing_core::run::Run;
use mailing_web::i18n::{Args as Words, key};

use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::Table;

/// `mailing deliveries …`
#[derive(Debug, Subcommand)]
pub(crate) enum DeliveriesCommand {
    /// List the deliveries of a run, all of them
    List(ListArgs),
    /// Tell why an address did or did not get a run, and what to do
    ///
    /// Ends with 3 when there is no such run, or the address is neither in it nor among the recipients.
    Explain(explain::ExplainArgs),
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
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let args = match command {
        DeliveriesCommand::List(args) => args,
        DeliveriesCommand::Explain(args) => {
            return explain::run(context, &app, &actor, &args).await;
        }
    };
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
    let mut object = json!({
        "number": delivery.number,
        "recipient": delivery.address.as_str(),
        "state": delivery.state.name(),
        "cause": reason(&delivery.state),
        "attempts": delivery.attempts,
        "tries": delivery.tries,
        "message_id": from.map(|from| links.message_id(run.id, delivery.recipient, from)),
    });
    add_last(&mut object, delivery.last.as_ref());
    object
}

/// Adds the last SMTP transaction, with nulls where there was none.
fn add_last(object: &mut Value, last: Option<&Attempt>) {
    let reply = last.and_then(|attempt| attempt.reply.as_ref());
    object["at"] = json!(last.map(|attempt| attempt.at));
    object["stage"] = json!(last.map(|attempt| attempt.stage.as_str()));
    object["code"] = json!(reply.map(|reply| reply.code));
    let enhanced = reply.and_then(|reply| reply.enhanced);
    object["enhanced"] = json!(enhanced.map(|code| code.to_string()));
    object["text"] = json!(reply.map(|reply| reply.text.as_str()));
    object["fault"] = json!(last.and_then(|attempt| attempt.fault.as_deref()));
}

/// Why it is not delivered: a cause, or what suppressed it.
const fn reason(state: &DeliveryState) -> Option<&'static str> {
    match state {
        DeliveryState::Failed { cause } | DeliveryState::Deferred { cause, .. } => {
            Some(cause.as_str())
        }
        DeliveryState::Suppressed { by } => Some(by.as_str()),
        _ => None,
    }
}

/// What the server said last, or what broke.
fn raw(last: Option<&Attempt>) -> Option<String> {
    let last = last?;
    let reply = last.reply.as_ref().map(ToString::to_string);
    reply.or_else(|| last.fault.clone())
}

fn table(context: &Context, deliveries: &[Delivery]) -> Table {
    let head = [
        "cli-col-number",
        "cli-col-email",
        "cli-col-state",
        "cli-col-cause",
        "cli-col-reply",
    ];
    let mut table = Table::new(head.map(|key| context.out.text(key, &Words::new()))).figures(&[0]);
    for delivery in deliveries {
        let state = match delivery.state.name() {
            "pending" | "deferred" => "waiting",
            other => other,
        };
        let say = |key: &str| context.out.text(key, &Words::new());
        let cause = match delivery.state {
            DeliveryState::Failed { cause } | DeliveryState::Deferred { cause, .. } => {
                say(&key("cause", cause.as_str()))
            }
            _ => String::new(),
        };
        table.row([
            delivery.number.to_string(),
            delivery.address.to_string(),
            say(&format!("delivery-state-{state}")),
            cause,
            raw(delivery.last.as_ref()).unwrap_or_default(),
        ]);
    }
    table
}
