//! What the editor of a post shows.

use mailing_core::error::FieldError;
use mailing_core::ports::store::KeptPost;
use mailing_core::post::{PictureSize, Post, PostState};
use serde::Serialize;

use super::typed::Typed;
use super::{PATH, address, parent};
use crate::i18n::{Args, Locale};
use crate::pages::blog::{self, Img};
use crate::templates::Page;
use crate::view::{Command, Fault, Field, Link, Theirs, form_title, number};

/// The editor: what is written on the left, how it looks on the right.
#[derive(Serialize)]
pub(super) struct Editor {
    name: Option<String>,
    parent: Link,
    actions: Vec<Command>,
    lead: String,
    url: String,
    errors: Vec<Fault>,
    seen: u32,
    title: Field,
    slug: Field,
    slug_hint: String,
    summary: Field,
    content: Field,
    theirs: Option<Theirs>,
    img: Option<Img>,
    /// What its button for the publication says.
    publish: String,
    /// Where the saved post is shown in a frame; empty for a new one.
    frame: String,
    /// Where a preview of what is typed is asked for.
    preview: String,
    delete: String,
}

impl Page for Editor {
    const TEMPLATE: &'static str = "content/edit.html";

    fn title(&self, locale: &Locale) -> String {
        let title = match &self.name {
            Some(title) => title.clone(),
            None => locale.text("posts-new", &Args::new()),
        };
        form_title(locale, title, !self.errors.is_empty())
    }
}

impl Editor {
    /// The editor of a post that is not there yet.
    pub(super) fn new(locale: &Locale, typed: &Typed, errors: &[FieldError]) -> Self {
        let say = |key: &str| locale.text(key, &Args::new());
        Self {
            name: None,
            parent: parent(locale),
            actions: Vec::new(),
            lead: String::new(),
            url: PATH.to_owned(),
            errors: Fault::all(locale, errors),
            seen: 0,
            title: Field::new(locale, "title", &typed.title, errors),
            slug: Field::new(locale, "slug", &typed.slug, errors),
            slug_hint: say("post-slug-hint"),
            summary: Field::new(locale, "lead", &typed.lead, errors),
            content: Field::new(locale, "content", &typed.content, errors),
            theirs: None,
            img: None,
            publish: say("post-save-and-publish"),
            frame: String::new(),
            preview: format!("{PATH}/preview"),
            delete: String::new(),
        }
    }

    /// The editor of a saved post with what was typed into it.
    pub(super) fn of(
        locale: &Locale,
        kept: &KeptPost,
        typed: &Typed,
        errors: &[FieldError],
    ) -> Self {
        let post = &kept.post;
        let path = format!("{PATH}/{}", post.id);
        let picture = post.picture.as_ref();
        let publish = match post.state {
            PostState::Draft => "post-save-and-publish",
            PostState::Published { .. } => "post-save-and-move",
        };
        Self {
            name: Some(post.title.as_str().to_owned()),
            actions: actions(locale, post),
            lead: lead(locale, kept),
            url: address(post.id),
            seen: post.version,
            img: picture.map(|picture| Img::new(picture, PictureSize::Card)),
            publish: locale.text(publish, &Args::new()),
            frame: format!("{path}/preview"),
            preview: format!("{path}/preview"),
            delete: format!("{path}/delete"),
            ..Self::new(locale, typed, errors)
        }
    }

    /// With what somebody else has saved meanwhile.
    pub(super) fn beside(mut self, locale: &Locale, post: &Post) -> Self {
        let when = Args::new().text("when", locale.short(post.updated_at));
        self.theirs = Some(Theirs {
            notice: locale.text("post-conflict", &when),
            title: post.title.as_str().to_owned(),
            body: post.content.as_str().to_owned(),
        });
        self
    }
}

/// What can be done with a post as it is: a draft is published by the form.
fn actions(locale: &Locale, post: &Post) -> Vec<Command> {
    let say = |key: &str| locale.text(key, &Args::new());
    let mut actions = Vec::new();
    if post.state.is_public(locale.now) {
        let url = blog::address(&post.slug);
        actions.push(Command::link(url, say("post-open")));
    }
    if post.state != PostState::Draft {
        let url = format!("{PATH}/{}/unpublish", post.id);
        actions.push(Command::post(url, say("post-unpublish")));
    }
    actions
}

/// What a post is, in a sentence.
fn lead(locale: &Locale, kept: &KeptPost) -> String {
    match kept.post.state {
        PostState::Draft => {
            let when = Args::new().text("when", locale.short(kept.post.updated_at));
            locale.text("post-is-draft", &when)
        }
        PostState::Published { at } if at > locale.now => {
            let when = Args::new().text("when", locale.sentence(at));
            locale.text("post-is-planned", &when)
        }
        PostState::Published { at } => {
            let views = Args::new().number("n", number(kept.views));
            let args = Args::new()
                .text("when", locale.date(at))
                .text("views", locale.text("count-views", &views));
            locale.text("post-is-published", &args)
        }
    }
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use chrono::Duration;
    use mailing_core::code;
    use mailing_core::testing::builders::{picture, post};

    use crate::pages::samples::HOSTILE;

    let clean = HOSTILE.replace('\u{202e}', "");
    let kept = |post: Post| KeptPost {
        post,
        views: 312,
        deleted_at: None,
    };
    let written = || post().titled(&clean).lead(&clean).content(&clean);
    let draft = kept(written().build());
    let planned = kept(written().published(locale.now + Duration::days(2)).build());
    let public = kept(
        written()
            .picture(&picture(b"x"))
            .published(locale.now)
            .build(),
    );
    let typed = Typed {
        content: HOSTILE.to_owned(),
        ..Typed::from(&draft.post)
    };
    let fields = ["title", "slug", "lead", "content"];
    let errors = fields.map(|field| FieldError::new(field, code::REQUIRED));
    vec![
        Editor::new(locale, &Typed::default(), &[]),
        Editor::new(locale, &typed, &errors),
        Editor::of(locale, &draft, &Typed::from(&draft.post), &[]),
        Editor::of(locale, &planned, &Typed::from(&planned.post), &[]),
        Editor::of(locale, &public, &typed, &errors),
        Editor::of(locale, &public, &typed, &[]).beside(locale, &public.post),
    ]
}
