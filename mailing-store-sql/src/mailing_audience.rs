//! To whom mailings go: lists and recipients picked one by one. The expanding crate has
//! `bulk::{INSERT_CHOSEN, MEMBERS, WEIGH_LISTS, WEIGH_CHOSEN}`.

/// Counts recipients of owner `$1`: all, and those who would get a message.
#[macro_export]
macro_rules! weigh_audience {
    ($where:literal) => {
        concat!(
            "SELECT count(*) AS total, count(CASE WHEN r.state = 'active' \
                AND NOT EXISTS (SELECT 1 FROM suppressions s \
                    WHERE s.owner_id = r.owner_id AND s.target IN (r.address_key, r.domain)) \
                THEN 1 END) AS active \
             FROM recipients r WHERE r.owner_id = $1 AND r.deleted_at IS NULL AND ",
            $where
        )
    };
}

/// Adds a list of the owner.
pub const INSERT_LIST: &str =
    "INSERT INTO mailing_lists (mailing_id, list_id, owner_id) VALUES ($1, $2, $3)";
/// Takes all lists away.
pub const DELETE_LISTS: &str = "DELETE FROM mailing_lists WHERE owner_id = $1 AND mailing_id = $2";
/// Takes all picks away.
pub const DELETE_CHOSEN: &str =
    "DELETE FROM mailing_recipients WHERE owner_id = $1 AND mailing_id = $2";
/// Names the kind of an audience and how many were picked.
pub const SET_KIND: &str = "UPDATE mailings SET audience = $3, chosen = $4 \
    WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL";
/// Picks for mailing `$3` who is picked for `$2`.
pub const COPY_CHOSEN: &str = "INSERT INTO mailing_recipients \
        (owner_id, mailing_id, recipient_id) \
    SELECT c.owner_id, $3, c.recipient_id FROM mailing_recipients c \
        JOIN recipients r ON r.id = c.recipient_id AND r.deleted_at IS NULL \
    WHERE c.owner_id = $1 AND c.mailing_id = $2";
/// Picks of a mailing, by id.
pub const CHOSEN: &str = "SELECT c.recipient_id FROM mailings m \
        JOIN mailing_recipients c ON c.mailing_id = m.id \
        JOIN recipients r ON r.id = c.recipient_id AND r.deleted_at IS NULL \
    WHERE m.owner_id = $1 AND m.id = $2 AND m.deleted_at IS NULL \
    ORDER BY c.recipient_id LIMIT $3";
/// How many recipients an owner has, and how many active ones.
pub const OWN: &str = "SELECT CAST(coalesce(sum(number), 0) AS bigint), \
        CAST(coalesce(sum(CASE WHEN state = 'active' THEN number END), 0) AS bigint) \
    FROM recipient_counts WHERE owner_id = $1";
/// All recipients.
pub const WEIGH_ALL: &str = weigh_audience!("$1 = $1");
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT_LIST,
    DELETE_LISTS,
    DELETE_CHOSEN,
    SET_KIND,
    COPY_CHOSEN,
    CHOSEN,
    OWN,
    WEIGH_ALL,
];

