//! Mailings and their windows. The unit has [`mailing_audience!`](crate::mailing_audience!).

use mailing_core::mailing::{Mailing, Stage};
use mailing_core::schedule::Schedule;
use mailing_core::time::Timestamp;

/// The columns of a [`MailingRow`](crate::rows::MailingRow).
#[macro_export]
macro_rules! mailing_columns {
    () => {
        "m.id, m.owner_id, m.name, m.message_id, m.sender_id, m.audience, m.chosen, m.zone, \
         m.missed, m.lateness_ms, m.ambiguous, m.stage, m.finished_at, m.finished_early, m.paused_at, \
         m.disabled_at, m.disabled_reason, m.next_at, m.version, m.created_at"
    };
}

macro_rules! audience_of {
    ($from:literal, $where:literal) => {
        concat!(
            "SELECT count(*) FROM (SELECT 1 FROM ",
            $from,
            " WHERE r.owner_id = $1 AND r.deleted_at IS NULL AND r.state = 'active' \
                AND NOT EXISTS (SELECT 1 FROM suppressions s \
                    WHERE s.owner_id = r.owner_id AND s.target IN (r.address_key, r.domain)) AND ",
            $where,
            " LIMIT $3) a"
        )
    };
}

/// Adds one.
pub const INSERT: &str = "INSERT INTO mailings (id, owner_id, name, message_id, sender_id, \
        audience, chosen, zone, missed, lateness_ms, ambiguous, stage, finished_at, paused_at, \
        disabled_at, disabled_reason, opens_at, next_at, wake_at, version, created_at, \
        finished_early, search_text) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
        $20, $21, $22, $23)";
/// Writes one back; no row when it was changed meanwhile.
pub const UPDATE: &str = "UPDATE mailings SET name = $4, message_id = $5, sender_id = $6, \
        zone = $7, missed = $8, lateness_ms = $9, ambiguous = $10, stage = $11, finished_at = $12, \
        paused_at = $13, disabled_at = $14, disabled_reason = $15, opens_at = $16, next_at = $17, \
        wake_at = $18, finished_early = $19, search_text = $20, version = version + 1 \
    WHERE owner_id = $1 AND id = $2 AND version = $3 AND deleted_at IS NULL";
/// Puts one into the trash, where nothing wakes it.
pub const DELETE: &str = "UPDATE mailings SET deleted_at = $3, wake_at = NULL, \
        version = version + 1 WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL";
/// Takes one out of the trash that was put there at `$3` or later; nothing wakes it.
pub const UNDELETE: &str = "UPDATE mailings SET deleted_at = NULL, wake_at = NULL, next_at = NULL, \
        version = version + 1 \
    WHERE owner_id = $1 AND id = $2 AND deleted_at >= $3 AND erased_at IS NULL";
/// Adds a window.
pub const INSERT_WINDOW: &str = "INSERT INTO schedule_windows \
    (id, owner_id, mailing_id, position, schedule) VALUES ($1, $2, $3, $4, $5)";
/// Takes all windows away.
pub const DELETE_WINDOWS: &str = "DELETE FROM schedule_windows WHERE mailing_id = $1";
/// By id.
pub const FIND: &str = concat!(
    "SELECT ",
    mailing_columns!(),
    " FROM mailings m WHERE m.owner_id = $1 AND m.id = $2 AND m.deleted_at IS NULL"
);
/// Whose it is.
pub const FIND_OWNER: &str = "SELECT owner_id FROM mailings WHERE id = $1 AND deleted_at IS NULL";
/// Newest first; `$3` is a status name or NULL.
pub const PAGE: &str = concat!(
    "SELECT ",
    mailing_columns!(),
    " FROM mailings m WHERE m.owner_id = $1 AND m.id < $2 AND m.deleted_at IS NULL \
        AND (CASE WHEN m.disabled_at IS NOT NULL THEN 'disabled' \
            WHEN m.stage = 'finished' THEN 'finished' WHEN m.paused_at IS NOT NULL THEN 'paused' \
            ELSE m.stage END = $3 OR $3 IS NULL) \
        ORDER BY m.id DESC LIMIT $4"
);
/// The next ones by the instant; those that nobody holds.
pub const UPCOMING: &str = concat!(
    "SELECT ",
    mailing_columns!(),
    " FROM mailings m WHERE m.owner_id = $1 AND m.next_at IS NOT NULL AND m.deleted_at IS NULL \
        AND m.stage IN ('created', 'running') AND m.paused_at IS NULL AND m.disabled_at IS NULL \
        ORDER BY m.next_at, m.id LIMIT $2"
);
/// Windows of an owner's mailings with ids from `$2` to `$3`, in their order.
pub const WINDOWS: &str = "SELECT w.id, w.mailing_id, w.schedule FROM mailings m \
    JOIN schedule_windows w ON w.mailing_id = m.id \
    WHERE m.owner_id = $1 AND m.id BETWEEN $2 AND $3 AND m.deleted_at IS NULL \
    ORDER BY w.mailing_id, w.position";
