//! Looks at everything that the service depends on: what `mailing doctor` tells, and the page of the
//! system.

use std::sync::Arc;
use std::time::Duration;

use mailing_core::checkup::Finding;
use mailing_core::delivery::Stage;
use mailing_core::error::Error;
use mailing_core::ports::transport::{Outcome, ServerOffer};
use mailing_core::ports::{Clock, MailTransport, Store};

use crate::App;

/// What there is to look at. Cheap to clone.
#[derive(Clone)]
pub struct Checkup {
    store: Arc<dyn Store>,
    transport: Option<Arc<dyn MailTransport>>,
    clock: Arc<dyn Clock>,
    public_url: String,
    patience: Option<Duration>,
}

impl Checkup {
    /// Of an application, without its mail server.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self {
            store: Arc::clone(&app.store),
            transport: None,
            clock: Arc::clone(&app.clock),
            public_url: app.config.server.public_url(),
            patience: None,
        }
    }

    /// The same, with the mail server.
    #[must_use]
    pub fn with_mail(mut self, transport: Arc<dyn MailTransport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// The same, that does not wait for the mail server any longer.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Looks at one thing after the other. Whoever has an application has read its configuration
    /// without an error. Takes as long as the mail server may take to answer.
    pub async fn look(&self) -> Vec<Finding> {
        let url = self.public_url.clone();
        let mut found = vec![
            Finding::Configuration,
            Finding::PublicUrl { url },
            self.database().await,
        ];
        if let Some(transport) = &self.transport {
            found.push(self.mail_server(transport.as_ref()).await);
        }
        found
    }

    async fn database(&self) -> Finding {
        let seen = match self.store.verify().await {
            Ok(()) => self.store.ping().await,
            Err(error) => Err(error),
        };
        match seen {
            Ok(()) => Finding::Database,
            Err(error) => Finding::of_database(&Error::from(error)),
        }
    }

    /// The mail server answers, encrypts and takes the credentials.
    async fn mail_server(&self, transport: &dyn MailTransport) -> Finding {
        let server = transport.server();
        let mut lane = transport.lane();
        let Some(patience) = self.patience else {
            return found(server, lane.probe().await);
        };
        let until = self.clock.now() + patience;
        tokio::select! {
            biased;
            probed = lane.probe() => found(server, probed),
            () = self.clock.sleep_until(until) => Finding::MailServerAway {
                server: transport.server(),
                stage: Some(Stage::Connect),
                said: format!("no answer within {} s", patience.as_secs()),
            },
        }
    }
}

fn found(server: String, probed: Result<Option<ServerOffer>, Outcome>) -> Finding {
    match probed {
        Ok(None) => Finding::Outbox { server },
        Ok(Some(offer)) => Finding::MailServer {
            server,
            is_encrypted: offer.is_encrypted,
            is_authenticated: offer.is_authenticated,
        },
        Err(outcome) => Finding::MailServerAway {
            server,
            stage: outcome.stage(),
            said: outcome.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use mailing_core::checkup::Health;
    use mailing_core::ports::transport::Fault;

    use super::*;

    #[test]
    fn a_server_that_takes_no_connection_is_away_and_says_how_far_it_came() {
        let outcome = Outcome::Broken {
            stage: Stage::Connect,
            fault: Fault::Unreachable,
        };
        let Finding::MailServerAway { server, stage, .. } =
            found("mx.example.org:25".to_owned(), Err(outcome))
        else {
            panic!("it is there");
        };
        assert_eq!(server, "mx.example.org:25");
        assert_eq!(stage, Some(Stage::Connect));
    }

    #[test]
    fn a_server_that_answers_tells_what_it_offers() {
        let offer = ServerOffer {
            is_encrypted: true,
            is_authenticated: false,
        };
        let expected = Finding::MailServer {
            server: "mx.example.org:25".to_owned(),
            is_encrypted: true,
            is_authenticated: false,
        };
        let server = "mx.example.org:25".to_owned();
        assert_eq!(found(server, Ok(Some(offer))), expected);
    }

    #[test]
    fn an_outbox_is_no_server() {
        let server = "file:///tmp/outbox/".to_owned();
        let outbox = found(server.clone(), Ok(None));
        assert_eq!(outbox, Finding::Outbox { server });
        assert_eq!(outbox.health(), Health::Warning);
    }
}
