//! The tour of the README, word by word.

use std::process::Command;

use crate::place::Place;

/// The shell lines of the tour, without those that build the program.
fn tour() -> String {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, section) = readme
        .split_once("## Five minutes on the command line")
        .expect("the README has its tour");
    let block = section.split("```").nth(1).unwrap();
    let lines = block
        .lines()
        .skip(1)
        .filter(|line| !line.starts_with("cargo build"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_tour_of_the_readme_works() {
    let place = Place::new();
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_mailing"))
        .parent()
        .unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let walked = Command::new("sh")
        .args(["-ec", &tour()])
        .current_dir(place.path(""))
        .env_clear()
        .env("PATH", path)
        .output()
        .unwrap();
    let out = String::from_utf8(walked.stdout).unwrap();
    let err = String::from_utf8(walked.stderr).unwrap();
    assert!(walked.status.success(), "{out}\n{err}");
    assert!(place.read("rejects.csv").contains("nobody"), "{out}");
    assert!(out.contains("Hello Борис Орлов"), "{out}");
    assert!(out.contains("2026-10-25T02:30:00+02:00"), "{out}");
    assert_eq!(place.outbox().len(), 2, "{out}\n{err}");
}

#[test]
fn the_tour_speaks_russian_when_asked() {
    let place = Place::with_owner();
    let nothing = place.run("send --lang ru").ends(0);
    assert!(nothing.out.contains("отправлять нечего"), "{}", nothing.out);
    place
        .run("messages show 00000000-0000-7000-8000-000000000000 --as ann@example.org --lang ru")
        .ends(3)
        .says("ошибка:");
    let by_system = Place::with_owner().with("LANG", "ru_RU.UTF-8").run("send");
    assert!(
        by_system.out.contains("отправлять нечего"),
        "{}",
        by_system.out
    );
}

#[test]
fn errors_are_told_on_standard_error_as_json_when_asked() {
    let said = Place::new()
        .run("users create nobody --password-file missing --json")
        .ends(2);
    assert_eq!(said.out, "");
    assert_eq!(said.faults(), ["password-file config.file_unreadable"]);
    assert!(
        said.error()["message"]
            .as_str()
            .unwrap()
            .contains("missing")
    );
}
