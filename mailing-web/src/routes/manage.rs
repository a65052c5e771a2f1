//! What managers and administrators see and do.

use mailing_core::policy::Action;

use super::{Access, Route, boxed, get, post};
use crate::pages::{manage, reports};

const SEES: Access = Access::May(Action::ViewUsers);
const STOPS: Access = Access::May(Action::Moderate);
const GIVES: Access = Access::May(Action::AdministerUsers);
const READS: Access = Access::May(Action::ReadFeedback);
const SETS: Access = Access::May(Action::EditSettings);

pub(super) const ROUTES: &[Route] = &[
    get("/manage/mailings", SEES, || boxed(manage::mailings::list)),
    get("/manage/mailings/:id", SEES, || {
        boxed(manage::mailing::show)
    }),
    get("/manage/mailings/:id/preview", SEES, || {
        boxed(manage::mailing::preview)
    }),
    get("/manage/mailings/:id/disable", STOPS, || {
        boxed(manage::ask_disable)
    }),
    post("/manage/mailings/:id/disable", STOPS, || {
        boxed(manage::disable)
    }),
    get("/manage/mailings/:id/enable", STOPS, || {
        boxed(manage::ask_enable)
    }),
    post("/manage/mailings/:id/enable", STOPS, || {
        boxed(manage::enable)
    }),
    get("/manage/users", SEES, || boxed(manage::users::list)),
    get("/manage/users/invite", GIVES, || {
        boxed(manage::invite::show)
    }),
    post("/manage/users/invite", GIVES, || {
        boxed(manage::invite::invite)
    }),
    get("/manage/users/:id", SEES, || boxed(manage::user::show)),
    get("/manage/users/:id/avatar", SEES, || {
        boxed(manage::user::avatar)
    }),
    get("/manage/users/:id/block", STOPS, || {
        boxed(manage::ask_block)
    }),
    post("/manage/users/:id/block", STOPS, || boxed(manage::block)),
    get("/manage/users/:id/unblock", STOPS, || {
        boxed(manage::ask_unblock)
    }),
    post("/manage/users/:id/unblock", STOPS, || {
        boxed(manage::unblock)
    }),
    get("/manage/users/:id/roles", GIVES, || {
        boxed(manage::roles::show)
    }),
    post("/manage/users/:id/roles", GIVES, || {
        boxed(manage::roles::change)
    }),
    get("/manage/feedback", READS, || boxed(manage::feedback::list)),
    get("/manage/feedback/:id", READS, || {
        boxed(manage::feedback::show)
    }),
    post("/manage/feedback/:id/answer", READS, || {
        boxed(manage::feedback::answer)
    }),
    post("/manage/feedback/:id/reopen", READS, || {
        boxed(manage::feedback::reopen)
    }),
    post("/manage/feedback/:id/delete", READS, || {
        boxed(manage::feedback::delete)
    }),
    post("/manage/feedback/:id/undelete", READS, || {
        boxed(manage::feedback::undelete)
    }),
    get("/manage/settings", SETS, || boxed(manage::instance::show)),
    post("/manage/settings", SETS, || boxed(manage::instance::save)),
    get("/manage/reports", SEES, || boxed(reports::show_all)),
    get("/manage/reports/export", SEES, || {
        boxed(reports::download_all)
    }),
    get("/manage/audit", SEES, || boxed(manage::audit::show)),
    get("/manage/audit.csv", SEES, || boxed(manage::audit::download)),
];
