//! What managers see of other people's things, and what they do not.

use mailing_core::audit::Deed;
use mailing_core::ports::store::{AuditFilter, PageRequest, SupervisionFilter};
use mailing_core::testing::builders::{Owner, mailing, message, owner, recipient, run, sender};
use mailing_core::user::Role;

use super::refusal;
use super::scene::Scene;

async fn manager(scene: &Scene) -> Owner {
    owner().role(Role::Manager).saved(scene.store()).await
}

#[tokio::test]
async fn a_manager_reads_a_mailing_without_its_recipients() {
    let scene = Scene::new().await;
    let (boss, store) = (manager(&scene).await, scene.store());
    let eve = recipient().of(&scene.ann).at("eve@example.org");
    let eve = eve.saved(store).await;
    let from = sender().of(&scene.ann).at("news@example.org");
    let from = from.saved(store).await;
    let text = message().of(&scene.ann).subject("A prize").body("Take it");
    let text = text.saved(store).await;
    let planned = mailing().of(&scene.ann).named("Prize");
    let planned = planned.message(text.id).sender(from.id).to(&[eve.id]);
    let planned = planned.daily("2026-03-03T09:00").saved(store).await;
    run().running(store, &scene.ann, &planned).await;

    let supervision = &scene.services.supervision;
    let request = PageRequest::first(10);
    let shown = supervision.mailing(&boss.actor, planned.id, 3, &request);
    let shown = shown.await.unwrap();
    assert_eq!(shown.subject, "A prize");
    assert_eq!(shown.sender, Some(from));
    assert_eq!((shown.forecast.len(), shown.runs.items.len()), (3, 1));
    assert_eq!(shown.summary.volume.waiting, 1);
    assert!(!format!("{shown:?}").contains("eve@example.org"));
    let preview = supervision.preview(&boss.actor, planned.id).await.unwrap();
    assert_eq!(preview.recipient, None, "a made-up one reads it");
    assert_eq!(preview.version.content.subject.as_str(), "A prize");
    let own = supervision.preview(&scene.ann.actor, planned.id).await;
    assert_eq!(refusal(own), "denied", "this page is a manager's");
}

#[tokio::test]
async fn the_state_of_the_service_names_what_is_conspicuous_and_disabled() {
    let scene = Scene::new().await;
    let (boss, store) = (manager(&scene).await, scene.store());
    recipient().of(&scene.ann).saved(store).await;
    let planned = mailing().of(&scene.ann).named("Prize").saved(store).await;
    let open = run().running(store, &scene.ann, &planned).await;
    let supervision = &scene.services.supervision;
    let state = supervision.state(&boss.actor).await.unwrap();
    assert_eq!(state.running[0].run.id, open);
    assert_eq!((state.conspicuous.len(), state.disabled.len()), (0, 0));
    let moderation = &scene.services.moderation;
    moderation
        .disable(&boss.actor, planned.id, "spam")
        .await
        .unwrap();
    let state = supervision.state(&boss.actor).await.unwrap();
    assert_eq!(state.disabled[0].name.as_str(), "Prize");
    let summary = supervision.summary(&boss.actor, planned.id).await.unwrap();
    assert_eq!(summary, state.disabled[0]);
}

#[tokio::test]
async fn the_audit_log_tells_no_recipient() {
    let scene = Scene::new().await;
    let (boss, services) = (manager(&scene).await, &scene.services);
    let planned = mailing().of(&scene.ann).named("Prize");
    let planned = planned.saved(scene.store()).await;
    let barred = services
        .suppressions
        .add(&scene.ann.actor, "eve@example.org");
    barred.await.unwrap();
    let disabled = services.moderation.disable(&boss.actor, planned.id, "spam");
    disabled.await.unwrap();
    let (all, request) = (AuditFilter::default(), PageRequest::first(10));
    let log = services.supervision.audit(&boss.actor, &all, &request);
    let log = log.await.unwrap();
    assert!(!format!("{log:?}").contains("eve@example.org"));
    let names = services.supervision.names(&boss.actor, &log.items);
    let names = names.await.unwrap();
    let about = log
        .items
        .iter()
        .find(|l| l.entry.deed == Deed::DisableMailing);
    let about = about.unwrap();
    assert_eq!(names[&about.entry.subject.parse().unwrap()], "Prize");
    assert_eq!(about.entry.reason.as_deref(), Some("spam"));
    assert_eq!(about.owner.as_ref(), Some(&scene.ann.user.email));
    let own = services.supervision.audit(&scene.ann.actor, &all, &request);
    assert_eq!(refusal(own.await), "denied");
}

#[tokio::test]
async fn a_user_is_shown_with_what_the_user_does() {
    let scene = Scene::new().await;
    let boss = manager(&scene).await;
    mailing().of(&scene.ann).saved(scene.store()).await;
    let supervision = &scene.services.supervision;
    let shown = supervision.user(&boss.actor, scene.ann.id()).await.unwrap();
    assert_eq!(shown.user.email, scene.ann.user.email);
    assert_eq!((shown.activity.mailings, shown.activity.active), (1, 1));
    let filter = SupervisionFilter {
        owner: Some(scene.ann.id()),
        ..SupervisionFilter::default()
    };
    let request = PageRequest::first(5);
    let page = supervision.mailings(&boss.actor, &filter, &request);
    assert_eq!(page.await.unwrap().items.len(), 1);
    let nobody = mailing_core::testing::builders::id(mailing_core::testing::builders::start());
    let unknown = supervision.user(&boss.actor, nobody).await;
    assert_eq!(refusal(unknown), "not_found");
}
