//! The user's own picture.

use crate::audit::Deed;
use crate::error::Error;
use crate::message::FileHash;
use crate::policy::{self, Actor};
use crate::user::User;

use super::OwnAccount;

impl OwnAccount {
    /// The own picture, a JPEG.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none; [`Error::Denied`].
    pub async fn avatar(&self, actor: &Actor) -> Result<Vec<u8>, Error> {
        let id = policy::own_account(actor)?;
        let mut unit = self.ports.store.read().await?;
        let kept = unit.users().avatar(&policy::system(), id).await?;
        kept.ok_or(Error::NotFound)
    }

    /// Takes a file for the own picture: decoded within the limits of all pictures, cut square, written
    /// anew (S34).
    ///
    /// # Errors
    /// [`Error::Invalid`] at `picture`; `picture.busy`; [`Error::Denied`].
    pub async fn put_avatar(&self, actor: &Actor, file: Vec<u8>) -> Result<User, Error> {
        policy::own_account(actor)?;
        let portrait = self.ports.pictures.portrait(file).await?;
        self.keep_avatar(actor, Some(&portrait.data)).await
    }

    /// Goes on without a picture. A second time changes nothing.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn remove_avatar(&self, actor: &Actor) -> Result<User, Error> {
        self.keep_avatar(actor, None).await
    }

    async fn keep_avatar(&self, actor: &Actor, data: Option<&[u8]>) -> Result<User, Error> {
        let id = policy::own_account(actor)?;
        self.ports
            .attempt(|| async move {
                let system = policy::system();
                let mut unit = self.ports.store.write().await?;
                let mut user = self.own(unit.as_mut(), id).await?;
                user.avatar = data.map(FileHash::of);
                unit.users().save(&system, &user).await?;
                match data {
                    Some(data) => unit.users().keep_avatar(&system, id, data).await?,
                    None => unit.users().drop_avatar(&system, id).await?,
                }
                self.note(unit.as_mut(), actor, Deed::EditProfile, id)
                    .await?;
                unit.commit().await?;
                Ok(user)
            })
            .await
    }
}
