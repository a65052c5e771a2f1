//! Copying what a run sends and to whom.

use mailing_core::ports::store::StoreError;

use crate::codec::Place;
use crate::messages::version_columns;

/// The owner, mailing and audience of a run that is being frozen, and how far it is.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct FreezingRow {
    /// Whose.
    pub owner_id: uuid::Uuid,
    /// Of which mailing.
    pub mailing_id: uuid::Uuid,
    /// `all`, `lists`, `chosen`.
    pub audience: String,
    /// The last recipient looked at.
    pub frozen_after: Option<uuid::Uuid>,
    /// Copied so far.
    pub planned: i64,
    /// The last recipient there was when the freeze began.
    pub frozen_until: Option<uuid::Uuid>,
}

/// The two statements of one kind of audience.
#[derive(Debug, Clone, Copy)]
pub struct AudienceStatements {
    /// The id that ends the next page: of mailing `$1` and owner `$2`, after `$3`, `$4` rows on;
    /// none when fewer are left.
    pub bound: &'static str,
    /// Copies the recipients of mailing `$1` and owner `$2` with ids after `$3` up to `$4` into
    /// run `$5`, numbered from `$6` + 1.
    pub copy: &'static str,
}

/// Begins to wait for the mailing, so that two of its runs cannot begin at once.
pub const LOCK_MAILING: &str = "UPDATE mailings SET version = version \
    WHERE id = (SELECT mailing_id FROM runs WHERE id = $1)";
/// Keeps version, sender and settings of a due run, unless another run of its mailing is open.
pub const BEGIN: &str = "UPDATE runs SET state = 'freezing', version_id = v.id, \
        mailing_name = m.name, from_address = s.address, from_name = s.name, \
        language = u.language, zone = m.zone, ambiguous = m.ambiguous, frozen_after = $3, \
        frozen_until = (SELECT z.id FROM recipients z WHERE z.owner_id = m.owner_id \
            ORDER BY z.id DESC LIMIT 1), \
        started_at = $2 \
    FROM mailings m JOIN messages g ON g.id = m.message_id \
        JOIN message_versions v ON v.message_id = g.id AND v.number = g.current_number \
        JOIN senders s ON s.id = m.sender_id JOIN users u ON u.id = m.owner_id \
    WHERE runs.id = $1 AND runs.state = 'due' AND m.id = runs.mailing_id \
        AND NOT EXISTS (SELECT 1 FROM runs o WHERE o.mailing_id = m.id \
            AND o.id <> $1 AND o.state IN ('freezing', 'running', 'paused', 'stopping'))";
/// 1 when a run is being frozen.
pub const IS_FREEZING: &str = "SELECT count(*) FROM runs WHERE id = $1 AND state = 'freezing'";
/// What the next page needs. The update locks the run where rows are locked.
pub const NEXT: &str = "UPDATE runs SET frozen_after = frozen_after \
    WHERE id = $1 AND state = 'freezing' RETURNING owner_id, mailing_id, \
        (SELECT audience FROM mailings m WHERE m.id = mailing_id) AS audience, frozen_after, \
        frozen_until, planned";
/// How many of the rows after number `$2` are suppressed.
pub const SUPPRESSED: &str = "SELECT count(*) FROM deliveries \
    WHERE run_id = $1 AND number > $2 AND state = 'suppressed'";
/// Moves the cursor and the sums by one page; `$6` is the new state.
pub const ADVANCE: &str = "UPDATE runs SET frozen_after = $2, planned = planned + $3, \
        suppressed = suppressed + $4, pending = pending + $5, state = $6 WHERE id = $1";
/// What a frozen run sends.
pub const CONTENT: &str = concat!(
    "SELECT r.id, r.owner_id, r.mailing_id, r.mailing_name, r.from_address, r.from_name, \
        r.language, r.zone, r.started_at, ",
    version_columns!(),
    " FROM runs r JOIN message_versions v ON v.id = r.version_id WHERE r.id = $1"
);

macro_rules! copy {
    ($from:literal) => {
        concat!(
            "INSERT INTO deliveries (run_id, number, recipient_id, address, state, reason) \
             SELECT $5, $6 + row_number() OVER (ORDER BY p.id), p.id, p.address, \
                CASE WHEN p.reason IS NULL THEN 'pending' ELSE 'suppressed' END, p.reason \
             FROM (SELECT r.id, r.address, coalesce(a.reason, o.reason, \
                    CASE WHEN r.state <> 'active' THEN 'recipient_state' END) AS reason \
                FROM ",
            $from,
            " LEFT JOIN suppressions a ON a.owner_id = $2 AND a.target = r.address_key \
                LEFT JOIN suppressions o ON o.owner_id = $2 AND o.target = r.domain \
                WHERE r.deleted_at IS NULL) p"
        )
    };
}

