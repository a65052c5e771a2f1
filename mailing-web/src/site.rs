//! What every handler needs: the services, the settings, the templates.

use std::sync::Arc;

use mailing_core::error::Error;
use mailing_core::id::{FormId, UserId};
use mailing_core::policy::{Action, Actor};
use mailing_core::services::Services;
use mailing_core::submission::Submission;
use mailing_core::user::SessionToken;
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{FromRequest, Request, RequestBody, Response};

use crate::assets;
use crate::cookies::{self, Name};
use crate::error::PageError;
use crate::i18n::{Args, Lang, Locale};
use crate::live::Live;
use crate::middleware::Rates;
use crate::pages::system::Examined;
use crate::seats::Seats;
use crate::settings::WebSettings;
use crate::templates::{Page, Templates};
use crate::view::{Flash, Frame, MenuGroup, MenuItem, avatar_url};
use crate::visitor::{Identity, Visitor};

/// The site; one for all requests.
pub(crate) struct Site {
    pub(crate) services: Services,
    pub(crate) settings: WebSettings,
    pub(crate) templates: Templates,
    pub(crate) rates: Rates,
    pub(crate) live: Arc<Live>,
    /// Forms with files that are being read into memory.
    pub(crate) intake: Arc<Seats<UserId>>,
    /// Forms whose files are stored while they come.
    pub(crate) streamed: Arc<Seats<UserId>>,
    /// What the last look at everything has found.
    pub(crate) examined: tokio::sync::Mutex<Option<Examined>>,
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
        self.frame_in(visitor, visitor.lang(), title, around)
    }

    fn frame_in(&self, visitor: &Visitor, lang: Lang, title: String, around: Around) -> Frame {
        let mut frame = Frame::new(lang, title, visitor.address().to_owned());
        frame.theme = visitor.theme();
        frame.demo = self.settings.demo;
        frame.may_register = self.services.registration.mode().is_open();
        frame.theme_css.clone_from(&self.settings.theme_css);
        if around == Around::Menu {
            frame.csrf = visitor.form_token(self);
            let form = FormId::new(self.settings.clock.now(), self.settings.entropy.as_ref());
            frame.form_id = form.to_string();
            frame.signed_in = visitor.user().is_some();
            frame.user = visitor.name();
            let user = visitor.user().map(|signed_in| &signed_in.user);
            frame.avatar = user.and_then(|user| user.avatar).map(avatar_url);
            frame.unverified = visitor.is_unverified();
            frame.menu = menu(visitor);
            if visitor.has_help_key() {
                frame.help_key = assets::url("help.js");
            }
            frame.outside = outside(visitor, frame.may_register);
        }
        frame
    }

    /// A page as a response.
    pub(crate) fn page<P: Page>(&self, visitor: &Visitor, page: &P) -> Result<Response, PageError> {
        self.page_with(visitor, page, Around::Menu, StatusCode::OK)
    }

    /// A page in a language of its own, for people who only followed a link of a mail.
    pub(crate) fn bare_page<P: Page>(
        &self,
        visitor: &Visitor,
        locale: &Locale,
        page: &P,
    ) -> Result<Response, PageError> {
        let title = page.title(locale);
        let frame = self.frame_in(visitor, locale.lang, title, Around::Nothing);
        let html = self.templates.render(locale.lang, &frame, page)?;
        Ok(html_response(StatusCode::OK, html))
    }

    /// A page with the status that it tells of.
    pub(crate) fn page_with<P: Page>(
        &self,
        visitor: &Visitor,
        page: &P,
        around: Around,
        status: StatusCode,
    ) -> Result<Response, PageError> {
        let mut frame = self.frame(visitor, page.title(visitor.locale()), around);
        frame.refresh = P::REFRESH;
        frame.scripts = P::SCRIPTS.iter().map(|name| assets::url(name)).collect();
        if around == Around::Menu && status == StatusCode::OK {
            frame.flash = visitor.take_flash();
        }
        let html = self.templates.render(visitor.lang(), &frame, page)?;
        Ok(html_response(status, html))
    }
}

impl Site {
    /// The pages that a visitor finds in the menu and below it.
    pub(crate) fn places(&self, visitor: &Visitor) -> Vec<MenuItem> {
        match visitor.user() {
            Some(_) => menu(visitor)
                .into_iter()
                .flat_map(|group| group.items)
                .chain(group(visitor, "", &[("/settings", "menu-settings")]).items)
                .collect(),
            None => outside(visitor, self.services.registration.mode().is_open()),
        }
    }

    /// The answer to a form: the browser is to read another page, which says what was done.
    pub(crate) fn done(&self, path: &str, flash: &Flash) -> Response {
        let mut response = see_other(path);
        let cookie = flash
            .sealed(&self.settings.csrf_key)
            .and_then(|sealed| cookies::keep(Name::Flash, &sealed, self.settings.is_secure()));
        cookies::set(&mut response, cookie);
        response
    }

