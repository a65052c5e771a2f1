//! Imports that are killed, given again, taken back; and exports.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::place::{ANN, Place};

/// Rows that are good, and those that are not.
const GOOD: usize = 22_000;
const BAD: usize = 11;

fn people() -> String {
    let mut file = "email;ФИО;Город\n".to_owned();
    for number in 1..=GOOD {
        writeln!(file, "reader{number}@example.org;Читатель {number};Пермь").unwrap();
        if number % 2_000 == 0 {
            file.push_str("nobody;Никто;\n");
        }
    }
    file
}

/// Starts the import and kills it once it has said so many times that rows are in the store.
fn killed_after(place: &Place, batches: usize) {
    let mut child = place
        .command(&format!(
            "recipients import people.csv --as {ANN} --list Readers --yes -v"
        ))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    let told = said
        .by_ref()
        .map(Result::unwrap)
        .filter(|line| line.contains("a batch of rows is in the store"));
    assert_eq!(told.take(batches).count(), batches);
    // This is SIGKILL: nothing of the program runs after it.
    child.kill().unwrap();
    child.wait().unwrap();
}

fn import(place: &Place, rest: &str) -> serde_json::Value {
    let line = format!("recipients import people.csv --as {ANN} --json {rest}");
    place.run(&line).ends(0).json()
}

fn total(place: &Place) -> usize {
    let line = format!("recipients export --as {ANN} --quiet");
    place.run(&line).ends(0).out.lines().count() - 1
}

#[test]
fn a_killed_import_goes_on_and_adds_nobody_twice() {
    let place = Place::with_owner();
    place.write("people.csv", people());
    for batches in [1, 2] {
        killed_after(&place, batches);
        let kept = place
            .run(&format!("recipients imports --as {ANN} --json"))
            .ends(0)
            .lines();
        assert_eq!(kept.len(), 1, "{kept:?}");
        let added = kept[0]["added"].as_u64().unwrap();
        // What the import says of itself is what is there.
        assert_eq!(added, total(&place) as u64);
        assert!(added >= 5_000, "{kept:?}");
    }
    let report = import(&place, "--list Readers --yes");
    assert!(
        report["resumed_after"]
            .as_u64()
            .is_some_and(|line| line >= 5_000),
        "{report}"
    );
    assert_eq!(
        (report["added"].as_u64(), report["skipped"].as_u64()),
        (Some(GOOD as u64), Some(0))
    );
    assert_eq!(report["rejected"], BAD);
    assert_eq!(
        place.read("people.csv.rejects.csv").lines().count(),
        BAD + 1
    );
    assert_eq!(total(&place), GOOD);

    let again = import(&place, "--list Readers --yes");
    assert_eq!(again["earlier"], report["id"], "{again}");
    assert_eq!(
        (again["added"].as_u64(), again["skipped"].as_u64()),
        (Some(0), Some(GOOD as u64))
    );
    assert_eq!(total(&place), GOOD);
}

#[test]
fn a_dry_run_tells_what_would_happen_and_changes_nothing() {
    let place = Place::with_owner();
    place.write(
        "people.csv",
        b"\xcf\xee\xf7\xf2\xe0;\xc8\xec\xff\nanna@example.org;\xc0\xed\xed\xe0\nnobody;\n",
    );
    let report = import(&place, "--dry-run");
    assert_eq!(
        (&report["added"], &report["rejected"]),
        (&1.into(), &1.into())
    );
    assert_eq!(
        (&report["encoding"], &report["delimiter"]),
        (&"windows-1251".into(), &";".into())
    );
    assert_eq!(report["columns"][1]["target"], "full_name");
    assert_eq!(report["columns"][1]["values"][0], "Анна");
    assert!(!place.path("people.csv.rejects.csv").exists());
    let line = format!("recipients import people.csv --as {ANN} --dry-run --rejects r.csv");
    place.run(&line).ends(0).says("windows-1251");
    assert!(place.read("r.csv").contains("nobody"));
    assert_eq!(total(&place), 0);
    let kept = place
        .run(&format!("recipients imports --as {ANN} --json"))
        .ends(0);
    assert_eq!(kept.out, "");
}

