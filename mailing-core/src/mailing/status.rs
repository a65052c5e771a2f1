//! Where a mailing stands: created → running → finished by itself, with overlays.

use std::fmt;

use crate::code;
use crate::error::{Error, Refusal};
use crate::time::Timestamp;

/// How far a mailing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Saved, not launched.
    Draft,
    /// Launched, before its first window opens.
    Created,
    /// A window has opened.
    Running,
    /// Nothing is left to send, or the owner ended it. Starts no run any more.
    Finished {
        /// Since when.
        at: Timestamp,
        /// True when the owner ended it before its time.
        early: bool,
    },
}

/// A manager's stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disabled {
    /// Since when.
    pub at: Timestamp,
    /// Why; shown to the owner.
    pub reason: String,
}

/// Stage and overlays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailingStatus {
    /// How far it has come.
    pub stage: Stage,
    /// Since when the owner holds it, if so.
    pub paused: Option<Timestamp>,
    /// The manager's stop, if any.
    pub disabled: Option<Disabled>,
}

/// What can happen to a mailing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailingEvent {
    /// The owner launches a draft.
    Launched,
    /// Its first window opened.
    WindowOpened,
    /// The last window closed or no occurrence is left, and no run is open.
    NothingLeft,
    /// The owner ends it before its time.
    FinishedByOwner,
    /// The owner opens it again while a window is still open or to come.
    Reopened,
    /// The owner holds it.
    Paused,
    /// The owner lets it go on.
    Resumed,
    /// A manager stops it.
    Disabled {
        /// Why.
        reason: String,
    },
    /// A manager lets it go on.
    Enabled,
}

/// An event that the state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{event} is not possible while {from}")]
pub struct IllegalMove {
    /// The state it met.
    pub from: &'static str,
    /// What was tried.
    pub event: &'static str,
}

impl From<IllegalMove> for Error {
    fn from(refused: IllegalMove) -> Self {
        Self::Conflict(
            Refusal::new(code::MAILING_STATE)
                .with("status", refused.from)
                .with("event", refused.event),
        )
    }
}

impl MailingStatus {
    /// Saved, not launched.
    #[must_use]
    pub const fn draft() -> Self {
        Self {
            stage: Stage::Draft,
            paused: None,
            disabled: None,
        }
    }

    /// Moves on by `event`.
    ///
    /// # Errors
    /// [`IllegalMove`] for what the state does not allow; nothing is changed then.
    pub fn apply(mut self, event: MailingEvent, now: Timestamp) -> Result<Self, IllegalMove> {
        use MailingEvent as E;
        use Stage as S;
        let refused = IllegalMove {
            from: self.name(),
            event: event.name(),
        };
        match (self.stage, event) {
            (S::Draft, E::Launched) => self.stage = S::Created,
            (S::Created, E::WindowOpened) => self.stage = S::Running,
            (S::Created | S::Running, E::NothingLeft) => {
                self.stage = S::Finished {
                    at: now,
                    early: false,
                };
                self.paused = None;
            }
            (S::Created | S::Running, E::FinishedByOwner) => {
                self.stage = S::Finished {
                    at: now,
                    early: true,
                };
                self.paused = None;
            }
            (S::Finished { .. }, E::Reopened) => self.stage = S::Created,
            (S::Created | S::Running, E::Paused) if self.paused.is_none() => {
                self.paused = Some(now);
            }
            (S::Created | S::Running, E::Resumed) if self.paused.is_some() => self.paused = None,
            (_, E::Disabled { reason }) if self.disabled.is_none() => {
                self.disabled = Some(Disabled { at: now, reason });
            }
            (_, E::Enabled) if self.disabled.is_some() => self.disabled = None,
            _ => return Err(refused),
        }
        Ok(self)
    }

    /// True when its occurrences may start runs: launched, not finished, held by nobody.
    #[must_use]
    pub const fn may_run(&self) -> bool {
        matches!(self.stage, Stage::Created | Stage::Running)
            && self.paused.is_none()
            && self.disabled.is_none()
    }

