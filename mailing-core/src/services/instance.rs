//! The settings of the instance.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::audit::Deed;
use crate::code;
use crate::error::Error;
use crate::instance::{InstanceSettings, KeptSettings, SettingsDraft};
use crate::policy::{self, Action, Actor};
use crate::ports::Unit;
use crate::time::Timestamp;

use super::ServicePorts;

const KEY: &str = "instance/settings";
/// Settings are at most this old while the store answers: other processes change them, too.
const FRESH: Duration = Duration::from_secs(60);
/// Older ones are kept this long for when it does not.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// The settings as the cache holds them.
#[derive(Serialize, Deserialize)]
struct Cached {
    content: String,
    at: Timestamp,
}

/// The settings of the instance.
#[derive(Clone)]
pub struct Instance {
    ports: ServicePorts,
}

impl Instance {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// The settings, which are no secret: at most a minute old, older while the store does not answer.
    ///
    /// # Errors
    /// When the store does not answer and nothing is cached.
    pub async fn settings(&self) -> Result<InstanceSettings, Error> {
        self.ports.settings().await
    }

    /// The settings as they are now, with the version that is to be edited.
    ///
    /// # Errors
    /// [`Error::Denied`] unless the actor administers the instance.
    pub async fn kept(&self, actor: &Actor) -> Result<KeptSettings, Error> {
        policy::require(actor, Action::EditSettings)?;
        let mut unit = self.ports.store.read().await?;
        let kept = unit.settings().find(&policy::system()).await?;
        Ok(kept.unwrap_or_default())
    }

    /// Saves what was typed over version `seen`.
    ///
    /// # Errors
    /// [`Error::Invalid`] as [`SettingsDraft::check`]; `changed_meanwhile`; [`Error::Denied`].
    pub async fn save(
        &self,
        actor: &Actor,
        seen: u32,
        draft: &SettingsDraft,
    ) -> Result<KeptSettings, Error> {
        policy::require(actor, Action::EditSettings)?;
        let kept = KeptSettings {
            settings: draft.check()?,
            version: seen.saturating_add(1),
        };
        let kept = &kept;
        self.ports
            .attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                if !unit.settings().put(&policy::system(), kept, now).await? {
                    return Err(Error::conflict(code::CHANGED_MEANWHILE));
                }
                let what = kept.settings.blog_writers.as_str();
                self.ports
                    .audit(unit.as_mut(), actor, Deed::EditSettings, what, now)
                    .await?;
                unit.commit().await?;
                Ok(())
            })
            .await?;
        self.ports.cache.forget(KEY).await;
        Ok(kept.clone())
    }
}

impl ServicePorts {
    /// The settings of the instance as [`Instance::settings`] gives them.
    pub(super) async fn settings(&self) -> Result<InstanceSettings, Error> {
        let now = self.now();
        let cached = self.cached_settings().await;
        if let Some((at, settings)) = &cached
            && (now - *at).to_std().is_ok_and(|age| age < FRESH)
        {
            return Ok(settings.clone());
        }
        match self.read_settings().await {
            Ok(settings) => {
                let content = settings.to_content();
                if let Ok(bytes) = serde_json::to_vec(&Cached { content, at: now }) {
                    self.cache.store(KEY, bytes, KEPT).await;
                }
                Ok(settings)
            }
            Err(error) => cached.map(|(_, settings)| settings).ok_or(error),
        }
    }

    /// The settings in the transaction of what depends on them: never older than that.
    pub(super) async fn settings_in(&self, unit: &mut dyn Unit) -> Result<InstanceSettings, Error> {
        let kept = unit.settings().find(&policy::system()).await?;
        Ok(kept.unwrap_or_default().settings)
    }

    async fn read_settings(&self) -> Result<InstanceSettings, Error> {
        let mut unit = self.store.read().await?;
        self.settings_in(unit.as_mut()).await
    }

    async fn cached_settings(&self) -> Option<(Timestamp, InstanceSettings)> {
        let bytes = self.cache.load(KEY).await?;
        let cached: Cached = serde_json::from_slice(&bytes).ok()?;
        Some((cached.at, InstanceSettings::from_content(&cached.content)?))
    }
}
