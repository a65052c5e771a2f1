//! The people that an owner writes to.

mod address;
mod attributes;
mod name;

pub use address::{ADDRESS_MAX, AddressError, EmailAddress};
pub use attributes::{
    ATTRIBUTES_MAX, AttributeError, Attributes, KEY_MAX, VALUE_MAX, attribute_key,
};
pub use name::{DisplayName, NAME_MAX, NameError};

pub(crate) use name::is_line_or_control;
