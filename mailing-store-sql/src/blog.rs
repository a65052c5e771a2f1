//! The blog as everybody reads it.

macro_rules! card_columns {
    () => {
        "p.id, p.title, p.slug, p.summary, p.picture, p.published_at, p.updated_at"
    };
}

macro_rules! seen {
    ($now:literal) => {
        concat!("p.deleted_at IS NULL AND p.published_at <= ", $now)
    };
}

/// What readers see at `$1`, last published first, before `$2` and `$3`.
pub const PUBLISHED: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM posts p WHERE ",
    seen!("$1"),
    " AND (p.published_at, p.id) < ($2, $3) ORDER BY p.published_at DESC, p.id DESC LIMIT $4"
);
/// Those of them that have the pattern `$5`.
pub const FOUND: &str = concat!(
    "SELECT ",
    card_columns!(),
    " FROM posts p WHERE ",
    seen!("$1"),
    " AND (p.published_at, p.id) < ($2, $3) AND p.search_text LIKE $5 ESCAPE '\\' \
        ORDER BY p.published_at DESC, p.id DESC LIMIT $4"
);
/// The address of one that had another address before.
pub const MOVED: &str = concat!(
    "SELECT p.slug FROM post_slugs s JOIN posts p ON p.id = s.post_id WHERE s.slug = $1 AND ",
    seen!("$2")
);
/// One by its address.
pub const BY_SLUG: &str = concat!(
    "SELECT ",
    card_columns!(),
    ", p.content, coalesce(v.views, 0) AS views \
        FROM posts p LEFT JOIN post_views v ON v.post_id = p.id WHERE p.slug = $1 AND ",
    seen!("$2")
);
/// The next older one than `$2` and `$3`.
pub const PREVIOUS: &str = concat!(
    "SELECT p.title, p.slug FROM posts p WHERE ",
    seen!("$1"),
    " AND (p.published_at, p.id) < ($2, $3) ORDER BY p.published_at DESC, p.id DESC LIMIT 1"
);
/// The next newer one.
pub const NEXT: &str = concat!(
    "SELECT p.title, p.slug FROM posts p WHERE ",
    seen!("$1"),
    " AND (p.published_at, p.id) > ($2, $3) ORDER BY p.published_at, p.id LIMIT 1"
);
/// When the next planned one is to be seen.
pub const NEXT_PLANNED: &str = "SELECT min(p.published_at) FROM posts p \
    WHERE p.deleted_at IS NULL AND p.published_at > $1";
/// All addresses.
pub const ADDRESSES: &str = concat!(
    "SELECT p.slug, p.updated_at FROM posts p WHERE ",
    seen!("$1"),
    " ORDER BY p.published_at DESC, p.id DESC LIMIT $2"
);
/// A picture.
pub const PICTURE: &str = "SELECT data FROM images WHERE hash = $1 AND size = $2";
/// Adds `$2` views, if the post is still there, and tells the sum.
pub const ADD_VIEWS: &str = "INSERT INTO post_views (post_id, views) \
    SELECT p.id, CAST($2 AS BIGINT) FROM posts p WHERE p.id = $1 \
    ON CONFLICT (post_id) DO UPDATE SET views = post_views.views + excluded.views \
    RETURNING views";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    PUBLISHED,
    FOUND,
    MOVED,
    BY_SLUG,
    PREVIOUS,
    NEXT,
    NEXT_PLANNED,
    ADDRESSES,
    PICTURE,
    ADD_VIEWS,
];

