//! Who may do what: one table, and the only makers of scopes.
//!
//! An [`Actor`] says who asks and opens nothing. A service turns it into a scope by [`view`],
//! [`edit`] or a kin of them; a store query cannot be made without a scope. A foreign id is then
//! simply not found, because the scope's owner stands in the query.

mod actor;
mod scope;
mod table;

pub use actor::{Actor, Who};
pub use scope::{Correspond, Edit, EditPosts, Moderate, Owned, Supervise, System, Totals, View};
pub use table::{Action, TABLE, allows};

use crate::code;
use crate::error::{Error, Refusal};

/// Reading the actor's own things.
///
/// # Errors
/// [`Error::Denied`] when no role of the actor allows it, or a console actor names no owner.
pub fn view<T: Owned>(actor: &Actor) -> Result<View<T>, Error> {
    require(actor, T::VIEW)?;
    Ok(View::of(owner(actor)?))
}

/// Changing the actor's own things.
///
/// # Errors
/// As [`view`].
pub fn edit<T: Owned>(actor: &Actor) -> Result<Edit<T>, Error> {
    require(actor, T::EDIT)?;
    Ok(Edit::of(owner(actor)?))
}

/// Keeping one's own account: whose it is.
///
/// # Errors
/// As [`view`].
pub fn own_account(actor: &Actor) -> Result<crate::id::UserId, Error> {
    require(actor, Action::KeepAccount)?;
    owner(actor)
}

/// Letting mail go out: as [`edit`], and the actor's address must be verified.
///
/// # Errors
/// [`Error::Denied`] also with `user.not_verified`.
pub fn send<T: Owned>(actor: &Actor) -> Result<Edit<T>, Error> {
    let scope = edit(actor)?;
    require(actor, Action::Send)?;
    if !actor.is_verified() {
        return Err(Error::Denied(code::USER_NOT_VERIFIED.into()));
    }
    Ok(scope)
}

/// Reading what supervision may see of everybody's things.
///
/// # Errors
/// [`Error::Denied`] when no role of the actor allows it.
pub fn supervise(actor: &Actor) -> Result<Supervise, Error> {
    require(actor, Action::ViewUsers)?;
    Ok(Supervise::made())
}

/// Reading sums over the actor's own runs.
///
/// # Errors
/// As [`view`].
pub fn own_totals(actor: &Actor) -> Result<Totals, Error> {
    require(actor, Action::ViewMailings)?;
    Ok(Totals::of(Some(owner(actor)?)))
}

/// Reading sums over one owner's runs, or everybody's, without addresses.
///
/// # Errors
/// As [`supervise`].
pub fn all_totals(actor: &Actor, owner: Option<crate::id::UserId>) -> Result<Totals, Error> {
    supervise(actor)?;
    Ok(Totals::of(owner))
}

/// Disabling mailings and blocking users.
///
/// # Errors
/// [`Error::Denied`] when no role of the actor allows it.
pub fn moderate(actor: &Actor) -> Result<Moderate, Error> {
    require(actor, Action::Moderate)?;
    Ok(Moderate::made())
}

/// Writing the blog: every post for whoever writes it by role; where the instance lets owners write,
/// a verified owner's own ones.
///
/// # Errors
/// [`Error::Denied`], also with `user.not_verified`.
pub fn edit_posts(actor: &Actor, owners_write: bool) -> Result<EditPosts, Error> {
    if !owners_write || actor.can(Action::WritePosts) {
        require(actor, Action::WritePosts)?;
        return Ok(EditPosts::all());
    }
    require(actor, Action::WriteOwnPosts)?;
    if !actor.is_verified() {
        return Err(Error::Denied(code::USER_NOT_VERIFIED.into()));
    }
    Ok(EditPosts::of(owner(actor)?))
}

/// Reading and answering what people write to whoever runs the instance.
///
/// # Errors
/// [`Error::Denied`] when no role of the actor allows it.
pub fn correspond(actor: &Actor) -> Result<Correspond, Error> {
    require(actor, Action::ReadFeedback)?;
    Ok(Correspond::made())
}

/// Refuses unless a role of the actor allows `action`.
///
/// # Errors
/// [`Error::Denied`].
pub fn require(actor: &Actor, action: Action) -> Result<(), Error> {
    if actor.can(action) {
        Ok(())
    } else {
        Err(Error::Denied(Refusal::new(code::DENIED)))
    }
}

/// The scope of the service itself: the engine, sign-in, links in mail. Inside the core only.
pub(crate) const fn system() -> System {
    System::made()
}

/// The posts of an author who takes them along, whoever writes the blog today. Inside the core only.
///
/// # Errors
/// As [`own_account`].
pub(crate) fn own_posts(actor: &Actor) -> Result<EditPosts, Error> {
    own_account(actor).map(EditPosts::of)
}

/// The scope behind a signed link in a mail: its owner is named by the link, not by a session.
/// Inside the core only.
pub(crate) const fn on_behalf<T>(owner: crate::id::UserId) -> Edit<T> {
    Edit::of(owner)
}

fn owner(actor: &Actor) -> Result<crate::id::UserId, Error> {
    actor
        .owner()
        .ok_or_else(|| Error::Denied(code::OWNER_NOT_NAMED.into()))
}
