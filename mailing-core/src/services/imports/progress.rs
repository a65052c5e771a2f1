//! What an import tells while it runs.

use super::{ImportEvent, OnImportEvent};
use crate::recipient::import::Reject;

/// Rows between two tellings of the progress.
const TOLD_EVERY: u64 = 1_000;

/// What was told so far.
pub(super) struct Progress<'a, 'b> {
    on_event: &'a mut OnImportEvent<'b>,
    rows: u64,
    octets: u64,
    pub(super) rejected: u64,
}

impl<'a, 'b> Progress<'a, 'b> {
    pub(super) fn new(on_event: &'a mut OnImportEvent<'b>) -> Self {
        Self {
            on_event,
            rows: 0,
            octets: 0,
            rejected: 0,
        }
    }

    pub(super) fn reject(&mut self, reject: Reject) {
        self.rejected += 1;
        (self.on_event)(ImportEvent::Rejected(reject));
    }

    pub(super) fn count(&mut self, octets: u64) {
        self.rows += 1;
        self.octets = octets;
        if self.rows.is_multiple_of(TOLD_EVERY) {
            self.tell();
        }
    }

    pub(super) fn tell(&mut self) {
        (self.on_event)(ImportEvent::Progress {
            rows: self.rows,
            octets: self.octets,
        });
    }
}
