//! Addresses inside this site.

/// The longest address that a form may carry to come back to.
const BACK_MAX: usize = 2048;

/// Paths that a token follows: who holds it may do something.
const BEFORE_TOKENS: [&str; 3] = ["/u/", "/verify/", "/password/reset/"];

/// True when the last part of a path is a key: it must stand in no log and in no referrer (S51).
pub(crate) fn holds_token(path: &str) -> bool {
    before_token(path).is_some()
}

/// What of a path may be told, when a token follows.
pub(crate) fn before_token(path: &str) -> Option<&'static str> {
    BEFORE_TOKENS
        .into_iter()
        .find(|before| path.starts_with(before))
}

/// `wanted` when it is a path of this site, else `otherwise` (S32): no other host by scheme, `//` or
/// a backslash that browsers read as a slash, no control characters.
pub(crate) fn local_path<'a>(wanted: &'a str, otherwise: &'a str) -> &'a str {
    let inside = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && wanted.len() <= BACK_MAX
        && wanted.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if inside { wanted } else { otherwise }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for good in [
            "/",
            "/overview",
            "/mailings?status=running",
            "/runs/1#a",
            "/a//b",
            "/%2f",
        ] {
            assert_eq!(local_path(good, "/x"), good);
        }
        let long = format!("/{}", "a".repeat(3000));
        for bad in [
            "",
            "overview",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x=1",
            "/\t/evil.example",
            " /overview",
            "/a b",
            "/ü",
            "/\0",
            &long,
        ] {
            assert_eq!(local_path(bad, "/x"), "/x", "{bad:?}");
        }
    }
}
