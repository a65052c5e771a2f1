//! Finding a post without its address, or by one that it had.

use tokio::sync::{Semaphore, SemaphorePermit};

use super::Blog;
use crate::error::Error;
use crate::ports::StoreError;
use crate::ports::store::{Page, PageRequest, PostCard};
use crate::post::Slug;

/// Searches at the same time: each reads whole posts, and anybody may ask for as many as he likes.
const SEARCHES: usize = 2;
/// Those that are done and those that wait for it.
const SEARCHERS: usize = 20;

/// Whose turn it is to search.
pub(super) struct Searching {
    turns: Semaphore,
    places: Semaphore,
}

impl Default for Searching {
    fn default() -> Self {
        Self {
            turns: Semaphore::new(SEARCHES),
            places: Semaphore::new(SEARCHERS),
        }
    }
}

impl Searching {
    /// A turn, until it is dropped; in the order in which they ask.
    async fn turn(&self) -> Result<[SemaphorePermit<'_>; 2], StoreError> {
        let place = self.places.try_acquire().map_err(|_| StoreError::Busy)?;
        let turn = self.turns.acquire().await.map_err(|_| StoreError::Busy)?;
        Ok([turn, place])
    }
}

impl Blog {
    /// Published posts that have a text in title, lead or content, newest first. Nothing of it is
    /// cached: anybody could fill the cache with searches. Two are done at a time and some wait their turn,
    /// so that however many ask, all other pages keep their connections to the store.
    ///
    /// # Errors
    /// When the store does not answer, or too many are waiting.
    pub async fn search(&self, text: &str, request: &PageRequest) -> Result<Page<PostCard>, Error> {
        let _turn = self.searching.turn().await?;
        let now = self.ports.now();
        let mut unit = self.ports.store.read().await?;
        Ok(unit.blog().found(text, now, request).await?)
    }

    /// The address of the post that had another one while it was published. It is no address that
    /// leads further.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn moved(&self, from: &str) -> Result<Option<Slug>, Error> {
        let Ok(from) = from.parse::<Slug>() else {
            return Ok(None);
        };
        let now = self.ports.now();
        let mut unit = self.ports.store.read().await?;
        Ok(unit.blog().moved(&from, now).await?)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn some_search_some_wait_and_the_others_are_told_that_it_is_busy() {
        let searching = Searching::default();
        let now = || searching.turn().now_or_never();
        let held: Vec<_> = (0..SEARCHES).map(|_| now().unwrap().unwrap()).collect();
        let mut waiting: Vec<_> = (SEARCHES..SEARCHERS)
            .map(|_| Box::pin(searching.turn()))
            .collect();
        for one in &mut waiting {
            assert!(one.as_mut().now_or_never().is_none(), "it waits");
        }
        assert!(matches!(now(), Some(Err(StoreError::Busy))));
        drop(held);
        let next: Vec<_> = waiting
            .iter_mut()
            .filter_map(|one| one.as_mut().now_or_never())
            .collect();
        assert_eq!(next.len(), SEARCHES);
    }
}
