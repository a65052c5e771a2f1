//! `/assets/{name}`.

use poem::web::Path;
use poem::{Request, Response, handler};

use crate::assets;
use crate::error::PageError;

#[handler]
pub(crate) fn serve(req: &Request, Path(name): Path<String>) -> Result<Response, PageError> {
    assets::serve(req, &name).ok_or(PageError::not_found())
}
