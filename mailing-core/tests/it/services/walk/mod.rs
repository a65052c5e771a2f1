//! Every method of the services, met by people who have no business there.

mod calls;
mod exports;
mod instance;
mod managing;
mod people;
mod posts;
mod reports;
mod sources;
mod things;
mod uploads;

use std::collections::BTreeSet;

use mailing_core::policy::Actor;
use mailing_core::testing::builders::{list, message, owner, sender};
use mailing_core::user::Role;

use self::calls::call;
use self::sources::SOURCES;
use self::things::{Needed, Things};
use super::scene::Scene;

/// A method; what another owner gets who names Ann's things in it; what somebody gets who has no
/// role at all. Where a method takes several references, each has its line. An answer
/// that names one of Ann's things is "told".
const METHODS: &[(&str, &str, &str)] = &[
    ("accounts.nobody_yet", "done", "done"),
    ("accounts.create", "denied", "denied"),
    ("accounts.named", "denied", "denied"),
    ("accounts.owner_of", "denied", "denied"),
    ("accounts.page", "denied", "denied"),
    ("accounts.reset_password", "denied", "denied"),
    ("accounts.set_roles", "denied", "denied"),
    ("accounts.with_email", "denied", "denied"),
    ("confirmations.look", "not_found", "not_found"),
    ("confirmations.confirm", "not_found", "not_found"),
    ("deliveries.explain", "not_found", "denied"),
    ("deliveries.explain_newest", "not_found", "denied"),
    ("deliveries.show", "not_found", "denied"),
    ("deliveries.log", "done", "denied"),
    ("deliveries.log_sums", "done", "denied"),
    ("deliveries.log_file", "done", "denied"),
    ("home.counts", "done", "done"),
    ("home.refresh", "done", "done"),
    ("home.own_counts", "nothing", "denied"),
    // What is published is for all.
    ("blog.page", "done", "done"),
    ("blog.post", "not_found", "not_found"),
    ("blog.search", "done", "done"),
    ("blog.moved", "done", "done"),
    ("blog.random", "done", "done"),
    ("blog.feed", "done", "done"),
    ("blog.sitemap", "done", "done"),
    ("blog.picture", "not_found", "not_found"),
    ("blog.flush_views", "done", "done"),
    ("exports.begin", "done", "denied"),
    ("exports.prepare", "done", "denied"),
    ("exports.show", "not_found", "denied"),
    ("exports.newest", "done", "denied"),
    ("exports.discard", "not_found", "denied"),
    ("exports.download", "not_found", "denied"),
    // The service's own: the job names no owner.
    ("exports.claim", "done", "done"),
    ("exports.run", "done", "done"),
    ("exports.forget", "done", "done"),
    ("imports.preview", "done", "denied"),
    ("imports.check", "done", "denied"),
    ("imports.run", "done", "denied"),
    ("imports.page", "done", "denied"),
    ("imports.show", "not_found", "denied"),
    ("imports.undo", "not_found", "denied"),
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
    ("mailings.launch_now", "not_found", "denied"),
    ("mailings.edit", "not_found", "denied"),
    ("mailings.duplicate", "not_found", "denied"),
    ("mailings.reopen", "not_found", "denied"),
    ("mailings.undelete", "not_found", "denied"),
    ("mailings.forecast kept", "not_found", "denied"),
    ("mailings.forecast lists", "nothing", "denied"),
    ("mailings.forecast chosen", "nothing", "denied"),
    ("mailings.review", "not_found", "denied"),
    ("mailings.chosen", "not_found", "denied"),
    ("mailings.latest_runs", "done", "denied"),
    ("mailings.pause", "not_found", "denied"),
    ("mailings.resume", "not_found", "denied"),
    ("mailings.finish", "not_found", "denied"),
    ("mailings.delete", "not_found", "denied"),
    ("mailings.send_now", "not_found", "denied"),
    ("mailings.show", "not_found", "denied"),
    ("mailings.upcoming", "done", "denied"),
    ("mailings.page", "done", "denied"),
    ("messages.create", "done", "denied"),
    ("messages.create_with", "done", "denied"),
    ("messages.attach", "not_found", "denied"),
    ("messages.detach", "not_found", "denied"),
    ("messages.file", "not_found", "denied"),
    ("messages.edit", "not_found", "denied"),
    ("messages.delete", "not_found", "denied"),
    ("messages.show", "not_found", "denied"),
    ("messages.undelete", "not_found", "denied"),
    ("messages.used_by", "not_found", "denied"),
    ("messages.history", "not_found", "denied"),
    ("messages.version", "not_found", "denied"),
    ("messages.restore", "not_found", "denied"),
    ("messages.autosave", "not_found", "denied"),
    ("messages.discard", "not_found", "denied"),
    ("messages.typed", "not_found", "denied"),
    ("messages.preview_typed", "not_found", "denied"),
    ("messages.preview message", "not_found", "denied"),
    ("messages.preview recipient", "not_found", "denied"),
    ("messages.page", "done", "denied"),
    ("posts.may_write", "done", "done"),
    ("posts.create", "denied", "denied"),
    ("posts.save", "denied", "denied"),
    ("posts.show", "denied", "denied"),
    ("posts.page", "denied", "denied"),
    ("posts.preview", "denied", "denied"),
    ("posts.publish", "denied", "denied"),
    ("posts.unpublish", "denied", "denied"),
    ("posts.delete", "denied", "denied"),
    ("posts.undelete", "denied", "denied"),
    ("moderation.block", "denied", "denied"),
    ("moderation.disable", "denied", "denied"),
    ("moderation.enable", "denied", "denied"),
    ("moderation.unblock", "denied", "denied"),
    ("own_account.show", "done", "denied"),
    ("own_account.avatar", "not_found", "denied"),
    ("own_account.put_avatar", "picture picture.type", "denied"),
    ("own_account.remove_avatar", "done", "denied"),
    ("own_account.edit", "zone schedule.unknown_zone", "denied"),
    (
        "own_account.change_password",
        "current password.wrong",
        "denied",
    ),
    (
        "own_account.change_address",
        "email address.no_at",
        "denied",
    ),
    ("own_account.sessions", "done", "denied"),
    ("own_account.end_session", "not_found", "denied"),
    ("own_account.end_others", "not_found", "denied"),
    // The own trail names what was asked for above: a list that is not theirs.
    ("own_account.trail", "told", "denied"),
    ("own_account.delete", "current password.wrong", "denied"),
    ("passwords.ask", "done", "done"),
    ("passwords.look", "not_found", "not_found"),
    ("passwords.set", "not_found", "not_found"),
    ("lists.add list", "not_found", "denied"),
    ("lists.add recipient", "done", "denied"),
    ("lists.delete", "not_found", "denied"),
    ("lists.of", "done", "denied"),
    ("lists.rename", "not_found", "denied"),
    ("lists.show", "not_found", "denied"),
    ("lists.take_out", "not_found", "denied"),
    ("recipients.add", "not_found", "denied"),
    ("recipients.edit", "not_found", "denied"),
    ("recipients.with_address", "not_found", "denied"),
    ("recipients.delete", "not_found", "denied"),
    ("recipients.show", "not_found", "denied"),
    ("recipients.page", "done", "denied"),
    ("recipients.page list", "done", "denied"),
    ("recipients.counts", "nothing", "denied"),
    ("recipients.named", "recipients recipient.unknown", "denied"),
    ("recipients.create_list", "done", "denied"),
    ("recipients.lists", "done", "denied"),
    ("recipients.list_named", "list list.unknown", "denied"),
    ("registration.invite", "denied", "denied"),
    ("registration.register", "done", "done"),
    ("registration.resend", "user.verified", "denied"),
    ("calendar.days", "done", "denied"),
    ("reports.show", "done", "denied"),
    ("reports.show all", "denied", "denied"),
    ("reports.show owner", "denied", "denied"),
    ("reports.days", "nothing", "denied"),
    ("reports.file", "done", "denied"),
    ("reports.file all", "denied", "denied"),
    ("runs.page", "done", "denied"),
    ("runs.page mailing", "done", "denied"),
    ("runs.show", "not_found", "denied"),
    ("runs.pulse", "not_found", "denied"),
    ("runs.trouble", "nothing", "denied"),
    ("runs.deliveries", "not_found", "denied"),
    ("runs.attempts", "not_found", "denied"),
    ("runs.retriable", "not_found", "denied"),
    ("runs.retry failed", "not_found", "denied"),
    ("runs.retry doubts", "not_found", "denied"),
    ("runs.retry counted", "not_found", "denied"),
    ("senders.add", "done", "denied"),
    ("senders.list", "done", "denied"),
    ("senders.verify", "denied", "denied"),
    ("senders.resend", "not_found", "denied"),
    ("senders.remove", "not_found", "denied"),
    ("second_factors.state", "done", "denied"),
    ("second_factors.begin", "done", "denied"),
    ("second_factors.setup", "done", "denied"),
    (
        "second_factors.confirm",
        "code second_factor.code",
        "denied",
    ),
    ("second_factors.disable", "current password.wrong", "denied"),
    ("second_factors.reset", "denied", "denied"),
    // These know no actor: who holds a token is who it was made for.
    ("sign_in.sign_in", "sign_in.failed", "sign_in.failed"),
    ("sign_in.second_step", "not_found", "not_found"),
    ("sign_in.sign_out", "done", "done"),
    ("sign_in.note_device", "done", "done"),
    ("sign_in.who", "done", "done"),
    // What the contacts page shows is no secret, and anybody writes there.
    ("instance.settings", "done", "done"),
    ("instance.kept", "denied", "denied"),
    ("instance.save", "denied", "denied"),
    ("feedback.leave", "done", "done"),
    ("feedback.page", "denied", "denied"),
    ("feedback.counts", "denied", "denied"),
    ("feedback.show", "denied", "denied"),
    ("feedback.mark", "denied", "denied"),
    ("feedback.delete", "denied", "denied"),
    ("feedback.undelete", "denied", "denied"),
    ("submissions.subject", "done", "done"),
    ("supervision.audit", "denied", "denied"),
    ("supervision.avatar", "denied", "denied"),
    ("supervision.mailing", "denied", "denied"),
    ("supervision.mailings", "denied", "denied"),
    ("supervision.names", "denied", "denied"),
    ("supervision.preview", "denied", "denied"),
    ("supervision.sending", "denied", "denied"),
    ("supervision.state", "denied", "denied"),
    ("supervision.summary", "denied", "denied"),
    ("supervision.user", "denied", "denied"),
    ("suppressions.add", "done", "denied"),
    ("suppressions.barring", "done", "denied"),
    ("suppressions.page", "done", "denied"),
    ("suppressions.remove", "not_found", "denied"),
    ("rates.list", "denied", "denied"),
    ("rates.set", "denied", "denied"),
    ("rates.clear", "denied", "denied"),
    ("system.ready", "done", "done"),
    ("system.check_ledger", "denied", "denied"),
    ("system.overview", "denied", "denied"),
    ("takeout.begin", "done", "denied"),
    ("takeout.piece", "done", "denied"),
    ("test_sends.take message", "not_found", "denied"),
    ("test_sends.take recipient", "not_found", "denied"),
    ("trash.page", "done", "denied"),
    ("trash.restore", "not_found", "denied"),
    ("trash.take_back", "done", "denied"),
    ("trash.throw", "done", "denied"),
    ("unsubscribe.look", "not_found", "not_found"),
    ("unsubscribe.confirm", "not_found", "not_found"),
    ("unsubscribe.undo", "not_found", "not_found"),
    ("unsubscribe.leave_list", "not_found", "not_found"),
    ("unsubscribe.return_to_list", "not_found", "not_found"),
    ("uploads.begin", "done", "denied"),
    ("uploads.put", "not_found", "denied"),
    ("uploads.look", "not_found", "denied"),
    ("uploads.check", "not_found", "denied"),
    ("uploads.import", "not_found", "denied"),
    ("uploads.show", "not_found", "denied"),
    ("uploads.newest", "done", "denied"),
    ("uploads.rejects", "done", "denied"),
    ("uploads.discard", "not_found", "denied"),
    ("uploads.claim_own", "done", "denied"),
    // The service's own work: whoever it is for is kept with the file.
    ("uploads.claim", "done", "done"),
    ("uploads.run", "done", "done"),
    ("uploads.forget", "done", "done"),
];

#[test]
fn every_method_of_every_service_is_in_the_walk() {
    let services = include_str!("../../../../src/services/mod.rs");
    let modules: BTreeSet<_> = services
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .filter(|module| {
            !["keeping_away", "limits", "picked", "ports", "rehearsal"].contains(module)
        })
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
        list: list().of(&bob).saved(scene.store()).await.id,
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
    let open = [
        "accounts.",
        "feedback.",
        "instance.",
        "moderation.",
        "own_account.",
        "posts.",
        "rates.",
        "registration.",
        "reports.show all",
        "reports.show owner",
        "reports.file all",
        "second_factors.",
        "supervision.",
        "system.",
        "takeout.",
    ];
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
