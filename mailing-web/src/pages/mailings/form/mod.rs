//! `/mailings/new` and `/mailings/{id}/edit`: one form, whose every button keeps what was typed.

mod typed;
mod view;
mod window;

use mailing_core::error::{Error, FieldError};
use mailing_core::id::{MailingId, RecipientId};
use mailing_core::mailing::{Audience, Mailing, Stage};
use mailing_core::policy::Actor;
use mailing_core::ports::store::{PageRequest, RecipientFilter};
use mailing_core::schedule::parse_date;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use self::typed::{PICKS_MAX, Typed};
#[cfg(test)]
pub(in crate::pages) use self::view::samples;
use self::view::{Around, Form, NAMED};
use super::forecast::{Card, ROWS};
use super::{PATH, id};
use crate::error::PageError;
use crate::fields::Fields;
use crate::i18n::{Args, Locale};
use crate::site::{Around as Frame, Site, TheSite};
use crate::view::Flash;
use crate::visitor::{CurrentActor, Visitor};

/// Messages that can be chosen: the last ones.
const MESSAGES: u32 = 50;
/// Most recipients that a search shows.
const FOUND: u32 = 20;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    message: String,
    /// `2026-11-23`: the day of the first send.
    date: String,
}

/// An empty form. Message and day may be named in the address; else it is the last message written, and
/// as soon as it is launched.
#[handler]
pub(crate) async fn new(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let mut typed = Typed::empty(visitor.locale());
    typed.message = wanted.message;
    if let Ok(date) = parse_date(&wanted.date) {
        typed.begin_on(visitor.locale(), date);
    }
    let form = OpenForm::new(&site, &visitor, &actor, None);
    form.show(typed, &[], StatusCode::OK).await
}

/// What a button of the form of a new mailing does.
#[handler]
pub(crate) async fn create(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    fields: Fields,
) -> Result<Response, PageError> {
    let form = OpenForm::new(&site, &visitor, &actor, None);
    let mut typed = Typed::of(&fields);
    if form.turns(&mut typed, &fields) {
        return form.show(typed, &[], StatusCode::OK).await;
    }
    let draft = match typed.draft(visitor.locale()) {
        Ok(draft) => draft,
        Err(errors) => return form.refused(typed, errors).await,
    };
    let number = fields.form_id()?;
    let mailings = &site.services.mailings;
    let made = site.once(&actor, number, |actor| async move {
        Ok(mailings.create(&actor, &draft).await?.id.to_string())
    });
    match made.await {
        Ok(made) => Ok(after(&site, &made, &fields, Stage::Draft)),
        Err(Error::Invalid(errors)) => form.refused(typed, errors).await,
        Err(error) => Err(error.into()),
    }
}

/// The form of a mailing that is there.
#[handler]
pub(crate) async fn edit(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let mailing = found(&site, &actor, &wanted).await?;
    let picks = picks(&site, &actor, &mailing).await?;
    let typed = Typed::saved(visitor.locale(), &mailing, picks);
    let form = OpenForm::new(&site, &visitor, &actor, Some(&mailing));
    form.show(typed, &[], StatusCode::OK).await
}

