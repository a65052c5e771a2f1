//! Making a value harmless in the place it is put into.

use std::borrow::Cow;

/// The language around a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// A header line: no line ends, bounded length.
    Header,
    /// The plain text part.
    Plain,
    /// The HTML part, between tags or inside a quoted attribute.
    Html,
}

/// What a value is in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Text that people read.
    Text,
    /// The beginning of an address (`href`, `src`): an absolute one of an allowed scheme, else
    /// nothing.
    Url,
    /// A part inside an address: everything but unreserved characters is percent-encoded (RFC 3986
    /// §2.3).
    UrlPart,
    /// The mailbox of a `mailto:` address: as above, but `@` stays.
    Mailbox,
}

/// Where a value is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The language around it.
    pub syntax: Syntax,
    /// What it is there.
    pub role: Role,
}

impl Place {
    /// Text in a header, in plain text or in HTML.
    #[must_use]
    pub const fn text(syntax: Syntax) -> Self {
        Self {
            syntax,
            role: Role::Text,
        }
    }
}

/// Longest value in a header, in characters; more is cut off.
const HEADER_VALUE_MAX: usize = 200;

/// Schemes that an address given by a value may have.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// The value as it may stand in `place`.
pub(crate) fn escape(place: Place, value: &str) -> String {
    let value = match place.role {
        Role::Text => Cow::Borrowed(value),
        Role::Url => url(value).into(),
        Role::UrlPart => percent_encode(value, is_unreserved).into(),
        Role::Mailbox => percent_encode(value, |c| is_unreserved(c) || c == '@').into(),
    };
    match place.syntax {
        Syntax::Header => header(&value),
        Syntax::Plain if value.bytes().all(is_visible) => value.into_owned(),
        Syntax::Plain => value.chars().filter(|c| is_text(*c)).collect(),
        Syntax::Html => html(&value),
    }
}

/// HTML text that is safe between tags and inside a quoted attribute.
pub(crate) fn html(text: &str) -> String {
    if text
        .bytes()
        .all(|b| is_visible(b) && !b"&<>\"'".contains(&b))
    {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().filter(|c| is_text(*c)) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Most values are of these alone, and stay as they are in every text.
const fn is_visible(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

fn is_text(c: char) -> bool {
    !c.is_control() || matches!(c, '\n' | '\t')
}

fn header(value: &str) -> String {
    let words = value.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    line.chars().take(HEADER_VALUE_MAX).collect()
}

fn url(value: &str) -> String {
    let value = value.trim();
    let allowed = SCHEMES.iter().any(|scheme| {
        value
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    if !allowed {
        return String::new();
    }
    percent_encode(value, |c| {
        c.is_ascii_graphic() && !"\"'<>\\^`{|}".contains(c)
    })
}

const fn is_unreserved(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~')
}

fn percent_encode(value: &str, keep: impl Fn(char) -> bool) -> String {
    if value.chars().all(&keep) {
        return value.to_owned();
    }
    let mut encoded = String::with_capacity(value.len());
    for c in value.chars() {
        if keep(c) {
            encoded.push(c);
            continue;
        }
        let mut octets = [0; 4];
        for octet in c.encode_utf8(&mut octets).bytes() {
            encoded.push('%');
            for half in [octet >> 4, octet & 15] {
                encoded.extend(char::from_digit(half.into(), 16).map(|c| c.to_ascii_uppercase()));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn put(syntax: Syntax, role: Role, value: &str) -> String {
        escape(Place { syntax, role }, value)
    }

    #[test]
    fn html_values_are_text_and_nothing_else() {
        assert_eq!(
            put(Syntax::Html, Role::Text, "<b title='x'>\"a\" & b\0\r\n"),
            "&lt;b title=&#39;x&#39;&gt;&quot;a&quot; &amp; b\n"
        );
    }

    #[test]
    fn a_header_value_is_one_bounded_line() {
        assert_eq!(
            put(
                Syntax::Header,
                Role::Text,
                " a\r\nBcc: b\u{85}c\u{2028}d\te\0f "
            ),
            "a Bcc: b c d e f"
        );
        let long = put(Syntax::Header, Role::Text, &"ж".repeat(2_000));
        assert_eq!(long.chars().count(), HEADER_VALUE_MAX);
    }

    #[test]
    fn a_whole_address_needs_an_allowed_scheme() {
        let url = |value| put(Syntax::Plain, Role::Url, value);
        assert_eq!(
            url("https://x.org/?a=1&b=%20#c"),
            "https://x.org/?a=1&b=%20#c"
        );
        assert_eq!(url(" HTTP://x.org/ж "), "HTTP://x.org/%D0%B6");
        assert_eq!(url("mailto:a@x.org"), "mailto:a@x.org");
        assert_eq!(
            url("https://x.org/\" onclick=\"a"),
            "https://x.org/%22%20onclick=%22a"
        );
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "//x.org",
            "/path",
            "x.org",
            "\u{1}javascript:alert(1)",
            "java\nscript:alert(1)",
            "vbscript:x",
            "",
            "https:x",
            "жжж",
        ] {
            assert_eq!(url(bad), "", "{bad:?}");
        }
    }

    #[test]
    fn a_part_of_an_address_cannot_leave_its_part() {
        assert_eq!(
            put(Syntax::Html, Role::UrlPart, "a b/../?x=1&y#z:@Ж"),
            "a%20b%2F..%2F%3Fx%3D1%26y%23z%3A%40%D0%96"
        );
        assert_eq!(
            put(Syntax::Html, Role::Mailbox, "a+b@x.org?cc=c"),
            "a%2Bb@x.org%3Fcc%3Dc"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn no_value_leaves_its_place(value in any::<String>()) {
            let html = put(Syntax::Html, Role::Text, &value);
            prop_assert!(!html.contains(['<', '>', '"', '\'', '\0', '\r']));
            let header = put(Syntax::Header, Role::Text, &value);
            prop_assert!(!header.chars().any(char::is_control));
            for role in [Role::Url, Role::UrlPart, Role::Mailbox] {
                let url = put(Syntax::Plain, role, &value);
                prop_assert!(url.chars().all(|c| c.is_ascii_graphic()));
            }
        }
    }
}
