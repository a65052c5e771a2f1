//! What people get wrong: each is told with its place, and loses nothing.

use crate::place::{ANN, Place, Said};

fn plan(place: &Place, message: &str, rest: &str) -> Said {
    place.run(&format!(
        "mailings create --as {ANN} --message {message} --json {rest}"
    ))
}

#[test]
fn a_schedule_that_cannot_be_is_refused_at_its_option() {
    let (place, message) = Place::furnished();
    let cases = [
        ("--start 2020-01-01T09:00", "mailing.window.start_in_past"),
        (
            "--start 2099-01-02T09:00 --end 2099-01-02T09:00 --repeat daily",
            "end schedule.end_before_start",
        ),
        (
            "--start 2099-01-02T09:00 --end 2099-01-01T09:00 --repeat daily",
            "end schedule.end_before_start",
        ),
        ("--start 2099-02-30T09:00", "start schedule.impossible_date"),
        ("--start 2099-01-01T25:00", "start schedule.impossible_time"),
        ("--start soon", "start schedule.unreadable_time"),
        (
            "--start 2099-01-01T09:00 --repeat cron --cron '0 9 30 2 *'",
            "schedule.never_fires",
        ),
        (
            "--start 2099-01-01T09:00 --repeat cron --cron '0 9 * *'",
            "cron schedule.cron.fields",
        ),
        (
            "--start 2099-01-01T09:00 --zone Europe/Berlim",
            "zone schedule.unknown_zone",
        ),
    ];
    for (schedule, fault) in cases {
        let said = plan(&place, &message, &format!("--all {schedule}")).ends(2);
        let faults = said.faults();
        assert!(
            faults.iter().any(|found| found.ends_with(fault)),
            "{schedule}: {faults:?}"
        );
    }
    let kept = place
        .run(&format!("mailings list --as {ANN} --json"))
        .ends(0);
    assert_eq!(kept.out, "", "nothing was planned");
}

#[test]
fn a_refused_schedule_says_what_to_write_instead() {
    let (place, message) = Place::furnished();
    let told = |rest: &str| {
        let line = format!("mailings create --as {ANN} --message {message} --all {rest}");
        place.run(&line).ends(2)
    };
    told("--start 2020-01-01T09:00").says("2020-01-01");
    told("--start 2099-01-01T09:00 --zone Europe/Berlim").says("Europe/Berlin");
    told("--start 2099-02-30T09:00").says("28");
}

#[test]
fn a_mailing_needs_people_and_a_message_of_its_owner() {
    let place = Place::with_owner();
    let message = place.message("Hello", "Text\n");
    let start = "--start 2099-01-01T09:00";
    let nobody = plan(&place, &message, &format!("--all {start}"));
    assert_eq!(
        nobody.error()["code"],
        "mailing.no_recipients",
        "{nobody:?}"
    );

    place.import("email\nboris@example.org\n");
    let unknown = "00000000-0000-7000-8000-000000000000";
    let no_message = plan(&place, unknown, &format!("--all {start}"));
    assert_ne!(no_message.code, Some(0));
    assert!(no_message.err.contains("message"), "{no_message:?}");

    place.user("eve@example.org");
    let line = "recipients import - --as eve@example.org --list Friends --yes --json";
    place.feed(line, "email\nvera@example.org\n").ends(0);
    let foreign = plan(&place, &message, &format!("--list Friends {start}"));
    assert!(foreign.err.contains("list.unknown"), "{foreign:?}");

    place.write("picked.txt", "boris@example.org\nvera@example.org\n");
    let stranger = plan(
        &place,
        &message,
        &format!("--recipients picked.txt {start}"),
    );
    assert!(stranger.err.contains("recipient.unknown"), "{stranger:?}");
}

