//! Finding placeholders in a text, in one pass and in linear time.

use std::borrow::Cow;

use super::variable::{NAME_LEN_MAX, Variable};
use crate::code;
use crate::error::Refusal;
use crate::recipient::is_line_or_control;

/// Longest default value, in characters.
const DEFAULT_MAX: usize = 200;

/// How far behind `{{` its `}}` is looked for when a fault is shown, in octets.
const SHOWN_MAX: usize = 60;

/// A variable with what stands in for it when it has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// Whose value is put here.
    pub variable: Variable,
    /// What is put here when there is none.
    pub default: Option<String>,
}

/// What is wrong with a placeholder, and where it stands (both counted from 1, in characters).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// There is no variable of that name.
    #[error("line {line}, column {column}: no variable {name}, perhaps {nearest}")]
    Unknown {
        /// The name as written.
        name: String,
        /// Line of the `{{`.
        line: usize,
        /// Column of the `{{`.
        column: usize,
        /// The name that was probably meant.
        nearest: Cow<'static, str>,
    },
    /// It is not of the form `{{ name }}` or `{{ name | default("…") }}`.
    #[error("line {line}, column {column}: {text} is no placeholder")]
    Malformed {
        /// How it begins.
        text: String,
        /// Line of the `{{`.
        line: usize,
        /// Column of the `{{`.
        column: usize,
    },
}

impl From<TemplateError> for Refusal {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Unknown {
                name,
                line,
                column,
                nearest,
            } => Self::new(code::MESSAGE_UNKNOWN_VARIABLE)
                .with("name", name)
                .with("line", line)
                .with("column", column)
                .with("nearest", nearest.into_owned()),
            TemplateError::Malformed { text, line, column } => {
                Self::new(code::MESSAGE_BAD_PLACEHOLDER)
                    .with("text", text)
                    .with("line", line)
                    .with("column", column)
            }
        }
    }
}

/// A part of a scanned text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Segment<'a> {
    /// Verbatim text.
    Text(&'a str),
    /// A place for a value.
    Placeholder(Placeholder),
    /// A faulty placeholder, and its text.
    Fault(TemplateError, &'a str),
}

/// The parts of a text, in order. Together their texts are the whole text.
pub(crate) fn scan(source: &str) -> impl Iterator<Item = Segment<'_>> {
    Scan {
        source,
        at: 0,
        line: 1,
        column: 1,
    }
}

struct Scan<'a> {
    source: &'a str,
    at: usize,
    line: usize,
    column: usize,
}

impl<'a> Iterator for Scan<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        let rest = &self.source[self.at..];
        if rest.is_empty() {
            return None;
        }
        let open = rest.find("{{").unwrap_or(rest.len());
        if open > 0 {
            self.advance(open);
            return Some(Segment::Text(&rest[..open]));
        }
        let mut cursor = Cursor(&rest[2..]);
        let segment = match placeholder(&mut cursor) {
            Some((name, default)) => {
                let raw = &rest[..rest.len() - cursor.0.len()];
                match Variable::parse(name) {
                    Some(variable) => {
                        Ok((Segment::Placeholder(Placeholder { variable, default }), raw))
                    }
                    None => Err((self.unknown(name), raw)),
                }
            }
            None => Err(self.malformed(rest)),
        };
        let (segment, raw) =
            segment.unwrap_or_else(|(error, raw)| (Segment::Fault(error, raw), raw));
        self.advance(raw.len());
        Some(segment)
    }
}

impl<'a> Scan<'a> {
    fn advance(&mut self, octets: usize) {
        for c in self.source[self.at..self.at + octets].chars() {
            if c == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.at += octets;
    }

    fn unknown(&self, name: &str) -> TemplateError {
        TemplateError::Unknown {
            name: name.to_owned(),
            line: self.line,
            column: self.column,
            nearest: Variable::nearest(name),
        }
    }

    fn malformed(&self, rest: &'a str) -> (TemplateError, &'a str) {
        let shown = &rest[..rest.floor_char_boundary(SHOWN_MAX)];
        let raw = match shown[2..].find("}}") {
            Some(close) => &rest[..close + 4],
            None => "{{",
        };
        let text = if raw.len() > 2 { raw } else { shown };
        let error = TemplateError::Malformed {
            text: text.lines().next().unwrap_or_default().to_owned(),
            line: self.line,
            column: self.column,
        };
        (error, raw)
    }
}

struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn take(&mut self, token: &str) -> Option<()> {
        self.0 = self.0.trim_start().strip_prefix(token)?;
        Some(())
    }

    fn name(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start();
        let end = text
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        self.0 = rest;
        (!name.is_empty() && name.len() <= NAME_LEN_MAX).then_some(name)
    }

    /// A text in single or double quotes; `\` keeps the next character from ending it.
    fn text(&mut self) -> Option<String> {
        let text = self.0.trim_start();
        let mut chars = text.char_indices();
        let (_, quote) = chars.next().filter(|(_, c)| matches!(c, '"' | '\''))?;
        let mut value = String::new();
        for _ in 0..=DEFAULT_MAX {
            let (at, c) = chars.next()?;
            if c == quote {
                self.0 = &text[at + 1..];
                return Some(value);
            }
            let c = if c == '\\' { chars.next()?.1 } else { c };
            if is_line_or_control(c) {
                return None;
            }
            value.push(c);
        }
        None
    }
}

