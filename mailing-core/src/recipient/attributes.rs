//! What an owner knows of a recipient beside name and address.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::code::{self, Code};
use crate::error::{FieldError, Refusal};
use crate::recipient::is_line_or_control;

/// Most attributes of one recipient.
pub const ATTRIBUTES_MAX: usize = 50;

/// Longest key, in characters (all ASCII).
pub const KEY_MAX: usize = 63;

/// Longest text value, in characters.
pub const VALUE_MAX: usize = 2_000;

/// Named scalars (text, number, yes or no, nothing), ordered by key.
///
/// A key is lower case, `[a-z_][a-z0-9_]*`, at most [`KEY_MAX`] long, so that it can stand in a
/// message as `{{ recipient.attributes.key }}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, Value>", into = "BTreeMap<String, Value>")]
pub struct Attributes(BTreeMap<String, Value>);

/// Why an attribute is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttributeError {
    /// The key breaks the grammar.
    #[error("{0:?} cannot be the name of an attribute")]
    Key(String),
    /// The key is there already, perhaps in other case.
    #[error("the attribute {0} is given twice")]
    Twice(String),
    /// More than [`ATTRIBUTES_MAX`].
    #[error("there are more than {ATTRIBUTES_MAX} attributes")]
    TooMany,
    /// The value is a list or an object.
    #[error("the attribute {0} is neither text nor number nor true or false")]
    Nested(String),
    /// The value is longer than [`VALUE_MAX`]: this many characters.
    #[error("the attribute {0} has {1} characters, at most {VALUE_MAX} are allowed")]
    TooLong(String, usize),
    /// The value holds a control character other than tab and line feed.
    #[error("the attribute {0} holds a control character")]
    Control(String),
    /// What was given is no set of named values at all.
    #[error("attributes are an object of names and values")]
    Shape,
}

impl AttributeError {
    /// The code of this refusal.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Key(_) => code::ATTRIBUTE_KEY,
            Self::Twice(_) => code::ATTRIBUTE_TWICE,
            Self::TooMany => code::ATTRIBUTE_TOO_MANY,
            Self::Nested(_) => code::ATTRIBUTE_NESTED,
            Self::TooLong(..) => code::TOO_LONG,
            Self::Control(_) => code::CONTROL_CHARACTER,
            Self::Shape => code::ATTRIBUTE_SHAPE,
        }
    }
}

impl From<AttributeError> for Refusal {
    fn from(error: AttributeError) -> Self {
        let refusal = Self::new(error.code());
        match error {
            AttributeError::Key(key) | AttributeError::Twice(key) | AttributeError::Nested(key) => {
                refusal.with("key", key)
            }
            AttributeError::TooMany => refusal.with("max", ATTRIBUTES_MAX),
            AttributeError::TooLong(_, length) => {
                refusal.with("max", VALUE_MAX).with("length", length)
            }
            AttributeError::Control(_) | AttributeError::Shape => refusal,
        }
    }
}

impl Attributes {
    /// No attributes.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Parses a JSON text, an object of scalars.
    ///
    /// # Errors
    /// Every fault at its field: `attributes` or `attributes.<key>`.
    pub fn parse(json: &str) -> Result<Self, Vec<FieldError>> {
        let value = serde_json::from_str(json).unwrap_or(Value::Array(Vec::new()));
        Self::check(value)
    }

    /// Checks a JSON value, an object of scalars.
    ///
    /// # Errors
    /// Every fault at its field: `attributes` or `attributes.<key>`.
    pub fn check(value: Value) -> Result<Self, Vec<FieldError>> {
        let Value::Object(entries) = value else {
            return Err(vec![FieldError::new("attributes", AttributeError::Shape)]);
        };
        if entries.len() > ATTRIBUTES_MAX {
            return Err(vec![FieldError::new("attributes", AttributeError::TooMany)]);
        }
        let mut attributes = Self::new();
        let mut faults = Vec::new();
        for (key, value) in entries {
            if let Err(error) = attributes.insert(&key, value) {
                faults.push(FieldError::new(format!("attributes.{key}"), error));
            }
        }
        if faults.is_empty() {
            Ok(attributes)
        } else {
            Err(faults)
        }
    }

