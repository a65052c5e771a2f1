//! A mailing as an owner gives it, and the check that turns it into a mailing.

use chrono::{Duration, NaiveDateTime, Timelike as _};

use crate::code;
use crate::error::{FieldError, Refusal};
use crate::id::{MessageId, SenderId};
use crate::schedule::{MissedPolicy, Repeat, Schedule, Windows, Zone};
use crate::time::Timestamp;

use super::{AmbiguousPolicy, AudienceChoice, MailingName};

/// Most recipients that can be picked one by one; whoever has more makes a list.
pub const CHOSEN_MAX: usize = 100_000;
/// Longest lateness that can be asked for.
const LATENESS_MAX: Duration = Duration::days(31);

/// What is to become of the new mailing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LaunchMode {
    /// It goes out by its windows.
    #[default]
    Launch,
    /// It goes out at once, once; it has no windows of its own.
    Now,
    /// It is only saved; without windows it will go out at once, once, when it is launched.
    Draft,
}

/// The owner's input, parsed but not yet checked as a whole.
#[derive(Debug, Clone)]
pub struct MailingDraft {
    /// Name; empty: the message's subject.
    pub name: String,
    /// What to send.
    pub message: MessageId,
    /// From whom; `None`: the owner's own address.
    pub sender: Option<SenderId>,
    /// To whom.
    pub audience: AudienceChoice,
    /// The zone of the windows; each window's schedule is in this zone.
    pub zone: Zone,
    /// When.
    pub windows: Vec<Schedule>,
    /// What becomes of missed occurrences.
    pub missed: MissedPolicy,
    /// How late an occurrence may still run.
    pub lateness: Duration,
    /// What becomes of ambiguous deliveries.
    pub ambiguous: AmbiguousPolicy,
    /// Launch, send now, or only save.
    pub mode: LaunchMode,
}

/// Default of [`MailingDraft::lateness`]: 24 hours (D9).
pub const LATENESS_DEFAULT: Duration = Duration::hours(24);

/// A draft whose own rules hold. What needs the store (message, sender, lists) is the service's.
#[derive(Debug, Clone)]
pub struct CheckedMailing {
    /// Name, unless it is to be the subject.
    pub name: Option<MailingName>,
    /// Windows; for [`LaunchMode::Now`] a single one that begins now.
    pub windows: Vec<Schedule>,
}

impl MailingDraft {
    /// Checks all rules that need nothing but the input and the time.
    ///
    /// # Errors
    /// Each wrong field: `name`, `audience`, `lateness`, `windows`, `windows.0.start`….
    pub fn check(&self, now: Timestamp) -> Result<CheckedMailing, Vec<FieldError>> {
        self.check_change(now, &[])
    }

    /// As [`check`](Self::check), for a mailing that has the windows `old`: a start that is one of
    /// theirs is not typed anew, so that it may lie in the past (D5).
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn check_change(
        &self,
        now: Timestamp,
        old: &[Schedule],
    ) -> Result<CheckedMailing, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = match self.name.trim() {
            "" => None,
            typed => MailingName::parse(typed)
                .map_err(|refusal| errors.push(FieldError::new("name", refusal)))
                .ok(),
        };
        self.check_audience(&mut errors);
        if self.lateness < Duration::zero() || self.lateness > LATENESS_MAX {
            let refusal =
                Refusal::new(code::MAILING_LATENESS).with("max_hours", LATENESS_MAX.num_hours());
            errors.push(FieldError::new("lateness", refusal));
        }
        let windows = match self.mode {
            LaunchMode::Now => match once_now(self.zone, now) {
                Ok(window) => vec![window],
                Err(faults) => {
                    errors.extend(faults);
                    Vec::new()
                }
            },
            LaunchMode::Draft if self.windows.is_empty() => Vec::new(),
            LaunchMode::Launch | LaunchMode::Draft => {
                self.check_windows(now, old, &mut errors);
                self.windows.clone()
            }
        };
        if errors.is_empty() {
            Ok(CheckedMailing { name, windows })
        } else {
            Err(errors)
        }
    }

    fn check_audience(&self, errors: &mut Vec<FieldError>) {
        let empty = match &self.audience {
            AudienceChoice::All | AudienceChoice::Kept => false,
            AudienceChoice::Lists(lists) => lists.is_empty(),
            AudienceChoice::Chosen(picked) => {
                if picked.len() > CHOSEN_MAX {
                    let refusal =
                        Refusal::new(code::MAILING_TOO_MANY_CHOSEN).with("max", CHOSEN_MAX);
                    errors.push(FieldError::new("audience", refusal));
                }
                picked.is_empty()
            }
        };
        if empty {
            errors.push(FieldError::new("audience", code::MAILING_NO_RECIPIENTS));
        }
    }

    fn check_windows(&self, now: Timestamp, old: &[Schedule], errors: &mut Vec<FieldError>) {
        let minute = this_minute(self.zone, now);
        for (index, window) in self.windows.iter().enumerate() {
            let kept = old
                .iter()
                .any(|old| old.start() == window.start() && old.zone() == window.zone());
            if window.start() < minute && !kept {
                let refusal = Refusal::new(code::MAILING_START_IN_PAST)
                    .with("start", window.start().format("%Y-%m-%dT%H:%M").to_string())
                    .with("now", minute.format("%Y-%m-%dT%H:%M").to_string());
                errors.push(FieldError::new("start", refusal).under(&format!("windows.{index}")));
            }
        }
        for (index, window) in self.windows.iter().enumerate() {
            let twin = self.windows.iter().take(index).position(|w| w == window);
            if let Some(twin) = twin {
                let refusal = Refusal::new(code::MAILING_WINDOW_TWICE).with("window", twin + 1);
                errors.push(FieldError::new("start", refusal).under(&format!("windows.{index}")));
            }
        }
        if let Err(faults) = Windows::new(self.windows.clone()) {
            errors.extend(faults);
        }
    }
}

/// The window of one send at this second. A local time that the clocks repeat means its first pass;
/// in the second one only UTC can name the instant.
pub(crate) fn once_now(zone: Zone, now: Timestamp) -> Result<Schedule, Vec<FieldError>> {
    let now = now.with_nanosecond(0).unwrap_or(now);
    let schedule = once_at(now, zone)?;
    match schedule.starts_at() == now {
        true => Ok(schedule),
        false => once_at(now, Zone::utc()),
    }
}

fn once_at(now: Timestamp, zone: Zone) -> Result<Schedule, Vec<FieldError>> {
    let start = zone.local(now).naive_local();
    Schedule::new(start, zone, None, Repeat::Once, Default::default(), None)
}

/// The local minute in which `now` lies: a start typed in it is not in the past.
fn this_minute(zone: Zone, now: Timestamp) -> NaiveDateTime {
    let local = zone.local(now).naive_local();
    local
        .with_second(0)
        .and_then(|minute| minute.with_nanosecond(0))
        .unwrap_or(local)
}
