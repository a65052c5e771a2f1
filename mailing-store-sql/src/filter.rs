//! From what a person types into a search field to a pattern for `LIKE … ESCAPE '\'`.

use mailing_core::recipient::{DisplayName, EmailAddress};

/// Longest search that is looked for, in characters; the rest is cut off.
const SEARCH_MAX: usize = 200;

/// The pattern that finds `typed` anywhere, in lower case; `None` when nothing is looked for.
/// Wildcards stand for themselves (S31).
#[must_use]
pub fn pattern(typed: Option<&str>) -> Option<String> {
    let typed = folded(typed)?;
    let mut pattern = String::from("%");
    for character in typed.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    Some(pattern)
}

/// What the key of an address begins with that is looked for; `None` when nothing is.
#[must_use]
pub fn beginning(typed: Option<&str>) -> Option<String> {
    folded(typed).filter(|typed| !typed.is_empty())
}

/// What is looked for, in lower case; `None` when nothing is.
fn folded(typed: Option<&str>) -> Option<String> {
    let typed = typed?.trim();
    let signs = typed.to_lowercase();
    let signs = signs.chars().take(SEARCH_MAX);
    (!typed.is_empty()).then(|| signs.filter(|sign| *sign != '\0').collect())
}

/// What is searched of a recipient: address, name and comment in lower case, a line each, so that
/// no match runs from one into the next.
#[must_use]
pub fn search_text(
    address: &EmailAddress,
    name: Option<&DisplayName>,
    comment: Option<&str>,
) -> String {
    let name = name.map_or("", DisplayName::as_str);
    let comment = comment.unwrap_or_default();
    folded_text(address.as_str(), name, comment)
}

/// The same of what stands in the database.
#[must_use]
pub fn folded_text(address: &str, name: &str, comment: &str) -> String {
    format!("{address}\n{name}\n{comment}").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(pattern(Some("50%_a\\b")).unwrap(), r"%50\%\_a\\b%");
        assert_eq!(pattern(Some("a\0b")).unwrap(), "%ab%");
    }

    #[test]
    fn case_is_folded_in_every_script() {
        assert_eq!(pattern(Some(" ИВАН ")).unwrap(), "%иван%");
        let address = EmailAddress::parse("Ann@Example.org").unwrap();
        let name = DisplayName::parse("Анна Ёлкина").unwrap();
        assert_eq!(
            search_text(&address, Some(&name), None),
            "ann@example.org\nанна ёлкина\n"
        );
    }

    #[test]
    fn nothing_typed_finds_everything() {
        assert_eq!(pattern(None), None);
        assert_eq!(pattern(Some("  ")), None);
    }
}
