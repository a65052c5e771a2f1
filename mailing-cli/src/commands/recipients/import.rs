//! `mailing recipients import`: a CSV file becomes recipients, or is taken back.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use mailing_app::App;
use mailing_core::id::ImportId;
use mailing_core::policy::Actor;
use mailing_core::ports::store::ImportMode;
use mailing_core::services::{ImportEvent, ImportOptions, ImportPreview, ImportReport};
use mailing_web::i18n::Args as Words;

use super::file::Source;
use super::preview;
use super::rejects::Rejects;
use crate::commands::files::tell_rights;
use crate::context::Context;
use crate::exit::{Done, Failure, USAGE};

/// Options of `mailing recipients import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// CSV file, - for standard input
    #[arg(required_unless_present = "undo")]
    file: Option<PathBuf>,
    /// Put all rows into this list; it is made if there is none of this name
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    /// Which column is what, by number from 1 or by name: email=2,full_name=1 [default: from the header]
    #[arg(long, value_name = "MAP")]
    map: Option<String>,
    /// In what the file is written, such as utf-8, utf-16le, windows-1251 [default: told from its lines]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// What separates the cells [default: told from the first row]
    #[arg(long, value_name = "SIGN", value_parser = [",", ";", "|", "tab"])]
    delimiter: Option<String>,
    /// Overwrite recipients that are there already
    #[arg(long, conflicts_with = "skip")]
    update: bool,
    /// Leave recipients that are there already as they are (default)
    #[arg(long)]
    skip: bool,
    /// Where rows with errors go [default: beside the file, with .rejects.csv]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Count what would happen and import nothing
    #[arg(long)]
    dry_run: bool,
    /// Take this import back, within 24 hours
    #[arg(long, value_name = "ID", conflicts_with_all = ["file", "list", "map", "encoding",
        "delimiter", "update", "skip", "rejects", "dry_run"])]
    undo: Option<ImportId>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn run(context: &Context, args: ImportArgs) -> Result<Done, Failure> {
    if let Some(id) = args.undo {
        return undo(context, id).await;
    }
    let path = args.file.unwrap_or_default();
    let asks = !args.yes && !args.dry_run;
    if asks && (context.out.json || !io::stdin().is_terminal() || path.as_os_str() == "-") {
        context.out.say("cli-import-confirm", &Words::new());
        return Ok(Done(USAGE));
    }
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let options = ImportOptions {
        list: args.list,
        mapping: args.map,
        mode: if args.update {
            ImportMode::Update
        } else {
            ImportMode::Skip
        },
        encoding: args.encoding,
        delimiter: args.delimiter.and_then(|sign| match sign.as_str() {
            "tab" => Some('\t'),
            sign => sign.chars().next(),
        }),
    };
    let mut command = Command {
        context,
        app,
        actor,
        source: Source::open(&path)?,
        path,
        options,
    };
    if args.dry_run {
        return command.check(args.rejects).await;
    }
    if asks && !command.confirmed().await? {
        return Ok(Done(USAGE));
    }
    command.import(args.rejects).await
}

async fn undo(context: &Context, id: ImportId) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let report = app.services.imports.undo(&actor, id).await?;
    let words = Words::new()
        .number("removed", number(report.removed))
        .number("restored", number(report.restored))
        .number("kept", number(report.kept));
    context
        .out
        .object(&report, || context.out.text("cli-import-undone", &words))?;
    Ok(Done::OK)
}

/// One file and what is to happen with it.
struct Command<'a> {
    context: &'a Context,
    app: App,
    actor: Actor,
    source: Source,
    path: PathBuf,
    options: ImportOptions,
}

