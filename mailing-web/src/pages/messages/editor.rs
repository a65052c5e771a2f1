//! Writing a message: a new one, and the editor of one that is there. Whatever button is pressed,
//! nothing that was typed is lost: what is not saved is kept apart.

use mailing_core::error::{Error, FieldError};
use mailing_core::id::{MessageId, RecipientId};
use mailing_core::message::Message;
use mailing_core::policy::Actor;
use mailing_core::ports::store::{PageRequest, RecipientFilter};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use super::files;
use super::typed::Typed;
use super::view::{Asked, Editor, Tab};
use super::{address, id};
use crate::error::PageError;
use crate::fields::Fields;
use crate::middleware::Policy;
use crate::preview::render;
use crate::site::{Around, Site, TheSite, see_other};
use crate::view::Flash;
use crate::visitor::{CurrentActor, Visitor};

/// Most recipients that the search for a preview shows.
const FOUND: u32 = 20;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Shown {
    tab: String,
    q: String,
    r#as: String,
}

/// An empty editor.
#[handler]
pub(crate) async fn new(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(_): CurrentActor,
) -> Result<Response, PageError> {
    site.page(
        &visitor,
        &Editor::new(visitor.locale(), &Typed::default(), &[]),
    )
}

/// Writes a message, once however often the form arrives.
#[handler]
pub(crate) async fn create(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    fields: Fields,
) -> Result<Response, PageError> {
    let typed = Typed::of(&fields);
    let form = fields.form_id()?;
    let (messages, draft) = (&site.services.messages, typed.draft());
    let made = site.once(&actor, form, |actor| async move {
        Ok(messages.create(&actor, &draft).await?.id.to_string())
    });
    match made.await {
        Ok(made) => Ok(after(&site, id(&made)?, fields.one("do") == "send")),
        Err(Error::Invalid(errors)) => {
            let page = Editor::new(visitor.locale(), &typed, &errors);
            refused(&site, &visitor, &page, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) => Err(error.into()),
    }
}

/// The editor with what was typed last, saved or not.
#[handler]
pub(crate) async fn edit(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    Query(shown): Query<Shown>,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let messages = &site.services.messages;
    let now = messages.typed(&actor, id).await?;
    let used = messages.used_by(&actor, id).await?;
    let (locale, message) = (visitor.locale(), &now.message);
    let saved = Typed::from(&message.current.content);
    let unsaved = now
        .unsaved
        .filter(|unsaved| !Typed::from(unsaved.clone()).is(&message.current.content));
    let (typed, errors) = match &unsaved {
        None => (saved, Vec::new()),
        Some(unsaved) => {
            let typed = Typed::from(unsaved.clone());
            let errors = typed.draft().faults();
            (typed, errors)
        }
    };
    let mut page = Editor::of(locale, message, &typed, &errors, &used);
    if let Some(unsaved) = &unsaved {
        page = match unsaved.based_on < message.current.number {
            true => page.beside(locale, message),
            false => page.unsaved(locale, message, unsaved),
        };
    }
    let asked = asked(&site, &visitor, &actor, id, &shown).await?;
    let page = page.previewed(locale, id, asked, &[]);
    let mut response = site.page(&visitor, &page)?;
    response.set_data(Policy::Previewer);
    Ok(response)
}

/// What a button of the editor does: saves, shows another preview, or sends a test.
#[handler]
pub(crate) async fn save(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id = id(&wanted)?;
    let typed = Typed::of(&fields);
    let saves = Saves {
        site: &site,
        visitor: &visitor,
        actor: &actor,
        message: site.services.messages.show(&actor, id).await?,
        seen: fields.one("seen").parse().unwrap_or(0),
        typed,
    };
    match fields
        .one("do")
        .split_once(':')
        .unwrap_or((fields.one("do"), ""))
    {
        ("show", tab) => saves.keep_and_show(tab, &fields).await,
        ("as", recipient) => {
            let query = [("tab", "recipient"), ("as", recipient)];
            saves.keep_and_go(&query).await
        }
        ("files", _) => saves.keep_and_go_to(files::address).await,
        ("test", _) => saves.test(fields.one("to")).await,
        ("send", _) => saves.save(true).await,
        _ => saves.save(false).await,
    }
}

/// A form of the editor on its way.
struct Saves<'a> {
    site: &'a Site,
    visitor: &'a Visitor,
    actor: &'a Actor,
    message: Message,
    seen: u32,
    typed: Typed,
}

