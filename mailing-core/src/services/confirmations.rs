//! Links in letters that prove an address, or take the change of one back. Reading what a link asks
//! changes nothing (S37); carrying it out uses the link up.

use crate::audit::Deed;
use crate::code;
use crate::error::Error;
use crate::id::SenderId;
use crate::letter::Letter;
use crate::policy::{self, Actor};
use crate::ports::Unit;
use crate::recipient::{EmailAddress, Mailbox};
use crate::sender::Sender;
use crate::user::{LinkToken, SessionToken, TokenHash, TokenKind, TokenPurpose, User};

use super::ServicePorts;

/// What the holder of a link is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// Whether this address of a new account is theirs.
    Address(EmailAddress),
    /// Whether the account is to have this address from now on.
    NewAddress(EmailAddress),
    /// Whether the account is to have this address again.
    OldAddress(EmailAddress),
    /// Whether mail may come from this address.
    Sender(EmailAddress),
}

/// What was carried out.
#[derive(Debug, Clone)]
pub struct Confirmed {
    /// What was asked.
    pub what: Confirmation,
    /// A session for the browser that had registered.
    pub session: Option<SessionToken>,
}

/// Links that confirm.
#[derive(Clone)]
pub struct Confirmations {
    ports: ServicePorts,
}

impl Confirmations {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// What a link asks.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is used, over or none of ours; `user.blocked`.
    pub async fn look(&self, token: &LinkToken) -> Result<Confirmation, Error> {
        let mut unit = self.ports.store.read().await?;
        let (found, user) = self
            .ports
            .living(unit.as_mut(), token, is_confirmation)
            .await?;
        asked(unit.as_mut(), &found.purpose, &user).await
    }

    /// Carries out what a link asks, once. A `browser` that registered is signed in.
    ///
    /// # Errors
    /// As [`look`](Self::look); `user.exists` when the address has become another's meanwhile.
    pub async fn confirm(
        &self,
        token: &LinkToken,
        browser: Option<TokenHash>,
    ) -> Result<Confirmed, Error> {
        self.ports
            .attempt(|| async move {
                let mut unit = self.ports.store.write().await?;
                let (found, user) = self
                    .ports
                    .living_for_update(unit.as_mut(), token, is_confirmation)
                    .await?;
                unit.tokens().spend(&policy::system(), found.token).await?;
                let what = asked(unit.as_mut(), &found.purpose, &user).await?;
                let knows = browser.is_some() && browser == found.browser;
                let session = self
                    .carry_out(unit.as_mut(), &found.purpose, user, knows)
                    .await?;
                unit.commit().await?;
                Ok(Confirmed { what, session })
            })
            .await
    }

    async fn carry_out(
        &self,
        unit: &mut dyn Unit,
        purpose: &TokenPurpose,
        mut user: User,
        knows: bool,
    ) -> Result<Option<SessionToken>, Error> {
        let (now, system) = (self.ports.now(), policy::system());
        let deed = match purpose {
            TokenPurpose::VerifyAddress(_) => {
                prove(&self.ports, unit, &mut user).await?;
                unit.users().save(&system, &user).await?;
                Deed::VerifyAddress
            }
            TokenPurpose::NewAddress(address) => {
                self.move_to(unit, &mut user, address).await?;
                Deed::ChangeAddress
            }
            TokenPurpose::OldAddress(address) => {
                self.move_back(unit, &mut user, address).await?;
                Deed::RestoreAddress
            }
            TokenPurpose::VerifySender(sender) => {
                self.verify(unit, &user, *sender).await?;
                Deed::VerifySender
            }
            TokenPurpose::ResetPassword | TokenPurpose::SecondStep | TokenPurpose::Invitation => {
                return Err(Error::NotFound);
            }
        };
        let actor = Actor::user(&user);
        self.ports.audit(unit, &actor, deed, user.id, now).await?;
        if deed == Deed::VerifyAddress && knows {
            return self.ports.open_session(unit, &user).await.map(Some);
        }
        Ok(None)
    }

