//! Blanks comments and literals out of Rust source, so that the rules see code only.

/// The same lines and columns, with the inside of comments, strings and characters as spaces.
pub(crate) fn mask(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skip(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(
                chars[at..end]
                    .iter()
                    .map(|&c| if c == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    out
}

/// The end of the comment or literal that begins at `at`; `at` itself when it is code.
fn skip(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    match chars[at] {
        '/' if next == Some('/') => find(chars, at, '\n'),
        '/' if next == Some('*') => block_comment(chars, at),
        '"' => quoted(chars, at + 1, '"'),
        '\'' => character(chars, at),
        'r' if !continues_a_word(chars, at) => raw_string(chars, at),
        _ => at,
    }
}

/// `br"…"` counts as raw, `for"` does not.
fn continues_a_word(chars: &[char], at: usize) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    match at.checked_sub(1).map(|before| chars[before]) {
        Some('b') => at
            .checked_sub(2)
            .is_some_and(|before| is_word(chars[before])),
        Some(before) => is_word(before),
        None => false,
    }
}

fn find(chars: &[char], from: usize, wanted: char) -> usize {
    chars[from..]
        .iter()
        .position(|&c| c == wanted)
        .map_or(chars.len(), |n| from + n)
}

fn block_comment(chars: &[char], from: usize) -> usize {
    let mut depth = 0_u32;
    let mut at = from;
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

/// The end of a literal whose first character inside is at `from`.
fn quoted(chars: &[char], from: usize, quote: char) -> usize {
    let mut at = from;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// A character literal, or nothing where the quote begins a lifetime.
fn character(chars: &[char], at: usize) -> usize {
    let is_literal = chars.get(at + 1) == Some(&'\\') || chars.get(at + 2) == Some(&'\'');
    if is_literal {
        quoted(chars, at + 1, '\'')
    } else {
        at
    }
}

/// `r"…"` or `r#"…"#`; nothing where the `r` begins a word or a raw identifier.
fn raw_string(chars: &[char], at: usize) -> usize {
    let hashes = chars[at + 1..].iter().take_while(|&&c| c == '#').count();
    let open = at + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return at;
    }
    let mut end = open + 1;
    while end < chars.len() {
        let closes = chars[end] == '"'
            && chars[end + 1..].iter().take_while(|&&c| c == '#').count() >= hashes;
        if closes {
            return end + 1 + hashes;
        }
        end += 1;
    }
    chars.len()
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn comments_and_literals_become_spaces_and_lines_stay() {
        let text = "let a = \"todo!\"; // todo!\n/* todo! /* nested */ */ let b = 'x';\n";
        let masked = mask(text);
        assert!(!masked.contains("todo!"));
        assert!(masked.contains("let a =") && masked.contains("let b ="));
        assert_eq!(masked.lines().count(), text.lines().count());
        assert_eq!(masked.len(), text.len());
    }

    #[test]
    fn raw_strings_end_at_their_own_quote() {
        assert_eq!(
            mask("r#\"a\" todo!\"# + b"),
            format!("{} + b", " ".repeat(13))
        );
        assert!(mask("br\"\\\" + c").ends_with("+ c"));
    }

    #[test]
    fn lifetimes_and_raw_identifiers_are_code() {
        assert_eq!(
            mask("fn f<'a>(x: &'a str, r#type: u8)"),
            "fn f<'a>(x: &'a str, r#type: u8)"
        );
    }

    #[test]
    fn escaped_quotes_do_not_end_a_literal() {
        assert_eq!(
            mask(r#"("\"", '\'', x)"#).trim_end(),
            format!("({},{}, x)", " ".repeat(4), " ".repeat(5))
        );
    }
}
