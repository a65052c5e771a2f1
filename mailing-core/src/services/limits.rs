//! How often strangers may make the service do something: counters that a restart does not clear.

use chrono::Duration;

use crate::code;
use crate::error::{Error, Refusal};
use crate::policy;
use crate::ports::Unit;
use crate::ports::store::SignInFailures;
use crate::recipient::EmailAddress;
use crate::time::Timestamp;

/// Most times within a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    most: u32,
    window: Duration,
}

/// Requests for an account, a new password or a letter, from one address block.
const CLIENT: Limit = Limit {
    most: 30,
    window: Duration::hours(1),
};
/// Letters to one address that nobody signed in has asked for (S40).
const LETTERS: Limit = Limit {
    most: 5,
    window: Duration::days(1),
};
/// Letters to other people's addresses that a user asks for.
const OWN_LETTERS: Limit = Limit {
    most: 20,
    window: Duration::days(1),
};

/// Feedback from one address block.
const FEEDBACK: Limit = Limit {
    most: 5,
    window: Duration::hours(1),
};
/// Feedback from everybody: more is not written by people, and nobody could read it.
const ALL_FEEDBACK: Limit = Limit {
    most: 300,
    window: Duration::days(1),
};
/// Codes of the second step, for one account (S11).
const CODES: Limit = Limit {
    most: 5,
    window: Duration::minutes(5),
};

/// Counts a request of a client.
///
/// # Errors
/// [`Error::Throttled`] with the seconds to wait.
pub(super) async fn client(unit: &mut dyn Unit, client: &str, now: Timestamp) -> Result<(), Error> {
    refuse(count(unit, &format!("asks:{client}"), CLIENT, now).await?)
}

/// Counts a letter to an address; false when it has got enough. That is told nobody.
pub(super) async fn letter_to(
    unit: &mut dyn Unit,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<bool, Error> {
    let key = format!("letters:{}", address.key());
    Ok(count(unit, &key, LETTERS, now).await?.is_none())
}

/// Counts a letter that a user has sent to another address.
///
/// # Errors
/// [`Error::Throttled`] with the seconds to wait.
pub(super) async fn letter_of(
    unit: &mut dyn Unit,
    user: crate::id::UserId,
    now: Timestamp,
) -> Result<(), Error> {
    refuse(count(unit, &format!("letters of:{user}"), OWN_LETTERS, now).await?)
}

/// Counts feedback from an address block, and from everybody together.
///
/// # Errors
/// [`Error::Throttled`] with the seconds to wait.
pub(super) async fn feedback_of(
    unit: &mut dyn Unit,
    client: &str,
    now: Timestamp,
) -> Result<(), Error> {
    refuse(count(unit, &format!("feedback:{client}"), FEEDBACK, now).await?)?;
    refuse(count(unit, "feedback", ALL_FEEDBACK, now).await?)
}

/// Counts a code that was presented for an account.
///
/// # Errors
/// [`Error::Throttled`] with the seconds to wait.
pub(super) async fn code_for(
    unit: &mut dyn Unit,
    user: crate::id::UserId,
    now: Timestamp,
) -> Result<(), Error> {
    refuse(count(unit, &format!("codes:{user}"), CODES, now).await?)
}

/// Counts one more; the seconds until the window is over when that is one too many.
async fn count(
    unit: &mut dyn Unit,
    key: &str,
    limit: Limit,
    now: Timestamp,
) -> Result<Option<i64>, Error> {
    let system = policy::system();
    let so_far = unit.throttle().find(&system, key).await?;
    let mut counted = so_far
        .filter(|counted| now - counted.since < limit.window)
        .unwrap_or(SignInFailures {
            count: 0,
            since: now,
            blocked_until: None,
        });
    if counted.count >= limit.most {
        return Ok(Some((counted.since + limit.window - now).num_seconds() + 1));
    }
    counted.count += 1;
    unit.throttle().set(&system, key, Some(&counted)).await?;
    Ok(None)
}

fn refuse(wait: Option<i64>) -> Result<(), Error> {
    match wait {
        None => Ok(()),
        Some(seconds) => {
            let refusal = Refusal::new(code::TOO_MANY_REQUESTS).with("seconds", seconds);
            Err(Error::Throttled(refusal))
        }
    }
}
