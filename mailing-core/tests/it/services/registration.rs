//! Accounts that people make themselves, and the links that prove an address (A1, S4, S37).

use mailing_core::letter::Letter;
use mailing_core::policy::Actor;
use mailing_core::schedule::Zone;
use mailing_core::services::{Confirmation, NewAccount};
use mailing_core::testing::builders::{address, owner};
use mailing_core::testing::system;
use mailing_core::user::{Language, LinkToken, RegistrationMode, SessionToken, TokenHash, User};

use super::refusal;
use super::scene::{PASSWORD, Scene};

const CLIENT: &str = "192.0.2.1";
const BROWSER: Option<TokenHash> = Some(TokenHash([1; 32]));

fn account(email: &str) -> NewAccount {
    NewAccount {
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        zone: Zone::utc(),
        language: Language::Ru,
    }
}

async fn register(scene: &Scene, email: &str) -> String {
    let registration = &scene.services.registration;
    refusal(
        registration
            .register(&account(email), CLIENT, BROWSER)
            .await,
    )
}

async fn user(scene: &Scene, email: &str) -> Option<User> {
    let mut unit = scene.store().read().await.unwrap();
    let (scope, email) = (system(), address(email));
    unit.users().find_by_email(&scope, &email).await.unwrap()
}

/// Registers, and takes the token out of the letter.
async fn registered(scene: &Scene, email: &str) -> LinkToken {
    assert_eq!(register(scene, email).await, "done");
    match scene.letters().await.pop() {
        Some((_, Letter::VerifyAddress { token })) => token,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_new_account_can_look_but_not_send_until_its_address_is_proved() {
    let scene = Scene::new().await;
    assert_eq!(register(&scene, "Eve@example.org").await, "done");
    let eve = user(&scene, "eve@example.org").await.unwrap();
    assert_eq!((eve.verified_at, eve.language), (None, Language::Ru));
    let letters = scene.letters().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].0, "Eve@example.org");
    let senders = &scene.services.senders;
    assert_eq!(senders.list(&Actor::user(&eve)).await.unwrap(), []);
    let signed_in = scene
        .services
        .sign_in
        .sign_in("eve@example.org", PASSWORD, CLIENT, None);
    assert!(signed_in.await.is_ok());

    let Letter::VerifyAddress { token } = &letters[0].1 else {
        panic!("{letters:?}");
    };
    let confirmations = &scene.services.confirmations;
    let asked = confirmations.look(token).await.unwrap();
    assert_eq!(asked, Confirmation::Address(address("eve@example.org")));
    assert_eq!(
        user(&scene, "eve@example.org").await.unwrap().verified_at,
        None
    );
    confirmations.confirm(token, None).await.unwrap();
    let eve = user(&scene, "eve@example.org").await.unwrap();
    assert_eq!(eve.verified_at, Some(scene.now()));
    let own = senders.list(&Actor::user(&eve)).await.unwrap();
    assert_eq!((own.len(), own[0].verified_at), (1, eve.verified_at));
    assert_eq!(scene.deeds(), ["register", "sign_in", "verify_address"]);
    assert_eq!(
        refusal(confirmations.confirm(token, None).await),
        "not_found"
    );
    assert_eq!(refusal(confirmations.look(token).await), "not_found");
}

#[tokio::test]
async fn only_the_browser_that_registered_is_signed_in_by_the_link() {
    let scene = Scene::new().await;
    let confirmations = &scene.services.confirmations;
    for (email, browser, expected) in [
        ("a@example.org", BROWSER, true),
        ("b@example.org", Some(TokenHash([2; 32])), false),
        ("c@example.org", None, false),
    ] {
        let token = registered(&scene, email).await;
        let confirmed = confirmations.confirm(&token, browser).await.unwrap();
        assert_eq!(confirmed.session.is_some(), expected, "{email}");
        if let Some(session) = confirmed.session {
            let who = scene.services.sign_in.who(&session).await.unwrap();
            assert_eq!(who.unwrap().user.email.as_str(), email);
        }
    }
}

#[tokio::test]
async fn a_known_address_gets_the_same_answer_and_another_letter() {
    let scene = Scene::new().await;
    let known = scene.ann.user.email.as_str().to_owned();
    let before = scene.moods.commits();
    assert_eq!(register(&scene, &known).await, "done");
    assert_eq!(scene.moods.commits() - before, 1);
    let letters = scene.letters().await;
    assert_eq!(letters, [(known, Letter::AlreadyRegistered)]);
    let user = user(&scene, scene.ann.user.email.as_str()).await.unwrap();
    assert_eq!(user.password, scene.ann.user.password);
    assert!(scene.deeds().is_empty());
}

