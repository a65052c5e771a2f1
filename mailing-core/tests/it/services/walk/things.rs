//! What a stranger could be after.

use std::fmt::Debug;

use mailing_core::error::Error;
use mailing_core::id::{
    ExportId, FormId, ImportId, ListId, MailingId, MessageId, RecipientId, RunId, SenderId,
    UploadId,
};
use mailing_core::message::FileHash;
use mailing_core::ports::store::{
    DeliveryFilter, MailingFilter, PageRequest, RecipientFilter, RunFilter,
};
use mailing_core::services::{ExportOptions, NewFile};
use mailing_core::testing::builders::{
    Owner, id, import, list, mailing, message, recipient, run, sender, start,
};

use crate::services::refusal;
use crate::services::scene::Scene;

/// A file that anybody may attach.
pub(super) const FILE: NewFile<'static> = NewFile {
    name: "a.txt",
    data: b"a",
};

/// Of the content that nobody has attached.
pub(super) fn file_hash() -> FileHash {
    FileHash::of(FILE.data)
}

/// One of each kind, of one owner.
pub(super) struct Things {
    pub(super) owner: Owner,
    pub(super) recipient: RecipientId,
    pub(super) list: ListId,
    pub(super) import: ImportId,
    pub(super) upload: UploadId,
    /// One that is ready.
    pub(super) export: ExportId,
    pub(super) message: MessageId,
    pub(super) sender: SenderId,
    pub(super) draft: MailingId,
    pub(super) mailing: MailingId,
    pub(super) run: RunId,
    /// A form that was sent.
    pub(super) form: FormId,
}

/// What a mailing refers to.
pub(super) struct Needed {
    pub(super) message: MessageId,
    pub(super) sender: SenderId,
    pub(super) list: ListId,
}

impl Things {
    /// Enough of these for a mailing.
    pub(super) fn needed(&self) -> Needed {
        Needed {
            message: self.message,
            sender: self.sender,
            list: self.list,
        }
    }

    /// How an answer ended, and whether it names one of these things.
    pub(super) fn answered<T: Debug>(&self, answer: Result<T, Error>) -> String {
        let ids = [
            self.recipient.to_string(),
            self.list.to_string(),
            self.import.to_string(),
            self.upload.to_string(),
            self.export.to_string(),
            self.message.to_string(),
            self.sender.to_string(),
            self.draft.to_string(),
            self.mailing.to_string(),
            self.run.to_string(),
            self.owner.id().to_string(),
        ];
        let tells = |answer: &T| {
            let said = format!("{answer:?}");
            ids.iter().any(|id| said.contains(id))
        };
        match answer {
            Ok(answer) if tells(&answer) => "told".to_owned(),
            other => refusal(other),
        }
    }

    /// Everything, in use.
    pub(super) async fn of(scene: &Scene, owner: &Owner) -> Things {
        let store = scene.store();
        let message = message().of(owner).saved(store).await.id;
        let eve = recipient()
            .of(owner)
            .at("eve@example.org")
            .saved(store)
            .await;
        let list = list()
            .of(owner)
            .named("Friends")
            .with(&[eve.id])
            .saved(store)
            .await;
        let sender = sender().of(owner).saved(store).await.id;
        let planned = mailing().of(owner).message(message).sender(sender);
        let draft = planned.clone().draft().saved(store).await.id;
        let mailing = planned.daily("2026-03-02T12:00").saved(store).await;
        Things {
            owner: owner.clone(),
            recipient: eve.id,
            list: list.id,
            import: import().of(owner).saved(store).await.id,
            upload: scene
                .services
                .uploads
                .begin(&owner.actor, "a.csv")
                .await
                .unwrap()
                .id,
            export: exported(scene, owner).await,
            message,
            sender,
            draft,
            run: run().running(store, owner, &mailing).await,
            mailing: mailing.id,
            form: id(start()),
        }
    }

    /// Everything that can be told of these things, as their owner sees them.
    pub(super) async fn told(&self, scene: &Scene) -> String {
        let (services, actor) = (&scene.services, &self.owner.actor);
        let first = &PageRequest::first(100);
        let filter = RecipientFilter::default();
        let recipients = services
            .recipients
            .page(actor, &filter, first)
            .await
            .unwrap();
        let lists = services.recipients.lists(actor).await.unwrap();
        let imports = services.imports.page(actor, first).await.unwrap();
        let uploads = services.uploads.newest(actor).await.unwrap();
        let exports = services.exports.newest(actor).await.unwrap();
        let messages = services.messages.page(actor, first).await.unwrap();
        let senders = services.senders.list(actor).await.unwrap();
        let mailings = services
            .mailings
            .page(actor, &MailingFilter::default(), first)
            .await;
        let runs = services
            .runs
            .page(actor, &RunFilter::default(), first)
            .await
            .unwrap();
        let filter = DeliveryFilter::default();
        let deliveries = services
            .runs
            .deliveries(actor, self.run, &filter, first)
            .await;
        format!(
            "{recipients:?} {lists:?} {imports:?} {uploads:?} {exports:?} {messages:?} {senders:?} {:?} {runs:?} {:?}",
            mailings.unwrap(),
            deliveries.unwrap()
        )
    }
}

/// An export of everybody that is ready.
async fn exported(scene: &Scene, owner: &Owner) -> ExportId {
    let (exports, work) = (&scene.services.exports, &scene.services.export_work);
    let options = ExportOptions::default();
    let export = exports.prepare(&owner.actor, &options).await.unwrap();
    let job = work.claim().await.unwrap().unwrap();
    work.run(job).await.unwrap();
    export.id
}
