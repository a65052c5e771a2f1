//! Every method of the services, met by people who have no business there.

use std::collections::BTreeSet;
use std::fmt::Debug;

use mailing_core::error::Error;
use mailing_core::id::{ListId, MailingId, MessageId, RecipientId, RunId, SenderId};
use mailing_core::mailing::{AudienceChoice, MailingDraft};
use mailing_core::policy::Actor;
use mailing_core::ports::store::{
    DeliveryFilter, MailingFilter, OwnerCounts, PageRequest, RecipientFilter, RunFilter,
};
use mailing_core::recipient::RecipientDraft;
use mailing_core::services::{ImportOptions, NewUser, Services};
use mailing_core::testing::builders::{
    Owner, list, mailing, message, owner, recipient, run, sender,
};
use mailing_core::user::{Role, SessionToken};

use super::mailings::draft;
use super::messages::written;
use super::refusal;
use super::scene::{Scene, new_user};

/// A method; what another owner gets who names Ann's things in it; what somebody gets who has no
/// role at all. Where a method takes several references, each has its line. An answer
/// that names one of Ann's things is "told".
const METHODS: &[(&str, &str, &str)] = &[
    ("accounts.create", "denied", "denied"),
    ("accounts.named", "denied", "denied"),
    ("accounts.owner_of", "denied", "denied"),
    ("accounts.page", "denied", "denied"),
    ("home.counts", "done", "done"),
    ("home.own_counts", "nothing", "denied"),
    ("imports.run", "done", "denied"),
    (
        "mailings.create message",
        "message message.unknown",
        "denied",
    ),
    ("mailings.create sender", "sender sender.unknown", "denied"),
    ("mailings.create lists", "audience list.unknown", "denied"),
    (
        "mailings.create chosen",
        "audience mailing.unknown_chosen",
        "denied",
    ),
    ("mailings.launch", "not_found", "denied"),
    ("mailings.pause", "not_found", "denied"),
    ("mailings.resume", "not_found", "denied"),
    ("mailings.finish", "not_found", "denied"),
    ("mailings.send_now", "not_found", "denied"),
    ("mailings.show", "not_found", "denied"),
    ("mailings.page", "done", "denied"),
    ("messages.create", "done", "denied"),
    ("messages.edit", "not_found", "denied"),
    ("messages.delete", "not_found", "denied"),
    ("messages.show", "not_found", "denied"),
    ("messages.preview message", "not_found", "denied"),
    ("messages.preview recipient", "not_found", "denied"),
    ("messages.page", "done", "denied"),
    ("recipients.add", "not_found", "denied"),
    ("recipients.delete", "not_found", "denied"),
    ("recipients.show", "not_found", "denied"),
    ("recipients.page", "done", "denied"),
    ("recipients.page list", "done", "denied"),
    ("recipients.counts", "nothing", "denied"),
    ("recipients.named", "recipients recipient.unknown", "denied"),
    ("recipients.create_list", "done", "denied"),
    ("recipients.lists", "done", "denied"),
    ("recipients.list_named", "list list.unknown", "denied"),
    ("runs.page", "done", "denied"),
    ("runs.page mailing", "done", "denied"),
    ("runs.show", "not_found", "denied"),
    ("runs.deliveries", "not_found", "denied"),
    ("runs.attempts", "not_found", "denied"),
    ("senders.add", "done", "denied"),
    ("senders.list", "done", "denied"),
    // These know no actor: who holds a token is who it was made for.
    ("sign_in.sign_in", "sign_in.failed", "sign_in.failed"),
    ("sign_in.sign_out", "done", "done"),
    ("sign_in.who", "done", "done"),
    ("sign_in.purge", "done", "done"),
    ("system.ready", "done", "done"),
    ("system.check_ledger", "denied", "denied"),
    ("unsubscribe.look", "not_found", "not_found"),
    ("unsubscribe.confirm", "not_found", "not_found"),
    ("unsubscribe.undo", "not_found", "not_found"),
];

