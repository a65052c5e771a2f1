//! What was typed into the editor of a post.

use mailing_core::post::{Lead, Post};
use mailing_core::services::PostDraft;

use crate::fields::Fields;

/// The editor's fields as they came.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) title: String,
    pub(super) slug: String,
    pub(super) lead: String,
    pub(super) content: String,
}

impl Typed {
    /// The fields of a form.
    pub(super) fn of(fields: &Fields) -> Self {
        Self {
            title: fields.one("title").to_owned(),
            slug: fields.one("slug").to_owned(),
            lead: fields.one("lead").to_owned(),
            content: fields.one("content").replace("\r\n", "\n"),
        }
    }

    /// What a service takes; the picture keeps its description.
    pub(super) fn draft(&self, post: Option<&Post>) -> PostDraft {
        PostDraft {
            title: self.title.clone(),
            slug: self.slug.clone(),
            lead: self.lead.clone(),
            content: self.content.clone(),
            alt: post.map_or_else(String::new, alt),
        }
    }

    /// True when a save would change nothing: the same form has come twice.
    pub(super) fn is(&self, post: &Post) -> bool {
        let saved = Self::from(post);
        let lines = |typed: &Self| {
            [&typed.title, &typed.slug, &typed.lead, &typed.content]
                .map(|text| text.trim().to_owned())
        };
        lines(self) == lines(&saved)
    }
}

impl From<&Post> for Typed {
    fn from(post: &Post) -> Self {
        Self {
            title: post.title.as_str().to_owned(),
            slug: post.slug.as_str().to_owned(),
            lead: post.lead.as_ref().map_or("", Lead::as_str).to_owned(),
            content: post.content.as_str().to_owned(),
        }
    }
}

/// What a post's picture shows; empty without one.
pub(super) fn alt(post: &Post) -> String {
    let picture = post.picture.as_ref();
    picture.map_or_else(String::new, |picture| picture.alt.as_str().to_owned())
}
