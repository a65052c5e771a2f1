//! MAIL, RCPT and DATA: in one write where the server offers PIPELINING (RFC 2920), else in turn.

use std::fmt::Write as _;
use std::time::Duration;

use mailing_core::ports::transport::{Fault, Stage};

use super::deadline::Deadline;
use super::dialogue::Parcel;
use super::end::{End, refusal};
use super::reply::RawReply;
use super::session::Session;
use crate::options::Timeouts;

/// How the commands before the message were answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// 354: the server waits for the message.
    Go,
    /// It does not.
    Ended {
        end: End,
        /// The connection can take another transaction.
        usable: bool,
    },
}

impl Opening {
    /// True when the server refuses a parameter that it offers itself: worth one repetition
    /// without (RFC 5321 §4.1.1.11). 501 may also mean the address, so for RCPT only 555 counts.
    pub(super) fn refuses_parameters(&self, bare: bool) -> bool {
        match self {
            Self::Ended {
                end: End::Refused { stage, reply },
                usable: true,
            } if !bare => match stage {
                Stage::Mail => matches!(reply.code, 501 | 555),
                Stage::Rcpt => reply.code == 555,
                _ => false,
            },
            _ => false,
        }
    }

    const fn broken(stage: Stage, fault: Fault) -> Self {
        Self::Ended {
            end: End::broken(stage, fault),
            usable: false,
        }
    }
}

/// Says MAIL, RCPT and DATA.
pub(super) async fn open(
    session: &mut Session,
    parcel: &Parcel<'_>,
    timeouts: &Timeouts,
) -> Opening {
    let commands = Commands::new(session, parcel);
    if session.extensions.pipelining {
        pipelined(session, &commands, timeouts).await
    } else {
        in_turn(session, &commands, timeouts).await
    }
}

const RSET: &str = "RSET\r\n";
const DATA: &str = "DATA\r\n";
/// Longest ENVID, in characters (RFC 3461 §4.4).
const ENVID_MAX: usize = 100;

struct Commands {
    mail: String,
    rcpt: String,
}

impl Commands {
    fn new(session: &Session, parcel: &Parcel<'_>) -> Self {
        let (offered, bare) = (&session.extensions, session.bare_commands);
        let mut mail = format!("MAIL FROM:<{}>", parcel.envelope.from.wire());
        if offered.size.is_some() && !bare {
            // Writing to a String cannot fail.
            let _ = write!(mail, " SIZE={}", parcel.size);
        }
        if parcel.needs_smtputf8 {
            mail.push_str(" SMTPUTF8");
        }
        let mut rcpt = format!("RCPT TO:<{}>", parcel.envelope.to.wire());
        if offered.dsn && !bare {
            mail.push_str(" RET=HDRS");
            if let Some(id) = parcel
                .envelope
                .id
                .as_deref()
                .filter(|id| id.len() <= ENVID_MAX)
            {
                let _ = write!(mail, " ENVID={}", xtext(id));
            }
            rcpt.push_str(" NOTIFY=FAILURE");
        }
        mail.push_str("\r\n");
        rcpt.push_str("\r\n");
        Self { mail, rcpt }
    }
}

