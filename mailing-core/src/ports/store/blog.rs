//! The blog as everybody reads it: no scope, for what is published is for all.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::id::PostId;
use crate::policy::System;
use crate::post::{Picture, PictureName, PostContent, PostTitle, Slug};
use crate::time::Timestamp;

use super::{Page, PageRequest, StoreError};

/// A published post in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostCard {
    /// Id.
    pub id: PostId,
    /// Title.
    pub title: PostTitle,
    /// What names it in its address.
    pub slug: Slug,
    /// What stands below the title; may be empty.
    pub summary: String,
    /// The picture above it.
    pub picture: Option<Picture>,
    /// The publication date.
    pub published_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// A published post as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPost {
    /// What lists show.
    pub card: PostCard,
    /// The text.
    pub content: PostContent,
    /// How often readers have opened it.
    pub views: u64,
}

/// A post to go on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostLink {
    /// Title.
    pub title: PostTitle,
    /// What names it in its address.
    pub slug: Slug,
}

/// The neighbours of a post in the order of publication.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Neighbours {
    /// The next older one.
    pub previous: Option<PostLink>,
    /// The next newer one.
    pub next: Option<PostLink>,
}

/// A post for a list of all addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SitemapEntry {
    /// What names it in its address.
    pub slug: Slug,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// What readers see of posts: published, the date reached, not in the trash.
#[async_trait]
pub trait BlogRepo: Send {
    /// Posts that readers see at `now`, last published first.
    async fn published(
        &mut self,
        now: Timestamp,
        request: &PageRequest,
    ) -> Result<Page<PostCard>, StoreError>;

    /// Those of them that have a text in title, lead or content, without regard to case, in the same
    /// order. A blank text is in all of them.
    async fn found(
        &mut self,
        text: &str,
        now: Timestamp,
        request: &PageRequest,
    ) -> Result<Page<PostCard>, StoreError>;

    /// The address of a post that readers see, by one that it had while it was published and that no
    /// other post has taken since.
    async fn moved(&mut self, from: &Slug, now: Timestamp) -> Result<Option<Slug>, StoreError>;

    /// The post that readers see at this address.
    async fn by_slug(
        &mut self,
        slug: &Slug,
        now: Timestamp,
    ) -> Result<Option<PublishedPost>, StoreError>;

    /// What was published just before and after a post.
    async fn neighbours(
        &mut self,
        card: &PostCard,
        now: Timestamp,
    ) -> Result<Neighbours, StoreError>;

    /// When the next planned post will be seen.
    async fn next_planned(&mut self, now: Timestamp) -> Result<Option<Timestamp>, StoreError>;

    /// Addresses that readers see, last published first, at most `limit`.
    async fn addresses(
        &mut self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<SitemapEntry>, StoreError>;

    /// The file of a picture, of a draft too: whoever has its name has been shown it.
    async fn picture(&mut self, name: PictureName) -> Result<Option<Vec<u8>>, StoreError>;

    /// Adds to the views of posts. The new sums; of a post that is gone there is none.
    async fn add_views(
        &mut self,
        scope: &System,
        views: &[(PostId, u64)],
    ) -> Result<Vec<(PostId, u64)>, StoreError>;
}
