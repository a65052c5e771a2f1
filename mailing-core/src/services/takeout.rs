//! Everything of one's own as a file: an object a line (JSON Lines), piece by piece.

mod lines;

use serde_json::Value;

use crate::audit::{Deed, Entry};
use crate::delivery::Delivery;
use crate::error::Error;
use crate::id::RunId;
use crate::mailing::Mailing;
use crate::message::Message;
use crate::policy::{self, Actor};
use crate::ports::store::{
    Cursor, DeliveryFilter, MailingFilter, PAGE_MAX, Page, PageRequest, RecipientFilter, RunFilter,
};
use crate::post::Shelf;
use crate::recipient::{List, Recipient, Suppression};
use crate::run::Run;
use crate::sender::Sender;
use crate::user::User;

use super::{OwnAccount, ServicePorts};

/// Downloads of everything.
#[derive(Clone)]
pub struct Takeout {
    ports: ServicePorts,
    own: OwnAccount,
}

/// What follows in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Account,
    Recipients,
    Suppressions,
    Messages,
    Mailings,
    /// A page of runs, each followed by its deliveries.
    Runs,
    Deliveries(RunId),
    /// A page of a shelf of the own posts.
    Posts(Shelf),
    Deeds,
    End,
}

/// A file that comes piece by piece. Memory does not grow with it, and no view of the store is held
/// open between two pieces.
pub struct TakeoutFile {
    ports: ServicePorts,
    actor: Actor,
    user: User,
    part: Part,
    after: Option<Cursor>,
    /// Runs of the last page whose deliveries are to follow, the next one last.
    runs: Vec<RunId>,
    /// Where the next page of runs begins.
    runs_after: Option<Cursor>,
}

impl Takeout {
    pub(super) fn new(ports: ServicePorts) -> Self {
        Self {
            own: OwnAccount::new(ports.clone()),
            ports,
        }
    }

    /// Begins a file and writes it down in the audit log.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the store does not answer.
    pub async fn begin(&self, actor: &Actor) -> Result<TakeoutFile, Error> {
        let user = self.own.show(actor).await?;
        let id = user.id;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                self.ports
                    .audit(unit.as_mut(), actor, Deed::ExportAccount, id, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await?;
        Ok(TakeoutFile {
            ports: self.ports.clone(),
            actor: actor.clone(),
            user,
            part: Part::Account,
            after: None,
            runs: Vec::new(),
            runs_after: None,
        })
    }
}

impl TakeoutFile {
    /// The next lines; `None` at the end.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let request = PageRequest::first(PAGE_MAX).after(self.after.take());
        let (lines, next) = match self.part {
            Part::Account => (self.account().await?, None),
            Part::Recipients => told(self.recipients(&request).await?, lines::recipient),
            Part::Suppressions => told(self.suppressions(&request).await?, lines::suppression),
            Part::Messages => self.messages(&request).await?,
            Part::Mailings => told(self.mailings(&request).await?, lines::mailing),
            Part::Runs => self.runs().await?,
            Part::Deliveries(run) => told(self.deliveries(run, &request).await?, lines::delivery),
            Part::Posts(shelf) => self.posts(shelf, &request).await?,
            Part::Deeds => told(self.deeds(&request).await?, lines::deed),
            Part::End => return Ok(None),
        };
        self.after = next;
        if self.after.is_none() {
            self.part = self.next_part();
        }
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        Ok(Some(text.into_bytes()))
    }

    fn next_part(&mut self) -> Part {
        match self.part {
            Part::Account => Part::Recipients,
            Part::Recipients => Part::Suppressions,
            Part::Suppressions => Part::Messages,
            Part::Messages => Part::Mailings,
            Part::Mailings => Part::Runs,
            Part::Runs | Part::Deliveries(_) => match self.runs.pop() {
                Some(run) => Part::Deliveries(run),
                None if self.runs_after.is_some() => Part::Runs,
                None => Part::Posts(Shelf::Drafts),
            },
            // In the order in which posts move, so that none is missed.
            Part::Posts(Shelf::Drafts) => Part::Posts(Shelf::Planned),
            Part::Posts(Shelf::Planned) => Part::Posts(Shelf::Published),
            Part::Posts(Shelf::Published | Shelf::Trash) => Part::Deeds,
            Part::Deeds | Part::End => Part::End,
        }
    }