    /// True when the owner ended it before its time (D7).
    #[must_use]
    pub const fn is_finished_early(&self) -> bool {
        matches!(self.stage, Stage::Finished { early: true, .. })
    }

    /// The word for screens, lists and filters; overlays win over the stage.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self {
                disabled: Some(_), ..
            } => "disabled",
            Self {
                stage: Stage::Finished { .. },
                ..
            } => "finished",
            Self {
                paused: Some(_), ..
            } => "paused",
            Self {
                stage: Stage::Draft,
                ..
            } => "draft",
            Self {
                stage: Stage::Created,
                ..
            } => "created",
            Self {
                stage: Stage::Running,
                ..
            } => "running",
        }
    }
}

impl fmt::Display for MailingStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl MailingEvent {
    /// The event's name in refusals and drawings.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Launched => "launched",
            Self::WindowOpened => "window_opened",
            Self::NothingLeft => "nothing_left",
            Self::FinishedByOwner => "finished_by_owner",
            Self::Reopened => "reopened",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Disabled { .. } => "disabled",
            Self::Enabled => "enabled",
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn events() -> Vec<MailingEvent> {
        use MailingEvent as E;
        vec![
            E::Launched,
            E::WindowOpened,
            E::NothingLeft,
            E::FinishedByOwner,
            E::Reopened,
            E::Paused,
            E::Resumed,
            E::Disabled {
                reason: "spam".into(),
            },
            E::Enabled,
        ]
    }

    fn after(events: &[MailingEvent]) -> MailingStatus {
        let now = DateTime::UNIX_EPOCH;
        events.iter().fold(MailingStatus::draft(), |status, event| {
            status.apply(event.clone(), now).unwrap()
        })
    }

    #[test]
    fn each_state_takes_just_the_events_of_the_drawing() {
        use MailingEvent as E;
        let disabled = E::Disabled {
            reason: "spam".into(),
        };
        let table: &[(&[MailingEvent], &[&str])] = &[
            (&[], &["launched", "disabled"]),
            (
                &[E::Launched],
                &[
                    "window_opened",
                    "nothing_left",
                    "finished_by_owner",
                    "paused",
                    "disabled",
                ],
            ),
            (
                &[E::Launched, E::WindowOpened],
                &["nothing_left", "finished_by_owner", "paused", "disabled"],
            ),
            (
                &[E::Launched, E::FinishedByOwner],
                &["reopened", "disabled"],
            ),
            (
                &[E::Launched, E::Paused],
                &[
                    "window_opened",
                    "nothing_left",
                    "finished_by_owner",
                    "resumed",
                    "disabled",
                ],
            ),
            (
                &[E::Launched, disabled],
                &[
                    "window_opened",
                    "nothing_left",
                    "finished_by_owner",
                    "paused",
                    "enabled",
                ],
            ),
        ];
        for (history, expected) in table {
            let status = after(history);
            let taken: Vec<_> = events()
                .into_iter()
                .filter(|e| {
                    status
                        .clone()
                        .apply(e.clone(), DateTime::UNIX_EPOCH)
                        .is_ok()
                })
                .map(|e| e.name())
                .collect();
            assert_eq!(&taken, expected, "after {history:?}");
        }
    }

    #[test]
    fn a_mailing_that_has_finished_is_paused_no_more() {
        use MailingEvent as E;
        for ends in [E::NothingLeft, E::FinishedByOwner] {
            let status = after(&[E::Launched, E::Paused, ends]);
            assert_eq!(
                status.paused, None,
                "what is sent again would wait for ever"
            );
        }
    }

    #[test]
    fn only_a_launched_mailing_that_nobody_holds_may_run() {
        use MailingEvent as E;
        assert!(!after(&[]).may_run());
        assert!(after(&[E::Launched]).may_run());
        assert!(!after(&[E::Launched, E::Paused]).may_run());
        assert!(after(&[E::Launched, E::Paused, E::Resumed]).may_run());
        assert!(
            !after(&[
                E::Launched,
                E::Disabled {
                    reason: "spam".into()
                }
            ])
            .may_run()
        );
        assert!(!after(&[E::Launched, E::WindowOpened, E::NothingLeft]).may_run());
    }
}
