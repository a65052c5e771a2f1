//! The part before `@`: `Local-part` of RFC 5321 §4.1.2 with the UTF-8 of RFC 6531 §3.3.

use unicode_normalization::UnicodeNormalization;

use super::AddressError;

/// Longest local part, in octets (RFC 5321 §4.5.3.1.1).
const LOCAL_MAX: usize = 64;

/// Checks a local part and gives its key: normalised, case-folded, quoted only where it must be.
pub(super) fn check(local: &str) -> Result<String, AddressError> {
    if local.len() > LOCAL_MAX {
        return Err(AddressError::TooLong);
    }
    let content = match local.strip_prefix('"') {
        Some(rest) => {
            let inside = rest.strip_suffix('"').ok_or(AddressError::Local)?;
            unquote(inside).ok_or(AddressError::Local)?
        }
        None if is_dot_atom(local) => local.to_owned(),
        None => return Err(AddressError::Local),
    };
    let folded = fold(&content);
    Ok(if is_dot_atom(&folded) {
        folded
    } else {
        quote(&folded)
    })
}

/// `Dot-string`: atoms with single dots between them.
fn is_dot_atom(text: &str) -> bool {
    text.split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

/// `atext` (RFC 5322 §3.2.3) or any non-ASCII character that is not white space (RFC 6531).
fn is_atext(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
    } else {
        !c.is_whitespace()
    }
}

/// The content of a quoted string without its escapes; `None` when it breaks the grammar
/// (`qtextSMTP`, `quoted-pairSMTP`).
fn unquote(inside: &str) -> Option<String> {
    let mut content = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => content.push(chars.next().filter(|c| matches!(c, ' '..='~'))?),
            c => content.push(c),
        }
    }
    Some(content)
}

fn quote(content: &str) -> String {
    let mut quoted = String::with_capacity(content.len() + 2);
    quoted.push('"');
    for c in content.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Canonical composition and lower case. The final sigma is folded into the common one, so that the
/// key does not depend on what stands behind the letter.
fn fold(text: &str) -> String {
    let lower: String = text.nfc().flat_map(char::to_lowercase).collect();
    lower
        .nfc()
        .map(|c| if c == 'ς' { 'σ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_escapes_stay_only_where_they_are_needed() {
        assert_eq!(check("\"Ann\"").unwrap(), "ann");
        assert_eq!(check("\"a\\b\"").unwrap(), "ab");
        assert_eq!(check("\"a b\"").unwrap(), "\"a b\"");
        assert_eq!(check("\"a\\\"b\"").unwrap(), "\"a\\\"b\"");
        assert_eq!(check("\"\"").unwrap(), "\"\"");
        assert_eq!(check("\"a..b\"").unwrap(), "\"a..b\"");
    }

    #[test]
    fn a_broken_quotation_is_refused() {
        for local in [
            "\"",
            "\"a",
            "a\"",
            "\"a\"b\"",
            "\"a\\\"",
            "a\"b\"",
            "\"a\\é\"",
        ] {
            assert_eq!(check(local), Err(AddressError::Local), "{local}");
        }
    }

    #[test]
    fn length_is_counted_in_octets() {
        assert!(check(&"a".repeat(64)).is_ok());
        assert_eq!(check(&"a".repeat(65)), Err(AddressError::TooLong));
        assert!(check(&"ж".repeat(32)).is_ok());
        assert_eq!(check(&"ж".repeat(33)), Err(AddressError::TooLong));
    }
}