/// What a button of that form does.
#[handler]
pub(crate) async fn change(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let mailing = found(&site, &actor, &wanted).await?;
    let mut form = OpenForm::new(&site, &visitor, &actor, Some(&mailing));
    form.seen = fields.one("seen").parse().unwrap_or(0);
    let mut typed = Typed::of(&fields);
    if form.turns(&mut typed, &fields) {
        return form.show(typed, &[], StatusCode::OK).await;
    }
    let draft = match typed.draft(visitor.locale()) {
        Ok(draft) => draft,
        Err(errors) => return form.refused(typed, errors).await,
    };
    let mailings = &site.services.mailings;
    match mailings.edit(&actor, mailing.id, form.seen, &draft).await {
        Ok(changed) => Ok(after(
            &site,
            &changed.id.to_string(),
            &fields,
            changed.status.stage,
        )),
        Err(Error::Invalid(errors)) => form.refused(typed, errors).await,
        Err(Error::Conflict(_)) => {
            // Saving once more means it: it counts against what is there now.
            form.seen = mailing.version;
            form.conflict = true;
            form.show(typed, &[], StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Where a saved form leads: to the review, or to the mailing.
fn after(site: &Site, id: &str, fields: &Fields, stage: Stage) -> Response {
    let path = format!("{PATH}/{id}");
    match (stage, fields.one("do")) {
        (Stage::Draft, "draft") => site.done(&path, &Flash::done("mailing-kept")),
        (Stage::Draft, _) => crate::site::see_other(&format!("{path}/review")),
        _ => site.done(&path, &Flash::done("mailing-changed")),
    }
}

async fn found(site: &Site, actor: &Actor, wanted: &str) -> Result<Mailing, PageError> {
    let id = id(wanted)?;
    Ok(site.services.mailings.show(actor, id, 0).await?.mailing)
}

/// Who was picked, if they are few enough for a form.
async fn picks(
    site: &Site,
    actor: &Actor,
    mailing: &Mailing,
) -> Result<Option<Vec<RecipientId>>, PageError> {
    match mailing.audience {
        Audience::Chosen(many) if many > PICKS_MAX as u64 => Ok(None),
        Audience::Chosen(_) => {
            let mailings = &site.services.mailings;
            Ok(Some(mailings.chosen(actor, mailing.id, PICKS_MAX).await?))
        }
        Audience::All | Audience::Lists(_) => Ok(Some(Vec::new())),
    }
}

/// A form on its way.
struct OpenForm<'a> {
    site: &'a Site,
    visitor: &'a Visitor,
    actor: &'a Actor,
    mailing: Option<&'a Mailing>,
    seen: i64,
    conflict: bool,
}

impl<'a> OpenForm<'a> {
    fn new(
        site: &'a Site,
        visitor: &'a Visitor,
        actor: &'a Actor,
        mailing: Option<&'a Mailing>,
    ) -> Self {
        Self {
            site,
            visitor,
            actor,
            mailing,
            seen: mailing.map_or(0, |mailing| mailing.version),
            conflict: false,
        }
    }

    /// Carries out a button that only changes the form. False for those that save.
    fn turns(&self, typed: &mut Typed, fields: &Fields) -> bool {
        let ticked = || fields.all("pick").filter_map(|id| id.parse().ok());
        let pressed = fields.one("do");
        match pressed.split_once(':').unwrap_or((pressed, "")) {
            ("forecast" | "find", _) => {}
            ("pick", _) => typed.pick(ticked()),
            ("unpick", id) => {
                if let Ok(id) = id.parse() {
                    typed.unpick(id);
                }
            }
            ("add", _) => typed.add_window(self.visitor.locale()),
            ("remove", index) => typed.remove_window(index.parse().unwrap_or(usize::MAX)),
            ("now", _) => typed.now = true,
            _ => return false,
        }
        // Where a search was typed, Enter may have pressed the first button of the form.
        true
    }

    async fn refused(&self, typed: Typed, errors: Vec<FieldError>) -> Result<Response, PageError> {
        self.show(typed, &errors, StatusCode::UNPROCESSABLE_ENTITY)
            .await
    }

    async fn show(
        &self,
        mut typed: Typed,
        errors: &[FieldError],
        status: StatusCode,
    ) -> Result<Response, PageError> {
        let (services, actor) = (&self.site.services, self.actor);
        let first = PageRequest::first(MESSAGES);
        let messages = services.messages.page(actor, &first).await?.items;
        if typed.message.is_empty()
            && let Some(newest) = messages.first()
        {
            typed.message = newest.id.to_string();
        }
        let around = Around {
            saved: self.mailing.map(|mailing| {
                let path = format!("{PATH}/{}", mailing.id);
                (path, self.seen, mailing.status.stage)
            }),
            messages,
            senders: services.senders.list(actor).await?,
            lists: services.recipients.lists(actor).await?,
            active: services.recipients.counts(actor).await?.active,
            found: self.found(&typed).await?,
            picked: self.picked(&typed).await?,
            forecast: self.forecast(&typed).await?,
            conflict: self
                .conflict
                .then(|| self.visitor.locale().text("mailing-conflict", &Args::new())),
        };
        let page = Form::new(self.visitor.locale(), &typed, around, errors);
        self.site
            .page_with(self.visitor, &page, Frame::Menu, status)
    }

    async fn found(
        &self,
        typed: &Typed,
    ) -> Result<Option<Vec<mailing_core::recipient::Recipient>>, PageError> {
        let search = typed.query.trim();
        if search.is_empty() {
            return Ok(None);
        }
        let filter = RecipientFilter {
            search: Some(search.to_owned()),
            ..RecipientFilter::default()
        };
        let recipients = &self.site.services.recipients;
        let first = PageRequest::first(FOUND);
        let page = recipients.page(self.actor, &filter, &first);
        Ok(Some(page.await?.items))
    }

    async fn picked(
        &self,
        typed: &Typed,
    ) -> Result<Vec<mailing_core::recipient::Recipient>, PageError> {
        let mut picked = Vec::new();
        for id in typed.picks.iter().take(NAMED) {
            match self.site.services.recipients.show(self.actor, *id).await {
                Ok(recipient) => picked.push(recipient),
                Err(Error::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(picked)
    }

    /// The card beside the form; what keeps it from being told stands in its place.
    async fn forecast(&self, typed: &Typed) -> Result<Card, PageError> {
        let locale = self.visitor.locale();
        let zone: Locale = typed
            .zone(locale)
            .map_or(*locale, |zone| locale.in_zone(zone));
        let unclear = || Card::none(locale.text("forecast-unclear", &Args::new()));
        let Ok(windows) = typed.schedules(locale) else {
            return Ok(unclear());
        };
        let of = self.mailing.map(|mailing| mailing.id);
        let mailings = &self.site.services.mailings;
        let audience = typed.audience();
        match mailings
            .forecast(self.actor, &windows, &audience, of, ROWS)
            .await
        {
            Ok(forecast) => Ok(Card::new(&zone, &windows, &forecast)),
            Err(Error::Invalid(_)) => Ok(unclear()),
            Err(error) => Err(error.into()),
        }
    }
}

/// A mailing's form.
pub(super) fn address(id: MailingId) -> String {
    format!("{PATH}/{id}/edit")
}
