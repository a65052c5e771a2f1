//! Every command of the tree: it has help with an example, the example does what it says, and its
//! JSON has a schema version.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::database::execute;
use crate::place::{ANN, Place};

/// Run until they are stopped; other tests start them.
const LONG_LIVED: [&str; 2] = ["serve", "worker"];

/// Examples that are refused here: nothing of the run has failed.
const REFUSED: [&str; 1] = ["runs retry"];

/// Commands that only look, or send a letter to oneself.
const LOOKS: [&str; 9] = [
    "list",
    "show",
    "preview",
    "history",
    "forecast",
    "imports",
    "export",
    "suppressions",
    "messages test",
];

/// A place where everything that the examples name exists.
struct Stage {
    place: Place,
    /// Words of the examples, and what they stand for.
    names: Vec<(&'static str, String)>,
}

impl Stage {
    fn new() -> Self {
        let (place, message) = Place::furnished();
        place.user("bob@example.org");
        place.user("eve@example.org");
        place.write("password", "crooked teapot sings 7\n");
        place.write("people.csv", "email,full_name\ngleb@example.org,Gleb\n");
        place.write("news.md", "The garden is open.\n");
        let sent = place.mailing(&message, "--all --now");
        place.run(&format!("send --mailing {sent}")).ends(0);
        let runs = format!("runs list --as {ANN} --json");
        let runs = place.run(&runs).ends(0).lines();
        let run = runs[0]["id"].as_str().unwrap().to_owned();
        let later = "--all --start 2099-01-01T09:00";
        let mailing = place.mailing(&message, &format!("{later} --repeat daily"));
        let draft = place.mailing(&message, &format!("{later} --draft"));
        let paused = place.mailing(&message, later);
        let pause = format!("mailings pause {paused} --as {ANN}");
        place.run(&pause).ends(0);
        let disabled = place.mailing(&message, later);
        for line in [
            format!("mailings disable {disabled} --reason 'Complaints' --yes"),
            "users block eve@example.org --reason 'Spam' --yes".to_owned(),
            "rates set gmail.com '20 per minute'".to_owned(),
            format!("senders add waiting@example.org --as {ANN}"),
            format!("lists create Friends --as {ANN}"),
            format!("lists add Friends vera@example.org --as {ANN}"),
        ] {
            place.run(&line).ends(0);
        }
        execute(
            &place.path("mailing.db"),
            "INSERT INTO second_factors SELECT id, x'00', 0, 0 FROM users \
             WHERE email = 'bob@example.org'",
        );
        execute(
            &place.path("mailing.db"),
            "INSERT INTO posts SELECT x'01930000000070008000000000000001', id, 'Spring', 'spring', \
             NULL, 'Soon', 'Soon', NULL, NULL, NULL, 1, 0, 0, NULL, '' FROM users LIMIT 1",
        );
        execute(
            &place.path("mailing.db"),
            "INSERT INTO posts SELECT x'01930000000070008000000000000002', id, 'Winter', 'winter', \
             NULL, 'Now', 'Now', NULL, NULL, 0, 1, 0, 0, NULL, '' FROM users LIMIT 1",
        );
        let finished = place.mailing(&message, &format!("{later} --repeat daily"));
        let deleted = place.mailing(&message, later);
        let attached = place.message("With a file", "The garden is open.\n");
        let thrown = place.message("Thrown away", "The garden is open.\n");
        for line in [
            format!("mailings finish {finished}"),
            format!("mailings delete {deleted} --yes"),
            format!("messages attach {attached} people.csv"),
            format!("messages delete {thrown} --yes"),
        ] {
            place.run(&format!("{line} --as {ANN}")).ends(0);
        }
        let names = vec![
            ("ARTICLE", "01930000-0000-7000-8000-000000000001".to_owned()),
            (
                "PUBLISHED",
                "01930000-0000-7000-8000-000000000002".to_owned(),
            ),
            ("DISABLED", disabled),
            ("FINISHED", finished),
            ("DELETED", deleted),
            ("ATTACHED", attached),
            ("THROWN", thrown),
            ("MESSAGE", message),
            ("MAILING", mailing),
            ("DRAFT", draft),
            ("PAUSED", paused),
            ("RUN", run),
        ];
        Self { place, names }
    }

