//! What a file looks like before it is imported.

use std::path::Path;

use serde_json::{Value, json};

use mailing_core::error::Error;
use mailing_core::services::ImportPreview;
use mailing_web::i18n::Args as Words;

use crate::context::Context;
use crate::exit::Failure;
use crate::output::{Table, complain};

/// Shows the file and what its columns would become, on standard error.
pub(super) fn show(context: &Context, path: &Path, preview: &ImportPreview) {
    if context.out.json || context.out.quiet {
        return;
    }
    let delimiter = match preview.delimiter {
        '\t' => "\\t".to_owned(),
        other => other.to_string(),
    };
    let words = Words::new()
        .text("path", path.display().to_string())
        .number("rows", i64::try_from(preview.rows).unwrap_or(i64::MAX))
        .text("encoding", preview.encoding)
        .text("delimiter", delimiter);
    context.out.say("cli-import-file", &words);
    let text = |key| context.out.text(key, &Words::new());
    let mut table =
        Table::new(["cli-col-column", "cli-col-first-values", "cli-col-becomes"].map(text));
    for column in &preview.columns {
        let target = column.target.as_ref().map(ToString::to_string);
        table.row([
            column.name.clone(),
            column.values.join(", "),
            target.unwrap_or_else(|| text("cli-import-left-out")),
        ]);
    }
    complain(&table.draw());
}

/// The same for programs.
pub(super) fn json(preview: &ImportPreview) -> Value {
    let columns: Vec<Value> = preview
        .columns
        .iter()
        .map(|column| {
            let target = column.target.as_ref().map(ToString::to_string);
            json!({ "name": column.name, "target": target, "values": column.values })
        })
        .collect();
    json!({
        "rows": preview.rows,
        "encoding": preview.encoding,
        "delimiter": preview.delimiter.to_string(),
        "columns": columns,
    })
}

/// Refuses a file whose columns are not clear.
pub(super) fn accept(preview: &ImportPreview) -> Result<(), Failure> {
    match preview.faults.is_empty() {
        true => Ok(()),
        false => Err(Failure(Error::Invalid(preview.faults.clone()))),
    }
}
