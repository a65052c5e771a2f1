//! The audit log: append only.

/// Adds an entry.
pub const INSERT: &str = "INSERT INTO audit \
    (id, at, who, user_id, owner_id, deed, subject, reason) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[INSERT];

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
            }
        };
    };
}
