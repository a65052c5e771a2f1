//! Who asks, and how they want to be answered: made once per request.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::Duration;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use futures::future::{Either, select};
use mailing_core::code;
use mailing_core::error::{Error, Refusal};
use mailing_core::policy::Actor;
use mailing_core::schedule::Zone;
use mailing_core::services::SignedIn;
use mailing_core::user::{Device, LinkToken, SessionToken, TokenHash};
use poem::http::{Method, header};
use poem::{FromRequest, Request, RequestBody};

use crate::client;
use crate::cookies::{self, Name};
use crate::csrf;
use crate::error::PageError;
use crate::i18n::{Lang, Locale};
use crate::pages::help::OFF;
use crate::site::Site;
use crate::urls::{holds_token, local_path};
use crate::view::{Flash, FlashView};

/// The longest that a request waits to learn whose it is.
const SESSION_TIME: Duration = Duration::seconds(10);

/// Whose request it is.
#[derive(Debug, Clone)]
pub(crate) enum Identity {
    /// Nobody's that we know.
    Guest,
    /// A user's.
    User(Box<SignedIn>),
    /// A blocked user's: the session is over, the reason is told.
    Blocked(Refusal),
    /// There is a session, but the store does not tell whose.
    Unknown(Refusal),
}

/// What a request tells about its sender. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Visitor(Arc<Inner>);

struct Inner {
    identity: Identity,
    session: Option<SessionToken>,
    /// What the form token is made from.
    secret: String,
    secret_is_new: bool,
    form_shown: AtomicBool,
    /// What the next page is to say once.
    flash: Option<Flash>,
    flash_shown: AtomicBool,
    locale: Locale,
    theme: Option<&'static str>,
    has_help_key: bool,
    /// The page of ours that the request came from: path and query.
    came_from: Option<String>,
    /// Path and query, to come back to.
    address: String,
    request_id: String,
    is_get: bool,
    wants_json: bool,
    client: String,
    /// What the browser says of itself, where it could be signed in.
    device: Option<Device>,
    /// The visitor writes the blog; `None` where nobody asked, or it could not be known.
    writes_posts: Option<bool>,
}

impl Visitor {
    /// Reads cookies and headers, and asks whose session it is.
    pub(crate) async fn of(req: &Request, site: &Site, request_id: String) -> Self {
        let secure = site.settings.is_secure();
        let session = if is_for_anybody(req.uri().path()) {
            None
        } else {
            cookies::read(req, Name::Session, secure).map(|text| SessionToken::presented(&text))
        };
        let identity = match &session {
            Some(token) => identify(site, token).await,
            None => Identity::Guest,
        };
        let writes_posts = match &identity {
            Identity::User(user) if has_menu(req) => {
                // A menu lacks an entry while the store is away; the page itself says why.
                site.services.posts.may_write(&user.actor).await.ok()
            }
            _ => None,
        };
        let (secret, secret_is_new) = match (&identity, &session) {
            (Identity::User(_) | Identity::Unknown(_), Some(token)) => {
                (token.reveal().to_owned(), false)
            }
            _ => cookies::read(req, Name::Visitor, secure)
                .map_or_else(|| (random(site), true), |secret| (secret, false)),
        };
        let inner = Inner {
            locale: locale(req, site, &identity),
            theme: theme(req, secure),
            has_help_key: cookies::read(req, Name::HelpKey, secure).as_deref() != Some(OFF),
            came_from: came_from(req, site),
            identity,
            session,
            secret,
            secret_is_new,
            form_shown: AtomicBool::new(false),
            flash: cookies::read(req, Name::Flash, secure)
                .and_then(|cookie| Flash::opened(&site.settings.csrf_key, &cookie)),
            flash_shown: AtomicBool::new(false),
            address: req
                .uri()
                .path_and_query()
                .map_or("/", |pq| pq.as_str())
                .to_owned(),
            request_id,
            is_get: req.method() == Method::GET,
            wants_json: wants_json(req),
            client: client::block(req, &site.settings.trusted_proxies),
            device: device(req),
            writes_posts,
        };
        Self(Arc::new(inner))
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// The user, if the session is a living one.
    pub(crate) fn user(&self) -> Option<&SignedIn> {
        match &self.0.identity {
            Identity::User(signed_in) => Some(signed_in),
            _ => None,
        }
    }

    /// The user's name, or address where there is no name; empty for a guest.
    pub(crate) fn name(&self) -> String {
        self.user().map_or_else(String::new, |signed_in| {
            let user = &signed_in.user;
            user.name
                .as_ref()
                .map_or_else(|| user.email.to_string(), |name| name.as_str().to_owned())
        })
    }

    /// The token that came with the request, valid or not.
    pub(crate) fn session(&self) -> Option<&SessionToken> {
        self.0.session.as_ref()
    }

    pub(crate) fn locale(&self) -> &Locale {
        &self.0.locale
    }

    pub(crate) fn lang(&self) -> Lang {
        self.0.locale.lang
    }

    pub(crate) fn theme(&self) -> Option<&'static str> {
        self.0.theme
    }

