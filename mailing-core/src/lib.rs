//! Domain, calendar, policy, services and delivery engine of Mailing, without I/O.

pub mod audit;
pub mod checkup;
pub mod code;
pub mod delivery;
pub mod engine;
pub mod error;
pub mod events;
pub mod id;
pub mod instance;
pub mod instance_key;
pub mod letter;
pub mod links;
pub mod mailing;
pub mod message;
pub mod policy;
pub mod ports;
pub mod post;
mod prose;
pub mod rate;
pub mod recipient;
pub mod report;
pub mod run;
pub mod schedule;
pub mod seal;
pub mod sender;
pub mod services;
pub mod sheet;
pub mod submission;
#[cfg(feature = "testing")]
pub mod testing;
pub mod time;
pub mod user;
