//! Settings of the instance, and what people write on the contacts page.

/// The columns of a [`FeedbackRow`](crate::rows::FeedbackRow).
macro_rules! feedback_columns {
    () => {
        "id, name, email, phone, body, language, created_at, answered_at, deleted_at"
    };
}

/// The settings.
pub const SETTINGS: &str = "SELECT content, version FROM settings WHERE id = 1";
/// Saves the first version, or the one after that which is there.
pub const PUT: &str = "INSERT INTO settings (id, content, version, updated_at) \
    VALUES (1, $1, $2, $3) ON CONFLICT (id) DO UPDATE \
    SET content = excluded.content, version = excluded.version, updated_at = excluded.updated_at \
    WHERE settings.version = excluded.version - 1";
/// Adds feedback; nothing happens when its form has come before.
pub const ADD: &str = "INSERT INTO feedback \
    (id, form, name, email, phone, body, language, search_text, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (form) DO NOTHING";
/// Newest first; `$2` is a pattern, `$3` whether it is answered, or NULL.
pub const PAGE: &str = concat!(
    "SELECT ",
    feedback_columns!(),
    " FROM feedback WHERE id < $1 AND deleted_at IS NULL \
        AND (search_text LIKE $2 ESCAPE '\\' OR $2 IS NULL) \
        AND ((answered_at IS NOT NULL) = $3 OR $3 IS NULL) \
    ORDER BY id DESC LIMIT $4"
);
/// How much is not answered, and how much is.
pub const COUNTS: &str = "SELECT count(*) FILTER (WHERE answered_at IS NULL), \
        count(*) FILTER (WHERE answered_at IS NOT NULL) \
    FROM feedback WHERE deleted_at IS NULL";
/// One, in the trash or not.
pub const FIND: &str = concat!(
    "SELECT ",
    feedback_columns!(),
    " FROM feedback WHERE id = $1"
);
/// Sets when it was answered and deleted.
pub const MARK: &str = "UPDATE feedback SET answered_at = $2, deleted_at = $3 WHERE id = $1 \
    AND answered_at IS NOT DISTINCT FROM $4 AND deleted_at IS NOT DISTINCT FROM $5";
/// Erases what lay in the trash.
pub const PURGE: &str = "DELETE FROM feedback WHERE deleted_at < $1";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[SETTINGS, PUT, ADD, PAGE, COUNTS, FIND, MARK, PURGE];

/// [`SettingsRepo`](mailing_core::ports::store::SettingsRepo) and
/// [`FeedbackRepo`](mailing_core::ports::store::FeedbackRepo) for a unit of work.
#[macro_export]
macro_rules! instance_repos {
    ($unit:ty) => {
        const _: () = {
            use $crate::cursor::{before_id, surplus};
            use $crate::filter::{pattern, search_text};
            use $crate::instance;
            use $crate::names::*;

            #[async_trait]
            impl SettingsRepo for $unit {
                async fn find(&mut self, _: &System) -> Result<Option<KeptSettings>, StoreError> {
                    query_as::<_, SettingsRow>(instance::SETTINGS)
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(KeptSettings::try_from)
                        .transpose()
                }

                async fn put(
                    &mut self,
                    _: &System,
                    kept: &KeptSettings,
                    now: Timestamp,
                ) -> Result<bool, StoreError> {
                    let done = query(instance::PUT)
                        .bind(kept.settings.to_content())
                        .bind(i32::try_from(kept.version).unwrap_or(i32::MAX))
                        .bind(millis(now))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() == 1)
                }
            }

            #[async_trait]
            impl FeedbackRepo for $unit {
                async fn add(
                    &mut self,
                    _: &System,
                    feedback: &Feedback,
                    form: FormId,
                ) -> Result<bool, StoreError> {
                    let (email, text) = (&feedback.email, feedback.text.as_str());
                    let done = query(instance::ADD)
                        .bind(feedback.id.uuid())
                        .bind(form.uuid())
                        .bind(feedback.name.as_str())
                        .bind(email.as_str())
                        .bind(feedback.phone.as_ref().map(|phone| phone.as_str()))
                        .bind(text)
                        .bind(feedback.language.tag())
                        .bind(search_text(email, Some(&feedback.name), Some(text)))
                        .bind(millis(feedback.at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() == 1)
                }

                async fn page(
                    &mut self,
                    _: &Correspond,
                    filter: &FeedbackFilter,
                    request: &PageRequest,
                ) -> Result<Page<Feedback>, StoreError> {
                    let rows = query_as::<_, FeedbackRow>(instance::PAGE)
                        .bind(before_id(request))
                        .bind(pattern(filter.search.as_deref()))
                        .bind(filter.answered)
                        .bind(surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let rows = rows.into_iter().map(Feedback::try_from);
                    let found: Vec<_> = rows.collect::<Result<_, _>>()?;
                    Ok(Page::from_surplus(found, request.limit(), |one| {
                        Cursor::new(one.id.to_string())
                    }))
                }

                async fn counts(&mut self, _: &Correspond) -> Result<FeedbackCounts, StoreError> {
                    let (new, answered): (i64, i64) = query_as(instance::COUNTS)
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(FeedbackCounts {
                        new: count(new),
                        answered: count(answered),
                    })
                }

                async fn find(
                    &mut self,
                    _: &Correspond,
                    id: FeedbackId,
                ) -> Result<Option<Feedback>, StoreError> {
                    query_as::<_, FeedbackRow>(instance::FIND)
                        .bind(id.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(Feedback::try_from)
                        .transpose()
                }

                async fn mark(
                    &mut self,
                    _: &Correspond,
                    read: &Feedback,
                    answered_at: Option<Timestamp>,
                    deleted_at: Option<Timestamp>,
                ) -> Result<bool, StoreError> {
                    let done = query(instance::MARK)
                        .bind(read.id.uuid())
                        .bind(answered_at.map(millis))
                        .bind(deleted_at.map(millis))
                        .bind(read.answered_at.map(millis))
                        .bind(read.deleted_at.map(millis))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() == 1)
                }

                async fn purge(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                ) -> Result<u64, StoreError> {
                    let done = query(instance::PURGE)
                        .bind(millis(before))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }
            }
        };
    };
}