/// Lists of the same, by id.
pub const LISTS: &str = "SELECT l.mailing_id, l.list_id FROM mailings m \
    JOIN mailing_lists l ON l.mailing_id = m.id \
    WHERE m.owner_id = $1 AND m.id BETWEEN $2 AND $3 AND m.deleted_at IS NULL \
    ORDER BY l.mailing_id, l.list_id";
/// How many would get a mailing to all, at most `$3`.
pub const AUDIENCE_ALL: &str = audience_of!("recipients r", "$2 = $2");
/// How many would get a mailing to lists.
pub const AUDIENCE_LISTS: &str = audience_of!(
    "recipients r",
    "EXISTS (SELECT 1 FROM mailing_lists l JOIN list_members i ON i.list_id = l.list_id \
        WHERE l.mailing_id = $2 AND i.recipient_id = r.id)"
);
/// How many would get a mailing to chosen ones.
pub const AUDIENCE_CHOSEN: &str = audience_of!(
    "mailing_recipients c JOIN recipients r ON r.id = c.recipient_id",
    "c.mailing_id = $2"
);
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT,
    UPDATE,
    DELETE,
    UNDELETE,
    INSERT_WINDOW,
    DELETE_WINDOWS,
    FIND,
    FIND_OWNER,
    PAGE,
    UPCOMING,
    WINDOWS,
    LISTS,
    AUDIENCE_ALL,
    AUDIENCE_LISTS,
    AUDIENCE_CHOSEN,
];

/// When the first window opens.
#[must_use]
pub fn opens_at(mailing: &Mailing) -> Option<Timestamp> {
    let windows = mailing.windows.iter().map(|window| &window.schedule);
    windows.map(Schedule::starts_at).min()
}

/// When the scheduler has something to do: open the first window, or plan the next occurrence.
#[must_use]
pub fn wake_at(mailing: &Mailing) -> Option<Timestamp> {
    match mailing.status.stage {
        Stage::Created => opens_at(mailing).into_iter().chain(mailing.next_at).min(),
        Stage::Running => mailing.next_at,
        Stage::Draft | Stage::Finished { .. } => None,
    }
}

/// A function `mailing_parts` that reads windows and lists of an owner's mailings.
#[macro_export]
macro_rules! mailing_parts_fn {
    ($connection:ty, $failed:path) => {
        /// Windows and lists of an owner's mailings with ids from `low` to `high`.
        pub(crate) async fn mailing_parts(
            connection: &mut $connection,
            owner: $crate::names::Uuid,
            low: $crate::names::Uuid,
            high: $crate::names::Uuid,
        ) -> Result<$crate::names::MailingParts, $crate::names::StoreError> {
            use $crate::names::{MailingListRow, MailingParts, WindowRow, query_as};

            let windows = query_as::<_, WindowRow>($crate::mailings::WINDOWS)
                .bind(owner)
                .bind(low)
                .bind(high)
                .fetch_all(&mut *connection)
                .await
                .map_err($failed)?;
            let lists = query_as::<_, MailingListRow>($crate::mailings::LISTS)
                .bind(owner)
                .bind(low)
                .bind(high)
                .fetch_all(&mut *connection)
                .await
                .map_err($failed)?;
            Ok(MailingParts { windows, lists })
        }
    };
}

