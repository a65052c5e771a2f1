//! A mail server that answers as the test says.

mod mail;
mod script;

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::watch;

pub use self::mail::PlainMail;
pub use self::script::{SentMail, refused, reply};

use self::script::Script;
use crate::ports::transport::{
    BuildError, Content, Envelope, Gate, MailLane, MailMessage, MailTransport, Outcome,
    PreparedMail,
};

/// A transport that accepts everything, unless it is told otherwise, and remembers it.
///
/// Clones are the same server. Answers are looked for in this order: those set for the address, one
/// after the other; those set for the n-th message; the general one.
///
/// It can be [held](Self::hold): messages are then in dialogue until it is [released](Self::release),
/// as with a slow server.
#[derive(Debug, Clone)]
pub struct ScriptedTransport {
    script: Arc<Script>,
    lanes: usize,
}

impl ScriptedTransport {
    /// A server with one lane that accepts everything.
    #[must_use]
    pub fn accepting() -> Self {
        Self {
            script: Arc::new(Script::default()),
            lanes: 1,
        }
    }

    /// The same server, reached over so many lanes.
    #[must_use]
    pub fn with_lanes(mut self, lanes: usize) -> Self {
        self.lanes = lanes;
        self
    }

    /// The next messages to `address` end like this, one each; then the general answer holds again.
    pub fn answer(&self, address: &str, outcomes: impl IntoIterator<Item = Outcome>) {
        self.script.answer(address, outcomes);
    }

    /// The n-th message that is begun, counted from 1 over all lanes, ends like this.
    pub fn answer_nth(&self, nth: u64, outcome: Outcome) {
        self.script.answer_nth(nth, outcome);
    }

    /// From now on every message ends like this, unless something special is set for it.
    pub fn answer_all(&self, outcome: Outcome) {
        self.script.answer_all(outcome);
    }

    /// Keeps what is in dialogue, or comes into it, waiting for its answer.
    pub fn hold(&self) {
        self.script.hold(true);
    }

    /// Lets everything in dialogue end.
    pub fn release(&self) {
        self.script.hold(false);
    }

    /// Returns when so many messages at least are in dialogue; of use while it is held.
    pub async fn until_in_dialogue(&self, messages: usize) {
        let mut watcher = self.script.watch_dialogue();
        // The sender lives as long as the script, so waiting cannot fail.
        let _ = watcher.wait_for(|now| *now >= messages).await;
    }

    /// Every message that was begun, in the order of its end.
    #[must_use]
    pub fn tried(&self) -> Vec<SentMail> {
        self.script.tried()
    }

    /// Every message that was accepted, in the order of its end.
    #[must_use]
    pub fn accepted(&self) -> Vec<SentMail> {
        let mut mails = self.tried();
        mails.retain(SentMail::is_accepted);
        mails
    }

    /// The addresses to which a message was accepted, sorted, as often as it was.
    #[must_use]
    pub fn reached(&self) -> Vec<String> {
        let mut reached: Vec<_> = self
            .accepted()
            .into_iter()
            .map(|mail| mail.envelope.to.as_str().to_owned())
            .collect();
        reached.sort_unstable();
        reached
    }

    /// Forgets every message so far; what is in dialogue counts when it ends.
    pub fn forget(&self) {
        self.script.forget();
    }

    /// How many messages were begun, ended or not.
    #[must_use]
    pub fn begun(&self) -> u64 {
        self.script.begun()
    }

    /// How many lanes were closed politely.
    #[must_use]
    pub fn closed_lanes(&self) -> u64 {
        self.script.closed_lanes()
    }
}

impl MailTransport for ScriptedTransport {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        Ok(Arc::new(PlainMail::new(content.clone())))
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(ScriptedLane {
            script: Arc::clone(&self.script),
        })
    }

    fn lanes(&self) -> usize {
        self.lanes
    }

    fn server(&self) -> String {
        "script".to_owned()
    }
}

struct ScriptedLane {
    script: Arc<Script>,
}

#[async_trait]
impl MailLane for ScriptedLane {
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        if !gate() {
            return Outcome::Held;
        }
        let outcome = self.script.begin(envelope);
        let dialogue = InDialogue::enter(Arc::clone(&self.script));
        let mut held = self.script.watch_hold();
        let _ = held.wait_for(|held| !held).await;
        drop(dialogue);
        self.script.end(envelope, &message.to_vec(), &outcome);
        outcome
    }

    async fn close(&mut self) {
        self.script.close_lane();
    }
}

/// Counts a message as in dialogue until it is dropped, also with a lane that dies in it.
struct InDialogue(Arc<Script>);

impl InDialogue {
    fn enter(script: Arc<Script>) -> Self {
        script.in_dialogue(|now| now + 1);
        Self(script)
    }
}

impl Drop for InDialogue {
    fn drop(&mut self) {
        self.0.in_dialogue(|now| now - 1);
    }
}

/// What both watches hold: the value now.
fn watched<T>(value: T) -> watch::Sender<T> {
    watch::channel(value).0
}

#[cfg(test)]
mod tests;
