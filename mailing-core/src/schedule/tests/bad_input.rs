//! Specifications that cannot be read: each fault at its option, with its way out, all at once.

use super::{forecast, spec};
use crate::code::{self, Code};
use crate::schedule::forecast::{LINE_MAX, answer, answer_line};

/// Fields that are right, to put a wrong one among.
const RIGHT: &str = r#""start":"2026-01-31T09:00","zone":"Europe/Berlin""#;

/// The faults of a specification as (field, code), then their texts.
fn faults(fields: &str) -> (Vec<(String, Code)>, String) {
    let faults = answer(&spec(fields)).expect_err(fields);
    let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let faults = faults
        .into_iter()
        .map(|fault| (fault.field.into_owned(), fault.refusal.code));
    (faults.collect(), texts.join("; "))
}

#[test]
fn each_wrong_option_is_named_with_the_way_out() {
    use code as c;
    let rows: &[(&str, &str, Code, &str)] = &[
        (
            r#""repeat":"daily","end":"2026-01-31T09:00""#,
            "end",
            c::SCHEDULE_END_BEFORE_START,
            "start=\"2026-01-31T09:00:00\"",
        ),
        (
            r#""repeat":"daily","end":"2025-12-31T09:00""#,
            "end",
            c::SCHEDULE_END_BEFORE_START,
            "",
        ),
        (
            r#""repeat":"daily","end":"2026-02-30T09:00""#,
            "end",
            c::SCHEDULE_IMPOSSIBLE_DATE,
            "days=28",
        ),
        (
            r#""repeat":"daily","end":"soon""#,
            "end",
            c::SCHEDULE_UNREADABLE_TIME,
            "example=",
        ),
        (
            r#""repeat":"daily","end":"3000-01-01T00:00""#,
            "end",
            c::SCHEDULE_YEAR_OUT_OF_RANGE,
            "max=\"2999\"",
        ),
        (
            r#""repeat":"fortnightly""#,
            "repeat",
            c::SCHEDULE_UNKNOWN_WORD,
            "once, daily",
        ),
        (
            r#""repeat":"Daily""#,
            "repeat",
            c::SCHEDULE_UNKNOWN_WORD,
            "",
        ),
        (r#""every":2"#, "repeat", c::REQUIRED, ""),
        (r#""repeat":"cron""#, "cron", c::REQUIRED, ""),
        (r#""repeat":"cron","cron":" ""#, "cron", c::REQUIRED, ""),
        (
            r#""repeat":"cron","cron":"0 9 * * fri-sun""#,
            "cron",
            c::SCHEDULE_CRON_BACKWARDS,
            "instead=\"5-7\"",
        ),
        (
            r#""repeat":"daily","every":0"#,
            "every",
            c::SCHEDULE_OUT_OF_RANGE,
            "value=0 min=1 max=1000",
        ),
        (
            r#""repeat":"daily","every":1001"#,
            "every",
            c::SCHEDULE_OUT_OF_RANGE,
            "",
        ),
        (
            r#""repeat":"daily","every":-1"#,
            "every",
            c::SCHEDULE_OUT_OF_RANGE,
            "",
        ),
        (
            r#""repeat":"daily","count":0"#,
            "count",
            c::SCHEDULE_OUT_OF_RANGE,
            "min=1 max=100000",
        ),
        (
            r#""repeat":"daily","count":100001"#,
            "count",
            c::SCHEDULE_OUT_OF_RANGE,
            "",
        ),
        (
            r#""repeat":"daily","limit":-1"#,
            "limit",
            c::SCHEDULE_OUT_OF_RANGE,
            "",
        ),
        (
            r#""repeat":"daily","limit":100001"#,
            "limit",
            c::SCHEDULE_OUT_OF_RANGE,
            "",
        ),
        (
            r#""repeat":"daily","from":"yesterday""#,
            "from",
            c::SCHEDULE_UNREADABLE_INSTANT,
            "",
        ),
        (
            r#""repeat":"weekly","weekdays":"mon,funday""#,
            "weekdays",
            c::SCHEDULE_UNKNOWN_WORD,
            "text=\"funday\"",
        ),
        (
            r#""repeat":"weekly","weekdays":"mon,""#,
            "weekdays",
            c::SCHEDULE_UNKNOWN_WORD,
            "",
        ),
        (
            r#""repeat":"monthly","month_day":0"#,
            "month_day",
            c::SCHEDULE_OUT_OF_RANGE,
            "min=1 max=31",
        ),
        (
            r#""repeat":"monthly","month_day":32"#,
            "month_day",
            c::SCHEDULE_OUT_OF_RANGE,
            "",
        ),
        (
            r#""repeat":"monthly","nth_weekday":"6:mon""#,
            "nth_weekday",
            c::SCHEDULE_UNKNOWN_WORD,
            "",
        ),
        (
            r#""repeat":"monthly","month_day":1,"nth_weekday":"1:mon""#,
            "nth_weekday",
            c::SCHEDULE_DAY_AND_NTH,
            "",
        ),
        (
            r#""repeat":"once","every":2"#,
            "every",
            c::SCHEDULE_NOT_WITH_REPEAT,
            "repeat=\"once\"",
        ),
        (
            r#""repeat":"cron","cron":"0 9 * * *","every":2"#,
            "every",
            c::SCHEDULE_NOT_WITH_REPEAT,
            "",
        ),
        (
            r#""repeat":"daily","weekdays":"mon""#,
            "weekdays",
            c::SCHEDULE_NOT_WITH_REPEAT,
            "belongs_to=\"weekly\"",
        ),
        (
            r#""repeat":"yearly","month_day":3"#,
            "month_day",
            c::SCHEDULE_NOT_WITH_REPEAT,
            "",
        ),
        (
            r#""repeat":"weekly","nth_weekday":"1:mon""#,
            "nth_weekday",
            c::SCHEDULE_NOT_WITH_REPEAT,
            "",
        ),
        (
            r#""repeat":"daily","cron":"0 9 * * *""#,
            "cron",
            c::SCHEDULE_NOT_WITH_REPEAT,
            "",
        ),
        (
            r#""repeat":"daily","exclude":"2026-02-30""#,
            "exclude",
            c::SCHEDULE_IMPOSSIBLE_DATE,
            "",
        ),
        (
            r#""repeat":"daily","exclude":["2026-02-01T09:00"]"#,
            "exclude",
            c::SCHEDULE_UNREADABLE_DATE,
            "",
        ),
        (
            r#""repeat":"daily","exclude":"9999-01-01""#,
            "exclude",
            c::SCHEDULE_YEAR_OUT_OF_RANGE,
            "",
        ),
    ];
    for (fields, field, code, said) in rows {
        let (faults, text) = faults(&format!("{RIGHT},{fields}"));
        assert_eq!(faults, [((*field).to_owned(), *code)], "{fields}");
        assert!(text.contains(said), "{fields}: {text}");
    }
}

#[test]
fn wrong_start_and_zone_are_named() {
    for (fields, field, code) in [
        (
            r#""start":"2026-02-30T09:00","zone":"UTC""#,
            "start",
            code::SCHEDULE_IMPOSSIBLE_DATE,
        ),
        (
            r#""start":"2026-02-01T25:00","zone":"UTC""#,
            "start",
            code::SCHEDULE_IMPOSSIBLE_TIME,
        ),
        (
            r#""start":"2026-02-01T09:00Z","zone":"UTC""#,
            "start",
            code::SCHEDULE_UNREADABLE_TIME,
        ),
        (
            r#""start":"1899-12-31T09:00","zone":"UTC""#,
            "start",
            code::SCHEDULE_YEAR_OUT_OF_RANGE,
        ),
        (
            r#""start":"0000-01-01T09:00","zone":"UTC""#,
            "start",
            code::SCHEDULE_YEAR_OUT_OF_RANGE,
        ),
        (r#""zone":"UTC""#, "start", code::REQUIRED),
        (r#""start":"2026-02-01T09:00""#, "zone", code::REQUIRED),
        (
            r#""start":"2026-02-01T09:00","zone":"Mars""#,
            "zone",
            code::SCHEDULE_UNKNOWN_ZONE,
        ),
    ] {
        let (faults, _) = faults(&format!(r#"{fields},"repeat":"once""#));
        assert_eq!(faults, [(field.to_owned(), code)], "{fields}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let (faults, _) = faults(
        r#""start":"2026-02-30T09:00","zone":"Europe/Berln","repeat":"daily","every":0,
        "cron":"x","exclude":"?","count":0,"limit":-5,"from":"?""#,
    );
    let fields: Vec<&str> = faults.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "start", "zone", "cron", "every", "exclude", "count", "from", "limit"
        ]
    );
}

#[test]
fn too_many_excluded_dates_are_refused() {
    let dates = vec!["2026-01-31"; 1001].join(",");
    let (faults, text) = faults(&format!(r#"{RIGHT},"repeat":"daily","exclude":"{dates}""#));
    assert_eq!(
        faults,
        [("exclude".to_owned(), code::SCHEDULE_TOO_MANY_DATES)]
    );
    assert!(text.contains("max=1000 count=1001"), "{text}");
}

#[test]
fn empty_texts_are_as_if_absent() {
    let fields = format!(
        r#"{RIGHT},"repeat":"daily","end":"","exclude":"","from":"","count":null,"limit":1"#
    );
    assert_eq!(forecast(&fields), ["2026-01-31T09:00:00+01:00"]);
}

#[test]
fn batch_line_has_the_fixed_form() {
    let line =
        r#"{"start":"2026-01-31T09:00","zone":"Europe/Berlin","repeat":"monthly","limit":2}"#;
    assert_eq!(
        answer_line(line).unwrap(),
        concat!(
            r#"{"occurrences":["#,
            r#"{"at":"2026-01-31T08:00:00Z","local":"2026-01-31T09:00:00+01:00","note":null},"#,
            r#"{"at":"2026-02-28T08:00:00Z","local":"2026-02-28T09:00:00+01:00","note":"month_end"}"#,
            r#"]}"#
        )
    );
    let never = r#"{"start":"2026-01-31T09:00","zone":"UTC","repeat":"cron","cron":"0 9 30 2 *"}"#;
    assert_eq!(answer_line(never).unwrap(), r#"{"occurrences":[]}"#);
}

#[test]
fn unreadable_batch_line_gets_code_and_message() {
    let long = format!(r#"{{"start":"{}"}}"#, "9".repeat(LINE_MAX));
    for (line, code) in [
        ("", "schedule.unreadable_spec"),
        ("not json", "schedule.unreadable_spec"),
        ("[]", "schedule.unreadable_spec"),
        (r#"{"start":1}"#, "schedule.unreadable_spec"),
        (
            r#"{"start":"2026-01-31T09:00","start":"2026-01-31T09:00"}"#,
            "schedule.unreadable_spec",
        ),
        (r#"{"month-day":1}"#, "schedule.unreadable_spec"),
        (
            r#"{"every":99999999999999999999}"#,
            "schedule.unreadable_spec",
        ),
        (
            r#"{"start":"2026-02-30T09:00","zone":"UTC","repeat":"once"}"#,
            "schedule.impossible_date",
        ),
        (&long, "too_long"),
    ] {
        let answer = answer_line(line).expect_err(line);
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let error = answer["error"].as_object().unwrap();
        assert_eq!(error["code"], code, "{line}");
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert_eq!((answer.as_object().unwrap().len(), error.len()), (1, 2));
    }
}
