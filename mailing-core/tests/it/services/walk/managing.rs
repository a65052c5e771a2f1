//! What managers look at and stop, and the suppressions of owners.

use mailing_core::policy::Actor;
use mailing_core::ports::store::{AuditFilter, PageRequest, SupervisionFilter};
use mailing_core::recipient::EmailAddress;
use mailing_core::services::Services;

use super::things::Things;

pub(super) async fn call_control(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
) -> String {
    let Services {
        moderation,
        suppressions,
        ..
    } = services;
    let user = theirs.owner.id();
    match method {
        "moderation.block" => theirs.answered(moderation.block(actor, user, "spam").await),
        "moderation.unblock" => theirs.answered(moderation.unblock(actor, user).await),
        "moderation.disable" => {
            theirs.answered(moderation.disable(actor, theirs.mailing, "spam").await)
        }
        "moderation.enable" => theirs.answered(moderation.enable(actor, theirs.mailing).await),
        "suppressions.add" => theirs.answered(suppressions.add(actor, "someone@example.org").await),
        "suppressions.barring" => {
            let eve = EmailAddress::parse("eve@example.org").unwrap();
            theirs.answered(suppressions.barring(actor, &[&eve]).await)
        }
        "suppressions.page" => {
            theirs.answered(suppressions.page(actor, &PageRequest::first(10)).await)
        }
        "suppressions.remove" => {
            theirs.answered(suppressions.remove(actor, "eve@example.org").await)
        }
        _ => "not in the walk".to_owned(),
    }
}

pub(super) async fn call_supervision(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
) -> String {
    let supervision = &services.supervision;
    let (id, request) = (theirs.mailing, PageRequest::first(10));
    match method {
        "supervision.audit" => {
            let all = AuditFilter::default();
            theirs.answered(supervision.audit(actor, &all, &request).await)
        }
        "supervision.avatar" => theirs.answered(supervision.avatar(actor, theirs.owner.id()).await),
        "supervision.mailing" => theirs.answered(supervision.mailing(actor, id, 3, &request).await),
        "supervision.mailings" => {
            let all = SupervisionFilter::default();
            theirs.answered(supervision.mailings(actor, &all, &request).await)
        }
        "supervision.names" => theirs.answered(supervision.names(actor, &[]).await),
        "supervision.preview" => theirs.answered(supervision.preview(actor, id).await),
        "supervision.sending" => theirs.answered(supervision.sending(actor, Some(id)).await),
        "supervision.state" => theirs.answered(supervision.state(actor).await),
        "supervision.summary" => theirs.answered(supervision.summary(actor, id).await),
        "supervision.user" => theirs.answered(supervision.user(actor, theirs.owner.id()).await),
        _ => "not in the walk".to_owned(),
    }
}
