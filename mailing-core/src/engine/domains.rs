//! How much each recipient domain takes at once, and which of them are left alone for a while.
//!
//! What one domain says costs the others nothing. All times are monotonic.

mod domain;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::delivery::Cause;
use crate::id::RecipientId;
use crate::ports::Entropy;

use super::verdict::DomainNews;

use self::domain::Domain;
pub(super) use self::domain::{Change, Standing};

/// Most domains that are remembered; those that took everything are forgotten first.
const KNOWN_MAX: usize = 4_096;

/// What becomes of a claim that its domain does not take now. No try is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    /// It steps aside.
    Waits {
        /// For how long.
        wait: Duration,
        /// Why.
        cause: Cause,
    },
    /// The domain has refused our mail for too long.
    GivenUp,
}

/// How long a claim has waited for a domain that refuses our mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Patience {
    /// Since it was put aside first; `None` when it never was.
    pub(super) waited: Option<Duration>,
    /// The longest time.
    pub(super) most: Duration,
}

/// The domains that this engine sends to.
#[derive(Debug)]
pub(super) struct Domains {
    /// Messages to one domain at once, while it does not complain.
    most: u32,
    known: BTreeMap<String, Domain>,
    /// Those of them that take less than the most.
    limited: BTreeSet<String>,
}

impl Domains {
    pub(super) fn new(most: u32) -> Self {
        Self {
            most: most.max(1),
            known: BTreeMap::new(),
            limited: BTreeSet::new(),
        }
    }

    /// Whether one more message to this domain may begin.
    pub(super) fn admits(&self, domain: &str, now: Duration) -> bool {
        let known = self.known.get(domain);
        known.is_none_or(|known| known.admits(self.most, now))
    }

    /// A message to this domain begins.
    pub(super) fn begin(&mut self, domain: &str) {
        match self.known.get_mut(domain) {
            Some(known) => known.begin(),
            None => {
                let mut known = Domain::new(self.most);
                known.begin();
                self.known.insert(domain.to_owned(), known);
            }
        }
    }

    /// A message to this domain has ended.
    pub(super) fn end(
        &mut self,
        domain: &str,
        who: RecipientId,
        news: &DomainNews,
        now: Duration,
    ) -> Change {
        let Some(known) = self.known.get_mut(domain) else {
            return Change::None;
        };
        let change = known.end(who, news, self.most, now);
        if change != Change::None {
            self.limited.insert(domain.to_owned());
        }
        if self.known.len() > KNOWN_MAX {
            self.forget(now);
        }
        change
    }

    /// Whether every domain takes the most there is.
    pub(super) fn are_quiet(&mut self, now: Duration) -> bool {
        let (known, most) = (&self.known, self.most);
        self.limited.retain(|name| {
            known
                .get(name)
                .is_some_and(|known| known.is_limited(most, now))
        });
        self.limited.is_empty()
    }

    /// Whether a claim must step aside before which `queued` others of its run wait for the domain.
    pub(super) fn aside(
        &mut self,
        domain: &str,
        queued: u32,
        patience: Patience,
        now: Duration,
        entropy: &dyn Entropy,
    ) -> Option<Aside> {
        if !self.limited.contains(domain) {
            return None;
        }
        let known = self.known.get_mut(domain)?;
        if known.is_hopeless(patience, now) {
            return Some(Aside::GivenUp);
        }
        known.aside(queued, self.most, now, entropy)
    }

    /// When a domain that has to be waited for may be used again.
    pub(super) fn changes_at(&self, now: Duration) -> Option<Duration> {
        let limited = self.limited.iter().filter_map(|name| self.known.get(name));
        limited.filter_map(|known| known.changes_at(now)).min()
    }

    /// Domains that take less than the most, by name, with what they said.
    pub(super) fn standings(&self, now: Duration) -> impl Iterator<Item = (&str, Standing<'_>)> {
        self.limited.iter().filter_map(move |name| {
            let standing = self.known.get(name)?.standing(self.most, now)?;
            Some((name.as_str(), standing))
        })
    }

    fn forget(&mut self, now: Duration) {
        let most = self.most;
        self.known.retain(|_, known| !known.is_plain(most, now));
        if self.known.len() > KNOWN_MAX {
            self.known.retain(|_, known| known.is_needed());
        }
    }
}

#[cfg(test)]
mod tests;
