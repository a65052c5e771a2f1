//! `/u/{token}`: the link in every mail. Reading it changes nothing, so that scanners and previews do
//! no harm (S37); mail programs post to it at one click (RFC 8058), people press a button.

use mailing_core::services::UnsubscribeView;
use poem::http::{StatusCode, header};
use poem::web::{Form, Path};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Around, TheSite, see_other};
use crate::templates::Page;
use crate::visitor::Visitor;

/// The value of `List-Unsubscribe` that RFC 8058 asks for.
const ONE_CLICK: &str = "One-Click";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    #[serde(rename = "List-Unsubscribe")]
    list_unsubscribe: Option<String>,
    action: Option<String>,
}

#[derive(Serialize)]
struct Leave {
    done: bool,
    address: String,
    sender: String,
}

impl From<UnsubscribeView> for Leave {
    fn from(view: UnsubscribeView) -> Self {
        Self {
            done: view.unsubscribed,
            address: view.masked_address,
            sender: view.sender,
        }
    }
}

impl Page for Leave {
    const TEMPLATE: &'static str = "unsubscribe/show.html";

    fn title(&self, locale: &Locale) -> String {
        let key = if self.done {
            "unsubscribe-done-title"
        } else {
            "unsubscribe-title"
        };
        locale.text(key, &Args::new())
    }
}

/// The question, or that it is done already.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let page = Leave::from(site.services.unsubscribe.look(&token).await?);
    site.page_with(&visitor, &page, Around::Nothing, StatusCode::OK)
}

/// Takes leave at one click, or does what the page's button says.
#[handler]
pub(crate) async fn act(
    TheSite(site): TheSite,
    Path(token): Path<String>,
    Form(wish): Form<Wish>,
) -> Result<Response, PageError> {
    let unsubscribe = &site.services.unsubscribe;
    match (wish.list_unsubscribe.as_deref(), wish.action.as_deref()) {
        (Some(ONE_CLICK), _) => {
            unsubscribe.confirm(&token).await?;
            return Ok(Response::builder()
                .header(header::CACHE_CONTROL, "no-store")
                .finish());
        }
        (_, Some("unsubscribe")) => unsubscribe.confirm(&token).await?,
        (_, Some("undo")) => unsubscribe.undo(&token).await?,
        _ => return Err(PageError::Request(StatusCode::BAD_REQUEST)),
    };
    Ok(see_other(&format!("/u/{token}")))
}

#[cfg(test)]
pub(super) fn samples() -> Vec<impl Page> {
    let leave = |done| Leave {
        done,
        address: "a***@example.org".to_owned(),
        sender: super::samples::HOSTILE.to_owned(),
    };
    vec![leave(false), leave(true)]
}
