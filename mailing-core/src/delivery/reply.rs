//! What a mail server answered.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// Longest reply text that is kept, in bytes.
pub const REPLY_TEXT_MAX: usize = 500;

/// An enhanced status code (RFC 3463), such as `5.1.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnhancedCode {
    /// 2, 4 or 5.
    pub class: u8,
    /// What it is about: 1 addressing, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// The detail.
    pub detail: u16,
}

impl fmt::Display for EnhancedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// The text is not an enhanced status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an enhanced status code")]
pub struct NotEnhanced;

impl FromStr for EnhancedCode {
    type Err = NotEnhanced;

    fn from_str(text: &str) -> Result<Self, NotEnhanced> {
        let mut parts = text.split('.');
        let mut number = |max_len: usize| -> Result<u16, NotEnhanced> {
            let part = parts.next().ok_or(NotEnhanced)?;
            if part.is_empty() || part.len() > max_len || !part.bytes().all(|b| b.is_ascii_digit())
            {
                return Err(NotEnhanced);
            }
            part.parse().map_err(|_| NotEnhanced)
        };
        let class = u8::try_from(number(1)?).map_err(|_| NotEnhanced)?;
        let (subject, detail) = (number(3)?, number(3)?);
        if parts.next().is_some() || !matches!(class, 2 | 4 | 5) {
            return Err(NotEnhanced);
        }
        Ok(Self {
            class,
            subject,
            detail,
        })
    }
}

/// A complete reply of a mail server (RFC 5321 §4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// Three-digit code.
    pub code: u16,
    /// Enhanced code, if one was given that does not contradict `code`.
    #[serde(serialize_with = "enhanced_text")]
    pub enhanced: Option<EnhancedCode>,
    /// The text, lines joined by a space, control characters escaped, at most
    /// [`REPLY_TEXT_MAX`] bytes.
    pub text: String,
}

impl Reply {
    /// A reply from its code and text. An enhanced code at the start of the text is read and, unless
    /// it contradicts the code's class, kept apart.
    #[must_use]
    pub fn new(code: u16, text: &str) -> Self {
        let first = text.split_whitespace().next().unwrap_or_default();
        let enhanced = first
            .parse::<EnhancedCode>()
            .ok()
            .filter(|e| u16::from(e.class) == code / 100);
        let text = if enhanced.is_some() {
            text.trim_start()[first.len()..].trim()
        } else {
            text
        };
        Self {
            code,
            enhanced,
            text: escape(text),
        }
    }

    /// 2xx.
    #[must_use]
    pub const fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// 4xx: refused for now.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        self.code / 100 == 4
    }

    /// 5xx: refused for good.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        self.code / 100 == 5
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = self.enhanced {
            write!(f, " {enhanced}")?;
        }
        if !self.text.is_empty() {
            write!(f, " {}", self.text)?;
        }
        Ok(())
    }
}

fn enhanced_text<S: serde::Serializer>(
    code: &Option<EnhancedCode>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match code {
        Some(code) => serializer.collect_str(code),
        None => serializer.serialize_none(),
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len().min(REPLY_TEXT_MAX));
    for character in text.chars() {
        let piece: String = if character.is_control() {
            character.escape_default().collect()
        } else {
            character.into()
        };
        if escaped.len() + piece.len() > REPLY_TEXT_MAX {
            break;
        }
        escaped.push_str(&piece);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enhanced_code_is_read_from_the_text() {
        let reply = Reply::new(550, "5.1.1 User unknown");
        assert_eq!(reply.enhanced.unwrap().to_string(), "5.1.1");
        assert_eq!(reply.text, "User unknown");
        assert_eq!(reply.to_string(), "550 5.1.1 User unknown");
    }

    #[test]
    fn an_enhanced_code_that_contradicts_the_class_is_ignored() {
        let reply = Reply::new(550, "4.1.1 strange");
        assert_eq!(reply.enhanced, None);
        assert_eq!(reply.text, "4.1.1 strange");
    }

    #[test]
    fn control_characters_are_escaped_and_length_is_bounded() {
        let reply = Reply::new(250, &format!("a\u{0}b\u{1b}{}", "я".repeat(600)));
        assert!(reply.text.starts_with("a\\u{0}b\\u{1b}"));
        assert!(reply.text.len() <= REPLY_TEXT_MAX);
    }

    #[test]
    fn what_is_no_enhanced_code_is_refused() {
        for text in [
            "", "5", "5.1", "5.1.1.1", "3.1.1", "5.x.1", "5.1.1000", "55.1.1", "5..1",
        ] {
            assert!(text.parse::<EnhancedCode>().is_err(), "{text}");
        }
    }
}
