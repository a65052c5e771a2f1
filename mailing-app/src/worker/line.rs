//! Lines of a journal: a checksum, then what it is. A line that does not fit its checksum is none.

use chrono::DateTime;
use crc::{CRC_32_ISCSI, Crc};
use serde::{Deserialize, Serialize};

use mailing_core::delivery::{Attempt, Cause, Reply, Stage, SuppressedBy, Token};
use mailing_core::id::{RunId, SuppressionId};
use mailing_core::ports::journal::{Generation, Started};
use mailing_core::ports::store::{Settled, Settlement};
use mailing_core::time::Timestamp;

/// CRC-32C.
const CHECKSUM: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);
/// Digits of the checksum, and the space behind it.
const HEAD: usize = 9;

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Line {
    /// The first: which life, and what the file was when it was written.
    Life {
        /// Which life.
        generation: Generation,
        /// Since which start of the machine; empty when the kernel did not tell.
        boot: String,
        /// In which file ([`identity`](super::identity)).
        file: String,
    },
    /// A message begins.
    Started(Started),
    /// A message has ended.
    Result(Box<Settled>),
}

#[derive(Serialize, Deserialize)]
enum Text<'a> {
    #[serde(rename = "life")]
    Life {
        generation: i64,
        boot: &'a str,
        file: &'a str,
    },
    #[serde(rename = "started")]
    Started(RunId, u64, i64),
    #[serde(rename = "result", borrow)]
    Result(ResultText<'a>),
}

#[derive(Serialize, Deserialize)]
struct ResultText<'a> {
    run: RunId,
    number: u64,
    token: i64,
    state: &'a str,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    suppress: Option<SuppressionId>,
    charged: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    attempt: Option<AttemptText<'a>>,
}

#[derive(Serialize, Deserialize)]
struct AttemptText<'a> {
    /// Milliseconds since 1970.
    at: i64,
    stage: &'a str,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    enhanced: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

/// The line of a life.
pub(super) fn life(generation: Generation, boot: &str, file: &str) -> Vec<u8> {
    line(&Text::Life {
        generation: generation.0,
        boot,
        file,
    })
}

/// The line of a message that begins.
pub(super) fn started(started: &Started) -> Vec<u8> {
    line(&Text::Started(started.run, started.number, started.token.0))
}

/// The line of a message that has ended.
pub(super) fn result(settled: &Settled) -> Vec<u8> {
    let (state, reason, retry_at, suppress) = match &settled.settlement {
        Settlement::Delivered => ("delivered", None, None, None),
        Settlement::Deferred { retry_at, cause } => {
            ("deferred", Some(cause.as_str()), Some(retry_at), None)
        }
        Settlement::Failed { cause, suppress } => ("failed", Some(cause.as_str()), None, *suppress),
        Settlement::Unknown => ("unknown", None, None, None),
        Settlement::Pending => ("pending", None, None, None),
        Settlement::Postponed { until } => ("postponed", None, Some(until), None),
        // Nobody begins what is put aside, so it is never noted; read back it is found at once.
        Settlement::Aside { .. } => ("pending", None, None, None),
        Settlement::Suppressed { by } => ("suppressed", Some(by.as_str()), None, None),
    };
    line(&Text::Result(ResultText {
        run: settled.run,
        number: settled.number,
        token: settled.token.0,
        state,
        reason,
        retry_at: retry_at.map(Timestamp::timestamp_millis),
        suppress,
        charged: settled.charged,
        attempt: settled.attempt.as_ref().map(|attempt| AttemptText {
            at: attempt.at.timestamp_millis(),
            stage: attempt.stage.as_str(),
            code: attempt.reply.as_ref().map(|reply| reply.code),
            enhanced: attempt
                .reply
                .as_ref()
                .and_then(|reply| reply.enhanced.map(|code| code.to_string())),
            text: attempt.reply.as_ref().map(|reply| reply.text.clone()),
            fault: attempt.fault.clone(),
        }),
    }))
}

fn line(text: &Text<'_>) -> Vec<u8> {
    let mut line = vec![b' '; HEAD];
    // Texts of ours have no map keys that are no strings: writing them cannot fail.
    let _ = serde_json::to_writer(&mut line, text);
    let checksum = format!("{:08x}", CHECKSUM.checksum(&line[HEAD..]));
    line[..HEAD - 1].copy_from_slice(checksum.as_bytes());
    line.push(b'\n');
    line
}

/// Reads a line without its end; `None` when it is damaged.
pub(super) fn read(line: &[u8]) -> Option<Line> {
    let (head, text) = line.split_at_checked(HEAD)?;
    let (checksum, space) = head.split_at(HEAD - 1);
    let checksum = u32::from_str_radix(std::str::from_utf8(checksum).ok()?, 16).ok()?;
    if space != b" " || checksum != CHECKSUM.checksum(text) {
        return None;
    }
    let owned: Text<'_> = serde_json::from_slice(text).ok()?;
    Some(match owned {
        Text::Life {
            generation,
            boot,
            file,
        } => Line::Life {
            generation: Generation(generation),
            boot: boot.to_owned(),
            file: file.to_owned(),
        },
        Text::Started(run, number, token) => Line::Started(Started {
            run,
            number,
            token: Token(token),
        }),
        Text::Result(text) => Line::Result(Box::new(settled(text)?)),
    })
}

