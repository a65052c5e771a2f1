//! From what an owner wrote to pieces and slots.
//!
//! Placeholders become marker words, the words go through Markdown and the sanitiser like any other
//! text, and where each is found in the finished HTML says how its value is escaped.

use super::compiled::Compiled;
use super::content::{BodyFormat, MessageContent};
use super::html::{layout, layout::Layout, sanitize};
use super::marker::{Marked, Markers};
use super::piece::Piece;
use super::place::Context;
use super::template::{
    Place, Placeholder, Role, Segment, Syntax, Variable, html as escape_html, scan,
};
use super::{markdown, text};

/// A placeholder and what it is in its place.
type Placed = (Placeholder, Role);

/// A body whose markers are found: cleaned HTML with one marker for each of `placed`.
pub(super) struct Body {
    html: String,
    markers: Markers,
    placed: Vec<Placed>,
}

impl Body {
    /// Renders and cleans a body. Gives the HTML as it is before cleaning to `allowed` and stops
    /// with `None` when that says no.
    pub(super) fn read(body: &str, format: BodyFormat, allowed: fn(&str) -> bool) -> Option<Self> {
        let markers = Markers::for_text(body);
        let (marked, placeholders) = markers.mark(body);
        let html = match format {
            BodyFormat::Markdown => markdown::to_html(&with_links(marked, &markers, &placeholders)),
            BodyFormat::Html => marked,
        };
        if !allowed(&html) {
            return None;
        }
        let cleaned = sanitize(&html, markers.prefix());
        let (html, placed) = place(&cleaned, &markers, &placeholders);
        Some(Self {
            html,
            markers,
            placed,
        })
    }

    /// True when a reader would see nothing: no text, no picture.
    pub(super) fn is_blank(&self) -> bool {
        !self.html.contains("<img") && self.text(BodyFormat::Html).trim().is_empty()
    }

    /// Length of the cleaned HTML, in octets.
    pub(super) const fn html_len(&self) -> usize {
        self.html.len()
    }

    fn text(&self, format: BodyFormat) -> String {
        text::from_html(&self.html, format == BodyFormat::Markdown)
    }

    fn pieces(&self, marked: &str, syntax: Syntax, compiled: &mut Compiled) -> Vec<Piece> {
        let parts = self.markers.split(marked).into_iter();
        parts
            .map(|part| match part {
                Marked::Text(text) => Piece::Fixed(text.to_owned()),
                Marked::Index(index) => match self.placed.get(index) {
                    Some((placeholder, role)) => compiled.slot(
                        placeholder,
                        Place {
                            syntax,
                            role: *role,
                        },
                    ),
                    None => Piece::Fixed(self.markers.word(index)),
                },
            })
            .collect()
    }
}

/// Compiles checked content.
pub(super) fn compile(content: &MessageContent, layout: &Layout) -> Compiled {
    let mut compiled = Compiled::default();
    let format = content.format;
    let Some(body) = Body::read(&content.body, format, |_| true) else {
        return compiled;
    };
    let subject = content.subject.as_str();
    compiled.subject = segments(subject, Syntax::Header, &mut compiled);
    compiled.html = page(subject, &body, format, layout, &mut compiled);
    let mut text = match &content.text {
        Some(text) => segments(text, Syntax::Plain, &mut compiled),
        None => body.pieces(&body.text(format), Syntax::Plain, &mut compiled),
    };
    text.extend(text_footer(
        !has_unsubscribe(&text, &compiled),
        layout,
        &mut compiled,
    ));
    compiled.text = joined(text);
    compiled
}

/// The whole page around the body.
fn page(
    subject: &str,
    body: &Body,
    format: BodyFormat,
    layout: &Layout,
    compiled: &mut Compiled,
) -> Vec<Piece> {
    let mut page = vec![Piece::Fixed(layout::head(layout))];
    page.extend(segments(subject, Syntax::Html, compiled));
    page.push(Piece::Fixed(layout::above_body(format)));
    let inside = body.pieces(&body.html, Syntax::Html, compiled);
    let needs_link = !has_unsubscribe(&inside, compiled);
    page.extend(inside);
    page.push(Piece::Fixed(layout::below_body(layout)));
    if needs_link {
        let (before, after) = layout::link(layout);
        page.push(Piece::Fixed(before.to_owned()));
        page.push(unsubscribe_slot(Syntax::Html, compiled));
        page.push(Piece::Fixed(after));
    }
    page.push(Piece::Fixed(layout::END.to_owned()));
    joined(page)
}

