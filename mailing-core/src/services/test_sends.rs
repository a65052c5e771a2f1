//! Test sends: whether an owner may send one, and what it holds.

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, FieldError, Refusal};
use crate::id::{MessageId, RecipientId};
use crate::message::{Message, TEST_ADDRESSES_MAX, TESTS_A_DAY, TestSend};
use crate::policy::{self, Action, Actor};
use crate::ports::Unit;
use crate::ports::store::SignInFailures;
use crate::recipient::{Attributes, EmailAddress, Mailbox, Recipient};
use crate::sender::Sender;
use crate::time::Timestamp;

use super::ServicePorts;

/// Test sends.
#[derive(Clone)]
pub struct TestSends {
    ports: ServicePorts,
}

impl TestSends {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Takes a test of a message to up to five addresses, twenty a day, filled with the values of
    /// `recipient`. The engine sends it ([`Engine::send_test`](crate::engine::Engine::send_test)).
    ///
    /// # Errors
    /// [`Error::Invalid`] at `to` or `sender`; [`Error::Throttled`]; [`Error::NotFound`] for the
    /// message or the recipient; [`Error::Denied`].
    pub async fn take(
        &self,
        actor: &Actor,
        message: MessageId,
        to: &[String],
        recipient: Option<RecipientId>,
    ) -> Result<TestSend, Error> {
        policy::require(actor, Action::Send)?;
        let scope = policy::edit::<Message>(actor)?;
        let recipients = policy::view::<Recipient>(actor)?;
        let senders = policy::view::<Sender>(actor)?;
        let to = addresses(to)?;
        let (scope, recipients, senders, to) = (&scope, &recipients, &senders, &to);
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let found = unit.messages().find(scope.view(), message).await?;
                let version = found.ok_or(Error::NotFound)?.current;
                let content = version.content;
                let filled = match recipient {
                    None => None,
                    Some(id) => {
                        let found = unit.recipients().find(recipients, id).await?;
                        Some(found.ok_or(Error::NotFound)?)
                    }
                };
                let from = Sender::of_choice(unit.senders().list(senders).await?)
                    .filter(|sender| sender.verified_at.is_some())
                    .ok_or_else(|| Error::field("sender", code::SENDER_NOT_VERIFIED))?;
                let system = policy::system();
                let owner = unit.users().find(&system, scope.owner()).await?;
                let owner = owner.ok_or(Error::NotFound)?;
                let key = format!("test:{}", scope.owner());
                count(unit.as_mut(), &key, to.len(), now).await?;
                unit.messages()
                    .mark_tested(scope, message, version.number)
                    .await?;
                self.ports
                    .audit(unit.as_mut(), actor, Deed::TestMessage, message, now)
                    .await?;
                unit.commit().await?;
                let (name, attributes) = filled.map_or((None, Attributes::default()), |filled| {
                    (filled.full_name, filled.attributes)
                });
                let to = to.iter().map(|address| Mailbox {
                    name: name.clone(),
                    address: address.clone(),
                });
                Ok(TestSend {
                    owner: scope.owner(),
                    content,
                    from: from.mailbox,
                    to: to.collect(),
                    attributes,
                    language: owner.language,
                    zone: owner.zone,
                })
            })
            .await
    }
}

fn addresses(typed: &[String]) -> Result<Vec<EmailAddress>, Error> {
    if typed.is_empty() {
        return Err(Error::field("to", code::REQUIRED));
    }
    if typed.len() > TEST_ADDRESSES_MAX {
        let refusal = Refusal::new(code::TEST_ADDRESSES).with("max", TEST_ADDRESSES_MAX);
        return Err(Error::field("to", refusal));
    }
    let parsed = typed.iter().map(|one| EmailAddress::parse(one));
    parsed
        .collect::<Result<_, _>>()
        .map_err(|e| Error::Invalid(vec![FieldError::new("to", e.code())]))
}

/// Counts tests against the limit of a day, from the first one on.
async fn count(unit: &mut dyn Unit, key: &str, more: usize, now: Timestamp) -> Result<(), Error> {
    let system = policy::system();
    let day = chrono::Duration::days(1);
    let so_far = unit.throttle().find(&system, key).await?;
    let mut counted = so_far
        .filter(|counted| now - counted.since < day)
        .unwrap_or(SignInFailures {
            count: 0,
            since: now,
            blocked_until: None,
        });
    let more = u32::try_from(more).unwrap_or(u32::MAX);
    counted.count = counted.count.saturating_add(more);
    if counted.count > TESTS_A_DAY {
        let hours = (counted.since + day - now).num_hours() + 1;
        let refusal = Refusal::new(code::TEST_LIMIT)
            .with("max", i64::from(TESTS_A_DAY))
            .with("hours", hours);
        return Err(Error::Throttled(refusal));
    }
    Ok(unit.throttle().set(&system, key, Some(&counted)).await?)
}
