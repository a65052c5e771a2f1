//! Recipients. The expanding crate has `bulk::FIND_BY_KEYS`, `bulk::FIND_IDS`, `bulk::DELETE_MANY`,
//! `bulk::REMEMBER`, `bulk::UPSERT` and `bulk::ADD_MEMBERS_BY_KEY`.

/// The columns of a [`RecipientRow`](crate::rows::RecipientRow).
#[macro_export]
macro_rules! recipient_columns {
    () => {
        "id, owner_id, address, full_name, comment, CAST(attributes AS TEXT) AS attributes, \
         state, created_at, updated_at, deleted_at"
    };
}

/// Adds one or takes it out of the trash, where whoever took leave stays away.
/// No row when it is there and not in the trash.
pub const INSERT: &str = "INSERT INTO recipients \
    (id, owner_id, address, address_key, domain, full_name, comment, attributes, state, \
     search_text, created_at, updated_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
    ON CONFLICT (owner_id, address_key) DO UPDATE SET address = excluded.address, \
        full_name = excluded.full_name, comment = excluded.comment, \
        attributes = excluded.attributes, search_text = excluded.search_text, \
        state = CASE WHEN recipients.state <> 'active' THEN recipients.state \
            ELSE excluded.state END, \
        created_at = excluded.created_at, updated_at = excluded.updated_at, deleted_at = NULL, \
        import_id = NULL \
    WHERE recipients.deleted_at IS NOT NULL RETURNING id";
/// Writes one back.
pub const UPDATE: &str = "UPDATE recipients SET address = $3, address_key = $4, domain = $5, \
    full_name = $6, comment = $7, attributes = $8, state = $9, search_text = $10, updated_at = $11 \
    WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL";
/// Puts one into the trash.
pub const DELETE: &str = "UPDATE recipients SET deleted_at = $3 \
    WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL";
/// Takes one out of the trash that was put there at `$3` or later.
pub const RESTORE: &str = "UPDATE recipients SET deleted_at = NULL \
    WHERE owner_id = $1 AND id = $2 AND deleted_at >= $3";
/// Takes `$3` out of the trash that were put there at `$2`.
pub const RESTORE_DELETED: &str = "UPDATE recipients SET deleted_at = NULL WHERE id IN \
    (SELECT id FROM recipients WHERE owner_id = $1 AND deleted_at = $2 LIMIT $3)";
/// The trash, newest first.
pub const TRASH: &str = concat!(
    "SELECT ",
    recipient_columns!(),
    " FROM recipients WHERE owner_id = $1 AND deleted_at IS NOT NULL \
        AND (deleted_at, id) < ($2, $3) ORDER BY deleted_at DESC, id DESC LIMIT $4"
);
/// By id.
pub const FIND: &str = concat!(
    "SELECT ",
    recipient_columns!(),
    " FROM recipients WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL"
);
/// By id, in the trash too.
pub const FIND_ANY: &str = concat!(
    "SELECT ",
    recipient_columns!(),
    " FROM recipients WHERE owner_id = $1 AND id = $2"
);
/// By key of the address.
pub const FIND_BY_KEY: &str = concat!(
    "SELECT ",
    recipient_columns!(),
    " FROM recipients WHERE owner_id = $1 AND address_key = $2 AND deleted_at IS NULL"
);
/// By key of the address, in the trash.
pub const FIND_IN_TRASH: &str = concat!(
    "SELECT ",
    recipient_columns!(),
    " FROM recipients WHERE owner_id = $1 AND address_key = $2 AND deleted_at IS NOT NULL"
);
/// How many, and how many of them active.
pub const COUNTS: &str = "SELECT CAST(coalesce(sum(number), 0) AS BIGINT), \
    CAST(coalesce(sum(number) FILTER (WHERE state = 'active'), 0) AS BIGINT) \
    FROM recipient_counts WHERE owner_id = $1";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT,
    UPDATE,
    DELETE,
    RESTORE,
    RESTORE_DELETED,
    TRASH,
    FIND,
    FIND_ANY,
    FIND_BY_KEY,
    FIND_IN_TRASH,
    COUNTS,
];