/// Every recipient of the owner.
pub const EVERYBODY: AudienceStatements = AudienceStatements {
    bound: "SELECT id FROM recipients WHERE $1 = $1 AND owner_id = $2 AND id > $3 \
        AND deleted_at IS NULL ORDER BY id LIMIT 1 OFFSET $4",
    copy: copy!(
        "(SELECT * FROM recipients WHERE $1 = $1 AND owner_id = $2 AND id > $3 AND id <= $4) r"
    ),
};
/// The members of the mailing's lists, each once. The page ends where the first of the lists ends
/// its own, so that no list is read further than a page.
pub const LIST_MEMBERS: AudienceStatements = AudienceStatements {
    bound: "SELECT b.id FROM (SELECT (SELECT i.recipient_id FROM list_members i \
            WHERE i.list_id = l.list_id AND i.recipient_id > $3 \
            ORDER BY i.recipient_id LIMIT 1 OFFSET $4) AS id \
        FROM mailing_lists l WHERE l.mailing_id = $1 AND l.owner_id = $2) b \
        WHERE b.id IS NOT NULL ORDER BY b.id LIMIT 1",
    copy: copy!(
        "(SELECT DISTINCT i.recipient_id FROM mailing_lists l \
            JOIN list_members i ON i.list_id = l.list_id \
            WHERE l.mailing_id = $1 AND i.recipient_id > $3 AND i.recipient_id <= $4) c \
         JOIN recipients r ON r.owner_id = $2 AND r.id = c.recipient_id"
    ),
};
/// The recipients that were picked one by one.
pub const CHOSEN: AudienceStatements = AudienceStatements {
    bound: "SELECT recipient_id FROM mailing_recipients \
        WHERE mailing_id = $1 AND owner_id = $2 AND recipient_id > $3 \
        ORDER BY recipient_id LIMIT 1 OFFSET $4",
    copy: copy!(
        "(SELECT recipient_id FROM mailing_recipients \
            WHERE mailing_id = $1 AND recipient_id > $3 AND recipient_id <= $4) c \
         JOIN recipients r ON r.owner_id = $2 AND r.id = c.recipient_id"
    ),
};
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    LOCK_MAILING,
    BEGIN,
    IS_FREEZING,
    NEXT,
    SUPPRESSED,
    ADVANCE,
    CONTENT,
    EVERYBODY.bound,
    EVERYBODY.copy,
    LIST_MEMBERS.bound,
    LIST_MEMBERS.copy,
    CHOSEN.bound,
    CHOSEN.copy,
];

impl FreezingRow {
    /// The statements for this run's audience.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when there is no such kind.
    pub fn statements(&self) -> Result<AudienceStatements, StoreError> {
        match self.audience.as_str() {
            "all" => Ok(EVERYBODY),
            "lists" => Ok(LIST_MEMBERS),
            "chosen" => Ok(CHOSEN),
            _ => Err(Place::new("mailings", &self.mailing_id).corrupt("audience")),
        }
    }
}

/// Functions `begin_freeze`, `freeze_page`, `content`.
#[macro_export]
macro_rules! freezing_fns {
    ($connection:ty, $failed:path) => {
        use $crate::ledger::freezing::{self, FreezingRow};
        use $crate::names::*;

        pub(crate) async fn begin_freeze(
            connection: &mut $connection,
            run: RunId,
            now: Timestamp,
        ) -> Result<bool, StoreError> {
            query(freezing::LOCK_MAILING)
                .bind(run.uuid())
                .execute(&mut *connection)
                .await
                .map_err($failed)?;
            query(freezing::BEGIN)
                .bind(run.uuid())
                .bind(millis(now))
                .bind(Uuid::nil())
                .execute(&mut *connection)
                .await
                .map_err($failed)?;
            let freezing: i64 = query_scalar(freezing::IS_FREEZING)
                .bind(run.uuid())
                .fetch_one(connection)
                .await
                .map_err($failed)?;
            Ok(freezing == 1)
        }

        pub(crate) async fn freeze_page(
            connection: &mut $connection,
            run: RunId,
            page: u32,
        ) -> Result<FreezeProgress, StoreError> {
            let row = query_as::<_, FreezingRow>(freezing::NEXT)
                .bind(run.uuid())
                .fetch_optional(&mut *connection)
                .await
                .map_err($failed)?;
            let Some(row) = row else {
                return Ok(FreezeProgress::Gone);
            };
            let statements = row.statements()?;
            let after = row.frozen_after.unwrap_or(Uuid::nil());
            let last = row.frozen_until.unwrap_or(Uuid::nil());
            let bound: Option<Uuid> = query_scalar(statements.bound)
                .bind(row.mailing_id)
                .bind(row.owner_id)
                .bind(after)
                .bind(i64::from(page.max(1)) - 1)
                .fetch_optional(&mut *connection)
                .await
                .map_err($failed)?;
            let bound = bound.filter(|bound| *bound <= last);
            let copied = query(statements.copy)
                .bind(row.mailing_id)
                .bind(row.owner_id)
                .bind(after)
                .bind(bound.unwrap_or(last))
                .bind(run.uuid())
                .bind(row.planned)
                .execute(&mut *connection)
                .await
                .map_err($failed)?;
            let copied = $crate::codec::stored(copied.rows_affected());
            let suppressed: i64 = query_scalar(freezing::SUPPRESSED)
                .bind(run.uuid())
                .bind(row.planned)
                .fetch_one(&mut *connection)
                .await
                .map_err($failed)?;
            query(freezing::ADVANCE)
                .bind(run.uuid())
                .bind(bound.unwrap_or(last))
                .bind(copied)
                .bind(suppressed)
                .bind(copied - suppressed)
                .bind(if bound.is_some() {
                    "freezing"
                } else {
                    "running"
                })
                .execute(connection)
                .await
                .map_err($failed)?;
            let frozen = count(row.planned + copied);
            Ok(match bound {
                Some(_) => FreezeProgress::More { frozen },
                None => FreezeProgress::Done { planned: frozen },
            })
        }

        pub(crate) async fn content(
            connection: &mut $connection,
            run: RunId,
        ) -> Result<Option<RunContent>, StoreError> {
            query_as::<_, ContentRow>(freezing::CONTENT)
                .bind(run.uuid())
                .fetch_optional(connection)
                .await
                .map_err($failed)?
                .map(RunContent::try_from)
                .transpose()
        }
    };
}
