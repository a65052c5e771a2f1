//! A mail server on loopback that does as a script says and records what it was told.
//!
//! For the tests of this crate and of others (feature `testing`, never in a release). Without a
//! script it takes every message:
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use mailing_transport_smtp::testing::{Act, At, Script, Server};
//!
//! let script = Script::new()
//!     .to("gone@example.net", Act::reply("550 5.1.1 No such mailbox"))
//!     .nth(At::Dot, 2, Act::Cut);
//! let server = Server::start(script).await.unwrap();
//! assert!(server.url().starts_with("smtp://127.0.0.1:"));
//! assert!(server.mails().is_empty());
//! # });
//! ```

mod certificate;
mod dialogue;
mod parse;
mod script;
mod server;
mod sink;

pub use parse::ParseError;
pub use script::{Act, At, Script, Tls};
pub use server::{Received, Server};
pub use sink::{Sink, Taken};
