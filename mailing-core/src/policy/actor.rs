//! Who asks.

use std::collections::BTreeSet;

use crate::id::UserId;
use crate::submission::Submission;
use crate::user::{Role, User};

use super::table::{self, Action};

/// Who an actor is, as the audit log names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A signed-in user.
    User(UserId),
    /// A person at the machine's command line.
    Console,
    /// The service itself.
    System,
    /// A recipient who used a link in a mail.
    Recipient,
}

/// Someone who asks for something. Opens nothing by itself.
#[derive(Debug, Clone)]
pub struct Actor {
    who: Who,
    owner: Option<UserId>,
    roles: BTreeSet<Role>,
    verified: bool,
    submission: Option<Submission>,
}

impl Actor {
    /// A signed-in user, acting for themselves. A blocked user has no rights at all.
    #[must_use]
    pub fn user(user: &User) -> Self {
        Self {
            who: Who::User(user.id),
            owner: Some(user.id),
            roles: if user.is_active() {
                user.roles.clone()
            } else {
                BTreeSet::new()
            },
            verified: user.verified_at.is_some(),
            submission: None,
        }
    }

    /// A person at the command line, acting for nobody in particular: may administer and moderate.
    #[must_use]
    pub fn console() -> Self {
        Self {
            who: Who::Console,
            owner: None,
            roles: BTreeSet::from([Role::Administrator, Role::Manager]),
            verified: true,
            submission: None,
        }
    }

    /// A person at the command line who acts on behalf of an owner (`--as`); the audit names the
    /// console.
    #[must_use]
    pub fn console_as(user: &User) -> Self {
        let mut actor = Self::user(user);
        actor.who = Who::Console;
        actor
    }

    /// The same actor sending a form: whatever use case writes for it is written once, however often
    /// the form arrives.
    #[must_use]
    pub fn submitting(&self, submission: Submission) -> Self {
        Self {
            submission: Some(submission),
            ..self.clone()
        }
    }

    /// The form that is being sent, if this is one.
    #[must_use]
    pub const fn submission(&self) -> Option<Submission> {
        self.submission
    }

    /// Who this is, for the audit log.
    #[must_use]
    pub const fn who(&self) -> Who {
        self.who
    }

    /// Whose things this actor handles.
    #[must_use]
    pub const fn owner(&self) -> Option<UserId> {
        self.owner
    }

    /// True when one of the roles allows `action`. Templates use it to leave out buttons.
    #[must_use]
    pub fn can(&self, action: Action) -> bool {
        table::allows(&self.roles, action)
    }

    pub(super) const fn is_verified(&self) -> bool {
        self.verified
    }
}
