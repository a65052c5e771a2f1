//! What the blog keeps in the cache.
//!
//! Keys carry a generation, a random number that is kept in the cache itself. Whoever changes a post
//! throws the generation away after the commit: from then on nothing that was read before is found,
//! not even what a slow reader still puts under the old number. A value is fresh for a minute, or
//! until the next planned post is to be seen; an older one is for when the store does not answer.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::ports::store::BlogRepo;
use crate::services::ServicePorts;
use crate::time::Timestamp;

/// Where the generation is kept. The number says how the values are written.
const GENERATION: &str = "blog/1/generation";
/// A value is at most this old while the store answers.
const FRESH: Duration = Duration::from_secs(60);
/// Older ones are kept this long for when it does not.
pub(super) const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A value from the cache.
pub(super) struct Kept {
    /// As it was put there.
    pub(super) value: Vec<u8>,
    /// False when it is for bad times only.
    pub(super) is_fresh: bool,
}

impl ServicePorts {
    /// Tells the blog that a post was changed, in whatever way readers could see.
    pub(in crate::services) async fn blog_changed(&self) {
        self.cache.forget(GENERATION).await;
    }

    /// The key of `name` in the generation of today.
    pub(super) async fn blog_key(&self, name: &str) -> String {
        let kept = self.cache.load(GENERATION).await;
        let generation = match kept.and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(generation) => generation,
            None => {
                let mut random = [0; 8];
                self.entropy.fill(&mut random);
                let generation = format!("{:016x}", u64::from_le_bytes(random));
                let value = generation.clone().into_bytes();
                self.cache.store(GENERATION, value, KEPT).await;
                generation
            }
        };
        format!("blog/1/{generation}/{name}")
    }

    /// What is kept under a key. What another program has written there is nothing.
    pub(super) async fn blog_kept(&self, key: &str, now: Timestamp) -> Option<Kept> {
        let mut value = self.cache.load(key).await?;
        let end = value.iter().position(|byte| *byte == b'\n')?;
        let until: Timestamp = serde_json::from_slice(&value[..end]).ok()?;
        value.drain(..=end);
        Some(Kept {
            value,
            is_fresh: now < until,
        })
    }

    /// Keeps a value.
    pub(super) async fn blog_keep(&self, key: &str, value: &[u8], until: Timestamp) {
        // An instant is written without fail; were it not, the value would only never be found.
        let mut kept = serde_json::to_vec(&until).unwrap_or_default();
        kept.push(b'\n');
        kept.extend_from_slice(value);
        self.cache.store(key, kept, KEPT).await;
    }

    /// What is kept under a name, or what `read` finds in the store; the older one when the store
    /// does not answer.
    pub(super) async fn blog_value<T, F>(
        &self,
        name: &str,
        read: impl FnOnce(Timestamp) -> F + Send,
    ) -> Result<T, Error>
    where
        T: Serialize + DeserializeOwned + Send + Sync,
        F: Future<Output = Result<(T, Timestamp), Error>> + Send,
    {
        let now = self.now();
        let key = self.blog_key(name).await;
        let kept = self.blog_kept(&key, now).await;
        let is_fresh = kept.as_ref().is_some_and(|kept| kept.is_fresh);
        let kept: Option<T> = kept.and_then(|kept| serde_json::from_slice(&kept.value).ok());
        match kept {
            Some(value) if is_fresh => Ok(value),
            older => match read(now).await {
                Ok((value, until)) => {
                    if let Ok(bytes) = serde_json::to_vec(&value) {
                        self.blog_keep(&key, &bytes, until).await;
                    }
                    Ok(value)
                }
                Err(error @ Error::Unavailable(..)) => older.ok_or(error),
                Err(error) => Err(error),
            },
        }
    }
}

/// Until when what is read now is fresh.
pub(super) async fn fresh_until(
    blog: &mut dyn BlogRepo,
    now: Timestamp,
) -> Result<Timestamp, Error> {
    let planned = blog.next_planned(now).await?;
    let later = now + FRESH;
    Ok(planned.map_or(later, |planned| planned.min(later)))
}
