//! Posts, for those who write them.

use async_trait::async_trait;

use super::page::{Order, paged};
use super::state::{Kept, State};
use super::unit::MemoryUnit;
use crate::id::PostId;
use crate::message::FileHash;
use crate::policy::EditPosts;
use crate::ports::StoreError;
use crate::ports::store::{KeptPost, Page, PageRequest, PostRepo, PostSummary};
use crate::post::{Post, Renditions, Shelf, Slug};
use crate::time::Timestamp;

impl State {
    pub(super) fn views(&self, post: PostId) -> u64 {
        self.post_views.get(&post).copied().unwrap_or(0)
    }

    /// Erases posts of the trash; how many.
    pub(super) fn erase_posts(&mut self, before: Timestamp, limit: usize) -> u64 {
        let is_over = |id: &PostId| self.thrown.get(&id.uuid()).is_some_and(|at| *at < before);
        let over: Vec<_> = self.posts.keys().copied().filter(is_over).collect();
        let over = &over[..over.len().min(limit)];
        for id in over {
            self.posts.remove(id);
            self.post_views.remove(id);
            self.old_slugs.retain(|_, post| post != id);
            self.thrown.remove(&id.uuid());
        }
        over.len() as u64
    }

    /// Erases pictures of no post; how many.
    pub(super) fn erase_pictures(&mut self, before: Timestamp, limit: usize) -> u64 {
        let is_shown = |hash: &FileHash| {
            let mut shown = self.posts.values().filter_map(|k| k.row.picture.as_ref());
            shown.any(|picture| picture.hash == *hash)
        };
        let old = self.pictures.iter();
        let old = old.filter(|(hash, (_, kept_at))| *kept_at < before && !is_shown(hash));
        let old: Vec<_> = old.map(|(hash, _)| *hash).take(limit).collect();
        for hash in &old {
            self.pictures.remove(hash);
        }
        old.len() as u64
    }

    fn has_slug(&self, slug: &Slug, but: PostId) -> bool {
        let mut others = self.posts.values().filter(|kept| kept.row.id != but);
        others.any(|kept| kept.row.slug == *slug)
    }
}

#[async_trait]
impl PostRepo for MemoryUnit {
    async fn insert(&mut self, scope: &EditPosts, post: &Post) -> Result<(), StoreError> {
        let state = self.writable()?;
        if state.has_slug(&post.slug, post.id) {
            return Err(taken());
        }
        let mut post = post.clone();
        post.author = scope.author().unwrap_or(post.author);
        state.old_slugs.remove(post.slug.as_str());
        state.posts.insert(post.id, Kept::new(post));
        Ok(())
    }

    async fn save(&mut self, scope: &EditPosts, post: &Post) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let kept = state.posts.get(&post.id);
        let Some(kept) = kept.filter(|kept| is_reached(kept, scope) && !kept.deleted) else {
            return Ok(false);
        };
        if post.version != kept.row.version + 1 {
            return Err(StoreError::Conflict {
                constraint: "version",
            });
        }
        if state.has_slug(&post.slug, post.id) {
            return Err(taken());
        }
        let mut post = post.clone();
        (post.author, post.created_at) = (kept.row.author, kept.row.created_at);
        let before = kept.row.slug.to_string();
        state.old_slugs.insert(before, post.id);
        state.old_slugs.remove(post.slug.as_str());
        state.posts.insert(post.id, Kept::new(post));
        Ok(true)
    }

    async fn delete(
        &mut self,
        scope: &EditPosts,
        id: PostId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let kept = state.posts.get_mut(&id);
        let Some(kept) = kept.filter(|kept| is_reached(kept, scope) && !kept.deleted) else {
            return Ok(false);
        };
        kept.deleted = true;
        state.thrown.insert(id.uuid(), now);
        Ok(true)
    }

    async fn undelete(&mut self, scope: &EditPosts, id: PostId) -> Result<bool, StoreError> {
        let state = self.writable()?;
        let kept = state.posts.get_mut(&id);
        let Some(kept) = kept.filter(|kept| is_reached(kept, scope) && kept.deleted) else {
            return Ok(false);
        };
        kept.deleted = false;
        state.thrown.remove(&id.uuid());
        Ok(true)
    }

    async fn find(
        &mut self,
        scope: &EditPosts,
        id: PostId,
    ) -> Result<Option<KeptPost>, StoreError> {
        let kept = self.state.posts.get(&id);
        let reached = kept.filter(|kept| is_reached(kept, scope));
        Ok(reached.map(|kept| KeptPost {
            post: kept.row.clone(),
            views: self.state.views(id),
            deleted_at: self.state.thrown.get(&id.uuid()).copied(),
        }))
    }

    async fn page(
        &mut self,
        scope: &EditPosts,
        shelf: Shelf,
        now: Timestamp,
        request: &PageRequest,
    ) -> Result<Page<PostSummary>, StoreError> {
        let state = &self.state;
        let lies_here = |kept: &&Kept<Post>| match kept.deleted {
            true => shelf == Shelf::Trash,
            false => shelf == kept.row.state.shelf(now),
        };
        let reached = state.posts.values().filter(|kept| is_reached(kept, scope));
        let rows = reached.filter(lies_here).map(|kept| PostSummary {
            id: kept.row.id,
            title: kept.row.title.clone(),
            slug: kept.row.slug.clone(),
            state: kept.row.state,
            author: kept.row.author,
            picture: kept.row.picture.clone(),
            views: state.views(kept.row.id),
            updated_at: kept.row.updated_at,
            deleted_at: state.thrown.get(&kept.row.id.uuid()).copied(),
        });
        Ok(paged(rows, request, Order::Descending, |row| {
            row.id.to_string()
        }))
    }

    async fn slugs(
        &mut self,
        _: &EditPosts,
        stem: &str,
        limit: u32,
    ) -> Result<Vec<Slug>, StoreError> {
        let all = self.state.posts.values().map(|kept| &kept.row.slug);
        let alike = all.filter(|slug| slug.as_str().starts_with(stem));
        Ok(alike.take(limit as usize).cloned().collect())
    }

    async fn keep_picture(
        &mut self,
        _: &EditPosts,
        hash: FileHash,
        renditions: &Renditions,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let pictures = &mut self.writable()?.pictures;
        pictures.insert(hash, (renditions.clone(), now));
        Ok(())
    }
}

fn is_reached(kept: &Kept<Post>, scope: &EditPosts) -> bool {
    scope
        .author()
        .is_none_or(|author| author == kept.row.author)
}

const fn taken() -> StoreError {
    StoreError::Conflict {
        constraint: "posts.slug",
    }
}
