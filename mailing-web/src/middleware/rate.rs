//! How many requests one user may make in a minute (S50). Guests are not counted: behind a proxy they
//! all come from one address.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mailing_core::code;
use mailing_core::error::{Error, Refusal};
use mailing_core::id::UserId;
use poem::http::{HeaderName, HeaderValue};
use poem::{Endpoint, IntoResponse as _, Request, Response, Result};

use crate::error::PageError;
use crate::site::Site;
use crate::visitor::Visitor;

/// The time over which requests are counted.
const WINDOW: Duration = Duration::from_secs(60);
/// Requests in a window that only read.
const READS_MAX: u32 = 600;
/// Requests in a window that may change something.
const WRITES_MAX: u32 = 120;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Read,
    Write,
}

impl Kind {
    const fn max(self) -> u32 {
        match self {
            Self::Read => READS_MAX,
            Self::Write => WRITES_MAX,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Read => "reads",
            Self::Write => "writes",
        }
    }
}

/// The requests of the present window. Holds as many entries as users came within it.
#[derive(Default)]
pub(crate) struct Rates(Mutex<Window>);

#[derive(Default)]
struct Window {
    began: Duration,
    counts: BTreeMap<(UserId, Kind), u32>,
}

/// What is left of a limit: requests, and seconds until it is whole again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Left {
    requests: Option<u32>,
    seconds: u64,
}

impl Rates {
    /// Counts one request at `now`, a monotonic time. `requests` is `None` when it was one too many.
    fn take(&self, user: UserId, kind: Kind, now: Duration) -> Left {
        // A panic elsewhere leaves counts that are whole.
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(window.began) >= WINDOW {
            window.began = now;
            window.counts.clear();
        }
        let ends = window.began + WINDOW;
        let count = window.counts.entry((user, kind)).or_default();
        *count = count.saturating_add(1);
        Left {
            requests: kind.max().checked_sub(*count),
            seconds: ends.saturating_sub(now).as_secs().max(1),
        }
    }
}

/// Passes on what is within the limits, and tells in the answer how much is left.
pub(crate) async fn check_rate<E: Endpoint>(
    site: Arc<Site>,
    endpoint: Arc<E>,
    req: Request,
) -> Result<Response> {
    let user = req
        .data::<Visitor>()
        .and_then(Visitor::user)
        .map(|user| user.user.id);
    let Some(user) = user else {
        return Ok(endpoint.call(req).await?.into_response());
    };
    let kind = if req.method().is_safe() {
        Kind::Read
    } else {
        Kind::Write
    };
    let left = site.rates.take(user, kind, site.settings.clock.monotonic());
    let Some(requests) = left.requests else {
        let seconds = i64::try_from(left.seconds).unwrap_or(i64::MAX);
        let refusal = Refusal::new(code::TOO_MANY_REQUESTS).with("seconds", seconds);
        return Err(PageError::from(Error::Throttled(refusal)).into());
    };
    let mut response = endpoint.call(req).await?.into_response();
    let policy = format!(
        "\"{}\";q={};w={}",
        kind.name(),
        kind.max(),
        WINDOW.as_secs()
    );
    let now = format!("\"{}\";r={requests};t={}", kind.name(), left.seconds);
    for (name, text) in [(POLICY, policy), (LEFT, now)] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use mailing_core::testing::builders::{id, start};

    use super::*;

    #[test]
    fn reads_writes_and_users_are_counted_apart_and_anew_each_minute() {
        let rates = Rates::default();
        let (ann, bob): (UserId, UserId) = (id(start()), id(start()));
        let at = Duration::from_secs(1_000);
        for left in (0..WRITES_MAX).rev() {
            assert_eq!(rates.take(ann, Kind::Write, at).requests, Some(left));
        }
        assert_eq!(rates.take(ann, Kind::Write, at).requests, None);
        assert_eq!(
            rates.take(ann, Kind::Read, at).requests,
            Some(READS_MAX - 1)
        );
        assert_eq!(
            rates.take(bob, Kind::Write, at).requests,
            Some(WRITES_MAX - 1)
        );
        let late = at + Duration::from_secs(59);
        assert_eq!(
            rates.take(ann, Kind::Write, late),
            Left {
                requests: None,
                seconds: 1
            }
        );
        let next = at + WINDOW;
        assert_eq!(
            rates.take(ann, Kind::Write, next).requests,
            Some(WRITES_MAX - 1)
        );
    }
}
