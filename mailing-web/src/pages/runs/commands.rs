//! Holding a run and letting it go on: its mailing is what is held.

use mailing_core::error::Error;
use poem::web::Path;
use poem::{Response, handler};

use super::id;
use super::live::address;
use crate::error::PageError;
use crate::site::TheSite;
use crate::view::Flash;
use crate::visitor::CurrentActor;

/// Holds the mailing of a run. Holding what is held does no harm.
#[handler]
pub(crate) async fn pause(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let pulse = site.services.runs.pulse(&actor, id(&wanted)?).await?;
    let held = site.services.mailings.pause(&actor, pulse.run.mailing);
    match held.await {
        Err(Error::Conflict(_)) if pulse.status.is_some_and(|s| s.paused.is_some()) => {}
        other => drop(other?),
    }
    let flash = Flash::done("mailing-paused");
    Ok(site.done(&address(&pulse.run), &flash))
}

/// Lets the mailing of a run go on. A second time does no harm.
#[handler]
pub(crate) async fn resume(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let pulse = site.services.runs.pulse(&actor, id(&wanted)?).await?;
    let going = site.services.mailings.resume(&actor, pulse.run.mailing);
    match going.await {
        Err(Error::Conflict(_)) if pulse.status.is_some_and(|s| s.paused.is_none()) => {}
        other => drop(other?),
    }
    let flash = Flash::done("mailing-resumed");
    Ok(site.done(&address(&pulse.run), &flash))
}
