//! The server's side of one connection.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64;
use socket2::{SockRef, Socket};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::script::{Act, At, Tls};
use super::server::{Received, Shared};

trait Bytes: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Bytes for T {}

/// The server's side of one connection.
pub(super) struct Dialogue {
    number: usize,
    shared: Arc<Shared>,
    stream: Option<Box<dyn Bytes>>,
    /// A second handle, to reset the connection by.
    socket: Socket,
    encrypted: bool,
    authenticated: bool,
    input: Vec<u8>,
    helo: String,
    from: Option<String>,
    to: Option<String>,
}

/// Ends the connection.
struct Over;

impl From<io::Error> for Over {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl Dialogue {
    pub(super) fn new(tcp: TcpStream, number: usize, shared: Arc<Shared>) -> io::Result<Self> {
        tcp.set_nodelay(true)?;
        Ok(Self {
            number,
            shared,
            socket: SockRef::from(&tcp).try_clone()?,
            stream: Some(Box::new(tcp)),
            encrypted: false,
            authenticated: false,
            input: Vec::new(),
            helo: String::new(),
            from: None,
            to: None,
        })
    }

    /// Speaks until the connection is over.
    pub(super) async fn run(mut self) -> Option<()> {
        if self.shared.script().tls == Tls::Implicit {
            self.encrypt().await.ok()?;
        }
        self.answer(At::Connect, None, "220 test.example ESMTP")
            .await
            .ok()?;
        loop {
            let line = self.line().await.ok()?;
            self.shared.record_command(self.number, &line);
            self.command(&line).await.ok()?;
        }
    }

    async fn command(&mut self, line: &str) -> Result<(), Over> {
        let upper = line.to_ascii_uppercase();
        let verb = upper.split(' ').next().unwrap_or_default();
        match verb {
            "EHLO" => {
                self.helo = line.get(5..).unwrap_or_default().to_owned();
                self.ehlo().await
            }
            "STARTTLS" => {
                if self.answer(At::StartTls, None, "220 2.0.0 go on").await? == Some(220) {
                    self.encrypt().await?;
                }
                Ok(())
            }
            "AUTH" => self.auth(line).await,
            "MAIL" => self.mail(line).await,
            "RCPT" => self.rcpt(line).await,
            "DATA" => self.data().await,
            "RSET" => {
                (self.from, self.to) = (None, None);
                self.answer(At::Rset, None, "250 2.0.0 reset")
                    .await
                    .map(drop)
            }
            "QUIT" => {
                self.answer(At::Quit, None, "221 2.0.0 bye").await?;
                Err(Over)
            }
            _ => self.say("502 5.5.2 unknown command").await,
        }
    }

    async fn ehlo(&mut self) -> Result<(), Over> {
        let script = self.shared.script();
        let mut lines = vec!["test.example".to_owned()];
        lines.extend(script.extensions);
        if script.tls == Tls::Offered && !self.encrypted {
            lines.push("STARTTLS".to_owned());
        }
        if script.login.is_some() {
            lines.push("AUTH PLAIN LOGIN".to_owned());
        }
        let last = lines.pop().unwrap_or_default();
        let mut reply: String = lines.iter().map(|line| format!("250-{line}\r\n")).collect();
        reply.push_str(&format!("250 {last}"));
        self.answer(At::Ehlo, None, &reply).await.map(drop)
    }

