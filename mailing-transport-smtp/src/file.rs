//! The file outbox: each accepted message is a file that any mail program opens.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use mailing_core::delivery::Reply;
use mailing_core::ports::MailTransport;
use mailing_core::ports::transport::{
    BuildError, Content, Envelope, Fault, Gate, MailLane, MailMessage, Outcome, PreparedMail, Stage,
};
use sha2::{Digest as _, Sha256};

use crate::mime::prepare;
use crate::options::Options;
use crate::target::OpenError;

/// A transport that writes messages into a folder, for demonstration and tests.
///
/// A file is complete when it has its name: it is written under another one and renamed. Its first
/// lines are the envelope (`Return-Path`, `Delivered-To`), as a delivering server would write them.
#[derive(Debug)]
pub struct FileTransport {
    folder: Arc<Folder>,
    lanes: usize,
    message_max: usize,
}

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// Keeps names in the order of writing inside a millisecond.
    sequence: AtomicU32,
}

impl FileTransport {
    /// A transport into `folder`, which is made when it does not exist.
    pub(crate) fn new(folder: PathBuf, options: &Options) -> Result<Self, OpenError> {
        std::fs::create_dir_all(&folder).map_err(|source| OpenError::Folder {
            folder: folder.clone(),
            source,
        })?;
        Ok(Self {
            folder: Arc::new(Folder {
                path: folder,
                sequence: AtomicU32::new(0),
            }),
            lanes: options.lanes.unwrap_or(10).max(1),
            message_max: options.message_max,
        })
    }
}

impl MailTransport for FileTransport {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        Ok(Arc::new(prepare(content, self.message_max)?))
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(FileLane {
            folder: Arc::clone(&self.folder),
        })
    }

    fn lanes(&self) -> usize {
        self.lanes
    }

    fn server(&self) -> String {
        format!("file://{}", self.folder.path.display())
    }
}

/// Writes one file at a time.
struct FileLane {
    folder: Arc<Folder>,
}

#[async_trait]
impl MailLane for FileLane {
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        if !gate() {
            return Outcome::Held;
        }
        let bytes = with_envelope(envelope, &message.own);
        let shared = Arc::clone(&message.shared);
        let name = self.folder.next_name(&message.own);
        let path = self.folder.path.join(&name);
        let written =
            tokio::task::spawn_blocking(move || write_whole(&path, &[&bytes, &shared])).await;
        match written {
            Ok(Ok(())) => Outcome::Accepted(Reply::new(250, &format!("2.0.0 {name}"))),
            Ok(Err(error)) => broken(&error),
            Err(error) => broken(&error),
        }
    }

    async fn close(&mut self) {}
}

impl Folder {
    /// `milliseconds-sequence-hash.eml`: sorted by name is sorted by time.
    fn next_name(&self, message: &[u8]) -> String {
        let millis = unix_millis();
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed) % 1_000_000;
        let digest = Sha256::digest(message);
        let hash = data_encoding::HEXLOWER.encode(digest.get(..6).unwrap_or_default());
        format!("{millis:013}-{sequence:06}-{hash}.eml")
    }
}

/// Milliseconds since 1970: a label of a file, which nothing is decided by.
#[expect(clippy::disallowed_methods, reason = "the name of a file of the demo")]
fn unix_millis() -> u128 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis()
}

fn with_envelope(envelope: &Envelope, message: &[u8]) -> Vec<u8> {
    let (from, to) = (envelope.from.wire(), envelope.to.wire());
    let mut bytes = format!("Return-Path: <{from}>\r\nDelivered-To: {to}\r\n").into_bytes();
    bytes.extend_from_slice(message);
    bytes
}

fn write_whole(path: &Path, parts: &[&[u8]]) -> std::io::Result<()> {
    let unfinished = path.with_extension("tmp");
    let mut file = std::fs::File::create_new(&unfinished)?;
    let written = parts.iter().try_for_each(|part| file.write_all(part));
    drop(file);
    written
        .and_then(|()| std::fs::rename(&unfinished, path))
        .inspect_err(|_| {
            // What is left of it has no name that a reader looks at.
            let _ = std::fs::remove_file(&unfinished);
        })
}

fn broken(error: &dyn std::fmt::Display) -> Outcome {
    Outcome::Broken {
        stage: Stage::Body,
        fault: Fault::Io(error.to_string()),
    }
}
