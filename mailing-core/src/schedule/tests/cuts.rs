//! A row for every settled ambiguity about where a list begins, ends and has holes.

use super::{BERLIN, at, check, forecast, schedule};
use crate::code;

#[test]
fn end_is_exclusive_and_by_instant() {
    check(&[
        (
            r#""start":"2026-01-01T09:00","end":"2026-01-03T09:00","repeat":"daily""#,
            &["2026-01-01T09:00:00+01:00", "2026-01-02T09:00:00+01:00"],
        ),
        (
            r#""start":"2026-01-01T09:00","end":"2026-01-03T09:00:01","repeat":"daily","limit":5,"from":"2026-01-02T08:00:01Z""#,
            &["2026-01-03T09:00:00+01:00"],
        ),
        // Planned 02:30 is moved to 03:00, the end's instant: nothing goes out at the end.
        (
            r#""start":"2026-03-28T02:30","end":"2026-03-29T03:00","repeat":"daily""#,
            &["2026-03-28T02:30:00+01:00"],
        ),
        // End and planned time in one gap are one instant.
        (
            r#""start":"2026-03-29T02:30","end":"2026-03-29T02:45","repeat":"once""#,
            &[],
        ),
        // An end in a fold is its first pass.
        (
            r#""start":"2026-10-25T02:00","end":"2026-10-25T02:30","repeat":"cron","cron":"*/15 * * * *""#,
            &[
                "2026-10-25T02:00:00+02:00 fold",
                "2026-10-25T02:15:00+02:00 fold",
            ],
        ),
    ]);
}

#[test]
fn start_inside_a_gap_compares_plans_locally() {
    // Plan 02:15 is before the start 02:30, though both are 03:00.
    check(&[(
        r#""start":"2026-03-29T02:30","repeat":"cron","cron":"15 2,3 * * *","limit":2"#,
        &["2026-03-29T03:15:00+02:00", "2026-03-30T02:15:00+02:00"],
    )]);
}

#[test]
fn excluding_goes_by_the_planned_date_and_moves_nothing_else() {
    check(&[
        // The excluded date uses up the count.
        (
            r#""start":"2026-01-01T09:00","repeat":"daily","count":3,"exclude":"2026-01-02""#,
            &["2026-01-01T09:00:00+01:00", "2026-01-03T09:00:00+01:00"],
        ),
        // Nuuk's Saturday 23:30 lands on Sunday 00:00; Saturday counts.
        (
            r#""zone":"America/Nuuk","start":"2024-03-30T23:30","repeat":"daily","count":2,"exclude":["2024-03-30"]"#,
            &["2024-03-31T23:30:00-01:00"],
        ),
        (
            r#""zone":"America/Nuuk","start":"2024-03-30T23:30","repeat":"daily","count":2,"exclude":["2024-03-31"]"#,
            &["2024-03-31T00:00:00-01:00 gap"],
        ),
        // Of merged dates all must be excluded.
        (
            r#""zone":"Pacific/Apia","start":"2011-12-30T00:00","repeat":"daily","count":2,"exclude":["2011-12-30"]"#,
            &[
                "2011-12-31T00:00:00+14:00 merged",
                "2012-01-01T00:00:00+14:00",
            ],
        ),
        (
            r#""zone":"Pacific/Apia","start":"2011-12-30T00:00","repeat":"daily","count":2,"exclude":"2011-12-30,2011-12-31""#,
            &["2012-01-01T00:00:00+14:00"],
        ),
    ]);
}

#[test]
fn merged_times_use_up_the_count_once() {
    check(&[(
        r#""start":"2026-03-29T01:30","repeat":"cron","cron":"*/15 * * * *","count":4"#,
        &[
            "2026-03-29T01:30:00+01:00",
            "2026-03-29T01:45:00+01:00",
            "2026-03-29T03:00:00+02:00 merged",
            "2026-03-29T03:15:00+02:00",
        ],
    )]);
}

#[test]
fn view_moves_neither_count_nor_phase() {
    check(&[
        (
            r#""start":"2026-01-01T09:00","repeat":"daily","every":3,"count":4,"from":"2026-01-05T00:00:00Z""#,
            &["2026-01-07T09:00:00+01:00", "2026-01-10T09:00:00+01:00"],
        ),
        (
            r#""start":"2026-01-31T09:00","repeat":"monthly","from":"2037-02-01T00:00:00Z","limit":2"#,
            &[
                "2037-02-28T09:00:00+01:00 month_end",
                "2037-03-31T09:00:00+02:00",
            ],
        ),
        (
            r#""start":"2026-01-31T09:00","repeat":"daily","limit":0"#,
            &[],
        ),
    ]);
}

#[test]
fn limit_is_forty_unless_given() {
    let fields = format!(r#"{BERLIN},"start":"2026-01-31T09:00","repeat":"daily""#);
    assert_eq!(forecast(&fields).len(), 40);
}

#[test]
fn rule_that_never_fires_forecasts_nothing_and_is_refused_when_saved() {
    for (fields, field) in [
        (
            r#""start":"2026-01-01T09:00","repeat":"cron","cron":"0 9 30 2 *""#,
            "cron",
        ),
        (
            r#""start":"2026-01-01T09:00","repeat":"cron","cron":"0 9 31 2,4,6,9,11 *""#,
            "cron",
        ),
        (
            r#""start":"2026-01-01T09:00","end":"2026-02-01T00:00","repeat":"cron","cron":"0 9 1 3 *""#,
            "cron",
        ),
        (
            r#""start":"2026-01-01T09:00","repeat":"once","exclude":"2026-01-01""#,
            "repeat",
        ),
    ] {
        let fields = format!("{BERLIN},{fields}");
        assert!(forecast(&fields).is_empty(), "{fields}");
        let fault = schedule(&fields).check_fires().unwrap_err();
        assert_eq!(
            (&*fault.field, fault.refusal.code),
            (field, code::SCHEDULE_NEVER_FIRES)
        );
    }
}

#[test]
fn next_after_is_later_and_next_at_or_after_is_not() {
    let daily = schedule(&format!(
        r#"{BERLIN},"start":"2026-01-31T09:00","repeat":"daily""#
    ));
    let first = at("2026-01-31T08:00:00Z");
    let second = at("2026-02-01T08:00:00Z");
    assert_eq!(daily.next_at_or_after(first).unwrap().at, first);
    assert_eq!(daily.next_after(first).unwrap().at, second);
    assert_eq!(
        daily.next_after(at("2026-01-31T07:59:59.999Z")).unwrap().at,
        first
    );
    assert_eq!(
        daily
            .next_at_or_after(at("2026-01-31T08:00:00.001Z"))
            .unwrap()
            .at,
        second
    );
}

#[test]
fn calendar_ends_with_the_year_9999() {
    let late =
        schedule(r#""zone":"UTC","start":"2999-12-31T00:00","repeat":"yearly","every":1000"#);
    assert_eq!(late.occurrences().count(), 8);
    assert!(late.next_after(at("9999-12-31T00:00:00Z")).is_none());
    let none =
        schedule(r#""zone":"UTC","start":"2026-01-01T00:00","repeat":"cron","cron":"* * * * *""#);
    assert_eq!(none.occurrences_from(at("9999-12-31T23:58:00Z")).count(), 2);
}
