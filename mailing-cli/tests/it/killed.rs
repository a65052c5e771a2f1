//! Real processes that are killed or stopped while a mail server owes them answers.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::place::{ANN, Place};

const RECIPIENTS: usize = 30;
const LANES: usize = 3;
/// Messages that are answered before the server falls silent.
const ANSWERED: usize = 4;
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail server that answers the first final dots and owes the answers to the others, until it is
/// released.
struct SlowServer {
    port: u16,
    state: Arc<(Mutex<Taken>, Condvar)>,
}

#[derive(Default)]
struct Taken {
    /// To whom, in the order of the dots.
    to: Vec<String>,
    released: bool,
}

impl SlowServer {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state: Arc<(Mutex<Taken>, Condvar)> = Arc::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                // A client that is killed breaks its connection.
                std::thread::spawn(move || drop(talk(&stream, &shared)));
            }
        });
        Self { port, state }
    }

    fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Waits until so many final dots have come.
    fn has_taken(&self, messages: usize) {
        let (taken, changed) = &*self.state;
        let guard = taken.lock().unwrap();
        let waits = |taken: &mut Taken| taken.to.len() < messages;
        let (guard, waited) = changed.wait_timeout_while(guard, PATIENCE, waits).unwrap();
        assert!(!waited.timed_out(), "{} messages only", guard.to.len());
    }

    fn release(&self) {
        let (taken, changed) = &*self.state;
        taken.lock().unwrap().released = true;
        changed.notify_all();
    }

    fn taken(&self) -> Vec<String> {
        self.state.0.lock().unwrap().to.clone()
    }
}

fn talk(mut stream: &TcpStream, shared: &(Mutex<Taken>, Condvar)) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    stream.write_all(b"220 slow\r\n")?;
    let mut to = String::new();
    while let Some(line) = lines.next().transpose()? {
        let verb = line.get(..4).unwrap_or_default().to_uppercase();
        match verb.as_str() {
            "RCPT" => line.clone_into(&mut to),
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                while lines.next().transpose()?.is_some_and(|line| line != ".") {}
                take(&to, shared);
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n"),
            _ => {}
        }
        stream.write_all(b"250 ok\r\n")?;
    }
    Ok(())
}

/// Notes a final dot and waits until it may be answered.
fn take(to: &str, (taken, changed): &(Mutex<Taken>, Condvar)) {
    let mut guard = taken.lock().unwrap();
    guard.to.push(to.to_owned());
    let owed = guard.to.len() > ANSWERED;
    changed.notify_all();
    let waits = |taken: &mut Taken| owed && !taken.released;
    drop(changed.wait_while(guard, waits).unwrap());
}

/// An owner with a mailing to thirty that is due now, over this server.
fn due(server: &SlowServer) -> Place {
    let mut place = Place::with_owner();
    let people = (1..=RECIPIENTS).map(|number| format!("r{number}@example.org\n"));
    place.import(&format!("email\n{}", people.collect::<String>()));
    let message = place.message("Hello", "The garden is open.\n");
    place.set("MAILING_MAIL__URL", &server.url());
    place.set("MAILING_MAIL__LANES", &LANES.to_string());
    place.mailing(&message, "--all --now");
    place
}

fn working(place: &Place) -> Child {
    let mut command = place.command("worker");
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    quiet.spawn().unwrap()
}

fn signal(process: &Child, name: &str) {
    let line = format!("kill -{name} {}", process.id());
    let sent = Command::new("sh").args(["-c", &line]).status();
    assert!(sent.unwrap().success());
}

fn the_run(place: &Place) -> Value {
    let runs = place.run(&format!("runs list --as {ANN} --json"));
    runs.ends(0).lines().remove(0)
}

#[test]
fn after_kill_9_the_journal_leaves_one_doubt_for_each_lane() {
    let server = SlowServer::start();
    let place = due(&server);
    let mut killed = working(&place);
    server.has_taken(ANSWERED + LANES);
    killed.kill().unwrap();
    killed.wait().unwrap();
    server.release();
    let said = place.run("send --json").ends(5).json();
    let run = &said["runs"][0];
    assert_eq!(run["state"], "completed", "{said}");
    assert_eq!(run["unknown"], LANES);
    assert_eq!(run["delivered"], RECIPIENTS - LANES);
    let taken = server.taken();
    let once: BTreeSet<&String> = taken.iter().collect();
    assert_eq!(
        (taken.len(), once.len()),
        (RECIPIENTS, RECIPIENTS),
        "nobody twice"
    );
}

#[test]
fn a_worker_beside_another_takes_over_from_one_that_was_killed() {
    let server = SlowServer::start();
    let place = due(&server);
    let mut killed = working(&place);
    server.has_taken(ANSWERED + LANES);
    let first = place.path("worker-1").join("id");
    let id = std::fs::read_to_string(&first).unwrap();
    killed.kill().unwrap();
    killed.wait().unwrap();
    // Somebody else has the first place already: the dead one is settled from beside.
    std::fs::rename(place.path("worker-1"), place.path("worker-2")).unwrap();
    server.release();
    let said = place.run("send --json").ends(5).json();
    assert_eq!(said["runs"][0]["unknown"], LANES, "{said}");
    assert_eq!(said["runs"][0]["state"], "completed");
    assert_ne!(std::fs::read_to_string(&first).unwrap(), id);
}

/// A copy of everything, made while messages are under way: a machine that was cloned, a folder put back,
/// what a power cut has left. In it the journal says nothing of what the original did afterwards.
#[test]
fn a_copy_made_in_full_flow_sends_nobody_a_second_message() {
    let server = SlowServer::start();
    let place = due(&server);
    let mut original = working(&place);
    server.has_taken(ANSWERED + LANES);
    signal(&original, "STOP");
    let copy = place.copied();
    signal(&original, "CONT");
    server.release();
    server.has_taken(RECIPIENTS);
    original.kill().unwrap();
    original.wait().unwrap();

    let said = copy.run("send --json").ends(5).json();
    assert_eq!(server.taken().len(), RECIPIENTS, "{said}");
    // The machine was started anew: every lease is over.
    let another = "UPDATE claims SET boot_id = 'another'";
    crate::database::execute(&copy.path("mailing.db"), another);
    let said = copy.run("send --json").ends(5).json();
    let run = &said["runs"][0];
    assert_eq!(run["state"], "completed", "{said}");
    assert_eq!(run["delivered"], ANSWERED, "as the journal's copy tells");
    assert_eq!(run["unknown"], RECIPIENTS - ANSWERED);
    assert_eq!(server.taken().len(), RECIPIENTS);
    copy.run("doctor --ledger").ends(0);
}

#[test]
fn a_server_that_owes_its_answers_cannot_hold_up_the_end() {
    let server = SlowServer::start();
    let place = due(&server).with("MAILING_DELIVERY__DRAIN", "1s");
    let mut stopped = working(&place);
    server.has_taken(ANSWERED + LANES);
    signal(&stopped, "TERM");
    assert_eq!(stopped.wait().unwrap().code(), Some(0));
    let run = the_run(&place);
    assert_eq!(run["unknown"], LANES, "{run}");
    assert_eq!(run["delivered"], ANSWERED);
    assert_eq!(run["pending"], RECIPIENTS - LANES - ANSWERED);
}
