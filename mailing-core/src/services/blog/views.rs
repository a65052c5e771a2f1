//! Views of posts: counted in this process, written every few seconds.
//!
//! A page comes from the cache, so a view must not wait for the store. A crash loses what the process
//! has counted since it wrote last; nothing else does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Blog;
use super::kept::KEPT;
use crate::error::Error;
use crate::id::PostId;
use crate::policy;

/// Views that are not written yet. Clones count together.
#[derive(Clone, Default)]
pub(super) struct Tally {
    counted: Arc<Mutex<BTreeMap<PostId, u64>>>,
}

impl Tally {
    /// One view more.
    pub(super) fn count(&self, post: PostId) {
        *self.counted().entry(post).or_default() += 1;
    }

    /// How many of a post are not written yet.
    pub(super) fn of(&self, post: PostId) -> u64 {
        self.counted().get(&post).copied().unwrap_or(0)
    }

    fn take(&self) -> Vec<(PostId, u64)> {
        std::mem::take(&mut *self.counted()).into_iter().collect()
    }

    fn put_back(&self, views: &[(PostId, u64)]) {
        let mut counted = self.counted();
        for (post, more) in views {
            *counted.entry(*post).or_default() += more;
        }
    }

    fn counted(&self) -> MutexGuard<'_, BTreeMap<PostId, u64>> {
        // A panic while it was held leaves at worst a view less.
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Blog {
    /// Writes the views that were counted since the last time. The host calls it every few seconds
    /// and before it ends.
    ///
    /// # Errors
    /// When the store does not answer: they are kept for the next time.
    pub async fn flush_views(&self) -> Result<(), Error> {
        let views = self.tally.take();
        if views.is_empty() {
            return Ok(());
        }
        match self.write_views(&views).await {
            Ok(sums) => {
                for (post, sum) in sums {
                    let sum = sum.to_string().into_bytes();
                    self.ports.cache.store(&key(post), sum, KEPT).await;
                }
                Ok(())
            }
            Err(error) => {
                self.tally.put_back(&views);
                Err(error)
            }
        }
    }

    async fn write_views(&self, views: &[(PostId, u64)]) -> Result<Vec<(PostId, u64)>, Error> {
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let scope = policy::system();
                let sums = unit.blog().add_views(&scope, views).await?;
                unit.commit().await?;
                Ok(sums)
            })
            .await
    }

    /// The views of a post that had `known` when it was read: sums only grow, so the greatest one
    /// that is known is the newest.
    pub(super) async fn views(&self, post: PostId, known: u64) -> u64 {
        let written = self.ports.cache.load(&key(post)).await;
        let written = written.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok());
        let written = written.map_or(known, |written: u64| written.max(known));
        written.saturating_add(self.tally.of(post))
    }
}

fn key(post: PostId) -> String {
    format!("blog/1/views/{post}")
}