    /// Gives the account a new address, and the old one a way back.
    async fn move_to(
        &self,
        unit: &mut dyn Unit,
        user: &mut User,
        address: &EmailAddress,
    ) -> Result<(), Error> {
        let old = std::mem::replace(&mut user.email, address.clone());
        user.verified_at = None;
        prove(&self.ports, unit, user).await?;
        self.save(unit, user).await?;
        let purpose = TokenPurpose::OldAddress(old.clone());
        let token = self.ports.token(unit, user.id, purpose, None).await?;
        let letter = Letter::AddressChanged {
            to: address.masked(),
            token,
        };
        self.ports.post(unit, &old, user.language, &letter).await
    }

    /// Gives the account its old address back; whoever is signed in is signed out.
    async fn move_back(
        &self,
        unit: &mut dyn Unit,
        user: &mut User,
        address: &EmailAddress,
    ) -> Result<(), Error> {
        user.email = address.clone();
        user.verified_at = Some(self.ports.now());
        self.save(unit, user).await?;
        unit.sessions()
            .delete_of(&policy::system(), user.id)
            .await?;
        Ok(())
    }

    /// Writes a user with another address; links that were for the one before are over.
    async fn save(&self, unit: &mut dyn Unit, user: &User) -> Result<(), Error> {
        let system = policy::system();
        match unit.users().save(&system, user).await {
            Err(error) if error.is_conflict("users.key") => {
                return Err(Error::conflict(code::USER_EXISTS));
            }
            other => other?,
        }
        for kind in [
            TokenKind::VerifyAddress,
            TokenKind::NewAddress,
            TokenKind::ResetPassword,
        ] {
            unit.tokens().delete_of(&system, user.id, kind).await?;
        }
        Ok(())
    }

    async fn verify(
        &self,
        unit: &mut dyn Unit,
        user: &User,
        sender: SenderId,
    ) -> Result<(), Error> {
        let scope = policy::on_behalf::<Sender>(user.id);
        let found = unit.senders().find(scope.view(), sender).await?;
        let mut sender = found.ok_or(Error::NotFound)?;
        sender.verified_at = Some(self.ports.now());
        unit.senders().save(&scope, &sender).await?;
        Ok(())
    }
}

fn is_confirmation(purpose: &TokenPurpose) -> bool {
    !matches!(
        purpose,
        TokenPurpose::ResetPassword | TokenPurpose::SecondStep | TokenPurpose::Invitation
    )
}

/// What a token asks, if it still makes sense.
async fn asked(
    unit: &mut dyn Unit,
    purpose: &TokenPurpose,
    user: &User,
) -> Result<Confirmation, Error> {
    Ok(match purpose {
        TokenPurpose::VerifyAddress(address) if *address == user.email => {
            Confirmation::Address(address.clone())
        }
        TokenPurpose::NewAddress(address) => Confirmation::NewAddress(address.clone()),
        TokenPurpose::OldAddress(address) => Confirmation::OldAddress(address.clone()),
        TokenPurpose::VerifySender(id) => {
            let scope = policy::on_behalf::<Sender>(user.id);
            let sender = unit.senders().find(scope.view(), *id).await?;
            Confirmation::Sender(sender.ok_or(Error::NotFound)?.mailbox.address)
        }
        _ => return Err(Error::NotFound),
    })
}

/// Notes that the user's address is theirs: from now on it is a sender, too (S42).
pub(super) async fn prove(
    ports: &ServicePorts,
    unit: &mut dyn Unit,
    user: &mut User,
) -> Result<(), Error> {
    if user.verified_at.is_some() {
        return Ok(());
    }
    let now = ports.now();
    user.verified_at = Some(now);
    let scope = policy::on_behalf::<Sender>(user.id);
    let known = unit
        .senders()
        .find_by_address(scope.view(), &user.email)
        .await?;
    if let Some(mut sender) = known {
        sender.verified_at = sender.verified_at.or(Some(now));
        unit.senders().save(&scope, &sender).await?;
        return Ok(());
    }
    let sender = Sender {
        id: SenderId::new(now, ports.entropy.as_ref()),
        owner: user.id,
        mailbox: Mailbox {
            name: user.name.clone(),
            address: user.email.clone(),
        },
        verified_at: Some(now),
        created_at: now,
    };
    Ok(unit.senders().insert(&scope, &sender).await?)
}
