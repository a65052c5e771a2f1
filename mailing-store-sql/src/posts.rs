//! Posts, for those who write them.

macro_rules! summary_columns {
    () => {
        "p.id, p.author_id, p.title, p.slug, p.picture, p.published_at, p.updated_at, \
            p.deleted_at, coalesce(v.views, 0) AS views"
    };
}

macro_rules! shelf {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            summary_columns!(),
            " FROM posts p LEFT JOIN post_views v ON v.post_id = p.id \
                WHERE (p.author_id = $1 OR $1 IS NULL) AND p.id < $2 AND ",
            $condition,
            " ORDER BY p.id DESC LIMIT $3"
        )
    };
}

/// Adds a post.
pub const INSERT: &str = "INSERT INTO posts (id, author_id, title, slug, lead, summary, content, \
        picture, picture_hash, published_at, version, created_at, updated_at, search_text) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
/// Writes version `$11` in the place of the one before it.
pub const SAVE: &str = "UPDATE posts SET title = $3, slug = $4, lead = $5, summary = $6, \
        content = $7, picture = $8, picture_hash = $9, published_at = $10, version = $11, \
        updated_at = $12, search_text = $13 \
    WHERE id = $1 AND (author_id = $2 OR $2 IS NULL) AND deleted_at IS NULL \
        AND version = $11 - 1";
/// Notes the address that one has before version `$4` gives it another one: also one without a date, which
/// may have been seen there before it was taken back.
pub const NOTE_SLUG: &str = "INSERT INTO post_slugs (slug, post_id) \
    SELECT p.slug, p.id FROM posts p WHERE p.id = $1 AND (p.author_id = $2 OR $2 IS NULL) \
        AND p.slug <> $3 AND p.version = $4 - 1 AND p.deleted_at IS NULL \
    ON CONFLICT (slug) DO UPDATE SET post_id = excluded.post_id";
/// Forgets that a post had an address which another one takes, or the same one again.
pub const TAKE_SLUG: &str = "DELETE FROM post_slugs WHERE slug = $1";
/// Whether there is one outside of the trash.
pub const IS_LIVE: &str = "SELECT count(*) FROM posts \
    WHERE id = $1 AND (author_id = $2 OR $2 IS NULL) AND deleted_at IS NULL";
/// Puts one into the trash.
pub const DELETE: &str = "UPDATE posts SET deleted_at = $3 \
    WHERE id = $1 AND (author_id = $2 OR $2 IS NULL) AND deleted_at IS NULL";
/// Takes one out of the trash.
pub const UNDELETE: &str = "UPDATE posts SET deleted_at = NULL \
    WHERE id = $1 AND (author_id = $2 OR $2 IS NULL) AND deleted_at IS NOT NULL";
/// One, in the trash or not.
pub const FIND: &str = concat!(
    "SELECT ",
    summary_columns!(),
    ", p.lead, p.content, p.version, p.created_at \
        FROM posts p LEFT JOIN post_views v ON v.post_id = p.id \
        WHERE p.id = $1 AND (p.author_id = $2 OR $2 IS NULL)"
);
/// Drafts.
pub const DRAFTS: &str = shelf!("p.deleted_at IS NULL AND p.published_at IS NULL");
/// Planned ones at `$4`.
pub const PLANNED: &str = shelf!("p.deleted_at IS NULL AND p.published_at > $4");
/// Published ones at `$4`.
pub const PUBLISHED: &str = shelf!("p.deleted_at IS NULL AND p.published_at <= $4");
/// The trash.
pub const TRASH: &str = shelf!("p.deleted_at IS NOT NULL");
/// Addresses that begin with `$1`, which is of letters that need no escaping.
pub const SLUGS: &str =
    "SELECT slug FROM posts WHERE slug LIKE CAST($1 AS TEXT) || '%' ORDER BY slug LIMIT $2";
/// Keeps a picture in a size, or keeps it again.
pub const KEEP_PICTURE: &str = "INSERT INTO images (hash, size, data, kept_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (hash, size) \
    DO UPDATE SET data = excluded.data, kept_at = excluded.kept_at";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT,
    SAVE,
    NOTE_SLUG,
    TAKE_SLUG,
    IS_LIVE,
    DELETE,
    UNDELETE,
    FIND,
    DRAFTS,
    PLANNED,
    PUBLISHED,
    TRASH,
    SLUGS,
    KEEP_PICTURE,
];

