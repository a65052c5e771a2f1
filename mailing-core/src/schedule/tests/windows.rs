//! Several windows of one mailing.

use super::{at, schedule, told};
use crate::code;
use crate::schedule::{Schedule, WINDOWS_MAX, Windows};

fn berlin(fields: &str) -> Schedule {
    schedule(&format!(r#""zone":"Europe/Berlin",{fields}"#))
}

fn windows(fields: &[&str]) -> Windows {
    Windows::new(fields.iter().map(|fields| berlin(fields)).collect()).unwrap()
}

#[test]
fn occurrences_of_all_windows_ascend_and_equal_instants_happen_once() {
    let windows = windows(&[
        r#""start":"2026-01-02T09:00","end":"2026-01-05T09:00","repeat":"daily""#,
        r#""start":"2026-01-01T09:00","repeat":"daily","every":2,"count":3"#,
    ]);
    let told: Vec<_> = windows
        .occurrences()
        .map(|(index, one)| (index, told(&one)))
        .collect();
    let expected = [
        (1, "2026-01-01T09:00:00+01:00"),
        (0, "2026-01-02T09:00:00+01:00"),
        (0, "2026-01-03T09:00:00+01:00"),
        (0, "2026-01-04T09:00:00+01:00"),
        (1, "2026-01-05T09:00:00+01:00"),
    ];
    assert!(
        told.iter()
            .map(|(index, local)| (*index, local.as_str()))
            .eq(expected),
        "{told:?}"
    );

    let third = at("2026-01-03T08:00:00Z");
    assert_eq!(windows.next_at_or_after(third).unwrap().at, third);
    assert_eq!(
        windows.next_after(third).unwrap().at,
        at("2026-01-04T08:00:00Z")
    );
    assert!(
        windows
            .occurrences_from(third)
            .eq(windows.occurrences().skip(2))
    );
}

#[test]
fn windows_open_with_the_first_start_and_close_with_the_last_end() {
    let two = windows(&[
        r#""start":"2026-03-01T09:00","end":"2026-03-02T00:00","repeat":"daily""#,
        r#""start":"2026-01-01T09:00","end":"2026-01-02T00:00","repeat":"daily""#,
    ]);
    assert_eq!(two.opens_at(), at("2026-01-01T08:00:00Z"));
    assert_eq!(two.closes_at(), Some(at("2026-03-01T23:00:00Z")));
    for (instant, open) in [
        ("2026-01-01T07:59:59Z", false),
        ("2026-01-01T08:00:00Z", true),
        // After its last occurrence, but before its end.
        ("2026-01-01T22:59:59Z", true),
        ("2026-01-01T23:00:00Z", false),
        ("2026-03-01T22:59:59Z", true),
        ("2026-03-01T23:00:00Z", false),
    ] {
        assert_eq!(two.is_open_at(at(instant)), open, "{instant}");
    }
    assert!(two.any_left_after(at("2026-01-01T08:00:00Z")));
    assert!(!two.any_left_after(at("2026-03-01T08:00:00Z")));
}

#[test]
fn window_without_end_is_open_until_its_last_occurrence() {
    let counted = windows(&[r#""start":"2026-01-01T09:00","repeat":"daily","count":2"#]);
    assert_eq!(counted.closes_at(), None);
    assert!(counted.is_open_at(at("2026-01-02T08:00:00Z")));
    assert!(!counted.is_open_at(at("2026-01-02T08:00:01Z")));
    let endless = windows(&[r#""start":"2026-01-01T09:00","repeat":"daily""#]);
    assert!(endless.is_open_at(at("2525-01-01T00:00:00Z")));
}

#[test]
fn no_window_too_many_and_a_silent_one_are_refused() {
    let good = berlin(r#""start":"2026-01-01T09:00","repeat":"daily""#);
    let silent = berlin(r#""start":"2026-01-01T09:00","repeat":"cron","cron":"0 9 30 2 *""#);
    for (windows, field, code) in [
        (vec![], "windows", code::REQUIRED),
        (
            vec![good.clone(); WINDOWS_MAX + 1],
            "windows",
            code::SCHEDULE_TOO_MANY_WINDOWS,
        ),
        (
            vec![good.clone(), silent],
            "windows.1.cron",
            code::SCHEDULE_NEVER_FIRES,
        ),
    ] {
        let faults = Windows::new(windows).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert_eq!((&*faults[0].field, faults[0].refusal.code), (field, code));
    }
    assert!(Windows::new(vec![good; WINDOWS_MAX]).is_ok());
}

#[test]
fn stored_schedule_reads_back_and_is_checked_again() {
    let json = concat!(
        r#"{"start":"2026-01-31T09:00:00","zone":"Europe/Berlin","end":"2026-12-31T00:00:00","#,
        r#""repeat":{"kind":"weekly","every":2,"weekdays":["mon","sat"]},"#,
        r#""exclude":["2026-02-02"],"count":10}"#
    );
    let stored: Schedule = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&stored).unwrap(), json);
    let short = r#"{"start":"2026-01-31T09:00:00","zone":"UTC","repeat":{"kind":"once"}}"#;
    assert!(serde_json::from_str::<Schedule>(short).is_ok());
    for (was, is, said) in [
        ("2026-12-31", "2025-12-31", "schedule.end_before_start"),
        ("\"every\":2", "\"every\":0", "schedule.out_of_range"),
        ("Europe/Berlin", "Europe/Berln", "schedule.unknown_zone"),
        (
            "09:00:00\",\"zone",
            "09:00:00.5\",\"zone",
            "schedule.part_of_second",
        ),
        ("\"count\":10", "\"count\":0", "nonzero"),
        ("\"count\":10", "\"counts\":10", "unknown field"),
    ] {
        let broken = json.replace(was, is);
        assert_ne!(broken, json);
        let error = serde_json::from_str::<Schedule>(&broken)
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{error}");
    }
}
