//! The lines of a takeout.

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::audit::Entry;
use crate::delivery::Delivery;
use crate::mailing::Mailing;
use crate::message::Message;
use crate::ports::store::KeptPost;
use crate::post::Lead;
use crate::recipient::{List, Recipient, Suppression};
use crate::run::{Run, RunOutcome};
use crate::sender::Sender;
use crate::user::{Country, Phone, User};

pub(super) fn user(user: &User) -> Value {
    json!({
        "kind": "user",
        "id": user.id,
        "email": user.email.as_str(),
        "name": user.name.as_ref().map(|name| name.as_str()),
        "phone": user.phone.as_ref().map(Phone::as_str),
        "country": user.country.map(Country::as_str),
        "roles": user.roles,
        "zone": user.zone.name(),
        "language": user.language.tag(),
        "verified_at": user.verified_at,
        "created_at": user.created_at,
    })
}

/// A JPEG (RFC 4648, section 4).
pub(super) fn avatar(data: &[u8]) -> Value {
    json!({
        "kind": "avatar",
        "media_type": "image/jpeg",
        "base64": BASE64.encode(data),
    })
}

pub(super) fn sender(sender: &Sender) -> Value {
    json!({
        "kind": "sender",
        "id": sender.id,
        "address": sender.mailbox.address.as_str(),
        "name": sender.mailbox.name.as_ref().map(|name| name.as_str()),
        "verified_at": sender.verified_at,
    })
}

pub(super) fn recipient(recipient: &Recipient) -> Value {
    json!({
        "kind": "recipient",
        "id": recipient.id,
        "email": recipient.address.as_str(),
        "full_name": recipient.full_name.as_ref().map(|name| name.as_str()),
        "comment": recipient.comment,
        "attributes": recipient.attributes,
        "state": recipient.state.as_str(),
        "created_at": recipient.created_at,
    })
}

pub(super) fn message(message: &Message) -> Value {
    let content = &message.current.content;
    json!({
        "kind": "message",
        "id": message.id,
        "subject": content.subject.as_str(),
        "format": content.format.as_str(),
        "body": content.body,
        "text": content.text,
        "attachments": content.attachments,
        "saved_at": message.current.saved_at,
    })
}

pub(super) fn mailing(mailing: &Mailing) -> Value {
    json!({
        "kind": "mailing",
        "id": mailing.id,
        "name": mailing.name.as_str(),
        "message": mailing.message,
        "sender": mailing.sender,
        "status": mailing.status.name(),
        "zone": mailing.zone.name(),
        "next_at": mailing.next_at,
        "created_at": mailing.created_at,
    })
}

pub(super) fn post(kept: &KeptPost) -> Value {
    let post = &kept.post;
    json!({
        "kind": "post",
        "id": post.id,
        "title": post.title.as_str(),
        "slug": post.slug.as_str(),
        "lead": post.lead.as_ref().map(Lead::as_str),
        "content": post.content.as_str(),
        "picture": post.picture.as_ref().map(|picture| picture.alt.as_str()),
        "published_at": post.state.published_at(),
        "views": kept.views,
        "created_at": post.created_at,
        "updated_at": post.updated_at,
    })
}

pub(super) fn deed(entry: &Entry) -> Value {
    json!({
        "kind": "deed",
        "at": entry.at,
        "deed": entry.deed.as_str(),
        "subject": entry.subject,
        "reason": entry.reason,
    })
}

pub(super) fn list(list: &List) -> Value {
    json!({ "kind": "list", "id": list.id, "name": list.name.as_str() })
}

pub(super) fn suppression(entry: &Suppression) -> Value {
    json!({
        "kind": "suppression",
        "of": entry.target.kind(),
        "target": entry.target.key(),
        "reason": entry.reason.as_str(),
        "since": entry.created_at,
    })
}

pub(super) fn run(run: &Run) -> Value {
    json!({
        "kind": "run",
        "id": run.id,
        "mailing": run.mailing,
        "mailing_name": run.mailing_name.as_str(),
        "occurrence_at": run.occurrence_at,
        "mode": run.kind.as_str(),
        "state": run.state.name(),
        "outcome": run.outcome().map(RunOutcome::as_str),
        "counts": run.counts,
        "last_reply": run.last_reply,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
    })
}

pub(super) fn delivery(delivery: &Delivery) -> Value {
    let last = delivery.last.as_ref();
    let reply = last.and_then(|attempt| attempt.reply.as_ref());
    json!({
        "kind": "delivery",
        "run": delivery.run,
        "recipient": delivery.recipient,
        "address": delivery.address.as_str(),
        "state": delivery.state.name(),
        "attempts": delivery.attempts,
        "last_at": last.map(|attempt| attempt.at),
        "last_reply": reply.map(ToString::to_string),
    })
}
