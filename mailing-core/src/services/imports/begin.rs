//! Which import a command is: a new one, or one that was interrupted.

use super::ImportReport;
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

/// The same command given again goes on with the import that was interrupted; else a new one begins.
pub(super) async fn begin(
    ports: &ServicePorts,
    scope: &Edit<Import>,
    order: &ImportOrder,
    octets: u64,
) -> Result<Begun, Error> {
    let id = ImportId::new(ports.now(), ports.entropy.as_ref());
    ports
        .attempt(|| async move {
            let now = ports.now();
            let mut unit = ports.store.write().await?;
            let same = unit.imports().of_file(scope.view(), &order.hash).await?;
            let is_open =
                |import: &&Import| import.state == ImportState::Running && import.order == *order;
            let open = same.iter().find(is_open).cloned();
            let resumed_after = open.as_ref().map(|import| import.line);
            let import = match open {
                Some(import) => import,
                None => {
                    let import = new(id, scope, order, octets, now);
                    unit.imports().insert(scope, &import).await?;
                    unit.commit().await?;
                    import
                }
            };
            let is_finished = |import: &&Import| import.state == ImportState::Finished;
            let earlier = same.iter().find(is_finished);
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
