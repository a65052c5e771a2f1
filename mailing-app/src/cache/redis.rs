//! A cache that several processes share. While it is dead, slow or talks nonsense it is left alone,
//! and the process keeps values itself: that is slower for the others, and breaks nothing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use cached::stores::{AsyncRedisCache, RedisCacheBuildError, RedisCacheError};
use cached::{ConcurrentCacheTtl as _, ConcurrentCachedAsync as _};
use serde_bytes::ByteBuf;
use tokio::time::timeout;

use mailing_core::id::DatabaseId;
use mailing_core::ports::{Cache, CacheStatistics, Clock};

use super::memory::MemoryCache;
use super::tally::Tally;
use crate::config::SecretUrl;

/// How long an answer may take: no page waits longer, and only those that meet the end of a server.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long getting a connection may take. Nobody waits for it.
const CONNECT: Duration = Duration::from_secs(2);
/// How long a server that failed is left alone.
const PAUSE: Duration = Duration::from_secs(1);
/// How many values may wait to be forgotten; when there are more, all of ours are.
const FORGOTTEN_MAX: usize = 1_000;
/// The form of what is kept. Another version of the service neither reads nor overwrites it.
const FORM: u32 = 1;

type Remote = AsyncRedisCache<String, ByteBuf>;

/// A cache at a Redis server, connected on first use.
pub struct RedisCache {
    shared: Arc<Shared>,
}

struct Shared {
    url: SecretUrl,
    /// Ours among what else is kept there.
    namespace: String,
    clock: Arc<dyn Clock>,
    /// While the server is away.
    own: MemoryCache,
    link: Mutex<Link>,
    tally: Tally,
}

struct Link {
    state: State,
    /// What has to go before anything is believed again.
    forgotten: Forgotten,
}

enum State {
    /// Not before this moment of the monotonic clock.
    Closed(Duration),
    Opening,
    Open(Remote),
}

enum Forgotten {
    Keys(BTreeSet<String>),
    All,
}

/// Why a server is left alone.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("it does not answer in time")]
    Slow,
    #[error(transparent)]
    Build(#[from] RedisCacheBuildError),
    #[error(transparent)]
    Redis(#[from] RedisCacheError),
}

impl RedisCache {
    /// The cache of a database at the server of `url`. Connects to nothing yet.
    #[must_use]
    pub fn new(url: SecretUrl, database: DatabaseId, clock: Arc<dyn Clock>) -> Self {
        let shared = Shared {
            url,
            namespace: format!("mailing:{FORM}:{database}"),
            own: MemoryCache::new(Arc::clone(&clock)),
            clock,
            link: Mutex::new(Link {
                state: State::Closed(Duration::ZERO),
                forgotten: Forgotten::Keys(BTreeSet::new()),
            }),
            tally: Tally::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The server, unless it is away; then somebody may be sent to look whether it is back.
    fn remote(&self) -> Option<Remote> {
        let mut link = self.shared.link();
        match &link.state {
            State::Open(remote) => return Some(remote.clone()),
            State::Closed(until) if *until <= self.shared.clock.monotonic() => {}
            State::Closed(_) | State::Opening => return None,
        }
        link.state = State::Opening;
        drop(link);
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move { shared.open().await });
        None
    }
}

impl Shared {
    fn link(&self) -> MutexGuard<'_, Link> {
        // Nothing panics while it is held; if it did, the link is closed or open as before.
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn open(&self) {
        let opened = match in_time(CONNECT, self.connected()).await {
            Ok(remote) => self.forget_all(remote).await,
            Err(failure) => Err(failure),
        };
        match opened {
            Ok(()) => tracing::info!("the shared cache is used"),
            Err(failure) => self.close(&failure),
        }
    }

    async fn connected(&self) -> Result<Remote, Failure> {
        let builder = Remote::builder("cache")
            .namespace(&self.namespace)
            .connection_string(self.url.reveal());
        Ok(builder.build().await?)
    }

    /// Drops what was to be forgotten meanwhile, and believes the server again.
    async fn forget_all(&self, remote: Remote) -> Result<(), Failure> {
        loop {
            let forgotten = {
                let mut link = self.link();
                if link.forgotten.is_empty() {
                    link.state = State::Open(remote);
                    return Ok(());
                }
                std::mem::replace(&mut link.forgotten, Forgotten::Keys(BTreeSet::new()))
            };
            if let Err(failure) = forgotten.drop_from(&remote).await {
                self.link().forgotten.add(forgotten);
                return Err(failure);
            }
        }
    }

    /// Notes what has to go before the server is believed again; the server, when it is already.
    fn forget_later(&self, key: &str) -> Option<Remote> {
        let mut link = self.link();
        let keys = BTreeSet::from([key.to_owned()]);
        link.forgotten.add(Forgotten::Keys(keys));
        match &link.state {
            State::Open(remote) => Some(remote.clone()),
            State::Closed(_) | State::Opening => None,
        }
    }

    /// Leaves the server alone for a while.
    fn close(&self, failure: &Failure) {
        let until = self.clock.monotonic() + PAUSE;
        let was = std::mem::replace(&mut self.link().state, State::Closed(until));
        match was {
            State::Open(_) => {
                // What was kept in an outage before is not what the others have seen since.
                self.own.clear();
                tracing::warn!(error = %failure, "the shared cache is left alone");
            }
            State::Opening => tracing::debug!(error = %failure, "the shared cache is away"),
            State::Closed(_) => {}
        }
    }
}

impl Forgotten {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Keys(keys) if keys.is_empty())
    }

    fn add(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Keys(keys), Self::Keys(more)) => {
                keys.extend(more);
                if keys.len() > FORGOTTEN_MAX {
                    *self = Self::All;
                }
            }
            (_, Self::All) => *self = Self::All,
            (Self::All, Self::Keys(_)) => {}
        }
    }

    async fn drop_from(&self, remote: &Remote) -> Result<(), Failure> {
        match self {
            Self::All => in_time(CONNECT, async { Ok(remote.async_cache_clear().await?) }).await,
            Self::Keys(keys) => {
                for key in keys {
                    forget(remote, key).await?;
                }
                Ok(())
            }
        }
    }
}

