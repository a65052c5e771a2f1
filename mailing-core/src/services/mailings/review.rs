//! What an owner checks before a draft is launched.

use super::forecast::{Forecast, planned, size_of};
use super::{Mailings, find_for};
use crate::error::Error;
use crate::id::{ListId, MailingId};
use crate::mailing::{Audience, Mailing};
use crate::message::Message;
use crate::policy::{self, Actor};
use crate::recipient::{List, ListName, Mailbox};
use crate::sender::Sender;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewItem {
    /// The owner's own address is verified.
    Account,
    /// The sender is verified.
    Sender,
    /// The message has a link to unsubscribe; it is added where the owner wrote none.
    UnsubscribeLink,
    /// The newest version was sent to try it out.
    Tested,
    /// Nothing was typed into the message and left unsaved.
    Saved,
    /// Somebody would get it.
    Recipients,
    /// Something is left to send by its windows.
    Schedule,
    /// No manager stops it.
    NotDisabled,
}

/// What a look came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Passed,
    /// May be meant, and may be forgotten.
    Warns,
    /// A launch is refused.
    Blocks,
}

/// Everything the review page says.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// The mailing.
    pub mailing: Mailing,
    /// The message it sends.
    pub message: Message,
    /// From whom.
    pub from: Mailbox,
    /// The lists it goes to; empty for other audiences.
    pub lists: Vec<ListName>,
    /// When and to how many.
    pub forecast: Forecast,
    /// What was looked at, in the order of [`ReviewItem`].
    pub items: Vec<(ReviewItem, Level)>,
}

impl Review {
    /// True when nothing blocks a launch.
    #[must_use]
    pub fn may_launch(&self) -> bool {
        self.items.iter().all(|(_, level)| *level != Level::Blocks)
    }

    /// What a look came to.
    #[must_use]
    pub fn level(&self, wanted: ReviewItem) -> Option<Level> {
        let found = self.items.iter().find(|(item, _)| *item == wanted);
        found.map(|(_, level)| *level)
    }
}

impl Mailings {
    /// What a launch of this mailing would do, what speaks against it, and what to think of; with the
    /// next `limit` sends.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn review(
        &self,
        actor: &Actor,
        id: MailingId,
        limit: usize,
    ) -> Result<Review, Error> {
        let scope = policy::view::<Mailing>(actor)?;
        let messages = policy::view::<Message>(actor)?;
        let senders = policy::view::<Sender>(actor)?;
        let lists = policy::view::<List>(actor)?;
        let now = self.ports.now();
        let mut unit = self.ports.store.read().await?;
        let mailing = find_for(unit.as_mut(), &scope, id).await?;
        let message = unit.messages().find(&messages, mailing.message).await?;
        let message = message.ok_or(Error::NotFound)?;
        let unsaved = unit.messages().unsaved(&messages, message.id).await?;
        let sender = unit.senders().find(&senders, mailing.sender).await?;
        let sender = sender.ok_or(Error::NotFound)?;
        let mut names = Vec::new();
        for list in listed(&mailing) {
            names.extend(
                unit.lists()
                    .find(&lists, *list)
                    .await?
                    .map(|list| list.name),
            );
        }
        let audience = size_of(unit.as_mut(), &scope, id).await?;
        let forecast = planned(&mailing.schedules(), audience, now, limit)?;
        let sends = forecast.at_once || !forecast.next.is_empty();
        let items = vec![
            (
                ReviewItem::Account,
                blocks_unless(policy::send::<Mailing>(actor).is_ok()),
            ),
            (
                ReviewItem::Sender,
                blocks_unless(sender.verified_at.is_some()),
            ),
            (ReviewItem::UnsubscribeLink, Level::Passed),
            (
                ReviewItem::Tested,
                warns_unless(message.tested == Some(message.current.number)),
            ),
            (ReviewItem::Saved, warns_unless(unsaved.is_none())),
            (ReviewItem::Recipients, blocks_unless(audience.active > 0)),
            (ReviewItem::Schedule, blocks_unless(sends)),
            (
                ReviewItem::NotDisabled,
                blocks_unless(mailing.status.disabled.is_none()),
            ),
        ];
        Ok(Review {
            mailing,
            message,
            from: sender.mailbox,
            lists: names,
            forecast,
            items,
        })
    }
}

fn listed(mailing: &Mailing) -> &[ListId] {
    match &mailing.audience {
        Audience::Lists(lists) => lists,
        Audience::All | Audience::Chosen(_) => &[],
    }
}

const fn blocks_unless(passed: bool) -> Level {
    if passed { Level::Passed } else { Level::Blocks }
}

const fn warns_unless(passed: bool) -> Level {
    if passed { Level::Passed } else { Level::Warns }
}
