//! `/reports`: what came of an owner's runs; `/manage/reports`: of everybody's, without addresses.

mod asked;
mod context;

use mailing_core::error::Error;
use mailing_core::policy::Actor;
use mailing_core::report::{Range, Report};
use mailing_core::services::{ReportFile, ReportOf, ReportTable};
use poem::http::StatusCode;
use poem::web::Query;
use poem::{Response, handler};

#[cfg(test)]
pub(super) use self::context::samples;

use self::asked::Asked;
use self::context::{Reports, Shown};
use crate::download::Download;
use crate::error::PageError;
use crate::site::{Around, Site, TheSite};
use crate::visitor::{CurrentActor, Visitor};

/// An owner's own report.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    page(&site, &visitor, &actor, &asked, ReportOf::Own).await
}

/// The same as CSV, a table at a time.
#[handler]
pub(crate) async fn download(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    file(&site, &visitor, &actor, &asked, ReportOf::Own).await
}

/// Everybody's, or one owner's, for those who supervise.
#[handler]
pub(crate) async fn show_all(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let of = asked.supervised()?;
    page(&site, &visitor, &actor, &asked, of).await
}

/// The same as CSV, a table at a time.
#[handler]
pub(crate) async fn download_all(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let of = asked.supervised()?;
    file(&site, &visitor, &actor, &asked, of).await
}

async fn page(
    site: &Site,
    visitor: &Visitor,
    actor: &Actor,
    asked: &Asked,
    of: ReportOf,
) -> Result<Response, PageError> {
    let locale = visitor.locale();
    let owner = match of {
        ReportOf::Owner(id) => {
            let found = site.services.supervision.user(actor, id).await?;
            Some(found.user.email)
        }
        _ => None,
    };
    let (status, report, errors) = match asked.range(locale) {
        Ok(range) => (
            StatusCode::OK,
            Some(report(site, actor, of, &range).await?),
            Vec::new(),
        ),
        Err(errors) => (StatusCode::UNPROCESSABLE_ENTITY, None, errors),
    };
    let shown = Shown {
        of,
        owner: owner.as_ref(),
        report: report.as_ref(),
    };
    let page = Reports::new(locale, asked, &shown, &errors);
    site.page_with(visitor, &page, Around::Menu, status)
}

async fn report(
    site: &Site,
    actor: &Actor,
    of: ReportOf,
    range: &Range,
) -> Result<Report, PageError> {
    Ok(site.services.reports.show(actor, of, range).await?)
}

async fn file(
    site: &Site,
    visitor: &Visitor,
    actor: &Actor,
    asked: &Asked,
    of: ReportOf,
) -> Result<Response, PageError> {
    let range = asked.range(visitor.locale()).map_err(Error::Invalid)?;
    let table = asked.table().map_err(Error::Invalid)?;
    let reports = &site.services.reports;
    // Without the mark Excel shows other letters.
    let file = reports.file(actor, of, &range, table, true).await?;
    let name = match table {
        ReportTable::Days => "report-days.csv",
        ReportTable::Mailings => "report-mailings.csv",
        ReportTable::Causes => "report-causes.csv",
        ReportTable::Domains => "report-domains.csv",
    };
    Ok(
        Download::csv(name).pieces(file, async |mut file: ReportFile| {
            Ok(file.piece().await?.map(|piece| (piece, file)))
        }),
    )
}