/// Functions of a unit of work that write and count audiences.
#[macro_export]
macro_rules! mailing_audience {
    ($unit:ty, $bulk:path) => {
        const _: () = {
            use $bulk as bulk;
            use $crate::codec::stored;
            use $crate::mailing_audience;
            use $crate::names::*;

            impl $unit {
                /// Adds lists and picks to a mailing that has none.
                async fn write_audience(
                    &mut self,
                    scope: &Edit<Mailing>,
                    mailing: &Mailing,
                    chosen: &[RecipientId],
                ) -> Result<(), StoreError> {
                    if let Audience::Lists(lists) = &mailing.audience {
                        for list in lists {
                            query(mailing_audience::INSERT_LIST)
                                .bind(mailing.id.uuid())
                                .bind(list.uuid())
                                .bind(scope.owner().uuid())
                                .execute(self.connection())
                                .await
                                .map_err(Self::failed)?;
                        }
                    }
                    if chosen.is_empty() {
                        return Ok(());
                    }
                    let kept = query(bulk::INSERT_CHOSEN)
                        .bind(scope.owner().uuid())
                        .bind(mailing.id.uuid())
                        .bind($crate::bulk::ids(chosen.iter().map(|id| id.uuid())))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if kept.rows_affected() < chosen.len() as u64 {
                        let constraint = "mailings.chosen";
                        return Err(StoreError::Conflict { constraint });
                    }
                    Ok(())
                }

                async fn replace_audience(
                    &mut self,
                    scope: &Edit<Mailing>,
                    mailing: &Mailing,
                    chosen: &[RecipientId],
                ) -> Result<(), StoreError> {
                    let kind = mailing.audience.kind();
                    if !self
                        .set_kind(scope, mailing.id, kind, chosen.len() as u64)
                        .await?
                    {
                        return Ok(());
                    }
                    for statement in [
                        mailing_audience::DELETE_LISTS,
                        mailing_audience::DELETE_CHOSEN,
                    ] {
                        query(statement)
                            .bind(scope.owner().uuid())
                            .bind(mailing.id.uuid())
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    self.write_audience(scope, mailing, chosen).await
                }

                /// False when the mailing is not the owner's.
                async fn set_kind(
                    &mut self,
                    scope: &Edit<Mailing>,
                    mailing: MailingId,
                    kind: &'static str,
                    chosen: u64,
                ) -> Result<bool, StoreError> {
                    let done = query(mailing_audience::SET_KIND)
                        .bind(scope.owner().uuid())
                        .bind(mailing.uuid())
                        .bind(kind)
                        .bind(stored(chosen))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn copy_picks(
                    &mut self,
                    scope: &Edit<Mailing>,
                    from: MailingId,
                    to: MailingId,
                ) -> Result<u64, StoreError> {
                    if !self.set_kind(scope, to, "chosen", 0).await? {
                        return Ok(0);
                    }
                    let copied = query(mailing_audience::COPY_CHOSEN)
                        .bind(scope.owner().uuid())
                        .bind(from.uuid())
                        .bind(to.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .rows_affected();
                    self.set_kind(scope, to, "chosen", copied).await?;
                    Ok(copied)
                }

                async fn picks(
                    &mut self,
                    owner: UserId,
                    mailing: MailingId,
                    limit: u32,
                ) -> Result<Vec<RecipientId>, StoreError> {
                    let ids: Vec<Uuid> = query_scalar(mailing_audience::CHOSEN)
                        .bind(owner.uuid())
                        .bind(mailing.uuid())
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(ids.into_iter().map(RecipientId::from).collect())
                }

                async fn weigh(
                    &mut self,
                    owner: UserId,
                    audience: &AudienceChoice,
                ) -> Result<AudienceSize, StoreError> {
                    if let Some(bound) = self.bound(owner, audience).await? {
                        return Ok(bound);
                    }
                    let counted = match audience {
                        AudienceChoice::Kept => return Ok(AudienceSize::counted(0, 0)),
                        AudienceChoice::All => {
                            query_as::<_, (i64, i64)>(mailing_audience::WEIGH_ALL)
                                .bind(owner.uuid())
                        }
                        AudienceChoice::Lists(lists) => {
                            query_as::<_, (i64, i64)>(bulk::WEIGH_LISTS)
                                .bind(owner.uuid())
                                .bind($crate::bulk::ids(lists.iter().map(|id| id.uuid())))
                        }
                        AudienceChoice::Chosen(picked) => {
                            query_as::<_, (i64, i64)>(bulk::WEIGH_CHOSEN)
                                .bind(owner.uuid())
                                .bind($crate::bulk::ids(picked.iter().map(|id| id.uuid())))
                        }
                    };
                    let (total, active) = counted
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(AudienceSize::counted(count(total), count(active)))
                }

                /// What the sums say of an audience that is too large to be counted.
                async fn bound(
                    &mut self,
                    owner: UserId,
                    audience: &AudienceChoice,
                ) -> Result<Option<AudienceSize>, StoreError> {
                    let members = match audience {
                        AudienceChoice::All => None,
                        AudienceChoice::Lists(lists) => {
                            let members: i64 = query_scalar(bulk::MEMBERS)
                                .bind(owner.uuid())
                                .bind($crate::bulk::ids(lists.iter().map(|id| id.uuid())))
                                .fetch_one(self.connection())
                                .await
                                .map_err(Self::failed)?;
                            Some(count(members))
                        }
                        AudienceChoice::Chosen(_) | AudienceChoice::Kept => return Ok(None),
                    };
                    if members.is_some_and(|members| members <= AudienceSize::COUNTED_MAX) {
                        return Ok(None);
                    }
                    let (of, active): (i64, i64) = query_as(mailing_audience::OWN)
                        .bind(owner.uuid())
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let (of, active) = (count(of), count(active));
                    let members = members.unwrap_or(of);
                    let is_large = members > AudienceSize::COUNTED_MAX;
                    Ok(is_large.then(|| AudienceSize::bound(members, of, active)))
                }
            }
        };
    };
}
