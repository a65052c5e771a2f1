//! Recipients, lists and suppressions.

use mailing_core::recipient::import::FILE_MAX;

use super::Access::SignedIn;
use super::{Route, boxed, get, post};
use crate::pages::{imports, lists, recipients, suppressions};

pub(super) const ROUTES: &[Route] = &[
    get("/recipients", SignedIn, || boxed(recipients::index)),
    post("/recipients", SignedIn, || boxed(recipients::create)),
    get("/recipients/new", SignedIn, || boxed(recipients::add)),
    get("/recipients/trash", SignedIn, || {
        boxed(recipients::show_trash)
    }),
    post("/recipients/undelete", SignedIn, || {
        boxed(recipients::undelete)
    }),
    get("/recipients/export", SignedIn, || {
        boxed(recipients::download)
    }),
    post("/recipients/exports", SignedIn, || {
        boxed(recipients::prepare)
    }),
    get("/recipients/exports/:id", SignedIn, || {
        boxed(recipients::show_export)
    }),
    get("/recipients/exports/:id/file", SignedIn, || {
        boxed(recipients::download_export)
    }),
    post("/recipients/exports/:id/discard", SignedIn, || {
        boxed(recipients::discard_export)
    }),
    post("/recipients/bulk", SignedIn, || {
        boxed(recipients::act_on_many)
    }),
    get("/recipients/import", SignedIn, || boxed(imports::index)),
    post("/recipients/import", SignedIn, || boxed(imports::receive)).with_files(FILE_MAX),
    get("/recipients/import/template", SignedIn, || {
        boxed(imports::template)
    }),
    get("/recipients/import/:id", SignedIn, || boxed(imports::show)),
    post("/recipients/import/:id", SignedIn, || {
        boxed(imports::choose)
    }),
    post("/recipients/import/:id/start", SignedIn, || {
        boxed(imports::start)
    }),
    post("/recipients/import/:id/discard", SignedIn, || {
        boxed(imports::discard)
    }),
    get("/recipients/import/:id/rejects", SignedIn, || {
        boxed(imports::rejects)
    }),
    get("/recipients/imports/:id/undo", SignedIn, || {
        boxed(imports::ask_undo)
    }),
    post("/recipients/imports/:id/undo", SignedIn, || {
        boxed(imports::undo)
    }),
    get("/recipients/:id", SignedIn, || boxed(recipients::show)),
    post("/recipients/:id", SignedIn, || boxed(recipients::change)),
    get("/recipients/:id/edit", SignedIn, || boxed(recipients::edit)),
    post("/recipients/:id/delete", SignedIn, || {
        boxed(recipients::delete)
    }),
    post("/recipients/:id/restore", SignedIn, || {
        boxed(recipients::restore)
    }),
    get("/lists", SignedIn, || boxed(lists::index)),
    post("/lists", SignedIn, || boxed(lists::create)),
    get("/lists/new", SignedIn, || boxed(lists::add)),
    post("/lists/:id", SignedIn, || boxed(lists::rename)),
    get("/lists/:id/edit", SignedIn, || boxed(lists::edit)),
    get("/lists/:id/delete", SignedIn, || boxed(lists::ask_delete)),
    post("/lists/:id/delete", SignedIn, || boxed(lists::delete)),
    get("/suppressions", SignedIn, || boxed(suppressions::index)),
    post("/suppressions", SignedIn, || boxed(suppressions::add)),
    post("/suppressions/remove", SignedIn, || {
        boxed(suppressions::remove)
    }),
];
