//! Whoever took leave after being erased. The address is not known any more: what keeps mail away is its
//! pseudonym, until somebody adds the address again.

use std::collections::BTreeMap;

use crate::id::UserId;
use crate::policy;
use crate::ports::{StoreError, Unit};
use crate::recipient::{EmailAddress, Suppression, SuppressionTarget};

use super::ServicePorts;

impl ServicePorts {
    /// Before an owner's recipients are added: whoever of them took leave under a pseudonym is kept away
    /// under the address from now on.
    pub(super) async fn know_again(
        &self,
        unit: &mut dyn Unit,
        owner: UserId,
        addresses: impl Iterator<Item = &EmailAddress> + Send,
    ) -> Result<(), StoreError> {
        let scope = policy::on_behalf::<Suppression>(owner);
        let named: BTreeMap<String, &EmailAddress> = addresses
            .map(|address| {
                let pseudonym = self.links.pseudonym(owner, address);
                (pseudonym.key().to_owned(), address)
            })
            .collect();
        let keys: Vec<String> = named.keys().cloned().collect();
        let kept = unit.suppressions().of_keys(scope.view(), &keys).await?;
        for mut entry in kept {
            let Some(address) = named.get(entry.target.key()) else {
                continue;
            };
            unit.suppressions().remove(&scope, &entry.target).await?;
            entry.target = SuppressionTarget::address(address);
            unit.suppressions().add(&scope, &entry).await?;
        }
        Ok(())
    }
}
