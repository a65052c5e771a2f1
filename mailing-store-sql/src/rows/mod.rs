//! What the statements return, and how it becomes the core's entities. A row that cannot be read
//! names its table, column and id.

mod accounts;
mod audit;
mod imports;
mod instance;
mod leased;
mod ledger;
mod mailings;
mod messages;
mod post;
mod posts;
mod rates;
mod recipients;
mod reports;
mod runs;
mod supervision;
mod workers;

pub use accounts::{FailuresRow, RoleRow, SenderRow, SessionRow, UserRow};
pub use audit::AuditRow;
pub use imports::ImportRow;
pub use instance::{FeedbackRow, SettingsRow};
pub use leased::LeasedRow;
pub use ledger::{CandidateRow, ContentRow, DueRow, OpenRunRow, RecountRow};
pub use mailings::{MailingListRow, MailingParts, MailingRow, WindowRow};
pub use messages::{
    HistoryRow, MessageRow, SummaryRow, UnsavedRow, UsedByRow, VersionRow, attachments_text,
};
pub use post::{SecondFactorRow, SystemMailRow, TokenRow};
pub use posts::{AddressRow, PostCardRow, PostLinkRow, PostRow, PostSummaryRow, PublishedPostRow};
pub use rates::{BucketRow, LimitRow};
pub use recipients::{ListRow, MembershipRow, RecipientRow, SuppressionRow};
pub use reports::{
    CauseSumRow, DomainSumsRow, MailingSlotRow, MailingSumsRow, SlotRow, SumsRow, TalliedRow,
};
pub use runs::{AttemptRow, CauseRow, CountsRow, DeliveryRow, LoggedRunRow, RunRow};
pub use supervision::{AuditLineRow, SupervisedMailingRow, SupervisedRunRow};
pub use workers::KnownWorkerRow;
