//! The demo's mail server: an outbox with a few mailboxes that refuse.

use std::sync::Arc;

use async_trait::async_trait;

use crate::config::SecretUrl;
use crate::{AppError, Config, wire};

use mailing_core::delivery::{Reply, Stage};
use mailing_core::ports::MailTransport;
use mailing_core::ports::transport::{
    BuildError, Content, Envelope, Gate, MailLane, MailMessage, Outcome, PreparedMail,
};

/// Domains of the demo's recipients that do not take mail, and what they answer.
const REFUSALS: [(&str, u16, &str); 3] = [
    ("gone.example", 550, "5.1.1 The mailbox does not exist"),
    ("full.example", 452, "4.2.2 The mailbox is full"),
    ("strict.example", 554, "5.7.1 Refused by policy"),
];

/// Passes on to an outbox, except for a few domains that refuse.
pub struct DemoTransport {
    outbox: Arc<dyn MailTransport>,
}

impl DemoTransport {
    /// The demo's server in front of its own outbox.
    ///
    /// # Errors
    /// When the outbox cannot be opened.
    pub fn open(config: &Config) -> Result<Arc<dyn MailTransport>, AppError> {
        let mut config = config.clone();
        config.mail.url = SecretUrl::new(super::OUTBOX);
        Ok(Arc::new(Self::new(wire::transport(&config)?)))
    }

    fn new(outbox: Arc<dyn MailTransport>) -> Self {
        Self { outbox }
    }
}

impl MailTransport for DemoTransport {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        self.outbox.prepare(content)
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(DemoLane {
            outbox: self.outbox.lane(),
        })
    }

    fn lanes(&self) -> usize {
        self.outbox.lanes()
    }

    fn server(&self) -> String {
        self.outbox.server()
    }
}

struct DemoLane {
    outbox: Box<dyn MailLane>,
}

#[async_trait]
impl MailLane for DemoLane {
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        let domain = envelope.to.domain_ascii();
        match REFUSALS.iter().find(|(refusing, ..)| *refusing == domain) {
            Some((_, code, text)) if gate() => Outcome::Refused {
                stage: Stage::Rcpt,
                reply: Reply::new(*code, text),
            },
            Some(_) => Outcome::Held,
            None => self.outbox.send(envelope, message, gate).await,
        }
    }

    async fn close(&mut self) {
        self.outbox.close().await;
    }
}
