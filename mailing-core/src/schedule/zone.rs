//! Time zones: from a planned civil time to its instant and back. The only file that knows the zone
//! library.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, Offset as _, TimeDelta};
use chrono::{TimeZone as _, Utc};
use chrono_tz::{GapInfo, TZ_VARIANTS, Tz};
use serde::{Deserialize, Serialize};

use crate::code;
use crate::error::Refusal;
use crate::time::Timestamp;

/// How many known names an unknown one is answered with.
const NEAREST_MAX: usize = 3;
/// How many letters a known name may differ by and still be offered.
const NEAREST_DISTANCE: usize = 3;
/// The longest IANA name has 32 characters; longer input is cut before it is compared or repeated.
const NAME_MAX: usize = 64;

/// A time zone of the IANA database, such as `Europe/Berlin`.
///
/// The data are compiled in: no file of the machine is read, so every installation of one version
/// answers alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct Zone(Tz);

/// How often a civil time exists in its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Existence {
    /// Once: the ordinary case.
    Once,
    /// Not at all: clocks were put forward over it.
    Gap,
    /// Twice: clocks were put back over it.
    Fold,
}

/// The instant of a civil time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Resolved {
    /// When it happens.
    pub at: Timestamp,
    /// Whether the civil time had to be moved or chosen.
    pub existence: Existence,
}

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub const fn utc() -> Self {
        Self(Tz::UTC)
    }

    /// Finds a zone by its IANA name, letter case included.
    ///
    /// # Errors
    /// [`code::SCHEDULE_UNKNOWN_ZONE`] with the nearest known names.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        Tz::from_str(name).map(Self).map_err(|_| {
            let typed: String = name.chars().take(NAME_MAX).collect();
            let nearest = nearest(&typed).join(", ");
            let offer = if nearest.is_empty() { "none" } else { &nearest };
            Refusal::new(code::SCHEDULE_UNKNOWN_ZONE)
                .with("zone", typed)
                .with("nearest", offer)
        })
    }

    /// Every zone there is, links such as `US/Eastern` included, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        TZ_VARIANTS.iter().copied().map(Self)
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The instant of a civil time: itself where it exists once, the first of two in a fold, and in
    /// a gap of any size the instant of the change. Never decreases as `planned` grows.
    #[must_use]
    pub fn resolve(self, planned: NaiveDateTime) -> Resolved {
        let (at, existence) = match self.0.from_local_datetime(&planned) {
            MappedLocalTime::Single(at) => (at.to_utc(), Existence::Once),
            MappedLocalTime::Ambiguous(first, _) => (first.to_utc(), Existence::Fold),
            MappedLocalTime::None => (self.change_over(planned), Existence::Gap),
        };
        Resolved { at, existence }
    }

    /// What clocks in this zone show at an instant, with the offset exact to the second.
    #[must_use]
    pub fn local(self, at: Timestamp) -> DateTime<FixedOffset> {
        at.with_timezone(&self.0).fixed_offset()
    }

    /// The instant at which clocks were put forward over `missing`.
    ///
    /// Read from the beginning of the gap and the offset before it: the library's own
    /// `GapInfo::end` is the same instant but is absent where a fold follows closely.
    fn change_over(self, missing: NaiveDateTime) -> Timestamp {
        GapInfo::new(&missing, &self.0)
            .and_then(|gap| gap.begin)
            .map_or(missing, |(last, before)| {
                last - TimeDelta::seconds(before.fix().local_minus_utc().into())
            })
            .and_local_timezone(Utc)
            .earliest()
            .unwrap_or_default()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Zone> for &'static str {
    fn from(zone: Zone) -> Self {
        zone.name()
    }
}

impl FromStr for Zone {
    type Err = Refusal;

    fn from_str(name: &str) -> Result<Self, Refusal> {
        Self::parse(name)
    }
}

impl TryFrom<String> for Zone {
    type Error = Refusal;

    fn try_from(name: String) -> Result<Self, Refusal> {
        Self::parse(&name)
    }
}

/// The known names that look most like `typed`, best first: compared without letter case, as a
/// whole and by the place alone (`berlin` finds `Europe/Berlin`).
fn nearest(typed: &str) -> Vec<&'static str> {
    let typed = typed.trim().to_lowercase().replace(' ', "_");
    let mut found: Vec<(usize, &'static str)> = TZ_VARIANTS
        .iter()
        .filter_map(|zone| {
            let name = zone.name().to_lowercase();
            let place = name.rsplit('/').next().unwrap_or(&name);
            let distance = distance(&typed, &name).min(distance(&typed, place));
            (distance <= NEAREST_DISTANCE).then_some((distance, zone.name()))
        })
        .collect();
    found.sort_unstable();
    found.truncate(NEAREST_MAX);
    found.into_iter().map(|(_, name)| name).collect()
}