/// [`BlogRepo`](mailing_core::ports::store::BlogRepo) for a unit of work.
#[macro_export]
macro_rules! blog_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::blog;
            use $crate::names::*;

            impl $unit {
                /// A page of posts in the order of publication.
                fn cards(
                    rows: Vec<PostCardRow>,
                    request: &PageRequest,
                ) -> Result<Page<PostCard>, StoreError> {
                    let cards: Result<Vec<_>, _> =
                        rows.into_iter().map(PostCard::try_from).collect();
                    Ok(Page::from_surplus(cards?, request.limit(), |card| {
                        $crate::cursor::at_instant(millis(card.published_at), card.id.uuid())
                    }))
                }

                /// The post beside another one that this statement finds.
                async fn beside(
                    &mut self,
                    statement: &'static str,
                    card: &PostCard,
                    now: Timestamp,
                ) -> Result<Option<PostLink>, StoreError> {
                    query_as::<_, PostLinkRow>(statement)
                        .bind(millis(now))
                        .bind(millis(card.published_at))
                        .bind(card.id.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(PostLink::try_from)
                        .transpose()
                }
            }

            #[async_trait]
            impl BlogRepo for $unit {
                async fn published(
                    &mut self,
                    now: Timestamp,
                    request: &PageRequest,
                ) -> Result<Page<PostCard>, StoreError> {
                    let (at, id) = $crate::cursor::before_instant(request);
                    let rows = query_as::<_, PostCardRow>(blog::PUBLISHED)
                        .bind(millis(now))
                        .bind(at)
                        .bind(id)
                        .bind($crate::cursor::surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Self::cards(rows, request)
                }

                async fn found(
                    &mut self,
                    text: &str,
                    now: Timestamp,
                    request: &PageRequest,
                ) -> Result<Page<PostCard>, StoreError> {
                    let (at, id) = $crate::cursor::before_instant(request);
                    let pattern = $crate::filter::pattern(Some(text));
                    let rows = query_as::<_, PostCardRow>(blog::FOUND)
                        .bind(millis(now))
                        .bind(at)
                        .bind(id)
                        .bind($crate::cursor::surplus(request))
                        .bind(pattern.unwrap_or_else(|| "%".to_owned()))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Self::cards(rows, request)
                }

                async fn moved(
                    &mut self,
                    from: &Slug,
                    now: Timestamp,
                ) -> Result<Option<Slug>, StoreError> {
                    let slug: Option<String> = query_scalar(blog::MOVED)
                        .bind(from.as_str())
                        .bind(millis(now))
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let place = $crate::codec::Place::new("posts", from);
                    place.maybe("slug", slug, str::parse::<Slug>)
                }

                async fn by_slug(
                    &mut self,
                    slug: &Slug,
                    now: Timestamp,
                ) -> Result<Option<PublishedPost>, StoreError> {
                    query_as::<_, PublishedPostRow>(blog::BY_SLUG)
                        .bind(slug.as_str())
                        .bind(millis(now))
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(PublishedPost::try_from)
                        .transpose()
                }

                async fn neighbours(
                    &mut self,
                    card: &PostCard,
                    now: Timestamp,
                ) -> Result<Neighbours, StoreError> {
                    Ok(Neighbours {
                        previous: self.beside(blog::PREVIOUS, card, now).await?,
                        next: self.beside(blog::NEXT, card, now).await?,
                    })
                }

                async fn next_planned(
                    &mut self,
                    now: Timestamp,
                ) -> Result<Option<Timestamp>, StoreError> {
                    let next: Option<i64> = query_scalar(blog::NEXT_PLANNED)
                        .bind(millis(now))
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let place = $crate::codec::Place::new("posts", &"the next planned one");
                    place.maybe_instant("published_at", next)
                }

                async fn addresses(
                    &mut self,
                    now: Timestamp,
                    limit: u32,
                ) -> Result<Vec<SitemapEntry>, StoreError> {
                    let rows = query_as::<_, AddressRow>(blog::ADDRESSES)
                        .bind(millis(now))
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(TryInto::try_into).collect()
                }

                async fn picture(
                    &mut self,
                    name: PictureName,
                ) -> Result<Option<Vec<u8>>, StoreError> {
                    query_scalar(blog::PICTURE)
                        .bind(name.hash.to_string())
                        .bind(name.size.as_str())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)
                }

                async fn add_views(
                    &mut self,
                    _: &System,
                    views: &[(PostId, u64)],
                ) -> Result<Vec<(PostId, u64)>, StoreError> {
                    let mut sums = Vec::with_capacity(views.len());
                    for (post, more) in views {
                        let sum: Option<i64> = query_scalar(blog::ADD_VIEWS)
                            .bind(post.uuid())
                            .bind($crate::codec::stored(*more))
                            .fetch_optional(self.connection())
                            .await
                            .map_err(Self::failed)?;
                        sums.extend(sum.map(|sum| (*post, count(sum))));
                    }
                    Ok(sums)
                }
            }
        };
    };
}
