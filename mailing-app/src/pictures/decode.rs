//! From a file of unknown origin to pixels. What it is told by its content; its size is looked at
//! before anything is decoded.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::error::ImageError;
use image::{DynamicImage, ImageDecoder, ImageFormat, Limits, RgbImage, guess_format};

use mailing_core::post::{PICTURE_MAX, PIXELS_MAX, PictureFault};

/// Most memory of a decoder, the picture included.
const MEMORY_MAX: u64 = 256 << 20;

/// The picture in a file, turned as it is to be seen, on white where it lets something through.
pub(super) fn decode(file: &[u8]) -> Result<RgbImage, PictureFault> {
    if file.len() > PICTURE_MAX {
        return Err(PictureFault::TooLarge { length: file.len() });
    }
    let image = match guess_format(file) {
        Ok(ImageFormat::Png) => {
            let decoder = PngDecoder::with_limits(Cursor::new(file), limits()).map_err(fault)?;
            if decoder.is_apng().map_err(fault)? {
                return Err(PictureFault::Animated);
            }
            pixels(decoder)
        }
        Ok(ImageFormat::Jpeg) => {
            let decoder = JpegDecoder::new(Cursor::new(file)).map_err(fault)?;
            let (width, height) = decoder.dimensions();
            check_size(width, height)?;
            if !is_whole_jpeg(file) {
                return Err(PictureFault::Damaged);
            }
            pixels(decoder)
        }
        Ok(ImageFormat::WebP) => {
            let decoder = WebPDecoder::new(Cursor::new(file)).map_err(fault)?;
            if decoder.has_animation() {
                return Err(PictureFault::Animated);
            }
            pixels(decoder)
        }
        _ => Err(PictureFault::Type),
    };
    image.map(on_white)
}

fn pixels(mut decoder: impl ImageDecoder) -> Result<DynamicImage, PictureFault> {
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let too_large = |_| PictureFault::TooManyPixels { width, height };
    let mut limits = limits();
    limits.reserve(decoder.total_bytes()).map_err(too_large)?;
    decoder.set_limits(limits).map_err(fault)?;
    // What says nonsense of its orientation stands as it is.
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(fault)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image)
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MEMORY_MAX);
    limits
}

fn check_size(width: u32, height: u32) -> Result<(), PictureFault> {
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PictureFault::TooManyPixels { width, height });
    }
    Ok(())
}

fn fault(error: ImageError) -> PictureFault {
    match error {
        ImageError::Unsupported(_) => PictureFault::Type,
        _ => PictureFault::Damaged,
    }
}

/// True when the data of a JPEG end where they say: the decoder paints grey what is missing.
/// Markers: ITU-T T.81, annex B.
fn is_whole_jpeg(file: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xda;
    const END: u8 = 0xd9;
    let mut at = 2;
    loop {
        let [0xff, marker, rest @ ..] = file.get(at..).unwrap_or_default() else {
            return false;
        };
        match (*marker, rest) {
            (END, _) => return true,
            // Fill octets, and markers that stand alone.
            (0xff, _) => at += 1,
            (0x01 | 0xd0..=0xd8, _) => at += 2,
            (_, [high, low, ..]) => {
                at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
            }
            _ => return false,
        }
        if *marker == START_OF_SCAN {
            let data = file.get(at..).unwrap_or_default();
            let is_marker =
                |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
            match data.windows(2).position(is_marker) {
                Some(next) => at += next,
                None => return false,
            }
        }
    }
}

