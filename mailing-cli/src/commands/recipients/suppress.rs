//! `mailing recipients suppress`: addresses and domains that mail never goes to.

use clap::Args;
use serde_json::json;

use mailing_core::recipient::SuppressionTarget;
use mailing_web::i18n::Args as Words;

use crate::commands::changing::ChangeArgs;
use crate::context::Context;
use crate::exit::{Done, Failure};

/// Options of `mailing recipients suppress`.
#[derive(Debug, Args)]
pub(crate) struct SuppressArgs {
    /// An address, or a domain for all its addresses
    target: String,
    /// Take it from the suppression list instead
    #[arg(long)]
    remove: bool,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) async fn run(context: &Context, args: SuppressArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let suppressions = &args.change.services(&app).suppressions;
    let (target, said): (SuppressionTarget, _) = if args.remove {
        let target = suppressions.remove(&actor, &args.target).await?;
        (target, "cli-unsuppressed")
    } else {
        let entry = suppressions.add(&actor, &args.target).await?;
        (entry.target, "cli-suppressed")
    };
    let object = json!({
        "kind": target.kind(),
        "target": target.key(),
        "suppressed": !args.remove,
    });
    let words = Words::new().text("target", target.key().to_owned());
    args.change
        .told(context, object, || context.out.text(said, &words))
}
