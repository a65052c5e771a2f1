//! A desk with what a mailing needs, and drafts.

use mailing_core::error::Error;
use mailing_core::id::{MailingId, MessageId};
use mailing_core::mailing::{
    AmbiguousPolicy, AudienceChoice, LATENESS_DEFAULT, LaunchMode, Mailing, MailingDraft,
};
use mailing_core::ports::store::{MailingFilter, PageRequest, RunFilter};
use mailing_core::run::Run;
use mailing_core::schedule::{MissedPolicy, Repeat, Schedule, Zone};
use mailing_core::testing::builders::{Owner, local, message, recipient, sender};

use crate::services::scene::Scene;

/// A draft to everybody, once at noon of the first day, that is launched.
pub(in crate::services) fn draft(message: MessageId) -> MailingDraft {
    MailingDraft {
        name: String::new(),
        message,
        sender: None,
        audience: AudienceChoice::All,
        zone: Zone::utc(),
        windows: vec![window("2026-03-02T12:00", None, Repeat::Once)],
        missed: MissedPolicy::default(),
        lateness: LATENESS_DEFAULT,
        ambiguous: AmbiguousPolicy::default(),
        mode: LaunchMode::Launch,
    }
}

pub(super) fn window(from: &str, until: Option<&str>, repeat: Repeat) -> Schedule {
    let until = until.map(local);
    Schedule::new(
        local(from),
        Zone::utc(),
        until,
        repeat,
        Default::default(),
        None,
    )
    .unwrap()
}

pub(super) fn daily(from: &str) -> Schedule {
    window(from, None, Repeat::Daily { every: 1 })
}

/// Ann has a sender, a message and a recipient.
pub(super) struct Desk {
    pub(super) scene: Scene,
    pub(super) message: MessageId,
}

impl Desk {
    pub(super) async fn new() -> Self {
        let scene = Scene::new().await;
        let store = scene.store();
        sender().of(&scene.ann).saved(store).await;
        recipient().of(&scene.ann).saved(store).await;
        let message = message()
            .of(&scene.ann)
            .subject("Spring sale")
            .saved(store)
            .await
            .id;
        Self { scene, message }
    }

    pub(super) fn draft(&self) -> MailingDraft {
        draft(self.message)
    }

    pub(super) async fn create(&self, draft: &MailingDraft) -> Result<Mailing, Error> {
        self.scene
            .services
            .mailings
            .create(&self.scene.ann.actor, draft)
            .await
    }

    pub(super) async fn stored(&self, id: MailingId) -> Mailing {
        let details = self
            .scene
            .services
            .mailings
            .show(&self.scene.ann.actor, id, 0)
            .await;
        details.unwrap().mailing
    }

    pub(super) async fn listed(&self) -> usize {
        let (filter, request) = (MailingFilter::default(), PageRequest::first(100));
        let page = self
            .scene
            .services
            .mailings
            .page(&self.scene.ann.actor, &filter, &request);
        page.await.unwrap().items.len()
    }

    pub(super) async fn runs(&self, of: MailingId) -> Vec<Run> {
        let filter = RunFilter {
            mailing: Some(of),
            open: false,
        };
        let request = PageRequest::first(100);
        let page = self
            .scene
            .services
            .runs
            .page(&self.scene.ann.actor, &filter, &request);
        page.await.unwrap().items
    }

    pub(super) fn ann(&self) -> &Owner {
        &self.scene.ann
    }
}
