//! `AUTH` (RFC 4954): PLAIN, else LOGIN; and one try for all lanes, so that a wrong password does
//! not lock the account.

use std::time::Duration;

use data_encoding::BASE64;
use mailing_core::delivery::Reply;
use mailing_core::ports::transport::{Fault, Stage};
use tokio::sync::Mutex;

use super::connection::Connection;
use super::deadline::{Deadline, Moment};
use super::end::{End, refusal};
use super::extensions::Extensions;
use crate::target::Credentials;

/// Longest exchange: a server that goes on asking is not talking to us.
const ROUNDS_MAX: usize = 10;
/// How long a refusal of the credentials is believed without asking again.
const REFUSED_FOR: Duration = Duration::from_secs(60);
/// Longest command line, its CRLF included (RFC 5321 §4.5.3.1.4).
const COMMAND_MAX: usize = 512;

/// What the lanes know together about the credentials.
#[derive(Debug, Default)]
pub(super) struct AuthMemory(Mutex<Known>);

#[derive(Debug, Clone, Default)]
enum Known {
    /// Nothing: one lane tries, the others wait for it.
    #[default]
    Nothing,
    /// They were accepted.
    Good,
    /// They were refused for good.
    Refused { reply: Reply, at: Moment },
}

impl AuthMemory {
    /// The refusal of the credentials, if it is fresh: then it is not worth connecting.
    pub(super) async fn refused(&self) -> Option<End> {
        self.0.lock().await.refused()
    }

    /// Gives the credentials to the server.
    pub(super) async fn authenticate(
        &self,
        connection: &mut Connection,
        offered: &Extensions,
        credentials: &Credentials,
        within: Duration,
    ) -> Result<(), End> {
        let mut known = self.0.lock().await;
        if let Some(refused) = known.refused() {
            return Err(refused);
        }
        let deadline = Deadline::after(within);
        if matches!(*known, Known::Good) {
            drop(known);
            let done = exchange(connection, offered, credentials, deadline).await;
            self.0.lock().await.learn(&done);
            return done;
        }
        let done = exchange(connection, offered, credentials, deadline).await;
        known.learn(&done);
        done
    }
}

impl Known {
    fn refused(&self) -> Option<End> {
        match self {
            Self::Refused { reply, at } if at.age() < REFUSED_FOR => Some(End::Refused {
                stage: Stage::Auth,
                reply: reply.clone(),
            }),
            _ => None,
        }
    }

    fn learn(&mut self, done: &Result<(), End>) {
        match done {
            Ok(()) => *self = Self::Good,
            Err(End::Refused { reply, .. }) if reply.is_permanent() => {
                *self = Self::Refused {
                    reply: reply.clone(),
                    at: Moment::now(),
                };
            }
            Err(_) => {}
        }
    }
}

async fn exchange(
    connection: &mut Connection,
    offered: &Extensions,
    credentials: &Credentials,
    deadline: Deadline,
) -> Result<(), End> {
    let broken = |fault| End::Broken {
        stage: Stage::Auth,
        fault,
    };
    let (mut line, answers) = opening(offered, credentials).ok_or(broken(Fault::AuthNotOffered))?;
    let mut answers = answers.into_iter();
    for _ in 0..ROUNDS_MAX {
        let reply = connection.command(&line, deadline).await.map_err(broken)?;
        match reply.code {
            235 => return Ok(()),
            334 => {
                let challenge = reply.lines.first().map_or("", |text| text.trim());
                if BASE64.decode(challenge.as_bytes()).is_err() {
                    let problem = "a challenge is not base64".to_owned();
                    return Err(broken(Fault::Protocol(problem)));
                }
                // "*" gives up (RFC 4954 §4); the server then answers 501.
                line = answers.next().unwrap_or_else(|| "*\r\n".to_owned());
            }
            _ => return Err(refusal(Stage::Auth, reply)),
        }
    }
    let problem = "the server goes on asking for credentials".to_owned();
    Err(broken(Fault::Protocol(problem)))
}

/// The first line and the answers to the challenges after it.
fn opening(offered: &Extensions, credentials: &Credentials) -> Option<(String, Vec<String>)> {
    let Credentials { user, password } = credentials;
    let line = |text: &str| format!("{}\r\n", BASE64.encode(text.as_bytes()));
    if offered.auth_plain {
        let response = line(&format!("\0{user}\0{password}"));
        let whole = format!("AUTH PLAIN {response}");
        return Some(if whole.len() <= COMMAND_MAX {
            (whole, Vec::new())
        } else {
            ("AUTH PLAIN\r\n".to_owned(), vec![response])
        });
    }
    let answers = || vec![line(user), line(password)];
    offered
        .auth_login
        .then(|| ("AUTH LOGIN\r\n".to_owned(), answers()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(password: &str) -> Credentials {
        Credentials {
            user: "ann".to_owned(),
            password: password.to_owned(),
        }
    }

    #[test]
    fn plain_is_preferred_and_login_is_the_other_way() {
        let both = Extensions {
            auth_plain: true,
            auth_login: true,
            ..Extensions::default()
        };
        let (line, answers) = opening(&both, &credentials("secret")).unwrap();
        assert_eq!(line, "AUTH PLAIN AGFubgBzZWNyZXQ=\r\n");
        assert!(answers.is_empty());
        let login = Extensions {
            auth_login: true,
            ..Extensions::default()
        };
        let (line, answers) = opening(&login, &credentials("secret")).unwrap();
        assert_eq!(line, "AUTH LOGIN\r\n");
        assert_eq!(answers, ["YW5u\r\n", "c2VjcmV0\r\n"]);
        assert!(opening(&Extensions::default(), &credentials("secret")).is_none());
    }

    #[test]
    fn a_response_too_long_for_the_command_follows_it() {
        let plain = Extensions {
            auth_plain: true,
            ..Extensions::default()
        };
        let (line, answers) = opening(&plain, &credentials(&"x".repeat(500))).unwrap();
        assert_eq!(line, "AUTH PLAIN\r\n");
        assert_eq!(answers.len(), 1);
    }
}