/// What follows `{{`, up to and with its `}}`.
fn placeholder<'a>(cursor: &mut Cursor<'a>) -> Option<(&'a str, Option<String>)> {
    let name = cursor.name()?;
    let default = if cursor.take("|").is_some() {
        cursor.take("default")?;
        cursor.take("(")?;
        let default = cursor.text()?;
        cursor.take(")")?;
        Some(default)
    } else {
        None
    };
    cursor.take("}}")?;
    Some((name, default))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn only(source: &str) -> Segment<'_> {
        let mut parts: Vec<_> = scan(source).collect();
        assert_eq!(parts.len(), 1, "{parts:?}");
        parts.remove(0)
    }

    fn default_of(source: &str) -> Option<String> {
        match only(source) {
            Segment::Placeholder(placeholder) => placeholder.default,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_placeholder_is_a_name_and_perhaps_a_default() {
        for source in [
            "{{recipient.email}}",
            "{{ recipient.email }}",
            "{{\trecipient.email\n}}",
            "{{\u{a0}recipient.email\u{a0}}}",
        ] {
            let email = Placeholder {
                variable: Variable::Email,
                default: None,
            };
            assert_eq!(only(source), Segment::Placeholder(email), "{source:?}");
        }
        assert_eq!(
            default_of("{{ recipient.email|default(\"\") }}").as_deref(),
            Some("")
        );
        assert_eq!(
            default_of("{{ recipient.full_name | default ( 'дорогой друг' ) }}").as_deref(),
            Some("дорогой друг")
        );
        assert_eq!(
            default_of(r#"{{ sender.name | default("a \"b\" \\ }}") }}"#).as_deref(),
            Some(r#"a "b" \ }}"#)
        );
    }

    #[test]
    fn nothing_else_is_a_placeholder() {
        for source in [
            "{{ 7*7 }}",
            "{{ }}",
            "{{}}",
            "{{{ recipient.email }}",
            "{{ get_env(name=\"PATH\") }}",
            "{{ recipient.email | upper }}",
            "{{ recipient.email | default }}",
            "{{ recipient.email | default(x) }}",
            "{{ recipient.email | default(\"a\" }}",
            "{{ recipient.email | default(\"a\nb\") }}",
            "{{ recipient.email | default(\"a\") | default(\"b\") }}",
            "{{ recipient . email }}",
            "{{ recipient['email'] }}",
            "{{ \"text\" }}",
        ] {
            let fault = scan(source)
                .any(|s| matches!(s, Segment::Fault(TemplateError::Malformed { .. }, _)));
            assert!(fault, "{source}");
        }
        let long = format!("{{{{ sender.name | default(\"{}\") }}}}", "x".repeat(201));
        assert!(matches!(scan(&long).next(), Some(Segment::Fault(..))));
        assert!(matches!(scan("a {{ b").nth(1), Some(Segment::Fault(..))));
    }

    #[test]
    fn other_languages_are_plain_text() {
        let source = "{% include \"/etc/passwd\" %}${7*7}<%= 7*7 %>{# a #} { { a } } }}";
        assert_eq!(only(source), Segment::Text(source));
    }

    #[test]
    fn an_unknown_name_is_named_with_its_place_and_the_nearest_one() {
        let source = "Привет,\n  мир {{ recipient.ful_name }}!";
        let fault = scan(source).find_map(|segment| match segment {
            Segment::Fault(error, _) => Some(Refusal::from(error)),
            _ => None,
        });
        let expected = Refusal::new(code::MESSAGE_UNKNOWN_VARIABLE)
            .with("name", "recipient.ful_name")
            .with("line", 2usize)
            .with("column", 7usize)
            .with("nearest", "recipient.full_name");
        assert_eq!(fault, Some(expected));
    }

    #[test]
    fn a_malformed_placeholder_is_shown_up_to_its_end_or_its_line() {
        let shown = |source| match scan(source).next() {
            Some(Segment::Fault(TemplateError::Malformed { text, .. }, _)) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(shown("{{ 7*7 }} and more"), "{{ 7*7 }}");
        assert_eq!(shown("{{ 7*7\nand more"), "{{ 7*7");
        assert_eq!(shown(&format!("{{{{ {}", "*".repeat(500))).len(), SHOWN_MAX);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn any_text_is_scanned_whole(
            source in "(\\{\\{|\\}\\}|[ a-z.|(\"'\\\\]|default|recipient|full_name|Ж|😀|\n|\\PC){0,60}",
        ) {
            let mut length = 0;
            for segment in scan(&source) {
                match segment {
                    Segment::Text(text) => {
                        prop_assert!(!text.contains("{{"));
                        length += text.len();
                    }
                    Segment::Fault(_, raw) => {
                        prop_assert!(raw.starts_with("{{"));
                        length += raw.len();
                    }
                    Segment::Placeholder(_) => length += 4,
                }
            }
            prop_assert!(length <= source.len());
        }
    }
}
