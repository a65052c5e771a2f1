//! `mailing recipients export`: recipients become a CSV file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use mailing_core::recipient::RecipientState;
use mailing_core::services::{Export, ExportOptions};
use mailing_web::i18n::Args as Words;

use super::import::number;
use crate::commands::files::{self, unusable};
use crate::context::Context;
use crate::exit::{Done, Failure};

/// Options of `mailing recipients export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Where the file goes, - for standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Only members of this list
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    /// Only those in this state: active, unsubscribed, bounced, complained
    #[arg(long, value_parser = ["active", "unsubscribed", "bounced", "complained"])]
    state: Option<String>,
    /// Begin with the mark of UTF-8, without which Excel shows other letters
    #[arg(long)]
    bom: bool,
}

pub(crate) async fn run(context: &Context, args: ExportArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let list = match &args.list {
        None => None,
        Some(name) => {
            let list = app.services.recipients.list_named(&actor, name).await?;
            Some(list.id)
        }
    };
    let state = args.state.as_deref();
    let options = ExportOptions {
        search: None,
        list,
        state: state.and_then(|name| name.parse::<RecipientState>().ok()),
        mark: args.bom,
    };
    let export = app.services.exports.begin(&actor, &options).await?;
    let path = args.output.as_path();
    let is_output = path.as_os_str() == "-";
    let count = match is_output {
        true => write(export, &mut io::stdout().lock(), path).await?,
        false => {
            let failed = |error: io::Error| unusable("output", path, &error);
            let mut file = files::personal(path).map_err(failed)?;
            let count = write(export, &mut file, path).await?;
            file.sync_all().map_err(failed)?;
            files::tell_rights(context, path);
            count
        }
    };
    let words = Words::new()
        .number("count", number(count))
        .text("path", path.display().to_string());
    if is_output {
        context.out.say("cli-exported", &words);
    } else {
        let object = json!({ "exported": count, "path": path.display().to_string() });
        context
            .out
            .object(&object, || context.out.text("cli-exported", &words))?;
    }
    Ok(Done::OK)
}

/// Writes the file piece by piece; how many recipients are in it. A closed pipe is the reader's good
/// right.
async fn write(mut export: Export, into: &mut impl Write, path: &Path) -> Result<u64, Failure> {
    let mut written = 0;
    while let Some((piece, recipients)) = export.piece().await? {
        match into.write_all(&piece) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(written),
            Err(error) => return Err(unusable("output", path, &error)),
            Ok(()) => written += recipients as u64,
        }
    }
    match into.flush() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(unusable("output", path, &error))
        }
        _ => Ok(written),
    }
}