    /// Hands a browser the session that was opened for it, and notes which browser that is.
    pub(crate) async fn keep_session(
        &self,
        visitor: &Visitor,
        token: &SessionToken,
        response: &mut Response,
    ) {
        if let Some(device) = visitor.device() {
            let noted = self.services.sign_in.note_device(token, device).await;
            // The session is there; its user only finds it under no name.
            if let Err(error) = noted {
                tracing::warn!(%error, "a session has no name");
            }
        }
        let kept = cookies::keep(Name::Session, token.reveal(), self.settings.is_secure());
        cookies::set(response, kept);
    }

    /// Does the work of a form once, however often it arrives (S20). `work` gets the actor that it
    /// must hand to the service, and gives the subject of the audit entry: the id of what was made.
    /// Later arrivals get the same id.
    ///
    /// # Errors
    /// What `work` answers.
    pub(crate) async fn once<Work>(
        &self,
        actor: &Actor,
        form: FormId,
        work: impl FnOnce(Actor) -> Work,
    ) -> Result<String, Error>
    where
        Work: Future<Output = Result<String, Error>>,
    {
        let forms = &self.services.submissions;
        if let Some(subject) = forms.subject(actor, form).await? {
            return Ok(subject);
        }
        let WebSettings { clock, entropy, .. } = &self.settings;
        let submission = Submission::new(form, clock.now(), entropy.as_ref());
        match work(actor.submitting(submission)).await {
            Ok(subject) => Ok(subject),
            // Perhaps it was refused because another arrival has just done it.
            Err(error) => match forms.subject(actor, form).await {
                Ok(Some(subject)) => Ok(subject),
                _ => Err(error),
            },
        }
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

/// The entries of the pages that everybody reads.
fn outside(visitor: &Visitor, may_register: bool) -> Vec<MenuItem> {
    let mut entries = vec![("/blog", "menu-blog"), ("/contacts", "menu-contacts")];
    match visitor.identity() {
        Identity::User(_) | Identity::Unknown(_) => entries.push(("/overview", "menu-overview")),
        Identity::Guest | Identity::Blocked(_) => {
            entries.push(("/login", "sign-in"));
            if may_register {
                entries.push(("/register", "register"));
            }
        }
    }
    group(visitor, "", &entries).items
}

/// The entries that a user may open.
fn menu(visitor: &Visitor) -> Vec<MenuGroup> {
    let Some(user) = visitor.user() else {
        return Vec::new();
    };
    let may = |entries: &[(&'static str, &'static str, Action)]| -> Vec<_> {
        let allowed = entries
            .iter()
            .filter(|(_, _, action)| user.actor.can(*action));
        allowed.map(|(url, key, _)| (*url, *key)).collect()
    };
    let supervised = may(&[
        ("/manage/users", "menu-users", Action::ViewUsers),
        ("/manage/mailings", "menu-all-mailings", Action::ViewUsers),
        ("/manage/reports", "menu-service-report", Action::ViewUsers),
        ("/manage/audit", "menu-deeds", Action::ViewUsers),
    ]);
    let own = may(&[
        ("/recipients", "menu-recipients", Action::ViewRecipients),
        ("/messages", "menu-messages", Action::ViewMessages),
        ("/mailings", "menu-mailings", Action::ViewMailings),
        ("/calendar", "menu-calendar", Action::ViewMailings),
        ("/reports", "menu-reports", Action::ViewMailings),
        ("/log", "menu-log", Action::ViewMailings),
    ]);
    let site = match visitor.writes_posts() {
        Some(true) => vec![("/content/posts", "menu-posts")],
        _ => Vec::new(),
    };
    let service = may(&[
        ("/manage/feedback", "menu-feedback", Action::ReadFeedback),
        ("/manage/settings", "menu-instance", Action::EditSettings),
        ("/system", "menu-system", Action::ViewSystem),
    ]);
    let overview = [("/overview", "menu-overview")];
    // Each role finds its own list where the others find theirs (A8).
    let (first, mine) = if supervised.is_empty() {
        (own, Vec::new())
    } else {
        (supervised, own)
    };
    let groups = [
        group(visitor, "", &[&overview[..], &first].concat()),
        group(visitor, "menu-mine", &mine),
        group(visitor, "menu-site", &site),
        group(visitor, "menu-service", &service),
    ];
    groups
        .into_iter()
        .filter(|group| !group.items.is_empty())
        .collect()
}

fn group(visitor: &Visitor, name: &str, entries: &[(&'static str, &'static str)]) -> MenuGroup {
    let say = |key: &str| visitor.locale().text(key, &Args::new());
    let path = visitor.address().split('?').next().unwrap_or_default();
    // Pages that stand under another one's entry.
    let path = match path.split('/').nth(1) {
        Some("lists" | "suppressions") => "/recipients",
        Some("runs") => "/mailings",
        Some("deliveries") => "/log",
        _ => path,
    };
    let is_at = |url: &str| {
        path.strip_prefix(url)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    MenuGroup {
        name: if name.is_empty() {
            String::new()
        } else {
            say(name)
        },
        items: entries
            .iter()
            .map(|(url, key)| MenuItem {
                url,
                label: say(key),
                current: is_at(url),
            })
            .collect(),
    }
}