/// The source of every service, to see that no method is forgotten above.
const SOURCES: &[(&str, &str)] = &[
    (
        "accounts",
        include_str!("../../../src/services/accounts.rs"),
    ),
    ("home", include_str!("../../../src/services/home.rs")),
    (
        "imports",
        include_str!("../../../src/services/imports/mod.rs"),
    ),
    (
        "mailings",
        include_str!("../../../src/services/mailings/mod.rs"),
    ),
    (
        "messages",
        include_str!("../../../src/services/messages.rs"),
    ),
    (
        "recipients",
        include_str!("../../../src/services/recipients.rs"),
    ),
    ("runs", include_str!("../../../src/services/runs.rs")),
    ("senders", include_str!("../../../src/services/senders.rs")),
    ("sign_in", include_str!("../../../src/services/sign_in.rs")),
    ("system", include_str!("../../../src/services/system.rs")),
    (
        "unsubscribe",
        include_str!("../../../src/services/unsubscribe.rs"),
    ),
];

#[test]
fn every_method_of_every_service_is_in_the_walk() {
    let services = include_str!("../../../src/services/mod.rs");
    let modules: BTreeSet<_> = services
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .filter(|module| *module != "ports")
        .collect();
    assert_eq!(modules, SOURCES.iter().map(|(name, _)| *name).collect());
    let there: BTreeSet<_> = SOURCES
        .iter()
        .flat_map(|(name, source)| methods(name, source))
        .collect();
    let walked: BTreeSet<_> = METHODS
        .iter()
        .filter_map(|(method, ..)| method.split(' ').next())
        .map(str::to_owned)
        .collect();
    assert_eq!(there, walked);
}

fn methods(service: &str, source: &str) -> Vec<String> {
    let names = source.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix("pub async fn ")?;
        rest.split(['(', '<']).next()
    });
    names.map(|name| format!("{service}.{name}")).collect()
}

#[tokio::test]
async fn another_owner_finds_and_changes_nothing() {
    let scene = Scene::new().await;
    let bob = owner().saved(scene.store()).await;
    let anns = Things::of(&scene, &scene.ann).await;
    let bobs = Needed {
        message: message().of(&bob).saved(scene.store()).await.id,
        sender: sender().of(&bob).saved(scene.store()).await.id,
    };
    let before = anns.told(&scene).await;
    for (method, expected, _) in METHODS {
        let entries = scene.memory.audit_log().len();
        let answer = call(method, &scene.services, &bob.actor, &anns, &bobs).await;
        assert_eq!(answer, *expected, "{method}");
        assert_eq!(anns.told(&scene).await, before, "{method}");
        if answer != "done" {
            assert_eq!(scene.memory.audit_log().len(), entries, "{method}");
        }
    }
}

#[tokio::test]
async fn who_has_no_role_is_denied_everything() {
    let scene = Scene::new().await;
    let blocked = owner().blocked().build();
    let anns = Things::of(&scene, &scene.ann).await;
    let before = anns.told(&scene).await;
    let entries = scene.memory.audit_log().len();
    for (method, _, expected) in METHODS {
        let actor = Actor::user(&blocked);
        let answer = call(method, &scene.services, &actor, &anns, &anns.needed()).await;
        assert_eq!(answer, *expected, "{method}");
    }
    assert_eq!(anns.told(&scene).await, before);
    assert_eq!(scene.memory.audit_log().len(), entries);
}

#[tokio::test]
async fn other_roles_do_not_open_what_is_an_owners() {
    let scene = Scene::new().await;
    let anns = Things::of(&scene, &scene.ann).await;
    let open = ["accounts.", "system."];
    for role in [Role::Manager, Role::ContentManager, Role::Administrator] {
        let mut user = owner().build();
        user.roles = BTreeSet::from([role]);
        for actor in [Actor::user(&user), Actor::console()] {
            for (method, _, expected) in METHODS {
                if !open.iter().any(|service| method.starts_with(service)) {
                    let answer = call(method, &scene.services, &actor, &anns, &anns.needed()).await;
                    assert_eq!(answer, *expected, "{method} {role}");
                }
            }
        }
    }
}

/// One of each kind, of one owner.
struct Things {
    owner: Owner,
    recipient: RecipientId,
    list: ListId,
    message: MessageId,
    sender: SenderId,
    draft: MailingId,
    mailing: MailingId,
    run: RunId,
}

/// What a mailing refers to.
struct Needed {
    message: MessageId,
    sender: SenderId,
}

impl Things {
    fn needed(&self) -> Needed {
        Needed {
            message: self.message,
            sender: self.sender,
        }
    }

