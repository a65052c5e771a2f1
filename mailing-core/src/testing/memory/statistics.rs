//! Counts for pages.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::state::Kept;
use super::unit::MemoryUnit;
use crate::mailing::{Mailing, Stage};
use crate::policy::{System, View};
use crate::ports::StoreError;
use crate::ports::store::{OwnerCounts, ServiceCounts, StatisticsRepo};

#[async_trait]
impl StatisticsRepo for MemoryUnit {
    async fn service(&mut self, _: &System) -> Result<ServiceCounts, StoreError> {
        let mailings = self.state.mailings.values().filter_map(Kept::live);
        let launched: Vec<_> = mailings
            .filter(|mailing| mailing.status.stage != Stage::Draft)
            .collect();
        let recipients = self.state.recipients.values().filter_map(Kept::live);
        let addresses: BTreeSet<_> = recipients.map(|r| r.address.key()).collect();
        Ok(ServiceCounts {
            mailings: launched.len() as u64,
            active: launched.iter().filter(|m| m.status.may_run()).count() as u64,
            recipients: addresses.len() as u64,
        })
    }

    async fn owner(&mut self, scope: &View<Mailing>) -> Result<OwnerCounts, StoreError> {
        let mailings = self.state.mailings.values().filter_map(Kept::live);
        let own: Vec<_> = mailings.filter(|m| m.owner == scope.owner()).collect();
        let recipients = self.state.recipients.values().filter_map(Kept::live);
        Ok(OwnerCounts {
            mailings: own.len() as u64,
            active: own.iter().filter(|m| m.status.may_run()).count() as u64,
            recipients: recipients.filter(|r| r.owner == scope.owner()).count() as u64,
        })
    }
}
