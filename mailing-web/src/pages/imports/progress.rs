//! A file whose rows are counted or go in: how far it is.

use mailing_core::recipient::import::{Upload, UploadState};
use poem::Response;
use serde::Serialize;

use super::{name_of, parent, steps};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::Site;
use crate::templates::Page;
use crate::view::{Bar, Link, Parts, lost, number};
use crate::visitor::Visitor;

#[derive(Serialize)]
struct Progress {
    parent: Link,
    steps: [String; 3],
    name: String,
    counts_only: bool,
    rows: String,
    share: String,
    bar: Bar,
    lost: String,
}

impl Page for Progress {
    const TEMPLATE: &'static str = "imports/progress.html";
    const SCRIPTS: &'static [&'static str] = &["lost.js", "progress.js"];
    const REFRESH: Option<u32> = Some(2);

    fn title(&self, locale: &Locale) -> String {
        let key = if self.counts_only {
            "import-checking-title"
        } else {
            "import-importing-title"
        };
        locale.text(key, &Args::new())
    }
}

pub(super) fn page(site: &Site, visitor: &Visitor, upload: &Upload) -> Result<Response, PageError> {
    site.page(visitor, &Progress::new(visitor.locale(), upload))
}

impl Progress {
    fn new(locale: &Locale, upload: &Upload) -> Self {
        let details = &upload.details;
        let all = details.look.rows;
        let read = details.rows_read.min(all);
        let args = Args::new()
            .number("read", number(read))
            .number("rows", number(all));
        let parts = Parts {
            delivered: read,
            waiting: all - read,
            ..Parts::default()
        };
        let label = locale.text("import-progress", &args);
        Self {
            parent: parent(locale),
            steps: steps(locale),
            name: name_of(locale, upload),
            counts_only: upload.state == UploadState::Checking,
            share: locale.whole_percent(read, all.max(1)),
            bar: Bar::new(locale, &parts).labelled(label.clone()),
            rows: label,
            lost: lost(locale, locale.now),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let at = |state, rows_read| {
        let mut upload = crate::pages::samples::upload();
        upload.state = state;
        upload.details.rows_read = rows_read;
        Progress::new(locale, &upload)
    };
    vec![
        at(UploadState::Checking, 0),
        at(UploadState::Importing, 900),
        at(UploadState::Importing, 5_000),
    ]
}
