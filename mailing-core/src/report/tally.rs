//! Counting a run's deliveries by cause and by recipient domain.

use std::collections::BTreeMap;

use super::{CauseSum, DomainSums, add};
use crate::delivery::{Cause, Standing};
use crate::recipient::EmailAddress;
use crate::run::Counts;

/// So many domains of a run are kept by name, those with the most deliveries; the others together. A
/// run's sums stay small, however many domains its recipients have.
pub const DOMAINS_KEPT: usize = 30;
/// A domain of fewer recipients of a run is not kept by name: it may be somebody's own, and sums outlive
/// those whose addresses are erased.
const DOMAIN_LEAST: u64 = 2;
/// So many domains are told apart while a run is counted. Beyond that the rarer half of those seen so
/// far goes to the rest: memory is bounded, and what is frequent is found again.
const DOMAINS_COUNTED: usize = 10_000;

/// Deliveries of a run that have the domain, the state and the cause in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallied {
    /// What follows the first `@` of the address, as it was written.
    pub after_at: String,
    /// Where they are counted.
    pub standing: Standing,
    /// Why they failed, if they did.
    pub cause: Option<Cause>,
    /// How many.
    pub count: u64,
}

/// What is kept of a run's deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunSums {
    /// All of them.
    pub counts: Counts,
    /// Causes of failures, most first.
    pub causes: Vec<CauseSum>,
    /// At most [`DOMAINS_KEPT`] by name, each of two deliveries or more, most deliveries first, and the rest, if there is any.
    pub domains: Vec<DomainSums>,
}

/// Counts the deliveries of one run, some at a time.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Counts,
    causes: BTreeMap<Cause, u64>,
    domains: BTreeMap<String, Counts>,
    rest: Counts,
}

impl Tally {
    /// Adds some deliveries.
    pub fn add(&mut self, some: &Tallied) {
        let counts = counted(some.standing, some.count);
        add(&mut self.counts, &counts);
        if let Some(cause) = some.cause {
            *self.causes.entry(cause).or_default() += some.count;
        }
        match domain(&some.after_at) {
            Some(domain) => {
                if self.domains.len() >= DOMAINS_COUNTED && !self.domains.contains_key(&domain) {
                    self.halve();
                }
                add(self.domains.entry(domain).or_default(), &counts);
            }
            None => add(&mut self.rest, &counts),
        }
    }

    /// The sums.
    #[must_use]
    pub fn sums(self) -> RunSums {
        let mut causes: Vec<_> = self
            .causes
            .into_iter()
            .map(|(cause, count)| CauseSum { cause, count })
            .collect();
        causes.sort_by_key(|sum| std::cmp::Reverse(sum.count));
        let mut rest = self.rest;
        let mut domains = ranked(self.domains);
        let many = domains.partition_point(|(_, counts)| counts.planned >= DOMAIN_LEAST);
        for (_, counts) in domains.drain(DOMAINS_KEPT.min(many)..) {
            add(&mut rest, &counts);
        }
        let named = domains.into_iter().map(|(domain, counts)| DomainSums {
            domain: Some(domain),
            counts,
        });
        let unnamed = (rest.planned > 0).then_some(DomainSums {
            domain: None,
            counts: rest,
        });
        RunSums {
            counts: self.counts,
            causes,
            domains: named.chain(unnamed).collect(),
        }
    }

    fn halve(&mut self) {
        let mut ranked = ranked(std::mem::take(&mut self.domains));
        for (_, counts) in ranked.drain(DOMAINS_COUNTED / 2..) {
            add(&mut self.rest, &counts);
        }
        self.domains = ranked.into_iter().collect();
    }
}

/// Most deliveries first; of equals in the order of their names.
fn ranked(domains: BTreeMap<String, Counts>) -> Vec<(String, Counts)> {
    let mut ranked: Vec<_> = domains.into_iter().collect();
    ranked.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.planned));
    ranked
}

/// One form for all spellings of a domain; `None` for an address that was erased.
fn domain(after_at: &str) -> Option<String> {
    // A quoted local part may hold an `@`.
    let written = after_at.rsplit('@').next().unwrap_or(after_at);
    match EmailAddress::parse(&format!("a@{written}")) {
        Ok(address) if address.is_erased() => None,
        Ok(address) => Some(address.domain_ascii().to_owned()),
        Err(_) => Some(written.to_ascii_lowercase()),
    }
}

