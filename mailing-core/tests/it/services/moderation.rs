//! Managers stop mailings and users, and let them go on.

use mailing_core::audit::Deed;
use mailing_core::error::Error;
use mailing_core::events::Event;
use mailing_core::policy::Actor;
use mailing_core::run::{PauseReason, Run, RunState};
use mailing_core::testing::builders::{Owner, mailing, owner, run};
use mailing_core::user::{Role, User, UserState};

use super::scene::{PASSWORD, Scene, new_user};
use super::{refusal, signed_in};

async fn manager(scene: &Scene) -> Owner {
    owner().role(Role::Manager).saved(scene.store()).await
}

async fn stored(scene: &Scene, id: mailing_core::id::UserId) -> User {
    let mut unit = scene.store().read().await.unwrap();
    let system = mailing_core::testing::system();
    unit.users().find(&system, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn disabling_holds_runs_and_stands_in_the_owners_trail() {
    let scene = Scene::new().await;
    let boss = manager(&scene).await;
    let planned = mailing().of(&scene.ann).saved(scene.store()).await;
    let open = run().running(scene.store(), &scene.ann, &planned).await;
    let moderation = &scene.services.moderation;
    let mut heard = scene.events.listen();
    let disabled = moderation
        .disable(&boss.actor, planned.id, " spam ")
        .await
        .unwrap();
    assert_eq!((disabled.status.name(), disabled.version), ("disabled", 2));
    assert_eq!(heard.try_recv(), Ok(Event::MailingChanged(planned.id)));
    let (held, _) = scene
        .services
        .runs
        .show(&scene.ann.actor, open)
        .await
        .unwrap();
    let reason = PauseReason::Manager;
    assert_eq!(held.state, RunState::Paused { reason });
    let log = scene.memory.audit_log();
    assert_eq!((log.len(), log[0].deed), (1, Deed::DisableMailing));
    assert_eq!(log[0].owner, Some(scene.ann.id()));
    assert_eq!(log[0].reason.as_deref(), Some("spam"));
    let again = moderation.disable(&boss.actor, planned.id, "spam").await;
    assert_eq!(refusal(again), "mailing.state");

    let enabled = moderation.enable(&boss.actor, planned.id).await.unwrap();
    assert_eq!(enabled.status.disabled, None);
    let again = moderation.enable(&boss.actor, planned.id).await;
    assert_eq!(refusal(again), "mailing.state");
    assert_eq!(scene.deeds(), ["disable_mailing", "enable_mailing"]);
}

#[tokio::test]
async fn stopping_needs_a_reason_that_says_something() {
    let scene = Scene::new().await;
    let boss = manager(&scene).await.actor;
    let planned = mailing().of(&scene.ann).saved(scene.store()).await.id;
    let moderation = &scene.services.moderation;
    for (reason, refused) in [
        ("  ", "reason required"),
        ("spam\r\nBcc: eve", "reason control_character"),
        (&"x".repeat(501), "reason too_long"),
    ] {
        let disabled = moderation.disable(&boss, planned, reason).await;
        assert_eq!(refusal(disabled), refused);
        let blocked = moderation.block(&boss, scene.ann.id(), reason).await;
        assert_eq!(refusal(blocked), refused);
    }
    assert_eq!(scene.deeds(), [""; 0]);
}

#[tokio::test]
async fn a_blocked_user_is_signed_out_told_why_and_may_do_nothing() {
    let scene = Scene::new().await;
    let boss = manager(&scene).await.actor;
    let console = Actor::console();
    let new = new_user("eve@example.org");
    let eve = scene.services.accounts.create(&console, new).await.unwrap();
    let sign_in = &scene.services.sign_in;
    let signed = || sign_in.sign_in("eve@example.org", PASSWORD, "192.0.2.1", None);
    let token = signed_in(signed().await.unwrap());
    assert!(sign_in.who(&token).await.unwrap().is_some());

    let moderation = &scene.services.moderation;
    let mut heard = scene.events.listen();
    let blocked = moderation.block(&boss, eve.id, "spam").await.unwrap();
    assert!(!blocked.is_active());
    assert_eq!(heard.try_recv(), Ok(Event::UserChanged(eve.id)));
    assert!(sign_in.who(&token).await.unwrap().is_none());
    let Err(Error::Denied(refused)) = signed().await else {
        panic!("a blocked user has signed in");
    };
    assert_eq!(refused.code.as_str(), "user.blocked");
    assert_eq!(refused.params[0].1, "spam".into());
    let again = moderation.block(&boss, eve.id, "spam").await;
    assert_eq!(refusal(again), "user.blocked_already");
    let actor = Actor::user(&stored(&scene, eve.id).await);
    let lists = scene.services.recipients.lists(&actor).await;
    assert_eq!(refusal(lists), "denied");

    moderation.unblock(&boss, eve.id).await.unwrap();
    assert_eq!(stored(&scene, eve.id).await.state, UserState::Active);
    signed().await.unwrap();
    let again = moderation.unblock(&boss, eve.id).await;
    assert_eq!(refusal(again), "user.not_blocked");
}

#[tokio::test]
async fn a_manager_neither_blocks_nor_lets_go_on_themself_or_an_administrator() {
    let scene = Scene::new().await;
    let boss = manager(&scene).await;
    let root = owner().role(Role::Administrator);
    let root = root.saved(scene.store()).await;
    let moderation = &scene.services.moderation;
    let own = moderation.block(&boss.actor, boss.id(), "spam").await;
    assert_eq!(refusal(own), "user.yourself");
    let above = moderation.block(&boss.actor, root.id(), "spam").await;
    assert_eq!(refusal(above), "user.administrator");
    let administrator = moderation.block(&root.actor, scene.ann.id(), "spam").await;
    assert_eq!(refusal(administrator), "denied", "managers moderate");
    let console = Actor::console();
    let last = moderation.block(&console, root.id(), "left").await;
    assert_eq!(refusal(last), "user.last_administrator");
    let second = owner().role(Role::Administrator);
    second.saved(scene.store()).await;
    moderation.block(&console, root.id(), "left").await.unwrap();
    let above = moderation.unblock(&boss.actor, root.id()).await;
    assert_eq!(refusal(above), "user.administrator");
    moderation.unblock(&console, root.id()).await.unwrap();
    let nobody = mailing_core::testing::builders::id(mailing_core::testing::builders::start());
    let unknown = moderation.block(&console, nobody, "spam").await;
    assert_eq!(refusal(unknown), "not_found");
}

#[tokio::test]
async fn a_deleted_mailing_ends_its_runs_and_leaves_its_records() {
    let scene = Scene::new().await;
    let (services, actor) = (&scene.services, &scene.ann.actor);
    let planned = mailing().of(&scene.ann).saved(scene.store()).await;
    let open = run().running(scene.store(), &scene.ann, &planned).await;
    services.mailings.delete(actor, planned.id).await.unwrap();
    let shown = services.mailings.show(actor, planned.id, 1).await;
    assert_eq!(refusal(shown), "not_found");
    let again = services.mailings.delete(actor, planned.id).await;
    assert_eq!(refusal(again), "not_found");
    let (kept, _): (Run, _) = services.runs.show(actor, open).await.unwrap();
    assert_eq!(kept.state.name(), "stopping");
    assert_eq!(kept.state.reason(), Some("deleted"));
    let boss = manager(&scene).await.actor;
    let disabled = services.moderation.disable(&boss, planned.id, "spam").await;
    assert_eq!(refusal(disabled), "not_found");
    assert_eq!(scene.deeds(), ["delete_mailing"]);
}
