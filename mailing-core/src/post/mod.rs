//! The blog: posts, their addresses, their words, their pictures (F2).

mod content;
mod entity;
mod picture;
mod slug;
mod visit;
mod words;

pub use content::{CONTENT_MAX, PostContent};
pub use entity::{Post, PostState, Shelf};
pub use picture::{
    Dimensions, PICTURE_MAX, PIXELS_MAX, PORTRAIT, Picture, PictureFault, PictureName, PictureSize,
    Rendition, Renditions,
};
pub use slug::{SLUG_MAX, Slug};
pub use visit::Visit;
pub use words::{ALT_MAX, AltText, LEAD_MAX, Lead, PostTitle, TITLE_MAX};
