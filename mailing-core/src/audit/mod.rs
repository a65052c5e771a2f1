//! Who did what, on whom, when, why. Written in the transaction of the change, never altered.

mod reason;

pub use reason::Reason;

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
    /// A sender was shown to be the owner's: by the link sent there, or by an operator.
    VerifySender,
    /// A recipient was added.
    AddRecipient,
    /// A recipient was changed.
    EditRecipient,
    /// Recipients came back from the trash.
    RestoreRecipient,
    /// A list was renamed.
    RenameList,
    /// A list was deleted.
    DeleteList,
    /// Recipients were put into a list.
    AddToList,
    /// Recipients were taken out of a list.
    TakeOutOfList,
    /// Recipients were imported.
    ImportRecipients,
    /// An import was undone.
    UndoImport,
    /// Recipients were exported.
    ExportRecipients,
    /// The log of deliveries was downloaded.
    ExportLog,
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
    /// A message was taken out of the trash.
    UndeleteMessage,
    /// A message was sent to try it out.
    TestMessage,
    /// A post was written.
    CreatePost,
    /// A post was changed.
    EditPost,
    /// A post was published, or its date moved.
    PublishPost,
    /// A post became a draft again.
    UnpublishPost,
    /// A post was deleted.
    DeletePost,
    /// A post was taken out of the trash.
    UndeletePost,
    /// A mailing was made.
    CreateMailing,
    /// A mailing was changed.
    EditMailing,
    /// A mailing was copied.
    DuplicateMailing,
    /// A finished mailing was opened again.
    ReopenMailing,
    /// A mailing was taken out of the trash.
    UndeleteMailing,
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
    /// A user got or lost roles.
    ChangeRoles,
    /// A user's password was set anew: by a link sent by mail, or on the console.
    ResetPassword,
    /// A user was blocked.
    BlockUser,
    /// A user was let go on.
    UnblockUser,
    /// An address or domain was suppressed by its owner.
    Suppress,
    /// An address or domain was taken from the suppression list.
    Unsuppress,
    /// A mailing was stopped by a manager.
    DisableMailing,
    /// A mailing was let go on by a manager.
    EnableMailing,
    /// A mailing was deleted.
    DeleteMailing,
    /// Failed deliveries of a run are tried again.
    RetryFailed,
    /// Doubtful deliveries of a run are sent again.
    SendAgain,
    /// Doubtful deliveries of a run are taken for delivered.
    CountDelivered,
    /// A rate was set or taken back.
    SetRate,
    /// Somebody made an account of their own.
    Register,
    /// A user proved that the address is theirs.
    VerifyAddress,
    /// A user has another address.
    ChangeAddress,
    /// The change of an address was taken back.
    RestoreAddress,
    /// A sender was taken away.
    RemoveSender,
    /// A user changed name, zone or language.
    EditProfile,
    /// A user changed the password.
    ChangePassword,
    /// A user ended sessions elsewhere.
    EndSession,
    /// Sign-in by code was switched on.
    EnableSecondFactor,
    /// Sign-in by code was switched off.
    DisableSecondFactor,
    /// A user downloaded everything of their own.
    ExportAccount,
    /// A user deleted the account.
    DeleteAccount,
    /// The settings of the instance were changed.
    EditSettings,
    /// Feedback was marked as answered.
    AnswerFeedback,
    /// That mark was taken back.
    ReopenFeedback,
    /// Feedback was deleted.
    DeleteFeedback,
    /// Feedback was taken out of the trash.
    UndeleteFeedback,
}

impl Deed {
    /// Every deed there is.
    pub const ALL: [Self; 71] = [
        Self::CreateUser,
        Self::SignIn,
        Self::SignOut,
        Self::AddSender,
        Self::VerifySender,
        Self::AddRecipient,
        Self::EditRecipient,
        Self::RestoreRecipient,
        Self::RenameList,
        Self::DeleteList,
        Self::AddToList,
        Self::TakeOutOfList,
        Self::ImportRecipients,
        Self::UndoImport,
        Self::ExportRecipients,
        Self::ExportLog,
        Self::DeleteRecipient,
        Self::Unsubscribe,
        Self::Resubscribe,
        Self::CreateList,
        Self::CreateMessage,
        Self::EditMessage,
        Self::DeleteMessage,
        Self::UndeleteMessage,
        Self::TestMessage,
        Self::CreatePost,
        Self::EditPost,
        Self::PublishPost,
        Self::UnpublishPost,
        Self::DeletePost,
        Self::UndeletePost,
        Self::CreateMailing,
        Self::EditMailing,
        Self::DuplicateMailing,
        Self::ReopenMailing,
        Self::UndeleteMailing,
        Self::LaunchMailing,
        Self::PauseMailing,
        Self::ResumeMailing,
        Self::FinishMailing,
        Self::SendNow,
        Self::ChangeRoles,
        Self::ResetPassword,
        Self::BlockUser,
        Self::UnblockUser,
        Self::Suppress,
        Self::Unsuppress,
        Self::DisableMailing,
        Self::EnableMailing,
        Self::DeleteMailing,
        Self::RetryFailed,
        Self::SendAgain,
        Self::CountDelivered,
        Self::SetRate,
        Self::Register,
        Self::VerifyAddress,
        Self::ChangeAddress,
        Self::RestoreAddress,
        Self::RemoveSender,
        Self::EditProfile,
        Self::ChangePassword,
        Self::EndSession,
        Self::EnableSecondFactor,
        Self::DisableSecondFactor,
        Self::ExportAccount,
        Self::DeleteAccount,
        Self::EditSettings,
        Self::AnswerFeedback,
        Self::ReopenFeedback,
        Self::DeleteFeedback,
        Self::UndeleteFeedback,
    ];

