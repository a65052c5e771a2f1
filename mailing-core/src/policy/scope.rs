//! Values that a store query needs and only the policy can make.

use std::marker::PhantomData;

use crate::audit::Entry;
use crate::id::UserId;
use crate::mailing::Mailing;
use crate::message::Message;
use crate::recipient::import::Import;
use crate::recipient::{List, Recipient, Suppression};
use crate::run::Run;
use crate::sender::Sender;

use super::table::Action;

/// A kind of thing that belongs to one owner.
pub trait Owned {
    /// What reading it needs.
    const VIEW: Action;
    /// What changing it needs.
    const EDIT: Action;
}

macro_rules! owned {
    ($($thing:ty: $view:ident, $edit:ident;)*) => {$(
        impl Owned for $thing {
            const VIEW: Action = Action::$view;
            const EDIT: Action = Action::$edit;
        }
    )*};
}

owned! {
    Entry: KeepAccount, KeepAccount;
    Recipient: ViewRecipients, EditRecipients;
    List: ViewRecipients, EditRecipients;
    Import: ViewRecipients, EditRecipients;
    Suppression: ViewRecipients, EditRecipients;
    Sender: ViewMessages, EditMessages;
    Message: ViewMessages, EditMessages;
    Mailing: ViewMailings, EditMailings;
    Run: ViewMailings, EditMailings;
}

/// May read one owner's things of kind `T`.
///
/// Only the policy makes one:
/// ```compile_fail
/// let scope = mailing_core::policy::View::<mailing_core::mailing::Mailing>::of(todo!());
/// ```
#[derive(Debug)]
pub struct View<T> {
    owner: UserId,
    thing: PhantomData<fn() -> T>,
}

impl<T> View<T> {
    pub(super) const fn of(owner: UserId) -> Self {
        Self {
            owner,
            thing: PhantomData,
        }
    }

    /// Whose things: the value for `WHERE owner_id = …`.
    #[must_use]
    pub const fn owner(&self) -> UserId {
        self.owner
    }
}

/// May change one owner's things of kind `T`.
#[derive(Debug)]
pub struct Edit<T> {
    view: View<T>,
}

impl<T> Edit<T> {
    pub(super) const fn of(owner: UserId) -> Self {
        Self {
            view: View::of(owner),
        }
    }

    /// Whose things.
    #[must_use]
    pub const fn owner(&self) -> UserId {
        self.view.owner
    }

    /// Who may change may read.
    #[must_use]
    pub const fn view(&self) -> &View<T> {
        &self.view
    }
}

/// May change posts: all of them, or one author's.
#[derive(Debug)]
pub struct EditPosts {
    author: Option<UserId>,
}

impl EditPosts {
    pub(super) const fn all() -> Self {
        Self { author: None }
    }

    pub(super) const fn of(author: UserId) -> Self {
        Self {
            author: Some(author),
        }
    }

    /// Whose posts; `None`: everybody's.
    #[must_use]
    pub const fn author(&self) -> Option<UserId> {
        self.author
    }
}

/// May read sums over runs: of one owner, or of everybody. Sums name mailings, causes and domains; no
/// recipient.
#[derive(Debug)]
pub struct Totals {
    owner: Option<UserId>,
}

impl Totals {
    pub(super) const fn of(owner: Option<UserId>) -> Self {
        Self { owner }
    }

    /// Whose runs; `None`: everybody's.
    #[must_use]
    pub const fn owner(&self) -> Option<UserId> {
        self.owner
    }
}

macro_rules! unit_scopes {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(());

        impl $name {
            pub(super) const fn made() -> Self {
                Self(())
            }
        }
    )*};
}

unit_scopes! {
    /// May see everybody's users and mailings in summary, without addresses and bodies.
    Supervise;
    /// May disable mailings and block users.
    Moderate;
    /// May read and answer what people write to whoever runs the instance.
    Correspond;
    /// The service itself: the engine, sign-in, links in mail.
    System;
}

impl Moderate {
    /// What is moderated is one owner's at a time; the services that hold this change its status
    /// and nothing else.
    pub(crate) const fn mailings_of(&self, owner: UserId) -> Edit<Mailing> {
        Edit::of(owner)
    }
}

impl Supervise {
    /// What moderation needs of one owner's things (A7); the services that hold this show no
    /// recipient.
    pub(crate) const fn view<T>(&self, owner: UserId) -> View<T> {
        View::of(owner)
    }
}

impl System {
    /// What the service works on it may read, one owner's things at a time.
    pub(crate) const fn view<T>(&self, owner: UserId) -> View<T> {
        View::of(owner)
    }
}