/// [`RecipientRepo`](mailing_core::ports::store::RecipientRepo) for a unit of work.
#[macro_export]
macro_rules! recipients_repo {
    ($unit:ty, $bulk:path) => {
        const _: () = {
            use $bulk as bulk;
            use $crate::names::*;
            use $crate::{recipient_pages, recipients};

            fn search_text(recipient: &Recipient) -> String {
                $crate::filter::search_text(
                    &recipient.address,
                    recipient.full_name.as_ref(),
                    recipient.comment.as_deref(),
                )
            }

            impl $unit {
                async fn known_recipients(
                    &mut self,
                    scope: &View<Recipient>,
                    rows: &[NewRecipient],
                ) -> Result<Vec<$crate::bulk::Known>, StoreError> {
                    let keys = $crate::bulk::keys(rows.iter().map(|row| &row.content.address));
                    let known = query_as::<_, RecipientRow>(bulk::FIND_BY_KEYS)
                        .bind(scope.owner().uuid())
                        .bind(keys)
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    known
                        .into_iter()
                        .map(|row| {
                            let deleted = row.deleted_at.is_some();
                            let recipient = row.try_into()?;
                            Ok($crate::bulk::Known { recipient, deleted })
                        })
                        .collect()
                }

                /// Keeps what the import is about to overwrite.
                async fn remember(
                    &mut self,
                    scope: &Edit<Recipient>,
                    import: &$crate::bulk::Import,
                    addition: &Addition,
                    now: Timestamp,
                ) -> Result<(), StoreError> {
                    let Some(id) = addition.import.filter(|_| !import.overwritten.is_empty())
                    else {
                        return Ok(());
                    };
                    query(bulk::REMEMBER)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(Json(&import.overwritten))
                        .bind(millis(now))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }
            }

            #[async_trait]
            impl RecipientRepo for $unit {
                async fn insert(
                    &mut self,
                    scope: &Edit<Recipient>,
                    recipient: &Recipient,
                ) -> Result<RecipientId, StoreError> {
                    let id: Option<Uuid> = query_scalar(recipients::INSERT)
                        .bind(recipient.id.uuid())
                        .bind(scope.owner().uuid())
                        .bind(recipient.address.as_str())
                        .bind(recipient.address.key())
                        .bind(recipient.address.domain_ascii())
                        .bind(recipient.full_name.as_ref().map(|name| name.as_str()))
                        .bind(recipient.comment.as_deref())
                        .bind(Json(&recipient.attributes))
                        .bind(recipient.state.as_str())
                        .bind(search_text(recipient))
                        .bind(millis(recipient.created_at))
                        .bind(millis(recipient.updated_at))
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let constraint = "recipients.key";
                    id.map(RecipientId::from)
                        .ok_or(StoreError::Conflict { constraint })
                }

                async fn import(
                    &mut self,
                    scope: &Edit<Recipient>,
                    rows: &[NewRecipient],
                    addition: &Addition,
                    now: Timestamp,
                ) -> Result<ImportSums, StoreError> {
                    let known = self.known_recipients(scope.view(), rows).await?;
                    let mut import = $crate::bulk::Import::plan(rows, known, addition.mode);
                    self.remember(scope, &import, addition, now).await?;
                    if !import.rows.is_empty() {
                        let done = query(bulk::UPSERT)
                            .bind(scope.owner().uuid())
                            .bind(Json(&import.rows))
                            .bind(millis(now))
                            .bind(addition.import.map(ImportId::uuid))
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                        import.meet_others(done.rows_affected());
                    }
                    if let Some(list) = addition.list {
                        let keys = $crate::bulk::keys(rows.iter().map(|row| &row.content.address));
                        query(bulk::ADD_MEMBERS_BY_KEY)
                            .bind(scope.owner().uuid())
                            .bind(list.uuid())
                            .bind(keys)
                            .bind(addition.import.map(ImportId::uuid))
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    Ok(import.sums)
                }

                async fn weigh(
                    &mut self,
                    scope: &View<Recipient>,
                    rows: &[NewRecipient],
                    mode: ImportMode,
                ) -> Result<ImportSums, StoreError> {
                    let known = self.known_recipients(scope, rows).await?;
                    Ok($crate::bulk::Import::plan(rows, known, mode).sums)
                }

                async fn save(
                    &mut self,
                    scope: &Edit<Recipient>,
                    recipient: &Recipient,
                ) -> Result<bool, StoreError> {
                    let done = query(recipients::UPDATE)
                        .bind(scope.owner().uuid())
                        .bind(recipient.id.uuid())
                        .bind(recipient.address.as_str())
                        .bind(recipient.address.key())
                        .bind(recipient.address.domain_ascii())
                        .bind(recipient.full_name.as_ref().map(|name| name.as_str()))
                        .bind(recipient.comment.as_deref())
                        .bind(Json(&recipient.attributes))
                        .bind(recipient.state.as_str())
                        .bind(search_text(recipient))
                        .bind(millis(recipient.updated_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn delete(
                    &mut self,
                    scope: &Edit<Recipient>,
                    id: RecipientId,
                    now: Timestamp,
                ) -> Result<bool, StoreError> {
                    let owner = scope.owner();
                    self.put_away(recipients::DELETE, owner, id.uuid(), now)
                        .await
                }

                async fn delete_many(
                    &mut self,
                    scope: &Edit<Recipient>,
                    ids: &[RecipientId],
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    let done = query(bulk::DELETE_MANY)
                        .bind(scope.owner().uuid())
                        .bind($crate::bulk::ids(ids.iter().map(|id| id.uuid())))
                        .bind(millis(now))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }

                async fn restore(
                    &mut self,
                    scope: &Edit<Recipient>,
                    id: RecipientId,
                    since: Timestamp,
                ) -> Result<bool, StoreError> {
                    self.take_back(recipients::RESTORE, scope.owner(), id.uuid(), since)
                        .await
                }

                async fn restore_deleted(
                    &mut self,
                    scope: &Edit<Recipient>,
                    at: Timestamp,
                ) -> Result<u64, StoreError> {
                    let done = query(recipients::RESTORE_DELETED)
                        .bind(scope.owner().uuid())
                        .bind(millis(at))
                        .bind(BATCH as i64)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }

                async fn trash(
                    &mut self,
                    scope: &View<Recipient>,
                    request: &PageRequest,
                ) -> Result<Page<(Recipient, Timestamp)>, StoreError> {
                    let (before, id) = $crate::cursor::before_instant(request);
                    let rows = query_as::<_, RecipientRow>(recipients::TRASH)
                        .bind(scope.owner().uuid())
                        .bind(before)
                        .bind(id)
                        .bind($crate::cursor::surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let rows: Result<Vec<_>, _> =
                        rows.into_iter().map(RecipientRow::thrown).collect();
                    Ok(Page::from_surplus(rows?, request.limit(), |(row, at)| {
                        $crate::cursor::at_instant(millis(*at), row.id.uuid())
                    }))
                }

                async fn find(
                    &mut self,
                    scope: &View<Recipient>,
                    id: RecipientId,
                ) -> Result<Option<Recipient>, StoreError> {
                    $crate::one_of_owner!(self, RecipientRow, recipients::FIND, scope, id.uuid())
                }

                async fn find_even_deleted(
                    &mut self,
                    scope: &View<Recipient>,
                    id: RecipientId,
                ) -> Result<Option<Recipient>, StoreError> {
                    $crate::one_of_owner!(
                        self,
                        RecipientRow,
                        recipients::FIND_ANY,
                        scope,
                        id.uuid()
                    )
                }

                async fn find_by_address(
                    &mut self,
                    scope: &View<Recipient>,
                    address: &EmailAddress,
                ) -> Result<Option<Recipient>, StoreError> {
                    $crate::one_of_owner!(
                        self,
                        RecipientRow,
                        recipients::FIND_BY_KEY,
                        scope,
                        address.key()
                    )
                }

                async fn find_in_trash(
                    &mut self,
                    scope: &View<Recipient>,
                    address: &EmailAddress,
                ) -> Result<Option<Recipient>, StoreError> {
                    $crate::one_of_owner!(
                        self,
                        RecipientRow,
                        recipients::FIND_IN_TRASH,
                        scope,
                        address.key()
                    )
                }

                async fn find_ids(
                    &mut self,
                    scope: &View<Recipient>,
                    addresses: &[EmailAddress],
                ) -> Result<Vec<RecipientId>, StoreError> {
                    let ids: Vec<Uuid> = query_scalar(bulk::FIND_IDS)
                        .bind(scope.owner().uuid())
                        .bind($crate::bulk::keys(addresses.iter()))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(ids.into_iter().map(RecipientId::from).collect())
                }

                async fn page(
                    &mut self,
                    scope: &View<Recipient>,
                    filter: &RecipientFilter,
                    request: &PageRequest,
                ) -> Result<Page<Recipient>, StoreError> {
                    let limit = request.limit() as usize;
                    let after = request.after.as_ref();
                    let statements = &recipient_pages::ROWS;
                    let page = self
                        .recipients_found::<RecipientRow>(scope, filter, after, limit, statements)
                        .await?;
                    let items: Result<Vec<_>, _> =
                        page.items.into_iter().map(Recipient::try_from).collect();
                    Ok(Page {
                        items: items?,
                        next: page.next,
                    })
                }

                async fn ids(
                    &mut self,
                    scope: &View<Recipient>,
                    filter: &RecipientFilter,
                    after: Option<Cursor>,
                ) -> Result<Page<RecipientId>, StoreError> {
                    let statements = &recipient_pages::IDS;
                    let page = self
                        .recipients_found::<(Uuid,)>(
                            scope,
                            filter,
                            after.as_ref(),
                            BATCH,
                            statements,
                        )
                        .await?;
                    Ok(page.map(|(id,)| id.into()))
                }

                async fn counts(
                    &mut self,
                    scope: &View<Recipient>,
                ) -> Result<RecipientCounts, StoreError> {
                    let (total, active): (i64, i64) = query_as(recipients::COUNTS)
                        .bind(scope.owner().uuid())
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(RecipientCounts {
                        total: count(total),
                        active: count(active),
                    })
                }
            }
        };
    };
}
