//! What stands in the place of the guests' pages while nobody has an account: how the first
//! administrator is made.

use poem::Response;
use serde::Serialize;

use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::settings::FirstRun;
use crate::site::Site;
use crate::templates::Page;
use crate::visitor::Visitor;

#[derive(Serialize)]
struct First {
    /// Where the command is typed.
    place: String,
    command: String,
    /// The command reads the same environment; empty when there is none.
    environment: String,
}

impl Page for First {
    const TEMPLATE: &'static str = "first/show.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("first-title", &Args::new())
    }
}

impl First {
    fn new(locale: &Locale, run: &FirstRun) -> Self {
        let folder = Args::new().text("folder", run.folder.clone());
        Self {
            place: locale.text("first-place", &folder),
            command: run.command.clone(),
            environment: match run.has_environment {
                true => locale.text("first-environment", &Args::new()),
                false => String::new(),
            },
        }
    }
}

/// The page, if it is to stand instead of another one.
pub(super) async fn instead(site: &Site, visitor: &Visitor) -> Result<Option<Response>, PageError> {
    let Some(run) = &site.settings.host.first_run else {
        return Ok(None);
    };
    if !site.services.accounts.nobody_yet().await {
        return Ok(None);
    }
    let page = First::new(visitor.locale(), run);
    site.page(visitor, &page).map(Some)
}

#[cfg(test)]
pub(super) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use crate::pages::samples::HOSTILE;
    let run = |has_environment| FirstRun {
        command: format!("mailing users create you@example.org {HOSTILE}"),
        folder: HOSTILE.to_owned(),
        has_environment,
    };
    vec![
        First::new(locale, &run(true)),
        First::new(locale, &run(false)),
    ]
}
