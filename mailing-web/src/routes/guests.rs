//! Signing in, registering, and what everybody may set: the pages that need no account.

use super::Access::{Public, SignedIn};
use super::{Route, boxed, get, post};
use crate::pages::{account, contacts, help, home, login, prefs};

pub(super) const ROUTES: &[Route] = &[
    get("/", Public, || boxed(home::show)),
    get("/contacts", Public, || boxed(contacts::show)),
    post("/contacts", Public, || boxed(contacts::send)),
    get("/help", Public, || boxed(help::show)),
    post("/help/key", Public, || boxed(help::switch)),
    get("/login", Public, || boxed(login::show)),
    post("/login", Public, || boxed(login::sign_in)),
    get("/register", Public, || boxed(account::register::show)),
    post("/register", Public, || boxed(account::register::register)),
    get("/register/sent", Public, || {
        boxed(account::register::register_sent)
    }),
    post("/verify", SignedIn, || boxed(account::register::resend)),
    get("/verify/:token", Public, || boxed(account::verify::show)),
    post("/verify/:token", Public, || boxed(account::verify::confirm)),
    get("/confirmed/:what", Public, || boxed(account::confirmed)),
    get("/password/reset", Public, || boxed(account::password::show)),
    post("/password/reset", Public, || boxed(account::password::ask)),
    get("/password/sent", Public, || {
        boxed(account::password::password_sent)
    }),
    get("/password/reset/:token", Public, || {
        boxed(account::password::choose)
    }),
    post("/password/reset/:token", Public, || {
        boxed(account::password::set)
    }),
    get("/login/code", Public, || boxed(login::second_step::show)),
    post("/login/code", Public, || boxed(login::second_step::finish)),
    post("/logout", Public, || boxed(login::sign_out)),
    post("/language", Public, || boxed(prefs::language)),
    post("/theme", Public, || boxed(prefs::theme)),
];