    /// True unless the visitor has switched the key off that opens the help.
    pub(crate) fn has_help_key(&self) -> bool {
        self.0.has_help_key
    }

    /// Path and query of the page of ours that the request came from, if it is another one.
    pub(crate) fn came_from(&self) -> Option<&str> {
        self.0.came_from.as_deref()
    }

    /// Path and query of the request.
    pub(crate) fn address(&self) -> &str {
        &self.0.address
    }

    pub(crate) fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// True for a `GET`. A `HEAD` comes to handlers as one too.
    pub(crate) fn is_get(&self) -> bool {
        self.0.is_get
    }

    /// True when the answer is for a program.
    pub(crate) fn wants_json(&self) -> bool {
        self.0.wants_json
    }

    /// The block of addresses the request came from.
    pub(crate) fn client(&self) -> &str {
        &self.0.client
    }

    /// What the browser says of itself, when it sends a form.
    pub(crate) fn device(&self) -> Option<Device> {
        self.0.device
    }

    /// What names a guest's browser, so that it is known again when it follows the link of a letter:
    /// not what it holds, but a hash of that.
    pub(crate) fn browser(&self) -> Option<TokenHash> {
        let known = self.user().is_none() && !self.0.secret_is_new;
        known.then(|| LinkToken::presented(&self.0.secret).hash())
    }

    /// Whether the user may write posts; `None` where that was not asked, or could not be known.
    pub(crate) fn writes_posts(&self) -> Option<bool> {
        self.0.writes_posts
    }

    /// True for a user whose address is still to be proved.
    pub(crate) fn is_unverified(&self) -> bool {
        self.user()
            .is_some_and(|signed_in| signed_in.user.verified_at.is_none())
    }

    /// The token for the forms of a page. Remembers that there is one, so that only pages with forms
    /// set a guest's cookie.
    pub(crate) fn form_token(&self, site: &Site) -> String {
        self.0.form_shown.store(true, Ordering::Relaxed);
        let user = self.user().map(|signed_in| signed_in.user.id);
        csrf::token(&site.settings.csrf_key, &self.0.secret, user)
    }

    /// True when `presented` is the token of this visitor's forms.
    pub(crate) fn holds_token(&self, site: &Site, presented: &str) -> bool {
        !self.0.secret_is_new && csrf::holds(&site.settings.csrf_key, &self.0.secret, presented)
    }

    /// What the page is to say about the form before it. Remembers that it was said.
    pub(crate) fn take_flash(&self) -> Option<FlashView> {
        let view = self.0.flash.as_ref()?.view(self.locale());
        self.0.flash_shown.store(true, Ordering::Relaxed);
        view
    }

    /// True when the cookie with the sentence has done its work.
    pub(crate) fn has_shown_flash(&self) -> bool {
        self.0.flash_shown.load(Ordering::Relaxed)
    }

    /// The secret that must be kept in a cookie, when a form was shown to a guest without one.
    pub(crate) fn secret_to_keep(&self) -> Option<&str> {
        let wanted = self.0.secret_is_new && self.0.form_shown.load(Ordering::Relaxed);
        wanted.then_some(self.0.secret.as_str())
    }
}

impl<'a> FromRequest<'a> for Visitor {
    async fn from_request(req: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let visitor = req.data::<Self>().cloned();
        Ok(visitor.ok_or_else(|| PageError::misbuilt("no visitor"))?)
    }
}

/// The signed-in user of a route that only signed-in users reach.
pub(crate) struct CurrentActor(pub(crate) Actor);

impl<'a> FromRequest<'a> for CurrentActor {
    async fn from_request(req: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let visitor = Visitor::from_request(req, body).await?;
        let user = visitor
            .user()
            .ok_or_else(|| PageError::misbuilt("no user"))?;
        Ok(Self(user.actor.clone()))
    }
}

