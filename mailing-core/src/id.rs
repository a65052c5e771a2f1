//! Typed identifiers: a newtype for each thing, so that swapped arguments do not compile.
//!
//! Ids are UUIDv7 made from the [`Clock`](crate::ports::Clock) and the
//! [`Entropy`] ports, never from the operating system directly, so that a
//! simulation repeats byte for byte. They are sortable by time of making and not secret.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ports::Entropy;
use crate::time::Timestamp;

fn v7(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let mut random = [0u8; 10];
    entropy.fill(&mut random);
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, sortable by `now`.
            pub fn new(now: Timestamp, entropy: &dyn Entropy) -> Self {
                Self(v7(now, entropy))
            }

            /// The id as stored.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A user of the service.
    UserId;
    /// A signed-in session.
    SessionId;
    /// An owner's recipient.
    RecipientId;
    /// A named group of recipients.
    ListId;
    /// An import of recipients.
    ImportId;
    /// A file on its way to an import.
    UploadId;
    /// An export that is prepared.
    ExportId;
    /// A suppressed address or domain of an owner.
    SuppressionId;
    /// An identity that mail is sent from.
    SenderId;
    /// A message.
    MessageId;
    /// One saved version of a message.
    VersionId;
    /// A mailing.
    MailingId;
    /// An article of the blog.
    PostId;
    /// A window of a mailing's schedule.
    WindowId;
    /// One occurrence of a mailing.
    RunId;
    /// A process that delivers.
    WorkerId;
    /// An entry of the audit log.
    AuditId;
    /// A database.
    DatabaseId;
    /// A mail of the service's own that waits to be sent.
    SystemMailId;
    /// What somebody wrote on the contacts page.
    FeedbackId;
    /// A form as it was shown once.
    FormId;
    /// One arrival of a form.
    SubmissionId;
}
