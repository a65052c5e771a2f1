//! The outbox folder as the pages read it.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::spawn_blocking;

use mailing_app::{Outbox, OutboxError, OutboxSummary};
use mailing_web::{OutboxEntry, OutboxMail, OutboxReader};

/// An outbox folder, read on the blocking pool.
pub(super) struct FolderOutbox(Arc<Outbox>);

impl FolderOutbox {
    pub(super) fn new(outbox: Outbox) -> Self {
        Self(Arc::new(outbox))
    }
}

#[async_trait]
impl OutboxReader for FolderOutbox {
    async fn list(&self, after: Option<&str>, limit: usize) -> io::Result<Vec<OutboxEntry>> {
        let outbox = Arc::clone(&self.0);
        let after = after.map(str::to_owned);
        let listed = spawn_blocking(move || outbox.list(limit, after.as_deref())).await?;
        Ok(listed
            .map_err(io::Error::other)?
            .into_iter()
            .map(entry)
            .collect())
    }

    async fn read(&self, id: &str) -> io::Result<Option<OutboxMail>> {
        let outbox = Arc::clone(&self.0);
        let id = id.to_owned();
        let mail = match spawn_blocking(move || outbox.read(&id)).await? {
            Ok(mail) => mail,
            Err(OutboxError::NotFound) => return Ok(None),
            Err(error) => return Err(io::Error::other(error)),
        };
        let headers = mail
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"));
        Ok(Some(OutboxMail {
            headers: headers.collect(),
            entry: entry(mail.summary),
            html: mail.html,
            text: mail.text,
        }))
    }
}

fn entry(summary: OutboxSummary) -> OutboxEntry {
    OutboxEntry {
        id: summary.name,
        at: summary.at,
        from: summary.from,
        to: summary.to,
        subject: summary.subject,
    }
}
