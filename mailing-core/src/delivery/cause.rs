//! Why a delivery failed or waits: the key of the sentence that a person reads.

/// A cause in the words of the glossary. Found from the enhanced code, then the code, then the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The mailbox does not exist.
    NoSuchMailbox,
    /// The domain does not exist or takes no mail.
    NoSuchDomain,
    /// The mailbox is full.
    MailboxFull,
    /// The mailbox is switched off.
    MailboxDisabled,
    /// The server asked to try later (greylisting, rate).
    TryLater,
    /// The server refuses the mail by its policy or a block list.
    Policy,
    /// The content was taken for spam or is not acceptable.
    Content,
    /// The message is too large for this mailbox.
    TooLarge,
    /// The server cannot take this address (SMTPUTF8).
    AddressNotSupported,
    /// The server refuses our sender address.
    SenderRefused,
    /// The message could not be built for this recipient.
    NotBuilt,
    /// Tried as often or as long as allowed.
    GaveUp,
    /// The connection broke before the message was handed over.
    ConnectionLost,
    /// The server has trouble of its own.
    ServerTrouble,
    /// A reply that none of these fits.
    NotRecognised,
}

impl Cause {
    /// Every cause there is.
    pub const ALL: [Self; 15] = [
        Self::NoSuchMailbox,
        Self::NoSuchDomain,
        Self::MailboxFull,
        Self::MailboxDisabled,
        Self::TryLater,
        Self::Policy,
        Self::Content,
        Self::TooLarge,
        Self::AddressNotSupported,
        Self::SenderRefused,
        Self::NotBuilt,
        Self::GaveUp,
        Self::ConnectionLost,
        Self::ServerTrouble,
        Self::NotRecognised,
    ];

    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSuchMailbox => "no_such_mailbox",
            Self::NoSuchDomain => "no_such_domain",
            Self::MailboxFull => "mailbox_full",
            Self::MailboxDisabled => "mailbox_disabled",
            Self::TryLater => "try_later",
            Self::Policy => "policy",
            Self::Content => "content",
            Self::TooLarge => "too_large",
            Self::AddressNotSupported => "address_not_supported",
            Self::SenderRefused => "sender_refused",
            Self::NotBuilt => "not_built",
            Self::GaveUp => "gave_up",
            Self::ConnectionLost => "connection_lost",
            Self::ServerTrouble => "server_trouble",
            Self::NotRecognised => "not_recognised",
        }
    }

    /// The cause of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == name)
    }
}
