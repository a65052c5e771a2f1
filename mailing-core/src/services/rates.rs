//! Rates that are set while running.

use std::collections::BTreeMap;

use crate::audit::Deed;
use crate::code;
use crate::error::{Error, Refusal};
use crate::policy::{self, Action, Actor};
use crate::ports::Unit;
use crate::rate::{RateKey, RateLimit};
use crate::recipient::EmailAddress;

use super::ServicePorts;

/// What stands for the mail server where rates are named.
const SERVER: &str = "server";

/// A limit in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRate {
    /// `server`, the address of an owner, or a recipient domain.
    pub target: String,
    /// What holds.
    pub limit: RateLimit,
}

/// Rates that are set while running. They win over the configuration's, and all workers go by them
/// within a few seconds.
#[derive(Clone)]
pub struct Rates {
    ports: ServicePorts,
}

impl Rates {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Every limit that is set: domains, owners, the server.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor administers the system.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<SetRate>, Error> {
        policy::require(actor, Action::ViewSystem)?;
        let mut unit = self.ports.store.read().await?;
        let limits = unit.rates().limits(&policy::system()).await?;
        named(unit.as_mut(), limits).await
    }

    /// Sets the limit of `server`, of an owner by address, or of a recipient domain: "100 per
    /// minute", "unlimited".
    ///
    /// # Errors
    /// [`Error::Invalid`] at `target` or `rate`; [`Error::Denied`] unless the actor sets rates.
    pub async fn set(&self, actor: &Actor, target: &str, rate: &str) -> Result<SetRate, Error> {
        policy::require(actor, Action::SetRates)?;
        let limit: RateLimit = rate
            .parse()
            .map_err(|error| Error::field("rate", Refusal::from(error)))?;
        let target = self.write(actor, target, Some(limit)).await?;
        Ok(SetRate { target, limit })
    }

    /// Takes a limit back: what the configuration says holds again.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `target`; [`Error::Denied`] unless the actor sets rates.
    pub async fn clear(&self, actor: &Actor, target: &str) -> Result<String, Error> {
        policy::require(actor, Action::SetRates)?;
        self.write(actor, target, None).await
    }

    /// Writes or clears a limit; the target's name as it is known.
    async fn write(
        &self,
        actor: &Actor,
        target: &str,
        limit: Option<RateLimit>,
    ) -> Result<String, Error> {
        let mut unit = self.ports.store.write().await?;
        let (key, name) = key(unit.as_mut(), target).await?;
        unit.rates().set(&policy::system(), &key, limit).await?;
        let words = limit.map_or_else(|| "default".to_owned(), |limit| limit.to_string());
        let subject = format!("{key} {words}");
        let now = self.ports.now();
        self.ports
            .audit(unit.as_mut(), actor, Deed::SetRate, subject, now)
            .await?;
        unit.commit().await?;
        Ok(name)
    }
}

/// What is meant by a target, and its name.
async fn key(unit: &mut dyn Unit, target: &str) -> Result<(RateKey, String), Error> {
    let target = target.trim();
    if target.eq_ignore_ascii_case(SERVER) {
        return Ok((RateKey::Server, SERVER.to_owned()));
    }
    if !target.contains('@') {
        let key = RateKey::domain(target).map_err(|_| Error::field("target", code::RATE_TARGET))?;
        let RateKey::Domain(domain) = &key else {
            return Err(Error::field("target", code::RATE_TARGET));
        };
        let name = domain.clone();
        return Ok((key, name));
    }
    let unknown = || {
        let refusal = Refusal::new(code::USER_UNKNOWN).with("email", target);
        Error::field("target", refusal)
    };
    let address = EmailAddress::parse(target).map_err(|_| unknown())?;
    let user = unit
        .users()
        .find_by_email(&policy::system(), &address)
        .await?
        .ok_or_else(unknown)?;
    Ok((RateKey::Owner(user.id), user.email.to_string()))
}

async fn named(
    unit: &mut dyn Unit,
    limits: BTreeMap<RateKey, RateLimit>,
) -> Result<Vec<SetRate>, Error> {
    let mut all = Vec::with_capacity(limits.len());
    for (key, limit) in limits {
        let target = match key {
            RateKey::Server => SERVER.to_owned(),
            RateKey::Domain(domain) => domain,
            RateKey::Owner(id) => match unit.users().find(&policy::system(), id).await? {
                Some(user) => user.email.to_string(),
                None => id.to_string(),
            },
        };
        all.push(SetRate { target, limit });
    }
    Ok(all)
}
