//! `/content/posts`: the blog for those who write it.

mod editor;
mod list;
mod picture;
mod preview;
mod publish;
mod trash;
mod typed;
mod view;

use mailing_core::id::PostId;
use mailing_core::ports::store::KeptPost;
use mailing_core::post::Post;
use poem::web::Path;
use poem::{Response, handler};

pub(crate) use self::editor::{create, edit, new, save};
pub(crate) use self::list::index;
pub(crate) use self::picture::{FORM_MAX, ask_remove, put, remove, show as show_picture};
pub(crate) use self::preview::{saved as preview_saved, typed as preview_typed};
pub(crate) use self::publish::{ask as ask_publish, release, unpublish};
pub(crate) use self::trash::{delete, undelete};
#[cfg(test)]
pub(super) use self::{
    list::samples as list_samples, picture::samples as picture_samples,
    publish::samples as publish_samples, view::samples as editor_samples,
};

use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::{Site, TheSite, see_other};
use crate::view::Link;
use crate::visitor::CurrentActor;

/// The list.
const PATH: &str = "/content/posts";

/// The page of a post is its editor.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
) -> Result<Response, PageError> {
    let kept = site.services.posts.show(&actor, id(&wanted)?).await?;
    Ok(see_other(&address(kept.post.id)))
}

fn id(text: &str) -> Result<PostId, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

/// The editor of a post.
fn address(id: PostId) -> String {
    format!("{PATH}/{id}/edit")
}

/// A post that is not in the trash.
async fn live(
    site: &Site,
    actor: &mailing_core::policy::Actor,
    id: PostId,
) -> Result<KeptPost, PageError> {
    let kept = site.services.posts.show(actor, id).await?;
    match kept.deleted_at {
        None => Ok(kept),
        Some(_) => Err(PageError::not_found()),
    }
}

/// The link back to the list.
fn parent(locale: &Locale) -> Link {
    Link {
        url: PATH.to_owned(),
        label: locale.text("menu-posts", &Args::new()),
    }
}

/// The link back to the editor.
fn to_editor(post: &Post) -> Link {
    Link {
        url: address(post.id),
        label: post.title.as_str().to_owned(),
    }
}
