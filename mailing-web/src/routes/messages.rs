//! Messages and their history.

use super::Access::SignedIn;
use super::{Route, boxed, get, post};
use crate::pages::messages;

pub(super) const ROUTES: &[Route] = &[
    get("/messages", SignedIn, || boxed(messages::index)),
    post("/messages", SignedIn, || boxed(messages::create)),
    get("/messages/new", SignedIn, || boxed(messages::new)),
    get("/messages/:id", SignedIn, || boxed(messages::show)),
    get("/messages/:id/edit", SignedIn, || boxed(messages::edit)),
    post("/messages/:id/edit", SignedIn, || boxed(messages::save)),
    post("/messages/:id/autosave", SignedIn, || {
        boxed(messages::autosave)
    }),
    get("/messages/:id/preview", SignedIn, || boxed(messages::frame)),
    get("/messages/:id/files", SignedIn, || {
        boxed(messages::show_files)
    }),
    post("/messages/:id/files", SignedIn, || boxed(messages::attach))
        .with_files(messages::FORM_MAX),
    post("/messages/:id/files/remove", SignedIn, || {
        boxed(messages::detach)
    }),
    get("/messages/:id/files/:file", SignedIn, || {
        boxed(messages::download)
    }),
    get("/messages/:id/discard", SignedIn, || {
        boxed(messages::ask_discard)
    }),
    post("/messages/:id/discard", SignedIn, || {
        boxed(messages::discard)
    }),
    get("/messages/:id/history", SignedIn, || {
        boxed(messages::versions)
    }),
    get("/messages/:id/history/:number", SignedIn, || {
        boxed(messages::view_version)
    }),
    post("/messages/:id/history/:number", SignedIn, || {
        boxed(messages::restore)
    }),
    post("/messages/:id/delete", SignedIn, || boxed(messages::delete)),
    post("/messages/:id/undelete", SignedIn, || {
        boxed(messages::undelete)
    }),
];
