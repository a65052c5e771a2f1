//! Data on standard output, talk on standard error.

mod json;
mod table;

use std::io::{self, IsTerminal as _, Write as _};

use serde::Serialize;

use mailing_core::error::{Error, FieldError};
use mailing_web::i18n::{self, Args, Lang};

use crate::exit::Failure;

pub(crate) use table::Table;

/// How a command speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// Data as JSON.
    pub(crate) json: bool,
    /// No talk.
    pub(crate) quiet: bool,
    /// Colour and bars are welcome.
    pub(crate) lively: bool,
    /// Language of talk and tables.
    pub(crate) lang: Lang,
}

impl Output {
    pub(crate) fn new(json: bool, quiet: bool, no_color: bool, lang: Lang) -> Self {
        let plain = no_color || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            json,
            quiet,
            lively: !plain && io::stderr().is_terminal(),
            lang,
        }
    }

    /// One object with its schema version, or what `human` makes of it.
    pub(crate) fn object(
        &self,
        object: &impl Serialize,
        human: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let text = if self.json {
            json::object(object)?
        } else {
            human()
        };
        print_line(&text)
    }

    /// A list: JSON lines, or a table.
    pub(crate) fn list<T: Serialize>(
        &self,
        items: &[T],
        table: impl FnOnce() -> Table,
    ) -> Result<(), Failure> {
        if !self.json {
            return print_line(&table().draw());
        }
        for item in items {
            print_line(&json::object(item)?)?;
        }
        Ok(())
    }

    /// Nobody reads sentences.
    pub(crate) const fn is_mute(&self) -> bool {
        self.quiet || self.json
    }

    /// A sentence for the person, on standard error.
    pub(crate) fn say(&self, key: &str, args: &Args) {
        if !self.is_mute() {
            complain(&self.text(key, args));
        }
    }

    /// A text in the command's language.
    pub(crate) fn text(&self, key: &str, args: &Args) -> String {
        i18n::text(self.lang, key, args)
    }

    /// An error in one sentence.
    pub(crate) fn message(&self, error: &Error) -> String {
        json::message(error, self.lang)
    }

    /// What went wrong, on standard error.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json {
            complain(&json::failure(&failure.0, self.lang));
            return;
        }
        match &failure.0 {
            Error::Invalid(fields) => fields.iter().for_each(|field| self.field(field)),
            other => self.error_line(&json::message(other, self.lang)),
        }
        let mut source = std::error::Error::source(&failure.0);
        while let Some(cause) = source {
            complain(&format!("  {cause}"));
            source = cause.source();
        }
    }

    fn field(&self, field: &FieldError) {
        let message = i18n::refusal(self.lang, &field.refusal);
        self.error_line(&format!("{}: {message}", field.field));
    }

    fn error_line(&self, message: &str) {
        let label = self.text("cli-error", &Args::new());
        if self.lively {
            complain(&format!("\u{1b}[1;31m{label}\u{1b}[0m {message}"));
        } else {
            complain(&format!("{label} {message}"));
        }
    }
}

/// A line on standard output. A closed pipe is the reader's good right.
pub(crate) fn print_line(text: &str) -> Result<(), Failure> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// A line on standard error; when that fails there is nobody left to tell.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
