//! A row for every repeat rule, gap and fold.

use super::{BERLIN, check, forecast};

#[test]
fn once_and_daily_keep_local_time_over_changes_of_clocks() {
    check(&[
        (
            r#""start":"2026-01-31T09:00","repeat":"once""#,
            &["2026-01-31T09:00:00+01:00"],
        ),
        (
            r#""start":"2026-03-28T09:00:30","repeat":"daily","count":3"#,
            &[
                "2026-03-28T09:00:30+01:00",
                "2026-03-29T09:00:30+02:00",
                "2026-03-30T09:00:30+02:00",
            ],
        ),
        (
            r#""start":"2026-12-30T23:59","repeat":"daily","every":3,"count":3"#,
            &[
                "2026-12-30T23:59:00+01:00",
                "2027-01-02T23:59:00+01:00",
                "2027-01-05T23:59:00+01:00",
            ],
        ),
    ]);
}

#[test]
fn planned_time_in_a_gap_moves_to_its_end_that_day_alone() {
    check(&[
        (
            r#""start":"2026-03-28T02:30","repeat":"daily","limit":3"#,
            &[
                "2026-03-28T02:30:00+01:00",
                "2026-03-29T03:00:00+02:00 gap",
                "2026-03-30T02:30:00+02:00",
            ],
        ),
        // A whole day is missing: its time and the next midnight are one occurrence.
        (
            r#""zone":"Pacific/Apia","start":"2011-12-29T00:00","repeat":"daily","count":3"#,
            &[
                "2011-12-29T00:00:00-10:00",
                "2011-12-31T00:00:00+14:00 merged",
                "2012-01-01T00:00:00+14:00",
            ],
        ),
        (
            r#""zone":"Pacific/Apia","start":"2011-12-29T09:00","repeat":"daily","count":3"#,
            &[
                "2011-12-29T09:00:00-10:00",
                "2011-12-31T00:00:00+14:00 gap",
                "2011-12-31T09:00:00+14:00",
            ],
        ),
        (
            r#""zone":"Africa/Cairo","start":"2023-04-27T00:00","repeat":"daily","count":3"#,
            &[
                "2023-04-27T00:00:00+02:00",
                "2023-04-28T01:00:00+03:00 gap",
                "2023-04-29T00:00:00+03:00",
            ],
        ),
        (
            r#""zone":"Asia/Beirut","start":"2024-03-31T00:00","repeat":"once""#,
            &["2024-03-31T01:00:00+03:00 gap"],
        ),
    ]);
}

#[test]
fn planned_time_in_a_fold_fires_once_at_the_first_pass() {
    check(&[(
        r#""start":"2026-10-24T02:30","repeat":"daily","limit":3"#,
        &[
            "2026-10-24T02:30:00+02:00",
            "2026-10-25T02:30:00+02:00 fold",
            "2026-10-26T02:30:00+01:00",
        ],
    )]);
}

#[test]
fn weekly_counts_weeks_from_the_monday_before_the_start() {
    check(&[
        // Default: the start's weekday, a Saturday.
        (
            r#""start":"2026-01-31T09:00","repeat":"weekly","limit":2"#,
            &["2026-01-31T09:00:00+01:00", "2026-02-07T09:00:00+01:00"],
        ),
        // Week 0 holds the start: its Monday and Wednesday are over, its Sunday is not.
        (
            r#""start":"2026-01-31T09:00","repeat":"weekly","every":2,"weekdays":"mon, SUN","limit":3"#,
            &[
                "2026-02-01T09:00:00+01:00",
                "2026-02-09T09:00:00+01:00",
                "2026-02-15T09:00:00+01:00",
            ],
        ),
        // The start is no occurrence when the rule does not name it.
        (
            r#""start":"2026-01-31T09:00","repeat":"weekly","weekdays":["mon","wed"],"limit":2"#,
            &["2026-02-02T09:00:00+01:00", "2026-02-04T09:00:00+01:00"],
        ),
        (
            r#""start":"2026-01-31T09:00","repeat":"weekly","weekdays":[],"limit":1"#,
            &["2026-01-31T09:00:00+01:00"],
        ),
    ]);
}

#[test]
fn monthly_clamps_to_the_last_day_and_comes_back() {
    check(&[
        (
            r#""start":"2026-01-31T09:00","repeat":"monthly","limit":4"#,
            &[
                "2026-01-31T09:00:00+01:00",
                "2026-02-28T09:00:00+01:00 month_end",
                "2026-03-31T09:00:00+02:00",
                "2026-04-30T09:00:00+02:00 month_end",
            ],
        ),
        (
            r#""start":"2028-01-30T09:00","repeat":"monthly","limit":3"#,
            &[
                "2028-01-30T09:00:00+01:00",
                "2028-02-29T09:00:00+01:00 month_end",
                "2028-03-30T09:00:00+02:00",
            ],
        ),
        // What is before the start is dropped; the phase stays with month 0.
        (
            r#""start":"2026-01-31T09:00","repeat":"monthly","every":2,"month_day":15,"limit":2"#,
            &["2026-03-15T09:00:00+01:00", "2026-05-15T09:00:00+02:00"],
        ),
        // Clamped and in a gap: the gap is told.
        (
            r#""zone":"Africa/Cairo","start":"2010-01-31T00:30","repeat":"monthly","every":3,"limit":2"#,
            &["2010-01-31T00:30:00+02:00", "2010-04-30T01:00:00+03:00 gap"],
        ),
        (
            r#""zone":"Africa/Monrovia","start":"1971-12-31T00:10","repeat":"monthly","limit":2"#,
            &["1971-12-31T00:10:00-00:45", "1972-01-31T00:10:00+00:00"],
        ),
    ]);
}

