//! The log as CSV, piece by piece.

use std::io;

use super::{LogAsk, Logged};
use crate::delivery::{Attempt, DeliveryState};
use crate::error::Error;
use crate::policy::Actor;
use crate::ports::store::{Cursor, PAGE_MAX, PageRequest};
use crate::services::Deliveries;
use crate::sheet::SheetWriter;

const HEADER: [&str; 14] = [
    "mailing",
    "run",
    "planned_at",
    "number",
    "recipient",
    "state",
    "cause",
    "attempts",
    "at",
    "stage",
    "code",
    "enhanced",
    "reply",
    "next_try_at",
];

/// A file of the log that comes piece by piece. Memory does not grow with it, and each page is read
/// for itself: a long download holds no view of the store open.
pub struct LogFile {
    deliveries: Deliveries,
    actor: Actor,
    ask: LogAsk,
    after: Option<Cursor>,
    is_over: bool,
    sheet: SheetWriter,
}

impl LogFile {
    pub(super) fn new(
        deliveries: Deliveries,
        actor: Actor,
        ask: LogAsk,
        mark: bool,
    ) -> Result<Self, Error> {
        let mut sheet = SheetWriter::in_memory(mark);
        sheet.row(HEADER).map_err(internal)?;
        Ok(Self {
            deliveries,
            actor,
            ask,
            after: None,
            is_over: false,
            sheet,
        })
    }

    /// The next piece of the file; `None` at its end. A piece may be empty.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>, Error> {
        if self.is_over {
            return Ok(None);
        }
        let request = PageRequest::first(PAGE_MAX).after(self.after.take());
        let page = self
            .deliveries
            .log(&self.actor, &self.ask, &request)
            .await?;
        for line in &page.lines {
            self.write(line)?;
        }
        self.is_over = page.next.is_none();
        self.after = page.next;
        self.sheet.take().map(Some).map_err(internal)
    }

    fn write(&mut self, line: &Logged) -> Result<(), Error> {
        let Logged { delivery, run } = line;
        let last = delivery.last.as_ref();
        let reply = last.and_then(|attempt| attempt.reply.as_ref());
        let (cause, next_try) = match delivery.state {
            DeliveryState::Failed { cause } => (cause.as_str(), None),
            DeliveryState::Deferred { cause, retry_at } => (cause.as_str(), Some(retry_at)),
            DeliveryState::Suppressed { by } => (by.as_str(), None),
            _ => ("", None),
        };
        let cells = [
            run.mailing_name.as_str().to_owned(),
            run.id.to_string(),
            run.occurrence_at.to_rfc3339(),
            delivery.number.to_string(),
            delivery.address.as_str().to_owned(),
            delivery.state.name().to_owned(),
            cause.to_owned(),
            delivery.attempts.to_string(),
            last.map_or_else(String::new, |attempt| attempt.at.to_rfc3339()),
            last.map_or_else(String::new, |attempt| attempt.stage.as_str().to_owned()),
            reply.map_or_else(String::new, |reply| reply.code.to_string()),
            reply
                .and_then(|reply| reply.enhanced)
                .map_or_else(String::new, |code| code.to_string()),
            last.map_or_else(String::new, said),
            next_try.map_or_else(String::new, |at| at.to_rfc3339()),
        ];
        self.sheet.row(cells).map_err(internal)
    }
}

/// What the server said, or what broke.
fn said(attempt: &Attempt) -> String {
    match (&attempt.reply, &attempt.fault) {
        (Some(reply), _) => reply.text.clone(),
        (None, fault) => fault.clone().unwrap_or_default(),
    }
}

fn internal(error: io::Error) -> Error {
    Error::Internal(Box::new(error))
}
