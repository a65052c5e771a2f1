//! Numbers as they are written in each language.

use super::Lang;

const NO_BREAK_SPACE: char = '\u{a0}';

/// `1 250` with a no-break space in Russian, `1,250` in English.
pub(super) fn count(lang: Lang, number: i64) -> String {
    let separator = match lang {
        Lang::Ru => NO_BREAK_SPACE,
        Lang::En => ',',
    };
    let digits = number.unsigned_abs().to_string();
    let mut written = String::with_capacity(digits.len() * 2);
    if number < 0 {
        written.push('\u{2212}');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            written.push(separator);
        }
        written.push(digit);
    }
    written
}

/// `2,4 %` in Russian, `2.4%` in English, an en dash of nothing. Rounded half up, but never to 100
/// or 0 when it is not, since "100 %" of a run with failures would be untrue.
pub(super) fn percent(lang: Lang, part: u64, whole: u64) -> String {
    let Some(tenths) = share(part, whole, 1000) else {
        return "–".to_owned();
    };
    let (ones, tenth) = (tenths / 10, tenths % 10);
    match lang {
        Lang::Ru => format!("{ones},{tenth}{NO_BREAK_SPACE}%"),
        Lang::En => format!("{ones}.{tenth}%"),
    }
}

/// The same without decimals: `72 %`, `72%`.
pub(super) fn whole_percent(lang: Lang, part: u64, whole: u64) -> String {
    let Some(ones) = share(part, whole, 100) else {
        return "–".to_owned();
    };
    match lang {
        Lang::Ru => format!("{ones}{NO_BREAK_SPACE}%"),
        Lang::En => format!("{ones}%"),
    }
}

/// The share in parts of `all`.
fn share(part: u64, whole: u64, all: u128) -> Option<u128> {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let rounded = (part * all * 2 + whole).checked_div(whole * 2)?;
    Some(match rounded {
        0 if part > 0 => 1,
        full if full >= all && part < whole => all - 1,
        rounded => rounded,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stand_at_every_third_digit() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (48_210, "48,210"),
            (1_000_000, "1,000,000"),
            (-1250, "\u{2212}1,250"),
            (i64::MIN, "\u{2212}9,223,372,036,854,775,808"),
        ] {
            assert_eq!(count(Lang::En, number), expected);
        }
        assert_eq!(count(Lang::Ru, 48_210), "48\u{a0}210");
    }

    #[test]
    fn a_share_has_one_decimal_and_never_rounds_to_all_or_nothing() {
        assert_eq!(percent(Lang::Ru, 21, 1250), "1,7\u{a0}%");
        assert_eq!(percent(Lang::En, 1223, 1250), "97.8%");
        assert_eq!(percent(Lang::En, 1, 1_000_000), "0.1%");
        assert_eq!(percent(Lang::En, 999_999, 1_000_000), "99.9%");
        assert_eq!(percent(Lang::En, 5, 5), "100.0%");
        assert_eq!(percent(Lang::En, 0, 0), "–");
        assert_eq!(whole_percent(Lang::Ru, 898, 1250), "72\u{a0}%");
        assert_eq!(whole_percent(Lang::En, 1249, 1250), "99%");
    }
}
