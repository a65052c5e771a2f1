//! The walk's lines about settings of the instance and about feedback.

use mailing_core::instance::SettingsDraft;
use mailing_core::policy::Actor;
use mailing_core::ports::store::{FeedbackFilter, PageRequest};
use mailing_core::services::Services;
use mailing_core::testing::builders::{id, start};
use mailing_core::user::Language;

use super::things::Things;
use crate::services::feedback::written;

pub(super) async fn call_instance(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
) -> String {
    let Services {
        instance, feedback, ..
    } = services;
    let id = id(start());
    match method {
        "instance.settings" => theirs.answered(instance.settings().await),
        "instance.kept" => theirs.answered(instance.kept(actor).await),
        "instance.save" => {
            let draft = SettingsDraft::default();
            theirs.answered(instance.save(actor, 0, &draft).await)
        }
        "feedback.leave" => {
            let (draft, form) = written("Hello");
            let left = feedback.leave(&draft, form, Language::En, "192.0.2.1");
            theirs.answered(left.await)
        }
        "feedback.page" => {
            let (filter, request) = (FeedbackFilter::default(), PageRequest::first(10));
            theirs.answered(feedback.page(actor, &filter, &request).await)
        }
        "feedback.counts" => theirs.answered(feedback.counts(actor).await),
        "feedback.show" => theirs.answered(feedback.show(actor, id).await),
        "feedback.mark" => theirs.answered(feedback.mark(actor, id, true).await),
        "feedback.delete" => theirs.answered(feedback.delete(actor, id).await),
        "feedback.undelete" => theirs.answered(feedback.undelete(actor, id).await),
        _ => "not in the walk".to_owned(),
    }
}
