//! One builder per entity: a valid one in one line, with what the test is about spelled out.
//!
//! ```text
//! let ann = owner().at("ann@example.org").saved(store).await;
//! let bob = recipient().of(&ann).at("bob@example.org").named("Bob").saved(store).await;
//! let mailing = mailing().of(&ann).to(&[bob.id]).daily("2026-03-02T12:00").saved(store).await;
//! ```
//!
//! What a test leaves out is filled in; `saved` makes what an entity leans on, too. Ids are made in
//! ascending order and never twice in a process.
#![expect(
    clippy::unwrap_used,
    reason = "a builder that cannot build fails its test, and says where"
)]

mod imports;
mod mailings;
mod messages;
mod people;
mod posts;
mod recipients;
mod runs;

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

pub use self::imports::{ImportBuilder, import};
pub use self::mailings::{MailingBuilder, local, mailing};
pub use self::messages::{MessageBuilder, SenderBuilder, content, message, sender};
pub use self::people::{Owner, UserBuilder, owner, two_owners};
pub use self::posts::{PostBuilder, picture, post};
pub use self::recipients::{
    ListBuilder, RecipientBuilder, SuppressionBuilder, address, crowd, list, recipient, suppression,
};
pub use self::runs::{RunBuilder, freeze, run};

use crate::time::Timestamp;

/// When tests begin: Monday, 2 March 2026, 9:00 UTC.
#[must_use]
pub fn start() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

/// An id that sorts by `at`, then by the order of making.
#[must_use]
pub fn id<T: From<Uuid>>(at: Timestamp) -> T {
    static MADE: AtomicU64 = AtomicU64::new(1);
    let mut tail = [0; 10];
    tail[2..].copy_from_slice(&MADE.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    let millis = u64::try_from(at.timestamp_millis()).unwrap();
    let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &tail);
    T::from(uuid.into_uuid())
}

/// A number that no other entity of this process has, for addresses and names that must differ.
fn serial() -> u64 {
    static MADE: AtomicU64 = AtomicU64::new(1);
    MADE.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RunId;

    #[test]
    fn ids_ascend_with_time_and_making() {
        let first: RunId = id(start());
        let second: RunId = id(start());
        let earlier: RunId = id(start() - chrono::TimeDelta::days(1));
        assert!(earlier < first && first < second);
    }
}
