//! Pictures without the work.

use async_trait::async_trait;

use crate::ports::{PictureError, Pictures};
use crate::post::{
    Dimensions, PICTURE_MAX, PORTRAIT, PictureFault, PictureSize, Rendition, Renditions,
};

/// What the files of this fake begin with.
const PNG: &[u8] = b"\x89PNG";

/// Takes for a picture whatever begins like a PNG and gives it back as it is, in the room of each
/// size: decoding has its tests where it is implemented. An empty `\x89PNG` alone is damaged.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainPictures;

#[async_trait]
impl Pictures for PlainPictures {
    async fn render(&self, file: Vec<u8>) -> Result<Renditions, PictureError> {
        let file = looked_at(file)?;
        let rendition = |size: PictureSize| Rendition {
            dimensions: room_of(size),
            data: [&file, size.as_str().as_bytes()].concat(),
        };
        Ok(Renditions {
            card: rendition(PictureSize::Card),
            page: rendition(PictureSize::Page),
        })
    }

    async fn portrait(&self, file: Vec<u8>) -> Result<Rendition, PictureError> {
        Ok(Rendition {
            dimensions: PORTRAIT,
            data: looked_at(file)?,
        })
    }
}

fn looked_at(file: Vec<u8>) -> Result<Vec<u8>, PictureError> {
    let length = file.len();
    if length > PICTURE_MAX {
        return Err(PictureFault::TooLarge { length }.into());
    }
    if !file.starts_with(PNG) {
        return Err(PictureFault::Type.into());
    }
    if file == PNG {
        return Err(PictureFault::Damaged.into());
    }
    Ok(file)
}

const fn room_of(size: PictureSize) -> Dimensions {
    match size {
        PictureSize::Card => size.room(),
        PictureSize::Page => Dimensions {
            width: 1_216,
            height: 684,
        },
    }
}
