//! Users and senders.

use std::collections::BTreeSet;

use mailing_core::policy::{Actor, Who};
use mailing_core::ports::store::{PageRequest, UserFilter};
use mailing_core::testing::builders::{id, mailing, owner, start};
use mailing_core::testing::system;
use mailing_core::user::Role;

use super::scene::{PASSWORD, Scene, new_user};
use super::{refusal, signed_in};

#[tokio::test]
async fn a_new_user_is_an_owner_with_a_verified_sender() {
    let scene = Scene::new().await;
    let mut new = new_user("Eve@example.org");
    new.name = "Eve".into();
    new.roles = BTreeSet::from([Role::Manager]);
    let accounts = &scene.services.accounts;
    let user = accounts.create(&Actor::console(), new).await.unwrap();
    assert_eq!(user.roles, BTreeSet::from([Role::Owner, Role::Manager]));
    assert_eq!(user.verified_at, Some(start()));
    assert_eq!(user.password.reveal(), format!("new {PASSWORD}"));
    let senders = scene
        .services
        .senders
        .list(&Actor::user(&user))
        .await
        .unwrap();
    assert_eq!(senders.len(), 1);
    assert_eq!(
        (&senders[0].mailbox.name, &senders[0].mailbox.address),
        (&user.name, &user.email)
    );
    assert!(senders[0].verified_at.is_some());
    assert_eq!(scene.deeds(), ["create_user"]);
}

#[tokio::test]
async fn a_user_that_cannot_be_made_is_refused_with_all_faults() {
    let scene = Scene::new().await;
    let console = Actor::console();
    let accounts = &scene.services.accounts;
    let mut bad = new_user("nobody");
    bad.name = "E\nve".into();
    bad.password = "short".into();
    assert_eq!(
        refusal(accounts.create(&console, bad).await),
        "email address.no_at, name control_character, password password.too_short"
    );
    accounts
        .create(&console, new_user("eve@example.org"))
        .await
        .unwrap();
    assert_eq!(
        refusal(accounts.create(&console, new_user("EVE@Example.org")).await),
        "email user.exists"
    );
    let own = new_user("longenoughname@example.org");
    let own = mailing_core::services::NewUser {
        password: own.email.clone(),
        ..own
    };
    assert_eq!(
        refusal(accounts.create(&console, own).await),
        "password password.common"
    );
    assert_eq!(scene.deeds(), ["create_user"]);
}

#[tokio::test]
async fn users_are_found_by_address_and_by_their_mailings() {
    let scene = Scene::new().await;
    let (accounts, console) = (&scene.services.accounts, Actor::console());
    let bob = owner().at("bob@example.org").saved(scene.store()).await;
    let planned = mailing().of(&bob).saved(scene.store()).await;
    let named = accounts.named(&console, "BOB@example.org").await.unwrap();
    assert_eq!(named.id, bob.id());
    let of = accounts.owner_of(&console, planned.id).await.unwrap();
    assert_eq!(of.id, bob.id());
    for unknown in ["bob", "eve@example.org"] {
        assert_eq!(
            refusal(accounts.named(&console, unknown).await),
            "as user.unknown"
        );
    }
    assert_eq!(
        refusal(accounts.owner_of(&console, id(start())).await),
        "not_found"
    );
}

#[tokio::test]
async fn users_are_listed_page_by_page() {
    let scene = Scene::new().await;
    for name in ["a", "b", "c"] {
        let user = owner().at(&format!("{name}@example.org"));
        user.saved(scene.store()).await;
    }
    let (accounts, console) = (&scene.services.accounts, Actor::console());
    let first = accounts
        .page(&console, &UserFilter::default(), &PageRequest::first(3))
        .await
        .unwrap();
    let rest = PageRequest::first(3).after(first.next.clone());
    let rest = accounts
        .page(&console, &UserFilter::default(), &rest)
        .await
        .unwrap();
    let all: Vec<_> = first
        .items
        .iter()
        .chain(&rest.items)
        .map(|u| u.email.as_str())
        .collect();
    assert_eq!(
        all[..3],
        ["a@example.org", "b@example.org", "c@example.org"]
    );
    assert_eq!((all.len(), rest.next), (4, None));
}

