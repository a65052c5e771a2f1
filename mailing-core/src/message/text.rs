//! The plain text part, made from the HTML part when the owner wrote none.

use html2text::config;
use html2text::render::TextDecorator;

/// Longest line of the text part, in columns. Mail programs wrap paragraphs to their window; wrapped
/// here, long addresses would break.
const WIDTH: usize = 900;

/// The text of cleaned HTML. Layout tables are read cell by cell; with `tables` they are data and
/// stay tables. Empty when nothing can be read.
pub(super) fn from_html(html: &str, tables: bool) -> String {
    let text = config::with_decorator(Plain::default())
        .raw_mode(!tables)
        .no_table_borders()
        .no_link_wrapping()
        .link_footnotes(false)
        .allow_width_overflow()
        .unicode_strikeout(false)
        .string_from_read(html.as_bytes(), WIDTH)
        .unwrap_or_default();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    without_doubled_addresses(lines.join("\n").trim_matches('\n'))
}

/// `https://x.org/ (https://x.org/)` says it once.
fn without_doubled_addresses(text: &str) -> String {
    let mut once = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(" (") {
        once.push_str(&rest[..open]);
        let inside = &rest[open + 2..];
        let address = inside
            .find([')', ' ', '\n'])
            .map_or("", |end| &inside[..end]);
        let doubled = !address.is_empty()
            && once.ends_with(address)
            && inside[address.len()..].starts_with(')');
        if doubled {
            rest = &inside[address.len() + 1..];
        } else {
            once.push_str(" (");
            rest = inside;
        }
    }
    once.push_str(rest);
    once
}

/// Writes links as `text (address)` and leaves emphasis out.
#[derive(Debug, Clone, Default)]
struct Plain {
    links: Vec<String>,
}

impl TextDecorator for Plain {
    type Annotation = ();

    fn decorate_link_start(&mut self, url: &str) -> (String, ()) {
        self.links
            .push(url.trim_start_matches("mailto:").to_owned());
        (String::new(), ())
    }

    fn decorate_link_end(&mut self) -> String {
        let link = self.links.pop().filter(|link| !link.is_empty());
        link.map(|link| format!(" ({link})")).unwrap_or_default()
    }

    fn decorate_em_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }

    fn decorate_code_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) {}

    fn decorate_preformat_cont(&self) {}

    fn decorate_image(&mut self, _src: &str, title: &str) -> (String, ()) {
        (title.to_owned(), ())
    }

    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }

    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }

    fn unordered_item_prefix(&self) -> String {
        "- ".to_owned()
    }

    fn ordered_item_prefix(&self, number: i64) -> String {
        format!("{number}. ")
    }

    fn make_subblock_decorator(&self) -> Self {
        Self::default()
    }

    fn decorate_superscript_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_superscript_end(&self) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lists_and_links_are_readable() {
        let html = "<h1>Зима</h1><p>Здравствуйте, <b>Анна</b>!<br>Ждём <a href=\"https://x.org/a\">вас</a>.</p>\
            <ul><li>один</li><li>два</li></ul><blockquote>цитата</blockquote>";
        assert_eq!(
            from_html(html, true),
            "Зима\n\nЗдравствуйте, Анна!\nЖдём вас (https://x.org/a).\n- один\n- два\n\n> цитата"
        );
    }

    #[test]
    fn an_address_is_said_once_and_never_broken() {
        let long = format!("https://x.org/{}", "a".repeat(120));
        assert_eq!(
            from_html(&format!("<a href=\"{long}\">{long}</a>"), true),
            long
        );
        assert_eq!(
            from_html("<a href=\"mailto:a@x.org\">a@x.org</a> (me)", true),
            "a@x.org (me)"
        );
        let text = from_html(
            &format!("<p>word <a href=\"{long}\">link</a> word</p>"),
            true,
        );
        assert!(text.contains(&format!("({long})")), "{text}");
    }

    #[test]
    fn layout_tables_are_read_cell_by_cell() {
        let html = "<table><tr><td>a</td><td>b</td></tr><tr><td><table><tr><td>c</td></tr></table></td></tr></table>";
        let text = from_html(html, false);
        let words: Vec<_> = text.split_whitespace().collect();
        assert_eq!(words, ["a", "b", "c"]);
    }

    #[test]
    fn pictures_are_their_description() {
        assert_eq!(
            from_html(
                "<img src=\"cid:a\" alt=\"Пальто\"><img src=\"cid:b\">",
                true
            ),
            "Пальто"
        );
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(from_html("", true), "");
        assert_eq!(from_html("<p> </p>", true), "");
    }
}