    /// How an answer ended, and whether it names one of these things.
    fn answered<T: Debug>(&self, answer: Result<T, Error>) -> String {
        let ids = [
            self.recipient.to_string(),
            self.list.to_string(),
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
    async fn of(scene: &Scene, owner: &Owner) -> Things {
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
            message,
            sender,
            draft,
            run: run().running(store, owner, &mailing).await,
            mailing: mailing.id,
        }
    }

    /// Everything that can be told of these things, as their owner sees them.
    async fn told(&self, scene: &Scene) -> String {
        let (services, actor) = (&scene.services, &self.owner.actor);
        let first = &PageRequest::first(100);
        let filter = RecipientFilter::default();
        let recipients = services
            .recipients
            .page(actor, &filter, first)
            .await
            .unwrap();
        let lists = services.recipients.lists(actor).await.unwrap();
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
            "{recipients:?} {lists:?} {messages:?} {senders:?} {:?} {runs:?} {:?}",
            mailings.unwrap(),
            deliveries.unwrap()
        )
    }
}

/// Calls a method as `actor`, who names `theirs`; `own` is used where only one of several
/// references is to be foreign.
async fn call(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
    own: &Needed,
) -> String {
    match method.split(['.', ' ']).next() {
        Some("mailings") => call_mailings(method, services, actor, theirs, own).await,
        Some("messages") => call_messages(method, services, actor, theirs, own).await,
        Some("recipients" | "imports") => call_recipients(method, services, actor, theirs).await,
        Some("runs") => call_runs(method, services, actor, theirs).await,
        _ => call_others(method, services, actor, theirs).await,
    }
}

async fn call_mailings(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
    own: &Needed,
) -> String {
    let mailings = &services.mailings;
    let create = |change: fn(&mut MailingDraft, &Things)| {
        let mut draft = draft(own.message);
        draft.sender = Some(own.sender);
        change(&mut draft, theirs);
        async move { theirs.answered(mailings.create(actor, &draft).await) }
    };
    match method {
        "mailings.create message" => create(|draft, theirs| draft.message = theirs.message).await,
        "mailings.create sender" => create(|draft, t| draft.sender = Some(t.sender)).await,
        "mailings.create lists" => {
            create(|draft, t| draft.audience = AudienceChoice::Lists(vec![t.list])).await
        }
        "mailings.create chosen" => {
            create(|draft, t| draft.audience = AudienceChoice::Chosen(vec![t.recipient])).await
        }
        "mailings.launch" => theirs.answered(mailings.launch(actor, theirs.draft).await),
        "mailings.pause" => theirs.answered(mailings.pause(actor, theirs.mailing).await),
        "mailings.resume" => theirs.answered(mailings.resume(actor, theirs.mailing).await),
        "mailings.finish" => theirs.answered(mailings.finish(actor, theirs.mailing).await),
        "mailings.send_now" => theirs.answered(mailings.send_now(actor, theirs.mailing).await),
        "mailings.show" => theirs.answered(mailings.show(actor, theirs.mailing, 3).await),
        "mailings.page" => {
            let request = PageRequest::first(10);
            theirs.answered(
                mailings
                    .page(actor, &MailingFilter::default(), &request)
                    .await,
            )
        }
        _ => "not in the walk".to_owned(),
    }
}

async fn call_messages(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
    own: &Needed,
) -> String {
    let messages = &services.messages;
    let draft = written("Subject", "Body");
    match method {
        "messages.create" => theirs.answered(messages.create(actor, &draft).await),
        "messages.edit" => theirs.answered(messages.edit(actor, theirs.message, 1, &draft).await),
        "messages.delete" => theirs.answered(messages.delete(actor, theirs.message).await),
        "messages.show" => theirs.answered(messages.show(actor, theirs.message).await),
        "messages.preview message" => {
            theirs.answered(messages.preview(actor, theirs.message, None).await)
        }
        "messages.preview recipient" => {
            let recipient = Some(theirs.recipient);
            theirs.answered(messages.preview(actor, own.message, recipient).await)
        }
        "messages.page" => theirs.answered(messages.page(actor, &PageRequest::first(10)).await),
        _ => "not in the walk".to_owned(),
    }
}

