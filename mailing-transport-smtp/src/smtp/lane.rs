//! One connection after another, one message at a time.

use std::sync::Arc;

use async_trait::async_trait;
use mailing_core::ports::transport::{
    Envelope, Fault, Gate, MailLane, Outcome, ServerOffer, Stage,
};

use super::Relay;
use super::deadline::Moment;
use super::dialogue::{self, Parcel};
use super::end::End;
use super::session::{Readiness, Session};
use super::wire;

/// A lane of a relay. Its connection is kept between messages; one that was idle too
/// long is ended when the next message comes, or by [`close`](MailLane::close).
pub(super) struct SmtpLane {
    relay: Arc<Relay>,
    session: Option<Session>,
    /// The stuffed message; kept for its room.
    stuffed: Vec<u8>,
}

impl SmtpLane {
    pub(super) const fn new(relay: Arc<Relay>) -> Self {
        Self {
            relay,
            session: None,
            stuffed: Vec::new(),
        }
    }

    /// The kept session if it may take another message.
    async fn kept(&mut self) -> Option<Session> {
        let session = self.session.take()?;
        let spent = session.begun >= self.relay.limit.current();
        let idle = session.last_used.age() > self.relay.options.timeouts.idle;
        if spent || idle {
            session.connection.quit(None).await;
            return None;
        }
        Some(session)
    }

    /// A session that nothing waits on, kept or new, and whether it is new.
    async fn ready(&mut self) -> Result<(Session, bool), End> {
        if let Some(mut session) = self.kept().await {
            match session.look(&self.relay).await {
                Readiness::Ready => return Ok((session, false)),
                Readiness::Gone(reason) => {
                    tracing::debug!(?reason, "a kept connection cannot be used again");
                    session.connection.quit(None).await;
                }
            }
        }
        let mut session = Session::establish(&self.relay).await?;
        match session.look(&self.relay).await {
            Readiness::Ready => Ok((session, true)),
            Readiness::Gone(reason) => Err(reason),
        }
    }

    async fn attempt(&mut self, parcel: &Parcel<'_>, gate: Gate<'_>) -> Result<Outcome, End> {
        let mut may_be_stale = true;
        loop {
            let (mut session, new) = self.ready().await?;
            if let Some(fault) = parcel.obstacle(&session.extensions) {
                self.session = Some(session);
                return Err(End::broken(Stage::Mail, fault));
            }
            if !gate() {
                self.session = Some(session);
                return Ok(Outcome::Held);
            }
            session.begun = session.begun.saturating_add(1);
            let timeouts = &self.relay.options.timeouts;
            let attempt = dialogue::hand_over(&mut session, parcel, timeouts).await;
            session.last_used = Moment::now();
            self.learn(&session, &attempt.outcome);
            if attempt.usable {
                self.session = Some(session);
            }
            // The server closed the kept connection while we were speaking: no word of ours was
            // answered, so the message is begun anew, once.
            if may_be_stale && !new && closed_unheard(&attempt.outcome) {
                may_be_stale = false;
                continue;
            }
            return Ok(attempt.outcome);
        }
    }

    fn learn(&self, session: &Session, outcome: &Outcome) {
        if let Outcome::Refused { stage, reply } = outcome
            && reply.code == 421
            && matches!(stage, Stage::Mail | Stage::Rcpt | Stage::Data)
        {
            self.relay.limit.closed_at(session.begun);
        }
    }
}

fn closed_unheard(outcome: &Outcome) -> bool {
    let unheard = Outcome::Broken {
        stage: Stage::Mail,
        fault: Fault::Closed,
    };
    *outcome == unheard
}

#[async_trait]
impl MailLane for SmtpLane {
    async fn send(&mut self, envelope: &Envelope, message: &[u8], gate: Gate<'_>) -> Outcome {
        let mut stuffed = std::mem::take(&mut self.stuffed);
        if let Err(unsendable) = wire::stuff(message, &mut stuffed) {
            return Outcome::Broken {
                stage: Stage::Body,
                fault: Fault::Io(unsendable.to_string()),
            };
        }
        let parcel = Parcel {
            envelope,
            stuffed: &stuffed,
            size: wire::size(message),
            needs_smtputf8: envelope.from.needs_smtputf8()
                || envelope.to.needs_smtputf8()
                || !message.is_ascii(),
        };
        let outcome = self.attempt(&parcel, gate).await;
        self.stuffed = stuffed;
        outcome.unwrap_or_else(Outcome::from)
    }

    async fn probe(&mut self) -> Result<ServerOffer, Outcome> {
        let session = Session::establish(&self.relay)
            .await
            .map_err(Outcome::from)?;
        let offer = ServerOffer {
            is_encrypted: session.connection.is_encrypted(),
            is_authenticated: self.relay.server.credentials.is_some(),
        };
        let wait = self.relay.options.timeouts.quit;
        session.connection.quit(Some(wait)).await;
        Ok(offer)
    }

    async fn close(&mut self) {
        if let Some(session) = self.session.take() {
            let wait = self.relay.options.timeouts.quit;
            session.connection.quit(Some(wait)).await;
        }
    }
}
