//! One message over a ready connection, stage by stage (RFC 5321 §3.3).

use mailing_core::ports::transport::{Envelope, Fault, Outcome, Stage};

use super::connection::Look;
use super::deadline::Deadline;
use super::end::{End, out_of_place, refusal};
use super::extensions::{Extensions, SizeLimit};
use super::opening::{self, Opening};
use super::session::Session;
use super::wire::Stuffed;
use crate::options::Timeouts;

/// A message with what the server must know about it.
pub(super) struct Parcel<'a> {
    pub(super) envelope: &'a Envelope,
    /// Stuffed, with its final dot.
    pub(super) stuffed: Stuffed<'a>,
    /// For the SIZE parameter.
    pub(super) size: u64,
    /// True when an address or a header is not ASCII.
    pub(super) needs_smtputf8: bool,
}

/// How an attempt ended, and whether the session can take another message.
pub(super) struct Attempt {
    pub(super) outcome: Outcome,
    pub(super) usable: bool,
}

impl Attempt {
    const fn ended(outcome: Outcome) -> Self {
        Self {
            outcome,
            usable: false,
        }
    }
}

impl Parcel<'_> {
    /// What makes the server unable to take this message, known before anything is said.
    pub(super) fn obstacle(&self, offered: &Extensions) -> Option<Fault> {
        match offered.size {
            Some(SizeLimit::Octets(limit)) if self.size > limit => {
                return Some(Fault::TooLarge { limit });
            }
            _ => {}
        }
        (self.needs_smtputf8 && !offered.smtputf8).then_some(Fault::NeedsSmtputf8)
    }
}

/// Hands one message over.
pub(super) async fn hand_over(
    session: &mut Session,
    parcel: &Parcel<'_>,
    timeouts: &Timeouts,
) -> Attempt {
    let mut opening = opening::open(session, parcel, timeouts).await;
    if opening.refuses_parameters(session.bare_commands) {
        session.bare_commands = true;
        opening = opening::open(session, parcel, timeouts).await;
    }
    match opening {
        Opening::Go => body(session, parcel, timeouts).await,
        Opening::Ended { end, usable } => Attempt {
            usable: usable && !is_closing(&end),
            outcome: end.into(),
        },
    }
}

/// 421: the server closes the connection, whatever it was answering (RFC 5321 §3.8).
fn is_closing(end: &End) -> bool {
    matches!(end, End::Refused { reply, .. } if reply.code == 421)
}

async fn body(session: &mut Session, parcel: &Parcel<'_>, timeouts: &Timeouts) -> Attempt {
    // A reply that waits here would be taken for the answer to the dot.
    match session.connection.look(timeouts.write).await {
        Look::Quiet => {}
        Look::Surplus => {
            let problem = "a reply came before the message was sent".to_owned();
            let end = End::broken(Stage::Body, Fault::Protocol(problem));
            return Attempt::ended(end.into());
        }
        Look::Ended => return Attempt::ended(End::broken(Stage::Body, Fault::Closed).into()),
    }
    let connection = &mut session.connection;
    let written = connection
        .write_message(&parcel.stuffed, timeouts.write, timeouts.body)
        .await;
    if let Err(failed) = written {
        let fault = failed.fault;
        return Attempt::ended(if failed.dot_handed {
            Outcome::Ambiguous { fault }
        } else {
            End::broken(Stage::Body, fault).into()
        });
    }
    let deadline = Deadline::after(timeouts.dot.duration());
    let reply = match connection.reply(deadline).await {
        Ok(reply) => reply,
        Err(fault) => return Attempt::ended(Outcome::Ambiguous { fault }),
    };
    let mut usable = reply.code != 421;
    if connection.has_surplus() {
        // Two answers to one dot: unless the second one only says goodbye, nobody knows which counts.
        match connection.reply(deadline).await {
            Ok(second) if second.code == 421 => usable = false,
            Ok(second) => {
                let fault = out_of_place(second);
                return Attempt::ended(Outcome::Ambiguous { fault });
            }
            Err(fault) => return Attempt::ended(Outcome::Ambiguous { fault }),
        }
    }
    let outcome = if reply.is_positive() {
        Outcome::Accepted(reply.into())
    } else {
        match refusal(Stage::Dot, reply) {
            End::Broken { fault, .. } => return Attempt::ended(Outcome::Ambiguous { fault }),
            refused @ End::Refused { .. } => refused.into(),
        }
    };
    Attempt { outcome, usable }
}
