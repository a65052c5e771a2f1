//! Every route there is: one list, from which the router is built and which tests walk.

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::{Endpoint, EndpointExt as _, Request, Response, Result, Route as Router, RouteMethod};

use crate::error::PageError;
use crate::pages::{
    account, assets, health, home, lists, login, mailings, messages, outbox, overview, prefs,
    recipients, runs, settings, suppressions, unsubscribe,
};
use crate::site::see_other;
use crate::visitor::{Identity, Visitor};

/// Who may open a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Signed-in users; others are led to the sign-in page.
    SignedIn,
    /// Everybody who holds the token in the address. Needs no cookie and no form token (RFC 8058).
    Token,
    /// Everybody, while the service runs as a demo; otherwise there is no such page.
    Demo,
}

/// A route: method, path, who may open it, and what answers.
pub struct Route {
    /// `GET` or `POST`; `HEAD` is answered wherever `GET` is.
    pub method: Method,
    /// The path with `:name` for its parts.
    pub path: &'static str,
    /// Who may open it.
    pub access: Access,
    endpoint: fn() -> BoxEndpoint<'static, Response>,
}

const fn get(
    path: &'static str,
    access: Access,
    endpoint: fn() -> BoxEndpoint<'static, Response>,
) -> Route {
    Route {
        method: Method::GET,
        path,
        access,
        endpoint,
    }
}

const fn post(
    path: &'static str,
    access: Access,
    endpoint: fn() -> BoxEndpoint<'static, Response>,
) -> Route {
    Route {
        method: Method::POST,
        path,
        access,
        endpoint,
    }
}

/// All routes. A route that is not here does not exist.
pub const ROUTES: &[Route] = {
    use Access::{Demo, Public, SignedIn, Token};
    &[
        get("/", Public, || boxed(home::show)),
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
        get("/settings", SignedIn, || boxed(settings::profile::show)),
        post("/settings", SignedIn, || boxed(settings::profile::save)),
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
        post("/logout", Public, || boxed(login::sign_out)),
        post("/language", Public, || boxed(prefs::language)),
        post("/theme", Public, || boxed(prefs::theme)),
        get("/overview", SignedIn, || boxed(overview::show)),
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
        get("/runs/:id", SignedIn, || boxed(runs::show)),
        get("/u/:token", Token, || boxed(unsubscribe::show)),
        post("/u/:token", Token, || boxed(unsubscribe::act)),
        get("/system/outbox", Demo, || boxed(outbox::list)),
        get("/system/outbox/:id", Demo, || boxed(outbox::show)),
        get("/system/outbox/:id/html", Demo, || boxed(outbox::html_part)),
        get("/assets/:name", Public, || boxed(assets::serve)),
        get("/health/live", Public, || boxed(health::live)),
        get("/health/ready", Public, || boxed(health::ready)),
    ]
};

fn boxed<E>(endpoint: E) -> BoxEndpoint<'static, Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    endpoint.boxed()
}

/// The router over [`ROUTES`].
pub(crate) fn router(demo: bool) -> Router {
    let mut by_path: Vec<(&str, RouteMethod)> = Vec::new();
    for route in ROUTES {
        if route.access == Access::Demo && !demo {
            continue;
        }
        let endpoint = guarded((route.endpoint)(), route.access);
        match by_path.iter_mut().find(|(path, _)| *path == route.path) {
            Some((_, methods)) => {
                *methods = std::mem::take(methods).method(route.method.clone(), endpoint);
            }
            None => {
                by_path.push((
                    route.path,
                    RouteMethod::new().method(route.method.clone(), endpoint),
                ));
            }
        }
    }
    by_path
        .into_iter()
        .fold(Router::new(), |router, (path, methods)| {
            router.at(path, methods)
        })
}

/// True for routes that need no form token: those whose address holds one.
pub(crate) fn is_exempt(method: &Method, path: &str) -> bool {
    ROUTES
        .iter()
        .filter(|route| route.access == Access::Token && route.method == method)
        .any(|route| matches(route.path, path))
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let fits = pattern.split('/').all(|part| {
        parts
            .next()
            .is_some_and(|got| part.starts_with(':') || part == got)
    });
    fits && parts.next().is_none()
}

/// Lets in only whom the table lets in.
fn guarded(
    endpoint: BoxEndpoint<'static, Response>,
    access: Access,
) -> impl Endpoint<Output = Response> + 'static {
    endpoint.around(move |endpoint, req: Request| async move {
        if access == Access::SignedIn
            && let Some(instead) = refused(&req)?
        {
            return Ok(instead);
        }
        endpoint.call(req).await
    })
}

/// The way to the sign-in page for those who are not signed in.
fn refused(req: &Request) -> Result<Option<Response>> {
    let visitor = req
        .data::<Visitor>()
        .ok_or_else(|| PageError::misbuilt("no visitor"))?;
    match visitor.identity() {
        Identity::User(_) => Ok(None),
        Identity::Unknown(refusal) => {
            let error = mailing_core::error::Error::Unavailable(refusal.clone(), None);
            Err(PageError::from(error).into())
        }
        Identity::Guest | Identity::Blocked(_) => {
            let query = serde_urlencoded::to_string([("next", visitor.address())]);
            Ok(Some(see_other(&format!(
                "/login?{}",
                query.unwrap_or_default()
            ))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_click_route_needs_no_token() {
        let exempt: Vec<_> = ROUTES
            .iter()
            .filter(|route| !route.method.is_safe() && is_exempt(&route.method, route.path))
            .map(|route| route.path)
            .collect();
        assert_eq!(exempt, ["/u/:token"]);
        for path in ["/u/", "/u/a/b", "/u", "/login", "//u/a"] {
            assert_eq!(is_exempt(&Method::POST, path), path == "/u/", "{path}");
        }
    }
}
