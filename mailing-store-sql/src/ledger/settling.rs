//! Results on their way into the store: as rows of one JSON parameter, and what they do to sums.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use mailing_core::delivery::Attempt;
use mailing_core::id::{RunId, SuppressionId, WorkerId};
use mailing_core::ports::store::{Settled, Settlement};
use mailing_core::time::Timestamp;

use crate::bulk::hex;
use crate::codec::{millis, stored, without_nul};

/// A result as the statements read it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SettledRow {
    /// The run.
    pub run: String,
    /// The delivery's number.
    pub number: i64,
    /// The claim's token.
    pub token: i64,
    /// The new state's name.
    pub state: &'static str,
    /// Cause or reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// When it is tried again; 0 at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<i64>,
    /// Since when it is put aside; 0 says not any more, `None` that this is as it was.
    pub aside_since: Option<i64>,
    /// 1 when the try counts.
    pub charged: i32,
    /// When the attempt ended; without it there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// How far it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<&'static str>,
    /// The reply's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
    /// The reply's enhanced code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enhanced: Option<String>,
    /// The reply's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What broke it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// Who tried.
    pub worker: String,
}

impl SettledRow {
    /// The row of a result.
    #[must_use]
    pub fn new(settled: &Settled, worker: WorkerId) -> Self {
        let (state, reason, retry_at) = parts(&settled.settlement);
        let attempt = settled.attempt.as_ref();
        let reply = attempt.and_then(|attempt| attempt.reply.as_ref());
        Self {
            run: hex(settled.run.uuid()),
            number: stored(settled.number),
            token: settled.token.0,
            state,
            reason,
            retry_at,
            aside_since: match settled.settlement {
                Settlement::Aside { since, .. } => Some(since.map_or(0, millis)),
                _ => None,
            },
            charged: i32::from(settled.charged),
            at: attempt.map(|attempt| millis(attempt.at)),
            stage: attempt.map(|attempt| attempt.stage.as_str()),
            code: reply.map(|reply| reply.code),
            enhanced: reply.and_then(|reply| reply.enhanced.map(|code| code.to_string())),
            text: reply.map(|reply| without_nul(&reply.text)),
            fault: attempt.and_then(|attempt| attempt.fault.as_deref().map(without_nul)),
            worker: hex(worker.uuid()),
        }
    }
}

/// State, reason and retry of a settlement as columns. What is not sent lies behind the cursor and
/// is found again by a `retry_at` of 0.
fn parts(settlement: &Settlement) -> (&'static str, Option<&'static str>, Option<i64>) {
    match settlement {
        Settlement::Delivered => ("delivered", None, None),
        Settlement::Deferred { retry_at, cause } => (
            "deferred",
            Some(cause.as_str()),
            // 0 says "at once" and is never a deferral's.
            Some(millis(*retry_at).max(1)),
        ),
        Settlement::Failed { cause, .. } => ("failed", Some(cause.as_str()), None),
        Settlement::Unknown => ("unknown", None, None),
        Settlement::Pending => ("pending", None, Some(0)),
        Settlement::Postponed { until } => ("pending", None, Some(millis(*until).max(1))),
        Settlement::Aside { until, cause, .. } => (
            "deferred",
            Some(cause.as_str()),
            Some(millis(*until).max(1)),
        ),
        Settlement::Suppressed { by } => ("suppressed", Some(by.as_str()), None),
    }
}

/// How a run's sums move.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delta {
    /// Taken by the next server.
    pub delivered: i64,
    /// Refused for good.
    pub failed: i64,
    /// Not to be sent.
    pub suppressed: i64,
    /// Ended in doubt.
    pub unknown: i64,
    /// Not ended yet.
    pub pending: i64,
    /// The last refusal, in one line.
    pub last_reply: Option<String>,
}

impl Delta {
    fn settle(&mut self, state: &str) {
        let sum = match state {
            "delivered" => &mut self.delivered,
            "failed" => &mut self.failed,
            "suppressed" => &mut self.suppressed,
            "unknown" => &mut self.unknown,
            _ => return,
        };
        *sum += 1;
        self.pending -= 1;
    }
}

