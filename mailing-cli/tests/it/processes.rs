//! The long-lived processes: how they start, answer, send and stop.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, Utc};
use mail_parser::MessageParser;

use crate::place::{ANN, Place};

/// Far longer than an answer takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running process that is killed when the test leaves it.
struct Running {
    child: Child,
    err: BufReader<ChildStderr>,
}

impl Running {
    /// Starts the command and waits until it says this.
    fn start(place: &Place, line: &str, until: &str) -> Self {
        let mut child = place
            .command(line)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let mut running = Self { child, err };
        running.says(until);
        running
    }

    /// Reads standard error up to the line that has this text.
    fn says(&mut self, text: &str) {
        let mut said = String::new();
        loop {
            let before = said.len();
            let read = self.err.read_line(&mut said).unwrap();
            assert_ne!(read, 0, "it ended without saying {text:?}: {said}");
            if said[before..].contains(text) {
                return;
            }
        }
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -{name} {id}")])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    fn ends(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn request(port: u16, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let head =
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[expect(
    clippy::disallowed_methods,
    reason = "the process under test lives in real time"
)]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the process under test lives in real time"
)]
fn look_again_later() {
    std::thread::sleep(Duration::from_millis(20));
}

#[test]
fn serve_answers_and_drains_at_a_signal() {
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let place = Place::with_owner().with("MAILING_SERVER__LISTEN", &listen);
    let serving = Running::start(&place, "serve", &listen);
    for path in ["/health/live", "/health/ready"] {
        let answer = request(port, path);
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }
    serving.signal("TERM");
    assert_eq!(serving.ends(), Some(0));
}

#[test]
fn a_worker_drains_at_a_signal() {
    let place = Place::with_owner();
    for signal in ["TERM", "INT"] {
        let working = Running::start(&place, "worker", "Sending");
        working.signal(signal);
        assert_eq!(working.ends(), Some(0), "{signal}");
    }
}

#[test]
fn a_second_signal_ends_at_once_with_130() {
    // A mail server that greets nobody keeps the drain waiting.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let (mut place, message) = Place::furnished();
    place.set("MAILING_MAIL__URL", &format!("smtp://127.0.0.1:{port}"));
    place.mailing(&message, "--all --now");
    let mut working = Running::start(&place, "worker", "Sending");
    let _connected = silent.accept().unwrap();
    working.signal("TERM");
    working.says("again");
    working.signal("TERM");
    assert_eq!(working.ends(), Some(130));
}

#[test]
fn pages_come_while_the_mail_server_is_silent() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, mail) = (free_port(), silent.local_addr().unwrap().port());
    let listen = format!("127.0.0.1:{port}");
    let (place, message) = Place::furnished();
    let mut place = place.with("MAILING_SERVER__LISTEN", &listen);
    place.set("MAILING_MAIL__URL", &format!("smtp://127.0.0.1:{mail}"));
    place.mailing(&message, "--all --now");
    let serving = Running::start(&place, "serve", &listen);
    // A lane hangs in its dialogue from now on, and goes on hanging.
    let held = silent.accept().unwrap();
    for _ in 0..3 {
        for path in ["/health/live", "/health/ready", "/", "/blog", "/login"] {
            let answer = request(port, path);
            assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        }
    }
    let mailings = place.run(&format!("mailings list --as {ANN} --json"));
    assert_eq!(mailings.ends(0).lines()[0]["status"], "running");
    drop((held, serving));
}

#[test]
fn a_pass_that_lasts_says_how_far_it_is_and_is_silent_when_asked_to_be() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mail = silent.local_addr().unwrap().port();
    let (mut place, message) = Place::furnished();
    place.set("MAILING_MAIL__URL", &format!("smtp://127.0.0.1:{mail}"));
    let mailing = place.mailing(&message, "--all --now");
    let sending = Running::start(&place, "send", "0 of 2 delivered");
    drop(sending);
    let quiet = place.command(&format!("send --mailing {mailing} --json"));
    let said = ends_without_a_server(quiet, silent);
    assert!(
        !said.contains("delivered"),
        "programs read the answer: {said}"
    );
}

/// What a command says on standard error that is in dialogue with this server when the server goes.
fn ends_without_a_server(mut command: Command, server: TcpListener) -> String {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut err = child.stderr.take().unwrap();
    let connected = server.accept().unwrap();
    // Long enough for a look at how far it is.
    let later = now() + Duration::from_millis(1_500);
    while now() < later {
        look_again_later();
    }
    drop((connected, server));
    let mut said = String::new();
    err.read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    said
}

#[test]
fn a_port_in_use_is_told_at_once() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let place = Place::new().with("MAILING_SERVER__LISTEN", &listen);
    let said = place.run("serve --json").ends(2);
    assert_eq!(said.faults(), ["server.listen config.listen"]);
    place.run("serve").ends(2).says(&listen);
    assert!(
        !place.path("mailing.db").exists(),
        "nothing else was opened"
    );
}

#[test]
fn a_mailing_planned_elsewhere_goes_out_at_its_instant() {
    let (mut place, message) = Place::furnished();
    place.set(
        "MAILING_SERVER__LISTEN",
        &format!("127.0.0.1:{}", free_port()),
    );
    place.set("MAILING_SCHEDULER__POLL", "1s");
    let serving = Running::start(&place, "serve", "127.0.0.1");
    // Planned to the second: between two and three seconds ahead.
    let due = now().trunc_subsecs(0) + Duration::from_secs(3);
    let start = due.format("%Y-%m-%dT%H:%M:%S");
    let mailing = place.mailing(&message, &format!("--all --zone UTC --start {start}"));
    let late = due + Duration::from_secs(5);
    while place.outbox().len() < 2 && now() < late {
        look_again_later();
    }
    assert_eq!(place.outbox().len(), 2);
    let run = place
        .run(&format!("runs list --mailing {mailing} --as {ANN} --json"))
        .ends(0)
        .lines();
    let id = run[0]["id"].as_str().unwrap();
    let rows = place
        .run(&format!("deliveries list --run {id} --as {ANN} --json"))
        .ends(0)
        .lines();
    for row in rows {
        let at: DateTime<Utc> = row["at"].as_str().unwrap().parse().unwrap();
        assert!(due <= at && at < due + Duration::from_secs(1), "{row}");
    }
    serving.signal("TERM");
    assert_eq!(serving.ends(), Some(0));
    for mail in place.outbox() {
        let mail = MessageParser::default().parse(&mail).unwrap();
        let subject = mail.subject().unwrap();
        assert!(
            ["Hello Борис", "Hello Вера"].contains(&subject),
            "{subject}"
        );
    }
}
