//! Owners' HTML, reduced to what a mail may hold.
//!
//! The parser is ammonia's; the lists are ours. Scripts, forms, frames, foreign markup, comments,
//! style sheets and event handlers go; `style` keeps the declarations of [`style`](super::style).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ammonia::{Builder, UrlRelative, UrlRelativeEvaluate};

use super::style;

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
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
    "span",
    "strike",
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
    "tt",
    "u",
    "ul",
];

/// Tags that go together with what is inside them.
const GONE_WITH_CONTENT: &[&str] = &[
    "applet", "audio", "base", "button", "canvas", "embed", "form", "frameset", "head", "iframe",
    "input", "link", "math", "meta", "noembed", "noframes", "noscript", "object", "script",
    "select", "style", "svg", "template", "textarea", "title", "video", "xmp",
];

const GENERIC_ATTRIBUTES: &[&str] = &["align", "dir", "lang", "role", "style", "title"];

const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("col", &["span", "width"]),
    ("colgroup", &["span", "width"]),
    ("font", &["color", "face", "size"]),
    ("hr", &["color", "size", "width"]),
    ("img", &["alt", "border", "height", "src", "width"]),
    ("li", &["value"]),
    ("ol", &["start", "type"]),
    (
        "table",
        &[
            "bgcolor",
            "border",
            "cellpadding",
            "cellspacing",
            "height",
            "width",
        ],
    ),
    (
        "td",
        &["bgcolor", "colspan", "height", "rowspan", "valign", "width"],
    ),
    (
        "th",
        &[
            "bgcolor", "colspan", "height", "rowspan", "scope", "valign", "width",
        ],
    ),
    ("tr", &["bgcolor", "height", "valign"]),
    ("ul", &["type"]),
];

const SCHEMES: &[&str] = &["http", "https", "mailto", "cid"];

/// Most rows or columns that a cell may span: renderers allocate what is asked for.
const SPAN_MAX: u16 = 100;

/// Cleans `html`. Addresses must be absolute, or begin with `marker`, which stands for a variable.
pub(in crate::message) fn sanitize(html: &str, marker: &str) -> String {
    let word = marker.to_owned();
    sanitiser(TAGS, ATTRIBUTES, SCHEMES)
        .generic_attributes(GENERIC_ATTRIBUTES.iter().copied().collect())
        .url_relative(UrlRelative::Custom(Box::new(Variables(marker.to_owned()))))
        .attribute_filter(move |_, attribute, value| mend(attribute, value, &word))
        .link_rel(None)
        .clean(html)
        .to_string()
}

/// What lets these tags through with these attributes and addresses of these schemes, and drops
/// whole what is never shown.
pub(crate) fn sanitiser(
    tags: &[&'static str],
    attributes: &[(&'static str, &[&'static str])],
    schemes: &[&'static str],
) -> Builder<'static> {
    let attributes: HashMap<_, HashSet<_>> = attributes
        .iter()
        .map(|(tag, names)| (*tag, names.iter().copied().collect()))
        .collect();
    let mut builder = Builder::empty();
    builder
        .tags(tags.iter().copied().collect())
        .clean_content_tags(GONE_WITH_CONTENT.iter().copied().collect())
        .tag_attributes(attributes)
        .url_schemes(schemes.iter().copied().collect());
    builder
}

/// Of relative addresses only those pass that begin with the marker of a variable.
struct Variables(String);

impl UrlRelativeEvaluate<'_> for Variables {
    fn evaluate<'url>(&self, url: &'url str) -> Option<Cow<'url, str>> {
        let url = url.trim();
        url.starts_with(&self.0).then_some(Cow::Borrowed(url))
    }
}

/// The value of an attribute that may stay, mended; `None` takes the attribute away.
fn mend<'a>(attribute: &str, value: &'a str, marker: &str) -> Option<Cow<'a, str>> {
    match attribute {
        "style" => Some(style::clean(value, marker))
            .filter(|style| !style.is_empty())
            .map(Cow::Owned),
        _ => Some(bounded_span(attribute, value)),
    }
}

/// The value of an attribute, bounded if it says how much a cell spans.
pub(crate) fn bounded_span<'a>(attribute: &str, value: &'a str) -> Cow<'a, str> {
    match attribute {
        "colspan" | "rowspan" | "span" => {
            let span = value.trim().parse().unwrap_or(1);
            Cow::Owned(u16::clamp(span, 1, SPAN_MAX).to_string())
        }
        _ => Cow::Borrowed(value),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::message::hostile::{HOSTILE, has_active_content};

    fn clean(html: &str) -> String {
        sanitize(html, "xslot0x")
    }

    #[test]
    fn hostile_html_loses_what_makes_it_hostile() {
        for html in HOSTILE {
            let cleaned = clean(html);
            assert!(!has_active_content(&cleaned, TAGS), "{html}\n-> {cleaned}");
            assert!(!cleaned.contains("<!--"), "{html}\n-> {cleaned}");
        }
    }

    #[test]
    fn cleaning_twice_is_cleaning_once() {
        for html in HOSTILE {
            let once = clean(html);
            assert_eq!(clean(&once), once, "{html}");
        }
    }

    #[test]
    fn ordinary_mail_stays_as_it_is() {
        for html in [
            "<p>Здравствуйте, <b>Анна</b>!</p>",
            "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>",
            "<a href=\"mailto:ann@example.org\">x</a>",
            "<a href=\"xslot0x000001e\">x</a>",
            "<a href=\"https://example.org/xslot0x000001e\">x</a>",
            "<img src=\"cid:logo\" alt=\"x\" width=\"100\">",
            "<table width=\"600\" cellpadding=\"0\"><tbody><tr><td bgcolor=\"#fff\" colspan=\"2\">x</td></tr></tbody></table>",
            "<td>",
            "<ul><li>x</li></ul><hr>",
            "<p style=\"color:#1d1f24;margin:0\">x</p>",
        ] {
            let expected = if html == "<td>" { "" } else { html };
            assert_eq!(clean(html), expected);
        }
    }

    #[test]
    fn a_whole_page_keeps_its_body_only() {
        let page = "<!DOCTYPE html><html><head><title>T</title><style>p{}</style></head>\
            <body bgcolor=red><p>x</p></body></html>";
        assert_eq!(clean(page), "<p>x</p>");
    }

    #[test]
    fn spans_are_bounded() {
        let html =
            clean("<table><tr><td colspan=2000000000>a<td rowspan=x>b<td colspan=0>c</table>");
        assert!(!html.contains("2000000000"));
        assert!(
            html.contains("colspan=\"1\"") && html.contains("rowspan=\"1\""),
            "{html}"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn any_markup_comes_out_harmless_and_stable(
            html in "(<|>|</|[ \"'=/]|<!--|-->|a|b|p|table|td|svg|math|style|script|title|mtext|href|\
                onclick|src|javascript:|&lt;|&#60;|x|;|:|\\PC){0,40}",
        ) {
            let once = clean(&html);
            prop_assert!(!has_active_content(&once, TAGS), "{}", once);
            prop_assert_eq!(clean(&once), once);
        }
    }
}
