//! What forms have done.

use crate::error::Error;
use crate::id::FormId;
use crate::policy::{self, Actor};

use super::ServicePorts;

/// Forms that were sent.
#[derive(Clone)]
pub struct Submissions {
    ports: ServicePorts,
}

impl Submissions {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// What a form of this user was about, if it has done its work: for a form that makes something,
    /// the id of what it made. An [`Actor::submitting`] it does that.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn subject(&self, actor: &Actor, form: FormId) -> Result<Option<String>, Error> {
        let Some(user) = actor.owner() else {
            return Ok(None);
        };
        let mut unit = self.ports.store.read().await?;
        let system = policy::system();
        Ok(unit.submissions().subject(&system, user, form).await?)
    }
}
