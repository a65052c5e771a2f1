//! What the services stand on.

use std::sync::Arc;

use crate::audit::{Deed, Entry};
use crate::error::Error;
use crate::events::Events;
use crate::letter::{Letter, SystemMail};
use crate::links::LinkKeys;
use crate::policy::{self, Actor};
use crate::ports::store::Submitted;
use crate::ports::{Cache, Clock, Entropy, PasswordHasher, Pictures, Store, StoreError, Unit};
use crate::recipient::EmailAddress;
use crate::seal::SealingKey;
use crate::time::{Timestamp, to_millis};
use crate::user::Language;

use super::rehearsal::Rehearsal;

/// How often a use case is done again when two transactions met.
const TRIES: usize = 3;

/// The ports that the services use. Cheap to clone.
#[derive(Clone)]
pub struct ServicePorts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Password hashing.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Pictures that people upload.
    pub pictures: Arc<dyn Pictures>,
    /// Cached numbers.
    pub cache: Arc<dyn Cache>,
    /// Who wants to know of changes.
    pub events: Events,
    /// Keys of links in mails.
    pub links: LinkKeys,
    /// Seals letters and secrets.
    pub seals: SealingKey,
}

impl ServicePorts {
    /// The same ports for a rehearsal: every use case is checked and answered as if it were carried
    /// out, nothing is kept, and nobody is told.
    #[must_use]
    pub fn rehearsal(&self) -> Self {
        Self {
            store: Arc::new(Rehearsal(Arc::clone(&self.store))),
            events: Events::default(),
            ..self.clone()
        }
    }

    /// Now, in the precision that is stored.
    pub(super) fn now(&self) -> Timestamp {
        to_millis(self.clock.now())
    }

    /// Writes an audit entry into the unit. If the actor is sending a form, this is also where it is
    /// noted: in the transaction of what it does.
    pub(super) async fn audit(
        &self,
        unit: &mut dyn Unit,
        actor: &Actor,
        deed: Deed,
        subject: impl ToString + Send,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let subject = subject.to_string();
        if let (Some(submission), Some(user)) = (actor.submission(), actor.owner()) {
            let (system, subject, at) = (policy::system(), subject.as_str(), now);
            let what = Submitted {
                user,
                submission,
                subject,
                at,
            };
            if !unit.submissions().note(&system, &what).await? {
                return Err(StoreError::Conflict {
                    constraint: "submissions.key",
                });
            }
        }
        let entry = Entry::new(actor, deed, subject, now, self.entropy.as_ref());
        unit.audit().add(&entry).await
    }

    /// Writes a letter into the unit. It is sent once the unit is committed.
    pub(super) async fn post(
        &self,
        unit: &mut dyn Unit,
        to: &EmailAddress,
        language: Language,
        letter: &Letter,
    ) -> Result<(), Error> {
        let (now, entropy) = (self.now(), self.entropy.as_ref());
        let mail = SystemMail::written(letter, to, language, now, entropy, &self.seals);
        let mail = mail.map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(unit.system_mails().add(&policy::system(), &mail).await?)
    }

    /// Does a whole use case again while its transaction meets others.
    pub(super) async fn attempt<T, F, Case>(&self, case: Case) -> Result<T, Error>
    where
        Case: Fn() -> F + Send + Sync,
        F: Future<Output = Result<T, Error>> + Send,
    {
        for _ in 1..TRIES {
            match case().await {
                Err(error) if met_another(&error) => {}
                ended => return ended,
            }
        }
        case().await
    }
}

fn met_another(error: &Error) -> bool {
    let Error::Unavailable(_, Some(source)) = error else {
        return false;
    };
    matches!(
        source.downcast_ref::<StoreError>(),
        Some(StoreError::Retry(_))
    )
}
