//! A few posts by chance, others on each visit, while all of them come from the cache.

use super::kept::fresh_until;
use super::{Blog, CARDS_MAX};
use crate::error::Error;
use crate::ports::Entropy;
use crate::ports::store::{PageRequest, PostCard};
use crate::time::Timestamp;

/// Under what name the cards are kept: one a line, so that a visit reads only those that it shows.
const NAME: &str = "cards";

impl Blog {
    /// So many posts of the newest 500, chosen anew each time; fewer when there are fewer.
    ///
    /// # Errors
    /// When the store does not answer and nothing is cached.
    pub async fn random(&self, count: usize) -> Result<Vec<PostCard>, Error> {
        let now = self.ports.now();
        let key = self.ports.blog_key(NAME).await;
        let kept = self.ports.blog_kept(&key, now).await;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.is_fresh)
            && let Some(chosen) = choose(&kept.value, count, self.ports.entropy.as_ref())
        {
            return Ok(chosen);
        }
        let lines = match self.cards(now).await {
            Ok((lines, until)) => {
                self.ports.blog_keep(&key, &lines, until).await;
                lines
            }
            Err(error) => kept.map(|kept| kept.value).ok_or(error)?,
        };
        Ok(choose(&lines, count, self.ports.entropy.as_ref()).unwrap_or_default())
    }

    async fn cards(&self, now: Timestamp) -> Result<(Vec<u8>, Timestamp), Error> {
        let mut unit = self.ports.store.read().await?;
        let request = PageRequest::first(CARDS_MAX);
        let cards = unit.blog().published(now, &request).await?.items;
        let until = fresh_until(unit.blog(), now).await?;
        let lines = cards
            .iter()
            .filter_map(|card| serde_json::to_vec(card).ok());
        Ok((lines.collect::<Vec<_>>().join(&b'\n'), until))
    }
}

/// So many cards of these lines, by chance. `None` when one of them is no card: another program has
/// written them.
fn choose(lines: &[u8], count: usize, entropy: &dyn Entropy) -> Option<Vec<PostCard>> {
    let mut lines: Vec<_> = lines.split(|byte| *byte == b'\n').collect();
    lines.retain(|line| !line.is_empty());
    let count = count.min(lines.len());
    for place in 0..count {
        let rest = (lines.len() - place) as u64;
        let step = usize::try_from(entropy.below(rest)).unwrap_or(0);
        lines.swap(place, place + step);
    }
    let chosen = lines[..count].iter();
    chosen
        .map(|line| serde_json::from_slice(line).ok())
        .collect()
}