/// [`PostRepo`](mailing_core::ports::store::PostRepo) for a unit of work.
#[macro_export]
macro_rules! posts_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;
            use $crate::posts;

            fn author(scope: &EditPosts) -> Option<Uuid> {
                scope.author().map(UserId::uuid)
            }

            /// What is searched of a post.
            fn search_text(post: &Post) -> String {
                let lead = post.lead.as_ref().map_or("", |lead| lead.as_str());
                $crate::filter::folded_text(post.title.as_str(), lead, post.content.as_str())
            }

            fn version(post: &Post) -> i32 {
                i32::try_from(post.version).unwrap_or(i32::MAX)
            }

            impl $unit {
                /// The address is this post's from now on, whichever had it before.
                async fn take_slug(&mut self, slug: &Slug) -> Result<(), StoreError> {
                    query(posts::TAKE_SLUG)
                        .bind(slug.as_str())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }
            }

            #[async_trait]
            impl PostRepo for $unit {
                async fn insert(
                    &mut self,
                    scope: &EditPosts,
                    post: &Post,
                ) -> Result<(), StoreError> {
                    let picture = post.picture.as_ref();
                    query(posts::INSERT)
                        .bind(post.id.uuid())
                        .bind(scope.author().unwrap_or(post.author).uuid())
                        .bind(post.title.as_str())
                        .bind(post.slug.as_str())
                        .bind(post.lead.as_ref().map(|lead| lead.as_str()))
                        .bind(post.summary())
                        .bind(post.content.as_str())
                        .bind(picture.map(|picture| $crate::codec::json(picture)))
                        .bind(picture.map(|picture| picture.hash.to_string()))
                        .bind(post.state.published_at().map(millis))
                        .bind(version(post))
                        .bind(millis(post.created_at))
                        .bind(millis(post.updated_at))
                        .bind(search_text(post))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    self.take_slug(&post.slug).await
                }

                async fn save(
                    &mut self,
                    scope: &EditPosts,
                    post: &Post,
                ) -> Result<bool, StoreError> {
                    let picture = post.picture.as_ref();
                    query(posts::NOTE_SLUG)
                        .bind(post.id.uuid())
                        .bind(author(scope))
                        .bind(post.slug.as_str())
                        .bind(version(post))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let done = query(posts::SAVE)
                        .bind(post.id.uuid())
                        .bind(author(scope))
                        .bind(post.title.as_str())
                        .bind(post.slug.as_str())
                        .bind(post.lead.as_ref().map(|lead| lead.as_str()))
                        .bind(post.summary())
                        .bind(post.content.as_str())
                        .bind(picture.map(|picture| $crate::codec::json(picture)))
                        .bind(picture.map(|picture| picture.hash.to_string()))
                        .bind(post.state.published_at().map(millis))
                        .bind(version(post))
                        .bind(millis(post.updated_at))
                        .bind(search_text(post))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if done.rows_affected() > 0 {
                        self.take_slug(&post.slug).await?;
                        return Ok(true);
                    }
                    let live: i64 = query_scalar(posts::IS_LIVE)
                        .bind(post.id.uuid())
                        .bind(author(scope))
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let constraint = "version";
                    match live {
                        0 => Ok(false),
                        _ => Err(StoreError::Conflict { constraint }),
                    }
                }

                async fn delete(
                    &mut self,
                    scope: &EditPosts,
                    id: PostId,
                    now: Timestamp,
                ) -> Result<bool, StoreError> {
                    let done = query(posts::DELETE)
                        .bind(id.uuid())
                        .bind(author(scope))
                        .bind(millis(now))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn undelete(
                    &mut self,
                    scope: &EditPosts,
                    id: PostId,
                ) -> Result<bool, StoreError> {
                    let done = query(posts::UNDELETE)
                        .bind(id.uuid())
                        .bind(author(scope))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn find(
                    &mut self,
                    scope: &EditPosts,
                    id: PostId,
                ) -> Result<Option<KeptPost>, StoreError> {
                    query_as::<_, PostRow>(posts::FIND)
                        .bind(id.uuid())
                        .bind(author(scope))
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(KeptPost::try_from)
                        .transpose()
                }

                async fn page(
                    &mut self,
                    scope: &EditPosts,
                    shelf: Shelf,
                    now: Timestamp,
                    request: &PageRequest,
                ) -> Result<Page<PostSummary>, StoreError> {
                    let (statement, dated) = match shelf {
                        Shelf::Drafts => (posts::DRAFTS, false),
                        Shelf::Planned => (posts::PLANNED, true),
                        Shelf::Published => (posts::PUBLISHED, true),
                        Shelf::Trash => (posts::TRASH, false),
                    };
                    let mut ask = query_as::<_, PostSummaryRow>(statement)
                        .bind(author(scope))
                        .bind($crate::cursor::before_id(request))
                        .bind($crate::cursor::surplus(request));
                    if dated {
                        ask = ask.bind(millis(now));
                    }
                    let rows = ask.fetch_all(self.connection()).await;
                    let rows = rows.map_err(Self::failed)?.into_iter();
                    let items: Result<Vec<_>, _> = rows.map(PostSummary::try_from).collect();
                    Ok(Page::from_surplus(items?, request.limit(), |post| {
                        Cursor::new(post.id.to_string())
                    }))
                }

                async fn slugs(
                    &mut self,
                    _: &EditPosts,
                    stem: &str,
                    limit: u32,
                ) -> Result<Vec<Slug>, StoreError> {
                    let slugs: Vec<String> = query_scalar(posts::SLUGS)
                        .bind(stem)
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let read = |slug: String| {
                        $crate::codec::Place::new("posts", &slug).read("slug", slug.parse())
                    };
                    slugs.into_iter().map(read).collect()
                }

                async fn keep_picture(
                    &mut self,
                    _: &EditPosts,
                    hash: FileHash,
                    renditions: &Renditions,
                    now: Timestamp,
                ) -> Result<(), StoreError> {
                    for size in PictureSize::ALL {
                        query(posts::KEEP_PICTURE)
                            .bind(hash.to_string())
                            .bind(size.as_str())
                            .bind(&renditions.of(size).data)
                            .bind(millis(now))
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    Ok(())
                }
            }
        };
    };
}
