//! `/u/{token}`: the link in every mail. Reading it changes nothing, so that scanners and previews do
//! no harm (S37); mail programs post to it at one click (RFC 8058), people press a button.

use mailing_core::id::ListId;
use mailing_core::services::UnsubscribeView;
use poem::http::{StatusCode, header};
use poem::web::{Form, Path, Query};
use poem::{Request, Response, handler};
use serde::{Deserialize, Serialize};

use crate::error::PageError;
use crate::i18n::{Args, Lang, Locale};
use crate::site::{TheSite, see_other};
use crate::templates::Page;
use crate::view::Link;
use crate::visitor::{Visitor, wished_language};

/// The value of `List-Unsubscribe` that RFC 8058 asks for.
const ONE_CLICK: &str = "One-Click";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    #[serde(rename = "List-Unsubscribe")]
    list_unsubscribe: Option<String>,
    action: Option<String>,
    leave: Option<String>,
    rejoin: Option<String>,
}

/// What the address of the page says beside the token.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    lang: String,
    /// The list that was left just now.
    left: String,
}

#[derive(Serialize)]
struct Leave {
    /// Nobody is there any more.
    gone: bool,
    done: bool,
    /// Empty when it was erased.
    address: String,
    sender: String,
    /// The list that was left just now, to be come back to; empty when none was.
    left: String,
    lists: Vec<OneList>,
    other: Link,
    other_tag: &'static str,
}

#[derive(Serialize)]
struct OneList {
    id: String,
    name: String,
}

impl Leave {
    fn new(view: Option<UnsubscribeView>, lang: Lang, left: Option<ListId>) -> Self {
        let other = lang.other();
        let link = Link {
            url: format!("?lang={}", other.tag()),
            label: other.own_name().to_owned(),
        };
        let Some(view) = view else {
            return Self {
                gone: true,
                done: true,
                address: String::new(),
                sender: String::new(),
                left: String::new(),
                lists: Vec::new(),
                other: link,
                other_tag: other.tag(),
            };
        };
        let left = left.filter(|left| view.lists.iter().all(|list| list.id != *left));
        let lists = view.lists.into_iter().map(|list| OneList {
            id: list.id.to_string(),
            name: list.name.as_str().to_owned(),
        });
        Self {
            gone: false,
            done: view.unsubscribed,
            address: view.masked_address.unwrap_or_default(),
            sender: view.sender,
            left: left.map_or_else(String::new, |left| left.to_string()),
            lists: lists.collect(),
            other: link,
            other_tag: other.tag(),
        }
    }
}

impl Page for Leave {
    const TEMPLATE: &'static str = "unsubscribe/show.html";

    fn title(&self, locale: &Locale) -> String {
        let key = match (self.gone, self.done) {
            (true, _) => "unsubscribe-gone-title",
            (_, true) => "unsubscribe-done-title",
            _ => "unsubscribe-title",
        };
        locale.text(key, &Args::new())
    }
}

/// The question, or that it is done already: in the reader's language if that is one of ours, else in
/// the sender's.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    req: &Request,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    let view = site.services.unsubscribe.look(&token).await?;
    let lang = (wanted.lang.parse().ok())
        .or_else(|| wished_language(req, &site))
        .or_else(|| view.as_ref().map(|view| view.language.into()))
        .unwrap_or_default();
    let locale = Locale {
        lang,
        ..*visitor.locale()
    };
    let page = Leave::new(view, lang, wanted.left.parse().ok());
    site.bare_page(&visitor, &locale, &page)
}

/// Takes leave at one click, or does what the page's button says.
#[handler]
pub(crate) async fn act(
    TheSite(site): TheSite,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
    Form(wish): Form<Wish>,
) -> Result<Response, PageError> {
    let unsubscribe = &site.services.unsubscribe;
    let list = |id: &str| id.parse::<ListId>().map_err(|_| PageError::not_found());
    let mut left = None;
    match wish {
        Wish {
            list_unsubscribe: Some(word),
            ..
        } if word == ONE_CLICK => {
            unsubscribe.confirm(&token).await?;
            return Ok(Response::builder()
                .header(header::CACHE_CONTROL, "no-store")
                .finish());
        }
        Wish {
            leave: Some(id), ..
        } => {
            let id = list(&id)?;
            unsubscribe.leave_list(&token, id).await?;
            left = Some(id);
        }
        Wish {
            rejoin: Some(id), ..
        } => {
            unsubscribe.return_to_list(&token, list(&id)?).await?;
        }
        Wish {
            action: Some(action),
            ..
        } if action == "unsubscribe" => {
            unsubscribe.confirm(&token).await?;
        }
        Wish {
            action: Some(action),
            ..
        } if action == "undo" => {
            unsubscribe.undo(&token).await?;
        }
        _ => return Err(PageError::Request(StatusCode::BAD_REQUEST)),
    }
    let lang: Option<Lang> = wanted.lang.parse().ok();
    let pairs: Vec<_> = [
        lang.map(|lang| ("lang", lang.tag().to_owned())),
        left.map(|left| ("left", left.to_string())),
    ]
    .into_iter()
    .flatten()
    .collect();
    Ok(match serde_urlencoded::to_string(&pairs) {
        Ok(query) if !query.is_empty() => see_other(&format!("/u/{token}?{query}")),
        _ => see_other(&format!("/u/{token}")),
    })
}

#[cfg(test)]
pub(super) fn samples() -> Vec<impl Page> {
    use mailing_core::testing::builders::{id, list, start};
    let hostile = super::samples::HOSTILE;
    let view = |unsubscribed, lists| UnsubscribeView {
        masked_address: Some("a***@example.org".to_owned()),
        sender: hostile.to_owned(),
        unsubscribed,
        lists,
        language: mailing_core::user::Language::Ru,
    };
    let erased = |unsubscribed| UnsubscribeView {
        masked_address: None,
        ..view(unsubscribed, Vec::new())
    };
    let lists = || vec![list().named("<b>Клиенты</b>").build()];
    vec![
        Leave::new(Some(view(false, Vec::new())), Lang::En, None),
        Leave::new(Some(view(false, lists())), Lang::Ru, Some(id(start()))),
        Leave::new(Some(view(true, lists())), Lang::Ru, None),
        Leave::new(Some(erased(false)), Lang::Ru, None),
        Leave::new(Some(erased(true)), Lang::En, None),
        Leave::new(None, Lang::En, None),
    ]
}
