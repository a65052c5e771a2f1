//! Publishing: now or at an instant, and taking it back.

use mailing_core::error::{Error, FieldError};
use mailing_core::ports::store::KeptPost;
use mailing_core::post::{Post, PostState};
use mailing_core::schedule::parse_instant;
use mailing_core::time::Timestamp;
use poem::http::StatusCode;
use poem::web::{Form, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{PATH, address, id, live, to_editor};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::pages::blog;
use crate::site::{Around, TheSite};
use crate::templates::Page;
use crate::view::{Choice, Fault, Flash, Link, Opt, form_title};
use crate::visitor::{CurrentActor, Visitor};

/// The question when.
#[derive(Serialize)]
struct Publish {
    name: String,
    parent: Link,
    url: String,
    errors: Vec<Fault>,
    happens: String,
    no_picture: bool,
    when: Choice,
    now: Opt,
    later: Opt,
    at: Pair,
    zone: String,
}

/// Date and time.
#[derive(Serialize)]
struct Pair {
    name: &'static str,
    label: String,
    date: String,
    time: String,
    error: Option<String>,
}

/// When it shall be, as typed. `at` is exact: it comes from the button that takes something back.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct When {
    when: String,
    at_date: String,
    at_time: String,
    at: String,
}

impl Page for Publish {
    const TEMPLATE: &'static str = "content/publish.html";

    fn title(&self, locale: &Locale) -> String {
        let name = Args::new().text("title", self.name.clone());
        let title = locale.text("post-publish-title", &name);
        form_title(locale, title, !self.errors.is_empty())
    }
}

/// Asks when a post shall be published.
#[handler]
pub(crate) async fn ask(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let post = live(&site, &actor, id(&wanted)?).await?.post;
    let when = When::of(visitor.locale(), &post);
    let page = Publish::new(visitor.locale(), site.settings.origin(), &post, &when, &[]);
    site.page(&visitor, &page)
}

/// Publishes a post, or gives it another date. The next page has the way back.
#[handler]
pub(crate) async fn release(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Form(when): Form<When>,
) -> Result<Response, PageError> {
    let (id, locale) = (id(&wanted)?, visitor.locale());
    let before = live(&site, &actor, id).await?.post;
    let at = match when.read(locale) {
        Ok(at) => at,
        Err(error) => {
            let origin = site.settings.origin();
            let page = Publish::new(locale, origin, &before, &when, &[error]);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return site.page_with(&visitor, &page, Around::Menu, status);
        }
    };
    let post = site.services.posts.publish(&actor, id, at).await?;
    let mut flash = match post.state.published_at() {
        Some(at) if at > locale.now => {
            Flash::done("post-planned").text("when", &locale.sentence(at))
        }
        _ => Flash::done("post-published"),
    };
    if before.state != post.state {
        flash = match before.state.published_at() {
            None => flash.undo(format!("{PATH}/{id}/unpublish"), &[]),
            Some(at) => flash.undo(format!("{PATH}/{id}/publish"), &[("at", exact(at))]),
        };
    }
    Ok(site.done(&address(id), &flash))
}

