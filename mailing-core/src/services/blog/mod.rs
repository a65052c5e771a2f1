//! The blog as everybody reads it. Nobody is asked who they are: what is published is for all.

mod finding;
mod kept;
mod random;
mod views;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::ports::store::{Neighbours, Page, PageRequest, PostCard, PostLink, SitemapEntry};
use crate::post::{PictureName, Slug, Visit};
use crate::time::Timestamp;

use self::finding::Searching;
use self::kept::fresh_until;
use self::views::Tally;
use super::ServicePorts;

/// Most posts that the home page chooses from: the newest ones.
const CARDS_MAX: u32 = 500;
/// So many posts are in the feed.
const FEED_MAX: u32 = 20;
/// Most addresses of a site map (<https://www.sitemaps.org/protocol.html>).
const SITEMAP_MAX: u32 = 50_000;

/// A post as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlogPost {
    /// What lists show.
    pub card: PostCard,
    /// The text, sanitised.
    pub html: String,
    /// How often readers have opened it, this time included.
    pub views: u64,
    /// The next older post.
    pub previous: Option<PostLink>,
    /// The next newer post.
    pub next: Option<PostLink>,
}

/// A post's page as it is cached.
#[derive(Serialize, Deserialize)]
struct Read {
    card: PostCard,
    html: String,
    views: u64,
    neighbours: Neighbours,
}

/// The blog.
#[derive(Clone)]
pub struct Blog {
    ports: ServicePorts,
    tally: Tally,
    searching: Arc<Searching>,
}

impl Blog {
    pub(super) fn new(ports: ServicePorts) -> Self {
        Self {
            ports,
            tally: Tally::default(),
            searching: Arc::default(),
        }
    }

    /// Published posts, newest first.
    ///
    /// # Errors
    /// When the store does not answer and the page is not cached.
    pub async fn page(&self, request: &PageRequest) -> Result<Page<PostCard>, Error> {
        if request.after.is_some() {
            // Anybody could fill the cache with pages that nobody reads.
            let (page, _) = self.read_page(request, self.ports.now()).await?;
            return Ok(page);
        }
        let name = format!("page/{}", request.limit());
        let read = |now| async move {
            let (page, until) = self.read_page(request, now).await?;
            let next = page.next.map(|next| next.as_str().to_owned());
            Ok(((page.items, next), until))
        };
        let kept: (Vec<PostCard>, Option<String>) = self.ports.blog_value(&name, read).await?;
        let (items, next) = kept;
        Ok(Page {
            items,
            next: next.map(crate::ports::store::Cursor::new),
        })
    }

    /// The newest posts, for the feed.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn feed(&self) -> Result<Vec<PostCard>, Error> {
        Ok(self.page(&PageRequest::first(FEED_MAX)).await?.items)
    }

    /// The post at an address. Counts the visit if a person made it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what readers do not see; when the store does not answer and the post
    /// is not cached.
    pub async fn post(&self, slug: &str, visit: &Visit<'_>) -> Result<BlogPost, Error> {
        let slug: &Slug = &slug.parse().map_err(|_| Error::NotFound)?;
        let read: Read = self
            .ports
            .blog_value(&format!("post/{slug}"), |now| self.read_post(slug, now))
            .await?;
        if visit.is_read() {
            self.tally.count(read.card.id);
        }
        let views = self.views(read.card.id, read.views).await;
        let Neighbours { previous, next } = read.neighbours;
        Ok(BlogPost {
            card: read.card,
            html: read.html,
            views,
            previous,
            next,
        })
    }

    /// All addresses that readers see.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn sitemap(&self) -> Result<Vec<SitemapEntry>, Error> {
        let read = |now| async move {
            let mut unit = self.ports.store.read().await?;
            let entries = unit.blog().addresses(now, SITEMAP_MAX).await?;
            Ok((entries, fresh_until(unit.blog(), now).await?))
        };
        self.ports.blog_value("sitemap", read).await
    }

    /// The JPEG of a picture by its name, hash and size. What a name stands for never changes.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the store does not answer.
    pub async fn picture(&self, name: &str) -> Result<Vec<u8>, Error> {
        let name: PictureName = name.parse().map_err(|_| Error::NotFound)?;
        let mut unit = self.ports.store.read().await?;
        unit.blog().picture(name).await?.ok_or(Error::NotFound)
    }

    async fn read_page(
        &self,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<(Page<PostCard>, Timestamp), Error> {
        let mut unit = self.ports.store.read().await?;
        let page = unit.blog().published(now, request).await?;
        Ok((page, fresh_until(unit.blog(), now).await?))
    }

    async fn read_post(&self, slug: &Slug, now: Timestamp) -> Result<(Read, Timestamp), Error> {
        let mut unit = self.ports.store.read().await?;
        let found = unit.blog().by_slug(slug, now).await?;
        let post = found.ok_or(Error::NotFound)?;
        let neighbours = unit.blog().neighbours(&post.card, now).await?;
        let read = Read {
            card: post.card,
            html: post.content.html(),
            views: post.views,
            neighbours,
        };
        Ok((read, fresh_until(unit.blog(), now).await?))
    }
}
