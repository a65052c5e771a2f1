//! `/log`: every message to every recipient, with filters, and the same as a file.

mod asked;
mod context;

use mailing_core::error::Error;
use mailing_core::policy::Actor;
use mailing_core::ports::store::{Cursor, MailingFilter, PageRequest};
use mailing_core::run::Run;
use mailing_core::services::LogAsk;
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Response, handler};

#[cfg(test)]
pub(super) use self::context::samples;

use self::asked::Asked;
use self::context::{Found, Log};
use crate::download::Download;
use crate::error::PageError;
use crate::site::{Around, Site, TheSite};
use crate::view::PAGE_SIZE;
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/log";
/// The newest mailings can be chosen from a select; all others are reached from their own pages.
const CHOICES: u32 = 50;

/// A page of the log.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let locale = visitor.locale();
    let filter = MailingFilter::default();
    let choices = PageRequest::first(CHOICES);
    let choices = site.services.mailings.page(&actor, &filter, &choices);
    let choices = choices.await?.items;
    let (status, found, errors) = match asked.read(locale) {
        Ok(ask) => (
            StatusCode::OK,
            found(&site, &actor, &asked, &ask).await?,
            Vec::new(),
        ),
        Err(errors) => (StatusCode::UNPROCESSABLE_ENTITY, Found::default(), errors),
    };
    let page = Log::new(locale, &asked, &choices, &found, &errors);
    site.page_with(&visitor, &page, Around::Menu, status)
}

async fn found(
    site: &Site,
    actor: &Actor,
    asked: &Asked,
    ask: &LogAsk,
) -> Result<Found, PageError> {
    let deliveries = &site.services.deliveries;
    let request = PageRequest::first(PAGE_SIZE).after(asked.after.as_deref().map(Cursor::new));
    let page = deliveries.log(actor, ask, &request).await?;
    let sums = match ask.is_about_runs() {
        true => Some(deliveries.log_sums(actor, ask).await?),
        false => None,
    };
    Ok(Found {
        run: run(site, actor, ask).await?,
        page,
        sums,
    })
}

/// The run that is asked for. Somebody else's is as good as none.
async fn run(site: &Site, actor: &Actor, ask: &LogAsk) -> Result<Option<Run>, PageError> {
    let Some(id) = ask.runs.run else {
        return Ok(None);
    };
    match site.services.runs.pulse(actor, id).await {
        Ok(pulse) => Ok(Some(pulse.run)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// All that the filter shows, as CSV.
#[handler]
pub(crate) async fn download(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let ask = asked.read(visitor.locale()).map_err(Error::Invalid)?;
    // Without the mark Excel shows other letters.
    let file = site.services.deliveries.log_file(&actor, &ask, true);
    let file = file.await?;
    Ok(Download::csv("log.csv").pieces(file, async |mut file| {
        Ok(file.piece().await?.map(|piece| (piece, file)))
    }))
}
