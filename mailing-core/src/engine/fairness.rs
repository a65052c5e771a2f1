//! Whose deliveries are next: deficit round robin over owners, then over the runs of each (D12).

use std::collections::BTreeMap;

use crate::id::{RunId, UserId};
use crate::ports::store::Want;

/// Owners whose place in the round is remembered.
const REMEMBERED: usize = 1_000;

/// A run from which something can be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ready {
    pub(super) run: RunId,
    pub(super) owner: UserId,
    /// At most so many.
    pub(super) most: u32,
}

/// Whose turn it is, from round to round.
#[derive(Default)]
pub(super) struct Turns {
    owners: Ring<UserId>,
    runs: BTreeMap<UserId, Ring<RunId>>,
}

impl Turns {
    /// Divides `free` places among owners, none of whom gets more than `most` allows, and each
    /// owner's places among its runs.
    pub(super) fn share(
        &mut self,
        ready: &[Ready],
        free: u32,
        most: impl Fn(UserId) -> u32,
    ) -> Vec<Want> {
        let mut runs: BTreeMap<UserId, BTreeMap<RunId, u32>> = BTreeMap::new();
        for ready in ready {
            let own = runs.entry(ready.owner).or_default();
            own.insert(ready.run, ready.most);
        }
        let owners = runs.iter().map(|(owner, runs)| {
            let wanted = runs
                .values()
                .fold(0, |sum: u32, run| sum.saturating_add(*run));
            (*owner, wanted.min(most(*owner)))
        });
        let places = self.owners.serve(&owners.collect(), free);
        if self.runs.len() > REMEMBERED {
            self.runs.retain(|owner, _| runs.contains_key(owner));
        }
        let mut wants = Vec::new();
        for (owner, places) in places {
            let ring = self.runs.entry(owner).or_default();
            let shares = ring.serve(&runs[&owner], places);
            wants.extend(shares.into_iter().map(|(run, max)| Want { run, max }));
        }
        wants
    }
}

/// A round of some who take turns.
struct Ring<K> {
    /// Whose turn was over last.
    last: Option<K>,
    /// What is left of the turn of whom the places ran out in it.
    deficits: BTreeMap<K, u32>,
}

impl<K> Default for Ring<K> {
    fn default() -> Self {
        Self {
            last: None,
            deficits: BTreeMap::new(),
        }
    }
}

impl<K: Copy + Ord> Ring<K> {
    /// Gives `free` places away: to each in turn an equal number, but not more than it takes, until
    /// none is left or nobody takes more. Who was interrupted goes on at the next call.
    fn serve(&mut self, waiting: &BTreeMap<K, u32>, free: u32) -> BTreeMap<K, u32> {
        // Who has nothing to send saves nothing up.
        self.deficits.retain(|key, _| waiting.contains_key(key));
        let (mut left, mut given) = (free, BTreeMap::new());
        loop {
            let room = |key: &K| waiting[key] - given.get(key).copied().unwrap_or(0);
            let mut order = self.order(waiting);
            order.retain(|key| room(key) > 0);
            let count = u32::try_from(order.len()).unwrap_or(u32::MAX);
            if count == 0 || left == 0 {
                return given;
            }
            let turn = (left / count).max(1);
            for key in &order {
                let had = given.get(key).copied().unwrap_or(0);
                let room = waiting[key] - had;
                if left == 0 {
                    return given;
                }
                let deficit = self.deficits.remove(key).unwrap_or(turn);
                let places = deficit.min(room).min(left);
                left -= places;
                given.insert(*key, had + places);
                if places == deficit || places == room {
                    self.last = Some(*key);
                } else {
                    self.deficits.insert(*key, deficit - places);
                }
            }
        }
    }

