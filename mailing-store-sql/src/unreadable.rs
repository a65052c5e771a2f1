//! A row that cannot be read must not stand in the way of everybody's others.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use mailing_core::ports::store::StoreError;

/// What has been told: the rows are asked for again each second.
static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// What was read of a row; `None` when it cannot be, which is told to the log, once.
///
/// # Errors
/// Every other error.
pub fn skip<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(row) => Ok(Some(row)),
        Err(error @ StoreError::Corrupt { .. }) => {
            let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
            if told.insert(error.to_string()) {
                tracing::error!(%error, "row_skipped");
            }
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_be_read_is_skipped() {
        let corrupt = StoreError::Corrupt {
            table: "runs",
            column: "state",
            id: "1".to_owned(),
        };
        assert_eq!(skip(Ok(1)).unwrap(), Some(1));
        assert_eq!(skip::<u8>(Err(corrupt)).unwrap(), None);
        assert!(skip::<u8>(Err(StoreError::Busy)).is_err());
    }
}
