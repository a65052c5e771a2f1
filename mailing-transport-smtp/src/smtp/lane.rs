//! One message at a time, over a kept connection or a new one.

use std::sync::Arc;

use async_trait::async_trait;
use mailing_core::ports::transport::{
    Envelope, Fault, Gate, MailLane, MailMessage, Outcome, ServerOffer, Stage,
};

use super::Relay;
use super::dialogue::{self, Parcel};
use super::end::End;
use super::session::{Readiness, Session};
use super::wire::{self, Stuffed};

/// A lane of a relay. What it has of its own is the message in hand: connections between two
/// messages lie in the relay's [pool](super::pool).
pub(super) struct SmtpLane {
    relay: Arc<Relay>,
    /// Where messages are stuffed; kept from one to the next.
    room: Vec<u8>,
}

impl SmtpLane {
    pub(super) const fn new(relay: Arc<Relay>) -> Self {
        Self {
            relay,
            room: Vec::new(),
        }
    }

    /// A session that nothing waits on, kept or new, and whether it is new.
    async fn ready(&self) -> Result<(Session, bool), End> {
        while let Some(mut session) = self.relay.pool.take() {
            if session.begun >= self.relay.limit.current() {
                session.connection.quit(None).await;
                continue;
            }
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

    async fn attempt(&self, parcel: &Parcel<'_>, gate: Gate<'_>) -> Result<Outcome, End> {
        let mut may_be_stale = true;
        loop {
            let (mut session, new) = self.ready().await?;
            if let Some(fault) = parcel.obstacle(&session.extensions) {
                self.relay.pool.put(session);
                return Err(End::broken(Stage::Mail, fault));
            }
            if !gate() {
                self.relay.pool.put(session);
                return Ok(Outcome::Held);
            }
            session.begun = session.begun.saturating_add(1);
            let timeouts = &self.relay.options.timeouts;
            let attempt = dialogue::hand_over(&mut session, parcel, timeouts).await;
            let spent = self.learn(&session, &attempt.outcome);
            match (attempt.usable, spent) {
                (true, false) => self.relay.pool.put(session),
                (true, true) => session.connection.quit(None).await,
                (false, _) => drop(session),
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

    /// Learns how many messages a connection may carry. True when this one carries no more.
    fn learn(&self, session: &Session, outcome: &Outcome) -> bool {
        let Outcome::Refused { stage, reply } = outcome else {
            return false;
        };
        let spent = matches!(stage, Stage::Mail | Stage::Rcpt | Stage::Data)
            && (reply.code == 421 || reply.limits_messages());
        if spent {
            self.relay.limit.closed_at(session.begun);
        }
        spent
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
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        let mut room = std::mem::take(&mut self.room);
        let outcome = match Stuffed::new(message, &mut room) {
            Err(unsendable) => Outcome::Broken {
                stage: Stage::Mail,
                fault: Fault::NotSendable(unsendable.to_string()),
            },
            Ok(stuffed) => {
                let parcel = Parcel {
                    envelope,
                    stuffed,
                    size: wire::size(message),
                    needs_smtputf8: envelope.from.needs_smtputf8()
                        || envelope.to.needs_smtputf8()
                        || !message.own.is_ascii()
                        || !message.shared.is_ascii(),
                };
                self.attempt(&parcel, gate)
                    .await
                    .unwrap_or_else(Outcome::from)
            }
        };
        self.room = room;
        outcome
    }

    async fn probe(&mut self) -> Result<Option<ServerOffer>, Outcome> {
        let session = Session::establish(&self.relay)
            .await
            .map_err(Outcome::from)?;
        let offer = ServerOffer {
            is_encrypted: session.connection.is_encrypted(),
            is_authenticated: self.relay.server.credentials.is_some(),
        };
        let wait = self.relay.options.timeouts.quit;
        session.connection.quit(Some(wait)).await;
        Ok(Some(offer))
    }

    /// Ends one kept connection: when all lanes are closed, none is left.
    async fn close(&mut self) {
        if let Some(session) = self.relay.pool.take() {
            let wait = self.relay.options.timeouts.quit;
            session.connection.quit(Some(wait)).await;
        }
    }
}
