//! Recipients into files: at once, or prepared by the service beforehand.

mod pieces;
mod prepared;
mod work;

use crate::audit::Deed;
use crate::error::Error;
use crate::id::ListId;
use crate::policy::{self, Actor};
use crate::ports::store::RecipientFilter;
use crate::recipient::RecipientState;
use crate::recipient::export::ExportColumns;

use self::pieces::Pieces;
use super::ServicePorts;

pub use self::pieces::{Export, PreparedFile};
pub use self::work::{ExportJob, ExportWork};

/// Which recipients, and how.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// Part of the address, the name or the comment, without regard to case.
    pub search: Option<String>,
    /// Only members of this list.
    pub list: Option<ListId>,
    /// Only those in this state.
    pub state: Option<RecipientState>,
    /// Begin with the mark of UTF-8, without which Excel takes another encoding.
    pub mark: bool,
}

/// Exports.
#[derive(Clone)]
pub struct Exports {
    ports: ServicePorts,
}

impl Exports {
    pub(super) const fn new(ports: ServicePorts) -> Self {
        Self { ports }
    }

    /// Begins an export: looks which columns it needs and writes it down in the audit log.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the store does not answer.
    pub async fn begin(&self, actor: &Actor, options: &ExportOptions) -> Result<Export, Error> {
        let mut columns = ExportColumns::default();
        let mut pieces = self.pieces(actor, options)?;
        while let Some(page) = pieces.page().await? {
            for recipient in &page.items {
                columns.see(&recipient.attributes);
            }
        }
        self.note(actor, &in_short(options)).await?;
        Export::new(self.pieces(actor, options)?, columns, options.mark)
    }

    /// Writes into the audit log that recipients leave.
    async fn note(&self, actor: &Actor, subject: &str) -> Result<(), Error> {
        let ports = &self.ports;
        ports
            .attempt(|| async move {
                let now = ports.now();
                let mut unit = ports.store.write().await?;
                let deed = Deed::ExportRecipients;
                ports
                    .audit(unit.as_mut(), actor, deed, subject, now)
                    .await?;
                Ok(unit.commit().await?)
            })
            .await
    }

    fn pieces(&self, actor: &Actor, options: &ExportOptions) -> Result<Pieces, Error> {
        let filter = RecipientFilter {
            search: options.search.clone(),
            state: options.state,
            list: options.list,
        };
        Ok(Pieces::new(&self.ports, policy::view(actor)?, filter, None))
    }
}

/// Which recipients, for the audit log.
fn in_short(options: &ExportOptions) -> String {
    let list = options.list.map(|list| format!("list={list}"));
    let state = options.state.map(|state| format!("state={state}"));
    let search = options.search.as_ref().map(|_| "search".to_owned());
    let parts: Vec<_> = [search, list, state].into_iter().flatten().collect();
    match parts.is_empty() {
        true => "all".to_owned(),
        false => parts.join(" "),
    }
}
