//! The scriptable mail server as a program, for drills and measurements.
//!
//! ```text
//! mail_server [--port N] [--script FILE] [--record FILE]
//! mail_server --sink [--port N]
//! ```
//!
//! It listens on 127.0.0.1, says the port in its first line, and runs until it is killed. The
//! script's language stands in `mailing_transport_smtp::testing`. The record gets a line for each
//! accepted message before it is answered: instant in milliseconds, name in `EHLO`, recipient,
//! `Message-ID`, octets, separated by tabs; each is one write, so that it survives a kill. As a sink
//! it takes everything without a record, and says `messages octets` for each line on its input.

use std::error::Error;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use mailing_transport_smtp::testing::{Received, Script, Server, Sink};

#[derive(Default)]
struct Options {
    port: u16,
    sink: bool,
    script: Option<PathBuf>,
    record: Option<PathBuf>,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{name} needs a value"));
        match name.as_str() {
            "--port" => options.port = value()?.parse()?,
            "--script" => options.script = Some(value()?.into()),
            "--record" => options.record = Some(value()?.into()),
            "--sink" => options.sink = true,
            _ => {
                return Err(format!("{name} is none of --port, --script, --record, --sink").into());
            }
        }
    }
    Ok(options)
}

/// One thread: a server must not take the processor from what is measured.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    if options.sink {
        let sink = Sink::start(options.port).await?;
        println!("{}", sink.address().port());
        return Ok(tokio::task::spawn_blocking(move || tell(&sink)).await?);
    }
    let script: Script = match &options.script {
        Some(path) => fs::read_to_string(path)?.parse()?,
        None => Script::new(),
    };
    let record = options.record.map(open).transpose()?;
    let told = move |received: Received| {
        if let Some(file) = record.as_ref().filter(|_| received.accepted) {
            write(file, &received);
        }
    };
    let server = Server::start_telling(options.port, script, told).await?;
    println!("{}", server.address().port());
    std::future::pending().await
}

fn tell(sink: &Sink) {
    for _ in std::io::stdin().lock().lines() {
        let taken = sink.taken();
        println!("{} {}", taken.messages, taken.octets);
    }
}

fn open(path: PathBuf) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// What was accepted and is not recorded would make the drill lie: better the server ends.
#[expect(clippy::disallowed_methods, reason = "a server in real time")]
fn write(mut file: &File, received: &Received) {
    let at = SystemTime::now().duration_since(UNIX_EPOCH);
    let line = format!(
        "{}\t{}\t{}\t{}\t{}\n",
        at.map_or(0, |at| at.as_millis()),
        received.helo,
        received.to,
        message_id(&received.message),
        received.message.len(),
    );
    if let Err(error) = file.write_all(line.as_bytes()) {
        eprintln!("the record cannot be written: {error}");
        std::process::exit(1);
    }
}

/// The header's value; the field may be folded.
fn message_id(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let mut lines = unfolded.lines();
    let id = lines.find_map(|line| line.strip_prefix("Message-ID:"));
    id.unwrap_or_default().trim().to_owned()
}
