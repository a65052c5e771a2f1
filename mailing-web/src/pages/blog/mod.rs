//! `/blog`: what everybody reads, with its feed, and what search engines ask for.

mod card;
mod feed;
mod list;
mod missing;
mod picture;
mod post;
mod xml;

pub(crate) use self::feed::{robots, rss, sitemap};
pub(crate) use self::list::index;
pub(crate) use self::picture::image;
pub(crate) use self::post::show;
#[cfg(test)]
pub(super) use self::{
    card::sample as card_sample, list::samples as list_samples,
    missing::samples as missing_samples, post::samples,
};
pub(super) use self::{
    card::{Card, Img},
    post::address,
};

/// The list of posts.
pub(super) const PATH: &str = "/blog";
