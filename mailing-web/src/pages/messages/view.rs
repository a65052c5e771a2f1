//! What the editor shows.

use mailing_core::error::FieldError;
use mailing_core::id::{MailingId, MessageId};
use mailing_core::mailing::MailingName;
use mailing_core::message::{BodyFormat, Message, Unsaved};
use mailing_core::recipient::Recipient;
use serde::Serialize;

use super::files::{FileRow, rows};
use super::typed::Typed;
use super::{PATH, address, parent};
use crate::i18n::{Args, Locale};
use crate::templates::Page;
use crate::view::{Choice, Command, Fault, Field, Link, Opt, Theirs, form_title, number};

/// Which preview is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Tab {
    /// The mail.
    #[default]
    Html,
    /// Its text part.
    Text,
    /// The mail with a recipient's values.
    Recipient,
}

/// The editor: what is written on the left, how it looks on the right.
#[derive(Serialize)]
pub(super) struct Editor {
    name: Option<String>,
    actions: Vec<Command>,
    parent: Link,
    lead: String,
    url: String,
    errors: Vec<Fault>,
    seen: u32,
    subject: Field,
    body: Field,
    format: Choice,
    text: Field,
    notice: Option<Notice>,
    theirs: Option<Theirs>,
    preview: Option<Preview>,
    test: Option<Field>,
    used: Vec<Link>,
    files: Vec<FileRow>,
    delete: Option<String>,
}

/// What was typed and not saved.
#[derive(Serialize)]
struct Notice {
    text: String,
    discard: String,
}

/// The right side.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Preview {
    tabs: Vec<PreviewTab>,
    /// The address of the frame; empty for the text.
    frame: String,
    text: String,
    autosave: String,
    picker: Option<Picker>,
}

/// A tab is a button that keeps what was typed.
#[derive(Debug, Clone, Serialize)]
struct PreviewTab {
    value: &'static str,
    label: String,
    current: bool,
}

/// The choice of a recipient.
#[derive(Debug, Clone, Serialize)]
struct Picker {
    query: Field,
    chosen: String,
    found: Vec<Found>,
    nobody: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Found {
    id: String,
    label: String,
}

/// What the right side is asked to show.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) tab: Tab,
    /// The text part, filled.
    pub(super) text: String,
    /// What was searched for, and who was found.
    pub(super) query: String,
    pub(super) found: Vec<Recipient>,
    /// Whose values fill the mail.
    pub(super) recipient: Option<Recipient>,
    /// Where a test goes to.
    pub(super) test: String,
}

impl Tab {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Html, "html", "preview-html"),
        (Self::Text, "text", "preview-text"),
        (Self::Recipient, "recipient", "preview-recipient"),
    ];

    /// The tab of this name; nonsense is the first.
    pub(super) fn of(name: &str) -> Self {
        let found = Self::ALL.into_iter().find(|(_, known, _)| *known == name);
        found.map_or_else(Self::default, |(tab, ..)| tab)
    }
}

impl Page for Editor {
    const TEMPLATE: &'static str = "messages/edit.html";
    const SCRIPTS: &'static [&'static str] = &["lost.js", "autosave.js"];

    fn title(&self, locale: &Locale) -> String {
        let title = match &self.name {
            Some(subject) => subject.clone(),
            None => locale.text("messages-new", &Args::new()),
        };
        form_title(locale, title, !self.errors.is_empty())
    }
}

impl Editor {
    /// The editor of a message that is not there yet.
    pub(super) fn new(locale: &Locale, typed: &Typed, errors: &[FieldError]) -> Self {
        let formats = [BodyFormat::Markdown, BodyFormat::Html].map(|format| {
            let key = match format {
                BodyFormat::Markdown => "format-markdown",
                BodyFormat::Html => "format-html",
            };
            let label = locale.text(key, &Args::new());
            Opt::new(format.as_str(), label, format == typed.format)
        });
        Self {
            name: None,
            actions: Vec::new(),
            parent: parent(locale),
            lead: String::new(),
            url: PATH.to_owned(),
            errors: Fault::all(locale, errors),
            seen: 0,
            subject: Field::new(locale, "subject", &typed.subject, errors),
            body: Field::new(locale, "body", &typed.body, errors),
            format: Choice::new(locale, "format", errors).options(formats),
            text: Field::new(locale, "text", &typed.text, errors),
            notice: None,
            theirs: None,
            preview: None,
            test: None,
            used: Vec::new(),
            files: Vec::new(),
            delete: None,
        }
    }

    /// The editor of a saved message with what was typed into it.
    pub(super) fn of(
        locale: &Locale,
        message: &Message,
        typed: &Typed,
        errors: &[FieldError],
        used: &[(MailingId, MailingName)],
    ) -> Self {
        let path = format!("{PATH}/{}", message.id);
        let say = |key: &str| locale.text(key, &Args::new());
        let used = used.iter().map(|(id, name)| Link {
            url: format!("/mailings/{id}"),
            label: name.as_str().to_owned(),
        });
        let used: Vec<_> = used.collect();
        let saved = Args::new()
            .text("when", locale.short(message.current.saved_at))
            .number("n", number(used.len() as u64));
        Self {
            name: Some(message.current.content.subject.as_str().to_owned()),
            actions: vec![Command::link(
                format!("{path}/history"),
                say("message-history"),
            )],
            lead: locale.text("message-lead", &saved),
            url: address(message.id),
            seen: message.current.number,
            delete: used.is_empty().then(|| format!("{path}/delete")),
            used,
            files: rows(locale, message),
            ..Self::new(locale, typed, errors)
        }
    }

