//! Where a run stands (DELIVERY 1.1 in docs/engine.md).

use crate::code;
use crate::error::Refusal;
use crate::schedule::MissedReason;

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every reason there is.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the database, the API and the command line.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The reason of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.as_str() == name)
            }
        }
    };
}

reasons! {
    /// Who or what holds a run.
    PauseReason {
        /// The owner.
        Owner = "owner",
        /// A manager disabled the mailing.
        Manager = "manager",
        /// The owner of the mailing was blocked.
        Blocked = "blocked",
        /// The mail server refuses our credentials.
        Authentication = "authentication",
        /// The mail server refuses the sender's address.
        Sender = "sender",
        /// The message is larger than the server takes.
        TooLarge = "too_large",
        /// The mail server offers no acceptable encryption.
        Encryption = "encryption",
        /// The mail server does not pass mail on for us.
        Relay = "relay",
    }
}

reasons! {
    /// Why a run was ended before everybody got the message.
    CancelReason {
        /// The owner finished it early.
        FinishedEarly = "finished_early",
        /// The mailing was deleted.
        Deleted = "deleted",
        /// The window closed while the run was held.
        WindowClosed = "window_closed",
        /// No message could be made of the frozen content.
        BadContent = "bad_content",
        /// A file of the frozen content is gone or damaged.
        MissingFile = "missing_file",
    }
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Its instant is reached; nothing is frozen.
    Due,
    /// It does not take place.
    Missed {
        /// Why.
        reason: MissedReason,
    },
    /// Content and audience are being copied.
    Freezing,
    /// Being sent; `planned` is fixed.
    Running,
    /// Held: nothing is claimed.
    Paused {
        /// By whom or what.
        reason: PauseReason,
    },
    /// No claims any more; waits for what is in dialogue.
    Stopping {
        /// Why.
        reason: CancelReason,
    },
    /// Every delivery has ended.
    Completed,
    /// Stopped before the end.
    Cancelled {
        /// Why.
        reason: CancelReason,
    },
}

impl RunState {
    /// True when nothing moves it any more by itself; only the owner's retry does.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Missed { .. } | Self::Completed | Self::Cancelled { .. }
        )
    }

    /// The name in the database, the API and the command line.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Missed { .. } => "missed",
            Self::Freezing => "freezing",
            Self::Running => "running",
            Self::Paused { .. } => "paused",
            Self::Stopping { .. } => "stopping",
            Self::Completed => "completed",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// The reason's name, for states that have one.
    #[must_use]
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Missed { reason } => Some(reason.as_str()),
            Self::Paused { reason } => Some(reason.as_str()),
            Self::Stopping { reason } | Self::Cancelled { reason } => Some(reason.as_str()),
            _ => None,
        }
    }

    /// The state as stored: name and reason.
    ///
    /// # Errors
    /// When no state has this name, or none with this reason.
    pub fn from_parts(name: &str, reason: Option<&str>) -> Result<Self, Refusal> {
        let unknown = || {
            Refusal::new(code::UNKNOWN_VALUE)
                .with("value", format!("{name} {}", reason.unwrap_or_default()))
        };
        let reason = reason.unwrap_or_default();
        let state = match name {
            "due" => Some(Self::Due),
            "missed" => MissedReason::from_word(reason).map(|reason| Self::Missed { reason }),
            "freezing" => Some(Self::Freezing),
            "running" => Some(Self::Running),
            "paused" => PauseReason::from_name(reason).map(|reason| Self::Paused { reason }),
            "stopping" => CancelReason::from_name(reason).map(|reason| Self::Stopping { reason }),
            "completed" => Some(Self::Completed),
            "cancelled" => CancelReason::from_name(reason).map(|reason| Self::Cancelled { reason }),
            _ => None,
        };
        state.ok_or_else(unknown)
    }

    /// True when `next` may follow (the drawing in docs/engine.md).
    #[must_use]
    pub const fn may_become(&self, next: &Self) -> bool {
        use RunState as S;
        matches!(
            (self, next),
            (S::Due, S::Freezing | S::Missed { .. } | S::Cancelled { .. })
                | (S::Freezing, S::Running | S::Cancelled { .. })
                | (
                    S::Running,
                    S::Paused { .. } | S::Stopping { .. } | S::Completed
                )
                | (
                    S::Paused { .. },
                    S::Running | S::Stopping { .. } | S::Completed
                )
                | (S::Stopping { .. }, S::Cancelled { .. })
                | (S::Completed | S::Cancelled { .. }, S::Running)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<RunState> {
        let mut all = vec![
            RunState::Due,
            RunState::Freezing,
            RunState::Running,
            RunState::Completed,
        ];
        all.extend(
            MissedReason::ALL
                .iter()
                .map(|&reason| RunState::Missed { reason }),
        );
        all.extend(
            PauseReason::ALL
                .iter()
                .map(|&reason| RunState::Paused { reason }),
        );
        for &reason in CancelReason::ALL {
            all.extend([
                RunState::Stopping { reason },
                RunState::Cancelled { reason },
            ]);
        }
        all
    }

    #[test]
    fn every_state_survives_the_store() {
        for state in all() {
            assert_eq!(
                RunState::from_parts(state.name(), state.reason()),
                Ok(state)
            );
        }
        assert!(RunState::from_parts("missed", None).is_err());
        assert!(RunState::from_parts("gone", None).is_err());
    }

    #[test]
    fn final_states_lead_nowhere_but_back_by_the_owners_retry() {
        for state in all().into_iter().filter(RunState::is_final) {
            let next: Vec<_> = all()
                .into_iter()
                .filter(|next| state.may_become(next))
                .collect();
            let back = match state {
                RunState::Missed { .. } => vec![],
                _ => vec![RunState::Running],
            };
            assert_eq!(next, back, "{state:?}");
        }
    }
}
