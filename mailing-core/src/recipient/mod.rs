//! The people that an owner writes to.

mod address;
mod name;

pub use address::{AddressError, EmailAddress};
pub use name::{DisplayName, NameError};