    /// With a word about what was typed before and not saved.
    pub(super) fn unsaved(mut self, locale: &Locale, message: &Message, unsaved: &Unsaved) -> Self {
        let when = Args::new().text("when", locale.short(unsaved.typed_at));
        self.notice = Some(Notice {
            text: locale.text("message-unsaved", &when),
            discard: format!("{PATH}/{}/discard", message.id),
        });
        self
    }

    /// With the version beside it that was saved by somebody else meanwhile.
    pub(super) fn beside(mut self, locale: &Locale, message: &Message) -> Self {
        let when = Args::new().text("when", locale.short(message.current.saved_at));
        self.theirs = Some(Theirs {
            notice: locale.text("message-conflict", &when),
            title: message.current.content.subject.as_str().to_owned(),
            body: message.current.content.body.clone(),
        });
        self
    }

    /// With the right side.
    pub(super) fn previewed(
        mut self,
        locale: &Locale,
        id: MessageId,
        asked: Asked,
        errors: &[FieldError],
    ) -> Self {
        let path = format!("{PATH}/{id}");
        let tabs = Tab::ALL.map(|(tab, value, key)| PreviewTab {
            value,
            label: locale.text(key, &Args::new()),
            current: tab == asked.tab,
        });
        let of = asked.recipient.as_ref().map(|recipient| recipient.id);
        let frame = match of {
            Some(recipient) => format!("{path}/preview?as={recipient}"),
            None => format!("{path}/preview"),
        };
        let shows_frame = asked.tab != Tab::Text;
        self.test = Some(Field::new(locale, "to", &asked.test, errors));
        self.preview = Some(Preview {
            tabs: tabs.into(),
            frame: if shows_frame { frame } else { String::new() },
            autosave: format!("{path}/autosave"),
            picker: (asked.tab == Tab::Recipient).then(|| Picker::new(locale, &asked)),
            text: asked.text,
        });
        self
    }
}

impl Picker {
    fn new(locale: &Locale, asked: &Asked) -> Self {
        let found = asked.found.iter().map(|recipient| Found {
            id: recipient.id.to_string(),
            label: name_of(recipient),
        });
        Self {
            query: Field::new(locale, "q", &asked.query, &[]).labelled(locale, "preview-search"),
            chosen: asked.recipient.as_ref().map_or_else(String::new, name_of),
            nobody: asked.found.is_empty() && !asked.query.trim().is_empty(),
            found: found.collect(),
        }
    }
}

fn name_of(recipient: &Recipient) -> String {
    match &recipient.full_name {
        Some(name) => format!("{} ({})", name.as_str(), recipient.address),
        None => recipient.address.to_string(),
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::error::Refusal;
    use mailing_core::testing::builders::{id, message, recipient};

    use crate::pages::samples::HOSTILE;

    let message = message().subject("News").body("Hello!").build();
    let typed = Typed {
        subject: HOSTILE.to_owned(),
        body: "</textarea><script>alert(1)</script>".to_owned(),
        ..Typed::default()
    };
    let unknown = Refusal::new(code::MESSAGE_UNKNOWN_VARIABLE)
        .with("name", "recipient.nmae")
        .with("line", 2i64)
        .with("column", 7i64)
        .with("nearest", "recipient.full_name");
    let errors = [FieldError::new("body", unknown)];
    let used = [(
        id(locale.now),
        MailingName::parse(&HOSTILE.replace('\u{202e}', "")).unwrap(),
    )];
    let unsaved = Unsaved {
        based_on: 1,
        subject: String::new(),
        body: String::new(),
        format: BodyFormat::Html,
        text: String::new(),
        typed_at: locale.now,
    };
    let of = |typed: &Typed, errors: &[FieldError], used: &[(MailingId, MailingName)]| {
        Editor::of(locale, &message, typed, errors, used)
    };
    let asked = |tab| Asked {
        tab,
        text: "<b>Hello</b>".to_owned(),
        query: HOSTILE.to_owned(),
        found: vec![recipient().named("Anna").build(), recipient().build()],
        recipient: Some(recipient().build()),
        test: "anna@example.org".to_owned(),
    };
    let saved = Typed::from(&message.current.content);
    vec![
        Editor::new(locale, &Typed::default(), &[]),
        Editor::new(locale, &typed, &errors),
        of(&saved, &[], &[]).previewed(locale, message.id, Asked::default(), &[]),
        of(&typed, &errors, &used)
            .beside(locale, &message)
            .previewed(locale, message.id, asked(Tab::Text), &errors),
        of(&typed, &[], &used)
            .unsaved(locale, &message, &unsaved)
            .previewed(locale, message.id, asked(Tab::Recipient), &[]),
    ]
}
