//! `mailing recipients suppressions`: who gets nothing, and why.

use serde_json::json;

use mailing_web::i18n::Args as Words;

use crate::commands::paging::{PageArgs, say_more};
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::Table;

pub(super) async fn run(context: &Context, args: &PageArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let suppressions = &app.services.suppressions;
    let page = suppressions.page(&actor, &args.request()).await?;
    let rows: Vec<_> = page
        .items
        .iter()
        .map(|entry| {
            json!({
                "kind": entry.target.kind(),
                "target": entry.target.key(),
                "reason": entry.reason.as_str(),
                "since": entry.created_at,
            })
        })
        .collect();
    context.out.list(&rows, || {
        let head = ["cli-col-target", "cli-col-cause", "cli-col-since"];
        let mut table = Table::new(head.map(|key| context.out.text(key, &Words::new())));
        for entry in &page.items {
            let reason = format!("suppression-reason-{}", entry.reason.as_str());
            table.row([
                entry.target.key().to_owned(),
                context.out.text(&reason.replace('_', "-"), &Words::new()),
                entry.created_at.to_rfc3339(),
            ]);
        }
        table
    })?;
    say_more(context, page.next.as_ref());
    Ok(Done::OK)
}