/// What stands below the plain text.
fn text_footer(needs_link: bool, layout: &Layout, compiled: &mut Compiled) -> Vec<Piece> {
    let mut footer = vec![Piece::Fixed(format!("\n\n--\n{}\n", layout.footer.why))];
    if needs_link {
        footer.push(Piece::Fixed(format!("{}: ", layout.footer.unsubscribe)));
        footer.push(unsubscribe_slot(Syntax::Plain, compiled));
        footer.push(Piece::Fixed("\n".to_owned()));
    }
    footer
}

fn unsubscribe_slot(syntax: Syntax, compiled: &mut Compiled) -> Piece {
    let placeholder = Placeholder {
        variable: Variable::UnsubscribeUrl,
        default: None,
    };
    let role = Role::Url;
    compiled.slot(&placeholder, Place { syntax, role })
}

fn has_unsubscribe(pieces: &[Piece], compiled: &Compiled) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Slot(index) => compiled
            .slots
            .get(*index)
            .is_some_and(|slot| slot.variable == Variable::UnsubscribeUrl),
        Piece::Fixed(_) => false,
    })
}

/// The pieces of a text that is neither Markdown nor HTML itself, for a place in `syntax`.
fn segments(source: &str, syntax: Syntax, compiled: &mut Compiled) -> Vec<Piece> {
    scan(source)
        .map(|segment| match segment {
            Segment::Placeholder(placeholder) => compiled.slot(&placeholder, Place::text(syntax)),
            Segment::Text(text) | Segment::Fault(_, text) => Piece::Fixed(match syntax {
                Syntax::Html => escape_html(text),
                Syntax::Header | Syntax::Plain => text.to_owned(),
            }),
        })
        .collect()
}

/// Gives each marker in cleaned HTML the index of its placeholder with the role of its place.
fn place(cleaned: &str, markers: &Markers, placeholders: &[Placeholder]) -> (String, Vec<Placed>) {
    let mut html = String::with_capacity(cleaned.len());
    let mut placed = Vec::new();
    let mut context = Context::default();
    for part in markers.split(cleaned) {
        match part {
            Marked::Text(text) => {
                context.read(text);
                html.push_str(text);
            }
            Marked::Index(index) => {
                if let Some(placeholder) = placeholders.get(index) {
                    let role = match (context.role(), &placeholder.variable) {
                        (Role::Text, Variable::UnsubscribeUrl) => Role::Url,
                        (role, _) => role,
                    };
                    let known = placed
                        .iter()
                        .position(|(p, r)| p == placeholder && *r == role);
                    html.push_str(&markers.word(known.unwrap_or(placed.len())));
                    if known.is_none() {
                        placed.push((placeholder.clone(), role));
                    }
                }
            }
        }
    }
    (html, placed)
}

/// `<{{ unsubscribe_url }}>` is an automatic link in Markdown; as a marker it would be a tag.
fn with_links(marked: String, markers: &Markers, placeholders: &[Placeholder]) -> String {
    if !marked.contains(&format!("<{}", markers.prefix())) {
        return marked;
    }
    let mut linked = String::with_capacity(marked.len());
    let mut parts = markers.split(&marked).into_iter().peekable();
    let mut closing = false;
    while let Some(part) = parts.next() {
        match part {
            Marked::Text(text) => {
                let text = if closing { &text[1..] } else { text };
                closing = false;
                linked.push_str(text);
            }
            Marked::Index(index) => {
                let word = markers.word(index);
                let is_link = linked.ends_with('<')
                    && matches!(parts.peek(), Some(Marked::Text(text)) if text.starts_with('>'))
                    && index < placeholders.len();
                if is_link {
                    linked.pop();
                    linked.push_str(&format!("[{word}]({word})"));
                    closing = true;
                } else {
                    linked.push_str(&word);
                }
            }
        }
    }
    linked
}

/// Neighbouring fixed pieces become one.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Fixed(text)), Piece::Fixed(more)) => text.push_str(&more),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}
