//! The blog as everybody reads it.

use async_trait::async_trait;

use super::page::{Order, paged};
use super::state::{Kept, State};
use super::unit::MemoryUnit;
use crate::id::PostId;
use crate::policy::System;
use crate::ports::StoreError;
use crate::ports::store::{
    BlogRepo, Neighbours, Page, PageRequest, PostCard, PostLink, PublishedPost, SitemapEntry,
};
use crate::post::{PictureName, Post, Slug};
use crate::time::Timestamp;

impl State {
    /// Posts that readers see at `now`, with their dates.
    fn published(&self, now: Timestamp) -> impl Iterator<Item = (&Post, Timestamp)> {
        let live = self.posts.values().filter_map(Kept::live);
        live.filter_map(|post| Some((post, post.state.published_at()?)))
            .filter(move |(_, at)| *at <= now)
    }
}

#[async_trait]
impl BlogRepo for MemoryUnit {
    async fn published(
        &mut self,
        now: Timestamp,
        request: &PageRequest,
    ) -> Result<Page<PostCard>, StoreError> {
        let cards = self.state.published(now).map(|(post, at)| card(post, at));
        Ok(paged(cards, request, Order::Descending, place))
    }

    async fn found(
        &mut self,
        text: &str,
        now: Timestamp,
        request: &PageRequest,
    ) -> Result<Page<PostCard>, StoreError> {
        let text = text.trim().to_lowercase();
        let has_it = |post: &Post| {
            let lead = post.lead.as_ref().map_or("", |lead| lead.as_str());
            let parts = [post.title.as_str(), lead, post.content.as_str()];
            parts.join("\n").to_lowercase().contains(&text)
        };
        let published = self.state.published(now);
        let cards = published.filter(|(post, _)| has_it(post));
        let cards = cards.map(|(post, at)| card(post, at));
        Ok(paged(cards, request, Order::Descending, place))
    }

    async fn moved(&mut self, from: &Slug, now: Timestamp) -> Result<Option<Slug>, StoreError> {
        let Some(id) = self.state.old_slugs.get(from.as_str()) else {
            return Ok(None);
        };
        let mut published = self.state.published(now);
        let found = published.find(|(post, _)| post.id == *id);
        Ok(found.map(|(post, _)| post.slug.clone()))
    }

    async fn by_slug(
        &mut self,
        slug: &Slug,
        now: Timestamp,
    ) -> Result<Option<PublishedPost>, StoreError> {
        let mut published = self.state.published(now);
        let found = published.find(|(post, _)| post.slug == *slug);
        Ok(found.map(|(post, at)| PublishedPost {
            card: card(post, at),
            content: post.content.clone(),
            views: self.state.views(post.id),
        }))
    }

    async fn neighbours(
        &mut self,
        card: &PostCard,
        now: Timestamp,
    ) -> Result<Neighbours, StoreError> {
        let here = (card.published_at, card.id);
        let link = |(post, _): (&Post, Timestamp)| PostLink {
            title: post.title.clone(),
            slug: post.slug.clone(),
        };
        let others = || self.state.published(now);
        let order = |(post, at): &(&Post, Timestamp)| (*at, post.id);
        let older = others().filter(|post| order(post) < here).max_by_key(order);
        let newer = others().filter(|post| order(post) > here).min_by_key(order);
        Ok(Neighbours {
            previous: older.map(link),
            next: newer.map(link),
        })
    }

    async fn next_planned(&mut self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let live = self.state.posts.values().filter_map(Kept::live);
        let dates = live.filter_map(|post| post.state.published_at());
        Ok(dates.filter(|at| *at > now).min())
    }

    async fn addresses(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<SitemapEntry>, StoreError> {
        let mut posts: Vec<_> = self.state.published(now).collect();
        posts.sort_by_key(|(post, at)| std::cmp::Reverse((*at, post.id)));
        let entries = posts.into_iter().take(limit as usize);
        Ok(entries
            .map(|(post, _)| SitemapEntry {
                slug: post.slug.clone(),
                updated_at: post.updated_at,
            })
            .collect())
    }

    async fn picture(&mut self, name: PictureName) -> Result<Option<Vec<u8>>, StoreError> {
        let kept = self.state.pictures.get(&name.hash);
        Ok(kept.map(|(renditions, _)| renditions.of(name.size).data.clone()))
    }

    async fn add_views(
        &mut self,
        _: &System,
        views: &[(PostId, u64)],
    ) -> Result<Vec<(PostId, u64)>, StoreError> {
        let state = self.writable()?;
        let mut sums = Vec::new();
        for (post, more) in views {
            if state.posts.contains_key(post) {
                let sum = state.views(*post) + more;
                state.post_views.insert(*post, sum);
                sums.push((*post, sum));
            }
        }
        Ok(sums)
    }
}

fn card(post: &Post, published_at: Timestamp) -> PostCard {
    PostCard {
        id: post.id,
        title: post.title.clone(),
        slug: post.slug.clone(),
        summary: post.summary(),
        picture: post.picture.clone(),
        published_at,
        updated_at: post.updated_at,
    }
}

/// A text that sorts by date, then by id.
fn place(card: &PostCard) -> String {
    format!("{:020}{}", card.published_at.timestamp_millis(), card.id)
}
