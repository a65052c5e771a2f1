//! The user's own profile, security, senders and account.

use super::Access::SignedIn;
use super::{Route, boxed, get, post};
use crate::pages::settings;

pub(super) const ROUTES: &[Route] = &[
    get("/settings", SignedIn, || boxed(settings::profile::show)),
    post("/settings", SignedIn, || boxed(settings::profile::save)),
    get("/settings/picture", SignedIn, || {
        boxed(settings::picture::show)
    }),
    post("/settings/picture", SignedIn, || {
        boxed(settings::picture::put)
    })
    .with_files(settings::picture::FORM_MAX),
    get("/settings/picture/remove", SignedIn, || {
        boxed(settings::picture::ask_remove)
    }),
    post("/settings/picture/remove", SignedIn, || {
        boxed(settings::picture::remove)
    }),
    get("/settings/avatar", SignedIn, || {
        boxed(settings::picture::image)
    }),
    get("/settings/security", SignedIn, || {
        boxed(settings::security::show)
    }),
    post("/settings/sessions/end", SignedIn, || {
        boxed(settings::security::end)
    }),
    post("/settings/sessions/end-others", SignedIn, || {
        boxed(settings::security::end_others)
    }),
    get("/settings/password", SignedIn, || {
        boxed(settings::change::show_password)
    }),
    post("/settings/password", SignedIn, || {
        boxed(settings::change::password)
    }),
    get("/settings/address", SignedIn, || {
        boxed(settings::change::show_address)
    }),
    post("/settings/address", SignedIn, || {
        boxed(settings::change::address)
    }),
    get("/settings/code", SignedIn, || {
        boxed(settings::second_factor::show)
    }),
    post("/settings/code", SignedIn, || {
        boxed(settings::second_factor::begin)
    }),
    post("/settings/code/confirm", SignedIn, || {
        boxed(settings::second_factor::confirm)
    }),
    get("/settings/code/off", SignedIn, || {
        boxed(settings::second_factor::ask_off)
    }),
    post("/settings/code/off", SignedIn, || {
        boxed(settings::second_factor::off)
    }),
    get("/settings/senders", SignedIn, || {
        boxed(settings::senders::list)
    }),
    post("/settings/senders", SignedIn, || {
        boxed(settings::senders::add)
    }),
    post("/settings/senders/:id/resend", SignedIn, || {
        boxed(settings::senders::resend)
    }),
    get("/settings/senders/:id/remove", SignedIn, || {
        boxed(settings::senders::ask_remove)
    }),
    post("/settings/senders/:id/remove", SignedIn, || {
        boxed(settings::senders::remove)
    }),
    get("/settings/activity", SignedIn, || {
        boxed(settings::activity::show)
    }),
    get("/settings/account", SignedIn, || {
        boxed(settings::account::show)
    }),
    get("/settings/export", SignedIn, || {
        boxed(settings::account::export)
    }),
    get("/settings/delete", SignedIn, || {
        boxed(settings::account::ask)
    }),
    post("/settings/delete", SignedIn, || {
        boxed(settings::account::delete)
    }),
];
