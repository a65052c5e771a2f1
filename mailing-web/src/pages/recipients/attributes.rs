//! Attributes as a text that people edit: `city = Perm`, a line each.

use mailing_core::error::FieldError;
use mailing_core::recipient::{AttributeError, Attributes};
use serde_json::Value;

/// The name of the field.
pub(super) const FIELD: &str = "attributes";

/// The text of a recipient's attributes. A value that does not fit into a line is written as JSON.
pub(super) fn written(attributes: &Attributes) -> String {
    let lines = attributes
        .iter()
        .map(|(key, value)| format!("{key} = {}\n", shown(value)));
    lines.collect()
}

/// A value as it stands in its line.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if !is_odd(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Text that would be read as something else than it is.
fn is_odd(text: &str) -> bool {
    text.trim() != text || text.starts_with('"') || text.contains(['\n', '\r'])
}

/// The attributes that a text means. A value that stands as it was `before` keeps its kind: a number
/// stays a number, while what is typed is text (a postal code is none).
///
/// # Errors
/// Every fault at `attributes`.
pub(super) fn read(typed: &str, before: &Attributes) -> Result<Attributes, Vec<FieldError>> {
    let mut attributes = Attributes::new();
    let mut errors = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (key, typed) = match line.split_once('=') {
            Some((key, value)) => (key.trim(), value.trim()),
            None => {
                errors.push(FieldError::new(FIELD, AttributeError::Shape));
                continue;
            }
        };
        let known = before.value(key).filter(|value| shown(value) == typed);
        let value = match known {
            Some(value) => value.clone(),
            None => meant(typed),
        };
        if let Err(error) = attributes.insert(key, value) {
            errors.push(FieldError::new(FIELD, error));
        }
    }
    match errors.is_empty() {
        true => Ok(attributes),
        false => Err(errors),
    }
}

/// Text; in double quotes as JSON writes it, so that it may hold line ends.
fn meant(typed: &str) -> Value {
    let quoted = typed.starts_with('"').then(|| serde_json::from_str(typed));
    match quoted {
        Some(Ok(Value::String(text))) => Value::String(text),
        _ => Value::String(typed.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn attributes(value: Value) -> Attributes {
        Attributes::check(value).unwrap()
    }

    #[test]
    fn what_was_written_is_read_as_it_was() {
        let odd = attributes(json!({
            "city": "Нижний Новгород", "age": 42, "vip": true, "none": null, "empty": "",
            "zip": "01234", "lines": "a\nb", "quote": "\"x\"", "space": " x ", "sum": "1 = 1",
        }));
        assert_eq!(read(&written(&odd), &odd).unwrap(), odd);
    }

    #[test]
    fn what_is_typed_anew_is_text() {
        let before = attributes(json!({ "age": 42 }));
        let read = read("AGE = 43\r\n\r\n zip=01234 \n", &before).unwrap();
        assert_eq!(read, attributes(json!({ "age": "43", "zip": "01234" })));
    }

    #[test]
    fn every_wrong_line_is_told() {
        let none = Attributes::new();
        let typed = "city\nCity of birth = Perm\na = 1\na = 2";
        let errors = read(typed, &none).unwrap_err();
        let codes: Vec<_> = errors.iter().map(|e| e.refusal.code.as_str()).collect();
        assert_eq!(
            codes,
            ["attribute.shape", "attribute.key", "attribute.twice"]
        );
        assert!(errors.iter().all(|error| error.field == FIELD));
    }
}
