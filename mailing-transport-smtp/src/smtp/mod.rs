//! SMTP (RFC 5321) over Tokio and rustls: the project's own dialogue.
//!
//! Ours, because it must tell what client libraries do not: at which stage a hand-over ended, and
//! whether the final dot had been handed to the socket when the connection broke. Before that the
//! message is not sent; after it nobody knows.

mod auth;
mod certificate;
mod connect;
mod connection;
mod deadline;
mod dialogue;
mod end;
mod extensions;
mod lane;
mod limit;
mod opening;
mod pool;
mod reply;
mod resolve;
mod session;
mod stream;
mod tls;
mod wire;

use std::sync::Arc;

use mailing_core::ports::MailTransport;
use mailing_core::ports::transport::{BuildError, Content, MailLane, PreparedMail};

pub use resolve::{Resolver, SystemResolver};

use auth::AuthMemory;
use lane::SmtpLane;
use limit::ConnectionLimit;
use pool::Pool;
use tls::Encryption;

use crate::mime::prepare;
use crate::options::Options;
use crate::target::{OpenError, Server};

/// Lanes by default.
const LANES: usize = 4;
/// Lanes by default to a server on the same machine.
const LANES_ON_LOOPBACK: usize = 10;

/// A mail server as the transport port.
pub struct SmtpTransport(Arc<Relay>);

/// The mail server, and what its lanes know together.
struct Relay {
    server: Server,
    options: Options,
    encryption: Encryption,
    auth: AuthMemory,
    limit: ConnectionLimit,
    pool: Pool,
}

impl SmtpTransport {
    pub(crate) fn new(server: Server, options: Options) -> Result<Self, OpenError> {
        if let Some(name) = &options.helo {
            check_helo(name)?;
        }
        let encryption = Encryption::new(&server, options.tls, &options.roots)?;
        Ok(Self(Arc::new(Relay {
            limit: ConnectionLimit::new(options.messages_per_connection),
            pool: Pool::new(options.timeouts.idle),
            auth: AuthMemory::default(),
            encryption,
            server,
            options,
        })))
    }
}

impl MailTransport for SmtpTransport {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        Ok(Arc::new(prepare(content, self.0.options.message_max)?))
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(SmtpLane::new(Arc::clone(&self.0)))
    }

    fn lanes(&self) -> usize {
        let by_host = if self.0.server.is_loopback() {
            LANES_ON_LOOPBACK
        } else {
            LANES
        };
        self.0.options.lanes.unwrap_or(by_host).max(1)
    }

    fn server(&self) -> String {
        let Server { host, port, .. } = &self.0.server;
        if host.contains(':') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        }
    }
}

/// The name goes into a command as it is, so it may hold only what a domain or an address literal
/// holds (RFC 5321 §4.1.2, §4.1.3).
fn check_helo(name: &str) -> Result<(), OpenError> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if name.is_empty() || name.len() > 255 || !name.bytes().all(legal) {
        return Err(OpenError::Helo(name.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(url: &str, options: Options) -> Result<Arc<dyn MailTransport>, OpenError> {
        crate::open(url, options)
    }

    #[test]
    fn the_server_is_named_without_credentials() {
        let named = |url| opened(url, Options::default()).unwrap().server();
        assert_eq!(
            named("smtps://ann:hunter2@relay.example"),
            "relay.example:465"
        );
        assert_eq!(named("smtp://[::1]:2525"), "[::1]:2525");
    }

    #[test]
    fn lanes_are_as_configured_or_by_the_distance_of_the_server() {
        let lanes = |url, lanes| {
            let options = Options {
                lanes,
                ..Options::default()
            };
            opened(url, options).unwrap().lanes()
        };
        assert_eq!(lanes("smtp://relay.example", None), 4);
        assert_eq!(lanes("smtp://127.0.0.1", None), 10);
        assert_eq!(lanes("smtp://127.0.0.1", Some(3)), 3);
        assert_eq!(lanes("smtp://127.0.0.1", Some(0)), 1);
    }

    #[test]
    fn a_name_for_ehlo_that_could_hold_a_command_is_refused() {
        for name in ["", "a b", "a\r\nMAIL", "почта.рф"] {
            let options = Options {
                helo: Some(name.to_owned()),
                ..Options::default()
            };
            let refused = opened("smtp://127.0.0.1", options);
            assert!(matches!(refused, Err(OpenError::Helo(_))), "{name:?}");
        }
    }
}