fn counted(standing: Standing, count: u64) -> Counts {
    let mut counts = Counts {
        planned: count,
        ..Counts::default()
    };
    let sum = match standing {
        Standing::Delivered => &mut counts.delivered,
        Standing::Failed => &mut counts.failed,
        Standing::Unknown => &mut counts.unknown,
        Standing::Suppressed => &mut counts.suppressed,
        Standing::Cancelled => &mut counts.cancelled,
        Standing::Waiting => &mut counts.pending,
    };
    *sum = count;
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(after_at: &str, count: u64) -> Tallied {
        Tallied {
            after_at: after_at.to_owned(),
            standing: Standing::Delivered,
            cause: None,
            count,
        }
    }

    fn names(sums: &RunSums) -> Vec<(Option<&str>, u64)> {
        let domains = sums.domains.iter();
        domains
            .map(|sum| (sum.domain.as_deref(), sum.counts.planned))
            .collect()
    }

    #[test]
    fn spellings_of_a_domain_are_one() {
        let mut tally = Tally::default();
        for written in ["Example.ORG", "example.org", "b\"@example.org"] {
            tally.add(&some(written, 1));
        }
        tally.add(&some("почта.рф", 1));
        tally.add(&some("xn--80a1acny.xn--p1ai", 1));
        let sums = tally.sums();
        let expected = [(Some("example.org"), 3), (Some("xn--80a1acny.xn--p1ai"), 2)];
        assert_eq!(names(&sums), expected);
    }

    #[test]
    fn erased_addresses_have_no_domain() {
        let mut tally = Tally::default();
        tally.add(&some("erased.invalid", 2));
        tally.add(&some("example.org", 3));
        assert_eq!(names(&tally.sums()), [(Some("example.org"), 3), (None, 2)]);
    }

    #[test]
    fn a_domain_of_one_recipient_is_not_named() {
        let mut tally = Tally::default();
        tally.add(&some("ann-petrova.example", 1));
        tally.add(&some("example.org", 2));
        assert_eq!(names(&tally.sums()), [(Some("example.org"), 2), (None, 1)]);
    }

    #[test]
    fn the_greatest_domains_keep_their_names_and_nobody_is_lost() {
        let mut tally = Tally::default();
        for n in 1..=40 {
            tally.add(&some(&format!("d{n:02}.example"), n));
        }
        let sums = tally.sums();
        assert_eq!(sums.domains.len(), DOMAINS_KEPT + 1);
        assert_eq!(names(&sums)[0], (Some("d40.example"), 40));
        assert_eq!(names(&sums)[DOMAINS_KEPT], (None, (1..=10).sum()));
        let all: u64 = sums.domains.iter().map(|sum| sum.counts.planned).sum();
        assert_eq!((all, sums.counts.delivered), (820, 820));
    }

    #[test]
    fn more_domains_than_are_told_apart_take_no_more_memory() {
        let mut tally = Tally::default();
        tally.add(&some("great.example", 500));
        for n in 0..30_000 {
            tally.add(&some(&format!("d{n}.example"), 1));
            assert!(tally.domains.len() <= DOMAINS_COUNTED);
        }
        let sums = tally.sums();
        assert_eq!(names(&sums)[0], (Some("great.example"), 500));
        let all: u64 = sums.domains.iter().map(|sum| sum.counts.planned).sum();
        assert_eq!(all, 30_500);
    }

    #[test]
    fn causes_are_of_failures_alone() {
        let mut tally = Tally::default();
        let failed = |cause, count| Tallied {
            standing: Standing::Failed,
            cause: Some(cause),
            ..some("example.org", count)
        };
        tally.add(&failed(Cause::Policy, 2));
        tally.add(&failed(Cause::GaveUp, 3));
        tally.add(&some("example.org", 9));
        let sums = tally.sums();
        let causes: Vec<_> = sums.causes.iter().map(|s| (s.cause, s.count)).collect();
        assert_eq!(causes, [(Cause::GaveUp, 3), (Cause::Policy, 2)]);
        assert_eq!((sums.counts.failed, sums.counts.delivered), (5, 9));
    }
}
