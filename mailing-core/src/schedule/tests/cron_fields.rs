//! The grammar of cron expressions: what each form means, and what is refused.

use super::forecast;
use crate::code::{self, Code};
use crate::schedule::CronRule;

/// The numbers of a bit set.
fn numbers(bits: u64) -> Vec<u32> {
    (0..64).filter(|bit| bits >> bit & 1 == 1).collect()
}

fn list(numbers: impl IntoIterator<Item = u32>) -> Vec<u32> {
    numbers.into_iter().collect()
}

#[test]
fn every_form_of_an_item_means_its_numbers() {
    for (minute, expected) in [
        ("*", list(0..60)),
        ("7", list([7])),
        ("07", list([7])),
        ("10-12", list(10..=12)),
        ("*/20", list([0, 20, 40])),
        ("*/1", list(0..60)),
        ("*/59", list([0, 59])),
        ("*/60", list([0])),
        ("*/9999", list([0])),
        ("10-20/5", list([10, 15, 20])),
        ("10-20/11", list([10])),
        ("40/7", list([40, 47, 54])),
        ("59/2", list([59])),
        ("5-5", list([5])),
        ("0,30,15,30", list([0, 15, 30])),
        ("*/30,5-6", list([0, 5, 6, 30])),
    ] {
        let rule = CronRule::parse(&format!("{minute} * * * *")).unwrap();
        assert_eq!(numbers(rule.minutes()), expected, "{minute}");
    }
    let hours = CronRule::parse("0 20-23,1/11 * * *").unwrap();
    assert_eq!(numbers(hours.hours().into()), [1, 12, 20, 21, 22, 23]);
}

/// The days of February 2026, which begins on a Sunday and has 28 days.
fn february(day: &str, weekday: &str) -> Vec<u32> {
    let first = chrono::NaiveDate::from_ymd_opt(2026, 2, 1).unwrap();
    let rule = CronRule::parse(&format!("0 0 {day} * {weekday}")).unwrap();
    numbers(rule.days_in(first).into())
}

#[test]
fn weekdays_run_from_sunday_0_to_sunday_7() {
    for (weekday, expected) in [
        ("0", list([1, 8, 15, 22])),
        ("7", list([1, 8, 15, 22])),
        ("sun", list([1, 8, 15, 22])),
        ("SaT", list([7, 14, 21, 28])),
        ("fri-7", list([1, 6, 7, 8, 13, 14, 15, 20, 21, 22, 27, 28])),
        ("5-7", list([1, 6, 7, 8, 13, 14, 15, 20, 21, 22, 27, 28])),
        // 5 and 7: Friday and Sunday.
        ("5/2", list([1, 6, 8, 13, 15, 20, 22, 27])),
        ("fri/2", list([1, 6, 8, 13, 15, 20, 22, 27])),
        ("sun-mon", list([1, 2, 8, 9, 15, 16, 22, 23])),
        ("1-wed/2", list([2, 4, 9, 11, 16, 18, 23, 25])),
        ("0-7", list(1..=28)),
        ("*/7", list([1, 8, 15, 22])),
    ] {
        assert_eq!(february("*", weekday), expected, "{weekday}");
    }
}

#[test]
fn day_fields_join_by_or_when_both_are_restricted() {
    for (day, weekday, expected) in [
        ("L", "*", list([28])),
        ("l", "*", list([28])),
        ("1,L,30", "*", list([1, 28])),
        ("L", "mon", list([2, 9, 16, 23, 28])),
        ("10-12", "sun", list([1, 8, 10, 11, 12, 15, 22])),
        ("*", "*", list(1..=28)),
        // Text that begins with a star is unrestricted, whatever follows.
        ("*/10", "sun", list([1])),
        ("*,5", "sun", list([1, 8, 15, 22])),
        ("13", "*/5", list([13])),
        ("5,*", "sun", list(1..=28)),
        ("31", "*", list([])),
    ] {
        assert_eq!(february(day, weekday), expected, "{day} {weekday}");
    }
}

#[test]
fn months_have_words_of_three_letters() {
    let rule = CronRule::parse("0 0 1 jan,MAR-5,oct/2 *").unwrap();
    let months: Vec<u32> = (1..=12).filter(|month| rule.has_month(*month)).collect();
    assert_eq!(months, [1, 3, 4, 5, 10, 12]);
}

#[test]
fn white_space_between_fields_is_free() {
    let rule = CronRule::parse("  0\t9  * *\n* ").unwrap();
    assert_eq!(rule.as_str(), "0 9 * * *");
    assert_eq!(rule, CronRule::parse("0 9 * * *").unwrap());
}

