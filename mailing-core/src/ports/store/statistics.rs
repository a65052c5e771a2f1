//! Counts for pages.

use async_trait::async_trait;

use crate::mailing::Mailing;
use crate::policy::{System, View};

use super::StoreError;

/// The three numbers of the home page, over the whole service (F1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ServiceCounts {
    /// Mailings that are not deleted, drafts left out.
    pub mailings: u64,
    /// Of them those that are created or running and held by nobody.
    pub active: u64,
    /// Different addresses among all owners' recipients.
    pub recipients: u64,
}

/// The same three numbers of one owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnerCounts {
    /// Mailings, drafts included.
    pub mailings: u64,
    /// Created or running and held by nobody.
    pub active: u64,
    /// Recipients.
    pub recipients: u64,
}

/// Counts for pages.
#[cfg_attr(feature = "testing", mockall::automock)]
#[async_trait]
pub trait StatisticsRepo: Send {
    /// Over the whole service.
    async fn service(&mut self, scope: &System) -> Result<ServiceCounts, StoreError>;

    /// Of one owner.
    async fn owner(&mut self, scope: &View<Mailing>) -> Result<OwnerCounts, StoreError>;
}
