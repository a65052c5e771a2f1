//! Pictures of posts, and of users: sizes, limits, and why a file is none (S34).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::code;
use crate::error::Refusal;
use crate::message::FileHash;

use super::AltText;

/// Longest file that is looked at, in octets.
pub const PICTURE_MAX: usize = 10 << 20;
/// Most pixels of a picture; more are not decoded.
pub const PIXELS_MAX: u64 = 40_000_000;

/// A size in which a picture is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PictureSize {
    /// For lists: 16:9, cropped in the middle.
    Card,
    /// For the post's page and for links from elsewhere: the picture's own proportions.
    Page,
}

/// The room of a user's picture: as sharp as it is shown on any screen.
pub const PORTRAIT: Dimensions = Dimensions {
    width: 256,
    height: 256,
};

/// Width and height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dimensions {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// A picture of a post. Its content is kept apart, under its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Of the largest size: names the picture in addresses.
    pub hash: FileHash,
    /// What it shows.
    pub alt: AltText,
    /// Of the size for lists.
    pub card: Dimensions,
    /// Of the size for the page.
    pub page: Dimensions,
}

/// A picture in one size: a JPEG without anything but its pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// Its size.
    pub dimensions: Dimensions,
    /// The file.
    pub data: Vec<u8>,
}

/// A picture in all sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renditions {
    /// For lists.
    pub card: Rendition,
    /// For the page.
    pub page: Rendition,
}

/// What the address of a picture ends with: hash and size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureName {
    /// Which picture.
    pub hash: FileHash,
    /// In which size.
    pub size: PictureSize,
}

/// Why a file is no picture of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    /// More than [`PICTURE_MAX`] octets.
    #[error("the file has {length} octets")]
    TooLarge {
        /// In octets.
        length: usize,
    },
    /// Neither PNG nor JPEG nor WebP, whatever its name says.
    #[error("neither PNG nor JPEG nor WebP")]
    Type,
    /// More pictures than one.
    #[error("the picture moves")]
    Animated,
    /// More than [`PIXELS_MAX`] pixels.
    #[error("the picture has {width} by {height} pixels")]
    TooManyPixels {
        /// As the file says.
        width: u32,
        /// As the file says.
        height: u32,
    },
    /// It cannot be decoded.
    #[error("the picture is damaged")]
    Damaged,
    /// Decoding takes too long.
    #[error("the picture takes too long to decode")]
    Slow,
}

impl PictureSize {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Card, Self::Page];

    /// The name in addresses and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Page => "page",
        }
    }

    /// The size of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.as_str() == name)
    }

    /// The room that a picture of this size has at most.
    #[must_use]
    pub const fn room(self) -> Dimensions {
        let (width, height) = match self {
            Self::Card => (640, 360),
            Self::Page => (1_216, 1_216),
        };
        Dimensions { width, height }
    }
}

impl Picture {
    /// How large it is in a size.
    #[must_use]
    pub const fn dimensions(&self, size: PictureSize) -> Dimensions {
        match size {
            PictureSize::Card => self.card,
            PictureSize::Page => self.page,
        }
    }

    /// The name of the picture in a size, for its address.
    #[must_use]
    pub const fn name(&self, size: PictureSize) -> PictureName {
        PictureName {
            hash: self.hash,
            size,
        }
    }
}

impl Renditions {
    /// What the picture is kept under.
    #[must_use]
    pub fn hash(&self) -> FileHash {
        FileHash::of(&self.page.data)
    }

    /// One of the sizes.
    #[must_use]
    pub const fn of(&self, size: PictureSize) -> &Rendition {
        match size {
            PictureSize::Card => &self.card,
            PictureSize::Page => &self.page,
        }
    }

    /// The picture that shows what `alt` says.
    #[must_use]
    pub fn picture(&self, alt: AltText) -> Picture {
        Picture {
            hash: self.hash(),
            alt,
            card: self.card.dimensions,
            page: self.page.dimensions,
        }
    }
}

impl fmt::Display for PictureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.hash, self.size.as_str())
    }
}

/// A text names no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hash and a size")]
pub struct NoPictureName;

impl FromStr for PictureName {
    type Err = NoPictureName;

    fn from_str(text: &str) -> Result<Self, NoPictureName> {
        let (hash, size) = text.split_once('-').ok_or(NoPictureName)?;
        Ok(Self {
            hash: hash.parse().map_err(|_| NoPictureName)?,
            size: PictureSize::from_name(size).ok_or(NoPictureName)?,
        })
    }
}

impl From<PictureFault> for Refusal {
    fn from(fault: PictureFault) -> Self {
        match fault {
            PictureFault::TooLarge { length } => Self::new(code::PICTURE_TOO_LARGE)
                .with("max", PICTURE_MAX)
                .with("length", length),
            PictureFault::Type => code::PICTURE_TYPE.into(),
            PictureFault::Animated => code::PICTURE_ANIMATED.into(),
            PictureFault::TooManyPixels { width, height } => {
                Self::new(code::PICTURE_TOO_MANY_PIXELS)
                    .with(
                        "max",
                        i64::try_from(PIXELS_MAX / 1_000_000).unwrap_or_default(),
                    )
                    .with("width", i64::from(width))
                    .with("height", i64::from(height))
            }
            PictureFault::Damaged => code::PICTURE_DAMAGED.into(),
            PictureFault::Slow => code::PICTURE_SLOW.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_picture() {
        for size in PictureSize::ALL {
            let name = PictureName {
                hash: FileHash::of(b"picture"),
                size,
            };
            assert_eq!(name.to_string().parse(), Ok(name));
        }
    }

    #[test]
    fn junk_names_no_picture() {
        let hash = FileHash::of(b"picture").to_string();
        let upper = hash.to_uppercase();
        for text in [
            String::new(),
            "-".to_owned(),
            hash.clone(),
            format!("{hash}-"),
            format!("{hash}-huge"),
            format!("{hash}-card-page"),
            format!("{upper}-card"),
            format!("{}-card", &hash[1..]),
            "../../etc/passwd-card".to_owned(),
        ] {
            assert_eq!(text.parse::<PictureName>(), Err(NoPictureName), "{text}");
        }
    }
}
