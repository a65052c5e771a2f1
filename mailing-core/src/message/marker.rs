//! Words that stand for placeholders while Markdown and HTML are worked on.
//!
//! Letters and digits only, so that neither Markdown nor HTML nor the text maker takes offence;
//! where a word is found again in the finished text tells what its place is. An owner who writes
//! such a word by hand gains nothing: it can only name one of the message's own variables.

use super::template::{Placeholder, Segment, scan};

/// Digits of an index.
const DIGITS: usize = 6;

/// What stands behind an index, so that digits that follow do not become part of it.
const END: &str = "e";

/// The marker words of one text.
#[derive(Debug)]
pub(super) struct Markers {
    prefix: String,
}

/// A part of a text that was marked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Marked<'a> {
    /// Text between markers.
    Text(&'a str),
    /// The marker of this index.
    Index(usize),
}

impl Markers {
    /// Words that do not occur in `source`.
    pub(super) fn for_text(source: &str) -> Self {
        let mut number = 0u32;
        loop {
            let prefix = format!("xslot{number}x");
            if !source.contains(&prefix) {
                return Self { prefix };
            }
            number += 1;
        }
    }

    /// What every marker begins with.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The marker of an index.
    pub(super) fn word(&self, index: usize) -> String {
        format!("{}{index:0DIGITS$}{END}", self.prefix)
    }

    /// `source` with markers instead of its placeholders, and the placeholders by index. A faulty
    /// placeholder stays verbatim.
    pub(super) fn mark(&self, source: &str) -> (String, Vec<Placeholder>) {
        let mut marked = String::with_capacity(source.len());
        let mut placeholders = Vec::new();
        for segment in scan(source) {
            match segment {
                Segment::Text(text) | Segment::Fault(_, text) => marked.push_str(text),
                Segment::Placeholder(placeholder) => {
                    marked.push_str(&self.word(placeholders.len()));
                    placeholders.push(placeholder);
                }
            }
        }
        (marked, placeholders)
    }

    /// The parts of a marked text, in order.
    pub(super) fn split<'a>(&self, text: &'a str) -> Vec<Marked<'a>> {
        let mut parts = Vec::new();
        let mut rest = text;
        let mut from = 0;
        while let Some(found) = rest[from..].find(&self.prefix) {
            let at = from + found;
            let behind = at + self.prefix.len();
            let Some(index) = index(&rest[behind..]) else {
                from = behind;
                continue;
            };
            if at > 0 {
                parts.push(Marked::Text(&rest[..at]));
            }
            parts.push(Marked::Index(index));
            rest = &rest[behind + DIGITS + END.len()..];
            from = 0;
        }
        if !rest.is_empty() {
            parts.push(Marked::Text(rest));
        }
        parts
    }
}

fn index(text: &str) -> Option<usize> {
    let digits = text.get(..DIGITS)?;
    let ends = text[DIGITS..].starts_with(END);
    let all = digits.bytes().all(|byte| byte.is_ascii_digit());
    (ends && all).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::template::Variable;

    #[test]
    fn placeholders_become_words_and_words_become_indices() {
        let source = "a{{ recipient.email }}{{sender.name}} {{ bad! }}7";
        let markers = Markers::for_text(source);
        let (marked, placeholders) = markers.mark(source);
        assert_eq!(marked, "axslot0x000000exslot0x000001e {{ bad! }}7");
        assert_eq!(placeholders[0].variable, Variable::Email);
        assert_eq!(placeholders[1].variable, Variable::SenderName);
        assert_eq!(
            markers.split(&marked),
            [
                Marked::Text("a"),
                Marked::Index(0),
                Marked::Index(1),
                Marked::Text(" {{ bad! }}7")
            ]
        );
    }

    #[test]
    fn words_differ_from_what_the_text_holds() {
        let markers = Markers::for_text("xslot0x000000e xslot1x");
        assert_eq!(markers.prefix(), "xslot2x");
        assert_eq!(
            markers.split("xslot2x00 xslot2x00000Жe xslot2x"),
            [Marked::Text("xslot2x00 xslot2x00000Жe xslot2x")]
        );
    }
}
