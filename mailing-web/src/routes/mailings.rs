//! Mailings, their runs, and what is told of them.

use super::Access::SignedIn;
use super::{Route, boxed, get, post};
use crate::pages::{calendar, deliveries, log, mailings, reports, runs};

pub(super) const ROUTES: &[Route] = &[
    get("/mailings", SignedIn, || boxed(mailings::list)),
    post("/mailings", SignedIn, || boxed(mailings::create)),
    get("/mailings/new", SignedIn, || boxed(mailings::new)),
    get("/mailings/:id", SignedIn, || boxed(mailings::show)),
    get("/mailings/:id/edit", SignedIn, || boxed(mailings::edit)),
    post("/mailings/:id/edit", SignedIn, || boxed(mailings::change)),
    get("/mailings/:id/review", SignedIn, || boxed(mailings::check)),
    post("/mailings/:id/launch", SignedIn, || boxed(mailings::launch)),
    post("/mailings/:id/launch-now", SignedIn, || {
        boxed(mailings::launch_now)
    }),
    get("/mailings/:id/send", SignedIn, || boxed(mailings::ask_send)),
    post("/mailings/:id/send", SignedIn, || boxed(mailings::send_now)),
    post("/mailings/:id/pause", SignedIn, || boxed(mailings::pause)),
    post("/mailings/:id/resume", SignedIn, || boxed(mailings::resume)),
    get("/mailings/:id/finish", SignedIn, || {
        boxed(mailings::ask_finish)
    }),
    post("/mailings/:id/finish", SignedIn, || boxed(mailings::finish)),
    post("/mailings/:id/reopen", SignedIn, || boxed(mailings::reopen)),
    post("/mailings/:id/duplicate", SignedIn, || {
        boxed(mailings::duplicate)
    }),
    get("/mailings/:id/delete", SignedIn, || {
        boxed(mailings::ask_delete)
    }),
    post("/mailings/:id/delete", SignedIn, || boxed(mailings::delete)),
    post("/mailings/:id/undelete", SignedIn, || {
        boxed(mailings::undelete)
    }),
    get("/runs/:id", SignedIn, || boxed(runs::show)),
    get("/runs/:id/events", SignedIn, || boxed(runs::follow)),
    post("/runs/:id/pause", SignedIn, || boxed(runs::pause)),
    post("/runs/:id/resume", SignedIn, || boxed(runs::resume)),
    get("/runs/:id/retry", SignedIn, || boxed(runs::ask_retry)),
    post("/runs/:id/retry", SignedIn, || boxed(runs::retry)),
    get("/calendar", SignedIn, || boxed(calendar::show)),
    get("/reports", SignedIn, || boxed(reports::show)),
    get("/reports/export", SignedIn, || boxed(reports::download)),
    get("/log", SignedIn, || boxed(log::show)),
    get("/log/export", SignedIn, || boxed(log::download)),
    get("/deliveries/:id", SignedIn, || boxed(deliveries::show)),
];