/// The last refusal or fault among a run's results, in one line.
#[must_use]
pub fn last_reply(attempt: Option<&Attempt>) -> Option<String> {
    let attempt = attempt.filter(|attempt| !attempt.is_accepted())?;
    let line = match (&attempt.reply, &attempt.fault) {
        (Some(reply), _) => reply.to_string(),
        (None, Some(fault)) => fault.clone(),
        (None, None) => return None,
    };
    Some(without_nul(&line))
}

/// How each run's sums move when these deliveries leave `sending`.
#[must_use]
pub fn deltas<'a>(settled: impl Iterator<Item = &'a Settled>) -> BTreeMap<RunId, Delta> {
    let mut deltas: BTreeMap<RunId, Delta> = BTreeMap::new();
    for result in settled {
        let delta = deltas.entry(result.run).or_default();
        delta.settle(parts(&result.settlement).0);
        if let Some(line) = last_reply(result.attempt.as_ref()) {
            delta.last_reply = Some(line);
        }
    }
    deltas
}

/// How many deliveries of each claim are settled.
#[must_use]
pub fn per_claim<'a>(settled: impl Iterator<Item = &'a Settled>) -> BTreeMap<i64, i64> {
    let mut claims = BTreeMap::new();
    for result in settled {
        *claims.entry(result.token.0).or_insert(0) += 1;
    }
    claims
}

/// The deliveries whose addresses are to be suppressed.
pub fn bounces<'a>(
    settled: impl Iterator<Item = &'a Settled>,
) -> impl Iterator<Item = (RunId, u64, SuppressionId)> {
    settled.filter_map(|result| match result.settlement {
        Settlement::Failed {
            suppress: Some(id), ..
        } => Some((result.run, result.number, id)),
        _ => None,
    })
}

/// An address that bounced, with whose it was.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BouncedRow {
    /// Whose run.
    pub owner_id: Uuid,
    /// Whom.
    pub recipient_id: Uuid,
    /// The address as frozen.
    pub address: String,
}

/// Moves a run's sums. What was counted of one that is over holds no longer.
pub const COUNT: &str = "UPDATE runs SET delivered = delivered + $2, failed = failed + $3, \
        suppressed = suppressed + $4, unknown = unknown + $5, pending = pending + $6, \
        counted = false, \
        last_reply = coalesce($7, last_reply) WHERE id = $1";
/// Whose address bounced.
pub const FIND_BOUNCED: &str = "SELECT r.owner_id, d.recipient_id, d.address \
    FROM deliveries d JOIN runs r ON r.id = d.run_id WHERE d.run_id = $1 AND d.number = $2";
/// Marks the recipient of an address that bounced, if the address is still theirs.
pub const MARK_BOUNCED: &str = "UPDATE recipients SET state = 'bounced', updated_at = $4 \
    WHERE owner_id = $1 AND id = $2 AND address_key = $3 AND state = 'active'";
/// Why an address is suppressed: of address or domain.
pub const SUPPRESSED_BY: &str = "SELECT reason FROM suppressions \
    WHERE owner_id = $1 AND target IN ($2, $3) ORDER BY kind LIMIT 1";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[COUNT, FIND_BOUNCED, MARK_BOUNCED, SUPPRESSED_BY];

/// The lease's length in milliseconds.
#[must_use]
pub fn lease_millis(lease: std::time::Duration) -> i64 {
    i64::try_from(lease.as_millis()).unwrap_or(i64::MAX / 2)
}

