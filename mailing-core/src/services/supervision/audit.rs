//! The audit log of the whole service.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::id::MailingId;
use crate::policy::{self, Actor};
use crate::ports::store::{AuditFilter, AuditLine, Page, PageRequest};

use super::Supervision;

impl Supervision {
    /// The audit log, newest first. What it is about is left out where that may name a recipient: it
    /// stays for mailings and users alone.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor supervises.
    pub async fn audit(
        &self,
        actor: &Actor,
        filter: &AuditFilter,
        request: &PageRequest,
    ) -> Result<Page<AuditLine>, Error> {
        let scope = policy::supervise(actor)?;
        let mut unit = self.ports.store.read().await?;
        let page = unit.supervision().audit(&scope, filter, request).await?;
        Ok(page.map(|mut line| {
            if !line.entry.deed.is_about_mailing() && !line.entry.deed.is_about_user() {
                line.entry.subject.clear();
            }
            line
        }))
    }

    /// The names of the mailings that lines are about, as far as they are not in the trash.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor supervises.
    pub async fn names(
        &self,
        actor: &Actor,
        lines: &[AuditLine],
    ) -> Result<BTreeMap<MailingId, String>, Error> {
        let scope = policy::supervise(actor)?;
        let now = self.ports.now();
        let mut names = BTreeMap::new();
        let mut unit = self.ports.store.read().await?;
        let about = lines.iter().map(|line| &line.entry);
        let about = about.filter(|entry| entry.deed.is_about_mailing());
        for id in about.filter_map(|entry| entry.subject.parse().ok()) {
            if !names.contains_key(&id)
                && let Some(mailing) = unit.supervision().mailing(&scope, id, now).await?
            {
                names.insert(id, mailing.name.as_str().to_owned());
            }
        }
        Ok(names)
    }
}