/// The picture without its transparency.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    let (width, height) = image.dimensions();
    let mut opaque = RgbImage::new(width, height);
    for (to, from) in opaque.pixels_mut().zip(image.pixels()) {
        let [red, green, blue, alpha] = from.0;
        let mixed = |part: u8| {
            let (part, alpha) = (u16::from(part), u16::from(alpha));
            let sum = part * alpha + 255 * (255 - alpha) + 127;
            u8::try_from(sum / 255).unwrap_or(u8::MAX)
        };
        to.0 = [red, green, blue].map(mixed);
    }
    opaque
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::super::samples::{
        animated, drawing, jpeg, png, png_bomb, png_header, png_header_of, turned, webp,
        webp_animation,
    };
    use super::*;

    fn refused(file: &[u8]) -> PictureFault {
        decode(file).unwrap_err()
    }

    #[test]
    fn the_three_types_are_read() {
        let drawn = drawing(40, 30);
        for file in [png(&drawn), jpeg(&drawn), webp(&drawn)] {
            assert_eq!(decode(&file).unwrap().dimensions(), (40, 30));
        }
    }

    #[test]
    fn what_is_no_picture_is_none_whatever_it_is_called() {
        let files: [&[u8]; 9] = [
            b"",
            b"text",
            b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<?xml version='1.0'?><svg/>",
            b"%PDF-1.7",
            b"BM\x00\x00\x00\x00",
            b"PK\x03\x04",
            b"\x00\x00\x00\x1cftypavif",
        ];
        for file in files {
            assert_eq!(refused(file), PictureFault::Type, "{file:?}");
        }
    }

    #[test]
    fn bombs_are_seen_by_their_header() {
        for (width, height) in [(1, 1_000_000_000), (30_000, 30_000), (40_001, 1_000)] {
            assert_eq!(
                refused(&png_header(width, height)),
                PictureFault::TooManyPixels { width, height }
            );
        }
    }

    #[test]
    fn a_picture_has_the_memory_of_a_picture_and_no_more() {
        // Within the number of pixels, with eight octets for each of them.
        let (width, height) = (39_999, 1_000);
        assert_eq!(
            refused(&png_header_of(width, height, [16, 6])),
            PictureFault::TooManyPixels { width, height }
        );
        let bomb = png_bomb();
        assert!(bomb.len() < 100_000, "{}", bomb.len());
        let unpacked = decode(&bomb).map(|image| image.dimensions());
        assert!(matches!(unpacked, Ok((2, 2)) | Err(PictureFault::Damaged)));
    }

    #[test]
    fn a_file_has_an_end() {
        let mut long = png(&drawing(2, 2));
        long.resize(PICTURE_MAX + 1, 0);
        let length = PICTURE_MAX + 1;
        assert_eq!(refused(&long), PictureFault::TooLarge { length });
    }

    #[test]
    fn half_a_picture_is_damaged() {
        let drawn = drawing(64, 64);
        for file in [png(&drawn), jpeg(&drawn), webp(&drawn)] {
            for length in [20, file.len() / 2, file.len() - 20] {
                let fault = refused(&file[..length]);
                assert_eq!(fault, PictureFault::Damaged, "{length} of {}", file.len());
            }
        }
    }

    #[test]
    fn what_moves_is_refused() {
        assert_eq!(
            refused(&animated(&png(&drawing(2, 2)))),
            PictureFault::Animated
        );
        assert_eq!(refused(&webp_animation()), PictureFault::Animated);
    }

    #[test]
    fn a_picture_with_something_behind_it_is_the_picture() {
        let drawn = drawing(8, 8);
        for mut file in [png(&drawn), jpeg(&drawn)] {
            let clean = decode(&file).unwrap();
            file.extend_from_slice(b"PK\x03\x04<script>alert(1)</script>\xff\xda");
            assert_eq!(decode(&file).unwrap(), clean);
        }
    }

    #[test]
    fn a_picture_is_turned_as_its_camera_says() {
        let upright = decode(&jpeg(&drawing(40, 20))).unwrap();
        let seen = decode(&turned(&jpeg(&drawing(40, 20)), 6)).unwrap();
        assert_eq!(seen.dimensions(), (20, 40));
        // Turned to the right: the upper left corner comes from the lower left one.
        assert_eq!(seen.get_pixel(0, 0), upright.get_pixel(0, 19));
        let nonsense = decode(&turned(&jpeg(&drawing(40, 20)), 99)).unwrap();
        assert_eq!(nonsense, upright);
    }

    #[test]
    fn what_lets_something_through_stands_on_white() {
        let mut image = image::RgbaImage::new(2, 1);
        image.put_pixel(0, 0, Rgba([0, 0, 0, 0]));
        image.put_pixel(1, 0, Rgba([200, 0, 0, 255]));
        let mut file = Cursor::new(Vec::new());
        image.write_to(&mut file, ImageFormat::Png).unwrap();
        let seen = decode(file.get_ref()).unwrap();
        assert_eq!(seen.get_pixel(0, 0).0, [255, 255, 255]);
        assert_eq!(seen.get_pixel(1, 0).0, [200, 0, 0]);
    }

    #[test]
    fn a_damaged_octet_harms_nobody() {
        let drawn = drawing(24, 24);
        for file in [png(&drawn), jpeg(&drawn), webp(&drawn)] {
            for place in 0..file.len() {
                let mut damaged = file.clone();
                damaged[place] ^= 0xff;
                // Whatever it is then, it is an answer.
                let size = decode(&damaged).map(|image| image.dimensions());
                assert!(size.is_err() || size.is_ok_and(|(w, h)| w > 0 && h > 0));
            }
        }
    }
}