    async fn account(&self) -> Result<Vec<Value>, Error> {
        let senders = policy::view::<Sender>(&self.actor)?;
        let lists = policy::view::<List>(&self.actor)?;
        let mut unit = self.ports.store.read().await?;
        let mut told = vec![lines::user(&self.user)];
        let avatar = unit.users().avatar(&policy::system(), self.user.id).await?;
        told.extend(avatar.iter().map(|data| lines::avatar(data)));
        let senders = unit.senders().list(&senders).await?;
        told.extend(senders.iter().map(lines::sender));
        let lists = unit.lists().list(&lists).await?;
        told.extend(lists.iter().map(|(list, _)| lines::list(list)));
        Ok(told)
    }

    async fn recipients(&self, request: &PageRequest) -> Result<Page<Recipient>, Error> {
        let scope = policy::view(&self.actor)?;
        let filter = RecipientFilter::default();
        let mut unit = self.ports.store.read().await?;
        Ok(unit.recipients().page(&scope, &filter, request).await?)
    }

    async fn messages(&self, request: &PageRequest) -> Result<(Vec<Value>, Option<Cursor>), Error> {
        let scope = policy::view::<Message>(&self.actor)?;
        let mut unit = self.ports.store.read().await?;
        let page = unit.messages().page(&scope, request).await?;
        let mut told = Vec::new();
        for summary in &page.items {
            if let Some(found) = unit.messages().find(&scope, summary.id).await? {
                told.push(lines::message(&found));
            }
        }
        Ok((told, page.next))
    }

    async fn mailings(&self, request: &PageRequest) -> Result<Page<Mailing>, Error> {
        let scope = policy::view(&self.actor)?;
        let filter = MailingFilter::default();
        let mut unit = self.ports.store.read().await?;
        Ok(unit.mailings().page(&scope, &filter, request).await?)
    }

    async fn suppressions(&self, request: &PageRequest) -> Result<Page<Suppression>, Error> {
        let scope = policy::view(&self.actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.suppressions().page(&scope, request).await?)
    }

    /// The next page of runs; their deliveries follow it.
    async fn runs(&mut self) -> Result<(Vec<Value>, Option<Cursor>), Error> {
        let scope = policy::view::<Run>(&self.actor)?;
        let request = PageRequest::first(PAGE_MAX).after(self.runs_after.take());
        let mut unit = self.ports.store.read().await?;
        let page = unit
            .runs()
            .page(&scope, &RunFilter::default(), &request)
            .await?;
        self.runs = page.items.iter().rev().map(|run| run.id).collect();
        self.runs_after = page.next;
        Ok((page.items.iter().map(lines::run).collect(), None))
    }

    async fn deliveries(&self, run: RunId, request: &PageRequest) -> Result<Page<Delivery>, Error> {
        let scope = policy::view::<Run>(&self.actor)?;
        let filter = DeliveryFilter::default();
        let mut unit = self.ports.store.read().await?;
        Ok(unit
            .runs()
            .deliveries(&scope, run, &filter, request)
            .await?)
    }

    async fn posts(
        &self,
        shelf: Shelf,
        request: &PageRequest,
    ) -> Result<(Vec<Value>, Option<Cursor>), Error> {
        let scope = policy::own_posts(&self.actor)?;
        let now = self.ports.now();
        let mut unit = self.ports.store.read().await?;
        let page = unit.posts().page(&scope, shelf, now, request).await?;
        let mut told = Vec::new();
        for summary in &page.items {
            if let Some(found) = unit.posts().find(&scope, summary.id).await? {
                told.push(lines::post(&found));
            }
        }
        Ok((told, page.next))
    }

    async fn deeds(&self, request: &PageRequest) -> Result<Page<Entry>, Error> {
        let scope = policy::view(&self.actor)?;
        let mut unit = self.ports.store.read().await?;
        Ok(unit.audit().trail(&scope, request).await?)
    }
}

fn told<T>(page: Page<T>, line: impl Fn(&T) -> Value) -> (Vec<Value>, Option<Cursor>) {
    (page.items.iter().map(line).collect(), page.next)
}