/// Makes a post a draft again. A second time does no harm.
#[handler]
pub(crate) async fn unpublish(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let KeptPost { post, .. } = live(&site, &actor, id).await?;
    let mut flash = Flash::done("post-unpublished");
    if let Some(at) = post.state.published_at() {
        match site.services.posts.unpublish(&actor, id).await {
            Ok(_) => flash = flash.undo(format!("{PATH}/{id}/publish"), &[("at", exact(at))]),
            // Another window was quicker.
            Err(Error::Conflict(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(site.done(&address(id), &flash))
}

/// An instant to be read back as it was.
fn exact(at: Timestamp) -> String {
    at.to_rfc3339()
}

impl When {
    /// What the form begins with: what is planned, or now.
    fn of(locale: &Locale, post: &Post) -> Self {
        let planned = post.state.published_at();
        let local = locale.zone.local(planned.unwrap_or(locale.now));
        Self {
            when: if planned.is_some() { "later" } else { "now" }.to_owned(),
            at_date: locale.write_date(local.date_naive()),
            at_time: locale
                .zone
                .local(planned.unwrap_or(locale.now))
                .format("%H:%M")
                .to_string(),
            at: String::new(),
        }
    }

    /// The instant; `None` for now.
    fn read(&self, locale: &Locale) -> Result<Option<Timestamp>, FieldError> {
        let wrong = |refusal| FieldError::new("at", refusal);
        if !self.at.is_empty() {
            return parse_instant(&self.at).map(Some).map_err(wrong);
        }
        if self.when != "later" {
            return Ok(None);
        }
        let date = locale.read_date(&self.at_date).map_err(wrong)?;
        let time = locale.read_time(&self.at_time).map_err(wrong)?;
        Ok(Some(locale.zone.resolve(date.and_time(time)).at))
    }
}

impl Publish {
    fn new(locale: &Locale, origin: &str, post: &Post, when: &When, errors: &[FieldError]) -> Self {
        let say = |key: &str| locale.text(key, &Args::new());
        let is_later = when.when == "later" || !when.at.is_empty();
        let key = match post.state {
            PostState::Draft => "post-publish-happens",
            PostState::Published { .. } => "post-move-happens",
        };
        let url = format!("{origin}{}", blog::address(&post.slug));
        let error = errors.iter().find(|error| error.field == "at");
        Self {
            name: post.title.as_str().to_owned(),
            parent: to_editor(post),
            url: format!("{PATH}/{}/publish", post.id),
            errors: Fault::all(locale, errors),
            happens: locale.text(key, &Args::new().text("url", url)),
            no_picture: post.picture.is_none(),
            when: Choice::new(locale, "when", errors),
            now: Opt::new("now", say("post-publish-now"), !is_later),
            later: Opt::new("later", say("post-publish-later"), is_later),
            at: Pair {
                name: "at",
                label: locale.field_label("at"),
                date: when.at_date.clone(),
                time: when.at_time.clone(),
                error: error.map(|error| locale.field_message(error)),
            },
            zone: locale.zone_at(locale.now),
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::testing::builders::post;

    use crate::pages::samples::HOSTILE;

    let clean = HOSTILE.replace('\u{202e}', "");
    let draft = post().titled(&clean).build();
    let public = post().published(locale.now).build();
    let wrong = When {
        when: "later".to_owned(),
        at_date: HOSTILE.to_owned(),
        ..When::default()
    };
    let error = wrong.read(locale).unwrap_err();
    let page = |post: &Post, when: &When, errors: &[FieldError]| {
        Publish::new(locale, "https://mailing.example.com", post, when, errors)
    };
    vec![
        page(&draft, &When::of(locale, &draft), &[]),
        page(&public, &When::of(locale, &public), &[]),
        page(&draft, &wrong, &[error]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::pages::samples::locale;

    fn later(date: &str, time: &str) -> When {
        When {
            when: "later".to_owned(),
            at_date: date.to_owned(),
            at_time: time.to_owned(),
            at: String::new(),
        }
    }

    #[test]
    fn a_date_is_read_in_the_writers_zone() {
        let locale = locale(Lang::Ru);
        let at = later("31.12.2026", "9:00").read(&locale).unwrap().unwrap();
        assert_eq!(at.to_rfc3339(), "2026-12-31T06:00:00+00:00");
        assert_eq!(When::default().read(&locale).unwrap(), None);
        for (date, time) in [
            ("", "09:00"),
            ("31.02.2026", "09:00"),
            ("1.1.2027", "25:00"),
        ] {
            assert_eq!(later(date, time).read(&locale).unwrap_err().field, "at");
        }
    }

    #[test]
    fn what_a_field_shows_and_what_an_undo_sends_is_read_back() {
        use mailing_core::testing::builders::post;
        for lang in Lang::ALL {
            let locale = locale(lang);
            let planned = post().published(locale.now).build();
            let shown = When::of(&locale, &planned);
            assert_eq!(shown.read(&locale).unwrap(), Some(locale.now));
            let undo = When {
                at: exact(locale.now),
                ..When::default()
            };
            assert_eq!(undo.read(&locale).unwrap(), Some(locale.now));
        }
    }
}
