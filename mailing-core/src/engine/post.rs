//! Sends the service's own mail: over a connection of its own, so that no mailing is in its way.
//!
//! A letter is claimed before it is sent and deleted when the server has taken it. A worker that dies
//! in between leaves the claim, and the letter goes out again when that is over: a link that comes
//! twice does less harm than one that never comes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::future::{Either, select};
use tokio::sync::Notify;

use crate::letter::{Letter, LetterText, SystemMail};
use crate::message::Piece;
use crate::ports::store::StoreError;
use crate::ports::transport::{
    BuildError, Content, Envelope, MailLane, MailMessage, Outcome, Personal, Stage,
};
use crate::recipient::{EmailAddress, Mailbox};

use super::report;
use super::shared::Shared;

/// Time between two looks for letters.
const LOOK: Duration = Duration::from_secs(1);
/// A claim lasts so long: longer than any dialogue.
const CLAIM: TimeDelta = TimeDelta::minutes(20);
/// The wait after the first failed try; doubles with each further one.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(10);
/// The longest wait between two tries.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

/// The part that sends letters.
pub(super) struct Post {
    shared: Arc<Shared>,
}

/// What came of one letter.
enum Ended {
    /// Taken by the server.
    Sent,
    /// Another try may help.
    Later(String),
    /// No try will help.
    Never(String),
}

impl Post {
    pub(super) const fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Sends letters until the engine drains.
    pub(super) async fn run(self) {
        let nobody = Notify::new();
        while !self.shared.stop.is_draining() {
            let told = self.tick().await;
            self.shared.store_said("post", &told);
            let next = self.shared.clock.now() + LOOK;
            self.shared.wait(next, &nobody).await;
        }
    }

    /// Writes what there is to tell of runs, and sends what is due until the server fails: also when
    /// there is a run of which nothing can be told.
    ///
    /// # Errors
    /// When the store fails.
    async fn tick(&self) -> Result<(), StoreError> {
        let told = if self.shared.settings.tell_owners {
            self.shared.answer(report::all(&self.shared)).await
        } else {
            Ok(())
        };
        self.send_due().await?;
        told
    }

    async fn send_due(&self) -> Result<(), StoreError> {
        if !self.shared.answer(self.is_due()).await? {
            return Ok(());
        }
        let mut lane = self.shared.transport.lane();
        let sent = self.send_all(lane.as_mut()).await;
        lane.close().await;
        sent
    }

    async fn send_all(&self, lane: &mut dyn MailLane) -> Result<(), StoreError> {
        while !self.shared.stop.is_draining() {
            let Some(mail) = self.shared.answer(self.claim()).await? else {
                break;
            };
            let ended = self.send(lane, &mail).await;
            let goes_on = !matches!(ended, Ended::Later(_));
            self.note(&mail, ended).await?;
            if !goes_on {
                break;
            }
        }
        Ok(())
    }

    async fn is_due(&self) -> Result<bool, StoreError> {
        let mut unit = self.shared.store.read().await?;
        let now = self.shared.clock.now();
        unit.system_mails().is_due(&self.shared.scope, now).await
    }

    /// The next letter that is due; it is nobody else's until the claim is over.
    async fn claim(&self) -> Result<Option<SystemMail>, StoreError> {
        let now = self.shared.clock.now();
        let mut unit = self.shared.store.write().await?;
        let claimed = unit
            .system_mails()
            .claim(&self.shared.scope, now, now + CLAIM, 1)
            .await?;
        unit.commit().await?;
        Ok(claimed.into_iter().next())
    }

    async fn send(&self, lane: &mut dyn MailLane, mail: &SystemMail) -> Ended {
        let (envelope, message) = match self.built(mail) {
            Ok(built) => built,
            Err(error) => return Ended::Never(error.to_string()),
        };
        let gate = || !self.shared.stop.is_draining();
        let sending = lane.send(&envelope, &message, &gate);
        let cut = std::pin::pin!(self.shared.stop.was_cut());
        match select(sending, cut).await {
            Either::Left((outcome, _)) => judged(&outcome),
            Either::Right(_) => Ended::Later("stopped".to_owned()),
        }
    }

    fn built(&self, mail: &SystemMail) -> Result<(Envelope, MailMessage), BuildError> {
        let opened = self
            .shared
            .seals
            .open(&SystemMail::place(mail.id), &mail.letter);
        let letter: Option<Letter> = opened.and_then(|letter| serde_json::from_slice(&letter).ok());
        let letter = letter.ok_or_else(|| BuildError("the letter cannot be opened".to_owned()))?;
        let site = &self.shared.settings.public_url;
        let words = || self.shared.letters.write(&letter, mail.language, site);
        let message = || self.message(mail, &words()?, letter.reply_to());
        // Templates and builders are foreign code: a panic fails this letter, not the worker.
        catch_unwind(AssertUnwindSafe(message))
            .unwrap_or_else(|_| Err(BuildError("the builder panicked".to_owned())))
    }

