//! The audit log: append only.

/// Adds an entry.
pub const INSERT: &str = "INSERT INTO audit \
    (id, at, who, user_id, owner_id, deed, subject, reason) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
/// What was done with an owner's things, newest first.
pub const TRAIL: &str = "SELECT id, at, who, user_id, owner_id, deed, subject, reason FROM audit \
    WHERE owner_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[INSERT, TRAIL];

/// [`AuditRepo`](mailing_core::ports::store::AuditRepo) for a unit of work.
#[macro_export]
macro_rules! audit_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::names::*;

            #[async_trait]
            impl AuditRepo for $unit {
                async fn add(&mut self, entry: &Entry) -> Result<(), StoreError> {
                    let (who, user) = match entry.who {
                        Who::User(id) => ("user", Some(id.uuid())),
                        Who::Console => ("console", None),
                        Who::System => ("system", None),
                        Who::Recipient => ("recipient", None),
                    };
                    query($crate::audit::INSERT)
                        .bind(entry.id.uuid())
                        .bind(millis(entry.at))
                        .bind(who)
                        .bind(user)
                        .bind(entry.owner.map(UserId::uuid))
                        .bind(entry.deed.as_str())
                        .bind(&entry.subject)
                        .bind(&entry.reason)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn trail(
                    &mut self,
                    scope: &View<Entry>,
                    request: &PageRequest,
                ) -> Result<Page<Entry>, StoreError> {
                    let rows = query_as::<_, AuditRow>($crate::audit::TRAIL)
                        .bind(scope.owner().uuid())
                        .bind($crate::cursor::before_id(request))
                        .bind($crate::cursor::surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let entries: Result<Vec<_>, _> =
                        rows.into_iter().map(Entry::try_from).collect();
                    Ok(Page::from_surplus(entries?, request.limit(), |entry| {
                        Cursor::new(entry.id.to_string())
                    }))
                }
            }
        };
    };
}