/// All in one write; the replies come in the order of the commands.
async fn pipelined(session: &mut Session, commands: &Commands, timeouts: &Timeouts) -> Opening {
    let reset = std::mem::take(&mut session.needs_reset);
    let first = if reset { RSET } else { "" };
    let batch = [first, &commands.mail, &commands.rcpt, DATA].concat();
    let deadline = Deadline::after(timeouts.mail);
    if let Err(fault) = session.connection.write(batch.as_bytes(), deadline).await {
        return Opening::broken(Stage::Mail, fault);
    }
    if reset && let Err(ended) = check_reset(session.connection.reply(deadline).await) {
        return ended;
    }
    let mut refused: Option<End> = None;
    for (stage, within) in [(Stage::Mail, timeouts.mail), (Stage::Rcpt, timeouts.rcpt)] {
        match next_reply(session, within).await {
            Ok(reply) if reply.is_positive() => {}
            Ok(reply) => {
                let closing = reply.code == 421;
                let end = refused.unwrap_or_else(|| refusal(stage, reply));
                if closing || matches!(end, End::Broken { .. }) {
                    return Opening::Ended { end, usable: false };
                }
                refused = Some(end);
            }
            Err(fault) => return lost(refused, stage, fault),
        }
    }
    let data = match next_reply(session, timeouts.data).await {
        Ok(reply) => reply,
        Err(fault) => return lost(refused, Stage::Data, fault),
    };
    match (refused, data.code) {
        (None, 354) => Opening::Go,
        (None, _) => refused_data(session, data),
        (Some(end), 354) => {
            let usable = lone_dot(session, timeouts.data).await;
            Opening::Ended { end, usable }
        }
        (Some(end), code) => {
            session.needs_reset = true;
            Opening::Ended {
                end,
                usable: code != 421 && data.is_refusal(),
            }
        }
    }
}

async fn in_turn(session: &mut Session, commands: &Commands, timeouts: &Timeouts) -> Opening {
    if std::mem::take(&mut session.needs_reset) {
        let deadline = Deadline::after(timeouts.mail);
        if let Err(ended) = check_reset(session.connection.command(RSET, deadline).await) {
            return ended;
        }
    }
    for (stage, command, within) in [
        (Stage::Mail, commands.mail.as_str(), timeouts.mail),
        (Stage::Rcpt, commands.rcpt.as_str(), timeouts.rcpt),
    ] {
        let deadline = Deadline::after(within);
        match session.connection.command(command, deadline).await {
            Ok(reply) if reply.is_positive() => {}
            Ok(reply) => {
                session.needs_reset = true;
                let usable = reply.is_refusal();
                let end = refusal(stage, reply);
                return Opening::Ended { end, usable };
            }
            Err(fault) => return Opening::broken(stage, fault),
        }
    }
    let deadline = Deadline::after(timeouts.data);
    match session.connection.command(DATA, deadline).await {
        Ok(reply) if reply.code == 354 => Opening::Go,
        Ok(reply) => refused_data(session, reply),
        Err(fault) => Opening::broken(Stage::Data, fault),
    }
}

async fn next_reply(session: &mut Session, within: Duration) -> Result<RawReply, Fault> {
    session.connection.reply(Deadline::after(within)).await
}

/// A refusal that was read stays one, even when the connection broke after it.
fn lost(refused: Option<End>, stage: Stage, fault: Fault) -> Opening {
    Opening::Ended {
        end: refused.unwrap_or(End::Broken { stage, fault }),
        usable: false,
    }
}

fn refused_data(session: &mut Session, reply: RawReply) -> Opening {
    session.needs_reset = true;
    let usable = reply.is_refusal();
    Opening::Ended {
        end: refusal(Stage::Data, reply),
        usable,
    }
}

/// A connection that cannot be reset is as good as closed: none of this message was heard.
fn check_reset(reply: Result<RawReply, Fault>) -> Result<(), Opening> {
    match reply {
        Ok(reply) if reply.is_positive() => Ok(()),
        Ok(_) => Err(Opening::broken(Stage::Mail, Fault::Closed)),
        Err(fault) => Err(Opening::broken(Stage::Mail, fault)),
    }
}

/// The recipient was refused and DATA was not: the message without recipients is ended at once
/// (RFC 2920 §3.1). Whatever the server says to it, nothing was handed over.
async fn lone_dot(session: &mut Session, within: Duration) -> bool {
    let deadline = Deadline::after(within);
    if session.connection.has_surplus() {
        return false;
    }
    match session.connection.command(".\r\n", deadline).await {
        Ok(reply) => reply.code != 421,
        Err(_) => false,
    }
}

/// RFC 3461 §4: what is not printable ASCII, and `+` and `=`, goes as `+` and two digits.
fn xtext(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if matches!(byte, b'!'..=b'~') && !matches!(byte, b'+' | b'=') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "+{byte:02X}");
        }
    }
    encoded
}