/// [`MailingRepo`](mailing_core::ports::store::MailingRepo) for a unit of work. `$parts` is the
/// function that [`mailing_parts_fn!`](crate::mailing_parts_fn) made.
#[macro_export]
macro_rules! mailings_repo {
    ($unit:ty, $parts:path) => {
        const _: () = {
            use mailing_core::ports::store::Cursor;
            use $crate::codec::{StatusRow, stored};
            use $crate::mailings;
            use $crate::names::*;
            use $parts as mailing_parts;

            impl $unit {
                async fn insert_windows(
                    &mut self,
                    owner: UserId,
                    mailing: &Mailing,
                ) -> Result<(), StoreError> {
                    for (position, window) in (0_i32..).zip(&mailing.windows) {
                        let schedule = serde_json::to_string(&window.schedule);
                        query(mailings::INSERT_WINDOW)
                            .bind(window.id.uuid())
                            .bind(owner.uuid())
                            .bind(mailing.id.uuid())
                            .bind(position)
                            .bind(schedule.map_err(|e| StoreError::Other(Box::new(e)))?)
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    Ok(())
                }
            }

            #[async_trait]
            impl MailingRepo for $unit {
                async fn insert(
                    &mut self,
                    scope: &Edit<Mailing>,
                    mailing: &Mailing,
                    chosen: &[RecipientId],
                ) -> Result<(), StoreError> {
                    let status = StatusRow::of(&mailing.status);
                    query(mailings::INSERT)
                        .bind(mailing.id.uuid())
                        .bind(scope.owner().uuid())
                        .bind(mailing.name.as_str())
                        .bind(mailing.message.uuid())
                        .bind(mailing.sender.uuid())
                        .bind(mailing.audience.kind())
                        .bind(stored(chosen.len() as u64))
                        .bind(mailing.zone.name())
                        .bind(mailing.missed.as_str())
                        .bind(mailing.lateness.num_milliseconds())
                        .bind(mailing.ambiguous.as_str())
                        .bind(status.stage)
                        .bind(status.finished_at)
                        .bind(status.paused_at)
                        .bind(status.disabled_at)
                        .bind(status.disabled_reason)
                        .bind(mailings::opens_at(mailing).map(millis))
                        .bind(mailing.next_at.map(millis))
                        .bind(mailings::wake_at(mailing).map(millis))
                        .bind(mailing.version)
                        .bind(millis(mailing.created_at))
                        .bind(status.finished_early)
                        .bind($crate::folding::mailing(mailing.name.as_str()))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    self.write_audience(scope, mailing, chosen).await?;
                    self.insert_windows(scope.owner(), mailing).await
                }

                async fn save(
                    &mut self,
                    scope: &Edit<Mailing>,
                    mailing: &Mailing,
                ) -> Result<(), StoreError> {
                    let status = StatusRow::of(&mailing.status);
                    let done = query(mailings::UPDATE)
                        .bind(scope.owner().uuid())
                        .bind(mailing.id.uuid())
                        .bind(mailing.version)
                        .bind(mailing.name.as_str())
                        .bind(mailing.message.uuid())
                        .bind(mailing.sender.uuid())
                        .bind(mailing.zone.name())
                        .bind(mailing.missed.as_str())
                        .bind(mailing.lateness.num_milliseconds())
                        .bind(mailing.ambiguous.as_str())
                        .bind(status.stage)
                        .bind(status.finished_at)
                        .bind(status.paused_at)
                        .bind(status.disabled_at)
                        .bind(status.disabled_reason)
                        .bind(mailings::opens_at(mailing).map(millis))
                        .bind(mailing.next_at.map(millis))
                        .bind(mailings::wake_at(mailing).map(millis))
                        .bind(status.finished_early)
                        .bind($crate::folding::mailing(mailing.name.as_str()))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if done.rows_affected() == 0 {
                        let constraint = "version";
                        return Err(StoreError::Conflict { constraint });
                    }
                    query(mailings::DELETE_WINDOWS)
                        .bind(mailing.id.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    self.insert_windows(scope.owner(), mailing).await
                }

                async fn delete(
                    &mut self,
                    scope: &Edit<Mailing>,
                    id: MailingId,
                    now: Timestamp,
                ) -> Result<bool, StoreError> {
                    let owner = scope.owner();
                    self.put_away(mailings::DELETE, owner, id.uuid(), now).await
                }

                async fn undelete(
                    &mut self,
                    scope: &Edit<Mailing>,
                    id: MailingId,
                    since: Timestamp,
                ) -> Result<bool, StoreError> {
                    self.take_back(mailings::UNDELETE, scope.owner(), id.uuid(), since)
                        .await
                }

                async fn set_audience(
                    &mut self,
                    scope: &Edit<Mailing>,
                    mailing: &Mailing,
                    chosen: &[RecipientId],
                ) -> Result<(), StoreError> {
                    self.replace_audience(scope, mailing, chosen).await
                }

                async fn copy_chosen(
                    &mut self,
                    scope: &Edit<Mailing>,
                    from: MailingId,
                    to: MailingId,
                ) -> Result<u64, StoreError> {
                    self.copy_picks(scope, from, to).await
                }

                async fn chosen(
                    &mut self,
                    scope: &View<Mailing>,
                    id: MailingId,
                    limit: u32,
                ) -> Result<Vec<RecipientId>, StoreError> {
                    self.picks(scope.owner(), id, limit).await
                }

                async fn weigh_audience(
                    &mut self,
                    scope: &View<Mailing>,
                    audience: &AudienceChoice,
                ) -> Result<AudienceSize, StoreError> {
                    self.weigh(scope.owner(), audience).await
                }

                async fn find(
                    &mut self,
                    scope: &View<Mailing>,
                    id: MailingId,
                ) -> Result<Option<Mailing>, StoreError> {
                    let row = query_as::<_, MailingRow>(mailings::FIND)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let Some(row) = row else { return Ok(None) };
                    let (owner, id) = (row.owner_id, row.id);
                    let parts = mailing_parts(self.connection(), owner, id, id).await?;
                    row.mailing(&parts).map(Some)
                }

                async fn owner_of(
                    &mut self,
                    _: &System,
                    id: MailingId,
                ) -> Result<Option<UserId>, StoreError> {
                    let owner: Option<Uuid> = query_scalar(mailings::FIND_OWNER)
                        .bind(id.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(owner.map(UserId::from))
                }

                async fn page(
                    &mut self,
                    scope: &View<Mailing>,
                    filter: &MailingFilter,
                    request: &PageRequest,
                ) -> Result<Page<Mailing>, StoreError> {
                    let rows = query_as::<_, MailingRow>(mailings::PAGE)
                        .bind(scope.owner().uuid())
                        .bind($crate::cursor::before_id(request))
                        .bind(filter.status)
                        .bind($crate::cursor::surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) else {
                        return Ok(Page::from_surplus(Vec::new(), request.limit(), |_| {
                            Cursor::new("")
                        }));
                    };
                    let (high, low) = (newest.id, oldest.id);
                    let owner = scope.owner().uuid();
                    let parts = mailing_parts(self.connection(), owner, low, high).await?;
                    let mailings: Result<Vec<_>, _> =
                        rows.into_iter().map(|row| row.mailing(&parts)).collect();
                    Ok(Page::from_surplus(mailings?, request.limit(), |mailing| {
                        Cursor::new(mailing.id.to_string())
                    }))
                }

                async fn upcoming(
                    &mut self,
                    scope: &View<Mailing>,
                    limit: u32,
                ) -> Result<Vec<Mailing>, StoreError> {
                    let owner = scope.owner().uuid();
                    let rows = query_as::<_, MailingRow>(mailings::UPCOMING)
                        .bind(owner)
                        .bind(i64::from(limit))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let mut mailings = Vec::with_capacity(rows.len());
                    for row in rows {
                        let parts = mailing_parts(self.connection(), owner, row.id, row.id).await?;
                        mailings.push(row.mailing(&parts)?);
                    }
                    Ok(mailings)
                }

                async fn audience_size(
                    &mut self,
                    scope: &View<Mailing>,
                    id: MailingId,
                    most: u64,
                ) -> Result<Option<u64>, StoreError> {
                    let Some(mailing) = MailingRepo::find(self, scope, id).await? else {
                        return Ok(None);
                    };
                    let statement = match mailing.audience {
                        Audience::All => mailings::AUDIENCE_ALL,
                        Audience::Lists(_) => mailings::AUDIENCE_LISTS,
                        Audience::Chosen(_) => mailings::AUDIENCE_CHOSEN,
                    };
                    let size: i64 = query_scalar(statement)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .bind($crate::codec::stored(most))
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(Some(count(size)))
                }

                async fn add_run(
                    &mut self,
                    scope: &Edit<Mailing>,
                    id: MailingId,
                    run: &NewRun,
                ) -> Result<bool, StoreError> {
                    if MailingRepo::find(self, scope.view(), id).await?.is_none() {
                        return Ok(false);
                    }
                    self.insert_run(scope.owner(), id, run).await?;
                    Ok(true)
                }

                async fn control_runs(
                    &mut self,
                    scope: &Edit<Mailing>,
                    id: MailingId,
                    control: RunControl,
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    self.move_runs(scope.owner(), id, control, now).await
                }

                async fn end_all_runs(
                    &mut self,
                    scope: &Edit<Mailing>,
                    reason: CancelReason,
                    now: Timestamp,
                ) -> Result<u64, StoreError> {
                    self.end_runs_of(scope.owner(), reason, now).await
                }
            }
        };
    };
}
