//! The whole site over the memory store and a virtual clock, request by request.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod blog;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod contacts;
#[cfg(test)]
mod content;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod files;
#[cfg(test)]
mod first;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod health;
#[cfg(test)]
mod help;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod instance;
#[cfg(test)]
mod intake;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod log;
#[cfg(test)]
mod mailings;
#[cfg(test)]
mod manage;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod overview;
mod photo;
#[cfg(test)]
mod recipients;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod site;
#[cfg(test)]
mod suppressions;
#[cfg(test)]
mod system;
#[cfg(test)]
mod tenancy;
#[cfg(test)]
mod unsubscribe;
#[cfg(test)]
mod walk;
