//! A post as typed, and what becomes of it.

use std::collections::BTreeSet;

use crate::code;
use crate::error::{Error, FieldError, Refusal};
use crate::id::PostId;
use crate::policy::EditPosts;
use crate::ports::{StoreError, Unit};
use crate::post::{AltText, Lead, Picture, PostContent, PostTitle, Renditions, SLUG_MAX, Slug};
use crate::time::Timestamp;

/// So many addresses are looked at for a free one. More posts of one name get a number that may be
/// taken, which the store refuses.
const ALIKE_MAX: u32 = 1_000;

/// A post as typed.
#[derive(Debug, Clone, Default)]
pub struct PostDraft {
    /// Title.
    pub title: String,
    /// The last part of its address; blank: made from the title.
    pub slug: String,
    /// The lead; blank: the first paragraph is it.
    pub lead: String,
    /// The text, in Markdown.
    pub content: String,
    /// What the picture shows.
    pub alt: String,
}

/// What becomes of a post's picture.
#[derive(Debug, Clone)]
pub enum NewPicture {
    /// It stays; a new post has none.
    Keep,
    /// It goes.
    Remove,
    /// The picture in this file takes its place.
    Put(Vec<u8>),
}

/// A draft that can be saved.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub(super) title: PostTitle,
    pub(super) slug: WantedSlug,
    pub(super) lead: Option<Lead>,
    pub(super) content: PostContent,
    /// With a picture.
    pub(super) alt: Option<AltText>,
}

/// The address that a draft asks for.
#[derive(Debug, Clone)]
pub(super) enum WantedSlug {
    /// This one, and no other.
    Typed(Slug),
    /// One like this. `None`: the title has no words.
    Made(Option<Slug>),
}

/// The picture that a post gets.
pub(super) enum Chosen {
    /// The one that it has.
    Old,
    /// None.
    None,
    /// A new one.
    New(Renditions),
}

impl Chosen {
    /// The picture of a post that had `old`.
    pub(super) fn shown(&self, old: Option<&Picture>, alt: Option<&AltText>) -> Option<Picture> {
        let alt = alt.cloned();
        match self {
            Self::Old => old.cloned().map(|old| Picture {
                alt: alt.unwrap_or_else(|| old.alt.clone()),
                ..old
            }),
            Self::None => None,
            Self::New(renditions) => alt.map(|alt| renditions.picture(alt)),
        }
    }

    /// Keeps the files of a new one.
    pub(super) async fn keep(
        &self,
        unit: &mut dyn Unit,
        scope: &EditPosts,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Old | Self::None => Ok(()),
            Self::New(new) => {
                let posts = unit.posts();
                posts.keep_picture(scope, new.hash(), new, now).await
            }
        }
    }
}

impl PostDraft {
    /// What keeps it from being saved, as far as it can be told without the other posts and without
    /// its picture.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldError> {
        match self.check(false) {
            Ok(_) => Vec::new(),
            Err(faults) => faults,
        }
    }

    /// The draft, if all of it can be saved.
    pub(super) fn check(&self, has_picture: bool) -> Result<Checked, Vec<FieldError>> {
        let mut faults = Vec::new();
        let title = at("title", PostTitle::parse(&self.title), &mut faults);
        let slug = at("slug", self.slug(), &mut faults);
        let lead = match self.lead.trim() {
            "" => Some(None),
            _ => at("lead", Lead::parse(&self.lead), &mut faults).map(Some),
        };
        let content = at("content", PostContent::parse(&self.content), &mut faults);
        let alt = match has_picture {
            false => Some(None),
            true => at("alt", AltText::parse(&self.alt), &mut faults).map(Some),
        };
        match (title, slug, lead, content, alt) {
            (Some(title), Some(slug), Some(lead), Some(content), Some(alt)) => Ok(Checked {
                title,
                slug,
                lead,
                content,
                alt,
            }),
            _ => Err(faults),
        }
    }

    fn slug(&self) -> Result<WantedSlug, Refusal> {
        match self.slug.trim() {
            "" => Ok(WantedSlug::Made(Slug::of(&self.title))),
            typed => match Slug::of(typed) {
                Some(slug) => Ok(WantedSlug::Typed(slug)),
                None => Err(Refusal::new(code::POST_SLUG).with("max", SLUG_MAX)),
            },
        }
    }
}

impl WantedSlug {
    /// The address that the post gets. One that was typed and is taken is refused with one that is
    /// free; one that was made gives way.
    pub(super) async fn free(
        self,
        unit: &mut dyn Unit,
        scope: &EditPosts,
        id: PostId,
        own: Option<&Slug>,
    ) -> Result<Slug, Error> {
        let (wanted, is_typed) = match self {
            Self::Typed(slug) => (slug, true),
            Self::Made(Some(slug)) => (slug, false),
            Self::Made(None) => (Slug::of_id(id), false),
        };
        if own == Some(&wanted) {
            return Ok(wanted);
        }
        let alike = unit.posts().slugs(scope, wanted.stem(), ALIKE_MAX).await?;
        let taken: BTreeSet<_> = alike.into_iter().filter(|s| Some(s) != own).collect();
        let free = wanted.free_among(&taken);
        if is_typed && free != wanted {
            return Err(slug_taken(&free));
        }
        Ok(free)
    }
}

/// What becomes of an address that another post took in this very moment.
pub(super) fn or_taken(error: StoreError, slug: &Slug) -> Error {
    if error.is_conflict("posts.slug") {
        return slug_taken(&slug.free_among(&BTreeSet::from([slug.clone()])));
    }
    error.into()
}

fn slug_taken(free: &Slug) -> Error {
    let refusal = Refusal::new(code::POST_SLUG_TAKEN).with("free", free.as_str());
    Error::field("slug", refusal)
}

fn at<T>(
    field: &'static str,
    parsed: Result<T, impl Into<Refusal>>,
    faults: &mut Vec<FieldError>,
) -> Option<T> {
    match parsed {
        Ok(value) => Some(value),
        Err(refusal) => {
            faults.push(FieldError::new(field, refusal));
            None
        }
    }
}