/// What comes within a time.
#[expect(
    clippy::disallowed_methods,
    reason = "the timeout of a socket, which no virtual clock drives"
)]
async fn in_time<T>(
    most: Duration,
    answer: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    timeout(most, answer).await.unwrap_or(Err(Failure::Slow))
}

async fn forget(remote: &Remote, key: &str) -> Result<(), Failure> {
    let key = key.to_owned();
    in_time(PATIENCE, async {
        remote.async_cache_delete(&key).await?;
        Ok(())
    })
    .await
}

#[async_trait]
impl Cache for RedisCache {
    async fn load(&self, key: &str) -> Option<Vec<u8>> {
        let found = match self.remote() {
            None => self.shared.own.load(key).await,
            Some(remote) => {
                let wanted = key.to_owned();
                let answer = async { Ok(remote.async_cache_get(&wanted).await?) };
                match in_time(PATIENCE, answer).await {
                    Ok(value) => value.map(ByteBuf::into_vec),
                    Err(failure) => {
                        self.shared.close(&failure);
                        None
                    }
                }
            }
        };
        self.shared.tally.count(found.is_some());
        found
    }

    async fn store(&self, key: &str, value: Vec<u8>, ttl: Duration) {
        let Some(remote) = self.remote() else {
            return self.shared.own.store(key, value, ttl).await;
        };
        // A clone has a time to live of its own.
        remote.set_ttl(ttl);
        let kept = async {
            remote
                .async_cache_set(key.to_owned(), ByteBuf::from(value))
                .await?;
            Ok(())
        };
        match in_time(PATIENCE, kept).await {
            Ok(()) => {}
            Err(failure @ Failure::Slow) => self.shared.close(&failure),
            // A full server refuses to keep, and goes on to answer; one that is gone is noticed by
            // the next who asks.
            Err(failure) => tracing::debug!(error = %failure, "the shared cache keeps nothing"),
        }
    }

    async fn forget(&self, key: &str) {
        if let Some(remote) = self.remote() {
            match forget(&remote, key).await {
                Ok(()) => return,
                Err(failure) => self.shared.close(&failure),
            }
        }
        self.shared.own.forget(key).await;
        // It may have come back meanwhile, and nobody will drop the key for us any more.
        if let Some(remote) = self.shared.forget_later(key)
            && let Err(failure) = forget(&remote, key).await
        {
            self.shared.close(&failure);
        }
    }

    fn statistics(&self) -> CacheStatistics {
        CacheStatistics {
            is_shared: true,
            is_away: !matches!(self.shared.link().state, State::Open(_)),
            ..self.shared.tally.statistics()
        }
    }
}

#[cfg(test)]
mod tests;
