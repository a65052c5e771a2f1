//! Recipients that an owner picked from a list to do something with.

use crate::error::Error;
use crate::id::RecipientId;
use crate::policy::View;
use crate::ports::store::{BATCH, Cursor, RecipientFilter};
use crate::recipient::Recipient;

use super::ServicePorts;

/// Which recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// These; what is not the owner's, or is deleted, is left out.
    Some(Vec<RecipientId>),
    /// All that a filter lets through.
    All(RecipientFilter),
}

/// What is left of a pick: it is worked through in batches, each in a transaction of its own, since
/// a pick may be a million recipients.
pub(super) enum Left<'a> {
    Some(std::slice::Chunks<'a, RecipientId>),
    All(&'a RecipientFilter, Option<Cursor>),
    Nothing,
}

impl<'a> Left<'a> {
    pub(super) fn of(picked: &'a Picked) -> Self {
        match picked {
            Picked::Some(ids) => Self::Some(ids.chunks(BATCH)),
            Picked::All(filter) => Self::All(filter, None),
        }
    }

    /// The next recipients, at most [`BATCH`].
    pub(super) async fn next(
        &mut self,
        ports: &ServicePorts,
        scope: &View<Recipient>,
    ) -> Result<Option<Vec<RecipientId>>, Error> {
        match self {
            Self::Some(chunks) => Ok(chunks.next().map(<[_]>::to_vec)),
            Self::All(filter, after) => {
                let mut unit = ports.store.read().await?;
                let page = unit.recipients().ids(scope, filter, after.take()).await?;
                let filter = *filter;
                *self = match page.next {
                    Some(next) => Self::All(filter, Some(next)),
                    None => Self::Nothing,
                };
                Ok(Some(page.items))
            }
            Self::Nothing => Ok(None),
        }
    }
}
