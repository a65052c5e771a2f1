//! Every route there is: one list, from which the router is built and which tests walk. The tables
//! are in `routes/`, one a subject.

mod blog;
mod guests;
mod mailings;
mod manage;
mod messages;
mod recipients;
mod service;
mod settings;

use mailing_core::policy::{self, Action};
use poem::endpoint::BoxEndpoint;
use poem::error::MethodNotAllowedError;
use poem::http::Method;
use poem::{Endpoint, EndpointExt as _, Request, Response, Result, Route as Router, RouteMethod};

use crate::error::PageError;
use crate::site::see_other;
use crate::visitor::{Identity, Visitor};

/// Who may open a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Signed-in users; others are led to the sign-in page.
    SignedIn,
    /// Signed-in users whose roles allow it; other users are refused.
    May(Action),
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
    /// How many bytes its form's files may have together; `None`: its form has no files.
    pub files_max: Option<u64>,
    endpoint: fn() -> BoxEndpoint<'static, Response>,
}

impl Route {
    /// The same route for a form with files (`multipart/form-data`).
    const fn with_files(mut self, max: u64) -> Self {
        self.files_max = Some(max);
        self
    }
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
        files_max: None,
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
        files_max: None,
        endpoint,
    }
}

/// The tables, one a subject.
const TABLES: &[&[Route]] = &[
    guests::ROUTES,
    blog::ROUTES,
    settings::ROUTES,
    recipients::ROUTES,
    mailings::ROUTES,
    messages::ROUTES,
    manage::ROUTES,
    service::ROUTES,
];

/// All routes. A route that is not here does not exist.
pub fn routes() -> impl Iterator<Item = &'static Route> + Clone {
    TABLES.iter().copied().flatten()
}

fn boxed<E>(endpoint: E) -> BoxEndpoint<'static, Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    endpoint.boxed()
}

/// The router over [`routes`].
pub(crate) fn router(demo: bool) -> Router {
    let mut by_path: Vec<(&str, RouteMethod)> = Vec::new();
    for route in routes() {
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
            router.at(path, naming_methods(methods, allowed(path)))
        })
}

/// The methods that a path answers to, as the `Allow` header says them (RFC 9110, 15.5.6).
fn allowed(path: &str) -> &'static str {
    let has = |method| routes().any(|route| route.path == path && route.method == method);
    match (has(Method::GET), has(Method::POST)) {
        (true, true) => "GET, HEAD, POST",
        (true, false) => "GET, HEAD",
        (false, _) => "POST",
    }
}

/// Says which methods there are when another one came.
fn naming_methods(methods: RouteMethod, allowed: &'static str) -> impl Endpoint<Output = Response> {
    methods.around(move |methods, req| async move {
        methods.call(req).await.map_err(|error| {
            if error.is::<MethodNotAllowedError>() {
                PageError::Method(allowed).into()
            } else {
                error
            }
        })
    })
}

/// True for routes that need no form token: those whose address holds one.
pub(crate) fn is_exempt(method: &Method, path: &str) -> bool {
    routes()
        .filter(|route| route.access == Access::Token && route.method == method)
        .any(|route| matches(route.path, path))
}

/// How many bytes of files the form of a route may have; `None` when it takes no files.
pub(crate) fn files_max(method: &Method, path: &str) -> Option<u64> {
    routes()
        .filter(|route| route.method == method && matches(route.path, path))
        .find_map(|route| route.files_max)
}

/// True for forms that only signed-in users may send.
pub(crate) fn is_for_users(method: &Method, path: &str) -> bool {
    routes()
        .filter(|route| route.method == method && matches(route.path, path))
        .any(|route| matches!(route.access, Access::SignedIn | Access::May(_)))
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
        if matches!(access, Access::SignedIn | Access::May(_))
            && let Some(instead) = refused(&req, access)?
        {
            return Ok(instead);
        }
        endpoint.call(req).await
    })
}

/// The way to the sign-in page for those who are not signed in; a refusal for those who may not.
fn refused(req: &Request, access: Access) -> Result<Option<Response>> {
    let visitor = req
        .data::<Visitor>()
        .ok_or_else(|| PageError::misbuilt("no visitor"))?;
    match visitor.identity() {
        Identity::User(user) => {
            if let Access::May(action) = access {
                policy::require(&user.actor, action).map_err(PageError::from)?;
            }
            Ok(None)
        }
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
        let exempt: Vec<_> = routes()
            .filter(|route| !route.method.is_safe() && is_exempt(&route.method, route.path))
            .map(|route| route.path)
            .collect();
        assert_eq!(exempt, ["/u/:token"]);
        for path in ["/u/", "/u/a/b", "/u", "/login", "//u/a"] {
            assert_eq!(is_exempt(&Method::POST, path), path == "/u/", "{path}");
        }
    }
}
