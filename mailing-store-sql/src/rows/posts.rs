//! Rows of posts.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::ports::store::{
    KeptPost, PostCard, PostLink, PostSummary, PublishedPost, SitemapEntry, StoreError,
};
use mailing_core::post::{Lead, Picture, Post, PostContent, PostState, PostTitle};

use crate::codec::{Place, count};

/// A post in the list of those who write.
#[derive(Debug, Clone, FromRow)]
pub struct PostSummaryRow {
    /// Id.
    pub id: Uuid,
    /// Who wrote it.
    pub author_id: Uuid,
    /// Title.
    pub title: String,
    /// What names it in its address.
    pub slug: String,
    /// The picture above it, as JSON.
    pub picture: Option<String>,
    /// The publication date; none: a draft.
    pub published_at: Option<i64>,
    /// When it was changed last.
    pub updated_at: i64,
    /// When it was put into the trash.
    pub deleted_at: Option<i64>,
    /// How often readers have opened it.
    pub views: i64,
}

fn picture(place: Place<'_>, json: Option<&str>) -> Result<Option<Picture>, StoreError> {
    let read = |json| place.read("picture", serde_json::from_str(json));
    json.map(read).transpose()
}

impl TryFrom<PostSummaryRow> for PostSummary {
    type Error = StoreError;

    fn try_from(row: PostSummaryRow) -> Result<Self, StoreError> {
        let place = Place::new("posts", &row.id);
        let published_at = place.maybe_instant("published_at", row.published_at)?;
        Ok(Self {
            id: row.id.into(),
            title: place.read("title", PostTitle::parse(&row.title))?,
            slug: place.read("slug", row.slug.parse())?,
            state: published_at.map_or(PostState::Draft, |at| PostState::Published { at }),
            author: row.author_id.into(),
            picture: picture(place, row.picture.as_deref())?,
            views: count(row.views),
            updated_at: place.instant("updated_at", row.updated_at)?,
            deleted_at: place.maybe_instant("deleted_at", row.deleted_at)?,
        })
    }
}

/// A row of `posts` with its views.
#[derive(Debug, Clone, FromRow)]
pub struct PostRow {
    /// What lists show.
    #[sqlx(flatten)]
    pub summary: PostSummaryRow,
    /// The lead as written.
    pub lead: Option<String>,
    /// The text.
    pub content: String,
    /// Its version.
    pub version: i32,
    /// When it was made.
    pub created_at: i64,
}

impl TryFrom<PostRow> for KeptPost {
    type Error = StoreError;

    fn try_from(row: PostRow) -> Result<Self, StoreError> {
        let summary = PostSummary::try_from(row.summary)?;
        let place = Place::new("posts", &summary.id);
        let post = Post {
            id: summary.id,
            author: summary.author,
            title: summary.title.clone(),
            slug: summary.slug.clone(),
            lead: place.maybe("lead", row.lead, Lead::parse)?,
            content: PostContent::stored(row.content),
            picture: summary.picture.clone(),
            state: summary.state,
            version: place.read("version", row.version.try_into())?,
            created_at: place.instant("created_at", row.created_at)?,
            updated_at: summary.updated_at,
        };
        Ok(Self {
            post,
            views: summary.views,
            deleted_at: summary.deleted_at,
        })
    }
}

/// A published post in a list.
#[derive(Debug, Clone, FromRow)]
pub struct PostCardRow {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// What names it in its address.
    pub slug: String,
    /// What stands below the title.
    pub summary: String,
    /// The picture above it, as JSON.
    pub picture: Option<String>,
    /// The publication date.
    pub published_at: i64,
    /// When it was changed last.
    pub updated_at: i64,
}

impl TryFrom<PostCardRow> for PostCard {
    type Error = StoreError;

    fn try_from(row: PostCardRow) -> Result<Self, StoreError> {
        let place = Place::new("posts", &row.id);
        Ok(Self {
            id: row.id.into(),
            title: place.read("title", PostTitle::parse(&row.title))?,
            slug: place.read("slug", row.slug.parse())?,
            picture: picture(place, row.picture.as_deref())?,
            published_at: place.instant("published_at", row.published_at)?,
            updated_at: place.instant("updated_at", row.updated_at)?,
            summary: row.summary,
        })
    }
}

/// A published post.
#[derive(Debug, Clone, FromRow)]
pub struct PublishedPostRow {
    /// What lists show.
    #[sqlx(flatten)]
    pub card: PostCardRow,
    /// The text.
    pub content: String,
    /// How often readers have opened it.
    pub views: i64,
}

impl TryFrom<PublishedPostRow> for PublishedPost {
    type Error = StoreError;

    fn try_from(row: PublishedPostRow) -> Result<Self, StoreError> {
        Ok(Self {
            card: row.card.try_into()?,
            content: PostContent::stored(row.content),
            views: count(row.views),
        })
    }
}

/// A post to go on with.
#[derive(Debug, Clone, FromRow)]
pub struct PostLinkRow {
    /// Title.
    pub title: String,
    /// What names it in its address.
    pub slug: String,
}

impl TryFrom<PostLinkRow> for PostLink {
    type Error = StoreError;

    fn try_from(row: PostLinkRow) -> Result<Self, StoreError> {
        let place = Place::new("posts", &row.slug);
        Ok(Self {
            title: place.read("title", PostTitle::parse(&row.title))?,
            slug: place.read("slug", row.slug.parse())?,
        })
    }
}

/// An address.
#[derive(Debug, Clone, FromRow)]
pub struct AddressRow {
    /// What names the post.
    pub slug: String,
    /// When it was changed last.
    pub updated_at: i64,
}

impl TryFrom<AddressRow> for SitemapEntry {
    type Error = StoreError;

    fn try_from(row: AddressRow) -> Result<Self, StoreError> {
        let place = Place::new("posts", &row.slug);
        Ok(Self {
            slug: place.read("slug", row.slug.parse())?,
            updated_at: place.instant("updated_at", row.updated_at)?,
        })
    }
}