    /// Everybody who waits, beginning behind the one whose turn was over last.
    fn order(&self, waiting: &BTreeMap<K, u32>) -> Vec<K> {
        let (behind, before): (Vec<K>, Vec<K>) = waiting
            .keys()
            .partition(|key| self.last.is_none_or(|last| **key > last));
        behind.into_iter().chain(before).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const ALL: fn(UserId) -> u32 = |_| u32::MAX;

    fn ready(owner: u128, run: u128) -> Ready {
        Ready {
            run: Uuid::from_u128(run).into(),
            owner: Uuid::from_u128(owner).into(),
            most: u32::MAX,
        }
    }

    fn shares(turns: &mut Turns, ready: &[Ready], free: u32) -> Vec<u32> {
        let wants = turns.share(ready, free, ALL);
        let of = |one: &Ready| wants.iter().find(|want| want.run == one.run);
        ready
            .iter()
            .map(|one| of(one).map_or(0, |want| want.max))
            .collect()
    }

    #[test]
    fn owners_share_equally_however_many_runs_they_have() {
        let runs = [ready(1, 1), ready(1, 2), ready(1, 3), ready(2, 4)];
        assert_eq!(shares(&mut Turns::default(), &runs, 12), [2, 2, 2, 6]);
        assert_eq!(shares(&mut Turns::default(), &runs[..1], 256), [256]);
        assert_eq!(shares(&mut Turns::default(), &runs, 0), [0; 4]);
        assert_eq!(Turns::default().share(&[], 10, ALL), []);
    }

    #[test]
    fn with_fewer_places_than_runs_everybody_has_a_turn() {
        let runs: Vec<_> = (1..=7).map(|n| ready(n, n)).collect();
        let (mut turns, mut got) = (Turns::default(), [0; 7]);
        for _ in 0..70 {
            let now = shares(&mut turns, &runs, 3);
            assert_eq!(now.iter().sum::<u32>(), 3);
            got.iter_mut().zip(now).for_each(|(got, now)| *got += now);
        }
        assert_eq!(got, [30; 7]);
    }

    #[test]
    fn a_single_place_goes_round_all_runs_of_all_owners() {
        let runs = [ready(1, 1), ready(1, 2), ready(2, 3), ready(2, 4)];
        let mut turns = Turns::default();
        let order: Vec<_> = (0..4).map(|_| turns.share(&runs, 1, ALL)[0].run).collect();
        assert_eq!(order, [0, 2, 1, 3].map(|index: usize| runs[index].run));
    }

    #[test]
    fn what_one_does_not_take_goes_to_the_others() {
        let mut runs = [ready(1, 1), ready(2, 2), ready(3, 3)];
        runs[1].most = 2;
        assert_eq!(shares(&mut Turns::default(), &runs, 30), [14, 2, 14]);
        let wants =
            Turns::default().share(
                &runs,
                30,
                |owner| {
                    if owner == runs[0].owner { 5 } else { u32::MAX }
                },
            );
        assert_eq!(
            wants.iter().map(|want| want.max).collect::<Vec<_>>(),
            [5, 2, 23]
        );
        runs.iter_mut().for_each(|run| run.most = 1);
        assert_eq!(shares(&mut Turns::default(), &runs, 30), [1, 1, 1]);
    }

    #[test]
    fn an_owner_who_comes_and_goes_keeps_the_turn_of_the_own_runs() {
        let own = [ready(1, 1), ready(1, 2)];
        let mut turns = Turns::default();
        let mut order = Vec::new();
        for _ in 0..4 {
            order.push(turns.share(&own, 1, ALL)[0].run);
            turns.share(&[ready(2, 3)], 1, ALL);
        }
        assert_eq!(order, [0, 1, 0, 1].map(|index: usize| own[index].run));
    }

    proptest! {
        #[test]
        fn whoever_always_waits_gets_as_much_as_anybody(
            rounds in prop::collection::vec(0_u32..300, 1..100),
            count in 1_u128..9,
        ) {
            let runs: Vec<_> = (1..=count).map(|n| ready(n, n)).collect();
            let (mut turns, mut got) = (Turns::default(), vec![0; runs.len()]);
            for free in &rounds {
                let now = shares(&mut turns, &runs, *free);
                prop_assert_eq!(now.iter().sum::<u32>(), *free);
                got.iter_mut().zip(now).for_each(|(got, now)| *got += now);
            }
            let largest = rounds.iter().max().unwrap().div_ceil(u32::try_from(count).unwrap());
            let spread = got.iter().max().unwrap() - got.iter().min().unwrap();
            prop_assert!(spread <= 2 * largest.max(1), "{:?}", got);
        }
    }
}
