//! A rehearsed use case answers as the real one and leaves nothing behind.

use std::sync::Arc;

use mailing_core::events::Events;
use mailing_core::policy::Actor;
use mailing_core::ports::store::PageRequest;
use mailing_core::services::{ServicePorts, Services};
use mailing_core::testing::builders::mailing;
use mailing_core::testing::{KeepingCache, PlainHasher, PlainPictures, SeededEntropy};

use super::refusal;
use super::scene::Scene;

fn ports(scene: &Scene) -> ServicePorts {
    ServicePorts {
        store: Arc::new(scene.memory.clone()),
        clock: Arc::new(scene.clock.clone()),
        entropy: Arc::new(SeededEntropy::new(2)),
        hasher: Arc::new(PlainHasher),
        pictures: Arc::new(PlainPictures),
        cache: Arc::new(KeepingCache::default()),
        events: Events::default(),
        links: scene.links.clone(),
        seals: scene.seals.clone(),
    }
}

#[tokio::test]
async fn a_rehearsal_answers_and_changes_nothing() {
    let scene = Scene::new().await;
    let ports = ports(&scene);
    let mut heard = ports.events.listen();
    let rehearsal = Services::new(ports.rehearsal());
    let (actor, console) = (&scene.ann.actor, Actor::console());
    let planned = mailing().of(&scene.ann).saved(scene.store()).await.id;
    let disabled = rehearsal
        .moderation
        .disable(&console, planned, "spam")
        .await;
    assert_eq!(disabled.unwrap().status.name(), "disabled");
    let twice = rehearsal
        .moderation
        .disable(&console, planned, "spam")
        .await;
    assert!(twice.is_ok(), "the first time left nothing behind");
    rehearsal.mailings.delete(actor, planned).await.unwrap();
    rehearsal
        .suppressions
        .add(actor, "example.org")
        .await
        .unwrap();
    let shown = scene
        .services
        .mailings
        .show(actor, planned, 0)
        .await
        .unwrap();
    assert_eq!(shown.mailing.status.name(), "created");
    let request = PageRequest::first(9);
    let list = scene.services.suppressions.page(actor, &request);
    assert_eq!(list.await.unwrap().items, []);
    assert_eq!(scene.deeds(), [""; 0]);
    assert!(heard.try_recv().is_err(), "nobody is told");
}

#[tokio::test]
async fn a_rehearsal_refuses_as_the_real_one() {
    let scene = Scene::new().await;
    let rehearsal = Services::new(ports(&scene).rehearsal());
    let planned = mailing().of(&scene.ann).saved(scene.store()).await.id;
    let (actor, console) = (&scene.ann.actor, Actor::console());
    let denied = rehearsal.moderation.disable(actor, planned, "spam").await;
    assert_eq!(refusal(denied), "denied");
    let enabled = rehearsal.moderation.enable(&console, planned).await;
    assert_eq!(refusal(enabled), "mailing.state");
    rehearsal.system.ready().await.unwrap();
}