#[test]
fn what_is_outside_the_grammar_is_refused_by_field_and_item() {
    use code as c;
    let rows: &[(&str, Code, &str)] = &[
        ("", c::SCHEDULE_CRON_FIELDS, "count=0"),
        ("@daily", c::SCHEDULE_CRON_FIELDS, "count=1"),
        ("0 9 * *", c::SCHEDULE_CRON_FIELDS, "count=4"),
        ("0 0 9 * * *", c::SCHEDULE_CRON_FIELDS, "count=6"),
        (
            "0 9 ? * *",
            c::SCHEDULE_CRON_UNREADABLE,
            "part_of=\"day\" item=\"?\"",
        ),
        (
            "0 9 * * ?",
            c::SCHEDULE_CRON_UNREADABLE,
            "part_of=\"weekday\"",
        ),
        (
            "0 9 * january *",
            c::SCHEDULE_CRON_UNREADABLE,
            "part_of=\"month\" item=\"january\"",
        ),
        (
            "0 9 * * monday",
            c::SCHEDULE_CRON_UNREADABLE,
            "item=\"monday\"",
        ),
        ("0 9 * * tues", c::SCHEDULE_CRON_UNREADABLE, "item=\"tues\""),
        ("0 9 * * 5L", c::SCHEDULE_CRON_UNREADABLE, "item=\"5L\""),
        (
            "0 9 * * L",
            c::SCHEDULE_CRON_UNREADABLE,
            "part_of=\"weekday\"",
        ),
        (
            "0 9 * * mon#2",
            c::SCHEDULE_CRON_UNREADABLE,
            "item=\"mon#2\"",
        ),
        ("0 9 15W * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"15W\""),
        ("0 9 L-3 * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"L-3\""),
        ("0 9 L/2 * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"L/2\""),
        (
            "0 9 jan * *",
            c::SCHEDULE_CRON_UNREADABLE,
            "part_of=\"day\"",
        ),
        (
            ", 9 * * *",
            c::SCHEDULE_CRON_UNREADABLE,
            "part_of=\"minute\" item=\"\"",
        ),
        ("1,,2 9 * * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"\""),
        ("1- 9 * * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"1-\""),
        ("-1 9 * * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"-1\""),
        ("+1 9 * * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"+1\""),
        (
            "1-2-3 9 * * *",
            c::SCHEDULE_CRON_UNREADABLE,
            "item=\"1-2-3\"",
        ),
        ("*-5 9 * * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"*-5\""),
        ("** 9 * * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"**\""),
        (
            "*/2/3 9 * * *",
            c::SCHEDULE_CRON_UNREADABLE,
            "item=\"*/2/3\"",
        ),
        ("*/ 9 * * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"*/\""),
        ("*/-2 9 * * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"*/-2\""),
        ("1.5 9 * * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"1.5\""),
        ("١ 9 * * *", c::SCHEDULE_CRON_UNREADABLE, "item=\"١\""),
        (
            "99999999999 9 * * *",
            c::SCHEDULE_CRON_UNREADABLE,
            "item=\"99999999999\"",
        ),
        (
            "60 9 * * *",
            c::SCHEDULE_CRON_OUT_OF_RANGE,
            "part_of=\"minute\" item=\"60\" min=0 max=59",
        ),
        (
            "0 24 * * *",
            c::SCHEDULE_CRON_OUT_OF_RANGE,
            "part_of=\"hour\" item=\"24\" min=0 max=23",
        ),
        (
            "0 9 0 * *",
            c::SCHEDULE_CRON_OUT_OF_RANGE,
            "part_of=\"day\" item=\"0\" min=1 max=31",
        ),
        (
            "0 9 1-32 * *",
            c::SCHEDULE_CRON_OUT_OF_RANGE,
            "item=\"1-32\"",
        ),
        (
            "0 9 * 13 *",
            c::SCHEDULE_CRON_OUT_OF_RANGE,
            "part_of=\"month\" item=\"13\" min=1 max=12",
        ),
        (
            "0 9 * * 8",
            c::SCHEDULE_CRON_OUT_OF_RANGE,
            "part_of=\"weekday\" item=\"8\" min=0 max=7",
        ),
        (
            "*/0 9 * * *",
            c::SCHEDULE_CRON_STEP,
            "part_of=\"minute\" item=\"*/0\"",
        ),
        (
            "0 22-2 * * *",
            c::SCHEDULE_CRON_BACKWARDS,
            "item=\"22-2\" instead=\"22-23,0-2\"",
        ),
        (
            "0 9 * nov-feb *",
            c::SCHEDULE_CRON_BACKWARDS,
            "instead=\"11-12,1-2\"",
        ),
        (
            "0 9 * * fri-sun",
            c::SCHEDULE_CRON_BACKWARDS,
            "item=\"fri-sun\" instead=\"5-7\"",
        ),
        (
            "0 9 * * fri-mon",
            c::SCHEDULE_CRON_BACKWARDS,
            "instead=\"5-7,1-1\"",
        ),
        (
            "0 9 * * 7-1",
            c::SCHEDULE_CRON_BACKWARDS,
            "instead=\"7-7,1-1\"",
        ),
    ];
    for (text, code, said) in rows {
        let refusal = CronRule::parse(text).unwrap_err();
        assert_eq!(refusal.code, *code, "{text:?}");
        assert!(refusal.to_string().contains(said), "{text:?}: {refusal}");
    }
}

#[test]
fn way_out_of_a_backward_range_is_itself_readable() {
    for text in [
        "0 22-2 * * *",
        "0 9 * nov-feb *",
        "0 9 * * fri-sun",
        "0 9 * * sat-tue",
    ] {
        let refusal = CronRule::parse(text).unwrap_err();
        let (_, instead) = refusal
            .params
            .iter()
            .find(|(name, _)| *name == "instead")
            .unwrap();
        let (_, item) = refusal
            .params
            .iter()
            .find(|(name, _)| *name == "item")
            .unwrap();
        let (crate::error::Param::Text(instead), crate::error::Param::Text(item)) = (instead, item)
        else {
            panic!("texts");
        };
        CronRule::parse(&text.replace(item.as_str(), instead)).unwrap();
    }
}

#[test]
fn cron_gap_is_told_and_merged_only_with_its_end() {
    let fields = r#""zone":"Europe/Berlin","start":"2026-03-29T00:00","repeat":"cron","limit":2,"#;
    let half_past = forecast(&format!(r#"{fields}"cron":"30 1-3 * * *""#));
    assert_eq!(
        half_past,
        ["2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00 gap"]
    );
    let twice = forecast(&format!(r#"{fields}"cron":"20,40 2 * * *""#));
    assert_eq!(
        twice,
        [
            "2026-03-29T03:00:00+02:00 merged",
            "2026-03-30T02:20:00+02:00"
        ]
    );
}
