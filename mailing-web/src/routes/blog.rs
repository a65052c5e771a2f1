//! The blog: for everybody, and for those who write it. Who that is depends on the instance's settings
//! too, so the services decide.

use super::Access::{Public, SignedIn};
use super::{Route, boxed, get, post};
use crate::pages::{blog, content};

pub(super) const ROUTES: &[Route] = &[
    get("/blog", Public, || boxed(blog::index)),
    get("/blog/:slug", Public, || boxed(blog::show)),
    get("/blog/feed.xml", Public, || boxed(blog::rss)),
    get("/blog/pictures/:picture", Public, || boxed(blog::image)),
    get("/sitemap.xml", Public, || boxed(blog::sitemap)),
    get("/robots.txt", Public, || boxed(blog::robots)),
    get("/content/posts", SignedIn, || boxed(content::index)),
    post("/content/posts", SignedIn, || boxed(content::create)),
    get("/content/posts/new", SignedIn, || boxed(content::new)),
    post("/content/posts/preview", SignedIn, || {
        boxed(content::preview_typed)
    }),
    get("/content/posts/:id", SignedIn, || boxed(content::show)),
    get("/content/posts/:id/edit", SignedIn, || boxed(content::edit)),
    post("/content/posts/:id/edit", SignedIn, || boxed(content::save)),
    get("/content/posts/:id/preview", SignedIn, || {
        boxed(content::preview_saved)
    }),
    post("/content/posts/:id/preview", SignedIn, || {
        boxed(content::preview_typed)
    }),
    get("/content/posts/:id/picture", SignedIn, || {
        boxed(content::show_picture)
    }),
    post("/content/posts/:id/picture", SignedIn, || {
        boxed(content::put)
    })
    .with_files(content::FORM_MAX),
    get("/content/posts/:id/picture/remove", SignedIn, || {
        boxed(content::ask_remove)
    }),
    post("/content/posts/:id/picture/remove", SignedIn, || {
        boxed(content::remove)
    }),
    get("/content/posts/:id/publish", SignedIn, || {
        boxed(content::ask_publish)
    }),
    post("/content/posts/:id/publish", SignedIn, || {
        boxed(content::release)
    }),
    post("/content/posts/:id/unpublish", SignedIn, || {
        boxed(content::unpublish)
    }),
    post("/content/posts/:id/delete", SignedIn, || {
        boxed(content::delete)
    }),
    post("/content/posts/:id/undelete", SignedIn, || {
        boxed(content::undelete)
    }),
];
