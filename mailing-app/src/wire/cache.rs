//! `cache.url` → cache.

use std::sync::Arc;

use mailing_core::ports::{Cache, Clock, Store};

use super::AppError;
use crate::Config;
use crate::cache::MemoryCache;
use crate::config::SecretUrl;

const KEY: &str = "cache.url";
const SCHEMES: &str = "memory:, redis://HOST:PORT/NUMBER, rediss://HOST:PORT/NUMBER";

/// Opens the cache. A shared one is connected on first use: one that is away stops no start.
pub(super) async fn open(
    config: &Config,
    store: &dyn Store,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn Cache>, AppError> {
    let url = &config.cache.url;
    match url.scheme() {
        "memory" => Ok(Arc::new(MemoryCache::new(Arc::clone(clock)))),
        "redis" | "rediss" => shared(url, store, clock).await,
        _ => Err(AppError::unknown_scheme(KEY, url, SCHEMES)),
    }
}

#[cfg(feature = "redis")]
async fn shared(
    url: &SecretUrl,
    store: &dyn Store,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn Cache>, AppError> {
    let database = store.database().await?;
    let cache = crate::cache::RedisCache::new(url.clone(), database, Arc::clone(clock));
    Ok(Arc::new(cache))
}

#[cfg(not(feature = "redis"))]
async fn shared(
    _: &SecretUrl,
    _: &dyn Store,
    _: &Arc<dyn Clock>,
) -> Result<Arc<dyn Cache>, AppError> {
    Err(AppError::feature_off(KEY, "redis"))
}
