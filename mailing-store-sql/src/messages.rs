//! Messages and their versions.

macro_rules! version_columns {
    () => {
        "v.id AS version_id, v.number, v.subject, v.body, v.format, v.text, v.attachments, v.saved_at"
    };
}
pub(crate) use version_columns;

/// Adds a message.
pub const INSERT: &str = "INSERT INTO messages (id, owner_id, current_number, created_at) \
    VALUES ($1, $2, $3, $4)";
/// Adds a version.
pub const INSERT_VERSION: &str = "INSERT INTO message_versions \
    (id, owner_id, message_id, number, subject, body, format, text, saved_at, attachments) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
/// Moves on to version `$3`; no row unless it is the next.
pub const ADVANCE: &str = "UPDATE messages SET current_number = $3 \
    WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL AND current_number = $3 - 1";
/// Puts one into the trash.
pub const DELETE: &str = "UPDATE messages SET deleted_at = $3 \
    WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL";
/// By id, with its newest version.
pub const FIND: &str = concat!(
    "SELECT m.id, m.owner_id, m.created_at, m.tested_number, ",
    version_columns!(),
    " FROM messages m JOIN message_versions v \
        ON v.message_id = m.id AND v.number = m.current_number \
        WHERE m.owner_id = $1 AND m.id = $2 AND m.deleted_at IS NULL"
);
/// One version.
pub const FIND_VERSION: &str = concat!(
    "SELECT ",
    version_columns!(),
    " FROM message_versions v WHERE v.owner_id = $1 AND v.id = $2"
);
/// The version of number `$3`.
pub const FIND_NUMBERED: &str = concat!(
    "SELECT ",
    version_columns!(),
    " FROM message_versions v JOIN messages m ON m.id = v.message_id \
        WHERE v.owner_id = $1 AND v.message_id = $2 AND v.number = $3 AND m.deleted_at IS NULL"
);
/// All versions with numbers below `$3`, newest first.
pub const HISTORY: &str = "SELECT v.id AS version_id, v.number, v.subject, v.saved_at \
    FROM message_versions v JOIN messages m ON m.id = v.message_id \
    WHERE v.owner_id = $1 AND v.message_id = $2 AND v.number < $3 AND m.deleted_at IS NULL \
    ORDER BY v.number DESC LIMIT $4";
/// Takes one out of the trash that was put there at `$3` or later.
pub const UNDELETE: &str = "UPDATE messages SET deleted_at = NULL \
    WHERE owner_id = $1 AND id = $2 AND deleted_at >= $3 AND erased_at IS NULL";
/// Notes which version was tried out.
pub const MARK_TESTED: &str = "UPDATE messages SET tested_number = $3 \
    WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL";
/// Keeps what was typed; no row when the message is not the owner's.
pub const KEEP_UNSAVED: &str = "INSERT INTO message_unsaved \
        (message_id, owner_id, based_on, subject, body, format, text, typed_at) \
    SELECT m.id, m.owner_id, $3, $4, $5, $6, $7, $8 FROM messages m \
    WHERE m.owner_id = $1 AND m.id = $2 AND m.deleted_at IS NULL \
    ON CONFLICT (message_id) DO UPDATE SET based_on = excluded.based_on, \
        subject = excluded.subject, body = excluded.body, format = excluded.format, \
        text = excluded.text, typed_at = excluded.typed_at";
/// Forgets what was typed.
pub const DROP_UNSAVED: &str =
    "DELETE FROM message_unsaved WHERE owner_id = $1 AND message_id = $2";
/// What was typed.
pub const UNSAVED: &str = "SELECT u.message_id, u.based_on, u.subject, u.body, u.format, u.text, \
        u.typed_at FROM message_unsaved u JOIN messages m ON m.id = u.message_id \
    WHERE u.owner_id = $1 AND u.message_id = $2 AND m.deleted_at IS NULL";
/// Keeps a file, or keeps it again.
pub const KEEP_FILE: &str = "INSERT INTO attachments (owner_id, hash, data, kept_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (owner_id, hash) \
    DO UPDATE SET data = excluded.data, kept_at = excluded.kept_at";
