//! The paths that a piece of Rust code names: `use` trees and inline `crate::…`.

/// A path as segments, with the line (from 0) where its statement begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) segments: Vec<String>,
}

/// All paths of the masked code that start at the crate's root, wherever they stand. `module` is
/// where the code lies: `super::…` in a `use` is resolved against it.
pub(super) fn named_in(code: &str, module: &[String]) -> Vec<Named> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].trim_end();
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
            || before.ends_with("(in")
        {
            continue;
        }
        expand(
            &code[at + "crate::".len()..],
            Vec::new(),
            line_of(code, at),
            &mut found,
        );
    }
    for (at, _) in code.match_indices("use super::") {
        let mut base = module.to_vec();
        let mut rest = &code[at + "use ".len()..];
        while let Some(after) = rest.strip_prefix("super::") {
            base.pop();
            rest = after;
        }
        expand(rest, base, line_of(code, at), &mut found);
    }
    found
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count()
}

/// Follows a use tree: `a::{b, c::D}` is two paths.
fn expand(rest: &str, mut prefix: Vec<String>, line: usize, found: &mut Vec<Named>) {
    let mut rest = rest.trim_start();
    loop {
        let length = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        if length > 0 {
            prefix.push(rest[..length].to_owned());
        }
        rest = rest[length..].trim_start();
        match rest.strip_prefix("::") {
            Some(after) => rest = after.trim_start(),
            None => break,
        }
    }
    match rest.strip_prefix('{') {
        Some(group) => {
            for item in items(group) {
                expand(item, prefix.clone(), line, found);
            }
        }
        None => found.push(Named {
            line,
            segments: prefix,
        }),
    }
}

/// The items of a group up to its closing brace, split at the commas of this level.
fn items(group: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' => {
                items.push(&group[start..at]);
                break;
            }
            ',' if depth == 0 => {
                items.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.retain(|item| !item.trim().is_empty());
    items
}

#[cfg(test)]
mod tests {
    use super::named_in;

    fn paths(code: &str, module: &str) -> Vec<String> {
        let module: Vec<String> = module.split("::").map(str::to_owned).collect();
        named_in(code, &module)
            .into_iter()
            .map(|named| named.segments.join("::"))
            .collect()
    }

    #[test]
    fn groups_are_followed_over_lines() {
        let code = "use crate::{\n    code::{self, Code},\n    id::UserId,\n};\n";
        assert_eq!(
            paths(code, "user"),
            ["code::self", "code::Code", "id::UserId"]
        );
    }

    #[test]
    fn inline_paths_are_seen_and_visibilities_are_not() {
        let code = "pub(in crate::engine) fn f() -> crate::policy::View<u8> {}";
        assert_eq!(paths(code, "engine"), ["policy::View"]);
    }

    #[test]
    fn parents_are_resolved_from_the_module() {
        assert_eq!(
            paths("use super::super::policy::Can;", "ports::store::users"),
            ["ports::policy::Can"]
        );
        assert_eq!(paths("use super::View;", "policy::scope"), ["policy::View"]);
    }
}
