//! `/blog/pictures/{hash}-{size}`: what a name stands for never changes.

use poem::http::header;
use poem::web::Path;
use poem::{Response, handler};

use crate::error::PageError;
use crate::middleware::Policy;
use crate::site::TheSite;

/// A picture as we have encoded it, whatever was uploaded.
#[handler]
pub(crate) async fn image(
    TheSite(site): TheSite,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let data = site.services.blog.picture(&name).await?;
    let mut response = Response::builder()
        .content_type("image/jpeg")
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .body(data);
    response.set_data(Policy::File);
    Ok(response)
}
