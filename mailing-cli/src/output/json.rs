//! The documented JSON of commands.

use serde::Serialize;
use serde_json::{Map, Value, json};

use mailing_core::error::Error;
use mailing_core::error::Refusal;
use mailing_web::i18n::{self, Lang};

use crate::exit::Failure;

/// Grows when a documented field changes its meaning or goes away.
const SCHEMA: u8 = 1;

/// An object with its schema version in front.
pub(super) fn object(object: &impl Serialize) -> Result<String, Failure> {
    let internal = |error: serde_json::Error| Failure(Error::Internal(Box::new(error)));
    let mut whole = Map::new();
    whole.insert("schema".to_owned(), Value::from(SCHEMA));
    if let Value::Object(fields) = serde_json::to_value(object).map_err(internal)? {
        whole.extend(fields);
    }
    serde_json::to_string(&whole).map_err(internal)
}

/// An error with its code, message and fields.
pub(super) fn failure(error: &Error, lang: Lang) -> String {
    let fields: Vec<Value> = match error {
        Error::Invalid(fields) => fields
            .iter()
            .map(|field| {
                json!({
                    "field": field.field,
                    "code": field.refusal.code,
                    "message": i18n::refusal(lang, &field.refusal),
                })
            })
            .collect(),
        _ => Vec::new(),
    };
    let error = json!({
        "code": error.code(),
        "message": message(error, lang),
        "fields": fields,
    });
    json!({ "schema": SCHEMA, "error": error }).to_string()
}

/// An error in one sentence.
pub(super) fn message(error: &Error, lang: Lang) -> String {
    let refusal = match error {
        Error::Denied(refusal)
        | Error::Conflict(refusal)
        | Error::Throttled(refusal)
        | Error::Unavailable(refusal, _) => refusal.clone(),
        Error::Invalid(fields) => match fields.first() {
            Some(field) => field.refusal.clone(),
            None => Refusal::new(error.code()),
        },
        Error::NotFound | Error::Internal(_) => Refusal::new(error.code()),
    };
    i18n::refusal(lang, &refusal)
}