async fn call_recipients(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
) -> String {
    let recipients = &services.recipients;
    let request = PageRequest::first(10);
    let mut filter = RecipientFilter::default();
    match method {
        "recipients.add" => {
            let draft = RecipientDraft {
                email: "new@example.org".into(),
                ..Default::default()
            };
            theirs.answered(recipients.add(actor, draft, Some(theirs.list)).await)
        }
        "recipients.delete" => theirs.answered(recipients.delete(actor, theirs.recipient).await),
        "recipients.show" => theirs.answered(recipients.show(actor, theirs.recipient).await),
        "recipients.page" => theirs.answered(recipients.page(actor, &filter, &request).await),
        "recipients.page list" => {
            filter.list = Some(theirs.list);
            theirs.answered(recipients.page(actor, &filter, &request).await)
        }
        "recipients.counts" => {
            let counts = recipients.counts(actor).await;
            empty(counts, |counts| counts.total == 0)
        }
        "recipients.named" => theirs.answered(recipients.named(actor, &["eve@example.org"]).await),
        "recipients.create_list" => theirs.answered(recipients.create_list(actor, "friends").await),
        "recipients.lists" => theirs.answered(recipients.lists(actor).await),
        "recipients.list_named" => theirs.answered(recipients.list_named(actor, "Nobody's").await),
        "imports.run" => {
            let options = ImportOptions {
                list: Some("Others".to_owned()),
                ..Default::default()
            };
            let file = &b"email\nnobody\n"[..];
            let report = services
                .imports
                .run(actor, file, &options, &mut |_| {})
                .await;
            theirs.answered(report)
        }
        _ => "not in the walk".to_owned(),
    }
}

async fn call_runs(method: &str, services: &Services, actor: &Actor, theirs: &Things) -> String {
    let runs = &services.runs;
    let request = PageRequest::first(10);
    let mut filter = RunFilter::default();
    match method {
        "runs.page" => theirs.answered(runs.page(actor, &filter, &request).await),
        "runs.page mailing" => {
            filter.mailing = Some(theirs.mailing);
            theirs.answered(runs.page(actor, &filter, &request).await)
        }
        "runs.show" => theirs.answered(runs.show(actor, theirs.run).await),
        "runs.deliveries" => {
            let filter = DeliveryFilter::default();
            theirs.answered(runs.deliveries(actor, theirs.run, &filter, &request).await)
        }
        "runs.attempts" => theirs.answered(runs.attempts(actor, theirs.run, 1).await),
        _ => "not in the walk".to_owned(),
    }
}

async fn call_others(method: &str, services: &Services, actor: &Actor, theirs: &Things) -> String {
    let email = theirs.owner.user.email.as_str();
    let forged = SessionToken::presented("forged");
    let Services {
        accounts,
        home,
        senders,
        sign_in,
        system,
        unsubscribe,
        ..
    } = services;
    match method {
        "accounts.create" => {
            let new: NewUser = new_user("new@example.org");
            theirs.answered(accounts.create(actor, new).await)
        }
        "accounts.named" => theirs.answered(accounts.named(actor, email).await),
        "accounts.owner_of" => theirs.answered(accounts.owner_of(actor, theirs.mailing).await),
        "accounts.page" => theirs.answered(accounts.page(actor, &PageRequest::first(10)).await),
        "home.counts" => theirs.answered(home.counts().await),
        "home.own_counts" => {
            let counts = home.own_counts(actor).await;
            empty(counts, |counts| *counts == OwnerCounts::default())
        }
        "senders.add" => theirs.answered(senders.add(actor, "me@example.org", "", false).await),
        "senders.list" => theirs.answered(senders.list(actor).await),
        "sign_in.sign_in" => {
            theirs.answered(sign_in.sign_in(email, "guessed", "192.0.2.1", None).await)
        }
        "sign_in.sign_out" => theirs.answered(sign_in.sign_out(&forged).await),
        "sign_in.who" => theirs.answered(sign_in.who(&forged).await),
        "sign_in.purge" => theirs.answered(sign_in.purge().await),
        "system.ready" => theirs.answered(system.ready().await),
        "system.check_ledger" => theirs.answered(system.check_ledger(actor).await),
        "unsubscribe.look" => theirs.answered(unsubscribe.look("forged").await),
        "unsubscribe.confirm" => theirs.answered(unsubscribe.confirm("forged").await),
        "unsubscribe.undo" => theirs.answered(unsubscribe.undo("forged").await),
        _ => "not in the walk".to_owned(),
    }
}

/// "nothing" for an answer that tells of nothing.
fn empty<T>(answer: Result<T, Error>, is_empty: impl FnOnce(&T) -> bool) -> String {
    match answer {
        Ok(answer) if is_empty(&answer) => "nothing".to_owned(),
        other => refusal(other),
    }
}
