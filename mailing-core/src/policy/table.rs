//! The decision table: which roles allow which action.

use std::collections::BTreeSet;

use crate::user::Role;

/// Something that needs a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Keep the own account: profile, password, sessions.
    KeepAccount,
    /// Read own recipients, lists and suppressions.
    ViewRecipients,
    /// Change own recipients, lists and suppressions.
    EditRecipients,
    /// Read own messages and senders.
    ViewMessages,
    /// Change own messages and senders.
    EditMessages,
    /// Read own mailings, runs and deliveries.
    ViewMailings,
    /// Change own mailings.
    EditMailings,
    /// Let mail go out.
    Send,
    /// See all users and everybody's mailings in summary.
    ViewUsers,
    /// Disable mailings, block users.
    Moderate,
    /// Make users, give roles.
    AdministerUsers,
    /// Set rates of the server, of owners and domains.
    SetRates,
    /// Write the blog.
    WritePosts,
    /// Write own posts, where the instance lets owners do so.
    WriteOwnPosts,
    /// See workers, mail server, queue.
    ViewSystem,
    /// Change the settings of the instance.
    EditSettings,
    /// Read and answer what people write on the contacts page.
    ReadFeedback,
}

/// One line an action, one column a role: owner, manager, content manager, administrator.
/// What stands nowhere is refused.
pub const TABLE: &[(Action, &[Role])] = {
    use Action as A;
    use Role::{Administrator, ContentManager, Manager, Owner};
    &[
        (
            A::KeepAccount,
            &[Owner, Manager, ContentManager, Administrator],
        ),
        (A::ViewRecipients, &[Owner]),
        (A::EditRecipients, &[Owner]),
        (A::ViewMessages, &[Owner]),
        (A::EditMessages, &[Owner]),
        (A::ViewMailings, &[Owner]),
        (A::EditMailings, &[Owner]),
        (A::Send, &[Owner]),
        (A::ViewUsers, &[Manager, Administrator]),
        (A::Moderate, &[Manager]),
        (A::AdministerUsers, &[Administrator]),
        (A::SetRates, &[Administrator]),
        (A::WritePosts, &[ContentManager, Administrator]),
        (A::WriteOwnPosts, &[Owner]),
        (A::ViewSystem, &[Administrator]),
        (A::EditSettings, &[Administrator]),
        (A::ReadFeedback, &[Administrator]),
    ]
};

/// True when one of `roles` allows `action`.
#[must_use]
pub fn allows(roles: &BTreeSet<Role>, action: Action) -> bool {
    TABLE
        .iter()
        .filter(|(listed, _)| *listed == action)
        .any(|(_, allowed)| allowed.iter().any(|role| roles.contains(role)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same table written by hand a second time, cell by cell: O M C A.
    const EXPECTED: &[(Action, &str)] = &[
        (Action::KeepAccount, "xxxx"),
        (Action::ViewRecipients, "x..."),
        (Action::EditRecipients, "x..."),
        (Action::ViewMessages, "x..."),
        (Action::EditMessages, "x..."),
        (Action::ViewMailings, "x..."),
        (Action::EditMailings, "x..."),
        (Action::Send, "x..."),
        (Action::ViewUsers, ".x.x"),
        (Action::Moderate, ".x.."),
        (Action::AdministerUsers, "...x"),
        (Action::SetRates, "...x"),
        (Action::WritePosts, "..xx"),
        (Action::WriteOwnPosts, "x..."),
        (Action::ViewSystem, "...x"),
        (Action::EditSettings, "...x"),
        (Action::ReadFeedback, "...x"),
    ];

    #[test]
    fn every_cell_is_as_decided() {
        assert_eq!(TABLE.len(), EXPECTED.len());
        for (action, cells) in EXPECTED {
            for (role, cell) in Role::ALL.into_iter().zip(cells.chars()) {
                let allowed = allows(&BTreeSet::from([role]), *action);
                assert_eq!(allowed, cell == 'x', "{role} {action:?}");
            }
        }
    }

    #[test]
    fn nobody_may_nothing_and_roles_add_up() {
        for (action, _) in TABLE {
            assert!(!allows(&BTreeSet::new(), *action));
            assert!(allows(&Role::ALL.into_iter().collect(), *action));
        }
    }
}
