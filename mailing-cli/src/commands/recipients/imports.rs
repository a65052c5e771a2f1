//! `mailing recipients imports`: what was imported.

use serde_json::{Value, json};

use mailing_core::recipient::import::Import;
use mailing_web::i18n::Args as Words;

use crate::commands::paging::{PageArgs, say_more};
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::Table;

const HEAD: [&str; 7] = [
    "cli-col-id",
    "cli-col-began",
    "cli-col-state",
    "cli-col-added",
    "cli-col-updated",
    "cli-col-skipped",
    "cli-col-rejected",
];

pub(crate) async fn run(context: &Context, args: PageArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let page = app.services.imports.page(&actor, &args.request()).await?;
    let rows: Vec<Value> = page.items.iter().map(row).collect();
    context.out.list(&rows, || {
        let text = |key: &str| context.out.text(key, &Words::new());
        let mut table = Table::new(HEAD.map(text)).figures(&[3, 4, 5, 6]);
        for import in &page.items {
            table.row([
                import.id.to_string(),
                import.created_at.format("%Y-%m-%d %H:%M UTC").to_string(),
                text(&format!("import-state-{}", import.state)),
                import.sums.added.to_string(),
                import.sums.updated.to_string(),
                import.sums.skipped.to_string(),
                import.rejected.to_string(),
            ]);
        }
        table
    })?;
    say_more(context, page.next.as_ref());
    Ok(Done::OK)
}

fn row(import: &Import) -> Value {
    json!({
        "id": import.id,
        "state": import.state.as_str(),
        "list": import.order.list.as_ref().map(|name| name.as_str()),
        "map": import.order.mapping,
        "mode": import.order.mode.as_str(),
        "encoding": import.order.encoding,
        "octets": import.octets,
        "line": import.line,
        "added": import.sums.added,
        "updated": import.sums.updated,
        "skipped": import.sums.skipped,
        "rejected": import.rejected,
        "created_at": import.created_at,
        "updated_at": import.updated_at,
    })
}
