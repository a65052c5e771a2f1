//! The post.

use serde::{Deserialize, Serialize};

use crate::id::{PostId, UserId};
use crate::time::Timestamp;

use super::{Lead, Picture, PostContent, PostTitle, Slug};

/// An article of the blog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Id.
    pub id: PostId,
    /// Who wrote it first.
    pub author: UserId,
    /// Title.
    pub title: PostTitle,
    /// What names it in its address; no other post has it.
    pub slug: Slug,
    /// The lead as written; `None`: the first paragraph is it.
    pub lead: Option<Lead>,
    /// The text.
    pub content: PostContent,
    /// The picture above it.
    pub picture: Option<Picture>,
    /// Draft or published.
    pub state: PostState,
    /// Counted from 1, one more with each change.
    pub version: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// Whether readers see a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostState {
    /// Nobody but those who write.
    Draft,
    /// Everybody, from this instant on. It may lie ahead: then the post is planned.
    Published {
        /// The publication date.
        at: Timestamp,
    },
}

/// Where writers look for a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// Not published.
    Drafts,
    /// To be published by themselves.
    Planned,
    /// Seen by readers.
    Published,
    /// Deleted, until they are erased.
    Trash,
}

impl Post {
    /// What stands below the title in lists, feeds and search results: the lead, else the beginning
    /// of the text.
    #[must_use]
    pub fn summary(&self) -> String {
        match &self.lead {
            Some(lead) => lead.as_str().to_owned(),
            None => self.content.first_paragraph(),
        }
    }
}

impl PostState {
    /// The publication date, past or to come.
    #[must_use]
    pub const fn published_at(self) -> Option<Timestamp> {
        match self {
            Self::Draft => None,
            Self::Published { at } => Some(at),
        }
    }

    /// True when readers see it.
    #[must_use]
    pub fn is_public(self, now: Timestamp) -> bool {
        self.published_at().is_some_and(|at| at <= now)
    }

    /// True when readers will see it by themselves.
    #[must_use]
    pub fn is_planned(self, now: Timestamp) -> bool {
        self.published_at().is_some_and(|at| at > now)
    }

    /// Where a post in this state lies that is not in the trash.
    #[must_use]
    pub fn shelf(self, now: Timestamp) -> Shelf {
        match self {
            Self::Draft => Shelf::Drafts,
            Self::Published { at } if at > now => Shelf::Planned,
            Self::Published { .. } => Shelf::Published,
        }
    }
}

impl Shelf {
    /// All of them, in the order of a post's life.
    pub const ALL: [Self; 4] = [Self::Drafts, Self::Planned, Self::Published, Self::Trash];

    /// The name in addresses and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drafts => "drafts",
            Self::Planned => "planned",
            Self::Published => "published",
            Self::Trash => "trash",
        }
    }

    /// The shelf of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shelf| shelf.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn a_planned_post_is_shown_when_its_time_has_come() {
        let now = DateTime::UNIX_EPOCH;
        for (at, public, shelf) in [
            (now - TimeDelta::days(1), true, Shelf::Published),
            (now, true, Shelf::Published),
            (now + TimeDelta::milliseconds(1), false, Shelf::Planned),
        ] {
            let state = PostState::Published { at };
            assert_eq!((state.is_public(now), state.shelf(now)), (public, shelf));
            assert_eq!(state.is_planned(now), !public);
        }
        assert!(!PostState::Draft.is_public(now) && !PostState::Draft.is_planned(now));
    }

    #[test]
    fn shelves_are_found_by_name() {
        for shelf in Shelf::ALL {
            assert_eq!(Shelf::from_name(shelf.as_str()), Some(shelf));
        }
        assert_eq!(Shelf::from_name("all"), None);
    }
}