    /// Adds one attribute; its key is put into lower case.
    ///
    /// # Errors
    /// [`AttributeError`]; a key that is there already is [`AttributeError::Twice`].
    pub fn insert(&mut self, key: &str, value: Value) -> Result<(), AttributeError> {
        let key = attribute_key(key)?;
        check_value(&key, &value)?;
        if self.0.contains_key(&key) {
            return Err(AttributeError::Twice(key));
        }
        if self.0.len() >= ATTRIBUTES_MAX {
            return Err(AttributeError::TooMany);
        }
        self.0.insert(key, value);
        Ok(())
    }

    /// Puts `newer` over these: its values win, what it does not name stays.
    ///
    /// # Errors
    /// [`AttributeError::TooMany`] when the two together are too many.
    pub fn merge(&mut self, newer: &Self) -> Result<(), AttributeError> {
        let added = newer
            .0
            .keys()
            .filter(|key| !self.0.contains_key(*key))
            .count();
        if self.0.len() + added > ATTRIBUTES_MAX {
            return Err(AttributeError::TooMany);
        }
        let values = newer
            .0
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()));
        self.0.extend(values);
        Ok(())
    }

    /// The value under a key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// The value under a key as people read it; `None` when there is none or it is empty.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<String> {
        let text = match self.0.get(key)? {
            Value::String(text) => text.clone(),
            Value::Null => return None,
            scalar => scalar.to_string(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// All attributes, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As JSON, the form that stores keep.
    #[must_use]
    pub fn to_json(&self) -> Value {
        Value::Object(self.0.clone().into_iter().collect())
    }
}

impl TryFrom<BTreeMap<String, Value>> for Attributes {
    type Error = AttributeError;

    fn try_from(entries: BTreeMap<String, Value>) -> Result<Self, AttributeError> {
        let mut attributes = Self::new();
        for (key, value) in entries {
            attributes.insert(&key, value)?;
        }
        Ok(attributes)
    }
}

impl From<Attributes> for BTreeMap<String, Value> {
    fn from(attributes: Attributes) -> Self {
        attributes.0
    }
}

/// A key in lower case, checked.
///
/// # Errors
/// [`AttributeError::Key`].
pub fn attribute_key(typed: &str) -> Result<String, AttributeError> {
    let key = typed.trim().to_ascii_lowercase();
    let starts = key.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let goes_on = key
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if starts && goes_on && key.len() <= KEY_MAX {
        Ok(key)
    } else {
        Err(AttributeError::Key(
            typed.chars().take(KEY_MAX + 1).collect(),
        ))
    }
}

fn check_value(key: &str, value: &Value) -> Result<(), AttributeError> {
    match value {
        Value::Array(_) | Value::Object(_) => Err(AttributeError::Nested(key.to_owned())),
        Value::String(text) => {
            let length = text.chars().count();
            if length > VALUE_MAX {
                Err(AttributeError::TooLong(key.to_owned(), length))
            } else if is_plain_text(text) {
                Ok(())
            } else {
                Err(AttributeError::Control(key.to_owned()))
            }
        }
        _ => Ok(()),
    }
}

/// True for a text without control characters other than tab and line feed.
pub(crate) fn is_plain_text(text: &str) -> bool {
    !text
        .chars()
        .any(|c| is_line_or_control(c) && !matches!(c, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(value: Value) -> Refusal {
        Attributes::check(value).unwrap_err().remove(0).refusal
    }

    #[test]
    fn scalars_are_kept_with_their_types_and_ordered_by_key() {
        let attributes =
            Attributes::parse(r#"{"Town":"Пермь","age":42,"vip":true,"x":null,"sum":1.5}"#)
                .unwrap();
        let keys: Vec<_> = attributes.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["age", "sum", "town", "vip", "x"]);
        assert_eq!(attributes.value("age"), Some(&json!(42)));
        assert_eq!(attributes.text("town").as_deref(), Some("Пермь"));
        assert_eq!(attributes.text("sum").as_deref(), Some("1.5"));
        assert_eq!(attributes.text("vip").as_deref(), Some("true"));
        assert_eq!(attributes.text("x"), None);
        assert_eq!(attributes.text("nothing"), None);
    }

    #[test]
    fn a_key_is_a_lower_case_word() {
        for good in ["a", "_", "City", "birth_date", "x2", &"k".repeat(63)] {
            assert!(attribute_key(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            " ",
            "2x",
            "a-b",
            "a.b",
            "a b",
            "город",
            "a\nb",
            "{{a}}",
            &"k".repeat(64),
        ] {
            assert!(
                matches!(attribute_key(bad), Err(AttributeError::Key(_))),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn lists_objects_long_texts_and_control_characters_are_refused() {
        assert_eq!(fault(json!({"a": [1]})).code, code::ATTRIBUTE_NESTED);
        assert_eq!(fault(json!({"a": {"b": 1}})).code, code::ATTRIBUTE_NESTED);
        assert_eq!(fault(json!({"a": "\u{0}"})).code, code::CONTROL_CHARACTER);
        assert_eq!(fault(json!({"a": "b\r\nc"})).code, code::CONTROL_CHARACTER);
        assert_eq!(fault(json!({"a": "ж".repeat(2_001)})).code, code::TOO_LONG);
        assert_eq!(fault(json!({"a": 1, "A": 2})).code, code::ATTRIBUTE_TWICE);
        assert!(Attributes::check(json!({"a": "ж".repeat(2_000), "b": "c\n\td"})).is_ok());
        for shape in [json!([]), json!("a"), json!(null)] {
            assert_eq!(fault(shape).code, code::ATTRIBUTE_SHAPE);
        }
        assert_eq!(
            Attributes::parse("{").unwrap_err()[0].refusal.code,
            code::ATTRIBUTE_SHAPE
        );
    }

    #[test]
    fn every_fault_is_named_at_its_field() {
        let faults = Attributes::check(json!({"a b": 1, "c": [], "d": 1})).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        assert_eq!(fields, ["attributes.a b", "attributes.c"]);
    }

    #[test]
    fn the_fifty_first_is_refused() {
        let mut attributes = Attributes::new();
        for n in 0..ATTRIBUTES_MAX {
            attributes.insert(&format!("k{n}"), json!(n)).unwrap();
        }
        assert_eq!(
            attributes.insert("more", json!(1)),
            Err(AttributeError::TooMany)
        );
        let mut one = Attributes::new();
        one.insert("more", json!(1)).unwrap();
        assert_eq!(attributes.merge(&one), Err(AttributeError::TooMany));
        let many: serde_json::Map<_, _> = (0..51).map(|n| (format!("k{n}"), json!(n))).collect();
        assert_eq!(fault(Value::Object(many)).code, code::ATTRIBUTE_TOO_MANY);
    }

    #[test]
    fn newer_values_win_and_the_rest_stays() {
        let mut old = Attributes::check(json!({"a": 1, "b": 2})).unwrap();
        old.merge(&Attributes::check(json!({"b": 3, "c": 4})).unwrap())
            .unwrap();
        assert_eq!(old.to_json(), json!({"a": 1, "b": 3, "c": 4}));
    }

    #[test]
    fn json_goes_in_and_out_and_is_checked_on_the_way_in() {
        let attributes = Attributes::check(json!({"a": 1, "b": "c"})).unwrap();
        let text = serde_json::to_string(&attributes).unwrap();
        assert_eq!(text, r#"{"a":1,"b":"c"}"#);
        assert_eq!(
            serde_json::from_str::<Attributes>(&text).unwrap(),
            attributes
        );
        assert!(serde_json::from_str::<Attributes>(r#"{"a b":1}"#).is_err());
    }
}
