//! The blog and who writes it.

use mailing_core::id::PostId;
use mailing_core::policy::Actor;
use mailing_core::ports::store::PageRequest;
use mailing_core::post::{Shelf, Visit};
use mailing_core::services::{NewPicture, PostDraft, Services};
use mailing_core::testing::builders::{id, start};

use super::things::Things;

/// Calls a method as `actor`, who may not write.
pub(super) async fn call_posts(
    method: &str,
    services: &Services,
    actor: &Actor,
    theirs: &Things,
) -> String {
    let (posts, blog) = (&services.posts, &services.blog);
    let (post, first): (PostId, _) = (id(start()), PageRequest::first(10));
    let draft = PostDraft {
        title: "Title".to_owned(),
        content: "Content".to_owned(),
        ..PostDraft::default()
    };
    let keep = NewPicture::Keep;
    match method {
        "blog.page" => theirs.answered(blog.page(&first).await),
        "blog.post" => theirs.answered(blog.post("zima", &Visit::default()).await),
        "blog.search" => theirs.answered(blog.search("secret", &first).await),
        "blog.moved" => theirs.answered(blog.moved("zima").await),
        "blog.random" => theirs.answered(blog.random(3).await),
        "blog.feed" => theirs.answered(blog.feed().await),
        "blog.sitemap" => theirs.answered(blog.sitemap().await),
        "blog.picture" => theirs.answered(blog.picture("forged").await),
        "blog.flush_views" => theirs.answered(blog.flush_views().await),
        "posts.may_write" => theirs.answered(posts.may_write(actor).await),
        "posts.create" => theirs.answered(posts.create(actor, &draft, keep).await),
        "posts.save" => theirs.answered(posts.save(actor, post, 1, &draft, keep).await),
        "posts.show" => theirs.answered(posts.show(actor, post).await),
        "posts.page" => theirs.answered(posts.page(actor, Shelf::Drafts, &first).await),
        "posts.preview" => theirs.answered(posts.preview(actor, &draft).await),
        "posts.publish" => theirs.answered(posts.publish(actor, post, None).await),
        "posts.unpublish" => theirs.answered(posts.unpublish(actor, post).await),
        "posts.delete" => theirs.answered(posts.delete(actor, post).await),
        "posts.undelete" => theirs.answered(posts.undelete(actor, post).await),
        _ => "not in the walk".to_owned(),
    }
}
