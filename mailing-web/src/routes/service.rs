//! The overview, what links in mails lead to, and what the service shows of itself.

use mailing_core::policy::Action;

use super::Access::{Demo, May, Public, SignedIn, Token};
use super::{Route, boxed, get, post};
use crate::pages::{assets, health, outbox, overview, system, unsubscribe};

pub(super) const ROUTES: &[Route] = &[
    get("/overview", SignedIn, || boxed(overview::show)),
    get("/u/:token", Token, || boxed(unsubscribe::show)),
    post("/u/:token", Token, || boxed(unsubscribe::act)),
    get("/system", May(Action::ViewSystem), || boxed(system::show)),
    post("/system/check", May(Action::ViewSystem), || {
        boxed(system::check)
    }),
    get("/system/outbox", Demo, || boxed(outbox::list)),
    get("/system/outbox/:id", Demo, || boxed(outbox::show)),
    get("/system/outbox/:id/html", Demo, || boxed(outbox::html_part)),
    get("/assets/:name", Public, || boxed(assets::serve)),
    get("/health/live", Public, || boxed(health::live)),
    get("/health/ready", Public, || boxed(health::ready)),
];
