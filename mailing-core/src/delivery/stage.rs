//! The stages of an SMTP dialogue.

/// The stage of the dialogue at which something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Resolving the server's name.
    Dns,
    /// Opening the connection.
    Connect,
    /// Waiting for the greeting.
    Greeting,
    /// `EHLO`.
    Ehlo,
    /// `STARTTLS` and the handshake.
    Tls,
    /// `AUTH`.
    Auth,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`, until its 354.
    Data,
    /// Writing the message.
    Body,
    /// The final dot has been handed to the socket.
    Dot,
}

impl Stage {
    /// Every stage, in the order of the dialogue.
    pub const ALL: [Self; 11] = [
        Self::Dns,
        Self::Connect,
        Self::Greeting,
        Self::Ehlo,
        Self::Tls,
        Self::Auth,
        Self::Mail,
        Self::Rcpt,
        Self::Data,
        Self::Body,
        Self::Dot,
    ];

    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Ehlo => "ehlo",
            Self::Tls => "tls",
            Self::Auth => "auth",
            Self::Mail => "mail",
            Self::Rcpt => "rcpt",
            Self::Data => "data",
            Self::Body => "body",
            Self::Dot => "dot",
        }
    }

    /// The stage of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }
}
