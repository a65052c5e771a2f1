//! What several of these pages tell in the same way.

use mailing_core::ports::store::{SupervisedMailing, Volume};
use mailing_core::user::{Role, User, UserState};
use serde::Serialize;

use crate::i18n::{Args, Locale};
use crate::view::{Sign, number};

/// From so many failures in a thousand on they stand out.
const MANY: u64 = 100;

/// A share of failures.
#[derive(Debug, Clone, Serialize)]
pub(in crate::pages) struct Share {
    text: String,
    /// It stands out.
    many: bool,
}

impl Share {
    pub(in crate::pages) fn new(locale: &Locale, volume: Volume) -> Self {
        match volume.failures_per_mille() {
            None => Self {
                text: "–".to_owned(),
                many: false,
            },
            Some(share) => Self {
                text: locale.percent(volume.failed, volume.sent),
                many: share >= MANY,
            },
        }
    }
}

/// How many messages were sent.
pub(in crate::pages) fn sent(locale: &Locale, volume: Volume) -> String {
    locale.count(number(volume.sent))
}

/// What a user may do at all.
pub(super) fn standing(locale: &Locale, user: &User) -> Sign {
    let icon = match (&user.state, user.verified_at) {
        (UserState::Deleted { .. }, _) => "i-cancelled",
        (UserState::Blocked { .. }, _) => "i-disabled",
        (UserState::Active, None) => "i-waiting",
        (UserState::Active, Some(_)) => "i-delivered",
    };
    Sign::new(locale, icon, &format!("user-state-{}", user.standing()))
}

/// Where somebody's mailing stands; a blocked owner's is held, whatever it says.
pub(super) fn state(locale: &Locale, mailing: &SupervisedMailing) -> Sign {
    if mailing.owner_blocked && mailing.status.may_run() {
        Sign::new(locale, "i-disabled", "manage-owner-blocked")
    } else {
        Sign::of_mailing(locale, &mailing.status)
    }
}

/// The name of a role.
pub(super) fn role(locale: &Locale, role: Role) -> String {
    locale.text(&format!("role-{}", role.as_str()), &Args::new())
}

/// Roles beside owner, which everybody is.
pub(super) fn roles(locale: &Locale, user: &User) -> String {
    let more: Vec<_> = user
        .roles
        .iter()
        .filter(|role| **role != Role::Owner)
        .collect();
    if more.is_empty() {
        return role(locale, Role::Owner);
    }
    let names: Vec<_> = more.into_iter().map(|more| role(locale, *more)).collect();
    names.join(", ")
}
