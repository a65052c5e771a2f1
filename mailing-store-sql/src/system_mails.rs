//! The service's own mail.

macro_rules! mail_columns {
    () => {
        "id, kind, address, language, letter, created_at, due_at, give_up_at, tries"
    };
}

/// Adds a letter.
pub const INSERT: &str = concat!(
    "INSERT INTO system_mails (",
    mail_columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
);
/// Whether one is due.
pub const IS_DUE: &str = "SELECT count(*) FROM \
    (SELECT id FROM system_mails WHERE due_at <= $1 LIMIT 1) AS due";
/// How many wait, and since when the oldest.
pub const QUEUE: &str = "SELECT count(*), min(created_at) FROM system_mails";
/// Takes those that are due. Of two that take at once, the second one looks at the row again when
/// the first has committed, and leaves it.
pub const CLAIM: &str = concat!(
    "UPDATE system_mails SET due_at = $2, tries = tries + 1 \
     WHERE due_at <= $1 AND id IN \
     (SELECT id FROM system_mails WHERE due_at <= $1 ORDER BY id LIMIT $3) RETURNING ",
    mail_columns!()
);
/// Puts one off.
pub const POSTPONE: &str = "UPDATE system_mails SET due_at = $2 WHERE id = $1";
/// Deletes one.
pub const DELETE: &str = "DELETE FROM system_mails WHERE id = $1";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[INSERT, IS_DUE, QUEUE, CLAIM, POSTPONE, DELETE];

/// [`SystemMailRepo`](mailing_core::ports::store::SystemMailRepo) for a unit of work.
#[macro_export]
macro_rules! system_mails_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;
            use $crate::system_mails;

            #[async_trait]
            impl SystemMailRepo for $unit {
                async fn add(&mut self, _: &System, mail: &SystemMail) -> Result<(), StoreError> {
                    query(system_mails::INSERT)
                        .bind(mail.id.uuid())
                        .bind(&mail.kind)
                        .bind(mail.to.as_str())
                        .bind(mail.language.tag())
                        .bind(&mail.letter)
                        .bind(millis(mail.created_at))
                        .bind(millis(mail.due_at))
                        .bind(millis(mail.give_up_at))
                        .bind(i32::try_from(mail.tries).unwrap_or(i32::MAX))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn is_due(&mut self, _: &System, now: Timestamp) -> Result<bool, StoreError> {
                    let due: i64 = query_scalar(system_mails::IS_DUE)
                        .bind(millis(now))
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(due > 0)
                }

                async fn queue(&mut self, _: &System) -> Result<LetterQueue, StoreError> {
                    let (waiting, oldest): (i64, Option<i64>) = query_as(system_mails::QUEUE)
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let place = $crate::codec::Place::new("system_mails", &"queue");
                    Ok(LetterQueue {
                        waiting: count(waiting),
                        oldest: place.maybe_instant("created_at", oldest)?,
                    })
                }

                async fn claim(
                    &mut self,
                    _: &System,
                    now: Timestamp,
                    until: Timestamp,
                    limit: u32,
                ) -> Result<Vec<SystemMail>, StoreError> {
                    let rows = query_as::<_, SystemMailRow>(system_mails::CLAIM)
                        .bind(millis(now))
                        .bind(millis(until))
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let mails: Result<Vec<SystemMail>, _> =
                        rows.into_iter().map(SystemMail::try_from).collect();
                    let mut mails = mails?;
                    mails.sort_by_key(|mail| mail.id);
                    Ok(mails)
                }

                async fn postpone(
                    &mut self,
                    _: &System,
                    id: SystemMailId,
                    due_at: Timestamp,
                ) -> Result<(), StoreError> {
                    query(system_mails::POSTPONE)
                        .bind(id.uuid())
                        .bind(millis(due_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn delete(&mut self, _: &System, id: SystemMailId) -> Result<(), StoreError> {
                    query(system_mails::DELETE)
                        .bind(id.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }
            }
        };
    };
}
