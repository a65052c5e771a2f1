//! The server and its record.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::certificate;
use super::dialogue::Dialogue;
use super::script::{Act, At, Script, Tls};

/// A message that came up to its final dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Which connection, counted from 1.
    pub connection: usize,
    /// True when it came encrypted.
    pub encrypted: bool,
    /// True when the dot is answered with 2xx.
    pub accepted: bool,
    /// What the client called itself.
    pub helo: String,
    /// Address of `MAIL FROM`.
    pub from: String,
    /// Address of `RCPT TO`.
    pub to: String,
    /// The message, dots unstuffed.
    pub message: Vec<u8>,
}

/// A mail server on loopback. It ends with this value.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    root_pem: String,
    task: JoinHandle<()>,
}

/// What all connections write to.
pub(super) struct Shared {
    pub(super) acceptor: TlsAcceptor,
    /// How many connections are open.
    open: watch::Sender<usize>,
    state: Mutex<State>,
    keep: Keep,
}

/// What becomes of what the server is told.
enum Keep {
    /// It is kept for the test that asks.
    All,
    /// Messages are handed on, so that a long drill needs the memory of one.
    HandOn(Box<dyn Fn(Received) + Send + Sync>),
}

#[derive(Debug)]
struct State {
    script: Script,
    times: BTreeMap<At, usize>,
    /// How often each recipient was named, where the script has patterns.
    named: BTreeMap<String, usize>,
    connections: usize,
    commands: Vec<(usize, String)>,
    received: Vec<Received>,
}

impl Server {
    /// Starts on a free port.
    ///
    /// # Errors
    /// When no port can be had or no certificate be made.
    pub async fn start(script: Script) -> io::Result<Self> {
        Self::start_on(0, script).await
    }

    /// Starts on this port of 127.0.0.1.
    ///
    /// # Errors
    /// When the port cannot be had or no certificate be made.
    pub async fn start_on(port: u16, script: Script) -> io::Result<Self> {
        Self::begin(port, script, Keep::All).await
    }

    /// Starts on this port of 127.0.0.1 and keeps nothing: every message that came up to its dot is
    /// handed to `told` before it is answered.
    ///
    /// # Errors
    /// When the port cannot be had or no certificate be made.
    pub async fn start_telling(
        port: u16,
        script: Script,
        told: impl Fn(Received) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        Self::begin(port, script, Keep::HandOn(Box::new(told))).await
    }

    async fn begin(port: u16, script: Script, keep: Keep) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let (acceptor, root_pem) = certificate::acceptor(&script)?;
        let shared = Arc::new(Shared {
            acceptor,
            open: watch::Sender::new(0),
            state: Mutex::new(State {
                script,
                times: BTreeMap::new(),
                named: BTreeMap::new(),
                connections: 0,
                commands: Vec::new(),
                received: Vec::new(),
            }),
            keep,
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            root_pem,
            task,
        })
    }

    /// `smtp://127.0.0.1:port`, or `smtps://` when the script encrypts at once.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = match self.shared.script().tls {
            Tls::Implicit => "smtps",
            Tls::Off | Tls::Offered => "smtp",
        };
        format!("{scheme}://{}", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its certificate in PEM form, for [`Roots`](crate::Roots).
    #[must_use]
    pub fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// Goes on by another script; all counts of times start anew.
    pub fn follow(&self, script: Script) {
        let mut state = self.shared.state();
        state.script = script;
        state.times.clear();
        state.named.clear();
    }

    /// Every command with the number of its connection, in the order of their coming.
    #[must_use]
    pub fn commands(&self) -> Vec<(usize, String)> {
        self.shared.state().commands.clone()
    }

    /// How many connections were made.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.state().connections
    }

    /// Every message that came up to its dot, accepted or not.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.shared.state().received.clone()
    }

    /// The messages that were accepted.
    #[must_use]
    pub fn mails(&self) -> Vec<Received> {
        let mut received = self.received();
        received.retain(|mail| mail.accepted);
        received
    }

    /// Returns when no connection is open.
    pub async fn idle(&self) {
        let mut open = self.shared.open.subscribe();
        // The sender lives as long as this value.
        let _ = open.wait_for(|count| *count == 0).await;
    }

    /// Ends every connection and stops listening, so that the port refuses.
    pub async fn stop(mut self) {
        self.task.abort();
        // It was aborted: there is no other ending.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn script(&self) -> Script {
        self.state().script.clone()
    }

    /// What the script says for this point, if anything.
    pub(super) fn next(&self, at: At, recipient: Option<&str>) -> Option<Act> {
        let mut state = self.state();
        let times = state.times.entry(at).or_default();
        *times = times.saturating_add(1);
        let nth = *times;
        let named = recipient.map(|address| (address, state.name(address)));
        let script = &state.script;
        let pattern = named.and_then(|(address, times)| {
            let mut patterns = script.patterns.iter();
            patterns.find(|pattern| pattern.holds(address, times))
        });
        let every = script.every.get(&at);
        recipient
            .and_then(|address| script.recipients.get(address))
            .or_else(|| pattern.map(|pattern| &pattern.act))
            .or_else(|| script.nth.get(&(at, nth)))
            .or_else(|| every.and_then(|(step, act)| nth.is_multiple_of(*step).then_some(act)))
            .or_else(|| script.always.get(&at))
            .cloned()
    }

    pub(super) fn record_command(&self, connection: usize, command: &str) {
        if matches!(self.keep, Keep::All) {
            let command = (connection, command.to_owned());
            self.state().commands.push(command);
        }
    }

    pub(super) fn record_message(&self, received: Received) {
        match &self.keep {
            Keep::All => self.state().received.push(received),
            Keep::HandOn(told) => told(received),
        }
    }

    fn next_connection(&self) -> usize {
        let mut state = self.state();
        state.connections = state.connections.saturating_add(1);
        state.connections
    }
}

impl State {
    /// Counts how often a recipient was named; 0 where no rule asks for it.
    fn name(&mut self, address: &str) -> usize {
        if self.script.patterns.is_empty() {
            return 0;
        }
        let times = self.named.entry(address.to_owned()).or_default();
        *times = times.saturating_add(1);
        *times
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.state().fmt(f)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Connections end with the set, and the set with this task.
    let mut connections = JoinSet::new();
    while let Ok((tcp, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        let number = shared.next_connection();
        shared
            .open
            .send_modify(|count| *count = count.saturating_add(1));
        connections.spawn(async move {
            // A connection that breaks is what tests are about; there is nothing to tell.
            if let Ok(dialogue) = Dialogue::new(tcp, number, Arc::clone(&shared)) {
                let _ = dialogue.run().await;
            }
            shared
                .open
                .send_modify(|count| *count = count.saturating_sub(1));
        });
    }
}