/// Edit distance; texts whose lengths alone differ too much are not compared, because a batch may
/// hold thousands of unknown names.
fn distance(typed: &str, known: &str) -> usize {
    if typed.len().abs_diff(known.len()) > NEAREST_DISTANCE {
        return usize::MAX;
    }
    strsim::levenshtein(typed, known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::civil;

    fn resolve(zone: &str, planned: &str) -> (String, Existence) {
        let zone = Zone::parse(zone).unwrap();
        let resolved = zone.resolve(civil::parse_time(planned).unwrap());
        (zone.local(resolved.at).to_rfc3339(), resolved.existence)
    }

    #[test]
    fn gaps_lead_to_the_first_valid_instant_and_folds_to_the_first_pass() {
        use Existence::{Fold, Gap, Once};
        for (zone, planned, local, existence) in [
            (
                "Europe/Berlin",
                "2026-03-29T01:59:59",
                "2026-03-29T01:59:59+01:00",
                Once,
            ),
            (
                "Europe/Berlin",
                "2026-03-29T02:00:00",
                "2026-03-29T03:00:00+02:00",
                Gap,
            ),
            (
                "Europe/Berlin",
                "2026-03-29T02:30:00",
                "2026-03-29T03:00:00+02:00",
                Gap,
            ),
            (
                "Europe/Berlin",
                "2026-03-29T02:59:59",
                "2026-03-29T03:00:00+02:00",
                Gap,
            ),
            (
                "Europe/Berlin",
                "2026-03-29T03:00:00",
                "2026-03-29T03:00:00+02:00",
                Once,
            ),
            (
                "Europe/Berlin",
                "2026-10-25T01:59:59",
                "2026-10-25T01:59:59+02:00",
                Once,
            ),
            (
                "Europe/Berlin",
                "2026-10-25T02:00:00",
                "2026-10-25T02:00:00+02:00",
                Fold,
            ),
            (
                "Europe/Berlin",
                "2026-10-25T02:30:00",
                "2026-10-25T02:30:00+02:00",
                Fold,
            ),
            (
                "Europe/Berlin",
                "2026-10-25T02:59:59",
                "2026-10-25T02:59:59+02:00",
                Fold,
            ),
            (
                "Europe/Berlin",
                "2026-10-25T03:00:00",
                "2026-10-25T03:00:00+01:00",
                Once,
            ),
            // A whole day that never was.
            (
                "Pacific/Apia",
                "2011-12-30T00:00:00",
                "2011-12-31T00:00:00+14:00",
                Gap,
            ),
            (
                "Pacific/Apia",
                "2011-12-30T23:59:59",
                "2011-12-31T00:00:00+14:00",
                Gap,
            ),
            (
                "Pacific/Kwajalein",
                "1993-08-21T12:00:00",
                "1993-08-22T00:00:00+12:00",
                Gap,
            ),
            // Gaps at midnight.
            (
                "Africa/Cairo",
                "2023-04-28T00:00:00",
                "2023-04-28T01:00:00+03:00",
                Gap,
            ),
            (
                "Asia/Beirut",
                "2024-03-31T00:15:00",
                "2024-03-31T01:00:00+03:00",
                Gap,
            ),
            (
                "America/Nuuk",
                "2024-03-30T23:30:00",
                "2024-03-31T00:00:00-01:00",
                Gap,
            ),
            // Half an hour.
            (
                "Australia/Lord_Howe",
                "2026-10-04T02:15:00",
                "2026-10-04T02:30:00+11:00",
                Gap,
            ),
            (
                "Australia/Lord_Howe",
                "2026-04-05T01:45:00",
                "2026-04-05T01:45:00+11:00",
                Fold,
            ),
        ] {
            assert_eq!(
                resolve(zone, planned),
                (local.to_owned(), existence),
                "{zone} {planned}"
            );
        }
    }

    #[test]
    fn offsets_are_exact_to_the_second() {
        let zone = Zone::parse("Africa/Monrovia").unwrap();
        let planned = civil::parse_time("1971-06-01T09:00:00").unwrap();
        let resolved = zone.resolve(planned);
        assert_eq!(resolved.at.to_rfc3339(), "1971-06-01T09:44:30+00:00");
        assert_eq!(zone.local(resolved.at).naive_local(), planned);
    }

    #[test]
    fn unknown_zone_is_refused_with_the_nearest_names() {
        for (typed, nearest) in [
            ("Europe/Berln", "Europe/Berlin"),
            ("europe/berlin", "Europe/Berlin"),
            ("Moscow", "Europe/Moscow"),
            ("America/New York", "America/New_York"),
        ] {
            let refusal = Zone::parse(typed).unwrap_err();
            assert_eq!(refusal.code, code::SCHEDULE_UNKNOWN_ZONE);
            let text = refusal.to_string();
            assert!(text.contains(&format!("nearest=\"{nearest}")), "{text}");
        }
    }

    #[test]
    fn hopeless_zone_names_are_refused_without_offers() {
        for typed in [
            "",
            "Mars/Olympus_Mons",
            "+03:00",
            "Europe/Berlin\0",
            "../etc/passwd",
        ] {
            let refusal = Zone::parse(typed).unwrap_err();
            assert_eq!(refusal.code, code::SCHEDULE_UNKNOWN_ZONE, "{typed:?}");
        }
        assert!(
            Zone::parse(&"x".repeat(1 << 20))
                .unwrap_err()
                .to_string()
                .len()
                < 200
        );
    }
}
