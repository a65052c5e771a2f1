//! The lines about accounts as calls.

use mailing_core::policy::Actor;
use mailing_core::ports::store::PageRequest;
use mailing_core::schedule::Zone;
use mailing_core::services::{NewAccount, ProfileDraft, Services};
use mailing_core::user::{Language, LinkToken, TokenHash};

use super::things::Things;
use crate::services::scene::PASSWORD;

pub(super) async fn call_own(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
) -> String {
    let Services {
        own,
        second_factors,
        takeout,
        ..
    } = services;
    let foreign = TokenHash([7; 32]);
    match method {
        "own_account.show" => theirs.answered(own.show(actor).await),
        "own_account.edit" => {
            let draft = ProfileDraft {
                zone: "Mars".to_owned(),
                ..ProfileDraft::default()
            };
            theirs.answered(own.edit(actor, &draft).await)
        }
        "own_account.avatar" => theirs.answered(own.avatar(actor).await),
        "own_account.put_avatar" => theirs.answered(own.put_avatar(actor, b"text".to_vec()).await),
        "own_account.remove_avatar" => theirs.answered(own.remove_avatar(actor).await),
        "own_account.change_password" => {
            theirs.answered(own.change_password(actor, "guessed", PASSWORD).await)
        }
        "own_account.change_address" => {
            theirs.answered(own.change_address(actor, "nobody", "guessed").await)
        }
        "own_account.sessions" => theirs.answered(own.sessions(actor).await),
        "own_account.end_session" => theirs.answered(own.end_session(actor, foreign).await),
        "own_account.end_others" => theirs.answered(own.end_others(actor, foreign).await),
        "own_account.trail" => theirs.answered(own.trail(actor, &PageRequest::first(10)).await),
        "own_account.delete" => theirs.answered(own.delete(actor, "guessed").await),
        "second_factors.state" => theirs.answered(second_factors.state(actor).await),
        "second_factors.begin" => theirs.answered(second_factors.begin(actor, "M").await),
        "second_factors.setup" => theirs.answered(second_factors.setup(actor, "M").await),
        "second_factors.confirm" => {
            theirs.answered(second_factors.confirm(actor, "123").await.map(|_| ()))
        }
        "second_factors.disable" => {
            theirs.answered(second_factors.disable(actor, "guessed", "123").await)
        }
        "second_factors.reset" => {
            theirs.answered(second_factors.reset(actor, theirs.owner.id()).await)
        }
        "takeout.begin" => theirs.answered(takeout.begin(actor).await.map(|_| ())),
        "takeout.piece" => {
            let piece = match takeout.begin(actor).await {
                Ok(mut file) => file.piece().await,
                Err(error) => Err(error),
            };
            theirs.answered(piece.map(|lines| String::from_utf8(lines.unwrap()).unwrap()))
        }
        _ => "not in the walk".to_owned(),
    }
}

pub(super) async fn call_links(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
) -> String {
    let email = theirs.owner.user.email.as_str();
    let forged = LinkToken::presented("forged");
    let Services {
        confirmations,
        passwords,
        registration,
        ..
    } = services;
    match method {
        "confirmations.look" => theirs.answered(confirmations.look(&forged).await),
        "confirmations.confirm" => theirs.answered(confirmations.confirm(&forged, None).await),
        "passwords.ask" => theirs.answered(passwords.ask(email, "192.0.2.1").await),
        "passwords.look" => theirs.answered(passwords.look(&forged).await),
        "passwords.set" => theirs.answered(passwords.set(&forged, PASSWORD).await),
        "registration.invite" => {
            let invited = services
                .registration
                .invite(actor, "new@example.org", Language::En);
            theirs.answered(invited.await)
        }
        "registration.register" => {
            let new = NewAccount {
                email: email.to_owned(),
                password: PASSWORD.to_owned(),
                zone: Zone::utc(),
                language: Language::En,
            };
            theirs.answered(registration.register(&new, "192.0.2.1", None).await)
        }
        "registration.resend" => theirs.answered(registration.resend(actor, None).await),
        _ => "not in the walk".to_owned(),
    }
}