    /// The example with what its words stand for, without the program's name.
    fn line(&self, example: &str) -> String {
        let words = self.names.iter();
        let line = words.fold(example.to_owned(), |line, (word, id)| {
            line.replace(word, id)
        });
        line.strip_prefix("mailing ").unwrap().to_owned()
    }
}

/// A SQLite file as it was.
struct Kept {
    file: PathBuf,
    bytes: Vec<u8>,
}

impl Kept {
    fn of(file: PathBuf) -> Self {
        execute(&file, "PRAGMA wal_checkpoint(TRUNCATE)");
        let bytes = fs::read(&file).unwrap();
        Self { file, bytes }
    }

    /// What the tables hold.
    fn content(&self) -> Vec<u8> {
        execute(&self.file, "PRAGMA wal_checkpoint(TRUNCATE)");
        fs::read(&self.file).unwrap()
    }

    fn restore(&self) {
        for log in ["db-wal", "db-shm"] {
            // Gone already when the last command closed it.
            let _ = fs::remove_file(self.file.with_extension(log));
        }
        fs::write(&self.file, &self.bytes).unwrap();
    }
}

/// Names of the commands below the one at `path`, as its help lists them.
fn below(place: &Place, path: &str) -> Vec<String> {
    let help = place.run(format!("{path} --help").trim()).ends(0).out;
    let Some((_, listed)) = help.split_once("Commands:\n") else {
        return Vec::new();
    };
    let names = listed.lines().take_while(|line| line.starts_with("  "));
    names
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The paths of all commands that do something.
fn leaves(place: &Place, path: &str) -> Vec<String> {
    let below = below(place, path);
    if below.is_empty() {
        return vec![path.to_owned()];
    }
    let path_of = |name: &String| format!("{path} {name}").trim().to_owned();
    below
        .iter()
        .map(path_of)
        .flat_map(|path| leaves(place, &path))
        .collect()
}

fn example(place: &Place, path: &str) -> String {
    let help = place.run(&format!("{path} --help")).ends(0).out;
    let (_, example) = help
        .split_once("Example:\n")
        .unwrap_or_else(|| panic!("no example for {path}:\n{help}"));
    let words: Vec<_> = example.split_whitespace().collect();
    words.join(" ")
}

#[test]
fn every_command_has_an_example_that_works_and_json_with_a_schema() {
    let stage = Stage::new();
    let leaves = leaves(&stage.place, "");
    assert!(leaves.len() > 55, "{leaves:?}");
    let kept = Kept::of(stage.place.path("mailing.db"));
    for path in leaves {
        let example = example(&stage.place, &path);
        assert!(example.starts_with(&format!("mailing {path}")), "{example}");
        if LONG_LIVED.contains(&path.as_str()) {
            continue;
        }
        // Each finds the stage as it was set.
        kept.restore();
        let line = format!("{} --json", stage.line(&example));
        let said = stage.place.run(&line);
        let code = if REFUSED.contains(&path.as_str()) {
            4
        } else {
            0
        };
        assert_eq!(said.code, Some(code), "{line}: {said:?}");
        for line in said.out.lines() {
            let object: Value = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{path}: {error}: {line}"));
            assert_eq!(object["schema"], 1, "{path}: {line}");
        }
    }
}

#[test]
fn commands_that_change_something_can_be_rehearsed() {
    let stage = Stage::new();
    let kept = Kept::of(stage.place.path("mailing.db"));
    for subject in [
        "users",
        "rates",
        "senders",
        "lists",
        "recipients",
        "messages",
        "mailings",
    ] {
        for path in leaves(&stage.place, subject) {
            if LOOKS
                .iter()
                .any(|name| path.ends_with(&format!(" {name}")) || path == *name)
            {
                continue;
            }
            let example = example(&stage.place, &path);
            kept.restore();
            let line = format!("{} --dry-run --json", stage.line(&example));
            let said = stage.place.run(&line).ends(0).json();
            assert_eq!(said["dry_run"], true, "{line}");
            assert!(kept.content() == kept.bytes, "{line} changed something");
        }
    }
}
