//! Markdown to the HTML that stands below the title of a page (S22): of posts, and of the contacts
//! page.
//!
//! The same path as a message's (parser, bounds, sanitiser), with shorter lists: the page has a style
//! sheet, so content brings no styles; it is under a strict policy, so content brings no pictures of
//! other sites.

use ammonia::UrlRelative;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::message::{bounded_span, sanitiser};

/// What may stand there.
pub(crate) const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "dl",
    "dt",
    "em",
    "h2",
    "h3",
    "h4",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("abbr", &["title"]),
    ("li", &["value"]),
    ("ol", &["start"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan", "scope"]),
];

const SCHEMES: &[&str] = &["http", "https", "mailto"];

/// The deepest heading.
const DEEPEST: u8 = 4;

/// The HTML of Markdown, not yet sanitised. A picture is the text that describes it.
pub(crate) fn rendered(markdown: &str) -> String {
    let mut headings = Headings { last: 1 };
    let events = parser(markdown)
        .filter(|event| {
            !matches!(
                event,
                Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image)
            )
        })
        .map(|event| headings.fit(event));
    let mut rendered = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut rendered, events);
    rendered
}

/// HTML with nothing but what a page may show. Links may be relative; none vouches for its target.
pub(crate) fn sanitize(html: &str) -> String {
    sanitiser(TAGS, ATTRIBUTES, SCHEMES)
        .url_relative(UrlRelative::PassThrough)
        .attribute_filter(|_, attribute, value| Some(bounded_span(attribute, value)))
        .link_rel(Some("nofollow noopener"))
        .clean(html)
        .to_string()
}

/// True when a reader of sanitised HTML would see nothing.
pub(crate) fn is_blank(html: &str) -> bool {
    let texts = html.split('<').map(|part| match part.split_once('>') {
        Some((_, text)) => text,
        None => part,
    });
    texts.into_iter().all(|text| text.trim().is_empty())
}

/// The words of the first paragraph that is not inside of something else.
pub(crate) fn first_paragraph(markdown: &str) -> String {
    let mut words = String::new();
    let mut depth = 0_u32;
    let mut inside = false;
    for event in parser(markdown) {
        match event {
            Event::Start(Tag::Paragraph) if depth == 0 => {
                inside = true;
                depth += 1;
            }
            Event::Start(_) => depth += 1,
            Event::End(TagEnd::Paragraph) if inside && depth == 1 => {
                if !words.trim().is_empty() {
                    return words;
                }
                inside = false;
                depth = 0;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) | Event::Code(text) if inside => words.push_str(&text),
            Event::SoftBreak | Event::HardBreak if inside => words.push(' '),
            _ => {}
        }
    }
    words
}

fn parser(markdown: &str) -> Parser<'_> {
    Parser::new_ext(
        markdown,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
    )
}

/// Headings below the page's own, each at most one level below the one before it, whatever levels
/// were written: so the outline has no holes.
struct Headings {
    last: u8,
}

impl Headings {
    fn fit<'a>(&mut self, event: Event<'a>) -> Event<'a> {
        let tag = match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let below_title = depth(level) + 1;
                self.last = below_title.min(self.last + 1).min(DEEPEST);
                format!("<h{}>", self.last)
            }
            Event::End(TagEnd::Heading(_)) => format!("</h{}>\n", self.last),
            other => return other,
        };
        Event::Html(CowStr::from(tag))
    }
}

const fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::hostile::{HOSTILE, has_active_content};

    fn html(markdown: &str) -> String {
        sanitize(&rendered(markdown))
    }

    #[test]
    fn markdown_becomes_plain_semantic_html() {
        assert_eq!(
            html("**a** ~~b~~ [c](https://x.org/)\n\n- d\n\n`e`"),
            "<p><strong>a</strong> <del>b</del> \
             <a href=\"https://x.org/\" rel=\"nofollow noopener\">c</a></p>\n\
             <ul>\n<li>d</li>\n</ul>\n<p><code>e</code></p>\n"
        );
        assert!(html("a|b\n-|-:\nc|d").starts_with("<table><thead><tr><th>a</th><th>b</th>"));
        assert_eq!(
            html("[x](/register)"),
            "<p><a href=\"/register\" rel=\"nofollow noopener\">x</a></p>\n"
        );
    }

    #[test]
    fn headings_stand_below_the_title_without_holes() {
        assert_eq!(
            html("# a\n\n### b\n\n###### c\n\n## d"),
            "<h2>a</h2>\n<h3>b</h3>\n<h4>c</h4>\n<h3>d</h3>\n"
        );
        assert_eq!(html("### deep first"), "<h2>deep first</h2>\n");
    }

    #[test]
    fn a_picture_of_another_site_is_its_description() {
        assert_eq!(html("![Пальто](https://x.org/p.png)"), "<p>Пальто</p>\n");
        assert_eq!(
            html("a <img src=\"https://x.org/p.png\" alt=\"b\">"),
            "<p>a </p>\n"
        );
    }

    #[test]
    fn hostile_html_loses_what_makes_it_hostile() {
        for hostile in HOSTILE {
            for clean in [sanitize(hostile), html(hostile)] {
                assert!(!has_active_content(&clean, TAGS), "{hostile}\n-> {clean}");
                assert!(!clean.contains(" style="), "{hostile}\n-> {clean}");
                assert_eq!(sanitize(&clean), clean, "{hostile}");
            }
        }
    }

    #[test]
    fn only_text_can_be_seen() {
        for (html, blank) in [
            ("", true),
            ("<p> </p>\n<hr>", true),
            ("<p>a</p>", false),
            ("a", false),
            ("<ul><li></li></ul>", true),
        ] {
            assert_eq!(is_blank(html), blank, "{html}");
        }
    }

    #[test]
    fn a_paragraph_inside_of_a_list_is_not_the_first() {
        assert_eq!(
            first_paragraph("> quoted\n\n- item\n\nHere it is."),
            "Here it is."
        );
    }
}
