//! `mailing mailings disable | enable`: a manager's stop.

use clap::Args;

use mailing_core::id::MailingId;
use mailing_web::i18n::Args as Words;

use super::{object, sentence};
use crate::commands::changing::ChangeArgs;
use crate::context::Context;
use crate::exit::{Done, Failure, USAGE};

/// Options of `mailing mailings disable`.
#[derive(Debug, Args)]
pub(crate) struct DisableArgs {
    /// Id of the mailing, whosever it is
    id: MailingId,
    /// Why; shown to the owner
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing mailings enable`.
#[derive(Debug, Args)]
pub(crate) struct EnableArgs {
    /// Id of the mailing, whosever it is
    id: MailingId,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) async fn disable(context: &Context, args: DisableArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.operator(&app).await?;
    let words = Words::new().text("id", args.id.to_string());
    let question = "cli-mailing-disable-question";
    if !args.change.confirmed(context, question, &words)? {
        return Ok(Done(USAGE));
    }
    let moderation = &args.change.services(&app).moderation;
    let disabled = moderation.disable(&actor, args.id, &args.reason).await?;
    args.change
        .told(context, object(&disabled), || sentence(context, &disabled))
}

pub(super) async fn enable(context: &Context, args: EnableArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.operator(&app).await?;
    let moderation = &args.change.services(&app).moderation;
    let enabled = moderation.enable(&actor, args.id).await?;
    args.change
        .told(context, object(&enabled), || sentence(context, &enabled))
}
