//! Both languages say the same things, and nothing is said for nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{Args, Lang, has_text, key, text};

/// Prefixes of keys that code puts together; the rest of such a key is checked where it is made.
const MADE: &[&str] = &[
    "bulk-",
    "cause-",
    "code-",
    "country-",
    "deed-",
    "delivery-",
    "error-",
    "field-",
    "forecast-note-",
    "help-at-",
    "help-delivery-",
    "help-mailing-",
    "help-run-",
    "help-key-",
    "help-word-",
    "import-delimiter-",
    "import-mode-",
    "import-sign-",
    "import-state-",
    "import-template-",
    "import-to-",
    "import-was-",
    "import-were-",
    "import-will-be-",
    "letter-",
    "mailing-state-",
    "ambiguous-",
    "ask-",
    "attention-",
    "mailings-tab-",
    "missed-",
    "monthly-",
    "plan-",
    "posts-dated-",
    "posts-none-",
    "posts-shelf-",
    "repeat-",
    "review-",
    "rule-",
    "to-",
    "user-state-",
    "month-",
    "next-",
    "note-",
    "recipient-state-",
    "relative-",
    "role-",
    "run-missed-",
    "run-state-",
    "run-paused-",
    "run-stopped-",
    "writers-",
    "rate-per-",
    "settings-done-",
    "step-",
    "suppressed-",
    "verify-",
    "suppression-reason-",
    "weekday-",
    "zone-",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found.sort();
}

/// Every key of a language with the variables of its text.
fn keys(lang: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = Vec::new();
    files(&root().join("i18n").join(lang), "ftl", &mut found);
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in found {
        let source = fs::read_to_string(&file).unwrap();
        fluent_bundle::FluentResource::try_new(source.clone())
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", file.display()));
        let mut key = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line
                .split_once(" =")
                .filter(|_| !line.starts_with([' ', '}']))
            {
                key = name.to_owned();
                let new = keys.insert(key.clone(), BTreeSet::new()).is_none();
                assert!(new, "{} stands twice", key);
            }
            for after in line.split('$').skip(1) {
                let end = after
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
                    .unwrap_or(after.len());
                keys.get_mut(&key).unwrap().insert(after[..end].to_owned());
            }
        }
    }
    keys
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    let (en, ru) = (keys("en"), keys("ru"));
    let only = |a: &BTreeMap<_, _>, b: &BTreeMap<_, _>| -> Vec<String> {
        a.keys()
            .filter(|key| !b.contains_key(*key))
            .cloned()
            .collect()
    };
    assert_eq!(only(&en, &ru), Vec::<String>::new(), "Russian lacks these");
    assert_eq!(only(&ru, &en), Vec::<String>::new(), "English lacks these");
    for (key, variables) in &en {
        // A date names its weekday in the nominative here and in the accusative there.
        if !key.starts_with("date-") {
            assert_eq!(Some(variables), ru.get(key), "variables of {key}");
        }
    }
}

/// A function that does not exist, or a variable by another name, would show as a placeholder.
#[test]
fn every_text_is_said_whole() {
    for lang in Lang::ALL {
        for (key, variables) in keys(lang.tag()) {
            let args = variables
                .into_iter()
                .fold(Args::new(), |args, name| args.number(name, 7));
            let said = text(lang, &key, &args);
            let example = key == "code-attribute-shape" || said.contains("{{");
            assert!(
                example || !said.contains('{'),
                "{} {key}: {said}",
                lang.tag()
            );
        }
    }
}

/// Everything that stands between double quotes in the sources that may name a key.
fn named_in_sources() -> BTreeSet<String> {
    let mut sources = Vec::new();
    files(&root().join("src"), "rs", &mut sources);
    files(&root().join("templates"), "html", &mut sources);
    for neighbour in ["../mailing-cli/src", "../mailing-app/src"] {
        files(&root().join(neighbour), "rs", &mut sources);
    }
    sources
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            text.split('"').map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn no_text_is_left_over() {
    let named = named_in_sources();
    let unused: Vec<_> = keys("en")
        .into_keys()
        .filter(|key| !named.contains(key))
        .filter(|key| !MADE.iter().any(|prefix| key.starts_with(prefix)))
        .collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_key_that_a_template_names_has_its_text() {
    let keys = keys("en");
    let mut templates = Vec::new();
    files(&root().join("templates"), "html", &mut templates);
    for file in templates {
        let text = fs::read_to_string(&file).unwrap();
        for after in text.split("t(key=\"").skip(1) {
            let key = after.split('"').next().unwrap();
            assert!(keys.contains_key(key), "{}: {key}", file.display());
        }
    }
}

/// Templates that print HTML which the core has cleaned (S22).
const CLEANED: &[&str] = &[
    "blog/post.html",
    "contacts/show.html",
    "content/preview.html",
    "manage/settings.html",
];

/// What stands between tags, and in attributes that people read, comes from the texts only.
#[test]
fn templates_hold_no_words() {
    let mut templates = Vec::new();
    files(&root().join("templates"), "html", &mut templates);
    assert!(templates.len() > 10, "the templates have moved");
    for file in templates {
        let text = fs::read_to_string(&file).unwrap();
        // A preview has its style inside: its frame may load nothing.
        let plain = without(&text, "<style>", "</style>");
        let bare = without(
            &without(&without(&plain, "{#", "#}"), "{%", "%}"),
            "{{",
            "}}",
        );
        for attribute in ["title=\"", "alt=\"", "aria-label=\"", "placeholder=\""] {
            for after in bare.split(attribute).skip(1) {
                let value = after.split('"').next().unwrap();
                assert_eq!(value, "", "{}: {attribute}", file.display());
            }
        }
        let words: String = without(&bare, "<", ">")
            .chars()
            .filter(|c| c.is_alphabetic())
            .collect();
        assert_eq!(words, "", "{}", file.display());
        let is_cleaned = CLEANED.iter().any(|end| file.ends_with(end));
        assert!(
            is_cleaned || !text.contains("safe"),
            "{}: marks something as safe",
            file.display()
        );
    }
}

fn without(text: &str, open: &str, close: &str) -> String {
    let mut rest = String::new();
    let mut parts = text.split(open);
    rest.push_str(parts.next().unwrap());
    for part in parts {
        rest.push_str(part.split_once(close).map_or("", |(_, after)| after));
    }
    rest
}

#[test]
fn every_cause_and_every_next_step_is_said_in_both_languages() {
    use mailing_core::delivery::{Cause, NextStep};

    let causes = Cause::ALL.iter().map(|cause| key("cause", cause.as_str()));
    let steps = NextStep::ALL.iter().map(|step| key("next", step.as_str()));
    let keys: Vec<_> = causes.chain(steps).collect();
    for lang in Lang::ALL {
        let said: BTreeSet<_> = keys
            .iter()
            .map(|key| {
                assert!(has_text(lang, key), "{} {key}", lang.tag());
                text(lang, key, &Args::new())
            })
            .collect();
        assert_eq!(said.len(), keys.len(), "two say the same");
        for sentence in said {
            let joined = !sentence.ends_with('.') && sentence.starts_with(char::is_uppercase);
            assert!(joined, "joined with others by full stops: {sentence}");
        }
    }
}
