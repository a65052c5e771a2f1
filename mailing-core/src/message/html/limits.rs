//! Bounds on the shape of HTML, checked before a parser builds a tree of it.
//!
//! By the rules of HTML some small texts become huge trees (formatting that is opened again in each
//! paragraph) or take quadratic time (deep nesting, thousands of attributes in one tag). This walk
//! is linear, builds nothing, and errs on the side of refusing: an element counts as open until its
//! end tag closes it in the right order.

/// Most tags in one text.
const TAGS_MAX: usize = 20_000;

/// Most elements open at once.
const OPEN_MAX: usize = 300;

/// Most formatting elements open at once: each may be copied into every later paragraph.
const FORMATTING_MAX: usize = 40;

/// Most characters between two tags that are written as references: the writer of html5ever looks
/// at all the rest of the text for each of them.
const REFERENCES_MAX: usize = 10_000;

/// Most attributes in one tag.
const ATTRIBUTES_MAX: usize = 100;

const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Elements whose end tag may be missing, each with those that its start closes.
const CLOSED_BY: &[(&str, &[&str])] = &[
    ("dd", &["dd", "dt", "p"]),
    ("dt", &["dd", "dt", "p"]),
    ("li", &["li", "p"]),
    ("p", &["p"]),
    ("tbody", &["tbody", "thead", "tr", "td", "th", "p"]),
    ("td", &["td", "th", "p"]),
    ("tfoot", &["tbody", "thead", "tr", "td", "th", "p"]),
    ("th", &["td", "th", "p"]),
    ("tr", &["tr", "td", "th", "p"]),
];

/// Elements that change how the rest is parsed, so that end tags behind them prove nothing. Mail
/// has no use for them.
const FOREIGN: &[&str] = &[
    "applet",
    "button",
    "frameset",
    "iframe",
    "marquee",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "select",
    "svg",
    "template",
    "textarea",
    "xmp",
];

/// True when a parser can build a tree of `html` in bounded time and space.
pub(crate) fn is_within_limits(html: &str) -> bool {
    let mut walk = Walk::default();
    let mut rest = html;
    let mut text = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        if rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            if references(&text[..text.len() - rest.len()]) > REFERENCES_MAX {
                return false;
            }
            text = rest;
        }
        match rest.bytes().next() {
            Some(b'!') if rest.starts_with("!--") => rest = skip_comment(&rest[3..]),
            Some(b'!' | b'?') => rest = skip_past(rest, ">"),
            Some(b'/') if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                rest = skip_past(rest, ">");
            }
            Some(b'/') => {
                let Some((name, after)) = read_tag(&rest[1..]) else {
                    return false;
                };
                walk.close(&name);
                rest = after;
            }
            Some(first) if first.is_ascii_alphabetic() => {
                let Some((name, after)) = read_tag(rest) else {
                    return false;
                };
                if FOREIGN.contains(&name.as_str()) {
                    return walk.open.len() + starts(rest) <= OPEN_MAX;
                }
                if !walk.open(&name) {
                    return false;
                }
                rest = match name.as_str() {
                    "style" | "title" => skip_raw(after, &name),
                    _ => after,
                };
            }
            _ => {}
        }
    }
    references(text) <= REFERENCES_MAX
}

/// How many characters may be written as references: `&`, and what shares its first octet with the
/// no-break space.
fn references(text: &str) -> usize {
    text.bytes().filter(|b| matches!(b, b'&' | 0xc2)).count()
}

#[derive(Default)]
struct Walk {
    tags: usize,
    formatting: usize,
    open: Vec<String>,
}

impl Walk {
    fn open(&mut self, name: &str) -> bool {
        self.tags += 1;
        let closed = CLOSED_BY.iter().find(|(tag, _)| *tag == name);
        let closed = closed.map_or(&[][..], |(_, closed)| *closed);
        while self
            .open
            .last()
            .is_some_and(|top| closed.contains(&top.as_str()))
        {
            self.open.pop();
        }
        if !VOID.contains(&name) {
            self.formatting += usize::from(FORMATTING.contains(&name));
            self.open.push(name.to_owned());
        }
        self.tags <= TAGS_MAX && self.open.len() <= OPEN_MAX && self.formatting <= FORMATTING_MAX
    }

    /// Closes the innermost element when it is `name`, or when only such lie above it as need no
    /// end tag.
    fn close(&mut self, name: &str) {
        self.tags += 1;
        let formatting = FORMATTING.contains(&name);
        let may_be_left = |tag: &str| !formatting && CLOSED_BY.iter().any(|(t, _)| *t == tag);
        let top = self
            .open
            .iter()
            .rposition(|tag| tag == name || !may_be_left(tag))
            .filter(|top| self.open[*top] == name);
        if let Some(top) = top {
            self.open.truncate(top);
            self.formatting -= usize::from(formatting);
        }
    }
}

/// How many tags could start in `html`, whatever stands around them.
fn starts(html: &str) -> usize {
    let bytes = html.as_bytes();
    bytes
        .windows(2)
        .filter(|pair| pair[0] == b'<' && pair[1].is_ascii_alphabetic())
        .count()
}

