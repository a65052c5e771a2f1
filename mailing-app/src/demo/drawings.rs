//! Pictures for the demo's posts, drawn: an envelope on a ground of two colours, with the airmail
//! stripe below.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

const WIDTH: u32 = 1_216;
const HEIGHT: u32 = 684;

/// The colours of a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    /// Above.
    pub(super) sky: [u8; 3],
    /// Below.
    pub(super) ground: [u8; 3],
    /// Of the stripe, beside white.
    pub(super) stripe: [u8; 3],
}

/// The file of a picture in these colours; empty if it could not be written.
pub(super) fn envelope(palette: Palette) -> Vec<u8> {
    let image = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| Rgb(colour(palette, x, y)));
    let mut file = Cursor::new(Vec::new());
    match image.write_to(&mut file, ImageFormat::Jpeg) {
        Ok(()) => file.into_inner(),
        Err(_) => Vec::new(),
    }
}

fn colour(palette: Palette, x: u32, y: u32) -> [u8; 3] {
    const STRIPE: u32 = 36;
    if y >= HEIGHT - STRIPE {
        // Slanted bars: colour, white, the ground's colour, white.
        return match (x + y) / 48 % 4 {
            0 => palette.stripe,
            2 => palette.ground,
            _ => [250, 249, 246],
        };
    }
    paper(x, y).unwrap_or_else(|| mixed(palette.sky, palette.ground, y, HEIGHT))
}

/// The envelope in the middle: white, with the edges of its flap.
fn paper(x: u32, y: u32) -> Option<[u8; 3]> {
    const LEFT: u32 = 368;
    const TOP: u32 = 172;
    const WIDE: u32 = 480;
    const HIGH: u32 = 304;
    let (x, y) = (x.checked_sub(LEFT)?, y.checked_sub(TOP)?);
    if x >= WIDE || y >= HIGH {
        return None;
    }
    let from_side = x.min(WIDE - 1 - x);
    let flap = from_side * 3 / 4;
    let fold = y + 4 >= flap && y <= flap + 4;
    let edge = from_side < 4 || !(4..HIGH - 4).contains(&y);
    Some(match (fold || edge, y < flap) {
        (true, _) => [196, 192, 184],
        (false, true) => [242, 240, 234],
        (false, false) => [250, 249, 246],
    })
}

/// A colour on the way from one to another.
fn mixed(from: [u8; 3], to: [u8; 3], at: u32, of: u32) -> [u8; 3] {
    let part = |from: u8, to: u8| {
        let sum = u32::from(from) * (of - at) + u32::from(to) * at;
        u8::try_from(sum / of).unwrap_or(u8::MAX)
    };
    [
        part(from[0], to[0]),
        part(from[1], to[1]),
        part(from[2], to[2]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_a_picture() {
        let file = envelope(Palette {
            sky: [220, 230, 245],
            ground: [39, 70, 194],
            stripe: [200, 60, 50],
        });
        let image = image::load_from_memory(&file).unwrap();
        assert_eq!((image.width(), image.height()), (WIDTH, HEIGHT));
    }
}
