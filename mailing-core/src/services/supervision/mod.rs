//! What managers and administrators see of everybody's things (A7, A10): names, states, sums, the
//! subject and a preview. No recipient, no reply of a mail server, and nothing can be changed here.

mod audit;
mod overview;

use chrono::Duration;

use crate::error::Error;
use crate::id::{MailingId, UserId};
use crate::mailing::Mailing;
use crate::policy::{self, Actor};
use crate::ports::store::{
    OwnerActivity, Page, PageRequest, RunFilter, SupervisedMailing, SupervisionFilter,
};
use crate::run::Run;
use crate::schedule::Occurrence;
use crate::sender::Sender;
use crate::time::Timestamp;
use crate::user::User;

use super::messages::Preview;
use super::{ServicePorts, mailings};

pub use overview::ServiceState;

/// Volumes and shares of failures are told of so many days.
const RECENT: Duration = Duration::days(30);

/// A mailing as it is reviewed.
#[derive(Debug, Clone)]
pub struct MailingUnderReview {
    /// Owner, state and volume.
    pub summary: SupervisedMailing,
    /// Its settings.
    pub mailing: Mailing,
    /// Whom it comes from.
    pub sender: Option<Sender>,
    /// The subject of its message, as it is written.
    pub subject: String,
    /// The next occurrences.
    pub forecast: Vec<Occurrence>,
    /// Its runs, newest first, without what the mail server said: that names recipients.
    pub runs: Page<Run>,
}

/// A user as managers see them.
#[derive(Debug, Clone)]
pub struct UserUnderReview {
    /// The user.
    pub user: User,
    /// Mailings, and what they sent lately.
    pub activity: OwnerActivity,
}

/// Looking at everybody's things.
#[derive(Clone)]
pub struct Supervision {
    ports: ServicePorts,
}

impl Supervision {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Everybody's mailings, last made first.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor supervises.
    pub async fn mailings(
        &self,
        actor: &Actor,
        filter: &SupervisionFilter,
        request: &PageRequest,
    ) -> Result<Page<SupervisedMailing>, Error> {
        let scope = policy::supervise(actor)?;
        let since = self.recent();
        let mut unit = self.ports.store.read().await?;
        Ok(unit
            .supervision()
            .mailings(&scope, filter, since, request)
            .await?)
    }

    /// One mailing in summary.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn summary(&self, actor: &Actor, id: MailingId) -> Result<SupervisedMailing, Error> {
        let scope = policy::supervise(actor)?;
        let since = self.recent();
        let mut unit = self.ports.store.read().await?;
        let found = unit.supervision().mailing(&scope, id, since).await?;
        found.ok_or(Error::NotFound)
    }

    /// One mailing with its settings, at most `forecast` of its next occurrences, and its runs.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn mailing(
        &self,
        actor: &Actor,
        id: MailingId,
        forecast: usize,
        request: &PageRequest,
    ) -> Result<MailingUnderReview, Error> {
        let scope = policy::supervise(actor)?;
        let (now, since) = (self.ports.now(), self.recent());
        let mut unit = self.ports.store.read().await?;
        let found = unit.supervision().mailing(&scope, id, since).await?;
        let summary = found.ok_or(Error::NotFound)?;
        let owner = summary.owner;
        let mailing = unit.mailings().find(&scope.view(owner), id).await?;
        let mailing = mailing.ok_or(Error::NotFound)?;
        let message = unit
            .messages()
            .find(&scope.view(owner), mailing.message)
            .await?;
        let sender = unit
            .senders()
            .find(&scope.view(owner), mailing.sender)
            .await?;
        let filter = RunFilter {
            mailing: Some(id),
            open: false,
        };
        let runs = unit
            .runs()
            .page(&scope.view(owner), &filter, request)
            .await?;
        Ok(MailingUnderReview {
            summary,
            forecast: mailings::upcoming(&mailing, now, forecast)?,
            mailing,
            sender,
            subject: message.map_or_else(String::new, |message| {
                message.current.content.subject.as_str().to_owned()
            }),
            runs: runs.map(|run| Run {
                last_reply: None,
                ..run
            }),
        })
    }

    /// The message of a mailing, for a preview with a made-up recipient.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn preview(&self, actor: &Actor, id: MailingId) -> Result<Preview, Error> {
        let scope = policy::supervise(actor)?;
        let since = self.recent();
        let mut unit = self.ports.store.read().await?;
        let found = unit.supervision().mailing(&scope, id, since).await?;
        let owner = found.ok_or(Error::NotFound)?.owner;
        let mailing = unit.mailings().find(&scope.view(owner), id).await?;
        let mailing = mailing.ok_or(Error::NotFound)?;
        let message = unit
            .messages()
            .find(&scope.view(owner), mailing.message)
            .await?;
        Ok(Preview {
            version: message.ok_or(Error::NotFound)?.current,
            recipient: None,
            sender: unit
                .senders()
                .find(&scope.view(owner), mailing.sender)
                .await?,
        })
    }

    /// One user, and what this user does.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn user(&self, actor: &Actor, id: UserId) -> Result<UserUnderReview, Error> {
        let scope = policy::supervise(actor)?;
        let since = self.recent();
        let mut unit = self.ports.store.read().await?;
        let user = unit.users().find(&policy::system(), id).await?;
        Ok(UserUnderReview {
            user: user.ok_or(Error::NotFound)?,
            activity: unit.supervision().activity(&scope, id, since).await?,
        })
    }

    /// A user's picture, a JPEG.
    ///
    /// # Errors
    /// [`Error::NotFound`], also when the user has none; [`Error::Denied`].
    pub async fn avatar(&self, actor: &Actor, id: UserId) -> Result<Vec<u8>, Error> {
        policy::supervise(actor)?;
        let mut unit = self.ports.store.read().await?;
        let kept = unit.users().avatar(&policy::system(), id).await?;
        kept.ok_or(Error::NotFound)
    }

    /// Since when volumes are told.
    fn recent(&self) -> Timestamp {
        self.ports.now() - RECENT
    }
}
