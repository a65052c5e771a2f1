//! What programs read of the blog: the feed (RSS 2.0, <https://www.rssboard.org/rss-specification>) and
//! the map of the site (<https://www.sitemaps.org/protocol.html>).

use std::io;

use chrono::SecondsFormat;
use mailing_core::ports::store::{PostCard, SitemapEntry};
use mailing_core::post::PictureSize;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::post::address;
use super::{Img, PATH};

type Out = Writer<Vec<u8>>;

/// The words of a feed.
pub(super) struct About {
    pub(super) title: String,
    pub(super) description: String,
}

/// The feed of these posts. `origin` stands before every address.
pub(super) fn feed(origin: &str, about: &About, cards: &[PostCard]) -> io::Result<Vec<u8>> {
    document(
        "rss",
        &[
            ("version", "2.0"),
            ("xmlns:atom", "http://www.w3.org/2005/Atom"),
        ],
        |out| {
            let channel = out.create_element("channel");
            channel.write_inner_content(|out| {
                text(out, "title", &about.title)?;
                text(out, "link", &format!("{origin}{PATH}"))?;
                text(out, "description", &about.description)?;
                out.create_element("atom:link")
                    .with_attribute(("href", format!("{origin}{PATH}/feed.xml").as_str()))
                    .with_attribute(("rel", "self"))
                    .with_attribute(("type", "application/rss+xml"))
                    .write_empty()?;
                if let Some(last) = cards.iter().map(|card| card.updated_at).max() {
                    text(out, "lastBuildDate", &last.to_rfc2822())?;
                }
                cards.iter().try_for_each(|card| item(out, origin, card))
            })?;
            Ok(())
        },
    )
}

/// The map of what everybody may read.
pub(super) fn sitemap(origin: &str, entries: &[SitemapEntry]) -> io::Result<Vec<u8>> {
    let scheme = "http://www.sitemaps.org/schemas/sitemap/0.9";
    document("urlset", &[("xmlns", scheme)], |out| {
        let mut url = |path: &str, changed: Option<String>| {
            let url = out.create_element("url");
            url.write_inner_content(|out| {
                text(out, "loc", &format!("{origin}{path}"))?;
                changed.map_or(Ok(()), |at| text(out, "lastmod", &at))
            })
            .map(drop)
        };
        url("/", None)?;
        url(PATH, None)?;
        entries.iter().try_for_each(|entry| {
            let changed = entry.updated_at.to_rfc3339_opts(SecondsFormat::Secs, true);
            url(&address(&entry.slug), Some(changed))
        })
    })
}

fn item(out: &mut Out, origin: &str, card: &PostCard) -> io::Result<()> {
    let item = out.create_element("item");
    item.write_inner_content(|out| {
        let url = format!("{origin}{}", address(&card.slug));
        text(out, "title", card.title.as_str())?;
        text(out, "link", &url)?;
        // The address may change, the id never does: readers know by it what they have shown.
        out.create_element("guid")
            .with_attribute(("isPermaLink", "false"))
            .write_text_content(BytesText::new(&card.id.to_string()))?;
        text(out, "pubDate", &card.published_at.to_rfc2822())?;
        text(out, "description", &description(origin, card))
    })
    .map(drop)
}

/// HTML, escaped once more by the writer: a picture where there is one, and the lead.
fn description(origin: &str, card: &PostCard) -> String {
    let escaped = |text: &str| quick_xml::escape::escape(text).into_owned();
    let picture = card.picture.as_ref().map_or_else(String::new, |picture| {
        let src = Img::new(picture, PictureSize::Card).src;
        let alt = escaped(picture.alt.as_str());
        format!("<p><img src=\"{origin}{src}\" alt=\"{alt}\"></p>")
    });
    format!("{picture}<p>{}</p>", escaped(&card.summary))
}

fn document(
    root: &str,
    attributes: &[(&str, &str)],
    content: impl FnOnce(&mut Out) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut out = Writer::new(Vec::new());
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = out.create_element(root);
    root.with_attributes(attributes.iter().copied())
        .write_inner_content(content)?;
    Ok(out.into_inner())
}

fn text(out: &mut Out, name: &str, content: &str) -> io::Result<()> {
    let allowed: String = content.chars().filter(|c| is_allowed(*c)).collect();
    out.create_element(name)
        .write_text_content(BytesText::new(&allowed))
        .map(drop)
}

/// True for what XML 1.0 can hold (section 2.2).
const fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use mailing_core::testing::builders::start;
    use quick_xml::Reader;

    use super::super::card::sample;
    use super::*;

    const ORIGIN: &str = "https://mailing.example.com";

    /// Names of elements with their text, entities read; panics where it is no XML.
    fn read(xml: &[u8]) -> Vec<(String, String)> {
        let mut reader = Reader::from_reader(xml);
        reader.config_mut().check_end_names = true;
        let (mut open, mut found) = (Vec::new(), Vec::<(String, String)>::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    found.push((name.clone(), String::new()));
                    open.push(name);
                }
                Event::End(_) => drop(open.pop()),
                Event::Text(piece) => found.last_mut().unwrap().1 += &piece,
                Event::GeneralRef(entity) => {
                    let entity = format!("&{};", &*entity);
                    found.last_mut().unwrap().1 += &quick_xml::escape::unescape(&entity).unwrap();
                }
                _ => {}
            }
        }
        assert_eq!(open, Vec::<String>::new());
        found
    }

    fn texts<'a>(found: &'a [(String, String)], name: &str) -> Vec<&'a str> {
        let of_name = found.iter().filter(|(n, _)| n == name);
        of_name.map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn a_feed_says_what_readers_need_and_every_address_is_whole() {
        let about = About {
            title: "Blog & more".to_owned(),
            description: "Posts".to_owned(),
        };
        let cards = [sample("Зима <1>", true), sample("Second", false)];
        let found = read(&feed(ORIGIN, &about, &cards).unwrap());
        assert_eq!(
            texts(&found, "title"),
            ["Blog & more", "Зима <1>", "Second"]
        );
        let first = format!("{ORIGIN}/blog/{}", cards[0].slug);
        assert_eq!(
            texts(&found, "link")[..2],
            [format!("{ORIGIN}/blog"), first]
        );
        assert_eq!(
            texts(&found, "guid"),
            cards.clone().map(|c| c.id.to_string())
        );
        assert_eq!(texts(&found, "pubDate")[0], start().to_rfc2822());
        let lead = texts(&found, "description")[1];
        assert!(lead.contains("<p>Зима &lt;1&gt;</p>"), "{lead}");
        assert!(
            lead.contains(&format!("<img src=\"{ORIGIN}/blog/pictures/")),
            "{lead}"
        );
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        let about = About {
            title: "a\u{1}b\u{fffe}c\u{1f600}".to_owned(),
            description: String::new(),
        };
        let found = read(&feed(ORIGIN, &about, &[]).unwrap());
        assert_eq!(texts(&found, "title"), ["abc\u{1f600}"]);
        assert!(texts(&found, "lastBuildDate").is_empty());
    }

    #[test]
    fn a_map_has_the_home_page_the_blog_and_every_post() {
        let card = sample("Second", false);
        let entries = [SitemapEntry {
            slug: card.slug.clone(),
            updated_at: start(),
        }];
        let found = read(&sitemap(ORIGIN, &entries).unwrap());
        let post = format!("{ORIGIN}/blog/{}", card.slug);
        let expected = [format!("{ORIGIN}/"), format!("{ORIGIN}/blog"), post];
        assert_eq!(texts(&found, "loc"), expected);
        assert_eq!(texts(&found, "lastmod").len(), 1);
    }
}
