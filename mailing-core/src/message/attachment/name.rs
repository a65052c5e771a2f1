//! The name of a file as recipients see it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest name, in characters.
const NAME_MAX: usize = 100;
/// Longest ending that is kept when a name is cut, in characters with its dot.
const ENDING_MAX: usize = 12;
/// The name of a file whose own has nothing in it that can be shown.
const NAMELESS: &str = "file";
/// Names that mean a device to Windows, whatever their ending.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// A name without a path, without characters that move, hide or end what is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct FileName(String);

impl FileName {
    /// What stays of a name: of a path its last part; no control characters, no direction marks, no
    /// invisible ones, nothing that a file system gives a meaning to.
    #[must_use]
    pub fn clean(typed: &str) -> Self {
        let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
        let shown: String = last.chars().filter(|c| !is_hidden(*c)).collect();
        let shown: String = shown
            .chars()
            .map(|c| {
                if matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*') {
                    '_'
                } else {
                    c
                }
            })
            .collect();
        let shown = shown.trim_matches(|c: char| c.is_whitespace() || c == '.');
        let mut name = shortened(shown);
        if name.is_empty() {
            name = NAMELESS.to_owned();
        }
        if is_device(&name) {
            name.insert(0, '_');
        }
        Self(name)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the last dot, in lower case; empty without one.
    pub(super) fn ending(&self) -> String {
        let ending = self.0.rsplit_once('.').map_or("", |(_, ending)| ending);
        ending.to_lowercase()
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for FileName {
    fn from(text: String) -> Self {
        Self::clean(&text)
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

/// Control characters, line ends of any kind, marks of direction (S27), and what takes no room.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// At most [`NAME_MAX`] characters, with the ending.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= NAME_MAX {
        return name.to_owned();
    }
    let ending = name
        .rfind('.')
        .map(|at| &name[at..])
        .filter(|ending| ending.chars().count() <= ENDING_MAX)
        .unwrap_or_default();
    let kept = NAME_MAX - ending.chars().count();
    name.chars().take(kept).chain(ending.chars()).collect()
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_lowercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_harmless_stays() {
        for (typed, expected) in [
            ("Прайс лист 2026.pdf", "Прайс лист 2026.pdf"),
            ("C:\\fakepath\\a.pdf", "a.pdf"),
            ("../../etc/passwd", "passwd"),
            ("/tmp/x/", "file"),
            ("a\r\nBcc: b@example.org", "aBcc_ b@example.org"),
            ("invoice\u{202e}fdp.txt", "invoicefdp.txt"),
            ("a\u{200b}b\u{feff}.txt", "ab.txt"),
            ("a\0.pdf", "a.pdf"),
            ("a.pdf. . ", "a.pdf"),
            ("\"quoted\"?.pdf", "_quoted__.pdf"),
            ("CON", "_CON"),
            ("com1.txt", "_com1.txt"),
            ("company.txt", "company.txt"),
            ("", "file"),
            ("...", "file"),
            ("\u{202e}\r\n", "file"),
        ] {
            assert_eq!(FileName::clean(typed).as_str(), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = FileName::clean(&format!("{}.pdf", "я".repeat(10_000)));
        assert_eq!(name.as_str().chars().count(), NAME_MAX);
        assert!(name.as_str().ends_with("я.pdf"));
        let name = FileName::clean(&"x.".repeat(10_000));
        assert!(name.as_str().chars().count() <= NAME_MAX);
    }

    #[test]
    fn cleaning_twice_is_cleaning_once() {
        for typed in ["a\u{202e}.b", " .. /x", "con.tar.gz", &"Ω".repeat(300)] {
            let once = FileName::clean(typed);
            assert_eq!(FileName::clean(once.as_str()), once);
        }
    }
}
