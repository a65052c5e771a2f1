//! The demo's blog: posts in both languages, a planned one, a draft.

use chrono::{Duration, SubsecRound as _};

use mailing_core::error::Error;
use mailing_core::policy::Actor;
use mailing_core::ports::Clock as _;
use mailing_core::post::Visit;
use mailing_core::services::{NewPicture, PostDraft};
use mailing_core::user::User;

use super::drawings;
use super::post_texts::{POSTS, PostText};
use crate::App;
use crate::system::SystemClock;

/// A person, as far as the blog can tell.
const READER: Visit<'static> = Visit {
    user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"),
    is_get: true,
    is_prefetch: false,
};

/// Writes the posts for a content manager, and has some of them read.
pub(super) async fn write(app: &App, writer: &User) -> Result<(), Error> {
    let actor = Actor::user(writer);
    for text in POSTS {
        write_one(app, &actor, text).await?;
    }
    app.services.blog.flush_views().await
}

async fn write_one(app: &App, actor: &Actor, text: &PostText) -> Result<(), Error> {
    let draft = PostDraft {
        title: text.title.to_owned(),
        content: text.content.to_owned(),
        alt: text.alt.to_owned(),
        ..PostDraft::default()
    };
    let picture = match text.drawing {
        Some(palette) => NewPicture::Put(drawings::envelope(palette)),
        None => NewPicture::Keep,
    };
    let (posts, blog) = (&app.services.posts, &app.services.blog);
    let post = posts.create(actor, &draft, picture).await?;
    let Some(days) = text.days else {
        return Ok(());
    };
    let at = SystemClock.now().trunc_subsecs(0) - Duration::days(days);
    posts.publish(actor, post.id, Some(at)).await?;
    let readers = if days > 0 { text.readers } else { 0 };
    for _ in 0..readers {
        blog.post(post.slug.as_str(), &READER).await?;
    }
    Ok(())
}
