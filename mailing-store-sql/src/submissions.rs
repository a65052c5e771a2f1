//! Forms that were sent.

/// Notes one; nothing happens when the form has been noted before.
pub const NOTE: &str = "INSERT INTO idempotency_keys (user_id, form, submission, subject, created_at) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (user_id, form) DO NOTHING";
/// Which arrival noted it, and about what.
pub const FIND: &str =
    "SELECT submission, subject FROM idempotency_keys WHERE user_id = $1 AND form = $2";
/// Forgets old ones.
pub const PURGE: &str = "DELETE FROM idempotency_keys WHERE created_at < $1";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[NOTE, FIND, PURGE];

/// [`SubmissionRepo`](mailing_core::ports::store::SubmissionRepo) for a unit of work.
#[macro_export]
macro_rules! submissions_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;
            use $crate::submissions;

            impl $unit {
                /// Which arrival of a form was first, and what it was about.
                async fn first_submission(
                    &mut self,
                    user: UserId,
                    form: FormId,
                ) -> Result<Option<(Uuid, String)>, StoreError> {
                    query_as::<_, (Uuid, String)>(submissions::FIND)
                        .bind(user.uuid())
                        .bind(form.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)
                }
            }

            #[async_trait]
            impl SubmissionRepo for $unit {
                async fn note(
                    &mut self,
                    _: &System,
                    what: &Submitted<'_>,
                ) -> Result<bool, StoreError> {
                    let done = query(submissions::NOTE)
                        .bind(what.user.uuid())
                        .bind(what.submission.form.uuid())
                        .bind(what.submission.id.uuid())
                        .bind(what.subject)
                        .bind(millis(what.at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if done.rows_affected() == 1 {
                        return Ok(true);
                    }
                    let first = self
                        .first_submission(what.user, what.submission.form)
                        .await?;
                    Ok(first.is_some_and(|(id, _)| id == what.submission.id.uuid()))
                }

                async fn subject(
                    &mut self,
                    _: &System,
                    user: UserId,
                    form: FormId,
                ) -> Result<Option<String>, StoreError> {
                    let first = self.first_submission(user, form).await?;
                    Ok(first.map(|(_, subject)| subject))
                }

                async fn purge(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                ) -> Result<u64, StoreError> {
                    let done = query(submissions::PURGE)
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
