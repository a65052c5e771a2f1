//! To whom a mailing goes.

use crate::id::{ListId, RecipientId};

/// The audience as the mailing keeps it. Who is in it is decided when a run is frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Every active recipient of the owner.
    All,
    /// The members of these lists, each recipient once.
    Lists(Vec<ListId>),
    /// Recipients picked one by one; how many there are. The picks themselves may be many and stay
    /// in the store.
    Chosen(u64),
}

impl Audience {
    /// `all`, `lists` or `chosen`, as stored.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Lists(_) => "lists",
            Self::Chosen(_) => "chosen",
        }
    }
}

/// The audience as an owner gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AudienceChoice {
    /// Every active recipient.
    All,
    /// The members of these lists.
    Lists(Vec<ListId>),
    /// These recipients.
    Chosen(Vec<RecipientId>),
    /// Whatever the mailing that is edited has: picks may be too many to be handed around. A new
    /// mailing has nobody by it.
    Kept,
}

/// How many recipients an audience has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AudienceSize {
    /// All that are not in the trash.
    pub total: u64,
    /// Those who would get a message now: active, not suppressed.
    pub active: u64,
}

impl AudienceChoice {
    /// What the mailing keeps of it; doubles count once.
    #[must_use]
    pub fn kept(&self) -> Audience {
        match self {
            Self::All => Audience::All,
            Self::Lists(lists) => {
                let mut lists = lists.clone();
                lists.sort_unstable();
                lists.dedup();
                Audience::Lists(lists)
            }
            Self::Chosen(_) | Self::Kept => Audience::Chosen(self.chosen().len() as u64),
        }
    }

    /// The picked recipients, sorted, each once; empty for the other kinds.
    #[must_use]
    pub fn chosen(&self) -> Vec<RecipientId> {
        match self {
            Self::Chosen(picked) => {
                let mut picked = picked.clone();
                picked.sort_unstable();
                picked.dedup();
                picked
            }
            _ => Vec::new(),
        }
    }
}