#[tokio::test]
async fn what_cannot_be_an_account_is_refused_with_all_faults() {
    let scene = Scene::new().await;
    let registration = &scene.services.registration;
    let mut bad = account("nobody");
    bad.password = "short".to_owned();
    assert_eq!(
        refusal(registration.register(&bad, CLIENT, None).await),
        "email address.no_at, password password.too_short"
    );
    let mut own = account("longenoughname@example.org");
    own.password.clone_from(&own.email);
    assert_eq!(
        refusal(registration.register(&own, CLIENT, None).await),
        "password password.common"
    );
    assert_eq!(scene.letters().await, []);
}

#[tokio::test]
async fn a_link_is_over_after_a_day_and_when_a_newer_one_was_sent() {
    let scene = Scene::new().await;
    let confirmations = &scene.services.confirmations;
    let old = registered(&scene, "eve@example.org").await;
    let eve = user(&scene, "eve@example.org").await.unwrap();
    let actor = Actor::user(&eve);
    let registration = &scene.services.registration;
    registration.resend(&actor, None).await.unwrap();
    assert_eq!(refusal(confirmations.look(&old).await), "not_found");
    let Some((_, Letter::VerifyAddress { token })) = scene.letters().await.pop() else {
        panic!("no letter");
    };
    scene.minutes(24 * 60);
    assert_eq!(
        refusal(confirmations.confirm(&token, None).await),
        "not_found"
    );
    registration.resend(&actor, None).await.unwrap();
    let Some((_, Letter::VerifyAddress { token })) = scene.letters().await.pop() else {
        panic!("no letter");
    };
    confirmations.confirm(&token, None).await.unwrap();
    assert_eq!(
        refusal(registration.resend(&actor, None).await),
        "user.verified"
    );
}

#[tokio::test]
async fn a_blocked_user_gains_nothing_by_an_old_link() {
    let scene = Scene::new().await;
    let token = registered(&scene, "eve@example.org").await;
    let eve = user(&scene, "eve@example.org").await.unwrap();
    let moderation = &scene.services.moderation;
    moderation
        .block(&Actor::console(), eve.id, "spam")
        .await
        .unwrap();
    let confirmations = &scene.services.confirmations;
    assert_eq!(refusal(confirmations.look(&token).await), "user.blocked");
    let confirmed = confirmations.confirm(&token, BROWSER).await;
    assert_eq!(refusal(confirmed), "user.blocked");
    let eve = user(&scene, "eve@example.org").await.unwrap();
    assert!(!eve.is_active() && eve.verified_at.is_none());
}

