//! Rows of rates.

use mailing_core::ports::store::StoreError;
use mailing_core::rate::{Bucket, RateKey, RateLimit};
use sqlx::FromRow;

use crate::codec::Place;

/// A row of `rate_limits`.
#[derive(Debug, Clone, FromRow)]
pub struct LimitRow {
    /// What it is for.
    pub key: String,
    /// In words.
    pub rate: String,
}

impl LimitRow {
    /// What is limited, and how.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it cannot be read.
    pub fn limit(self) -> Result<(RateKey, RateLimit), StoreError> {
        let place = Place::new("rate_limits", &self.key);
        Ok((
            place.read("key", self.key.parse())?,
            place.read("rate", self.rate.parse())?,
        ))
    }
}

/// A row of `rate_buckets`.
#[derive(Debug, Clone, FromRow)]
pub struct BucketRow {
    /// Of which limit.
    pub key: String,
    /// In millionths.
    pub tokens: i64,
    /// When it was last filled.
    pub updated_at: i64,
}

impl TryFrom<BucketRow> for Bucket {
    type Error = StoreError;

    fn try_from(row: BucketRow) -> Result<Self, StoreError> {
        let place = Place::new("rate_buckets", &row.key);
        Ok(Self::stored(
            place.read("tokens", row.tokens.try_into())?,
            place.instant("updated_at", row.updated_at)?,
        ))
    }
}
