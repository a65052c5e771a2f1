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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudienceSize {
    /// All that are not in the trash.
    pub total: u64,
    /// Those who would get a message now: active, not suppressed. When it is not counted, the most
    /// that there can be: suppressed ones may be among them.
    pub active: u64,
    /// True when every recipient was looked at, which a large audience is too large for.
    pub is_counted: bool,
}

impl AudienceSize {
    /// The most recipients that are looked at for a size; of more, kept sums are given.
    pub const COUNTED_MAX: u64 = 5_000;

    /// What was found by looking at each.
    #[must_use]
    pub const fn counted(total: u64, active: u64) -> Self {
        Self {
            total,
            active,
            is_counted: true,
        }
    }

    /// What sums say of an audience with so many members, some of them maybe twice, of an owner with
    /// so many recipients and active ones.
    #[must_use]
    pub fn bound(members: u64, of: u64, active: u64) -> Self {
        let total = members.min(of);
        Self {
            total,
            active: total.min(active),
            is_counted: false,
        }
    }
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
