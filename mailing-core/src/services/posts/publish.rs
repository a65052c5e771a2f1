//! What readers see of a post, and when: publishing, the trash.

use super::{Posts, live};
use crate::audit::Deed;
use crate::code;
use crate::error::Error;
use crate::id::PostId;
use crate::policy::Actor;
use crate::post::{Post, PostState};
use crate::time::{TRASH_KEPT, Timestamp, to_millis};

impl Posts {
    /// Publishes a post: now, or at an instant. One that is published already gets another date;
    /// asked for now, it keeps the date that has come.
    ///
    /// # Errors
    /// [`Error::NotFound`], also in the trash; [`Error::Denied`].
    pub async fn publish(
        &self,
        actor: &Actor,
        id: PostId,
        at: Option<Timestamp>,
    ) -> Result<Post, Error> {
        let at = at.map(to_millis);
        self.change_state(actor, id, Deed::PublishPost, |state, now| match at {
            Some(at) => Ok(PostState::Published { at }),
            None if state.is_public(now) => Ok(state),
            None => Ok(PostState::Published { at: now }),
        })
        .await
    }

    /// Makes a published or planned post a draft again.
    ///
    /// # Errors
    /// `post.not_published`; [`Error::NotFound`], also in the trash; [`Error::Denied`].
    pub async fn unpublish(&self, actor: &Actor, id: PostId) -> Result<Post, Error> {
        self.change_state(actor, id, Deed::UnpublishPost, |state, _| match state {
            PostState::Draft => Err(Error::conflict(code::POST_NOT_PUBLISHED)),
            PostState::Published { .. } => Ok(PostState::Draft),
        })
        .await
    }

    /// Puts a post into the trash: readers see it no more.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn delete(&self, actor: &Actor, id: PostId) -> Result<(), Error> {
        let deleted = self.ports.attempt(|| async move {
            let now = self.ports.now();
            let mut unit = self.ports.store.write().await?;
            let scope = self.scope(unit.as_mut(), actor).await?;
            if !unit.posts().delete(&scope, id, now).await? {
                return Err(Error::NotFound);
            }
            let (deed, audited) = (Deed::DeletePost, unit.as_mut());
            self.ports.audit(audited, actor, deed, id, now).await?;
            Ok(unit.commit().await?)
        });
        deleted.await?;
        self.ports.blog_changed().await;
        Ok(())
    }

    /// Takes a post out of the trash, as it was.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not there, or lies there too long; [`Error::Denied`].
    pub async fn undelete(&self, actor: &Actor, id: PostId) -> Result<(), Error> {
        let restored = self.ports.attempt(|| async move {
            let now = self.ports.now();
            let mut unit = self.ports.store.write().await?;
            let scope = self.scope(unit.as_mut(), actor).await?;
            let kept = unit.posts().find(&scope, id).await?;
            let thrown = kept.and_then(|kept| kept.deleted_at);
            let in_time = thrown.is_some_and(|at| at >= now - TRASH_KEPT);
            if !in_time || !unit.posts().undelete(&scope, id).await? {
                return Err(Error::NotFound);
            }
            let (deed, audited) = (Deed::UndeletePost, unit.as_mut());
            self.ports.audit(audited, actor, deed, id, now).await?;
            Ok(unit.commit().await?)
        });
        restored.await?;
        self.ports.blog_changed().await;
        Ok(())
    }

    /// Gives a post the state that `next` makes of the one it has. The same one changes nothing but
    /// is noted, as everything that somebody asks for.
    async fn change_state(
        &self,
        actor: &Actor,
        id: PostId,
        deed: Deed,
        next: impl Fn(PostState, Timestamp) -> Result<PostState, Error> + Send + Sync,
    ) -> Result<Post, Error> {
        let next = &next;
        let changed = self.ports.attempt(|| async move {
            let now = self.ports.now();
            let mut unit = self.ports.store.write().await?;
            let scope = self.scope(unit.as_mut(), actor).await?;
            let old = live(unit.posts().find(&scope, id).await?)?;
            let post = Post {
                state: next(old.state, now)?,
                version: old.version.saturating_add(1),
                updated_at: now,
                ..old
            };
            self.write(unit.as_mut(), &scope, &post).await?;
            let audited = unit.as_mut();
            self.ports.audit(audited, actor, deed, id, now).await?;
            unit.commit().await?;
            Ok(post)
        });
        let post = changed.await?;
        self.ports.blog_changed().await;
        Ok(post)
    }
}
