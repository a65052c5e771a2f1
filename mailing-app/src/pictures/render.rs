//! From pixels to the files that pages show.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{crop_imm, thumbnail};
use image::{ImageResult, RgbImage};

use mailing_core::post::{Dimensions, PORTRAIT, PictureFault, PictureSize, Rendition, Renditions};

/// Of JPEG files: nobody sees a difference, and a page's picture stays near 100 kB.
const QUALITY: u8 = 82;

/// The picture in all sizes, each a JPEG with nothing but pixels.
pub(super) fn render(image: &RgbImage) -> Result<Renditions, PictureFault> {
    let card = crop(image, PictureSize::Card.room());
    Ok(Renditions {
        card: rendition(&card, PictureSize::Card.room())?,
        page: rendition(image, PictureSize::Page.room())?,
    })
}

/// The middle of the picture as a square for a user.
pub(super) fn portrait(image: &RgbImage) -> Result<Rendition, PictureFault> {
    rendition(&crop(image, PORTRAIT), PORTRAIT)
}

/// The largest part in the middle that has the proportions of `room`.
fn crop(image: &RgbImage, room: Dimensions) -> RgbImage {
    let (width, height) = image.dimensions();
    let of = |part: u32, numerator: u32, denominator: u32| {
        let scaled = u64::from(part) * u64::from(numerator) / u64::from(denominator);
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    };
    let wide = of(height, room.width, room.height).min(width);
    let high = of(width, room.height, room.width).min(height);
    let (left, top) = ((width - wide) / 2, (height - high) / 2);
    crop_imm(image, left, top, wide, high).to_image()
}

/// The picture in its proportions, no larger than `room` and than it was.
fn rendition(image: &RgbImage, room: Dimensions) -> Result<Rendition, PictureFault> {
    let dimensions = fitting(image, room);
    let Dimensions { width, height } = dimensions;
    let data = match image.dimensions() == (width, height) {
        true => jpeg(image),
        false => jpeg(&thumbnail(image, width, height)),
    };
    let data = data.map_err(|_| PictureFault::Damaged)?;
    Ok(Rendition { dimensions, data })
}

fn fitting(image: &RgbImage, room: Dimensions) -> Dimensions {
    let (width, height) = image.dimensions();
    if width <= room.width && height <= room.height {
        return Dimensions { width, height };
    }
    let (width, height) = (u64::from(width), u64::from(height));
    let (wide, high) = (u64::from(room.width), u64::from(room.height));
    // The side that sticks out further fills its room.
    let scaled = |side: u64, to: u64, from: u64| (side * to + from / 2) / from;
    let (width, height) = match width * high >= height * wide {
        true => (wide, scaled(height, wide, width)),
        false => (scaled(width, high, height), high),
    };
    let side = |pixels: u64| u32::try_from(pixels).unwrap_or(1).max(1);
    Dimensions {
        width: side(width),
        height: side(height),
    }
}

fn jpeg(image: &RgbImage) -> ImageResult<Vec<u8>> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, QUALITY).encode_image(image)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::super::decode::decode;
    use super::super::samples::{drawing, jpeg as photo, turned};
    use super::*;

    fn sizes(width: u32, height: u32) -> [(u32, u32); 2] {
        let rendered = render(&drawing(width, height)).unwrap();
        [&rendered.card, &rendered.page].map(|r| (r.dimensions.width, r.dimensions.height))
    }

    #[test]
    fn a_picture_fits_its_room_and_never_grows() {
        for (width, height, expected) in [
            (1_920, 1_080, [(640, 360), (1_216, 684)]),
            (1_000, 3_000, [(640, 360), (405, 1_216)]),
            (3_000, 1_000, [(640, 360), (1_216, 405)]),
            (300, 200, [(300, 168), (300, 200)]),
            (1, 1, [(1, 1), (1, 1)]),
            (4_000, 1, [(1, 1), (1_216, 1)]),
            (1, 4_000, [(1, 1), (1, 1_216)]),
        ] {
            assert_eq!(sizes(width, height), expected, "{width} x {height}");
        }
    }

    #[test]
    fn a_users_picture_is_square_and_never_grows() {
        for (width, height, expected) in [
            (1_920, 1_080, (256, 256)),
            (200, 900, (200, 200)),
            (256, 256, (256, 256)),
            (1, 4_000, (1, 1)),
        ] {
            let side = portrait(&drawing(width, height)).unwrap().dimensions;
            assert_eq!((side.width, side.height), expected, "{width} x {height}");
        }
    }

    #[test]
    fn files_have_the_size_that_they_say() {
        let rendered = render(&drawing(900, 900)).unwrap();
        for size in PictureSize::ALL {
            let rendition = rendered.of(size);
            let Dimensions { width, height } = rendition.dimensions;
            assert_eq!(
                decode(&rendition.data).unwrap().dimensions(),
                (width, height)
            );
        }
    }

    #[test]
    fn nothing_of_the_file_is_left_but_its_pixels() {
        let tagged = turned(&photo(&drawing(32, 32)), 3);
        assert!(tagged.windows(4).any(|part| part == b"Exif"));
        let rendered = render(&decode(&tagged).unwrap()).unwrap();
        for size in PictureSize::ALL {
            let data = &rendered.of(size).data;
            assert!(data.starts_with(b"\xff\xd8\xff"));
            assert!(!data.windows(4).any(|part| part == b"Exif"));
        }
    }
}
