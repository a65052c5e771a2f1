//! Posts, for those who write them.

mod draft;
mod publish;

use crate::audit::Deed;
use crate::code;
use crate::error::Error;
use crate::id::PostId;
use crate::instance::{InstanceSettings, WhoWrites};
use crate::policy::{self, Actor, EditPosts};
use crate::ports::Unit;
use crate::ports::store::{KeptPost, Page, PageRequest, PostSummary};
use crate::post::{Post, PostState, Shelf, Slug};

use self::draft::{Chosen, or_taken};
use super::ServicePorts;

pub use draft::{NewPicture, PostDraft};

/// A post as readers would see it, of what is typed and not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostPreview {
    /// Title.
    pub title: String,
    /// What lists would show below it.
    pub summary: String,
    /// The text, sanitised.
    pub html: String,
}

/// Posts.
#[derive(Clone)]
pub struct Posts {
    ports: ServicePorts,
}

impl Posts {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// True when the actor may write posts: what menus ask. The instance's switch is at most a minute
    /// old here, and looked at for those alone for whom it makes a difference.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn may_write(&self, actor: &Actor) -> Result<bool, Error> {
        let may = |owners_write| policy::edit_posts(actor, owners_write).is_ok();
        match (may(false), may(true)) {
            (off, on) if off == on => Ok(on),
            _ => Ok(scope(&self.ports.settings().await?, actor).is_ok()),
        }
    }

    /// The address that a title would get; empty when it has no words.
    #[must_use]
    pub fn slug_for(title: &str) -> String {
        Slug::of(title).map(String::from).unwrap_or_default()
    }

    /// Writes a draft.
    ///
    /// # Errors
    /// [`Error::Invalid`] at `title`, `slug`, `lead`, `content`, `alt`, `picture`;
    /// `picture.busy`; [`Error::Denied`].
    pub async fn create(
        &self,
        actor: &Actor,
        draft: &PostDraft,
        picture: NewPicture,
    ) -> Result<Post, Error> {
        self.admit(actor).await?;
        let has_picture = matches!(picture, NewPicture::Put(_));
        let checked = draft.check(has_picture)?;
        let chosen = &self.render(picture).await?;
        let author = policy::own_account(actor)?;
        let now = self.ports.now();
        let id = PostId::new(now, self.ports.entropy.as_ref());
        let checked = &checked;
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let scope = self.scope(unit.as_mut(), actor).await?;
                let wanted = checked.slug.clone();
                let slug = wanted.free(unit.as_mut(), &scope, id, None).await?;
                let post = Post {
                    id,
                    author,
                    title: checked.title.clone(),
                    slug,
                    lead: checked.lead.clone(),
                    content: checked.content.clone(),
                    picture: chosen.shown(None, checked.alt.as_ref()),
                    state: PostState::Draft,
                    version: 1,
                    created_at: now,
                    updated_at: now,
                };
                chosen.keep(unit.as_mut(), &scope, now).await?;
                let inserted = unit.posts().insert(&scope, &post).await;
                inserted.map_err(|error| or_taken(error, &post.slug))?;
                let (deed, audited) = (Deed::CreatePost, unit.as_mut());
                self.ports.audit(audited, actor, deed, id, now).await?;
                unit.commit().await?;
                Ok(post)
            })
            .await
    }

    /// Saves a post, published or not. `seen` is the version that was edited.
    ///
    /// # Errors
    /// As [`create`](Self::create); `changed_meanwhile` when there is a newer version;
    /// [`Error::NotFound`], also in the trash.
    pub async fn save(
        &self,
        actor: &Actor,
        id: PostId,
        seen: u32,
        draft: &PostDraft,
        picture: NewPicture,
    ) -> Result<Post, Error> {
        let before = self.show(actor, id).await?;
        let has_picture = match &picture {
            NewPicture::Keep => before.post.picture.is_some(),
            NewPicture::Remove => false,
            NewPicture::Put(_) => true,
        };
        let checked = &draft.check(has_picture)?;
        let chosen = &self.render(picture).await?;
        let saved = self.ports.attempt(|| async move {
            let now = self.ports.now();
            let mut unit = self.ports.store.write().await?;
            let scope = self.scope(unit.as_mut(), actor).await?;
            let old = live(unit.posts().find(&scope, id).await?)?;
            if old.version != seen {
                return Err(Error::conflict(code::CHANGED_MEANWHILE));
            }
            let wanted = checked.slug.clone();
            let own = Some(&old.slug);
            let slug = wanted.free(unit.as_mut(), &scope, id, own).await?;
            let post = Post {
                title: checked.title.clone(),
                slug,
                lead: checked.lead.clone(),
                content: checked.content.clone(),
                picture: chosen.shown(old.picture.as_ref(), checked.alt.as_ref()),
                version: old.version.saturating_add(1),
                updated_at: now,
                ..old
            };
            chosen.keep(unit.as_mut(), &scope, now).await?;
            self.write(unit.as_mut(), &scope, &post).await?;
            let (deed, audited) = (Deed::EditPost, unit.as_mut());
            self.ports.audit(audited, actor, deed, id, now).await?;
            unit.commit().await?;
            Ok(post)
        });
        let post = saved.await?;
        self.ports.blog_changed().await;
        Ok(post)
    }

    /// A post, in the trash or not, with its views.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`].
    pub async fn show(&self, actor: &Actor, id: PostId) -> Result<KeptPost, Error> {
        let mut unit = self.ports.store.read().await?;
        let scope = self.scope(unit.as_mut(), actor).await?;
        unit.posts().find(&scope, id).await?.ok_or(Error::NotFound)
    }

    /// The posts of a shelf, last made first.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn page(
        &self,
        actor: &Actor,
        shelf: Shelf,
        request: &PageRequest,
    ) -> Result<Page<PostSummary>, Error> {
        let now = self.ports.now();
        let mut unit = self.ports.store.read().await?;
        let scope = self.scope(unit.as_mut(), actor).await?;
        Ok(unit.posts().page(&scope, shelf, now, request).await?)
    }

    /// What readers would see of a draft.
    ///
    /// # Errors
    /// As [`create`](Self::create), but for picture and taken addresses.
    pub async fn preview(&self, actor: &Actor, draft: &PostDraft) -> Result<PostPreview, Error> {
        self.admit(actor).await?;
        let checked = draft.check(false)?;
        let summary = match &checked.lead {
            Some(lead) => lead.as_str().to_owned(),
            None => checked.content.first_paragraph(),
        };
        Ok(PostPreview {
            title: checked.title.as_str().to_owned(),
            summary,
            html: checked.content.html(),
        })
    }

    /// Whose posts the actor may change.
    async fn scope(&self, unit: &mut dyn Unit, actor: &Actor) -> Result<EditPosts, Error> {
        let settings = self.ports.settings_in(unit).await?;
        scope(&settings, actor)
    }

    /// Refuses before work is done for somebody who may not write.
    async fn admit(&self, actor: &Actor) -> Result<(), Error> {
        let mut unit = self.ports.store.read().await?;
        self.scope(unit.as_mut(), actor).await.map(drop)
    }

    async fn render(&self, picture: NewPicture) -> Result<Chosen, Error> {
        Ok(match picture {
            NewPicture::Keep => Chosen::Old,
            NewPicture::Remove => Chosen::None,
            NewPicture::Put(file) => Chosen::New(self.ports.pictures.render(file).await?),
        })
    }

    /// Writes the next version of a post.
    async fn write(
        &self,
        unit: &mut dyn Unit,
        scope: &EditPosts,
        post: &Post,
    ) -> Result<(), Error> {
        match unit.posts().save(scope, post).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::NotFound),
            Err(error) => Err(or_taken(error, &post.slug)),
        }
    }
}

/// A post outside of the trash.
fn live(found: Option<KeptPost>) -> Result<Post, Error> {
    let live = found.filter(|kept| kept.deleted_at.is_none());
    live.map(|kept| kept.post).ok_or(Error::NotFound)
}

fn scope(settings: &InstanceSettings, actor: &Actor) -> Result<EditPosts, Error> {
    let owners_write = settings.blog_writers == WhoWrites::EveryOwner;
    policy::edit_posts(actor, owners_write)
}