#[test]
fn rows_with_errors_come_back_with_line_and_reason_and_the_rest_goes_in() {
    let place = Place::with_owner();
    let long = "x".repeat(20_000);
    let csv = format!(
        "email,full_name\n\
         boris@example.org,Борис\n\
         nobody,Никто\n\
         boris@example.org,Борис ещё раз\n\
         vera@example.org,Вера,лишнее\n\
         long@example.org,{long}\n\
         a..b@example.org,Точки\n\
         zoya@example.org,Зоя\n"
    );
    let report = place.import(&csv).json();
    assert_eq!(report["added"], 2, "{report}");
    assert_eq!(report["rejected"], 5, "{report}");
    let rejects = place.read("rejects.csv");
    let rows: Vec<&str> = rejects.lines().collect();
    for (line, reason) in [
        (3, "@"),
        (4, "line 2"),
        (5, "3 cells"),
        (6, "20,000 characters"),
        (7, "“@”"),
    ] {
        let found = rows
            .iter()
            .any(|row| row.starts_with(&format!("\"{line}\",")) && row.contains(reason));
        assert!(found, "line {line}, {reason}: {rejects}");
    }
}

#[test]
fn a_file_that_cannot_be_imported_is_refused_as_a_whole() {
    let place = Place::with_owner();
    let import =
        |file: &str| place.run(&format!("recipients import {file} --as {ANN} --yes --json"));
    assert_eq!(
        import("missing.csv").ends(2).faults(),
        ["file config.file_unreadable"]
    );
    place.write("names.csv", "имя,город\nБорис,Пермь\n");
    assert!(
        import("names.csv")
            .ends(2)
            .err
            .contains("import.no_email_column")
    );
    place.write("empty.csv", "");
    assert!(import("empty.csv").ends(2).err.contains("import.empty"));
    place.write("book.xlsx", b"PK\x03\x04\x14\0\x06\0\x08\0");
    assert!(import("book.xlsx").ends(2).err.contains("import.not_text"));
}

#[test]
fn a_file_in_windows_1251_is_read_as_such() {
    let place = Place::with_owner();
    place.write(
        "old.csv",
        b"email;\xd4\xc8\xce\nb@example.org;\xcf\xb8\xf2\xf0\n",
    );
    place
        .run(&format!("recipients import old.csv --as {ANN} --yes"))
        .ends(0);
    let list = format!("recipients list --as {ANN} --json");
    assert_eq!(place.run(&list).ends(0).lines()[0]["full_name"], "Пётр");
}

#[test]
fn an_import_that_is_not_confirmed_changes_nothing() {
    let place = Place::with_owner();
    place.write("people.csv", "email\nboris@example.org\n");
    place
        .run(&format!("recipients import people.csv --as {ANN}"))
        .ends(2)
        .says("--yes");
    let kept = place
        .run(&format!("recipients list --as {ANN} --json"))
        .ends(0);
    assert_eq!(kept.out, "");
}

#[test]
fn a_message_with_faults_is_refused_with_their_place() {
    let place = Place::with_owner();
    let line = format!("messages create --as {ANN} --subject Hello --body-file -");
    place
        .feed(&line, "Dear\nfriend {{ recipient.ful_name }}\n")
        .ends(2)
        .says("Line 2, column 8")
        .says("full_name");
    let coded = format!("{line} --json");
    let code = |body: &str| place.feed(&coded, body).ends(2).faults().remove(0);
    assert_eq!(code(" \n"), "body message.body_empty");
    assert_eq!(
        code(&"слово ".repeat(300_000)),
        "body message.body_too_large"
    );
    let kept = place
        .run(&format!("messages list --as {ANN} --json"))
        .ends(0);
    assert_eq!(kept.out, "");
}

#[test]
fn an_address_that_is_none_is_refused_wherever_it_is_typed() {
    let place = Place::with_owner();
    for address in [
        "nobody",
        "a@b@example.org",
        "'a b@example.org'",
        "a@localhost",
    ] {
        let line = format!("recipients add {address} --as {ANN} --json");
        let faults = place.run(&line).ends(2).faults();
        assert!(faults[0].contains(" address."), "{address}: {faults:?}");
        place
            .run(&format!("senders add {address} --as {ANN} --verified"))
            .ends(2);
    }
    let header = "'a@example.org\r\nBcc: b@example.org'";
    place
        .run(&format!("recipients add {header} --as {ANN}"))
        .ends(2);
}

#[test]
fn an_owner_that_is_missing_or_unknown_is_told() {
    let place = Place::with_owner();
    let without = place.run("messages list --json").ends(2);
    assert_eq!(without.faults(), ["as user.owner_not_named"]);
    let unknown = place.run("messages list --as eve@example.org");
    assert_ne!(unknown.code, Some(0));
    assert!(unknown.err.contains("eve@example.org"), "{unknown:?}");
}
