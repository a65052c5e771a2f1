//! A message sent to try it out: at once, outside every run, with nothing kept of it.

use crate::id::{MailingId, RecipientId, RunId};
use crate::mailing::MailingName;
use crate::message::TestSend;
use crate::ports::store::{ClaimedDelivery, RunContent};
use crate::ports::transport::{AttachedFile, BuildError, Outcome, ServerOffer};
use crate::recipient::{EmailAddress, Mailbox};

use super::Engine;
use super::message::PreparedRun;

/// What fills `{{ mailing.name }}`.
const TEST_NAME: &str = "Test";

/// How one message of a test ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestSent {
    /// To whom.
    pub to: EmailAddress,
    /// How it ended.
    pub outcome: Result<Outcome, BuildError>,
}

impl Engine {
    /// Sends a test, one address after another, over a connection of its own.
    pub async fn send_test(&self, test: &TestSend) -> Vec<TestSent> {
        let shared = &self.shared;
        let prepared = match shared.files(test.owner, &test.content).await {
            Ok(files) => self.prepared_test(test, files),
            Err(error) => Err(BuildError(error.to_string())),
        };
        let mut lane = shared.transport.lane();
        let mut sent = Vec::new();
        for to in &test.to {
            let built = prepared
                .as_ref()
                .map_err(BuildError::clone)
                .and_then(|run| {
                    let delivery = self.test_delivery(test, to);
                    run.message(&delivery, &shared.keys, &shared.settings.public_url)
                });
            let outcome = match built {
                Ok((envelope, message)) => Ok(lane.send(&envelope, &message, &|| true).await),
                Err(error) => Err(error),
            };
            sent.push(TestSent {
                to: to.address.clone(),
                outcome,
            });
        }
        lane.close().await;
        sent
    }

    /// Asks the mail server for what it offers, without sending anything.
    ///
    /// # Errors
    /// How the conversation ended before `MAIL`.
    pub async fn probe_server(&self) -> Result<Option<ServerOffer>, Outcome> {
        self.shared.transport.lane().probe().await
    }

    fn prepared_test(
        &self,
        test: &TestSend,
        files: Vec<AttachedFile>,
    ) -> Result<PreparedRun, BuildError> {
        let shared = &self.shared;
        let (now, entropy) = (shared.clock.now(), shared.entropy.as_ref());
        let mailing_name = MailingName::parse(TEST_NAME).map_err(|e| BuildError(e.to_string()))?;
        let content = RunContent {
            run: RunId::new(now, entropy),
            owner: test.owner,
            mailing: MailingId::new(now, entropy),
            mailing_name,
            content: test.content.clone(),
            from: test.from.clone(),
            language: test.language,
            zone: test.zone,
            started_at: now,
        };
        PreparedRun::test(content, files, &shared.settings, shared.transport.as_ref())
    }

    fn test_delivery(&self, test: &TestSend, to: &Mailbox) -> ClaimedDelivery {
        let shared = &self.shared;
        ClaimedDelivery {
            number: 1,
            recipient: RecipientId::new(shared.clock.now(), shared.entropy.as_ref()),
            address: to.address.clone(),
            full_name: to.name.clone(),
            attributes: test.attributes.clone(),
            tries: 0,
            first_try_at: None,
            aside_since: None,
        }
    }
}
