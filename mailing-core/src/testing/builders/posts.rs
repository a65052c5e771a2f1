//! Posts.

use super::recipients::owner_or_new;
use super::{Owner, id, serial, start};
use crate::policy::{self, EditPosts};
use crate::ports::Store;
use crate::post::{
    AltText, Dimensions, Lead, Post, PostContent, PostState, PostTitle, Rendition, Renditions,
};
use crate::time::Timestamp;

/// A draft with a title and an address of its own.
#[must_use]
pub fn post() -> PostBuilder {
    let number = serial();
    PostBuilder {
        owner: None,
        title: format!("Post {number}"),
        slug: format!("post-number-{number}"),
        lead: None,
        content: "Hello, readers!".to_owned(),
        picture: None,
        state: PostState::Draft,
        written_at: start(),
    }
}

/// A picture that nobody decodes, in both sizes.
#[must_use]
pub fn picture(data: &[u8]) -> Renditions {
    let rendition = |width, height, size: &[u8]| Rendition {
        dimensions: Dimensions { width, height },
        data: [data, size].concat(),
    };
    Renditions {
        card: rendition(640, 360, b"card"),
        page: rendition(1_216, 912, b"page"),
    }
}

/// Builds a post.
#[derive(Debug, Clone)]
pub struct PostBuilder {
    owner: Option<Owner>,
    title: String,
    slug: String,
    lead: Option<String>,
    content: String,
    picture: Option<Renditions>,
    state: PostState,
    written_at: Timestamp,
}

impl PostBuilder {
    /// By this author.
    #[must_use]
    pub fn of(mut self, owner: &Owner) -> Self {
        self.owner = Some(owner.clone());
        self
    }

    /// With this title.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        self.title = title.to_owned();
        self
    }

    /// At this address.
    #[must_use]
    pub fn slug(mut self, slug: &str) -> Self {
        self.slug = slug.to_owned();
        self
    }

    /// With this lead.
    #[must_use]
    pub fn lead(mut self, lead: &str) -> Self {
        self.lead = Some(lead.to_owned());
        self
    }

    /// With this content, in Markdown.
    #[must_use]
    pub fn content(mut self, content: &str) -> Self {
        self.content = content.to_owned();
        self
    }

    /// With this picture.
    #[must_use]
    pub fn picture(mut self, renditions: &Renditions) -> Self {
        self.picture = Some(renditions.clone());
        self
    }

    /// Published then.
    #[must_use]
    pub const fn published(mut self, at: Timestamp) -> Self {
        self.state = PostState::Published { at };
        self
    }

    /// Written then.
    #[must_use]
    pub const fn written(mut self, at: Timestamp) -> Self {
        self.written_at = at;
        self
    }

    /// The post alone.
    #[must_use]
    pub fn build(self) -> Post {
        let alt = AltText::parse("A picture").unwrap();
        Post {
            id: id(self.written_at),
            author: self.owner.map_or_else(|| id(start()), |owner| owner.id()),
            title: PostTitle::parse(&self.title).unwrap(),
            slug: self.slug.parse().unwrap(),
            lead: self.lead.map(|lead| Lead::parse(&lead).unwrap()),
            content: PostContent::parse(&self.content).unwrap(),
            picture: self.picture.map(|renditions| renditions.picture(alt)),
            state: self.state,
            version: 1,
            created_at: self.written_at,
            updated_at: self.written_at,
        }
    }

    /// The post in the store, with the files of its picture.
    pub async fn saved(self, store: &dyn Store) -> Post {
        let of = owner_or_new(self.owner.as_ref(), store).await;
        let (picture, kept_at) = (self.picture.clone(), self.written_at);
        let post = self.of(&of).build();
        let scope = of.posts();
        let mut unit = store.write().await.unwrap();
        unit.posts().insert(&scope, &post).await.unwrap();
        if let Some(new) = picture {
            let posts = unit.posts();
            let kept = posts.keep_picture(&scope, new.hash(), &new, kept_at);
            kept.await.unwrap();
        }
        unit.commit().await.unwrap();
        post
    }
}

impl Owner {
    /// May change posts, where owners may: the own ones, or all for whoever writes them by role.
    #[must_use]
    pub fn posts(&self) -> EditPosts {
        policy::edit_posts(&self.actor, true).unwrap()
    }
}
