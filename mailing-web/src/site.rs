//! What every handler needs: the services, the settings, the templates.

use std::sync::Arc;

use mailing_core::policy::Action;
use mailing_core::services::Services;
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Response};

use crate::error::PageError;
use crate::i18n::Args;
use crate::middleware::Rates;
use crate::settings::WebSettings;
use crate::templates::{Page, Templates};
use crate::view::{Frame, MenuItem};
use crate::visitor::Visitor;

/// The site; one for all requests.
pub(crate) struct Site {
    pub(crate) services: Services,
    pub(crate) settings: WebSettings,
    pub(crate) templates: Templates,
    pub(crate) rates: Rates,
}

/// What a page stands in: for users the menu, for guests the stripe, or nothing at all for people
/// who only followed a link of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Around {
    /// Menu and forms as fit the visitor.
    Menu,
    /// No menu, no form of ours, so no cookie.
    Nothing,
}

impl Site {
    /// The frame of a page for this visitor.
    pub(crate) fn frame(&self, visitor: &Visitor, title: String, around: Around) -> Frame {
        let mut frame = Frame::new(visitor.lang(), title, visitor.address().to_owned());
        frame.theme = visitor.theme();
        frame.demo = self.settings.demo;
        frame.theme_css.clone_from(&self.settings.theme_css);
        if around == Around::Menu {
            frame.csrf = visitor.form_token(self);
            frame.signed_in = visitor.user().is_some();
            frame.user = visitor.name();
            frame.unverified = visitor.is_unverified();
            frame.menu = menu(visitor);
        }
        frame
    }

    /// A page as a response.
    pub(crate) fn page<P: Page>(&self, visitor: &Visitor, page: &P) -> Result<Response, PageError> {
        self.page_with(visitor, page, Around::Menu, StatusCode::OK)
    }

    /// A page with the status that it tells of.
    pub(crate) fn page_with<P: Page>(
        &self,
        visitor: &Visitor,
        page: &P,
        around: Around,
        status: StatusCode,
    ) -> Result<Response, PageError> {
        let frame = self.frame(visitor, page.title(visitor.locale()), around);
        let html = self.templates.render(visitor.lang(), &frame, page)?;
        Ok(html_response(status, html))
    }
}

/// HTML that no cache keeps: every page depends on its reader.
pub(crate) fn html_response(status: StatusCode, html: String) -> Response {
    Response::builder()
        .status(status)
        .content_type("text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::VARY, "Cookie, Accept-Language")
        .body(html)
}

/// The answer to a form: the browser is to read another page.
pub(crate) fn see_other(path: &str) -> Response {
    Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, path)
        .header(header::CACHE_CONTROL, "no-store")
        .finish()
}

/// The site as an argument of handlers.
#[derive(Clone)]
pub(crate) struct TheSite(pub(crate) Arc<Site>);

impl<'a> FromRequest<'a> for TheSite {
    async fn from_request(req: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Data(site) = Data::<&Arc<Site>>::from_request(req, body).await?;
        Ok(Self(Arc::clone(site)))
    }
}

/// The entries that a visitor may open.
fn menu(visitor: &Visitor) -> Vec<MenuItem> {
    let entries: &[(&str, &str, Option<Action>)] = if visitor.user().is_some() {
        &[
            ("/overview", "menu-overview", None),
            ("/mailings", "menu-mailings", Some(Action::ViewMailings)),
        ]
    } else {
        &[("/login", "sign-in", None), ("/register", "register", None)]
    };
    let path = visitor.address().split('?').next().unwrap_or_default();
    let may = |action: &Option<Action>| {
        action.is_none_or(|action| visitor.user().is_some_and(|user| user.actor.can(action)))
    };
    entries
        .iter()
        .filter(|(_, _, action)| may(action))
        .map(|(url, key, _)| MenuItem {
            url,
            label: visitor.locale().text(key, &Args::new()),
            current: path
                .strip_prefix(url)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        })
        .collect()
}
