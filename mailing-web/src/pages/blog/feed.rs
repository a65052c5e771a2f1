//! `/blog/feed.xml`, `/sitemap.xml`, `/robots.txt`.

use poem::http::header;
use poem::{Response, handler};

use super::xml::{self, About};
use crate::error::PageError;
use crate::i18n::Args;
use crate::site::TheSite;
use crate::visitor::Visitor;

/// Programs that ask more often are answered by caches on the way.
const KEPT: &str = "public, max-age=300";

/// What nobody needs to find: pages behind links of letters, and forms to sign in.
const HIDDEN: [&str; 6] = [
    "/u/",
    "/verify/",
    "/confirmed/",
    "/password/",
    "/login",
    "/register",
];

/// The newest posts, for programs that follow blogs.
#[handler]
pub(crate) async fn rss(TheSite(site): TheSite, visitor: Visitor) -> Result<Response, PageError> {
    let cards = site.services.blog.feed().await?;
    let say = |key: &str| visitor.locale().text(key, &Args::new());
    let about = About {
        title: format!("{} · {}", say("blog-title"), say("brand")),
        description: say("blog-lead"),
    };
    let feed = xml::feed(site.settings.origin(), &about, &cards)?;
    Ok(answer("application/rss+xml; charset=utf-8", feed))
}

/// Addresses for search engines.
#[handler]
pub(crate) async fn sitemap(TheSite(site): TheSite) -> Result<Response, PageError> {
    let entries = site.services.blog.sitemap().await?;
    let map = xml::sitemap(site.settings.origin(), &entries)?;
    Ok(answer("application/xml; charset=utf-8", map))
}

/// What search engines may read (RFC 9309).
#[handler]
pub(crate) fn robots(TheSite(site): TheSite) -> Response {
    let mut rules = "User-agent: *\n".to_owned();
    for path in HIDDEN {
        rules.push_str(&format!("Disallow: {path}\n"));
    }
    let origin = site.settings.origin();
    rules.push_str(&format!("\nSitemap: {origin}/sitemap.xml\n"));
    answer("text/plain; charset=utf-8", rules.into_bytes())
}

fn answer(content_type: &'static str, body: Vec<u8>) -> Response {
    Response::builder()
        .content_type(content_type)
        .header(header::CACHE_CONTROL, KEPT)
        .header(header::VARY, "Cookie, Accept-Language")
        .body(body)
}
