//! `mailing forecast`: the examples of its promise.

use serde_json::{Value, json};

use crate::place::Place;

fn told(line: &str) -> Value {
    Place::new()
        .run(&format!("forecast --json {line}"))
        .ends(0)
        .json()["occurrences"]
        .clone()
}

#[test]
fn a_forecast_is_in_the_promised_shape() {
    let occurrences = told(
        "--start 2026-01-31T09:00 --zone Europe/Berlin --repeat monthly --month-day 31 --count 2",
    );
    let wanted = json!([
        { "at": "2026-01-31T08:00:00Z", "local": "2026-01-31T09:00:00+01:00", "note": null },
        { "at": "2026-02-28T08:00:00Z", "local": "2026-02-28T09:00:00+01:00", "note": "month_end" },
    ]);
    assert_eq!(occurrences, wanted);
}

#[test]
fn clock_changes_are_noted() {
    let start = "--zone Europe/Berlin --repeat daily --count 1";
    let gap = told(&format!("--start 2026-03-29T02:30 {start}"));
    assert_eq!(gap[0]["note"], "gap");
    assert_eq!(gap[0]["at"], "2026-03-29T01:00:00Z");
    let fold = told(&format!("--start 2026-10-25T02:30 {start}"));
    assert_eq!(fold[0]["note"], "fold");
    assert_eq!(fold[0]["at"], "2026-10-25T00:30:00Z");
}

#[test]
fn forty_are_told_unless_another_number_is_asked_for() {
    let daily = "--start 2026-01-01T09:00 --zone UTC --repeat daily";
    let count = |line: &str| told(line).as_array().unwrap().len();
    assert_eq!(count(daily), 40);
    assert_eq!(count(&format!("{daily} --limit 3")), 3);
    let later = told(&format!("{daily} --limit 1 --from 2026-06-01T00:00:00Z"));
    assert_eq!(later[0]["at"], "2026-06-01T09:00:00Z");
    let without = told(&format!("{daily} --limit 2 --exclude 2026-01-02"));
    assert_eq!(without[1]["at"], "2026-01-03T09:00:00Z");
}

#[test]
fn a_batch_answers_every_line_and_tells_of_the_bad_ones() {
    let lines = [
        r#"{"start":"2026-01-01T09:00","zone":"UTC","repeat":"weekly","weekdays":["mon","wed"],"limit":1}"#,
        "this is no specification",
        r#"{"start":"2026-01-01T09:00","zone":"UTC","repeat":"weekly","weekdays":"mon,wed","limit":1}"#,
        r#"{"start":"2026-02-30T09:00","zone":"UTC","repeat":"once"}"#,
        r#"{"start":"2026-01-01T09:00","zone":"UTC","repeat":"cron","cron":"0 9 30 2 *"}"#,
    ];
    let said = Place::new()
        .feed("forecast --batch --json", lines.join("\n"))
        .ends(2);
    let answers = said.lines();
    assert_eq!(answers.len(), lines.len(), "{said:?}");
    assert_eq!(answers[0], answers[2]);
    assert_eq!(answers[0]["occurrences"][0]["at"], "2026-01-05T09:00:00Z");
    assert_eq!(answers[1]["error"]["code"], "schedule.unreadable_spec");
    assert_eq!(answers[3]["error"]["code"], "schedule.impossible_date");
    let never = &answers[4];
    assert!(
        never["occurrences"] == json!([]) || never["error"]["code"] == "schedule.never_fires",
        "{never}"
    );
}

#[test]
fn a_batch_without_faults_ends_well() {
    let line = r#"{"start":"2026-01-01T09:00","zone":"UTC","repeat":"once"}"#;
    Place::new().feed("forecast --batch", line).ends(0);
    let nothing = Place::new().feed("forecast --batch", "").ends(0);
    assert_eq!(nothing.out, "");
}

#[test]
fn a_line_that_is_no_text_spoils_only_itself() {
    let good = br#"{"start":"2026-01-01T09:00","zone":"UTC","repeat":"once"}"#;
    let lines = [good.as_slice(), b"\xff\xfe", good].join(b"\n".as_slice());
    let answers = Place::new().feed("forecast --batch", lines).ends(2).lines();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[1]["error"]["code"], "schedule.unreadable_spec");
    assert_eq!(answers[0], answers[2]);
}

#[test]
fn a_forecast_needs_no_database_and_leaves_no_file() {
    let place = Place::new().with("MAILING_DATABASE__URL", "sqlite://far/away.db");
    place
        .run("forecast --start 2026-01-01T09:00 --zone UTC --repeat daily --count 1")
        .ends(0);
    assert_eq!(std::fs::read_dir(place.path("")).unwrap().count(), 0);
}
