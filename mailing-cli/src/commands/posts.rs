//! `mailing posts`: the blog. Written on the pages; listed, published and taken back here too.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use mailing_core::id::PostId;
use mailing_core::post::{Post, PostState, Shelf};
use mailing_core::time::Timestamp;
use mailing_web::i18n::Args as Words;

use super::changing::ChangeArgs;
use super::paging::{PageArgs, say_more};
use crate::context::Context;
use crate::exit::{Done, Failure, USAGE};
use crate::output::Table;

/// `mailing posts …`
#[derive(Debug, Subcommand)]
pub(crate) enum PostsCommand {
    /// List posts, last made first
    List(ListArgs),
    /// Publish a post: now, or by itself at an instant
    Publish(PublishArgs),
    /// Make a published post a draft again
    Unpublish {
        /// Id of the post
        id: PostId,
        #[command(flatten)]
        change: ChangeArgs,
    },
}

/// Options of `mailing posts list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Which ones
    #[arg(long, value_parser = ["drafts", "planned", "published", "trash"], default_value = "published")]
    shelf: String,
    #[command(flatten)]
    page: PageArgs,
}

/// Options of `mailing posts publish`.
#[derive(Debug, Args)]
pub(crate) struct PublishArgs {
    /// Id of the post
    id: PostId,
    /// The publication date, such as 2027-01-31T09:00:00Z [default: now]
    #[arg(long, value_name = "INSTANT")]
    at: Option<Timestamp>,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(crate) async fn run(context: &Context, command: PostsCommand) -> Result<Done, Failure> {
    match command {
        PostsCommand::List(args) => list(context, &args).await,
        PostsCommand::Publish(args) => publish(context, &args).await,
        PostsCommand::Unpublish { id, change } => unpublish(context, id, change).await,
    }
}

async fn list(context: &Context, args: &ListArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.operator(&app).await?;
    let shelf = Shelf::from_name(&args.shelf).unwrap_or(Shelf::Published);
    let request = args.page.request();
    let page = app.services.posts.page(&actor, shelf, &request).await?;
    let rows: Vec<_> = page
        .items
        .iter()
        .map(|post| {
            json!({
                "id": post.id,
                "title": post.title.as_str(),
                "slug": post.slug.as_str(),
                "shelf": args.shelf,
                "published_at": post.state.published_at(),
                "author": post.author,
                "views": post.views,
                "updated_at": post.updated_at,
                "deleted_at": post.deleted_at,
            })
        })
        .collect();
    context.out.list(&rows, || {
        let head = [
            "cli-col-id",
            "cli-col-title",
            "cli-col-slug",
            "cli-col-published",
            "cli-col-views",
        ];
        let head = head.map(|key| context.out.text(key, &Words::new()));
        let mut table = Table::new(head).figures(&[4]);
        for post in &page.items {
            let at = post.state.published_at();
            table.row([
                post.id.to_string(),
                post.title.to_string(),
                post.slug.to_string(),
                at.map(|at| at.to_rfc3339()).unwrap_or_default(),
                post.views.to_string(),
            ]);
        }
        table
    })?;
    say_more(context, page.next.as_ref());
    Ok(Done::OK)
}

async fn publish(context: &Context, args: &PublishArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.operator(&app).await?;
    let posts = &args.change.services(&app).posts;
    let post = posts.publish(&actor, args.id, args.at).await?;
    let is_planned = post.state.is_planned(app.clock.now());
    args.change.told(context, object(&post), || {
        let at = post.state.published_at().map(|at| at.to_rfc3339());
        let words = Words::new()
            .text("title", post.title.to_string())
            .text("slug", post.slug.to_string())
            .text("at", at.unwrap_or_default());
        let key = match is_planned {
            true => "cli-post-planned",
            false => "cli-post-published",
        };
        context.out.text(key, &words)
    })
}

async fn unpublish(context: &Context, id: PostId, change: ChangeArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.operator(&app).await?;
    let services = change.services(&app);
    let title = services
        .posts
        .show(&actor, id)
        .await?
        .post
        .title
        .to_string();
    let words = Words::new().text("title", title);
    if !change.confirmed(context, "cli-post-unpublish-question", &words)? {
        return Ok(Done(USAGE));
    }
    let post = services.posts.unpublish(&actor, id).await?;
    change.told(context, object(&post), || {
        context.out.text("cli-post-unpublished", &words)
    })
}

fn object(post: &Post) -> Value {
    json!({
        "id": post.id,
        "slug": post.slug.as_str(),
        "state": match post.state {
            PostState::Draft => "draft",
            PostState::Published { .. } => "published",
        },
        "published_at": post.state.published_at(),
    })
}
