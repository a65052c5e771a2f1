//! Exports that the service prepares: people ask for them, look how far they are, and download them.

use crate::code;
use crate::error::Error;
use crate::id::{ExportId, ListId};
use crate::policy::{self, Actor};
use crate::ports::Unit;
use crate::recipient::Recipient;
use crate::recipient::export::{ExportChoice, ExportDetails, ExportState, PreparedExport};

use super::pieces::PreparedFile;
use super::{ExportOptions, Exports, in_short};

/// Most exports of one owner that are kept; a further one drops the oldest.
const KEPT_MAX: usize = 3;

impl Exports {
    /// Sets of more recipients are prepared, so that nobody waits before an empty page; smaller ones
    /// are streamed while the browser waits.
    pub const AT_ONCE_MAX: u64 = 10_000;

    /// Asks for an export that is prepared. Files of old ones make room for it.
    ///
    /// # Errors
    /// [`Error::Conflict`] while another one is prepared; [`Error::Denied`]; when the store does not
    /// answer.
    pub async fn prepare(
        &self,
        actor: &Actor,
        options: &ExportOptions,
    ) -> Result<PreparedExport, Error> {
        let ports = &self.ports;
        ports
            .attempt(|| async move {
                let scope = policy::edit::<Recipient>(actor)?;
                let now = ports.now();
                let mut unit = ports.store.write().await?;
                let all = match options.list {
                    Some(list) => members(unit.as_mut(), actor, list).await?,
                    None => unit.recipients().counts(scope.view()).await?.total,
                };
                let exports = unit.exports();
                let known = exports.newest(scope.view()).await?;
                for surplus in known.iter().filter(|e| e.is_ready()).skip(KEPT_MAX - 1) {
                    exports.delete(&scope, surplus.id).await?;
                }
                let export = PreparedExport {
                    id: ExportId::new(now, ports.entropy.as_ref()),
                    owner: scope.owner(),
                    state: ExportState::Counting,
                    details: ExportDetails {
                        choice: choice(options),
                        all,
                        ..ExportDetails::default()
                    },
                    lease_until: now,
                    version: 0,
                    created_at: now,
                    updated_at: now,
                };
                match exports.insert(&scope, &export).await {
                    Err(error) if error.is_conflict("exports.one") => {
                        return Err(Error::Conflict(code::EXPORT_RUNNING.into()));
                    }
                    inserted => inserted?,
                }
                unit.commit().await?;
                Ok(export)
            })
            .await
    }

    /// One export that is kept.
    ///
    /// # Errors
    /// [`Error::NotFound`], also once its time is over; [`Error::Denied`]; when the store does not
    /// answer.
    pub async fn show(&self, actor: &Actor, id: ExportId) -> Result<PreparedExport, Error> {
        let scope = policy::view::<Recipient>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let export = unit.exports().find(&scope, id).await?;
        let now = self.ports.now();
        export
            .filter(|export| now < export.kept_until())
            .ok_or(Error::NotFound)
    }

    /// The newest exports that are kept.
    ///
    /// # Errors
    /// [`Error::Denied`]; when the store does not answer.
    pub async fn newest(&self, actor: &Actor) -> Result<Vec<PreparedExport>, Error> {
        let scope = policy::view::<Recipient>(actor)?;
        let mut unit = self.ports.store.read().await?;
        let mut exports = unit.exports().newest(&scope).await?;
        let now = self.ports.now();
        exports.retain(|export| now < export.kept_until());
        Ok(exports)
    }

    /// Drops an export: one that is prepared is cancelled, of one that is ready the file is deleted.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`]; when the store does not answer.
    pub async fn discard(&self, actor: &Actor, id: ExportId) -> Result<(), Error> {
        let ports = &self.ports;
        ports
            .attempt(|| async move {
                let scope = policy::edit::<Recipient>(actor)?;
                let mut unit = ports.store.write().await?;
                if !unit.exports().delete(&scope, id).await? {
                    return Err(Error::NotFound);
                }
                Ok(unit.commit().await?)
            })
            .await
    }

    /// Begins to download an export that is ready, and writes it down in the audit log.
    ///
    /// # Errors
    /// [`Error::NotFound`], also while it is not ready; [`Error::Denied`]; when the store does not
    /// answer.
    pub async fn download(&self, actor: &Actor, id: ExportId) -> Result<PreparedFile, Error> {
        let export = self.show(actor, id).await?;
        if !export.is_ready() {
            return Err(Error::NotFound);
        }
        let subject = in_short(&options(&export.details.choice));
        self.note(actor, &subject).await?;
        Ok(PreparedFile::new(&self.ports, policy::view(actor)?, export))
    }
}

/// How many are in a list; none in one that is not there.
async fn members(unit: &mut dyn Unit, actor: &Actor, list: ListId) -> Result<u64, Error> {
    let lists = unit.lists().list(&policy::view(actor)?).await?;
    let found = lists.iter().find(|(known, _)| known.id == list);
    Ok(found.map_or(0, |(_, members)| *members))
}

fn choice(options: &ExportOptions) -> ExportChoice {
    ExportChoice {
        search: options.search.clone(),
        list: options.list,
        state: options.state.map(|state| state.as_str().to_owned()),
    }
}

/// A file for people is marked: without the mark Excel shows other letters.
fn options(choice: &ExportChoice) -> ExportOptions {
    ExportOptions {
        search: choice.search.clone(),
        list: choice.list,
        state: choice.state(),
        mark: true,
    }
}
