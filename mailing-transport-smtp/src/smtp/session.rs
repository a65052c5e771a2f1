//! A connection that is ready for messages: greeted, encrypted, authenticated.

use mailing_core::ports::transport::{Fault, Stage};

use super::Relay;
use super::connect::connect;
use super::connection::{Connection, Look};
use super::deadline::{Deadline, Moment};
use super::end::{End, refusal};
use super::extensions::Extensions;
use super::tls::Start;

/// A connection that is ready for messages.
pub(super) struct Session {
    pub(super) connection: Connection,
    pub(super) extensions: Extensions,
    /// Transactions begun on this connection.
    pub(super) begun: usize,
    /// A transaction was begun and not ended: RSET goes before the next one.
    pub(super) needs_reset: bool,
    /// No parameters are sent: the server offers none, or refused one that it offers.
    pub(super) bare_commands: bool,
    pub(super) last_used: Moment,
}

/// What a session turned out to be when it was looked at before use.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Readiness {
    Ready,
    /// It must not be used, for this reason.
    Gone(End),
}

impl Session {
    /// Connects and goes through all that comes before the first message.
    pub(super) async fn establish(relay: &Relay) -> Result<Self, End> {
        if let Some(refused) = relay.auth.refused().await {
            return Err(refused);
        }
        let connection = open(relay).await?;
        let mut connection = match relay.encryption.start {
            Start::AtOnce => encrypt(connection, relay).await?,
            _ => connection,
        };
        greeting(&mut connection, relay).await?;
        let mut extensions = ehlo(&mut connection, relay).await?;
        let upgrade = match relay.encryption.start {
            Start::Demanded if !extensions.starttls => {
                connection.quit(None).await;
                return Err(End::broken(Stage::Tls, Fault::TlsNotOffered));
            }
            Start::Demanded => true,
            Start::WhenOffered => extensions.starttls,
            Start::AtOnce | Start::Never => false,
        };
        if upgrade {
            starttls(&mut connection, relay).await?;
            connection = encrypt(connection, relay).await?;
            // What was offered in clear may have been anybody's offer (RFC 3207 §4.2).
            extensions = ehlo(&mut connection, relay).await?;
        }
        if let Err(end) = authenticate(&mut connection, &extensions, relay).await {
            connection.quit(None).await;
            return Err(end);
        }
        Ok(Self {
            connection,
            bare_commands: extensions.size.is_none() && !extensions.dsn,
            extensions,
            begun: 0,
            needs_reset: false,
            last_used: Moment::now(),
        })
    }

    /// Looks whether the connection still stands and nothing waits on it: a reply that came too
    /// early, or is one too many, would be taken for the answer to the next command.
    pub(super) async fn look(&mut self, relay: &Relay) -> Readiness {
        let within = relay.options.timeouts.mail;
        match self.connection.look(within).await {
            Look::Quiet => Readiness::Ready,
            Look::Ended => Readiness::Gone(End::broken(Stage::Mail, Fault::Closed)),
            Look::Surplus => Readiness::Gone(self.surplus(relay).await),
        }
    }

    /// Reads what waits. A server may say 421 whenever it likes; all else is out of step.
    async fn surplus(&mut self, relay: &Relay) -> End {
        let deadline = Deadline::after(relay.options.timeouts.quit);
        match self.connection.reply(deadline).await {
            Ok(reply) if reply.code == 421 => refusal(Stage::Mail, reply),
            Ok(reply) => End::broken(Stage::Mail, super::end::out_of_place(reply)),
            Err(fault) => End::broken(Stage::Mail, fault),
        }
    }
}

async fn open(relay: &Relay) -> Result<Connection, End> {
    let timeouts = &relay.options.timeouts;
    let server = &relay.server;
    let resolving = relay.options.resolver.resolve(&server.host, server.port);
    let addresses = Deadline::after(timeouts.resolve)
        .bound(resolving)
        .await
        .unwrap_or(Err(Fault::NameLookup))
        .map_err(End::at(Stage::Dns))?;
    let tcp = connect(addresses, timeouts)
        .await
        .map_err(End::at(Stage::Connect))?;
    Ok(Connection::new(tcp))
}

async fn encrypt(connection: Connection, relay: &Relay) -> Result<Connection, End> {
    let deadline = Deadline::after(relay.options.timeouts.tls);
    connection
        .encrypt(&relay.encryption, deadline)
        .await
        .map_err(End::at(Stage::Tls))
}

async fn greeting(connection: &mut Connection, relay: &Relay) -> Result<(), End> {
    let deadline = Deadline::after(relay.options.timeouts.greeting);
    let reply = connection
        .reply(deadline)
        .await
        .map_err(End::at(Stage::Greeting))?;
    match reply.code {
        220 => Ok(()),
        _ => Err(refusal(Stage::Greeting, reply)),
    }
}

async fn ehlo(connection: &mut Connection, relay: &Relay) -> Result<Extensions, End> {
    let name = match (&relay.options.helo, connection.local_address()) {
        (Some(name), _) => name.clone(),
        (None, Some(address)) if address.is_ipv4() => format!("[{}]", address.ip()),
        (None, Some(address)) => format!("[IPv6:{}]", address.ip()),
        (None, None) => "[127.0.0.1]".to_owned(),
    };
    let deadline = Deadline::after(relay.options.timeouts.ehlo);
    let reply = connection
        .command(&format!("EHLO {name}\r\n"), deadline)
        .await
        .map_err(End::at(Stage::Ehlo))?;
    match reply.code {
        250 => Ok(Extensions::read(&reply)),
        _ => Err(refusal(Stage::Ehlo, reply)),
    }
}

async fn starttls(connection: &mut Connection, relay: &Relay) -> Result<(), End> {
    let deadline = Deadline::after(relay.options.timeouts.tls);
    let reply = connection
        .command("STARTTLS\r\n", deadline)
        .await
        .map_err(End::at(Stage::Tls))?;
    if reply.code != 220 {
        return Err(refusal(Stage::Tls, reply));
    }
    // The server has nothing to say before our handshake: what waits was put in by somebody else,
    // to be believed as the encrypted server's words (RFC 3207 §6).
    match connection.look(relay.options.timeouts.tls).await {
        Look::Quiet => Ok(()),
        Look::Surplus => {
            let problem = "bytes in clear follow the answer to STARTTLS".to_owned();
            Err(End::broken(Stage::Tls, Fault::Protocol(problem)))
        }
        Look::Ended => Err(End::broken(Stage::Tls, Fault::Closed)),
    }
}

async fn authenticate(
    connection: &mut Connection,
    offered: &Extensions,
    relay: &Relay,
) -> Result<(), End> {
    let Some(credentials) = &relay.server.credentials else {
        return Ok(());
    };
    // The second look at what `Encryption::new` has decided: no configuration gets around it.
    if !connection.is_encrypted() && !connection.is_loopback() {
        return Err(End::broken(Stage::Auth, Fault::AuthNotOffered));
    }
    let within = relay.options.timeouts.auth;
    relay
        .auth
        .authenticate(connection, offered, credentials, within)
        .await
}