fn settled(text: ResultText<'_>) -> Option<Settled> {
    let cause = || Cause::from_name(text.reason?);
    let settlement = match text.state {
        "delivered" => Settlement::Delivered,
        "deferred" => Settlement::Deferred {
            retry_at: instant(text.retry_at?)?,
            cause: cause()?,
        },
        "failed" => Settlement::Failed {
            cause: cause()?,
            suppress: text.suppress,
        },
        "unknown" => Settlement::Unknown,
        "pending" => Settlement::Pending,
        "postponed" => Settlement::Postponed {
            until: instant(text.retry_at?)?,
        },
        "suppressed" => Settlement::Suppressed {
            by: SuppressedBy::from_name(text.reason?)?,
        },
        _ => return None,
    };
    Some(Settled {
        run: text.run,
        number: text.number,
        token: Token(text.token),
        settlement,
        charged: text.charged,
        attempt: match text.attempt {
            None => None,
            Some(attempt) => Some(read_attempt(attempt)?),
        },
    })
}

fn read_attempt(text: AttemptText<'_>) -> Option<Attempt> {
    let reply = match text.code {
        None => None,
        Some(code) => Some(Reply {
            code,
            enhanced: match text.enhanced {
                None => None,
                Some(enhanced) => Some(enhanced.parse().ok()?),
            },
            text: text.text.unwrap_or_default(),
        }),
    };
    Some(Attempt {
        at: instant(text.at)?,
        stage: Stage::from_name(text.stage)?,
        reply,
        fault: text.fault,
    })
}

const fn instant(millis: i64) -> Option<Timestamp> {
    DateTime::from_timestamp_millis(millis)
}

#[cfg(test)]
mod tests {
    use mailing_core::testing::builders::{id, start};

    use super::*;

    fn ended(settlement: Settlement, attempt: Option<Attempt>) -> Settled {
        Settled {
            run: id(start()),
            number: 7,
            token: Token(42),
            settlement,
            charged: attempt.is_some(),
            attempt,
        }
    }

    fn attempt(reply: Option<Reply>, fault: Option<&str>) -> Option<Attempt> {
        Some(Attempt {
            at: start(),
            stage: Stage::Dot,
            reply,
            fault: fault.map(str::to_owned),
        })
    }

    fn lines() -> Vec<(Vec<u8>, Line)> {
        let life = Line::Life {
            generation: Generation(9),
            boot: "b".to_owned(),
            file: "1-2-3".to_owned(),
        };
        let begun = Started {
            run: id(start()),
            number: 1,
            token: Token(2),
        };
        let mut lines = vec![
            (super::life(Generation(9), "b", "1-2-3"), life),
            (super::started(&begun), Line::Started(begun)),
        ];
        let retry_at = start();
        let cause = Cause::NoSuchMailbox;
        let suppress = Some(id(start()));
        let by = SuppressedBy::Deleted;
        let ok = Reply::new(250, "2.0.0 queued as \"1A\"\u{7}\n");
        let endings = [
            (Settlement::Delivered, attempt(Some(ok), None)),
            (
                Settlement::Deferred { retry_at, cause },
                attempt(Some(Reply::new(450, "ждите")), None),
            ),
            (Settlement::Failed { cause, suppress }, None),
            (Settlement::Unknown, attempt(None, Some("timeout"))),
            (Settlement::Pending, None),
            (Settlement::Postponed { until: retry_at }, None),
            (Settlement::Suppressed { by }, None),
        ];
        for (settlement, attempt) in endings {
            let settled = ended(settlement, attempt);
            lines.push((result(&settled), Line::Result(Box::new(settled))));
        }
        lines
    }

    #[test]
    fn every_line_is_read_back_as_it_was_written() {
        for (bytes, line) in lines() {
            let (last, text) = bytes.split_last().unwrap();
            assert_eq!((*last, text.contains(&b'\n')), (b'\n', false));
            assert_eq!(read(text), Some(line));
        }
    }

    #[test]
    fn no_flipped_bit_and_no_missing_byte_goes_unseen() {
        for (bytes, line) in lines() {
            let text = &bytes[..bytes.len() - 1];
            for place in 0..text.len() {
                assert_eq!(read(&text[..place]), None);
                for bit in 0..8 {
                    let mut flipped = text.to_vec();
                    flipped[place] ^= 1 << bit;
                    // The checksum is the same number in capitals.
                    let read = read(&flipped);
                    assert!(read.is_none() || read.as_ref() == Some(&line) && place < 8);
                }
            }
        }
    }
}
