//! What a run sends, made ready once and kept while the run is being sent.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::id::{RunId, UserId};
use crate::links::{LinkKeys, UnsubscribeClaim};
use crate::mailing::MailingName;
use crate::message::{Compiled, Layout, Piece, TEST_MARK, Values};
use crate::ports::MailTransport;
use crate::ports::store::{ClaimedDelivery, RunContent};
use crate::ports::transport::{
    AttachedFile, BuildError, Content, Envelope, MailMessage, Personal, PreparedMail,
};
use crate::recipient::Mailbox;

use super::EngineSettings;

/// Most runs whose content is kept.
const KEPT: usize = 64;
/// Most octets of files that are kept with them; one run may have more.
const FILES_KEPT: usize = 64 << 20;
/// Last field of `Feedback-ID`: constant, 5 to 15 characters (Gmail).
const FEEDBACK_SENDER: &str = "mailing";

/// A run's content, compiled and prepared by the transport.
pub(super) struct PreparedRun {
    run: RunId,
    owner: UserId,
    from: Mailbox,
    mailing_name: MailingName,
    compiled: Compiled,
    mail: Arc<dyn PreparedMail>,
    /// How many octets its files have.
    files: usize,
}

/// Headers that say which bulk mail it is.
struct Bulk {
    list_id: String,
    feedback_id: String,
}

impl PreparedRun {
    /// Compiles and prepares; a panic of the builder is an error like any other.
    ///
    /// # Errors
    /// [`BuildError`] when no message can be made of it.
    pub(super) fn new(
        content: RunContent,
        files: Vec<AttachedFile>,
        settings: &EngineSettings,
        transport: &dyn MailTransport,
    ) -> Result<Self, BuildError> {
        let (mailing, owner) = (
            content.mailing.uuid().simple(),
            content.owner.uuid().simple(),
        );
        let run = content.run.uuid().simple();
        let bulk = Bulk {
            list_id: format!("{mailing}.{owner}.{}", host(&settings.public_url)),
            feedback_id: format!("{run}:{mailing}:{owner}:{FEEDBACK_SENDER}"),
        };
        Self::made(content, files, Some(bulk), settings, transport)
    }

    /// As [`new`](Self::new), for a message outside every run: marked, and no bulk mail.
    ///
    /// # Errors
    /// [`BuildError`] when no message can be made of it.
    pub(super) fn test(
        content: RunContent,
        files: Vec<AttachedFile>,
        settings: &EngineSettings,
        transport: &dyn MailTransport,
    ) -> Result<Self, BuildError> {
        Self::made(content, files, None, settings, transport)
    }

    fn made(
        content: RunContent,
        files: Vec<AttachedFile>,
        bulk: Option<Bulk>,
        settings: &EngineSettings,
        transport: &dyn MailTransport,
    ) -> Result<Self, BuildError> {
        let layout = Layout {
            lang: content.language.tag().to_owned(),
            footer: settings.footer.of(content.language).clone(),
        };
        let octets = files.iter().map(|file| file.data.len()).sum();
        guarded(|| {
            let mut compiled = content.content.compile(&layout);
            if bulk.is_none() {
                compiled
                    .subject
                    .insert(0, Piece::Fixed(TEST_MARK.to_owned()));
            }
            let mail = transport.prepare(&Content {
                from: content.from.clone(),
                reply_to: None,
                date: content.zone.local(content.started_at),
                subject: compiled.subject.clone(),
                text: compiled.text.clone(),
                html: compiled.html.clone(),
                attachments: files,
                bulk: bulk.is_some(),
                list_id: bulk.as_ref().map(|bulk| bulk.list_id.clone()),
                feedback_id: bulk.as_ref().map(|bulk| bulk.feedback_id.clone()),
            })?;
            Ok(Self {
                run: content.run,
                owner: content.owner,
                from: content.from.clone(),
                mailing_name: content.mailing_name.clone(),
                compiled,
                mail,
                files: octets,
            })
        })
    }