    fn message(
        &self,
        mail: &SystemMail,
        text: &LetterText,
        reply_to: Option<Mailbox>,
    ) -> Result<(Envelope, MailMessage), BuildError> {
        let from = &self.shared.settings.from;
        let fixed = |text: &String| vec![Piece::Fixed(text.clone())];
        let prepared = self.shared.transport.prepare(&Content {
            from: Mailbox {
                name: text.from.clone(),
                address: from.clone(),
            },
            reply_to,
            date: mail.created_at.fixed_offset(),
            subject: fixed(&text.subject),
            text: fixed(&text.text),
            html: fixed(&text.html),
            attachments: Vec::new(),
            list_id: None,
            feedback_id: None,
            bulk: false,
        })?;
        let message = prepared.build(&Personal {
            to: Mailbox {
                name: None,
                address: mail.to.clone(),
            },
            message_id: format!("{}@{}", mail.id.uuid().simple(), from.domain_ascii()),
            unsubscribe_url: None,
            values: Vec::new(),
        })?;
        let envelope = Envelope {
            from: from.clone(),
            to: mail.to.clone(),
            id: Some(mail.id.uuid().simple().to_string()),
        };
        Ok((envelope, message))
    }

    /// Deletes what was sent or is given up, puts the rest off.
    async fn note(&self, mail: &SystemMail, ended: Ended) -> Result<(), StoreError> {
        let (id, kind, scope) = (mail.id, &mail.kind, &self.shared.scope);
        let next = self.shared.clock.now() + wait(mail.tries);
        let due_at = match ended {
            Ended::Sent => {
                tracing::info!(%id, kind, "letter_sent");
                None
            }
            Ended::Later(why) if next < mail.give_up_at => {
                tracing::warn!(%id, kind, tries = mail.tries, why, "letter_put_off");
                Some(next)
            }
            Ended::Later(why) | Ended::Never(why) => {
                tracing::error!(%id, kind, tries = mail.tries, why, "letter_given_up");
                None
            }
        };
        self.write_down(|| async move {
            let mut unit = self.shared.store.write().await?;
            match due_at {
                Some(due_at) => unit.system_mails().postpone(scope, id, due_at).await?,
                None => unit.system_mails().delete(scope, id).await?,
            }
            unit.commit().await
        })
        .await
    }

    /// Tries once more when two transactions met: what is not written is sent again.
    async fn write_down<F>(&self, write: impl Fn() -> F) -> Result<(), StoreError>
    where
        F: Future<Output = Result<(), StoreError>>,
    {
        match self.shared.answer(write()).await {
            Err(StoreError::Retry(_)) => self.shared.answer(write()).await,
            written => written,
        }
    }
}

/// What an ending means for a letter. A doubt is a failure: twice is better than never.
fn judged(outcome: &Outcome) -> Ended {
    match outcome {
        Outcome::Accepted(_) => Ended::Sent,
        Outcome::Refused { stage, reply }
            if reply.code >= 500 && matches!(stage, Stage::Rcpt | Stage::Data | Stage::Dot) =>
        {
            Ended::Never(outcome.to_string())
        }
        other => Ended::Later(other.to_string()),
    }
}

fn wait(tries: u32) -> TimeDelta {
    let factor = 1_i32.checked_shl(tries.saturating_sub(1).min(16));
    (FIRST_WAIT * factor.unwrap_or(1)).min(LONGEST_WAIT)
}

/// The address that the service's own mail comes from unless one is set: in the domain under which
/// it is reached.
pub(super) fn default_sender(host: &str) -> EmailAddress {
    let own = EmailAddress::parse(&format!("mailing@{host}"));
    own.unwrap_or_else(|_| local_sender())
}

#[expect(clippy::expect_used, reason = "a constant, read by a test")]
fn local_sender() -> EmailAddress {
    EmailAddress::parse("mailing@localhost.localdomain").expect("a constant")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::Reply;
    use crate::ports::transport::Fault;

    #[test]
    fn the_wait_doubles_up_to_its_limit() {
        let waits = [1, 2, 3, 7, 40].map(|tries| wait(tries).num_seconds());
        assert_eq!(waits, [10, 20, 40, 640, 900]);
    }

    #[test]
    fn only_a_refusal_of_this_letter_ends_it() {
        let refused = |stage, code| {
            let reply = Reply::new(code, "no");
            judged(&Outcome::Refused { stage, reply })
        };
        assert!(matches!(refused(Stage::Rcpt, 550), Ended::Never(_)));
        assert!(matches!(refused(Stage::Rcpt, 450), Ended::Later(_)));
        assert!(matches!(refused(Stage::Auth, 535), Ended::Later(_)));
        let fault = Fault::Timeout;
        assert!(matches!(
            judged(&Outcome::Ambiguous { fault }),
            Ended::Later(_)
        ));
    }

    #[test]
    fn the_default_sender_is_in_the_domain_of_the_service() {
        let sender = |host| default_sender(host).as_str().to_owned();
        assert_eq!(sender("news.example.org"), "mailing@news.example.org");
        assert_eq!(sender("127.0.0.1"), "mailing@localhost.localdomain");
    }
}
