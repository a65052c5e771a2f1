//! Scripts as text, a rule a line, for drills that start the server as a program.
//!
//! ```text
//! # what is offered instead of PIPELINING, SIZE 10485760, ENHANCEDSTATUSCODES
//! offer SIZE 1000, PIPELINING
//! tls starttls                      also: implicit
//! login USER PASSWORD
//! on dot: after 20ms reply 250 2.0.0 Queued
//! on mail 3: reply 421 4.3.2 Restarting then cut
//! on dot every 100: garbage
//! to gone-*@example.org: reply 550 5.1.1 No such mailbox
//! to busy-*@example.org first 1: reply 451 4.2.1 Busy
//! ```
//!
//! Points: connect, ehlo, starttls, auth, mail, rcpt, data, body, dot, rset, quit. Acts: `reply
//! TEXT`, `garbage`, `stall`, `cut`, `reset`, each with `after 200ms` or `after 2s` before it, and
//! with `then ACT` behind it.

use std::str::FromStr;
use std::time::Duration;

use super::script::{Act, At, Script, Tls};

/// What is sent as garbage: bytes that are no reply, without an end of line, then one.
const GARBAGE: &[u8] = b"\x00\xff\x15\x03\x01 <html> 2 5 0 \xc3\x28\r\n";

/// A line that is no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ParseError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl FromStr for Script {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut script = Self::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            script = rule(script, line).map_err(|what| ParseError {
                line: index.saturating_add(1),
                what,
            })?;
        }
        Ok(script)
    }
}

fn rule(script: Script, line: &str) -> Result<Script, String> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "offer" => {
            let offered: Vec<&str> = rest.split(',').map(str::trim).collect();
            Ok(script.offering(&offered))
        }
        "tls" => match rest {
            "starttls" => Ok(script.tls(Tls::Offered)),
            "implicit" => Ok(script.tls(Tls::Implicit)),
            _ => Err(format!("tls is starttls or implicit, not {rest:?}")),
        },
        "login" => {
            let (user, password) = rest.split_once(' ').ok_or("login USER PASSWORD")?;
            Ok(script.login(user, password))
        }
        "on" => {
            let (when, what) = parts(rest)?;
            on(script, when, act(what)?)
        }
        "to" => {
            let (who, what) = parts(rest)?;
            let (address, times) = match who.split_once(" first ") {
                None => (who, None),
                Some((address, times)) => (address, Some(number(times)?)),
            };
            Ok(script.matching(address.trim(), times, act(what)?))
        }
        _ => Err(format!("{word:?} is none of offer, tls, login, on, to")),
    }
}

/// What stands before and behind the colon.
fn parts(rest: &str) -> Result<(&str, &str), String> {
    let (when, what) = rest
        .split_once(": ")
        .ok_or("a colon and an act are missing")?;
    Ok((when.trim(), what.trim()))
}

fn on(script: Script, when: &str, act: Act) -> Result<Script, String> {
    let words: Vec<&str> = when.split_whitespace().collect();
    match words[..] {
        [point] => Ok(script.on(at(point)?, act)),
        [point, nth] => Ok(script.nth(at(point)?, number(nth)?, act)),
        [point, "every", step] => Ok(script.every(at(point)?, number(step)?, act)),
        _ => Err(format!("{when:?} is no POINT, POINT N or POINT every N")),
    }
}

fn at(point: &str) -> Result<At, String> {
    Ok(match point {
        "connect" => At::Connect,
        "ehlo" => At::Ehlo,
        "starttls" => At::StartTls,
        "auth" => At::Auth,
        "mail" => At::Mail,
        "rcpt" => At::Rcpt,
        "data" => At::Data,
        "body" => At::Body,
        "dot" => At::Dot,
        "rset" => At::Rset,
        "quit" => At::Quit,
        _ => return Err(format!("{point:?} is no point of the dialogue")),
    })
}

fn act(text: &str) -> Result<Act, String> {
    if let Some((first, second)) = text.split_once(" then ") {
        return Ok(act(first)?.then(act(second)?));
    }
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    match word {
        "reply" => Ok(Act::reply(rest)),
        "garbage" => Ok(Act::Raw(GARBAGE.to_vec())),
        "stall" => Ok(Act::Stall),
        "cut" => Ok(Act::Cut),
        "reset" => Ok(Act::Reset),
        "after" => {
            let (pause, next) = rest.split_once(' ').ok_or("after PAUSE ACT")?;
            Ok(act(next)?.after(duration(pause)?))
        }
        _ => Err(format!(
            "{word:?} is none of reply, garbage, stall, cut, reset, after"
        )),
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    if let Some(millis) = text.strip_suffix("ms") {
        Ok(Duration::from_millis(number(millis)? as u64))
    } else if let Some(seconds) = text.strip_suffix('s') {
        Ok(Duration::from_secs(number(seconds)? as u64))
    } else {
        Err(format!("{text:?} is no time such as 20ms or 2s"))
    }
}

fn number(text: &str) -> Result<usize, String> {
    let number = text.trim().parse();
    number
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("{text:?} is no number from 1 on"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_read_line_by_line() {
        let script: Script = "# a comment\n\noffer SIZE 10, DSN\ntls starttls\nlogin ann secret\n\
            on dot: after 20ms reply 250 2.0.0 Queued\non mail 3: reply 421 Bye then cut\n\
            on rset every 2: stall\nto gone-*@example.org: reset\n\
            to busy@example.org first 2: garbage\n"
            .parse()
            .unwrap();
        assert_eq!(script.extensions, ["SIZE 10", "DSN"]);
        assert_eq!(script.tls, Tls::Offered);
        assert_eq!(script.login, Some(("ann".to_owned(), "secret".to_owned())));
        let queued = Act::reply("250 2.0.0 Queued").after(Duration::from_millis(20));
        assert_eq!(script.always[&At::Dot], queued);
        let bye = Act::reply("421 Bye").then(Act::Cut);
        assert_eq!(script.nth[&(At::Mail, 3)], bye);
        assert_eq!(script.every[&At::Rset], (2, Act::Stall));
        assert!(script.patterns[0].holds("gone-7@example.org", 9));
        assert!(!script.patterns[0].holds("here-7@example.org", 1));
        assert!(script.patterns[1].holds("busy@example.org", 2));
        assert!(!script.patterns[1].holds("busy@example.org", 3));
    }

    #[test]
    fn a_line_that_is_no_rule_is_named() {
        let wrong = [
            "answer well",
            "tls maybe",
            "login ann",
            "on dot reply 250",
            "on noon: cut",
            "on dot 0: cut",
            "on dot twice a day: cut",
            "on dot: shrug",
            "on dot: after reply",
            "on dot: after 2h cut",
            "to a@example.org first x: cut",
        ];
        for line in wrong {
            let error = format!("# first\n{line}").parse::<Script>().unwrap_err();
            assert_eq!(error.line, 2, "{line}");
            assert!(!error.what.is_empty());
        }
    }
}