#[test]
fn nth_weekday_skips_a_month_without_a_fifth_and_last_never_skips() {
    check(&[
        (
            r#""start":"2026-01-01T09:00","repeat":"monthly","nth_weekday":"5:fri","limit":3"#,
            &[
                "2026-01-30T09:00:00+01:00",
                "2026-05-29T09:00:00+02:00",
                "2026-07-31T09:00:00+02:00",
            ],
        ),
        (
            r#""start":"2026-01-01T09:00","repeat":"monthly","nth_weekday":"last:fri","limit":3"#,
            &[
                "2026-01-30T09:00:00+01:00",
                "2026-02-27T09:00:00+01:00",
                "2026-03-27T09:00:00+01:00",
            ],
        ),
        (
            r#""start":"2026-01-13T09:01","repeat":"monthly","nth_weekday":"2:tue","limit":2"#,
            &["2026-01-13T09:01:00+01:00", "2026-02-10T09:01:00+01:00"],
        ),
    ]);
}

#[test]
fn yearly_29_february_is_28_in_common_years() {
    check(&[(
        r#""start":"2096-02-29T09:00","repeat":"yearly","limit":9"#,
        &[
            "2096-02-29T09:00:00+01:00",
            "2097-02-28T09:00:00+01:00 month_end",
            "2098-02-28T09:00:00+01:00 month_end",
            "2099-02-28T09:00:00+01:00 month_end",
            "2100-02-28T09:00:00+01:00 month_end",
            "2101-02-28T09:00:00+01:00 month_end",
            "2102-02-28T09:00:00+01:00 month_end",
            "2103-02-28T09:00:00+01:00 month_end",
            "2104-02-29T09:00:00+01:00",
        ],
    )]);
}

#[test]
fn cron_joins_its_day_fields_by_the_star_rule() {
    check(&[
        // Both restricted: either.
        (
            r#""start":"2026-02-01T00:00","repeat":"cron","cron":"0 9 13 * fri","limit":3"#,
            &[
                "2026-02-06T09:00:00+01:00",
                "2026-02-13T09:00:00+01:00",
                "2026-02-20T09:00:00+01:00",
            ],
        ),
        // `*/2` is unrestricted: both must match.
        (
            r#""start":"2026-02-01T00:00","repeat":"cron","cron":"0 9 */2 * fri","limit":3"#,
            &[
                "2026-02-13T09:00:00+01:00",
                "2026-02-27T09:00:00+01:00",
                "2026-03-13T09:00:00+01:00",
            ],
        ),
        // `1-31/2` is restricted: either.
        (
            r#""start":"2026-02-01T00:00","repeat":"cron","cron":"0 9 1-31/2 * fri","limit":5"#,
            &[
                "2026-02-01T09:00:00+01:00",
                "2026-02-03T09:00:00+01:00",
                "2026-02-05T09:00:00+01:00",
                "2026-02-06T09:00:00+01:00",
                "2026-02-07T09:00:00+01:00",
            ],
        ),
        // No clamp: the 31st of months that have one.
        (
            r#""start":"2026-02-01T00:00","repeat":"cron","cron":"0 9 31 * *","limit":2"#,
            &["2026-03-31T09:00:00+02:00", "2026-05-31T09:00:00+02:00"],
        ),
        (
            r#""start":"2026-02-01T00:00","repeat":"cron","cron":"0 9 L,15 2,4 *","limit":4"#,
            &[
                "2026-02-15T09:00:00+01:00",
                "2026-02-28T09:00:00+01:00",
                "2026-04-15T09:00:00+02:00",
                "2026-04-30T09:00:00+02:00",
            ],
        ),
        // The start's seconds count against second 0.
        (
            r#""start":"2026-02-01T09:00:01","repeat":"cron","cron":"0 9 * * *","limit":1"#,
            &["2026-02-02T09:00:00+01:00"],
        ),
        // 29 February is up to 8 years away, on a Sunday up to 40.
        (
            r#""start":"2096-03-01T00:00","repeat":"cron","cron":"0 0 29 2 *","limit":1"#,
            &["2104-02-29T00:00:00+01:00"],
        ),
        (
            r#""start":"2088-03-01T00:00","repeat":"cron","cron":"0 0 29 2 */7","limit":1"#,
            &["2128-02-29T00:00:00+01:00"],
        ),
    ]);
}

#[test]
fn hourly_cron_has_23_runs_on_the_gap_day_and_24_on_the_fold_day() {
    let day = |date: &str, next: &str| {
        forecast(&format!(
            r#"{BERLIN},"start":"{date}T00:00","end":"{next}T00:00","repeat":"cron","cron":"0 * * * *""#
        ))
    };
    let gap = day("2026-03-29", "2026-03-30");
    assert_eq!(gap.len(), 23);
    assert_eq!(
        gap[1..4],
        [
            "2026-03-29T01:00:00+01:00",
            "2026-03-29T03:00:00+02:00 merged",
            "2026-03-29T04:00:00+02:00",
        ]
    );
    let fold = day("2026-10-25", "2026-10-26");
    assert_eq!(fold.len(), 24);
    assert_eq!(
        fold[1..4],
        [
            "2026-10-25T01:00:00+02:00",
            "2026-10-25T02:00:00+02:00 fold",
            "2026-10-25T03:00:00+01:00",
        ]
    );
}

#[test]
fn cron_fires_once_per_local_time_in_a_fold() {
    check(&[(
        r#""start":"2026-10-25T02:40","repeat":"cron","cron":"*/10 * * * *","limit":4"#,
        &[
            "2026-10-25T02:40:00+02:00 fold",
            "2026-10-25T02:50:00+02:00 fold",
            "2026-10-25T03:00:00+01:00",
            "2026-10-25T03:10:00+01:00",
        ],
    )]);
}
