//! Markdown to HTML: CommonMark with tables and strike-through, headings in the mail's own sizes.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// The HTML of a Markdown text, not yet sanitised.
pub(super) fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(markdown, options).map(styled);
    let mut rendered = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut rendered, events);
    rendered
}

fn styled(event: Event<'_>) -> Event<'_> {
    let tag = match event {
        Event::Start(Tag::Heading { level, .. }) => heading(level),
        Event::End(TagEnd::Heading(level)) => return markup(format!("</{level}>\n")),
        Event::Start(Tag::BlockQuote(_)) => {
            "<blockquote style=\"margin:0 0 16px;padding-left:16px;border-left:3px solid #e5e1d9\">\n"
                .to_owned()
        }
        other => return other,
    };
    markup(tag)
}

fn heading(level: HeadingLevel) -> String {
    let size = match level {
        HeadingLevel::H1 => "font-size:24px;line-height:30px",
        HeadingLevel::H2 => "font-size:18px;line-height:24px",
        _ => "font-size:16px;line-height:24px",
    };
    format!("<{level} style=\"margin:24px 0 8px;{size};font-weight:600\">")
}

fn markup(html: String) -> Event<'static> {
    Event::Html(CowStr::from(html))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_markdown_becomes_html() {
        assert_eq!(
            to_html("**a** ~~b~~ [c](https://x.org/)\n\n- d"),
            "<p><strong>a</strong> <del>b</del> <a href=\"https://x.org/\">c</a></p>\n<ul>\n<li>d</li>\n</ul>\n"
        );
        assert!(to_html("a|b\n-|-\nc|d").starts_with("<table>"));
        assert!(to_html("# a").starts_with("<h1 style=\"margin"));
        assert!(to_html("# a").ends_with(">a</h1>\n"));
        assert!(to_html("> a").ends_with("<p>a</p>\n</blockquote>\n"));
    }

    #[test]
    fn html_inside_passes_to_the_sanitiser() {
        assert_eq!(to_html("a <b>c</b>"), "<p>a <b>c</b></p>\n");
    }
}
