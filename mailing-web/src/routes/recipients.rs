//! Recipients, lists and suppressions.

use super::Access::SignedIn;
use super::{Route, boxed, get, post};
use crate::pages::{lists, recipients, suppressions};

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
    post("/recipients/bulk", SignedIn, || {
        boxed(recipients::act_on_many)
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
