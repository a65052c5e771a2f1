//! The pages, a module for each group of addresses: handlers, and the contexts of their templates.

pub(crate) mod account;
pub(crate) mod assets;
pub(crate) mod blog;
pub(crate) mod calendar;
pub(crate) mod contacts;
pub(crate) mod content;
pub(crate) mod deliveries;
pub(crate) mod first;
pub(crate) mod health;
pub(crate) mod help;
pub(crate) mod home;
pub(crate) mod imports;
pub(crate) mod kept;
pub(crate) mod lists;
pub(crate) mod log;
pub(crate) mod login;
pub(crate) mod mailings;
pub(crate) mod manage;
pub(crate) mod messages;
pub(crate) mod outbox;
pub(crate) mod overview;
pub(crate) mod prefs;
pub(crate) mod recipients;
pub(crate) mod reports;
pub(crate) mod runs;
pub(crate) mod settings;
pub(crate) mod suppressions;
pub(crate) mod system;
pub(crate) mod unsubscribe;

#[cfg(test)]
pub(crate) mod samples;
