//! Which import a command is: a new one, or one that was interrupted.

use super::ImportReport;
use crate::code;
use crate::error::Error;
use crate::id::ImportId;
use crate::policy::Edit;
use crate::recipient::import::{Import, ImportOrder, ImportState, ImportSums};
use crate::services::ServicePorts;
use crate::time::Timestamp;

/// The import that rows go into.
pub(super) struct Begun {
    pub(super) import: Import,
    /// What was known before its first row.
    pub(super) report: ImportReport,
}

/// Whoever has given the import an id goes on with that one, wherever it was interrupted. Without an id
/// the same command given again goes on with the import that was interrupted; else a new one begins.
pub(super) async fn begin(
    ports: &ServicePorts,
    scope: &Edit<Import>,
    order: &ImportOrder,
    octets: u64,
    wanted: Option<ImportId>,
) -> Result<Begun, Error> {
    let id = wanted.unwrap_or_else(|| ImportId::new(ports.now(), ports.entropy.as_ref()));
    ports
        .attempt(|| async move {
            let now = ports.now();
            let mut unit = ports.store.write().await?;
            let same = unit.imports().of_file(scope.view(), &order.hash).await?;
            let is_open =
                |import: &&Import| import.state == ImportState::Running && import.order == *order;
            let begun = match wanted {
                Some(id) => unit.imports().find(scope.view(), id).await?,
                None => same.iter().find(is_open).cloned(),
            };
            let resumed_after = begun.as_ref().map(|import| import.line);
            let import = match begun {
                // Nothing may be added to what was taken back.
                Some(import) if import.is_taken_back() => {
                    return Err(Error::Conflict(code::IMPORT_UNDONE.into()));
                }
                Some(import) => import,
                None => {
                    let import = new(id, scope, order, octets, now);
                    unit.imports().insert(scope, &import).await?;
                    unit.commit().await?;
                    import
                }
            };
            let is_earlier =
                |other: &&Import| other.state == ImportState::Finished && other.id != import.id;
            let earlier = same.iter().find(is_earlier);
            let report = ImportReport {
                id: Some(import.id),
                resumed_after,
                earlier: earlier.map(|import| (import.id, import.updated_at)),
                ..ImportReport::default()
            };
            Ok(Begun { import, report })
        })
        .await
}

fn new(
    id: ImportId,
    scope: &Edit<Import>,
    order: &ImportOrder,
    octets: u64,
    now: Timestamp,
) -> Import {
    Import {
        id,
        owner: scope.owner(),
        order: order.clone(),
        octets,
        state: ImportState::Running,
        line: 0,
        sums: ImportSums::default(),
        rejected: 0,
        list: None,
        created_at: now,
        updated_at: now,
    }
}
