//! Each line of the walk as a call.

use std::io::Cursor;

use mailing_core::error::Error;
use mailing_core::mailing::{AudienceChoice, MailingDraft};
use mailing_core::policy::Actor;
use mailing_core::ports::store::{
    DeliveryFilter, MailingFilter, OwnerCounts, Page, PageRequest, RecipientFilter, Retry,
    RunFilter, Trouble, UserFilter,
};
use mailing_core::recipient::RecipientDraft;
use mailing_core::services::{ImportOptions, LogAsk, NewUser, Picked, Services};
use mailing_core::testing::builders::{mailing, start};
use mailing_core::user::{Device, LinkToken, Role, SessionToken};

use super::people::{call_links, call_own};
use super::things::{FILE, Needed, Things, file_hash};
use crate::services::mailings::draft;
use crate::services::messages::written;
use crate::services::refusal;
use crate::services::scene::{PASSWORD, new_user};

/// Calls a method as `actor`, who names `theirs`; `own` is used where only one of several
/// references is to be foreign.
pub(super) async fn call(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
    own: &Needed,
) -> String {
    match method.split(['.', ' ']).next() {
        Some("mailings") => call_mailings(method, services, actor, theirs, own).await,
        Some("messages" | "test_sends") => {
            call_messages(method, services, actor, theirs, own).await
        }
        Some("recipients") => call_recipients(method, services, actor, theirs).await,
        Some("lists" | "trash") => call_lists(method, services, actor, theirs, own).await,
        Some("exports") => super::exports::call_exports(method, services, actor, theirs).await,
        Some("imports") => call_imports(method, services, actor, theirs).await,
        Some("uploads") => super::uploads::call_uploads(method, services, actor, theirs).await,
        Some("blog" | "posts") => super::posts::call_posts(method, services, actor, theirs).await,
        Some("runs" | "deliveries") => call_runs(method, services, actor, theirs).await,
        Some("calendar" | "reports") => {
            super::reports::call_reports(method, services, actor, theirs).await
        }
        Some("supervision") => {
            super::managing::call_supervision(method, services, actor, theirs).await
        }
        Some("moderation" | "suppressions") => {
            super::managing::call_control(method, services, actor, theirs).await
        }
        Some("own_account" | "second_factors" | "takeout") => {
            call_own(method, services, actor, theirs).await
        }
        Some("instance" | "feedback") => {
            super::instance::call_instance(method, services, actor, theirs).await
        }
        Some("confirmations" | "passwords" | "registration") => {
            call_links(method, services, actor, theirs).await
        }
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
        "mailings.launch_now" => theirs.answered(mailings.launch_now(actor, theirs.draft).await),
        "mailings.edit" => {
            let draft = draft(own.message);
            theirs.answered(mailings.edit(actor, theirs.mailing, 1, &draft).await)
        }
        "mailings.duplicate" => {
            theirs.answered(mailings.duplicate(actor, theirs.mailing, "").await)
        }
        "mailings.reopen" => theirs.answered(mailings.reopen(actor, theirs.mailing).await),
        "mailings.undelete" => theirs.answered(mailings.undelete(actor, theirs.mailing).await),
        "mailings.review" => theirs.answered(mailings.review(actor, theirs.mailing, 3).await),
        "mailings.chosen" => theirs.answered(mailings.chosen(actor, theirs.mailing, 3).await),
        "mailings.forecast kept" => {
            let (kept, of) = (AudienceChoice::Kept, Some(theirs.mailing));
            theirs.answered(mailings.forecast(actor, &[], &kept, of, 3).await)
        }
        "mailings.forecast lists" => {
            let lists = AudienceChoice::Lists(vec![theirs.list]);
            let forecast = mailings.forecast(actor, &[], &lists, None, 3).await;
            empty(forecast, |forecast| forecast.audience.total == 0)
        }
        "mailings.forecast chosen" => {
            let chosen = AudienceChoice::Chosen(vec![theirs.recipient]);
            let forecast = mailings.forecast(actor, &[], &chosen, None, 3).await;
            empty(forecast, |forecast| forecast.audience.total == 0)
        }
        "mailings.upcoming" => theirs.answered(mailings.upcoming(actor, 5).await),
        "mailings.latest_runs" => {
            let mut mailing = mailing().of(&theirs.owner).build();
            mailing.id = theirs.mailing;
            let page = Page {
                items: vec![mailing],
                next: None,
            };
            theirs.answered(mailings.latest_runs(actor, &page).await)
        }
        "mailings.pause" => theirs.answered(mailings.pause(actor, theirs.mailing).await),
        "mailings.resume" => theirs.answered(mailings.resume(actor, theirs.mailing).await),
        "mailings.finish" => theirs.answered(mailings.finish(actor, theirs.mailing).await),
        "mailings.delete" => theirs.answered(mailings.delete(actor, theirs.mailing).await),
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
        "messages.create_with" => theirs.answered(messages.create_with(actor, &draft, &[]).await),
        "messages.attach" => theirs.answered(messages.attach(actor, theirs.message, &[FILE]).await),
        "messages.detach" => {
            theirs.answered(messages.detach(actor, theirs.message, file_hash()).await)
        }
        "messages.file" => theirs.answered(messages.file(actor, theirs.message, file_hash()).await),
        "messages.edit" => theirs.answered(messages.edit(actor, theirs.message, 1, &draft).await),
        "messages.delete" => theirs.answered(messages.delete(actor, theirs.message).await),
        "messages.undelete" => theirs.answered(messages.undelete(actor, theirs.message).await),
        "messages.used_by" => theirs.answered(messages.used_by(actor, theirs.message).await),
        "messages.history" => {
            let request = PageRequest::first(10);
            theirs.answered(messages.history(actor, theirs.message, &request).await)
        }
        "messages.version" => theirs.answered(messages.version(actor, theirs.message, 1).await),
        "messages.restore" => theirs.answered(messages.restore(actor, theirs.message, 1, 1).await),
        "messages.autosave" => {
            theirs.answered(messages.autosave(actor, theirs.message, 1, &draft).await)
        }
        "messages.discard" => theirs.answered(messages.discard(actor, theirs.message).await),
        "messages.typed" => theirs.answered(messages.typed(actor, theirs.message).await),
        "messages.preview_typed" => {
            theirs.answered(messages.preview_typed(actor, theirs.message, None).await)
        }
        "messages.show" => theirs.answered(messages.show(actor, theirs.message).await),
        "messages.preview message" => {
            theirs.answered(messages.preview(actor, theirs.message, None).await)
        }
        "messages.preview recipient" => {
            let recipient = Some(theirs.recipient);
            theirs.answered(messages.preview(actor, own.message, recipient).await)
        }
        "test_sends.take message" => {
            let to = ["me@example.org".to_owned()];
            let tests = &services.test_sends;
            theirs.answered(tests.take(actor, theirs.message, &to, None).await)
        }
        "test_sends.take recipient" => {
            let (to, recipient) = (["me@example.org".to_owned()], Some(theirs.recipient));
            let tests = &services.test_sends;
            theirs.answered(tests.take(actor, own.message, &to, recipient).await)
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
        "recipients.edit" => {
            let draft = RecipientDraft {
                email: "new@example.org".into(),
                ..Default::default()
            };
            let edited = recipients.edit(actor, theirs.recipient, start(), draft);
            theirs.answered(edited.await)
        }
        "recipients.with_address" => {
            theirs.answered(recipients.with_address(actor, "eve@example.org").await)
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
        _ => "not in the walk".to_owned(),
    }
}

async fn call_lists(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
    own: &Needed,
) -> String {
    let Services { lists, trash, .. } = services;
    let eve = Picked::Some(vec![theirs.recipient]);
    match method {
        "lists.add list" => theirs.answered(lists.add(actor, theirs.list, &eve).await),
        "lists.add recipient" => {
            let added = lists.add(actor, own.list, &eve).await;
            theirs.answered(added.map(|added| assert_eq!(added, 0)))
        }
        "lists.delete" => theirs.answered(lists.delete(actor, theirs.list).await),
        "lists.of" => theirs.answered(lists.of(actor, &[theirs.recipient]).await),
        "lists.rename" => theirs.answered(lists.rename(actor, theirs.list, "Foes").await),
        "lists.show" => theirs.answered(lists.show(actor, theirs.list).await),
        "lists.take_out" => theirs.answered(lists.take_out(actor, theirs.list, &eve).await),
        "trash.page" => theirs.answered(trash.page(actor, &PageRequest::first(10)).await),
        "trash.restore" => theirs.answered(trash.restore(actor, theirs.recipient).await),
        "trash.take_back" => {
            let taken = trash.take_back(actor, start()).await;
            theirs.answered(taken.map(|taken| assert_eq!(taken, 0)))
        }
        "trash.throw" => {
            let thrown = trash.throw(actor, &eve).await;
            theirs.answered(thrown.map(|thrown| assert_eq!(thrown.count, 0)))
        }
        _ => "not in the walk".to_owned(),
    }
}

async fn call_imports(method: &str, services: &Services, actor: &Actor, theirs: &Things) -> String {
    let (imports, file) = (&services.imports, Cursor::new("email\nnobody\n"));
    let options = ImportOptions {
        list: Some("Others".to_owned()),
        ..Default::default()
    };
    match method {
        "imports.preview" => {
            theirs.answered(imports.preview(actor, file, &options).await.map(|_| ()))
        }
        "imports.check" => theirs.answered(imports.check(actor, file, &options, &mut |_| {}).await),
        "imports.run" => theirs.answered(imports.run(actor, file, &options, &mut |_| {}).await),
        "imports.page" => theirs.answered(imports.page(actor, &PageRequest::first(10)).await),
        "imports.show" => theirs.answered(imports.show(actor, theirs.import).await),
        "imports.undo" => theirs.answered(imports.undo(actor, theirs.import).await),
        _ => "not in the walk".to_owned(),
    }
}

async fn call_runs(method: &str, services: &Services, actor: &Actor, theirs: &Things) -> String {
    let (runs, deliveries) = (&services.runs, &services.deliveries);
    let eve = "eve@example.org";
    let request = PageRequest::first(10);
    let mut filter = RunFilter::default();
    match method {
        "runs.page" => theirs.answered(runs.page(actor, &filter, &request).await),
        "runs.page mailing" => {
            filter.mailing = Some(theirs.mailing);
            theirs.answered(runs.page(actor, &filter, &request).await)
        }
        "runs.show" => theirs.answered(runs.show(actor, theirs.run).await),
        "runs.trouble" => {
            let trouble = runs.trouble(actor, 30).await;
            empty(trouble, |trouble| *trouble == Trouble::default())
        }
        "runs.deliveries" => {
            let filter = DeliveryFilter::default();
            theirs.answered(runs.deliveries(actor, theirs.run, &filter, &request).await)
        }
        "runs.retriable" => {
            let again = runs.retriable(actor, theirs.run, Retry::SendAgain, None);
            theirs.answered(again.await)
        }
        "runs.retry failed" => {
            theirs.answered(runs.retry(actor, theirs.run, Retry::Failed, None).await)
        }
        "runs.retry doubts" => {
            theirs.answered(runs.retry(actor, theirs.run, Retry::SendAgain, None).await)
        }
        "runs.retry counted" => {
            let count = Retry::CountDelivered;
            theirs.answered(runs.retry(actor, theirs.run, count, Some(1)).await)
        }
        "deliveries.explain" => theirs.answered(deliveries.explain(actor, theirs.run, eve).await),
        "deliveries.explain_newest" => {
            let newest = deliveries.explain_newest(actor, theirs.mailing, eve).await;
            theirs.answered(newest)
        }
        "deliveries.show" => theirs.answered(deliveries.show(actor, theirs.run, 1).await),
        "deliveries.log" => {
            let page = deliveries.log(actor, &about(theirs), &request).await;
            theirs.answered(page)
        }
        "deliveries.log_sums" => theirs.answered(deliveries.log_sums(actor, &about(theirs)).await),
        "deliveries.log_file" => {
            let file = deliveries.log_file(actor, &about(theirs), false).await;
            theirs.answered(file.map(drop))
        }
        "runs.pulse" => theirs.answered(runs.pulse(actor, theirs.run).await),
        "runs.attempts" => theirs.answered(runs.attempts(actor, theirs.run, 1).await),
        _ => "not in the walk".to_owned(),
    }
}

/// The log of their run.
fn about(theirs: &Things) -> LogAsk {
    let mut ask = LogAsk::default();
    ask.runs.run = Some(theirs.run);
    ask.runs.mailing = Some(theirs.mailing);
    ask
}

async fn call_others(method: &str, services: &Services, actor: &Actor, theirs: &Things) -> String {
    let email = theirs.owner.user.email.as_str();
    let forged = SessionToken::presented("forged");
    let Services {
        accounts,
        home,
        rates,
        senders,
        sign_in,
        submissions,
        unsubscribe,
        ..
    } = services;
    match method {
        "accounts.create" => {
            let new: NewUser = new_user("new@example.org");
            theirs.answered(accounts.create(actor, new).await)
        }
        "accounts.nobody_yet" => theirs.answered(Ok(accounts.nobody_yet().await)),
        "accounts.named" => theirs.answered(accounts.named(actor, email).await),
        "accounts.owner_of" => theirs.answered(accounts.owner_of(actor, theirs.mailing).await),
        "accounts.page" => theirs.answered(
            accounts
                .page(actor, &UserFilter::default(), &PageRequest::first(10))
                .await,
        ),
        "accounts.with_email" => theirs.answered(accounts.with_email(actor, email).await),
        "accounts.set_roles" => {
            let roles = [Role::Manager].into();
            theirs.answered(accounts.set_roles(actor, theirs.owner.id(), &roles).await)
        }
        "accounts.reset_password" => {
            let id = theirs.owner.id();
            theirs.answered(accounts.reset_password(actor, id, PASSWORD).await)
        }
        "home.counts" => theirs.answered(home.counts().await),
        "home.refresh" => theirs.answered(home.refresh().await),
        "home.own_counts" => {
            let counts = home.own_counts(actor).await;
            empty(counts, |counts| *counts == OwnerCounts::default())
        }
        "senders.add" => theirs.answered(senders.add(actor, "me@example.org", "", false).await),
        "senders.verify" => theirs.answered(senders.verify(actor, email).await),
        "senders.resend" => theirs.answered(senders.resend(actor, theirs.sender).await),
        "senders.remove" => theirs.answered(senders.remove(actor, theirs.sender).await),
        "senders.list" => theirs.answered(senders.list(actor).await),
        "sign_in.sign_in" => {
            theirs.answered(sign_in.sign_in(email, "guessed", "192.0.2.1", None).await)
        }
        "sign_in.second_step" => {
            theirs.answered(sign_in.second_step(&LinkToken::presented("x"), "1").await)
        }
        "sign_in.sign_out" => theirs.answered(sign_in.sign_out(&forged).await),
        "sign_in.note_device" => {
            let device = Device::of("Firefox/144.0").unwrap();
            theirs.answered(sign_in.note_device(&forged, device).await)
        }
        "sign_in.who" => theirs.answered(sign_in.who(&forged).await),
        "rates.list" => theirs.answered(rates.list(actor).await),
        "rates.set" => theirs.answered(rates.set(actor, email, "1 per day").await),
        "rates.clear" => theirs.answered(rates.clear(actor, email).await),
        "submissions.subject" => theirs.answered(submissions.subject(actor, theirs.form).await),
        "system.ready" => theirs.answered(services.system.ready().await),
        "system.overview" => theirs.answered(services.system.overview(actor).await),
        "system.check_ledger" => theirs.answered(services.system.check_ledger(actor).await),
        "unsubscribe.look" => theirs.answered(unsubscribe.look("forged").await),
        "unsubscribe.confirm" => theirs.answered(unsubscribe.confirm("forged").await),
        "unsubscribe.undo" => theirs.answered(unsubscribe.undo("forged").await),
        "unsubscribe.leave_list" => {
            theirs.answered(unsubscribe.leave_list("forged", theirs.list).await)
        }
        "unsubscribe.return_to_list" => {
            theirs.answered(unsubscribe.return_to_list("forged", theirs.list).await)
        }
        _ => "not in the walk".to_owned(),
    }
}

/// "nothing" for an answer that tells of nothing.
pub(super) fn empty<T>(answer: Result<T, Error>, is_empty: impl FnOnce(&T) -> bool) -> String {
    match answer {
        Ok(answer) if is_empty(&answer) => "nothing".to_owned(),
        other => refusal(other),
    }
}
