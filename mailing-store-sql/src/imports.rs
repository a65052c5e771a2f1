//! Imports, and taking them back. Undoing goes by pages of ids, so that no transaction grows with
//! the import: a first statement finds where a page ends, the next ones change what lies in it.

macro_rules! import_columns {
    () => {
        "id, owner_id, file_hash, octets, list_name, list_id, mapping, mode, encoding, state, line, \
         added, updated, skipped, rejected, created_at, updated_at, delimiter"
    };
}

/// Adds one.
pub const INSERT: &str = concat!(
    "INSERT INTO imports (",
    import_columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
);
/// Moves one that is in state `$3` at line `$4`.
pub const SAVE: &str = "UPDATE imports SET state = $5, line = $6, added = $7, updated = $8, \
    skipped = $9, rejected = $10, list_id = $11, updated_at = $12 \
    WHERE owner_id = $1 AND id = $2 AND state = $3 AND line = $4";
/// By id.
pub const FIND: &str = concat!(
    "SELECT ",
    import_columns!(),
    " FROM imports WHERE owner_id = $1 AND id = $2"
);
/// By file, newest first.
pub const OF_FILE: &str = concat!(
    "SELECT ",
    import_columns!(),
    " FROM imports WHERE owner_id = $1 AND file_hash = $2 ORDER BY id DESC LIMIT 20"
);
/// Newest first.
pub const PAGE: &str = concat!(
    "SELECT ",
    import_columns!(),
    " FROM imports WHERE owner_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
);
/// Where a page of the owner's recipients ends.
pub const ADDED_UNTIL: &str = "SELECT id FROM recipients \
    WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT 1 OFFSET 4999";
/// Puts the added ones of a page into the trash, unless they were changed since.
pub const UNDO_ADDED: &str = "UPDATE recipients SET deleted_at = $5 \
    WHERE owner_id = $1 AND id > $2 AND id <= $3 AND import_id = $4 \
        AND updated_at = created_at AND deleted_at IS NULL";
/// The added ones of a page that stay.
pub const KEPT_ADDED: &str = "SELECT count(*) FROM recipients \
    WHERE owner_id = $1 AND id > $2 AND id <= $3 AND import_id = $4 AND deleted_at IS NULL";
/// Where a page of changes ends.
pub const CHANGED_UNTIL: &str = "SELECT recipient_id FROM import_changes \
    WHERE owner_id = $1 AND import_id = $3 AND recipient_id > $2 \
    ORDER BY recipient_id LIMIT 1 OFFSET 4999";
/// Gives back what the recipients of a page were, unless they were changed since.
pub const UNDO_CHANGED: &str = "UPDATE recipients SET address = c.address, \
        full_name = c.full_name, comment = c.comment, attributes = c.attributes, \
        state = c.state, search_text = c.search_text, created_at = c.created_at, \
        updated_at = c.updated_at, deleted_at = c.deleted_at \
    FROM import_changes c WHERE c.import_id = $4 AND c.recipient_id > $2 \
        AND c.recipient_id <= $3 AND c.owner_id = $1 AND recipients.id = c.recipient_id \
        AND recipients.owner_id = $1 AND recipients.updated_at = c.written_at \
        AND recipients.deleted_at IS NULL";
/// Drops a page of changes.
pub const DROP_CHANGED: &str = "DELETE FROM import_changes \
    WHERE owner_id = $1 AND recipient_id > $2 AND recipient_id <= $3 AND import_id = $4";
/// Where a page of a list's members ends.
pub const MEMBERS_UNTIL: &str = "SELECT recipient_id FROM list_members \
    WHERE owner_id = $1 AND list_id = $3 AND recipient_id > $2 \
    ORDER BY recipient_id LIMIT 1 OFFSET 4999";
/// Takes a page of members out of a list.
pub const UNDO_MEMBERS: &str = "DELETE FROM list_members \
    WHERE owner_id = $1 AND recipient_id > $2 AND recipient_id <= $3 AND import_id = $4 \
        AND list_id = $5";
