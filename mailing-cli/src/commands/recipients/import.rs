//! `mailing recipients import`: a CSV file becomes recipients.

use std::fs::File;
use std::io::{self, BufRead as _, BufWriter, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use mailing_core::ports::store::ImportMode;
use mailing_core::recipient::import::{Reject, RejectsWriter};
use mailing_core::services::{ImportEvent, ImportOptions, ImportReport};
use mailing_web::i18n::{self, Args as Words, Lang};

use super::file::Source;
use crate::commands::files::unusable;
use crate::context::Context;
use crate::exit::{Done, Failure, USAGE};

/// Options of `mailing recipients import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// CSV file, - for standard input
    file: PathBuf,
    /// Put all rows into this list; it is made if there is none of this name
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    /// Which column is what, by number from 1 or by name: email=2,full_name=1 [default: from the header]
    #[arg(long, value_name = "MAP")]
    map: Option<String>,
    /// In what the file is written, such as utf-8, utf-16le, windows-1251 [default: told from its lines]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Overwrite recipients that are there already
    #[arg(long, conflicts_with = "skip")]
    update: bool,
    /// Leave recipients that are there already as they are (default)
    #[arg(long)]
    skip: bool,
    /// Where rows with errors go [default: beside the file, with .rejects.csv]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub(crate) async fn run(context: &Context, args: ImportArgs) -> Result<Done, Failure> {
    if !args.yes && !confirmed(context, &args.file)? {
        return Ok(Done(USAGE));
    }
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let source = Source::open(&args.file)?;
    let options = ImportOptions {
        list: args.list,
        mapping: args.map,
        mode: if args.update {
            ImportMode::Update
        } else {
            ImportMode::Skip
        },
        encoding: args.encoding,
    };
    let bar = progress_bar(context, source.octets);
    let mut rejects = Rejects::new(rejects_path(args.rejects, &args.file), context.out.lang);
    let mut on_event = |event| match event {
        ImportEvent::Progress { octets, .. } => bar.set_position(octets),
        ImportEvent::Rejected(reject) => rejects.write(&reject),
    };
    let imported = app
        .services
        .imports
        .run(&actor, source.file, &options, &mut on_event)
        .await;
    bar.finish_and_clear();
    // Rows that were refused before a fault are told all the same.
    let written = rejects.finish()?;
    let report = imported?;
    tell(context, &report, written.as_deref())?;
    Ok(Done::OK)
}

fn confirmed(context: &Context, file: &Path) -> Result<bool, Failure> {
    if context.out.json || !io::stdin().is_terminal() || file.as_os_str() == "-" {
        context.out.say("cli-import-confirm", &Words::new());
        return Ok(false);
    }
    let words = Words::new().text("path", file.display().to_string());
    context.out.say("cli-import-question", &words);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(
        answer.trim().to_lowercase().as_str(),
        "y" | "yes" | "д" | "да"
    ))
}

fn progress_bar(context: &Context, octets: u64) -> ProgressBar {
    if !context.out.lively || context.out.quiet {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3}% {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(octets).with_style(style)
}

fn tell(context: &Context, report: &ImportReport, rejects: Option<&Path>) -> Result<(), Failure> {
    let path = rejects.map(|path| path.display().to_string());
    let object = json!({
        "added": report.added,
        "updated": report.updated,
        "skipped": report.skipped,
        "rejected": report.rejected,
        "rejects": path,
    });
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let words = Words::new()
        .number("added", number(report.added))
        .number("updated", number(report.updated))
        .number("skipped", number(report.skipped))
        .number("rejected", number(report.rejected));
    context
        .out
        .object(&object, || context.out.text("cli-imported", &words))?;
    if let Some(path) = path {
        context
            .out
            .say("cli-import-rejects", &Words::new().text("path", path));
    }
    Ok(())
}

fn rejects_path(asked: Option<PathBuf>, file: &Path) -> PathBuf {
    asked.unwrap_or_else(|| {
        let name = file
            .file_name()
            .filter(|name| *name != "-")
            .unwrap_or("import".as_ref());
        let mut name = name.to_owned();
        name.push(".rejects.csv");
        file.with_file_name(name)
    })
}

/// The file of rejected rows, made when the first one comes.
struct Rejects {
    path: PathBuf,
    lang: Lang,
    writer: Option<RejectsWriter<BufWriter<File>>>,
    failed: Option<io::Error>,
}

impl Rejects {
    const fn new(path: PathBuf, lang: Lang) -> Self {
        Self {
            path,
            lang,
            writer: None,
            failed: None,
        }
    }

    fn write(&mut self, reject: &Reject) {
        if self.failed.is_none()
            && let Err(error) = self.try_write(reject)
        {
            self.failed = Some(error);
        }
    }

    fn try_write(&mut self, reject: &Reject) -> io::Result<()> {
        let reason = i18n::refusal(self.lang, &reject.refusal);
        if self.writer.is_none() {
            self.writer = Some(RejectsWriter::new(BufWriter::new(File::create(
                &self.path,
            )?))?);
        }
        match &mut self.writer {
            Some(writer) => writer.write(reject, &reason),
            None => Ok(()),
        }
    }

    /// The path, if anything was written.
    fn finish(mut self) -> Result<Option<PathBuf>, Failure> {
        if let Some(error) = self.failed.take() {
            return Err(unusable("rejects", &self.path, &error));
        }
        let Some(writer) = self.writer.take() else {
            return Ok(None);
        };
        let unwritten = |error: io::Error| unusable("rejects", &self.path, &error);
        writer
            .finish()
            .map_err(unwritten)?
            .into_inner()
            .map_err(|e| unwritten(e.into_error()))?;
        Ok(Some(self.path))
    }
}