#[test]
fn an_import_is_taken_back_once() {
    let place = Place::with_owner();
    place.import("email,full_name\nboris@example.org,Борис\n");
    place.write(
        "people.csv",
        "email,full_name\nboris@example.org,Другой\nvera@example.org,Вера\n",
    );
    let id = import(&place, "--update --yes")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let line = format!("recipients import --undo {id} --as {ANN} --json");
    let undone = place.run(&line).ends(0).json();
    assert_eq!(
        (&undone["removed"], &undone["restored"]),
        (&1.into(), &1.into())
    );
    let list = format!("recipients list --as {ANN} --json");
    let left = place.run(&list).ends(0).lines();
    assert_eq!((left.len(), &left[0]["full_name"]), (1, &"Борис".into()));
    assert_eq!(place.run(&line).ends(4).error()["code"], "import.undone");
    place.user("eve@example.org");
    place
        .run(&format!(
            "recipients import --undo {id} --as eve@example.org"
        ))
        .ends(3);
    let states: Vec<_> = place
        .run(&format!("recipients imports --as {ANN} --json"))
        .ends(0)
        .lines()
        .iter()
        .map(|row| row["state"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(states, ["undone", "finished"]);
}

#[test]
fn an_export_gives_another_owner_the_same_recipients() {
    let place = Place::with_owner();
    place.import(
        "email,full_name,comment,city,recipient_state\n\
         boris@example.org,Борис,\"'=1+1\",Пермь,unsubscribed\n\
         vera@example.org,Вера,,\"-5, °C\",\n",
    );
    let told = place
        .run(&format!(
            "recipients export --as {ANN} --bom -o out.csv --json"
        ))
        .ends(0)
        .json();
    assert_eq!(told["exported"], 2);
    let file = place.read("out.csv");
    assert!(
        file.starts_with('\u{feff}') && file.contains("\"'=1+1\""),
        "{file}"
    );
    place.user("eve@example.org");
    place
        .run("recipients import out.csv --as eve@example.org --yes")
        .ends(0);
    let of = |owner: &str| {
        let line = format!("recipients export --as {owner} --bom --quiet");
        place.run(&line).ends(0).out
    };
    assert_eq!(of("eve@example.org"), file);
    let some = format!("recipients export --as {ANN} --state unsubscribed --quiet");
    assert_eq!(place.run(&some).ends(0).out.lines().count(), 2);
    place
        .run(&format!(
            "recipients export --as {ANN} --list Nobody -o x.csv"
        ))
        .ends(2);
    assert!(!place.path("x.csv").exists());
}

#[test]
fn files_of_addresses_are_their_owners_alone_or_it_is_said() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let place = Place::with_owner();
    place.write("people.csv", "email\nann@example.org\nno address\n");
    let import = format!("recipients import people.csv --as {ANN} --rejects r.csv --yes --update");
    let export = format!("recipients export --as {ANN} -o out.csv");
    let mode = |name: &str| metadata(place.path(name)).unwrap().permissions().mode() & 0o777;
    for (line, name) in [(import, "r.csv"), (export, "out.csv")] {
        let said = place.run(&line).ends(0);
        assert_eq!(mode(name), 0o600);
        assert!(!said.err.contains("chmod"), "{said:?}");
        set_permissions(place.path(name), Permissions::from_mode(0o644)).unwrap();
        place.run(&line).ends(0).says("(mode 644)");
        assert_eq!(mode(name), 0o644, "as its owner wanted it");
    }
}

#[test]
fn hostile_files_are_refused_or_told_row_by_row() {
    let place = Place::with_owner();
    let wide = vec!["x"; 101].join(";");
    for (name, file, code) in [
        ("empty", Vec::new(), "import.empty"),
        ("wide", wide.into_bytes(), "import.too_many_columns"),
        ("long", vec![b'x'; (1 << 20) + 1], "import.line_too_long"),
        (
            "quote",
            b"email;\"name\na@example.org;b\n".to_vec(),
            "import.unclosed_quote",
        ),
        (
            "names",
            "имя;город\nАнна;Пермь\n".as_bytes().to_vec(),
            "import.no_email_column",
        ),
        (
            "gzip",
            b"\x1f\x8b\x08\0\0\0\0\0".to_vec(),
            "import.not_text",
        ),
    ] {
        place.write("hostile.csv", file);
        for lang in ["en", "ru"] {
            let line =
                format!("recipients import hostile.csv --as {ANN} --yes --json --lang {lang}");
            let said = place.run(&line).ends(2);
            assert!(said.err.contains(code), "{name}: {said:?}");
        }
    }
    assert_eq!(total(&place), 0);
    let mut file = b"email;name\nnul@example.org;a\0b\n".to_vec();
    file.extend(vec![b'y'; (1 << 20) + 5]);
    file.extend("\nopen@example.org;\"x\ngood@example.org;Ж\nmixed@example.org;".as_bytes());
    file.extend(b"\xcf\xe5\xf0\xec\xfc\n");
    place.write("people.csv", file);
    let report = import(&place, "--yes");
    assert_eq!(
        (&report["added"], &report["rejected"]),
        (&1.into(), &4.into()),
        "{report}"
    );
    let rejects = place.read("people.csv.rejects.csv");
    for code in [
        "control_character",
        "import.line_too_long",
        "import.unclosed_quote",
        "import.encoding",
    ] {
        assert!(rejects.contains(code), "{code}: {rejects}");
    }
    let header_only = place.feed(
        &format!("recipients import - --as {ANN} --yes --json"),
        "email;name\n",
    );
    assert_eq!(header_only.ends(0).json()["added"], 0);
}