    /// Whose it is.
    pub(super) const fn owner(&self) -> UserId {
        self.owner
    }

    /// The run.
    pub(super) const fn run(&self) -> RunId {
        self.run
    }

    /// The message for one recipient and its envelope.
    ///
    /// # Errors
    /// [`BuildError`] when it cannot be made with this recipient's values.
    pub(super) fn message(
        &self,
        delivery: &ClaimedDelivery,
        keys: &LinkKeys,
        public_url: &str,
    ) -> Result<(Envelope, MailMessage), BuildError> {
        let token = keys.unsubscribe_token(&UnsubscribeClaim {
            owner: self.owner,
            recipient: delivery.recipient,
            run: self.run,
        });
        let unsubscribe_url = format!("{public_url}/u/{token}");
        let values = Values {
            full_name: delivery.full_name.as_ref().map(|name| name.as_str()),
            email: delivery.address.as_str(),
            attributes: &delivery.attributes,
            unsubscribe_url: &unsubscribe_url,
            mailing_name: self.mailing_name.as_str(),
            sender_name: self.from.name.as_ref().map_or("", |name| name.as_str()),
        };
        let message = guarded(|| {
            let values = self
                .compiled
                .values(&values)
                .map_err(|error| BuildError(error.to_string()))?;
            let from = &self.from.address;
            self.mail.build(&Personal {
                to: Mailbox {
                    name: delivery.full_name.clone(),
                    address: delivery.address.clone(),
                },
                message_id: keys.message_id(self.run, delivery.recipient, from),
                unsubscribe_url: Some(unsubscribe_url.clone()),
                values,
            })
        })?;
        let envelope = Envelope {
            from: self.from.address.clone(),
            to: delivery.address.clone(),
            id: Some(format!("{}-{}", self.run.uuid().simple(), delivery.number)),
        };
        Ok((envelope, message))
    }
}

/// Prepared runs, the last used ones.
#[derive(Default)]
pub(super) struct PreparedRuns {
    kept: BTreeMap<RunId, (u64, Arc<PreparedRun>)>,
    uses: u64,
}

impl PreparedRuns {
    /// The prepared run, if it is kept.
    pub(super) fn find(&mut self, run: RunId) -> Option<Arc<PreparedRun>> {
        self.uses += 1;
        let (used, prepared) = self.kept.get_mut(&run)?;
        *used = self.uses;
        Some(Arc::clone(prepared))
    }

    /// Keeps one, and forgets those that were not used for the longest time if there are too many.
    pub(super) fn keep(&mut self, prepared: Arc<PreparedRun>) {
        self.uses += 1;
        self.kept.insert(prepared.run(), (self.uses, prepared));
        while self.kept.len() > KEPT || (self.kept.len() > 1 && self.files() > FILES_KEPT) {
            let oldest = self.kept.iter().min_by_key(|(_, (used, _))| *used);
            let Some(run) = oldest.map(|(run, _)| *run) else {
                return;
            };
            self.kept.remove(&run);
        }
    }

    fn files(&self) -> usize {
        self.kept.values().map(|(_, run)| run.files).sum()
    }
}

/// Builders are foreign code and get foreign data: a panic fails this message, not the worker.
fn guarded<T>(build: impl FnOnce() -> Result<T, BuildError>) -> Result<T, BuildError> {
    catch_unwind(AssertUnwindSafe(build))
        .unwrap_or_else(|_| Err(BuildError("the builder panicked".to_owned())))
}

/// The host of a URL.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_read_from_the_public_url() {
        for (url, expected) in [
            ("https://mail.example.org/app", "mail.example.org"),
            ("http://localhost:8080", "localhost"),
            ("example.org", "example.org"),
            ("http://[::1]:8080/", "[::1]"),
        ] {
            assert_eq!(host(url), expected);
        }
    }

    #[test]
    fn a_panic_in_a_builder_is_an_error() {
        let built: Result<(), _> = guarded(|| panic!("line end in a name"));
        assert_eq!(built, Err(BuildError("the builder panicked".to_owned())));
    }
}