#[tokio::test]
async fn only_the_console_says_that_a_sender_is_verified() {
    let scene = Scene::new().await;
    let senders = &scene.services.senders;
    let actor = &scene.ann.actor;
    let claimed = senders.add(actor, "boss@example.com", "Boss", true).await;
    assert_eq!(refusal(claimed), "denied");
    let plain = senders
        .add(actor, "me@example.com", "", false)
        .await
        .unwrap();
    assert_eq!(plain.verified_at, None);
    let console = Actor::console_as(&scene.ann.user);
    let known = senders
        .add(&console, "shop@example.com", "Лавка", true)
        .await
        .unwrap();
    assert_eq!(known.verified_at, Some(start()));
    let again = senders.add(actor, "SHOP@example.com", "", false).await;
    assert_eq!(refusal(again), "address sender.exists");
    let bad = senders.add(actor, "shop", "La\u{0}vka", false).await;
    assert_eq!(
        refusal(bad),
        "address address.no_at, name control_character"
    );
    assert_eq!(senders.list(actor).await.unwrap(), [plain.clone(), known]);
    assert_eq!(
        refusal(senders.verify(actor, "me@example.com").await),
        "denied"
    );
    let absent = senders.verify(&console, "nobody@example.com").await;
    assert_eq!(refusal(absent), "not_found");
    let verified = senders.verify(&console, "ME@example.com").await.unwrap();
    assert_eq!(
        (verified.id, verified.verified_at),
        (plain.id, Some(start()))
    );
    scene.minutes(1);
    let again = senders.verify(&console, "me@example.com").await.unwrap();
    assert_eq!(again, verified, "verified once");
    let bob = owner().saved(scene.store()).await;
    let foreign = Actor::console_as(&bob.user);
    let foreign = senders.verify(&foreign, "me@example.com").await;
    assert_eq!(refusal(foreign), "not_found");
}

#[tokio::test]
async fn the_console_acts_for_an_owner_only_when_it_names_one() {
    let scene = Scene::new().await;
    let mut administrating_owner = owner().role(Role::Administrator).build();
    administrating_owner.id = scene.ann.id();
    let named = Actor::console_as(&administrating_owner);
    assert_eq!(
        refusal(scene.services.recipients.counts(&named).await),
        "done"
    );
    assert_eq!(
        refusal(scene.services.recipients.counts(&Actor::console()).await),
        "denied"
    );
    let recipients = &scene.services.recipients;
    recipients.create_list(&named, "Friends").await.unwrap();
    let log = scene.memory.audit_log();
    let told = (log.len(), log[0].who, log[0].owner);
    assert_eq!(told, (1, Who::Console, Some(scene.ann.id())));
}

#[tokio::test]
async fn the_state_of_the_service_is_the_administrators() {
    let scene = Scene::new().await;
    let system_state = &scene.services.system;
    system_state.ready().await.unwrap();
    let report = system_state.check_ledger(&Actor::console()).await.unwrap();
    assert_eq!(
        report,
        scene.store().ledger().check(&system()).await.unwrap()
    );
    scene.moods.down(true);
    assert_eq!(refusal(system_state.ready().await), "store.unavailable");
}

