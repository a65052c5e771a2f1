//! The names that the macros' bodies use, so that a crate that expands them needs no imports.

pub use async_trait::async_trait;
pub use mailing_core::audit::Entry;
pub use mailing_core::delivery::{Attempt, Delivery, Token};
pub use mailing_core::id::{
    ExportId, FeedbackId, FormId, ImportId, ListId, MailingId, MessageId, PostId, RecipientId,
    RunId, SenderId, SystemMailId, UploadId, UserId, VersionId, WorkerId,
};
pub use mailing_core::instance::{Feedback, KeptSettings};
pub use mailing_core::letter::SystemMail;
pub use mailing_core::mailing::{Audience, AudienceChoice, AudienceSize, Mailing, MailingName};
pub use mailing_core::message::{FileHash, Message, MessageVersion, Unsaved};
pub use mailing_core::policy::{Correspond, Edit, EditPosts, Supervise, System, View, Who};
pub use mailing_core::ports::store::{
    Addition, AuditRepo, BATCH, BlogRepo, CauseCount, Cursor, DeliveryFilter, DueMailing,
    ErasureRepo, ExportRepo, FeedbackCounts, FeedbackFilter, FeedbackRepo, FreezeProgress,
    ImportMode, ImportRepo, ImportSums, KeptPost, LedgerReport, LetterQueue, ListRepo, LogFilter,
    LogPlace, LogRepo, LogRuns, LoggedRun, MailingFilter, MailingRepo, MessageRepo, MessageSummary,
    Neighbours, NewRecipient, NewRun, OpenRun, OverdueRecipient, OwnerCounts, Page, PageRequest,
    Plan, Planned, PostCard, PostLink, PostRepo, PostSummary, PublishedPost, RecipientCounts,
    RecipientFilter, RecipientRepo, Retry, RunContent, RunControl, RunFilter, RunRepo,
    SecondFactorRepo, SenderRepo, ServiceCounts, SessionRepo, SettingsRepo, SignInFailures,
    SitemapEntry, StatisticsRepo, StoreError, SubmissionRepo, Submitted, SuppressionRepo,
    SystemMailRepo, ThrottleRepo, TokenRepo, UndoPage, UndoPart, UploadRepo, UserRepo,
    VersionSummary,
};
pub use mailing_core::post::{PictureName, PictureSize, Post, Renditions, Shelf, Slug};
pub use mailing_core::recipient::export::PreparedExport;
pub use mailing_core::recipient::import::{Import, ImportState, Upload, UploadPart};
pub use mailing_core::recipient::{
    EmailAddress, List, ListName, Recipient, Suppression, SuppressionTarget,
};
pub use mailing_core::run::{CancelReason, MissedReason, PauseReason, Run};
pub use mailing_core::sender::Sender;
pub use mailing_core::time::Timestamp;
pub use mailing_core::user::{
    Device, OneTimeToken, SecondFactor, Session, TokenHash, TokenKind, User,
};
pub use sqlx::types::Json;
pub use sqlx::{query, query_as, query_scalar};
pub use uuid::Uuid;

pub use crate::codec::{count, millis};
pub use crate::rows::*;