    async fn auth(&mut self, line: &str) -> Result<(), Over> {
        let Some((user, password)) = self.shared.script().login else {
            let answered = self.answer(At::Auth, None, "503 5.5.1 not offered").await?;
            return self.challenged(answered).await;
        };
        let decoded = |text: &str| {
            let bytes = BASE64.decode(text.as_bytes()).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let mut words = line.split(' ').skip(1);
        let given = match (words.next(), words.next()) {
            (Some("PLAIN"), Some(response)) => decoded(response),
            (Some("PLAIN"), None) => decoded(&self.ask("334 ").await?),
            (Some("LOGIN"), None) => {
                let user = decoded(&self.ask("334 VXNlcm5hbWU6").await?);
                let password = decoded(&self.ask("334 UGFzc3dvcmQ6").await?);
                format!("\0{user}\0{password}")
            }
            _ => String::new(),
        };
        let good = given == format!("\0{user}\0{password}");
        let usual = if good {
            "235 2.7.0 welcome"
        } else {
            "535 5.7.8 wrong"
        };
        let answered = self.answer(At::Auth, None, usual).await?;
        self.authenticated = answered == Some(235);
        self.challenged(answered).await
    }

    /// A script may go on asking without end.
    async fn challenged(&mut self, mut answered: Option<u16>) -> Result<(), Over> {
        while answered == Some(334) {
            let line = self.line().await?;
            self.shared.record_command(self.number, &line);
            answered = self.answer(At::Auth, None, "535 5.7.8 wrong").await?;
        }
        Ok(())
    }

    async fn ask(&mut self, challenge: &str) -> Result<String, Over> {
        self.say(challenge).await?;
        let line = self.line().await?;
        self.shared.record_command(self.number, &line);
        Ok(line)
    }

    async fn mail(&mut self, line: &str) -> Result<(), Over> {
        let usual = if self.from.is_some() {
            "503 5.5.1 one at a time"
        } else if self.shared.script().login.is_some() && !self.authenticated {
            "530 5.7.0 who are you?"
        } else {
            "250 2.1.0 sender ok"
        };
        if is_positive(self.answer(At::Mail, None, usual).await?) {
            self.from = Some(path(line));
        }
        Ok(())
    }

    async fn rcpt(&mut self, line: &str) -> Result<(), Over> {
        let to = path(line);
        if self.from.is_none() {
            return self.say("503 5.5.1 MAIL first").await;
        }
        if is_positive(
            self.answer(At::Rcpt, Some(&to), "250 2.1.5 recipient ok")
                .await?,
        ) {
            self.to = Some(to);
        }
        Ok(())
    }

    async fn data(&mut self) -> Result<(), Over> {
        let usual = if self.from.is_none() {
            "503 5.5.1 MAIL first"
        } else if self.to.is_none() {
            "554 5.5.1 no valid recipients"
        } else {
            "354 go on"
        };
        if self.answer(At::Data, None, usual).await? != Some(354) {
            return Ok(());
        }
        if self.input.is_empty() {
            self.fill().await?;
        }
        if let Some(act) = self.shared.next(At::Body, None) {
            self.perform(act).await?;
        }
        let message = self.message().await?;
        let (from, to) = (self.from.take(), self.to.take());
        let (Some(from), Some(to)) = (from, to) else {
            return self.say("554 5.5.1 no valid recipients").await;
        };
        let act = self.shared.next(At::Dot, None);
        let act = act.unwrap_or_else(|| Act::reply("250 2.0.0 queued"));
        // Recorded before the answer goes out, so that who has the answer finds the record.
        self.shared.record_message(Received {
            connection: self.number,
            encrypted: self.encrypted,
            accepted: is_positive(act.code()),
            helo: self.helo.clone(),
            from,
            to,
            message,
        });
        self.perform(act).await
    }

    /// The message up to its final dot, unstuffed.
    async fn message(&mut self) -> Result<Vec<u8>, Over> {
        let mut searched = 0usize;
        let end = loop {
            if self.input.starts_with(b".\r\n") {
                break 0;
            }
            let from = searched.saturating_sub(5);
            let unseen = self.input.get(from..).unwrap_or_default();
            if let Some(found) = memchr::memmem::find(unseen, b"\r\n.\r\n") {
                break from.saturating_add(found).saturating_add(2);
            }
            searched = self.input.len();
            self.fill().await?;
        };
        let stuffed: Vec<u8> = self.input.drain(..end).collect();
        self.input.drain(..3);
        let mut message = Vec::with_capacity(stuffed.len());
        for line in stuffed.split_inclusive(|byte| *byte == b'\n') {
            message.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        }
        Ok(message)
    }

    async fn encrypt(&mut self) -> Result<(), Over> {
        let stream = self.stream.take().ok_or(Over)?;
        let tls = self.shared.acceptor.accept(stream).await?;
        self.stream = Some(Box::new(tls));
        self.encrypted = true;
        self.input.clear();
        Ok(())
    }

    async fn line(&mut self) -> Result<String, Over> {
        loop {
            if let Some(end) = memchr::memmem::find(&self.input, b"\r\n") {
                let line: Vec<u8> = self.input.drain(..end.saturating_add(2)).collect();
                let line = String::from_utf8_lossy(&line);
                return Ok(line.trim_end().to_owned());
            }
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> Result<(), Over> {
        let stream = self.stream.as_mut().ok_or(Over)?;
        match stream.read_buf(&mut self.input).await? {
            0 => Err(Over),
            _ => Ok(()),
        }
    }

    /// Does what the script says, or answers as usual; returns the code of the answer.
    async fn answer(
        &mut self,
        at: At,
        recipient: Option<&str>,
        usual: &str,
    ) -> Result<Option<u16>, Over> {
        let act = self.shared.next(at, recipient);
        let act = act.unwrap_or_else(|| Act::reply(usual));
        let code = act.code();
        self.perform(act).await?;
        Ok(code)
    }

    async fn say(&mut self, reply: &str) -> Result<(), Over> {
        self.perform(Act::reply(reply)).await
    }

    async fn perform(&mut self, act: Act) -> Result<(), Over> {
        let mut acts = vec![act];
        while let Some(act) = acts.pop() {
            match act {
                Act::Raw(bytes) => self.write(&bytes).await?,
                Act::Drip(bytes, pause) => {
                    for byte in bytes {
                        wait(pause).await;
                        self.write(&[byte]).await?;
                    }
                }
                Act::Stall => std::future::pending().await,
                Act::Cut => return Err(Over),
                Act::Reset => {
                    self.socket.set_linger(Some(Duration::ZERO))?;
                    return Err(Over);
                }
                Act::After(pause, act) => {
                    wait(pause).await;
                    acts.push(*act);
                }
                Act::Both(first, second) => acts.extend([*second, *first]),
            }
        }
        Ok(())
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Over> {
        let stream = self.stream.as_mut().ok_or(Over)?;
        stream.write_all(bytes).await?;
        Ok(stream.flush().await?)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a slow server is slow in real time"
)]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}

fn is_positive(code: Option<u16>) -> bool {
    matches!(code, Some(200..=299))
}

/// What stands in angle brackets.
fn path(line: &str) -> String {
    let start = line.split_once('<').map_or("", |(_, rest)| rest);
    start
        .split_once('>')
        .map_or("", |(path, _)| path)
        .to_owned()
}