#[tokio::test]
async fn roles_are_given_and_taken_and_old_sessions_end() {
    let scene = Scene::new().await;
    let (accounts, console) = (&scene.services.accounts, Actor::console());
    let new = new_user("eve@example.org");
    let eve = accounts.create(&console, new).await.unwrap();
    let sign_in = &scene.services.sign_in;
    let signed = sign_in.sign_in("eve@example.org", PASSWORD, "192.0.2.1", None);
    let token = signed_in(signed.await.unwrap());
    let roles = BTreeSet::from([Role::Administrator]);
    let raised = accounts.set_roles(&console, eve.id, &roles).await.unwrap();
    let expected = BTreeSet::from([Role::Owner, Role::Administrator]);
    assert_eq!(raised.roles, expected);
    assert!(sign_in.who(&token).await.unwrap().is_none());
    let log = scene.memory.audit_log();
    let told = log.iter().find_map(|entry| entry.reason.as_deref());
    assert_eq!(told, Some("owner, administrator"));

    let actor = Actor::user(&raised);
    let own = accounts.set_roles(&actor, eve.id, &BTreeSet::new()).await;
    assert_eq!(refusal(own), "user.yourself");
    let keeping = BTreeSet::from([Role::Administrator, Role::Manager]);
    accounts.set_roles(&actor, eve.id, &keeping).await.unwrap();
    let second = owner().role(Role::Administrator);
    second.saved(scene.store()).await;
    let none = BTreeSet::new();
    let lowered = accounts.set_roles(&console, eve.id, &none);
    assert_eq!(lowered.await.unwrap().roles, BTreeSet::from([Role::Owner]));
}

#[tokio::test]
async fn a_password_is_set_anew_on_the_console_alone() {
    let scene = Scene::new().await;
    let (accounts, console) = (&scene.services.accounts, Actor::console());
    let new = new_user("eve@example.org");
    let eve = accounts.create(&console, new).await.unwrap();
    let sign_in = &scene.services.sign_in;
    let other = "nine purple otters hum";
    let signed = |password| sign_in.sign_in("eve@example.org", password, "192.0.2.1", None);
    let token = signed_in(signed(PASSWORD).await.unwrap());
    let root = owner().role(Role::Administrator);
    let root = root.saved(scene.store()).await.actor;
    let remote = accounts.reset_password(&root, eve.id, other).await;
    assert_eq!(refusal(remote), "denied");
    let short = accounts.reset_password(&console, eve.id, "short").await;
    assert_eq!(refusal(short), "password password.too_short");
    let own = accounts.reset_password(&console, eve.id, "eve@example.org");
    assert_eq!(refusal(own.await), "password password.common");
    for _ in 0..10 {
        signed("guessed").await.unwrap_err();
    }
    assert_eq!(refusal(signed(PASSWORD).await), "sign_in.throttled");

    accounts
        .reset_password(&console, eve.id, other)
        .await
        .unwrap();
    assert!(sign_in.who(&token).await.unwrap().is_none());
    assert_eq!(refusal(signed(PASSWORD).await), "sign_in.failed");
    signed(other).await.unwrap();
}

#[tokio::test]
async fn somebody_is_left_who_gives_roles() {
    let scene = Scene::new().await;
    let (accounts, console) = (&scene.services.accounts, Actor::console());
    let mut new = new_user("root@example.org");
    new.roles = [Role::Administrator].into();
    let root = accounts.create(&console, new).await.unwrap();
    let nothing = BTreeSet::new();
    let last = accounts.set_roles(&console, root.id, &nothing).await;
    assert_eq!(refusal(last), "user.last_administrator");
    let root_actor = Actor::user(&root);
    let gone = scene.services.own.delete(&root_actor, PASSWORD);
    assert_eq!(refusal(gone.await), "user.last_administrator");
    let both = [Role::Administrator, Role::Manager].into();
    accounts.set_roles(&console, root.id, &both).await.unwrap();

    let second = owner().role(Role::Administrator);
    let second = second.saved(scene.store()).await;
    let taken = accounts.set_roles(&second.actor, root.id, &nothing).await;
    assert_eq!(taken.unwrap().roles, [Role::Owner].into());
    let own = accounts.set_roles(&second.actor, second.id(), &nothing);
    assert_eq!(refusal(own.await), "user.yourself");
}
