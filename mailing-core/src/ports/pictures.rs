//! Pictures that people upload: decoding may take time and memory, so it is the host's to run beside
//! everything else.

use async_trait::async_trait;

use crate::code;
use crate::error::Error;
use crate::post::{PictureFault, Rendition, Renditions};

/// Why a file did not become a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// It is none of ours.
    #[error(transparent)]
    Refused(#[from] PictureFault),
    /// Too many are being worked on; try again in a moment.
    #[error("too many pictures at once")]
    Busy,
}

/// Decodes pictures within limits and writes them anew (S34): what comes out holds nothing of the
/// file but its pixels, turned as the file says.
#[async_trait]
pub trait Pictures: Send + Sync {
    /// The picture in a file, in all sizes. Never larger than it was.
    ///
    /// # Errors
    /// [`PictureError`].
    async fn render(&self, file: Vec<u8>) -> Result<Renditions, PictureError>;

    /// The picture in a file as a square for a user, cut from the middle, no larger than
    /// [`PORTRAIT`](crate::post::PORTRAIT). Never larger than it was.
    ///
    /// # Errors
    /// [`PictureError`].
    async fn portrait(&self, file: Vec<u8>) -> Result<Rendition, PictureError>;
}

impl From<PictureError> for Error {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Refused(fault) => Self::field("picture", fault),
            PictureError::Busy => Self::Unavailable(code::PICTURE_BUSY.into(), None),
        }
    }
}
