//! An address with a name.

use super::{DisplayName, EmailAddress};

/// A name with an address, as in `From` and `To`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name shown, if any.
    pub name: Option<DisplayName>,
    /// The address.
    pub address: EmailAddress,
}