#[tokio::test]
async fn letters_to_one_address_and_requests_of_one_client_have_a_limit() {
    let scene = Scene::new().await;
    for _ in 0..8 {
        assert_eq!(register(&scene, "eve@example.org").await, "done");
    }
    assert_eq!(scene.letters().await.len(), 5, "the rest is not told");
    for n in 8..30 {
        assert_eq!(register(&scene, &format!("n{n}@example.org")).await, "done");
    }
    assert_eq!(
        register(&scene, "last@example.org").await,
        "too_many_requests"
    );
    let registration = &scene.services.registration;
    let new = account("z@example.org");
    let other = registration.register(&new, "192.0.2.2", None);
    assert_eq!(refusal(other.await), "done");
    scene.minutes(60);
    assert_eq!(register(&scene, "last@example.org").await, "done");
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_once_by_the_newest_link() {
    let scene = Scene::new().await;
    let passwords = &scene.services.passwords;
    let eve = owner()
        .at("eve@example.org")
        .unverified()
        .saved(scene.store())
        .await;
    let session = session(&scene, eve.id()).await;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        passwords.ask("EVE@example.org", CLIENT).await.unwrap();
        match scene.letters().await.pop() {
            Some((_, Letter::ResetPassword { token })) => tokens.push(token),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(refusal(passwords.look(&tokens[0]).await), "not_found");
    assert_eq!(passwords.look(&tokens[1]).await.unwrap(), eve.user.email);
    assert_eq!(
        refusal(passwords.set(&tokens[1], "short").await),
        "password password.too_short"
    );
    let user = passwords.set(&tokens[1], PASSWORD).await.unwrap();
    assert_eq!(
        user.verified_at,
        Some(scene.now()),
        "the link proves the address"
    );
    assert_eq!(user.password.reveal(), format!("new {PASSWORD}"));
    let who = scene.services.sign_in.who(&session).await.unwrap();
    assert!(who.is_none(), "all sessions end");
    assert_eq!(
        refusal(passwords.set(&tokens[1], PASSWORD).await),
        "not_found"
    );
    let letters = scene.letters().await;
    assert_eq!(
        letters,
        [("eve@example.org".to_owned(), Letter::PasswordChanged)]
    );
    assert_eq!(scene.deeds(), ["reset_password"]);
}

#[tokio::test]
async fn a_link_for_a_password_is_over_after_half_an_hour_and_confirms_nothing() {
    let scene = Scene::new().await;
    let passwords = &scene.services.passwords;
    passwords
        .ask(scene.ann.user.email.as_str(), CLIENT)
        .await
        .unwrap();
    let Some((_, Letter::ResetPassword { token })) = scene.letters().await.pop() else {
        panic!("no letter");
    };
    let confirmations = &scene.services.confirmations;
    assert_eq!(
        refusal(confirmations.confirm(&token, None).await),
        "not_found"
    );
    scene.minutes(30);
    assert_eq!(refusal(passwords.set(&token, PASSWORD).await), "not_found");
    let verify = registered(&scene, "eve@example.org").await;
    assert_eq!(refusal(passwords.set(&verify, PASSWORD).await), "not_found");
}

#[tokio::test]
async fn nothing_tells_whether_a_forgotten_password_has_an_account() {
    let scene = Scene::new().await;
    let blocked = owner()
        .at("b@example.org")
        .blocked()
        .saved(scene.store())
        .await;
    let passwords = &scene.services.passwords;
    for email in [blocked.user.email.as_str(), "nobody@example.org"] {
        let before = scene.moods.commits();
        assert_eq!(refusal(passwords.ask(email, CLIENT).await), "done");
        assert_eq!(scene.moods.commits() - before, 1, "as much work: {email}");
    }
    assert_eq!(scene.letters().await, []);
    assert_eq!(
        refusal(passwords.ask("nobody", CLIENT).await),
        "email address.no_at"
    );
}

async fn session(scene: &Scene, user: mailing_core::id::UserId) -> SessionToken {
    let token = SessionToken::presented("a session");
    let session = mailing_core::user::Session {
        token: token.hash(),
        user,
        created_at: scene.now(),
        seen_at: scene.now(),
        device: None,
    };
    let mut unit = scene.store().write().await.unwrap();
    unit.sessions().insert(&system(), &session).await.unwrap();
    unit.commit().await.unwrap();
    token
}

#[tokio::test]
async fn who_may_make_an_account_is_decided_by_the_mode() {
    let scene = Scene::new().await;
    let new = account("new@example.org");
    for (mode, invites) in [
        (RegistrationMode::Invitation, true),
        (RegistrationMode::Closed, false),
    ] {
        let registration = scene.services.registration.clone().in_mode(mode);
        let refused = registration.register(&new, "192.0.2.1", None).await;
        assert_eq!(refusal(refused), "registration.closed");
        let email = format!("{invites}@example.org");
        let console = Actor::console();
        let invited = registration.invite(&console, &email, Language::Ru);
        assert_eq!(invited.await.is_ok(), invites, "{mode:?}");
    }
    assert_eq!(scene.letters().await.len(), 1);
}

#[tokio::test]
async fn whoever_is_invited_chooses_the_password_and_has_proved_the_address() {
    let scene = Scene::new().await;
    let (services, console) = (&scene.services, Actor::console());
    let registration = &services.registration;
    let own = registration.invite(&scene.ann.actor, "eve@example.org", Language::En);
    assert_eq!(refusal(own.await), "denied");
    let wrong = registration.invite(&console, "eve", Language::En).await;
    assert_eq!(refusal(wrong), "email address.no_at");
    let invite = || registration.invite(&console, "eve@example.org", Language::En);
    let eve = invite().await.unwrap();
    assert_eq!(eve.verified_at, None);
    assert_eq!(refusal(invite().await), "email user.exists");
    let sign_in = |password: &'static str| async move {
        let sign_in = &services.sign_in;
        sign_in
            .sign_in("eve@example.org", password, "192.0.2.1", None)
            .await
    };
    assert_eq!(refusal(sign_in("").await), "sign_in.failed");
    let (to, letter) = scene.letters().await.remove(0);
    let Letter::Invited { token } = letter else {
        panic!("{letter:?}")
    };
    assert_eq!(to, "eve@example.org");
    let known = services.passwords.set(&token, PASSWORD).await.unwrap();
    assert!(known.verified_at.is_some());
    assert!(sign_in(PASSWORD).await.is_ok());
    let again = services.passwords.set(&token, PASSWORD).await;
    assert_eq!(refusal(again), "not_found", "a link works once");
}