/// The name of a tag in lower case, and what follows the tag; `None` when it has too many
/// attributes. Follows the tokeniser of the HTML standard (§13.2.5.6 ff).
fn read_tag(text: &str) -> Option<(String, &str)> {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    let end = text
        .find(|c| is_space(c) || matches!(c, '/' | '>'))
        .unwrap_or(text.len());
    let name = text[..end].to_ascii_lowercase();
    let mut rest = &text[end..];
    for _ in 0..=ATTRIBUTES_MAX {
        rest = rest.trim_start_matches(|c| is_space(c) || c == '/');
        if rest.is_empty() {
            return Some((name, ""));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Some((name, after));
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..]
            .find(|c| is_space(c) || matches!(c, '/' | '>' | '='))
            .map_or(rest.len(), |end| first + end);
        rest = rest[end..].trim_start_matches(is_space);
        let Some(value) = rest.strip_prefix('=') else {
            continue;
        };
        let value = value.trim_start_matches(is_space);
        rest = match value.bytes().next() {
            Some(b'"') => skip_past(&value[1..], "\""),
            Some(b'\'') => skip_past(&value[1..], "'"),
            _ => {
                let end = value.find(|c| is_space(c) || c == '>');
                &value[end.unwrap_or(value.len())..]
            }
        };
    }
    None
}

fn skip_past<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

/// What follows a comment of which `<!--` is read.
fn skip_comment(text: &str) -> &str {
    for at_once in [">", "->"] {
        if let Some(rest) = text.strip_prefix(at_once) {
            return rest;
        }
    }
    let mut rest = text;
    while let Some(at) = rest.find("--") {
        let after = &rest[at + 2..];
        if let Some(end) = after.strip_prefix('>').or_else(|| after.strip_prefix("!>")) {
            return end;
        }
        rest = &rest[at + 1..];
    }
    ""
}

/// What follows the text of an element that holds no tags.
fn skip_raw<'a>(text: &'a str, name: &str) -> &'a str {
    let mut at = 0;
    while let Some(found) = text[at..].find("</") {
        at += found + 2;
        let after = &text[at..];
        let named = after
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name));
        if named && after[name.len()..].starts_with([' ', '\t', '\n', '\r', '\u{c}', '/', '>']) {
            return &text[at - 2..];
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(html: &str) -> bool {
        !is_within_limits(html)
    }

    #[test]
    fn real_mail_is_within_the_limits() {
        let rows = "<tr><td style=\"a:b\" align='left'><b>x</b><br><img src=x><p>y<p>z</td></tr>";
        let page = format!(
            "<!DOCTYPE html><!--[if mso]><table><![endif]--><head><title>a<b</title>\
             <style>td > p {{}} </div></style></head><body><table>{}</table></body>",
            rows.repeat(1_500)
        );
        assert!(is_within_limits(&page));
        assert!(is_within_limits(
            &"<ul><li>a<li>b<p>c</ul><tr><td>d<tr><td>e".repeat(100)
        ));
        assert!(is_within_limits("2 < 3, a<b> c < d"));
        assert!(is_within_limits(&"<!---->".repeat(150_000)));
        assert!(is_within_limits(""));
    }

    #[test]
    fn deep_nesting_is_refused_however_it_is_hidden() {
        assert!(refused(&"<div>".repeat(301)));
        assert!(is_within_limits(&"<div>".repeat(300)));
        assert!(refused(&"<div><!--</div>-->".repeat(301)));
        assert!(refused(&"<div title='</div>'>".repeat(301)));
        assert!(refused(&"<div a=\"</div>\">".repeat(301)));
        assert!(refused(&"<div><style></div></style>".repeat(301)));
        assert!(refused(&"<div><!x </div>".repeat(301)));
        assert!(refused(&"<div><table></div></table>".repeat(301)));
        assert!(refused(&"<div></ </div>".repeat(301)));
        assert!(refused(&format!("<svg><style>{}", "<div>".repeat(301))));
        assert!(refused(&format!(
            "<svg></svg>{}",
            "<div></div>".repeat(301)
        )));
        assert!(refused(&format!("<select>{}", "<div></div>".repeat(301))));
    }

    #[test]
    fn formatting_that_would_be_copied_is_refused() {
        let open: String = (0..41).map(|n| format!("<font size={n}>")).collect();
        assert!(refused(&format!("{open}{}", "<p>x".repeat(10))));
        assert!(refused(&format!(
            "{}{}",
            "<b><div></b></div>".repeat(41),
            "<p>x".repeat(10)
        )));
        assert!(is_within_limits(&"<p><b><i>x</i></b>".repeat(1_000)));
    }

    #[test]
    fn too_many_tags_and_attributes_are_refused() {
        assert!(refused(&"<br>".repeat(20_001)));
        let attributes: String = (0..200).map(|n| format!(" a{n}")).collect();
        assert!(refused(&format!("<p{attributes}>")));
        assert!(refused(&format!("<p></p{attributes}>")));
        assert!(refused(&"&amp;".repeat(10_001)));
        assert!(refused(&format!(
            "<p title='{}'>a",
            "\u{a0}".repeat(10_001)
        )));
        assert!(is_within_limits(&"&amp;<br>".repeat(10_001)));
    }
}