/// The content of a file.
pub const FILE: &str = "SELECT data FROM attachments WHERE owner_id = $1 AND hash = $2";
/// Newest first.
pub const PAGE: &str = "SELECT m.id, v.subject, v.number, v.saved_at, \
        (SELECT count(*) FROM mailings u WHERE u.message_id = m.id AND u.deleted_at IS NULL) \
            AS used_in \
    FROM messages m JOIN message_versions v \
        ON v.message_id = m.id AND v.number = m.current_number \
    WHERE m.owner_id = $1 AND m.id < $2 AND m.deleted_at IS NULL ORDER BY m.id DESC LIMIT $3";
/// Mailings that use one, newest first.
pub const USED_BY: &str = "SELECT id, name FROM mailings \
    WHERE owner_id = $1 AND message_id = $2 AND deleted_at IS NULL ORDER BY id DESC LIMIT $3";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT,
    INSERT_VERSION,
    ADVANCE,
    DELETE,
    FIND,
    FIND_VERSION,
    FIND_NUMBERED,
    HISTORY,
    UNDELETE,
    MARK_TESTED,
    KEEP_UNSAVED,
    DROP_UNSAVED,
    UNSAVED,
    KEEP_FILE,
    FILE,
    PAGE,
    USED_BY,
];

/// [`MessageRepo`](mailing_core::ports::store::MessageRepo) for a unit of work.
#[macro_export]
macro_rules! messages_repo {
    ($unit:ty) => {
        const _: () = {
            use mailing_core::ports::store::Cursor;
            use $crate::messages;
            use $crate::names::*;

            fn number(version: &MessageVersion) -> i32 {
                i32::try_from(version.number).unwrap_or(i32::MAX)
            }

            impl $unit {
                async fn insert_version(
                    &mut self,
                    owner: UserId,
                    message: MessageId,
                    version: &MessageVersion,
                ) -> Result<(), StoreError> {
                    query(messages::INSERT_VERSION)
                        .bind(version.id.uuid())
                        .bind(owner.uuid())
                        .bind(message.uuid())
                        .bind(number(version))
                        .bind(version.content.subject.as_str())
                        .bind(&version.content.body)
                        .bind(version.content.format.as_str())
                        .bind(version.content.text.as_deref())
                        .bind(millis(version.saved_at))
                        .bind($crate::rows::attachments_text(&version.content.attachments))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }
            }

            #[async_trait]
            impl MessageRepo for $unit {
                async fn insert(
                    &mut self,
                    scope: &Edit<Message>,
                    message: &Message,
                ) -> Result<(), StoreError> {
                    query(messages::INSERT)
                        .bind(message.id.uuid())
                        .bind(scope.owner().uuid())
                        .bind(number(&message.current))
                        .bind(millis(message.created_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    self.insert_version(scope.owner(), message.id, &message.current)
                        .await
                }

                async fn add_version(
                    &mut self,
                    scope: &Edit<Message>,
                    message: MessageId,
                    version: &MessageVersion,
                ) -> Result<bool, StoreError> {
                    let done = query(messages::ADVANCE)
                        .bind(scope.owner().uuid())
                        .bind(message.uuid())
                        .bind(number(version))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if done.rows_affected() > 0 {
                        self.insert_version(scope.owner(), message, version).await?;
                        self.drop_unsaved(scope, message).await?;
                        return Ok(true);
                    }
                    let constraint = "version";
                    match MessageRepo::find(self, scope.view(), message).await? {
                        Some(_) => Err(StoreError::Conflict { constraint }),
                        None => Ok(false),
                    }
                }

                async fn delete(
                    &mut self,
                    scope: &Edit<Message>,
                    id: MessageId,
                    now: Timestamp,
                ) -> Result<bool, StoreError> {
                    let owner = scope.owner();
                    self.put_away(messages::DELETE, owner, id.uuid(), now).await
                }

                async fn undelete(
                    &mut self,
                    scope: &Edit<Message>,
                    id: MessageId,
                    since: Timestamp,
                ) -> Result<bool, StoreError> {
                    self.take_back(messages::UNDELETE, scope.owner(), id.uuid(), since)
                        .await
                }

                async fn keep_unsaved(
                    &mut self,
                    scope: &Edit<Message>,
                    id: MessageId,
                    unsaved: &Unsaved,
                ) -> Result<bool, StoreError> {
                    let done = query(messages::KEEP_UNSAVED)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(i32::try_from(unsaved.based_on).unwrap_or(i32::MAX))
                        .bind(&unsaved.subject)
                        .bind(&unsaved.body)
                        .bind(unsaved.format.as_str())
                        .bind(&unsaved.text)
                        .bind(millis(unsaved.typed_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn drop_unsaved(
                    &mut self,
                    scope: &Edit<Message>,
                    id: MessageId,
                ) -> Result<bool, StoreError> {
                    let done = query(messages::DROP_UNSAVED)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn mark_tested(
                    &mut self,
                    scope: &Edit<Message>,
                    id: MessageId,
                    number: u32,
                ) -> Result<bool, StoreError> {
                    let done = query(messages::MARK_TESTED)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(i32::try_from(number).unwrap_or(i32::MAX))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn keep_file(
                    &mut self,
                    scope: &Edit<Message>,
                    hash: FileHash,
                    data: &[u8],
                    now: Timestamp,
                ) -> Result<(), StoreError> {
                    query(messages::KEEP_FILE)
                        .bind(scope.owner().uuid())
                        .bind(hash.to_string())
                        .bind(data)
                        .bind(millis(now))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn file(
                    &mut self,
                    scope: &View<Message>,
                    hash: FileHash,
                ) -> Result<Option<Vec<u8>>, StoreError> {
                    query_scalar(messages::FILE)
                        .bind(scope.owner().uuid())
                        .bind(hash.to_string())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)
                }

                async fn unsaved(
                    &mut self,
                    scope: &View<Message>,
                    id: MessageId,
                ) -> Result<Option<Unsaved>, StoreError> {
                    $crate::one_of_owner!(self, UnsavedRow, messages::UNSAVED, scope, id.uuid())
                }

                async fn find(
                    &mut self,
                    scope: &View<Message>,
                    id: MessageId,
                ) -> Result<Option<Message>, StoreError> {
                    $crate::one_of_owner!(self, MessageRow, messages::FIND, scope, id.uuid())
                }

                async fn version(
                    &mut self,
                    scope: &View<Message>,
                    id: VersionId,
                ) -> Result<Option<MessageVersion>, StoreError> {
                    $crate::one_of_owner!(
                        self,
                        VersionRow,
                        messages::FIND_VERSION,
                        scope,
                        id.uuid()
                    )
                }

                async fn version_numbered(
                    &mut self,
                    scope: &View<Message>,
                    message: MessageId,
                    number: u32,
                ) -> Result<Option<MessageVersion>, StoreError> {
                    query_as::<_, VersionRow>(messages::FIND_NUMBERED)
                        .bind(scope.owner().uuid())
                        .bind(message.uuid())
                        .bind(i32::try_from(number).unwrap_or(i32::MAX))
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(MessageVersion::try_from)
                        .transpose()
                }

                async fn history(
                    &mut self,
                    scope: &View<Message>,
                    message: MessageId,
                    request: &PageRequest,
                ) -> Result<Page<VersionSummary>, StoreError> {
                    let rows = query_as::<_, HistoryRow>(messages::HISTORY)
                        .bind(scope.owner().uuid())
                        .bind(message.uuid())
                        .bind($crate::cursor::before_number(request))
                        .bind($crate::cursor::surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let versions: Result<Vec<_>, _> =
                        rows.into_iter().map(VersionSummary::try_from).collect();
                    Ok(Page::from_surplus(versions?, request.limit(), |version| {
                        Cursor::new(version.number.to_string())
                    }))
                }

                async fn page(
                    &mut self,
                    scope: &View<Message>,
                    request: &PageRequest,
                ) -> Result<Page<MessageSummary>, StoreError> {
                    let id = |message: &MessageSummary| message.id.uuid();
                    self.newest::<SummaryRow, _>(messages::PAGE, scope.owner(), request, id)
                        .await
                }

                async fn used_by(
                    &mut self,
                    scope: &View<Message>,
                    id: MessageId,
                    limit: u32,
                ) -> Result<Vec<(MailingId, MailingName)>, StoreError> {
                    let rows = query_as::<_, UsedByRow>(messages::USED_BY)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(TryInto::try_into).collect()
                }
            }
        };
    };
}