/// Drops what was kept to undo imports that are over and that nothing has moved since `$2`.
pub const FORGET: &str = "DELETE FROM import_changes WHERE owner_id = $1 \
    AND (import_id, recipient_id) IN (SELECT c.import_id, c.recipient_id FROM imports i \
        JOIN import_changes c ON c.import_id = i.id \
        WHERE i.owner_id = $1 AND i.updated_at < $2 \
            AND i.state IN ('finished', 'undone') LIMIT 5000)";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT,
    SAVE,
    FIND,
    OF_FILE,
    PAGE,
    ADDED_UNTIL,
    UNDO_ADDED,
    KEPT_ADDED,
    CHANGED_UNTIL,
    UNDO_CHANGED,
    DROP_CHANGED,
    MEMBERS_UNTIL,
    UNDO_MEMBERS,
    FORGET,
];

/// [`ImportRepo`](mailing_core::ports::store::ImportRepo) for a unit of work.
#[macro_export]
macro_rules! imports_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::codec::stored;
            use $crate::imports;
            use $crate::names::*;

            /// The ids of a page: above the first, up to the second.
            struct Ids {
                after: Uuid,
                until: Option<Uuid>,
            }

            impl Ids {
                fn last(&self) -> Uuid {
                    self.until.unwrap_or(Uuid::max())
                }
            }

            impl $unit {
                /// Does one statement with a page of changes.
                async fn undo_page(
                    &mut self,
                    statement: &'static str,
                    scope: &Edit<Import>,
                    import: ImportId,
                    ids: &Ids,
                ) -> Result<u64, StoreError> {
                    let done = query(statement)
                        .bind(scope.owner().uuid())
                        .bind(ids.after)
                        .bind(ids.last())
                        .bind(import.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }

                async fn undo_added(
                    &mut self,
                    scope: &Edit<Import>,
                    import: ImportId,
                    ids: &Ids,
                    now: Timestamp,
                ) -> Result<(u64, u64), StoreError> {
                    let owner = scope.owner().uuid();
                    let done = query(imports::UNDO_ADDED)
                        .bind(owner)
                        .bind(ids.after)
                        .bind(ids.last())
                        .bind(import.uuid())
                        .bind(millis(now))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let kept: i64 = query_scalar(imports::KEPT_ADDED)
                        .bind(owner)
                        .bind(ids.after)
                        .bind(ids.last())
                        .bind(import.uuid())
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok((done.rows_affected(), count(kept)))
                }

                async fn undo_members(
                    &mut self,
                    scope: &Edit<Import>,
                    import: &Import,
                    ids: &Ids,
                ) -> Result<u64, StoreError> {
                    let done = query(imports::UNDO_MEMBERS)
                        .bind(scope.owner().uuid())
                        .bind(ids.after)
                        .bind(ids.last())
                        .bind(import.id.uuid())
                        .bind(import.list.map(ListId::uuid))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }

                async fn undo_ids(
                    &mut self,
                    scope: &Edit<Import>,
                    import: &Import,
                    part: UndoPart,
                    after: Option<RecipientId>,
                ) -> Result<Ids, StoreError> {
                    let after = after.map_or(Uuid::nil(), RecipientId::uuid);
                    let (statement, of) = match part {
                        UndoPart::Added => (imports::ADDED_UNTIL, None),
                        UndoPart::Changed => (imports::CHANGED_UNTIL, Some(import.id.uuid())),
                        UndoPart::Members => {
                            (imports::MEMBERS_UNTIL, import.list.map(ListId::uuid))
                        }
                    };
                    let until = query_scalar(statement)
                        .bind(scope.owner().uuid())
                        .bind(after);
                    let until = match of {
                        Some(of) => until.bind(of),
                        None => until,
                    };
                    let until = until.fetch_optional(self.connection()).await;
                    Ok(Ids {
                        after,
                        until: until.map_err(Self::failed)?,
                    })
                }
            }

            #[async_trait]
            impl ImportRepo for $unit {
                async fn insert(
                    &mut self,
                    scope: &Edit<Import>,
                    import: &Import,
                ) -> Result<(), StoreError> {
                    query(imports::INSERT)
                        .bind(import.id.uuid())
                        .bind(scope.owner().uuid())
                        .bind(&import.order.hash[..])
                        .bind(stored(import.octets))
                        .bind(import.order.list.as_ref().map(|name| name.as_str()))
                        .bind(import.list.map(ListId::uuid))
                        .bind(&import.order.mapping)
                        .bind(import.order.mode.as_str())
                        .bind(&import.order.encoding)
                        .bind(import.state.as_str())
                        .bind(stored(import.line))
                        .bind(stored(import.sums.added))
                        .bind(stored(import.sums.updated))
                        .bind(stored(import.sums.skipped))
                        .bind(stored(import.rejected))
                        .bind(millis(import.created_at))
                        .bind(millis(import.updated_at))
                        .bind(import.order.delimiter.map(String::from))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn save(
                    &mut self,
                    scope: &Edit<Import>,
                    import: &Import,
                    (state, line): (ImportState, u64),
                ) -> Result<bool, StoreError> {
                    let done = query(imports::SAVE)
                        .bind(scope.owner().uuid())
                        .bind(import.id.uuid())
                        .bind(state.as_str())
                        .bind(stored(line))
                        .bind(import.state.as_str())
                        .bind(stored(import.line))
                        .bind(stored(import.sums.added))
                        .bind(stored(import.sums.updated))
                        .bind(stored(import.sums.skipped))
                        .bind(stored(import.rejected))
                        .bind(import.list.map(ListId::uuid))
                        .bind(millis(import.updated_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn find(
                    &mut self,
                    scope: &View<Import>,
                    id: ImportId,
                ) -> Result<Option<Import>, StoreError> {
                    $crate::one_of_owner!(self, ImportRow, imports::FIND, scope, id.uuid())
                }

                async fn of_file(
                    &mut self,
                    scope: &View<Import>,
                    hash: &[u8; 32],
                ) -> Result<Vec<Import>, StoreError> {
                    let rows = query_as::<_, ImportRow>(imports::OF_FILE)
                        .bind(scope.owner().uuid())
                        .bind(&hash[..])
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Import::try_from).collect()
                }

                async fn page(
                    &mut self,
                    scope: &View<Import>,
                    request: &PageRequest,
                ) -> Result<Page<Import>, StoreError> {
                    let id = |import: &Import| import.id.uuid();
                    self.newest::<ImportRow, _>(imports::PAGE, scope.owner(), request, id)
                        .await
                }

                async fn undo(
                    &mut self,
                    scope: &Edit<Import>,
                    import: &Import,
                    part: UndoPart,
                    after: Option<RecipientId>,
                    now: Timestamp,
                ) -> Result<UndoPage, StoreError> {
                    if part == UndoPart::Members && import.list.is_none() {
                        return Ok(UndoPage::default());
                    }
                    let ids = self.undo_ids(scope, import, part, after).await?;
                    let (undone, kept) = match part {
                        UndoPart::Members => (self.undo_members(scope, import, &ids).await?, 0),
                        UndoPart::Added => self.undo_added(scope, import.id, &ids, now).await?,
                        UndoPart::Changed => {
                            let (change, drop) = (imports::UNDO_CHANGED, imports::DROP_CHANGED);
                            let undone = self.undo_page(change, scope, import.id, &ids).await?;
                            let all = self.undo_page(drop, scope, import.id, &ids).await?;
                            (undone, all.saturating_sub(undone))
                        }
                    };
                    let next = ids.until.map(RecipientId::from);
                    Ok(UndoPage { undone, kept, next })
                }

                async fn forget(
                    &mut self,
                    scope: &Edit<Import>,
                    before: Timestamp,
                ) -> Result<u64, StoreError> {
                    let done = query(imports::FORGET)
                        .bind(scope.owner().uuid())
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
