//! Domain, calendar, policy, services and delivery engine of Mailing, without I/O.

pub mod code;
pub mod delivery;
pub mod error;
pub mod id;
pub mod instance_key;
pub mod links;
pub mod ports;
pub mod recipient;
pub mod schedule;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time;
