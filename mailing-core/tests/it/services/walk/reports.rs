//! Reports and the calendar.

use mailing_core::policy::Actor;
use mailing_core::report::Range;
use mailing_core::schedule::Zone;
use mailing_core::services::{ReportOf, ReportTable, Services};
use mailing_core::testing::builders::start;

use super::calls::empty;
use super::things::Things;

pub(super) async fn call_reports(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
) -> String {
    let (reports, calendar) = (&services.reports, &services.calendar);
    let range = Range::month(start().date_naive(), Zone::utc());
    let of = match method.split(' ').nth(1) {
        Some("all") => ReportOf::Everybody,
        Some(_) => ReportOf::Owner(theirs.owner.id()),
        None => ReportOf::Own,
    };
    match method {
        "calendar.days" => theirs.answered(calendar.days(actor, &range, 9).await),
        "reports.show" | "reports.show all" | "reports.show owner" => {
            theirs.answered(reports.show(actor, of, &range).await)
        }
        "reports.days" => {
            let days = reports.days(actor, &range).await;
            empty(days, |days| days.iter().all(|day| day.sums.is_empty()))
        }
        "reports.file" | "reports.file all" => {
            let file = reports.file(actor, of, &range, ReportTable::Days, false);
            theirs.answered(file.await.map(|_| ()))
        }
        other => unreachable!("{other} is no call"),
    }
}
