//! The layers of mailing-core: a module imports from its own layer and from those below it.

use super::Finding;
use super::paths::named_in;
use crate::source::Source;

const CORE: &str = "mailing-core/src/";

/// Layers from the lowest. A path belongs to the longest entry that begins it.
const LAYERS: &[&[&str]] = &[
    // The Clock and Entropy ports are what ids are made from; they know nothing but time.
    &[
        "code",
        "error",
        "id",
        "instance_key",
        "seal",
        "time",
        "ports::Clock",
        "ports::clock",
        "ports::Entropy",
        "ports::entropy",
    ],
    &[
        "checkup",
        "delivery",
        "instance",
        "letter",
        "links",
        "mailing",
        "message",
        "post",
        "prose",
        "rate",
        "recipient",
        "report",
        "run",
        "schedule",
        "sender",
        "sheet",
        "submission",
        "user",
    ],
    // An entry of the audit names the actor, so it lies beside the policy.
    &["audit", "policy"],
    &["events", "ports"],
    &["engine", "services"],
    &["testing"],
];

/// Neighbours that meet in the store and in `events` only.
const STRANGERS: &[(&str, &str)] = &[("engine", "services"), ("services", "engine")];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let Some(file) = source.path.strip_prefix(CORE) else {
        return Vec::new();
    };
    let module = module_of(file);
    let Some(own_top) = module.first() else {
        return Vec::new();
    };
    let Some(own) = layer(&module) else {
        let what = format!("`{own_top}` has no layer yet: give it one in tidy/src/rules/layers.rs");
        return vec![Finding::whole(&source.path, what)];
    };
    let mut findings = Vec::new();
    for named in named_in(&source.product_code(), &module) {
        let Some(top) = named.segments.first() else {
            continue;
        };
        // A name at the crate's root is a macro or a re-export, not a module of a layer.
        let Some(other) = layer(&named.segments) else {
            continue;
        };
        let strange = STRANGERS.contains(&(own_top.as_str(), top.as_str()));
        if other > own || strange {
            let what = format!(
                "`{own_top}` must not import `{}`",
                named.segments.join("::")
            );
            findings.push(Finding::at(source, named.line, what));
        }
    }
    findings
}

/// `ports/store/mod.rs` is `ports::store`; the crate's root is nothing.
fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if path == "lib" {
        return Vec::new();
    }
    path.split('/').map(str::to_owned).collect()
}

fn layer(path: &[String]) -> Option<usize> {
    let joined = path.join("::");
    let begins = |entry: &str| {
        joined
            .strip_prefix(entry)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let fitting = LAYERS.iter().enumerate().flat_map(|(rank, entries)| {
        entries
            .iter()
            .filter(|entry| begins(entry))
            .map(move |entry| (entry.len(), rank))
    });
    fitting.max().map(|(_, rank)| rank)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::source::Source;

    fn findings(path: &str, code: &str) -> Vec<String> {
        let source = Source::new(
            format!("mailing-core/src/{path}"),
            format!("//! Doc.\n{code}\n"),
        );
        check(&source).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_entity_must_not_import_a_service() {
        let found = findings("mailing/status.rs", "use crate::services::Services;");
        assert_eq!(
            found,
            [
                "mailing-core/src/mailing/status.rs:2: `mailing` must not import `services::Services`"
            ]
        );
    }

    #[test]
    fn an_inline_path_counts_like_an_import() {
        assert_eq!(
            findings("policy/mod.rs", "fn f(x: &crate::engine::Engine) {}").len(),
            1
        );
    }

    #[test]
    fn services_and_engine_do_not_know_each_other() {
        assert_eq!(
            findings("services/runs.rs", "use crate::engine::Engine;").len(),
            1
        );
        assert_eq!(
            findings("engine/plan.rs", "use crate::services::Services;").len(),
            1
        );
        assert_eq!(
            findings("engine/plan.rs", "use crate::events::Event;").len(),
            0
        );
    }

    #[test]
    fn ids_are_made_from_the_lowest_two_ports() {
        assert_eq!(
            findings("id.rs", "use crate::ports::{Clock, Entropy};").len(),
            0
        );
        assert_eq!(
            findings("id.rs", "use crate::ports::MailTransport;").len(),
            1
        );
    }

    #[test]
    fn tests_and_the_root_may_import_anything() {
        assert_eq!(
            findings("lib.rs", "pub use crate::services::Services;").len(),
            0
        );
        let test = "#[cfg(test)]\nmod tests {\n    use crate::testing::clock;\n}";
        assert_eq!(findings("run/state.rs", test).len(), 0);
    }

    #[test]
    fn a_module_without_a_layer_is_told_so() {
        assert_eq!(findings("novelty.rs", "").len(), 1);
    }
}