impl Command<'_> {
    /// Shows the file and asks.
    async fn confirmed(&mut self) -> Result<bool, Failure> {
        let preview = self.preview().await?;
        preview::show(self.context, &self.path, &preview);
        preview::accept(&preview)?;
        let words = Words::new().text("path", self.path.display().to_string());
        self.context.out.say("cli-import-question", &words);
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        Ok(matches!(
            answer.trim().to_lowercase().as_str(),
            "y" | "yes" | "д" | "да"
        ))
    }

    async fn preview(&mut self) -> Result<ImportPreview, Failure> {
        self.source.begin()?;
        let (imports, file) = (&self.app.services.imports, &mut self.source.file);
        let preview = imports.preview(&self.actor, file, &self.options).await;
        Ok(preview?)
    }

    async fn check(mut self, rejects: Option<PathBuf>) -> Result<Done, Failure> {
        let preview = self.preview().await?;
        preview::show(self.context, &self.path, &preview);
        let (report, rejects) = self.read(rejects, true).await?;
        let mut object = sums(&report, rejects.as_deref());
        if let (Value::Object(object), Value::Object(file)) = (&mut object, preview::json(&preview))
        {
            object.insert("dry_run".to_owned(), Value::Bool(true));
            object.extend(file);
        }
        self.tell("cli-import-checked", &object, &report, rejects.as_deref())?;
        Ok(Done::OK)
    }

    async fn import(mut self, rejects: Option<PathBuf>) -> Result<Done, Failure> {
        let rejects = rejects.unwrap_or_else(|| Rejects::beside(&self.path));
        let (report, rejects) = self.read(Some(rejects), false).await?;
        let mut object = sums(&report, rejects.as_deref());
        object["id"] = json!(report.id);
        object["resumed_after"] = json!(report.resumed_after);
        object["earlier"] = json!(report.earlier.map(|(id, _)| id));
        let out = &self.context.out;
        if let Some(line) = report.resumed_after {
            let words = Words::new().number("line", number(line));
            out.say("cli-import-resumed", &words);
        }
        if let Some((id, at)) = report.earlier {
            let at = at.format("%Y-%m-%d %H:%M UTC").to_string();
            let words = Words::new().text("id", id.to_string()).text("at", at);
            out.say("cli-import-earlier", &words);
        }
        self.tell("cli-imported", &object, &report, rejects.as_deref())?;
        if let Some(id) = report.id {
            let words = Words::new().text("id", id.to_string());
            out.say("cli-import-undo-hint", &words);
        }
        Ok(Done::OK)
    }

    /// Takes the file, with a bar while it lasts; where the rejects are, if there are any.
    async fn read(
        &mut self,
        rejects: Option<PathBuf>,
        dry: bool,
    ) -> Result<(ImportReport, Option<PathBuf>), Failure> {
        self.source.begin()?;
        let bar = progress_bar(self.context, self.source.octets);
        let mut rejects = Rejects::new(rejects, self.context.out.lang);
        let mut on_event = |event| match event {
            ImportEvent::Progress { octets, .. } => bar.set_position(octets),
            ImportEvent::Rejected(reject) => rejects.write(&reject),
        };
        let (imports, file) = (&self.app.services.imports, &mut self.source.file);
        let (actor, options) = (&self.actor, &self.options);
        let report = match dry {
            true => imports.check(actor, file, options, &mut on_event).await,
            false => imports.run(actor, file, options, &mut on_event).await,
        };
        bar.finish_and_clear();
        // Rows that were refused before a fault are told all the same.
        let written = rejects.finish()?;
        Ok((report?, written))
    }

    fn tell(
        &self,
        key: &str,
        object: &Value,
        report: &ImportReport,
        rejects: Option<&Path>,
    ) -> Result<(), Failure> {
        let words = Words::new()
            .number("added", number(report.sums.added))
            .number("updated", number(report.sums.updated))
            .number("skipped", number(report.sums.skipped))
            .number("rejected", number(report.rejected));
        let out = &self.context.out;
        out.object(object, || out.text(key, &words))?;
        if let Some(path) = rejects {
            let words = Words::new().text("path", path.display().to_string());
            out.say("cli-import-rejects", &words);
            tell_rights(self.context, path);
        }
        Ok(())
    }
}

fn sums(report: &ImportReport, rejects: Option<&Path>) -> Value {
    json!({
        "added": report.sums.added,
        "updated": report.sums.updated,
        "skipped": report.sums.skipped,
        "rejected": report.rejected,
        "rejects": rejects.map(|path| path.display().to_string()),
    })
}

pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn progress_bar(context: &Context, octets: u64) -> ProgressBar {
    if !context.out.lively || context.out.quiet {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3}% {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(octets).with_style(style)
}