    /// True when the entry is about a mailing: its subject is the id of one.
    #[must_use]
    pub const fn is_about_mailing(self) -> bool {
        matches!(
            self,
            Self::CreateMailing
                | Self::EditMailing
                | Self::DuplicateMailing
                | Self::ReopenMailing
                | Self::UndeleteMailing
                | Self::LaunchMailing
                | Self::PauseMailing
                | Self::ResumeMailing
                | Self::FinishMailing
                | Self::SendNow
                | Self::DisableMailing
                | Self::EnableMailing
                | Self::DeleteMailing
        )
    }

    /// True when the entry is about a user: its subject is the id of one.
    #[must_use]
    pub const fn is_about_user(self) -> bool {
        matches!(
            self,
            Self::CreateUser
                | Self::ChangeRoles
                | Self::ResetPassword
                | Self::BlockUser
                | Self::UnblockUser
                | Self::Register
                | Self::DeleteAccount
        )
    }

    /// The deed of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.as_str() == name)
    }

    /// The name in the database and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateUser => "create_user",
            Self::SignIn => "sign_in",
            Self::SignOut => "sign_out",
            Self::AddSender => "add_sender",
            Self::VerifySender => "verify_sender",
            Self::AddRecipient => "add_recipient",
            Self::EditRecipient => "edit_recipient",
            Self::RestoreRecipient => "restore_recipient",
            Self::RenameList => "rename_list",
            Self::DeleteList => "delete_list",
            Self::AddToList => "add_to_list",
            Self::TakeOutOfList => "take_out_of_list",
            Self::ImportRecipients => "import_recipients",
            Self::UndoImport => "undo_import",
            Self::ExportRecipients => "export_recipients",
            Self::ExportLog => "export_log",
            Self::DeleteRecipient => "delete_recipient",
            Self::Unsubscribe => "unsubscribe",
            Self::Resubscribe => "resubscribe",
            Self::CreateList => "create_list",
            Self::CreateMessage => "create_message",
            Self::EditMessage => "edit_message",
            Self::DeleteMessage => "delete_message",
            Self::UndeleteMessage => "undelete_message",
            Self::TestMessage => "test_message",
            Self::CreatePost => "create_post",
            Self::EditPost => "edit_post",
            Self::PublishPost => "publish_post",
            Self::UnpublishPost => "unpublish_post",
            Self::DeletePost => "delete_post",
            Self::UndeletePost => "undelete_post",
            Self::EditMailing => "edit_mailing",
            Self::DuplicateMailing => "duplicate_mailing",
            Self::ReopenMailing => "reopen_mailing",
            Self::UndeleteMailing => "undelete_mailing",
            Self::CreateMailing => "create_mailing",
            Self::LaunchMailing => "launch_mailing",
            Self::PauseMailing => "pause_mailing",
            Self::ResumeMailing => "resume_mailing",
            Self::FinishMailing => "finish_mailing",
            Self::SendNow => "send_now",
            Self::ChangeRoles => "change_roles",
            Self::ResetPassword => "reset_password",
            Self::BlockUser => "block_user",
            Self::UnblockUser => "unblock_user",
            Self::Suppress => "suppress",
            Self::Unsuppress => "unsuppress",
            Self::DisableMailing => "disable_mailing",
            Self::EnableMailing => "enable_mailing",
            Self::DeleteMailing => "delete_mailing",
            Self::RetryFailed => "retry_failed",
            Self::SendAgain => "send_again",
            Self::CountDelivered => "count_delivered",
            Self::SetRate => "set_rate",
            Self::Register => "register",
            Self::VerifyAddress => "verify_address",
            Self::ChangeAddress => "change_address",
            Self::RestoreAddress => "restore_address",
            Self::RemoveSender => "remove_sender",
            Self::EditProfile => "edit_profile",
            Self::ChangePassword => "change_password",
            Self::EndSession => "end_session",
            Self::EnableSecondFactor => "enable_second_factor",
            Self::DisableSecondFactor => "disable_second_factor",
            Self::ExportAccount => "export_account",
            Self::DeleteAccount => "delete_account",
            Self::EditSettings => "edit_settings",
            Self::AnswerFeedback => "answer_feedback",
            Self::ReopenFeedback => "reopen_feedback",
            Self::DeleteFeedback => "delete_feedback",
            Self::UndeleteFeedback => "undelete_feedback",
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
    /// Why, where a reason was asked for; what, where the deed does not say it (the roles).
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
    /// About things of `owner`, in whose trail it stands: moderation touches other people's things.
    #[must_use]
    pub const fn of(mut self, owner: UserId) -> Self {
        self.owner = Some(owner);
        self
    }

    /// With the reason that was given.
    #[must_use]
    pub fn because(mut self, reason: &Reason) -> Self {
        self.reason = Some(reason.as_str().to_owned());
        self
    }
}
