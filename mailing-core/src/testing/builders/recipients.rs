//! Recipients, lists, suppressions.

use serde_json::Value;

use super::{Owner, id, owner, serial, start};
use crate::id::RecipientId;
use crate::ports::Store;
use crate::ports::store::{Addition, NewRecipient};
use crate::recipient::{
    Attributes, DisplayName, EmailAddress, List, ListName, Recipient, RecipientContent,
    RecipientState, Suppression, SuppressionReason, SuppressionTarget,
};
use crate::time::Timestamp;

/// An address that is valid.
#[must_use]
pub fn address(typed: &str) -> EmailAddress {
    EmailAddress::parse(typed).unwrap()
}

/// An active recipient with an address of its own.
#[must_use]
pub fn recipient() -> RecipientBuilder {
    RecipientBuilder {
        owner: None,
        address: address(&format!("recipient{}@example.org", serial())),
        full_name: None,
        comment: None,
        attributes: Attributes::default(),
        state: RecipientState::Active,
        created_at: start(),
    }
}

/// Adds so many recipients with the addresses `r1@example.org`, `r2@…`; their ids, ascending.
pub async fn crowd(store: &dyn Store, owner: &Owner, size: usize) -> Vec<RecipientId> {
    let rows: Vec<_> = (1..=size)
        .map(|number| recipient().at(&format!("r{number}@example.org")).as_new())
        .collect();
    let mut unit = store.write().await.unwrap();
    for chunk in rows.chunks(5_000) {
        unit.recipients()
            .import(&owner.edit(), chunk, &Addition::default(), start())
            .await
            .unwrap();
    }
    unit.commit().await.unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

/// Builds a recipient.
#[derive(Debug, Clone)]
pub struct RecipientBuilder {
    owner: Option<Owner>,
    address: EmailAddress,
    full_name: Option<DisplayName>,
    comment: Option<String>,
    attributes: Attributes,
    state: RecipientState,
    created_at: Timestamp,
}

impl RecipientBuilder {
    /// Of this owner.
    #[must_use]
    pub fn of(mut self, owner: &Owner) -> Self {
        self.owner = Some(owner.clone());
        self
    }

    /// With this address.
    #[must_use]
    pub fn at(mut self, typed: &str) -> Self {
        self.address = address(typed);
        self
    }

    /// With this full name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.full_name = Some(DisplayName::parse(name).unwrap());
        self
    }

    /// With this note.
    #[must_use]
    pub fn comment(mut self, comment: &str) -> Self {
        self.comment = Some(comment.to_owned());
        self
    }

    /// With one more custom value.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.attributes.insert(key, value.into()).unwrap();
        self
    }

    /// In this state.
    #[must_use]
    pub fn state(mut self, state: RecipientState) -> Self {
        self.state = state;
        self
    }

    /// Added then.
    #[must_use]
    pub fn added(mut self, at: Timestamp) -> Self {
        self.created_at = at;
        self
    }

    /// The recipient alone.
    #[must_use]
    pub fn build(self) -> Recipient {
        Recipient {
            id: id(self.created_at),
            owner: self.owner.map_or_else(|| id(start()), |owner| owner.id()),
            address: self.address,
            full_name: self.full_name,
            comment: self.comment,
            attributes: self.attributes,
            state: self.state,
            created_at: self.created_at,
            updated_at: self.created_at,
        }
    }

    /// The same as a row of an import.
    #[must_use]
    pub fn as_new(self) -> NewRecipient {
        NewRecipient {
            id: id(self.created_at),
            content: RecipientContent {
                address: self.address,
                full_name: self.full_name,
                comment: self.comment,
                attributes: self.attributes,
            },
            state: self.state,
        }
    }

    /// The recipient in the store.
    pub async fn saved(self, store: &dyn Store) -> Recipient {
        let of = owner_or_new(self.owner.as_ref(), store).await;
        let mut recipient = self.of(&of).build();
        let mut unit = store.write().await.unwrap();
        recipient.id = unit
            .recipients()
            .insert(&of.edit(), &recipient)
            .await
            .unwrap();
        unit.commit().await.unwrap();
        recipient
    }
}