/// Assets, health, the links in mail, and what programs read of the blog are the same for everybody: no
/// session is looked up for them.
fn is_for_anybody(path: &str) -> bool {
    let below = ["/assets/", "/health/", "/u/", "/blog/pictures/"];
    let alone = ["/blog/feed.xml", "/sitemap.xml", "/robots.txt"];
    below.iter().any(|prefix| path.starts_with(prefix)) || alone.contains(&path)
}

/// False for what is answered without a page: lines of events, and what programs read.
fn has_menu(req: &Request) -> bool {
    let accept = req.header(header::ACCEPT).unwrap_or_default();
    !wants_json(req) && !accept.contains("text/event-stream")
}

/// Asks whose session it is, and does not wait for ever.
async fn identify(site: &Site, token: &SessionToken) -> Identity {
    let clock = site.settings.clock.as_ref();
    let late = clock.sleep_until(clock.now() + SESSION_TIME);
    let asked = pin!(site.services.sign_in.who(token));
    match select(asked, late).await {
        Either::Left((Ok(Some(signed_in)), _)) => Identity::User(Box::new(signed_in)),
        Either::Left((Ok(None), _)) => Identity::Guest,
        Either::Left((Err(Error::Denied(refusal)), _)) => Identity::Blocked(refusal),
        Either::Left((Err(error), _)) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "session is not known"
            );
            Identity::Unknown(Refusal::new(error.code()))
        }
        Either::Right(_) => {
            tracing::error!("the store does not tell whose session it is");
            Identity::Unknown(code::STORE_UNAVAILABLE.into())
        }
    }
}

fn random(site: &Site) -> String {
    let mut bytes = [0u8; 32];
    site.settings.entropy.fill(&mut bytes);
    BASE64URL_NOPAD.encode(&bytes)
}

/// A short id for a request, to be told on the telephone.
pub(crate) fn request_id(site: &Site) -> String {
    let mut bytes = [0u8; 5];
    site.settings.entropy.fill(&mut bytes);
    HEXLOWER.encode(&bytes)
}

fn chosen(req: &Request, site: &Site) -> Option<Lang> {
    let tag = cookies::read(req, Name::Language, site.settings.is_secure())?;
    tag.parse().ok()
}

fn accepted(req: &Request) -> Option<Lang> {
    let header = req.header(header::ACCEPT_LANGUAGE)?;
    Lang::from_accept_language(header)
}

/// The language that somebody without an account has chosen, or whose browser speaks it.
pub(crate) fn wished_language(req: &Request, site: &Site) -> Option<Lang> {
    chosen(req, site).or_else(|| accepted(req))
}

/// Language: the chosen one, else the user's, else the browser's. Zone: the user's.
fn locale(req: &Request, site: &Site, identity: &Identity) -> Locale {
    let user = match identity {
        Identity::User(signed_in) => Some(&signed_in.user),
        _ => None,
    };
    let lang = chosen(req, site)
        .or_else(|| user.map(|user| user.language.into()))
        .or_else(|| accepted(req))
        .unwrap_or_default();
    let zone = user.map_or(Zone::utc(), |user| user.zone);
    Locale::new(lang, zone, site.settings.clock.now())
}

fn theme(req: &Request, secure: bool) -> Option<&'static str> {
    let chosen = cookies::read(req, Name::Theme, secure)?;
    crate::pages::prefs::THEMES
        .into_iter()
        .find(|theme| *theme == chosen)
}

/// The page before, as the browser tells it: only a path of this site, and none that holds a key.
fn came_from(req: &Request, site: &Site) -> Option<String> {
    let path = req
        .header(header::REFERER)?
        .strip_prefix(site.settings.origin())?;
    let is_ours = !path.is_empty() && local_path(path, "") == path && !holds_token(path);
    is_ours.then(|| path.to_owned())
}

/// Nobody is signed in by what only reads.
fn device(req: &Request) -> Option<Device> {
    let sends = !req.method().is_safe();
    let said = req.header(header::USER_AGENT).filter(|_| sends);
    said.and_then(Device::of)
}

fn wants_json(req: &Request) -> bool {
    let accept = req.header(header::ACCEPT).unwrap_or_default();
    !accept.contains("text/html") && accept.contains("json")
}