/// The instant that lies `span` before `now`; the beginning of time when there is none.
#[must_use]
pub fn before(now: Timestamp, span: std::time::Duration) -> Timestamp {
    chrono::Duration::from_std(span)
        .ok()
        .and_then(|span| now.checked_sub_signed(span))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Functions `count_run`, `suppress_bounced`, `suppressed_by`.
#[macro_export]
macro_rules! settling_fns {
    ($connection:ty, $failed:path) => {
        use mailing_core::ports::store::Settled;
        use $crate::codec::stored;
        use $crate::ledger::settling::{self, BouncedRow, Delta};
        use $crate::names::*;

        pub(crate) async fn count_run(
            connection: &mut $connection,
            run: RunId,
            delta: &Delta,
        ) -> Result<(), StoreError> {
            query(settling::COUNT)
                .bind(run.uuid())
                .bind(delta.delivered)
                .bind(delta.failed)
                .bind(delta.suppressed)
                .bind(delta.unknown)
                .bind(delta.pending)
                .bind(delta.last_reply.as_deref())
                .execute(connection)
                .await
                .map_err($failed)?;
            Ok(())
        }

        /// Puts addresses that bounced for good on their owners' suppression lists.
        pub(crate) async fn suppress_bounced(
            connection: &mut $connection,
            settled: &[&Settled],
            now: Timestamp,
        ) -> Result<(), StoreError> {
            for (run, number, id) in settling::bounces(settled.iter().copied()) {
                let row = query_as::<_, BouncedRow>(settling::FIND_BOUNCED)
                    .bind(run.uuid())
                    .bind(stored(number))
                    .fetch_one(&mut *connection)
                    .await
                    .map_err($failed)?;
                let place = $crate::codec::Place::new("deliveries", &number);
                let address = place.read("address", EmailAddress::parse(&row.address))?;
                query($crate::suppressions::INSERT)
                    .bind(id.uuid())
                    .bind(row.owner_id)
                    .bind("address")
                    .bind(address.key())
                    .bind("hard_bounce")
                    .bind(millis(now))
                    .execute(&mut *connection)
                    .await
                    .map_err($failed)?;
                query(settling::MARK_BOUNCED)
                    .bind(row.owner_id)
                    .bind(row.recipient_id)
                    .bind(address.key())
                    .bind(millis(now))
                    .execute(&mut *connection)
                    .await
                    .map_err($failed)?;
            }
            Ok(())
        }

        /// Why the frozen address of a candidate whose recipient has another one by now is
        /// suppressed, if it is.
        pub(crate) async fn suppressed_by(
            connection: &mut $connection,
            owner: Uuid,
            candidate: &CandidateRow,
        ) -> Result<Option<String>, StoreError> {
            let place = $crate::codec::Place::new("deliveries", &candidate.number);
            let address = place.read("address", EmailAddress::parse(&candidate.address))?;
            query_scalar(settling::SUPPRESSED_BY)
                .bind(owner)
                .bind(address.key().to_owned())
                .bind(address.domain_ascii().to_owned())
                .fetch_optional(connection)
                .await
                .map_err($failed)
        }
    };
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use mailing_core::delivery::{Cause, Reply, Stage, Token};

    use super::*;

    fn result(settlement: Settlement, reply: Option<Reply>) -> Settled {
        Settled {
            run: Uuid::from_u128(1).into(),
            number: 3,
            token: Token(9),
            settlement,
            charged: true,
            attempt: reply.map(|reply| Attempt {
                at: DateTime::UNIX_EPOCH,
                stage: Stage::Rcpt,
                reply: Some(reply),
                fault: None,
            }),
        }
    }

    fn refused() -> Settled {
        let settlement = Settlement::Failed {
            cause: Cause::NoSuchMailbox,
            suppress: Some(Uuid::from_u128(5).into()),
        };
        result(settlement, Some(Reply::new(550, "5.1.1 no\u{0}body")))
    }

    #[test]
    fn sums_move_from_pending_to_the_new_state() {
        let results = [
            result(Settlement::Delivered, None),
            result(Settlement::Pending, None),
            refused(),
        ];
        let deltas = deltas(results.iter());
        let delta = deltas.get(&Uuid::from_u128(1).into()).unwrap();
        assert_eq!((delta.delivered, delta.failed, delta.pending), (1, 1, -2));
        let line = delta.last_reply.as_deref().unwrap();
        assert!(line.starts_with("550 5.1.1 no"), "{line}");
        assert_eq!(per_claim(results.iter()), BTreeMap::from([(9, 3)]));
        assert_eq!(bounces(results.iter()).count(), 1);
    }

    #[test]
    fn what_was_not_sent_is_found_again_at_once() {
        let row = SettledRow::new(&result(Settlement::Pending, None), Uuid::nil().into());
        assert_eq!(
            (row.state, row.retry_at, row.at),
            ("pending", Some(0), None)
        );
        let retry_at = DateTime::UNIX_EPOCH;
        let cause = Cause::TryLater;
        let deferred = Settlement::Deferred { retry_at, cause };
        let row = SettledRow::new(&result(deferred, None), Uuid::nil().into());
        assert_eq!((row.state, row.retry_at), ("deferred", Some(1)));
    }
}