/// A list with a name of its own.
#[must_use]
pub fn list() -> ListBuilder {
    ListBuilder {
        owner: None,
        name: ListName::parse(&format!("List {}", serial())).unwrap(),
        members: Vec::new(),
    }
}

/// Builds a list.
#[derive(Debug, Clone)]
pub struct ListBuilder {
    owner: Option<Owner>,
    name: ListName,
    members: Vec<RecipientId>,
}

impl ListBuilder {
    /// Of this owner.
    #[must_use]
    pub fn of(mut self, owner: &Owner) -> Self {
        self.owner = Some(owner.clone());
        self
    }

    /// With this name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = ListName::parse(name).unwrap();
        self
    }

    /// With these members, once it is saved.
    #[must_use]
    pub fn with(mut self, members: &[RecipientId]) -> Self {
        self.members = members.to_vec();
        self
    }

    /// The list alone.
    #[must_use]
    pub fn build(self) -> List {
        List {
            id: id(start()),
            owner: self.owner.map_or_else(|| id(start()), |owner| owner.id()),
            name: self.name,
            created_at: start(),
        }
    }

    /// The list in the store.
    pub async fn saved(self, store: &dyn Store) -> List {
        let of = owner_or_new(self.owner.as_ref(), store).await;
        let members = self.members.clone();
        let list = self.of(&of).build();
        let mut unit = store.write().await.unwrap();
        unit.lists().insert(&of.edit(), &list).await.unwrap();
        unit.lists()
            .add_members(&of.edit(), list.id, &members)
            .await
            .unwrap();
        unit.commit().await.unwrap();
        list
    }
}

/// A suppressed address, put there by hand.
#[must_use]
pub fn suppression() -> SuppressionBuilder {
    let target = SuppressionTarget::address(&address(&format!("gone{}@example.org", serial())));
    SuppressionBuilder {
        owner: None,
        target,
        reason: SuppressionReason::Manual,
    }
}

/// Builds an entry of a suppression list.
#[derive(Debug, Clone)]
pub struct SuppressionBuilder {
    owner: Option<Owner>,
    target: SuppressionTarget,
    reason: SuppressionReason,
}

impl SuppressionBuilder {
    /// Of this owner.
    #[must_use]
    pub fn of(mut self, owner: &Owner) -> Self {
        self.owner = Some(owner.clone());
        self
    }

    /// Of this address.
    #[must_use]
    pub fn address(mut self, typed: &str) -> Self {
        self.target = SuppressionTarget::address(&address(typed));
        self
    }

    /// Of this domain, as A-label.
    #[must_use]
    pub fn domain(mut self, domain: &str) -> Self {
        self.target = SuppressionTarget::Domain(domain.to_owned());
        self
    }

    /// For this reason.
    #[must_use]
    pub fn because(mut self, reason: SuppressionReason) -> Self {
        self.reason = reason;
        self
    }

    /// The entry alone.
    #[must_use]
    pub fn build(self) -> Suppression {
        Suppression {
            id: id(start()),
            owner: self.owner.map_or_else(|| id(start()), |owner| owner.id()),
            target: self.target,
            reason: self.reason,
            created_at: start(),
        }
    }

    /// The entry in the store.
    pub async fn saved(self, store: &dyn Store) -> Suppression {
        let of = owner_or_new(self.owner.as_ref(), store).await;
        let suppression = self.of(&of).build();
        let mut unit = store.write().await.unwrap();
        unit.suppressions()
            .add(&of.edit(), &suppression)
            .await
            .unwrap();
        unit.commit().await.unwrap();
        suppression
    }
}

/// The owner that was given, or a new one.
pub(super) async fn owner_or_new(given: Option<&Owner>, store: &dyn Store) -> Owner {
    match given {
        Some(owner) => owner.clone(),
        None => owner().saved(store).await,
    }
}
