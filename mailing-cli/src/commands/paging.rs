//! Pages of lists on the command line.

use clap::Args;

use mailing_core::ports::store::{Cursor, PageRequest};
use mailing_web::i18n::Args as Words;

use crate::context::Context;

/// Which part of a list to show.
#[derive(Debug, Clone, Args)]
pub(crate) struct PageArgs {
    /// Show at most so many, up to 500
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: u32,
    /// Begin after this place, as the page before said it
    #[arg(long, value_name = "CURSOR")]
    after: Option<String>,
}

impl PageArgs {
    pub(crate) fn request(&self) -> PageRequest {
        PageRequest::first(self.limit).after(self.after.clone().map(Cursor::new))
    }
}

/// Says how to get the next page, if there is one.
pub(crate) fn say_more(context: &Context, next: Option<&Cursor>) {
    if let Some(cursor) = next {
        context.out.say(
            "cli-more",
            &Words::new().text("cursor", cursor.as_str().to_owned()),
        );
    }
}
