//! Taking an import back, page by page.

use serde::Serialize;

use crate::audit::Deed;
use crate::code;
use crate::error::Error;
use crate::id::ImportId;
use crate::policy::{Actor, Edit};
use crate::ports::store::UndoPart;
use crate::recipient::import::{Import, ImportState};
use crate::services::ServicePorts;

/// What undoing an import did. After an interruption it counts what was left to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct UndoReport {
    /// Recipients that the import had added and that lie in the trash now.
    pub removed: u64,
    /// Recipients that are again what they were before.
    pub restored: u64,
    /// Recipients that somebody has changed since: they stay as they are.
    pub kept: u64,
}

/// Takes an import back: nothing more can be added to it from the first step on.
pub(super) struct Undo<'a> {
    pub(super) ports: &'a ServicePorts,
    pub(super) actor: &'a Actor,
    pub(super) scope: Edit<Import>,
}

impl Undo<'_> {
    pub(super) async fn run(&self, id: ImportId) -> Result<UndoReport, Error> {
        let import = self.ports.attempt(|| self.begin(id)).await?;
        let mut report = UndoReport::default();
        for part in [UndoPart::Members, UndoPart::Changed, UndoPart::Added] {
            self.part(&import, part, &mut report).await?;
        }
        let report = &report;
        self.ports.attempt(|| self.end(&import, report)).await?;
        Ok(*report)
    }

    async fn begin(&self, id: ImportId) -> Result<Import, Error> {
        let now = self.ports.now();
        let mut unit = self.ports.store.write().await?;
        let found = unit.imports().find(self.scope.view(), id).await?;
        let import = found.ok_or(Error::NotFound)?;
        import.check_undo(now).map_err(Error::Conflict)?;
        let undoing = Import {
            state: ImportState::Undoing,
            ..import.clone()
        };
        let was = (import.state, import.line);
        if !unit.imports().save(&self.scope, &undoing, was).await? {
            return Err(Error::Conflict(code::IMPORT_TAKEN_OVER.into()));
        }
        unit.commit().await?;
        Ok(undoing)
    }

    async fn part(
        &self,
        import: &Import,
        part: UndoPart,
        report: &mut UndoReport,
    ) -> Result<(), Error> {
        let mut after = None;
        loop {
            let page = self.ports.attempt(|| async move {
                let now = self.ports.now();
                let mut unit = self.ports.store.write().await?;
                let imports = unit.imports();
                let page = imports.undo(&self.scope, import, part, after, now).await?;
                unit.commit().await?;
                Ok(page)
            });
            let page = page.await?;
            match part {
                UndoPart::Members => {}
                UndoPart::Changed => report.restored += page.undone,
                UndoPart::Added => report.removed += page.undone,
            }
            report.kept += page.kept;
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn end(&self, import: &Import, report: &UndoReport) -> Result<(), Error> {
        let now = self.ports.now();
        let UndoReport {
            removed,
            restored,
            kept,
        } = report;
        let undone = Import {
            state: ImportState::Undone,
            updated_at: now,
            ..import.clone()
        };
        let mut unit = self.ports.store.write().await?;
        let was = (import.state, import.line);
        if !unit.imports().save(&self.scope, &undone, was).await? {
            return Err(Error::Conflict(code::IMPORT_TAKEN_OVER.into()));
        }
        let subject = format!(
            "{} removed={removed} restored={restored} kept={kept}",
            import.id
        );
        self.ports
            .audit(unit.as_mut(), self.actor, Deed::UndoImport, subject, now)
            .await?;
        Ok(unit.commit().await?)
    }
}
