//! Mailings.

use chrono::NaiveDateTime;

use super::recipients::owner_or_new;
use super::{Owner, id, message, sender, serial, start};
use crate::id::{ListId, MessageId, RecipientId, SenderId};
use crate::mailing::{
    AmbiguousPolicy, AudienceChoice, LATENESS_DEFAULT, Mailing, MailingEvent, MailingName,
    MailingStatus, Window,
};
use crate::ports::Store;
use crate::schedule::{MissedPolicy, Repeat, Schedule, Windows, Zone};
use crate::time::Timestamp;

/// A local time as it is typed: `2026-03-02T12:00`.
#[must_use]
pub fn local(typed: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M").unwrap()
}

/// A launched mailing to all, once at noon of the first day of tests, in UTC.
#[must_use]
pub fn mailing() -> MailingBuilder {
    MailingBuilder {
        owner: None,
        name: MailingName::parse(&format!("Mailing {}", serial())).unwrap(),
        message: None,
        sender: None,
        audience: AudienceChoice::All,
        zone: Zone::parse("UTC").unwrap(),
        windows: Vec::new(),
        missed: MissedPolicy::default(),
        ambiguous: AmbiguousPolicy::default(),
        events: vec![MailingEvent::Launched],
        next_at: None,
        created_at: start(),
    }
}

/// Builds a mailing.
#[derive(Debug, Clone)]
pub struct MailingBuilder {
    owner: Option<Owner>,
    name: MailingName,
    message: Option<MessageId>,
    sender: Option<SenderId>,
    audience: AudienceChoice,
    zone: Zone,
    windows: Vec<(NaiveDateTime, Option<NaiveDateTime>, Repeat)>,
    missed: MissedPolicy,
    ambiguous: AmbiguousPolicy,
    events: Vec<MailingEvent>,
    next_at: Option<Option<Timestamp>>,
    created_at: Timestamp,
}

impl MailingBuilder {
    /// Of this owner.
    #[must_use]
    pub fn of(mut self, owner: &Owner) -> Self {
        self.owner = Some(owner.clone());
        self
    }

    /// With this name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = MailingName::parse(name).unwrap();
        self
    }

    /// Sending this message.
    #[must_use]
    pub fn message(mut self, message: MessageId) -> Self {
        self.message = Some(message);
        self
    }

    /// From this sender.
    #[must_use]
    pub fn sender(mut self, sender: SenderId) -> Self {
        self.sender = Some(sender);
        self
    }

    /// To these recipients.
    #[must_use]
    pub fn to(mut self, recipients: &[RecipientId]) -> Self {
        self.audience = AudienceChoice::Chosen(recipients.to_vec());
        self
    }

    /// To the members of these lists.
    #[must_use]
    pub fn to_lists(mut self, lists: &[ListId]) -> Self {
        self.audience = AudienceChoice::Lists(lists.to_vec());
        self
    }

    /// Planned in this zone.
    #[must_use]
    pub fn zone(mut self, name: &str) -> Self {
        self.zone = Zone::parse(name).unwrap();
        self
    }

    /// With a window of one send, at this local time.
    #[must_use]
    pub fn once(self, at: &str) -> Self {
        self.window(at, None, Repeat::Once)
    }

    /// With a window of daily sends, the first at this local time.
    #[must_use]
    pub fn daily(self, from: &str) -> Self {
        self.window(from, None, Repeat::Daily { every: 1 })
    }

    /// With one more window: first send, end, repetition.
    #[must_use]
    pub fn window(mut self, from: &str, until: Option<&str>, repeat: Repeat) -> Self {
        self.windows.push((local(from), until.map(local), repeat));
        self
    }

    /// With this rule for what was missed.
    #[must_use]
    pub fn missed(mut self, policy: MissedPolicy) -> Self {
        self.missed = policy;
        self
    }

    /// Sending once more what ended in doubt.
    #[must_use]
    pub fn retrying_doubts(mut self) -> Self {
        self.ambiguous = AmbiguousPolicy::Retry;
        self
    }

    /// Saved, not launched.
    #[must_use]
    pub fn draft(mut self) -> Self {
        self.events.clear();
        self
    }

    /// To which this happened, too.
    #[must_use]
    pub fn after(mut self, event: MailingEvent) -> Self {
        self.events.push(event);
        self
    }

    /// With this as its next planned instant, whatever its windows say.
    #[must_use]
    pub fn next_at(mut self, at: Option<Timestamp>) -> Self {
        self.next_at = Some(at);
        self
    }

    /// Made then.
    #[must_use]
    pub fn made(mut self, at: Timestamp) -> Self {
        self.created_at = at;
        self
    }

    /// The mailing alone. Message and sender that were not given are nobody's.
    #[must_use]
    pub fn build(self) -> Mailing {
        let windows = self.schedules();
        let status = self
            .events
            .iter()
            .try_fold(MailingStatus::draft(), |status, event| {
                status.apply(event.clone(), start())
            })
            .unwrap();
        let planned = match self.events.is_empty() {
            true => None,
            false => Windows::new(windows.clone())
                .unwrap()
                .next_at_or_after(start())
                .map(|occurrence| occurrence.at),
        };
        Mailing {
            id: id(self.created_at),
            owner: self.owner.map_or_else(|| id(start()), |owner| owner.id()),
            name: self.name,
            message: self.message.unwrap_or_else(|| id(start())),
            sender: self.sender.unwrap_or_else(|| id(start())),
            audience: self.audience.kept(),
            zone: self.zone,
            windows: windows
                .into_iter()
                .map(|schedule| Window {
                    id: id(start()),
                    schedule,
                })
                .collect(),
            missed: self.missed,
            lateness: LATENESS_DEFAULT,
            ambiguous: self.ambiguous,
            status,
            next_at: self.next_at.unwrap_or(planned),
            version: 1,
            created_at: self.created_at,
        }
    }

    /// The mailing in the store, with message and sender.
    pub async fn saved(mut self, store: &dyn Store) -> Mailing {
        let of = owner_or_new(self.owner.as_ref(), store).await;
        if self.message.is_none() {
            self.message = Some(message().of(&of).saved(store).await.id);
        }
        if self.sender.is_none() {
            self.sender = Some(sender().of(&of).saved(store).await.id);
        }
        let chosen = self.audience.chosen();
        let mailing = self.of(&of).build();
        let mut unit = store.write().await.unwrap();
        unit.mailings()
            .insert(&of.edit(), &mailing, &chosen)
            .await
            .unwrap();
        unit.commit().await.unwrap();
        mailing
    }

    fn schedules(&self) -> Vec<Schedule> {
        let noon = (local("2026-03-02T12:00"), None, Repeat::Once);
        let windows = match self.windows.is_empty() {
            true => vec![noon],
            false => self.windows.clone(),
        };
        windows
            .into_iter()
            .map(|(from, until, repeat)| {
                Schedule::new(from, self.zone, until, repeat, Default::default(), None).unwrap()
            })
            .collect()
    }
}
