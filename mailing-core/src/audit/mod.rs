//! Who did what, on whom, when, why. Written in the transaction of the change, never altered.

use crate::id::{AuditId, UserId};
use crate::policy::{Actor, Who};
use crate::ports::Entropy;
use crate::time::Timestamp;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// A user was made.
    CreateUser,
    /// A user signed in.
    SignIn,
    /// A user signed out.
    SignOut,
    /// A sender was added.
    AddSender,
    /// A recipient was added.
    AddRecipient,
    /// Recipients were imported.
    ImportRecipients,
    /// A recipient was deleted.
    DeleteRecipient,
    /// A recipient unsubscribed.
    Unsubscribe,
    /// A recipient took the unsubscription back.
    Resubscribe,
    /// A list was made.
    CreateList,
    /// A message was written.
    CreateMessage,
    /// A message was changed.
    EditMessage,
    /// A message was deleted.
    DeleteMessage,
    /// A mailing was made.
    CreateMailing,
    /// A mailing was launched.
    LaunchMailing,
    /// A mailing was held by its owner.
    PauseMailing,
    /// A mailing was let go on by its owner.
    ResumeMailing,
    /// A mailing was ended by its owner.
    FinishMailing,
    /// A mailing was sent by hand.
    SendNow,
}

impl Deed {
    /// Every deed there is.
    pub const ALL: [Self; 19] = [
        Self::CreateUser,
        Self::SignIn,
        Self::SignOut,
        Self::AddSender,
        Self::AddRecipient,
        Self::ImportRecipients,
        Self::DeleteRecipient,
        Self::Unsubscribe,
        Self::Resubscribe,
        Self::CreateList,
        Self::CreateMessage,
        Self::EditMessage,
        Self::DeleteMessage,
        Self::CreateMailing,
        Self::LaunchMailing,
        Self::PauseMailing,
        Self::ResumeMailing,
        Self::FinishMailing,
        Self::SendNow,
    ];

    /// The name in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateUser => "create_user",
            Self::SignIn => "sign_in",
            Self::SignOut => "sign_out",
            Self::AddSender => "add_sender",
            Self::AddRecipient => "add_recipient",
            Self::ImportRecipients => "import_recipients",
            Self::DeleteRecipient => "delete_recipient",
            Self::Unsubscribe => "unsubscribe",
            Self::Resubscribe => "resubscribe",
            Self::CreateList => "create_list",
            Self::CreateMessage => "create_message",
            Self::EditMessage => "edit_message",
            Self::DeleteMessage => "delete_message",
            Self::CreateMailing => "create_mailing",
            Self::LaunchMailing => "launch_mailing",
            Self::PauseMailing => "pause_mailing",
            Self::ResumeMailing => "resume_mailing",
            Self::FinishMailing => "finish_mailing",
            Self::SendNow => "send_now",
        }
    }
}

/// One line of the audit log.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: Who,
    /// Whose things were touched.
    pub owner: Option<UserId>,
    /// What was done.
    pub deed: Deed,
    /// On what: an id or a name.
    pub subject: String,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
}

impl Entry {
    /// An entry about `subject`, owned by whom the actor acts for.
    pub fn new(
        actor: &Actor,
        deed: Deed,
        subject: impl ToString,
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> Self {
        Self {
            id: AuditId::new(now, entropy),
            at: now,
            who: actor.who(),
            owner: actor.owner(),
            deed,
            subject: subject.to_string(),
            reason: None,
        }
    }
}
