//! Finding a post without its address, or by one that it had.

use super::Blog;
use crate::error::Error;
use crate::ports::store::{Page, PageRequest, PostCard};
use crate::post::Slug;

impl Blog {
    /// Published posts that have a text in title, lead or content, newest first. Nothing of it is
    /// cached: anybody could fill the cache with searches. One search is done at a time, so that however
    /// many ask, all other pages keep their connections to the store.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn search(&self, text: &str, request: &PageRequest) -> Result<Page<PostCard>, Error> {
        let _turn = self.searching.lock().await;
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
