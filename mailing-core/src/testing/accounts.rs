//! Passwords without the work, a cache without a time.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use crate::ports::{Cache, CacheStatistics, HasherBusy, PasswordHasher};
use crate::user::{Password, PasswordHash};

/// Hashes nothing: what is slow on purpose has its tests where it is implemented.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainHasher;

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HasherBusy> {
        Ok(PasswordHash::new(format!("plain:{}", password.reveal())))
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HasherBusy> {
        let plain = format!("plain:{}", password.reveal());
        Ok(hash.is_some_and(|hash| hash.reveal() == plain))
    }

    fn is_outdated(&self, _: &PasswordHash) -> bool {
        false
    }
}

/// A cache that keeps everything until it is told to forget it.
#[derive(Debug, Default)]
pub struct KeepingCache {
    values: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl KeepingCache {
    /// Puts `junk` under every key, as a program of another version would.
    pub fn overwrite(&self, junk: &[u8]) {
        for value in self.values().values_mut() {
            junk.clone_into(value);
        }
    }

    fn values(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Cache for KeepingCache {
    async fn load(&self, key: &str) -> Option<Vec<u8>> {
        self.values().get(key).cloned()
    }

    async fn store(&self, key: &str, value: Vec<u8>, _: Duration) {
        self.values().insert(key.to_owned(), value);
    }

    async fn forget(&self, key: &str) {
        self.values().remove(key);
    }

    fn statistics(&self) -> CacheStatistics {
        CacheStatistics::default()
    }
}