impl Saves<'_> {
    async fn save(self, and_send: bool) -> Result<Response, PageError> {
        match self.saved().await {
            Ok(()) => Ok(after(self.site, self.message.id, and_send)),
            Err(error) => self.refused(error, "").await,
        }
    }

    /// Saves unless nothing has changed: a form that arrives twice makes one version.
    async fn saved(&self) -> Result<(), Error> {
        if self.typed.is(&self.message.current.content) {
            return self
                .site
                .services
                .messages
                .discard(self.actor, self.message.id)
                .await;
        }
        let messages = &self.site.services.messages;
        messages
            .edit(self.actor, self.message.id, self.seen, &self.typed.draft())
            .await
            .map(drop)
    }

    async fn keep_and_show(self, tab: &str, fields: &Fields) -> Result<Response, PageError> {
        let query = [("tab", tab), ("q", fields.one("q"))];
        self.keep_and_go(&query).await
    }

    /// Keeps what was typed apart and goes to the editor with these wishes.
    async fn keep_and_go(self, query: &[(&str, &str)]) -> Result<Response, PageError> {
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        self.keep_and_go_to(|message| format!("{}?{query}", address(message.id)))
            .await
    }

    /// Keeps what was typed apart and goes there.
    async fn keep_and_go_to(
        self,
        there: impl Fn(&Message) -> String,
    ) -> Result<Response, PageError> {
        let (messages, id) = (&self.site.services.messages, self.message.id);
        if !self.typed.is(&self.message.current.content) {
            let draft = self.typed.draft();
            match messages.autosave(self.actor, id, self.seen, &draft).await {
                Ok(_) => {}
                Err(error) => return self.refused(error, "").await,
            }
        }
        Ok(see_other(&there(&self.message)))
    }

    /// Saves, and hands a test over to be sent.
    async fn test(self, to: &str) -> Result<Response, PageError> {
        if let Err(error) = self.saved().await {
            return self.refused(error, to).await;
        }
        let addresses: Vec<String> = to
            .split([',', ';', ' ', '\n'])
            .map(str::trim)
            .filter(|address| !address.is_empty())
            .map(str::to_owned)
            .collect();
        let id = self.message.id;
        let tests = &self.site.services.test_sends;
        match tests.take(self.actor, id, &addresses, None).await {
            Ok(test) => {
                let count = i64::try_from(test.to.len()).unwrap_or(i64::MAX);
                self.site.settings.tests.send(test);
                let flash = Flash::done("message-test-sent").number("n", count);
                Ok(self.site.done(&address(id), &flash))
            }
            Err(error) => self.refused(error, to).await,
        }
    }

    /// The editor again, with what was wrong and all that was typed.
    async fn refused(self, error: Error, to: &str) -> Result<Response, PageError> {
        let (errors, status) = match error {
            Error::Invalid(errors) => (errors, StatusCode::UNPROCESSABLE_ENTITY),
            Error::Throttled(refusal) => (
                vec![FieldError::new("to", refusal)],
                StatusCode::TOO_MANY_REQUESTS,
            ),
            Error::Conflict(_) => (Vec::new(), StatusCode::CONFLICT),
            other => return Err(other.into()),
        };
        let (messages, locale) = (&self.site.services.messages, self.visitor.locale());
        let message = messages.show(self.actor, self.message.id).await?;
        let used = messages.used_by(self.actor, message.id).await?;
        let mut page = Editor::of(locale, &message, &self.typed, &errors, &used);
        if status == StatusCode::CONFLICT {
            page = page.beside(locale, &message);
        }
        let mut asked = asked(
            self.site,
            self.visitor,
            self.actor,
            message.id,
            &Shown::default(),
        )
        .await?;
        if !to.is_empty() {
            to.clone_into(&mut asked.test);
        }
        let page = page.previewed(locale, message.id, asked, &errors);
        let mut response = refused(self.site, self.visitor, &page, status)?;
        response.set_data(Policy::Previewer);
        Ok(response)
    }
}

/// Where a saved message leads: back to the editor, or to the form of a mailing that sends it.
fn after(site: &Site, id: MessageId, and_send: bool) -> Response {
    let path = if and_send {
        format!("/mailings/new?message={id}")
    } else {
        address(id)
    };
    site.done(&path, &Flash::done("message-saved"))
}

/// What the right side is to show.
async fn asked(
    site: &Site,
    visitor: &Visitor,
    actor: &Actor,
    id: MessageId,
    shown: &Shown,
) -> Result<Asked, PageError> {
    let recipients = &site.services.recipients;
    let mut asked = Asked {
        tab: Tab::of(&shown.tab),
        query: shown.q.clone(),
        test: visitor
            .user()
            .map_or_else(String::new, |user| user.user.email.to_string()),
        ..Asked::default()
    };
    if let Ok(id) = shown.r#as.parse::<RecipientId>() {
        asked.recipient = Some(recipients.show(actor, id).await?);
    }
    if asked.tab == Tab::Recipient && asked.recipient.is_none() {
        let search = Some(shown.q.trim().to_owned()).filter(|search| !search.is_empty());
        let filter = RecipientFilter {
            search,
            ..RecipientFilter::default()
        };
        let first = PageRequest::first(FOUND);
        let page = recipients.page(actor, &filter, &first);
        asked.found = page.await?.items;
    }
    if asked.tab == Tab::Text {
        let messages = &site.services.messages;
        let preview = match messages.preview_typed(actor, id, None).await {
            Err(Error::Invalid(_)) => messages.preview(actor, id, None).await?,
            other => other?,
        };
        asked.text = render(&preview, visitor.lang())?.text;
    }
    Ok(asked)
}

fn refused(
    site: &Site,
    visitor: &Visitor,
    page: &Editor,
    status: StatusCode,
) -> Result<Response, PageError> {
    site.page_with(visitor, page, Around::Menu, status)
}
