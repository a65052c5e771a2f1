//! Files for tests: drawn, not stored.

use std::io::Cursor;

use crc::{CRC_32_ISO_HDLC, Crc};
use image::{ImageFormat, Rgb, RgbImage};

/// A picture of colours that flow, each corner another one.
pub(super) fn drawing(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let part = |at: u32, of: u32| u8::try_from(at * 255 / of.max(1)).unwrap();
        Rgb([part(x, width), part(y, height), 128])
    })
}

fn written(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

pub(super) fn png(image: &RgbImage) -> Vec<u8> {
    written(image, ImageFormat::Png)
}

pub(super) fn jpeg(image: &RgbImage) -> Vec<u8> {
    written(image, ImageFormat::Jpeg)
}

pub(super) fn webp(image: &RgbImage) -> Vec<u8> {
    written(image, ImageFormat::WebP)
}

/// A PNG (RFC 2083) of three colours in octets that says how large it is, and little more.
pub(super) fn png_header(width: u32, height: u32) -> Vec<u8> {
    png_header_of(width, height, [8, 2])
}

/// The same with bits of a colour, and the type of colours.
pub(super) fn png_header_of(width: u32, height: u32, [bits, colours]: [u8; 2]) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = [&size[..], &[bits, colours, 0, 0, 0]].concat();
    // Zlib data that never end well.
    let data = [0x78, 0x9c, 0x63, 0x00];
    let chunks = [
        chunk(b"IHDR", &header),
        chunk(b"IDAT", &data),
        chunk(b"IEND", &[]),
    ];
    [&b"\x89PNG\r\n\x1a\n"[..], &chunks.concat()].concat()
}

/// A PNG that says it is small, with the data of a large one: they grow a thousandfold when they are
/// unpacked.
pub(super) fn png_bomb() -> Vec<u8> {
    const HEADER: usize = 8 + 25;
    let large = png(&RgbImage::new(1_500, 1_500));
    [&png_header(2, 2)[..HEADER], &large[HEADER..]].concat()
}

/// The same PNG with the chunk that makes it a film (APNG 1.0, `acTL`).
pub(super) fn animated(png: &[u8]) -> Vec<u8> {
    let behind_header = 8 + 25;
    let film = chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    [&png[..behind_header], &film, &png[behind_header..]].concat()
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let named = [&kind[..], data].concat();
    let sum = Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(&named);
    [&length[..], &named, &sum.to_be_bytes()].concat()
}

/// A WebP that says it moves: an extended header with the flag for it, and one empty frame.
pub(super) fn webp_animation() -> Vec<u8> {
    let part = |kind: &[u8; 4], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        [&kind[..], &length, data].concat()
    };
    let still = webp(&drawing(2, 2));
    // Without `RIFF`, its length and `WEBP`.
    let frame = [
        &[0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 10, 0, 0, 0][..],
        &still[12..],
    ]
    .concat();
    let parts = [
        part(b"VP8X", &[0x02, 0, 0, 0, 1, 0, 0, 1, 0, 0]),
        part(b"ANIM", &[0; 6]),
        part(b"ANMF", &frame),
    ];
    part(b"RIFF", &[&b"WEBP"[..], &parts.concat()].concat())
}

/// The same JPEG with an orientation (Exif 2.3, tag 0x0112).
pub(super) fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let tiff = [
        &b"MM\0\x2a\0\0\0\x08"[..],
        &[0, 1],
        &[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
        &[0; 4],
    ];
    let exif = [&b"Exif\0\0"[..], &tiff.concat()].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}
