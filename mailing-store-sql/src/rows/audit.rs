//! The audit log.

use sqlx::FromRow;
use uuid::Uuid;

use mailing_core::audit::{Deed, Entry};
use mailing_core::policy::Who;
use mailing_core::ports::store::StoreError;

use crate::codec::Place;

/// A row of `audit`.
#[derive(Debug, Clone, FromRow)]
pub struct AuditRow {
    /// Id.
    pub id: Uuid,
    /// When.
    pub at: i64,
    /// What kind of actor.
    pub who: String,
    /// Which user, if one.
    pub user_id: Option<Uuid>,
    /// Whose things.
    pub owner_id: Option<Uuid>,
    /// What.
    pub deed: String,
    /// On what.
    pub subject: String,
    /// Why.
    pub reason: Option<String>,
}

impl TryFrom<AuditRow> for Entry {
    type Error = StoreError;

    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        let place = Place::new("audit", &row.id);
        let who = match (row.who.as_str(), row.user_id) {
            ("user", Some(id)) => Who::User(id.into()),
            ("console", _) => Who::Console,
            ("system", _) => Who::System,
            ("recipient", _) => Who::Recipient,
            _ => return Err(place.corrupt("who")),
        };
        Ok(Self {
            id: row.id.into(),
            at: place.instant("at", row.at)?,
            who,
            owner: row.owner_id.map(Into::into),
            deed: place.known("deed", Deed::from_name(&row.deed))?,
            subject: row.subject,
            reason: row.reason,
        })
    }
}
