//! A mail server at the far end of a bad line. What it takes, the checkers see at that instant.

use std::sync::Arc;

use async_trait::async_trait;

use super::checkers::Checkers;
use super::weather::Weather;
use crate::delivery::Stage;
use crate::ports::MailTransport;
use crate::ports::transport::{
    BuildError, Content, Envelope, Fault, Gate, MailLane, MailMessage, Outcome, PreparedMail,
};
use crate::testing::transport::{PlainMail, refused, reply};

/// Local parts that begin so are nobody's.
pub(super) const NOBODY: &str = "nobody";

/// The server.
pub(super) struct Server {
    pub(super) weather: Arc<Weather>,
    pub(super) checkers: Arc<Checkers>,
    pub(super) lanes: usize,
}

impl MailTransport for Server {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        Ok(Arc::new(PlainMail::new(content.clone())))
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(Lane {
            weather: Arc::clone(&self.weather),
            checkers: Arc::clone(&self.checkers),
        })
    }

    fn lanes(&self) -> usize {
        self.lanes
    }

    fn server(&self) -> String {
        "simulated".to_owned()
    }
}

struct Lane {
    weather: Arc<Weather>,
    checkers: Arc<Checkers>,
}

#[async_trait]
impl MailLane for Lane {
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        let weather = &self.weather;
        weather.travel().await;
        if let Some(outcome) = weather.no_connection() {
            return outcome;
        }
        if !gate() {
            return Outcome::Held;
        }
        let to = envelope.to.as_str();
        let run = run_of(&message.own);
        if run.is_empty() {
            // A letter of the service's own: no run promises anything of it.
            let taken = || Outcome::Accepted(reply(250, "2.0.0 Ok: queued"));
            return weather.not_taken().unwrap_or_else(taken);
        }
        let dialogue = self.checkers.begin(&run, to);
        weather.travel().await;
        let nobody = || {
            let unknown = refused(Stage::Rcpt, 550, "5.1.1 no such user");
            to.starts_with(NOBODY).then_some(unknown)
        };
        if let Some(outcome) = nobody().or_else(|| weather.not_taken()) {
            drop(dialogue);
            weather.travel().await;
            return outcome;
        }
        let lost = weather.loses_the_reply();
        if lost && weather.coin() {
            drop(dialogue);
        } else {
            dialogue.accept();
        }
        weather.travel().await;
        if lost {
            let fault = Fault::Closed;
            return Outcome::Ambiguous { fault };
        }
        Outcome::Accepted(reply(250, "2.0.0 Ok: queued"))
    }

    async fn close(&mut self) {}
}

/// The run that a message says it belongs to: the first field of its `Feedback-ID`.
fn run_of(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    let field = text
        .lines()
        .find_map(|line| line.strip_prefix("Feedback-ID: "));
    let run = field.and_then(|field| field.split(':').next());
    run.unwrap_or_default().to_owned()
}
