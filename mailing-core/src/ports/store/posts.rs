//! Posts, for those who write them.

use async_trait::async_trait;

use crate::id::{PostId, UserId};
use crate::message::FileHash;
use crate::policy::EditPosts;
use crate::post::{Picture, Post, PostState, PostTitle, Renditions, Shelf, Slug};
use crate::time::Timestamp;

use super::{Page, PageRequest, StoreError};

/// A post with what only the store knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPost {
    /// The post.
    pub post: Post,
    /// How often readers have opened it.
    pub views: u64,
    /// When it was put into the trash.
    pub deleted_at: Option<Timestamp>,
}

/// A post in the list of those who write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostSummary {
    /// Id.
    pub id: PostId,
    /// Title.
    pub title: PostTitle,
    /// What names it in its address.
    pub slug: Slug,
    /// Draft or published.
    pub state: PostState,
    /// Who wrote it.
    pub author: UserId,
    /// The picture above it.
    pub picture: Option<Picture>,
    /// How often readers have opened it.
    pub views: u64,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// When it was put into the trash.
    pub deleted_at: Option<Timestamp>,
}

/// Posts. A scope that names an author reaches that author's posts and no others.
#[async_trait]
pub trait PostRepo: Send {
    /// Adds a post. Conflict `posts.slug` when its address is taken, also by one in the trash. One that
    /// another post only had before is not.
    async fn insert(&mut self, scope: &EditPosts, post: &Post) -> Result<(), StoreError>;

    /// Writes a post that is not in the trash in place of the version before it. Conflict `version`
    /// when that is not the newest, `posts.slug` as for [`insert`](Self::insert); false when there is
    /// no such post. Of one that has a date, the address before leads on to the new one.
    async fn save(&mut self, scope: &EditPosts, post: &Post) -> Result<bool, StoreError>;

    /// Puts a post into the trash; false when there is no such post outside of it.
    async fn delete(
        &mut self,
        scope: &EditPosts,
        id: PostId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Takes a post out of the trash; false when it is not there.
    async fn undelete(&mut self, scope: &EditPosts, id: PostId) -> Result<bool, StoreError>;

    /// A post, in the trash or not.
    async fn find(&mut self, scope: &EditPosts, id: PostId)
    -> Result<Option<KeptPost>, StoreError>;

    /// The posts of a shelf, last made first.
    async fn page(
        &mut self,
        scope: &EditPosts,
        shelf: Shelf,
        now: Timestamp,
        request: &PageRequest,
    ) -> Result<Page<PostSummary>, StoreError>;

    /// Addresses of anybody's posts that begin with `stem`, at most `limit`: what a free one must
    /// differ from.
    async fn slugs(
        &mut self,
        scope: &EditPosts,
        stem: &str,
        limit: u32,
    ) -> Result<Vec<Slug>, StoreError>;

    /// Keeps a picture under its hash. One that is there already is written anew.
    async fn keep_picture(
        &mut self,
        scope: &EditPosts,
        hash: FileHash,
        renditions: &Renditions,
        now: Timestamp,
    ) -> Result<(), StoreError>;
}
