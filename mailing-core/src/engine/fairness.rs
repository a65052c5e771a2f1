//! Whose deliveries are next: owners in turn, then the runs of each owner in turn (D12).

use crate::id::{RunId, UserId};
use crate::ports::store::Want;

/// A run from which something can be claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ready {
    pub(super) run: RunId,
    pub(super) owner: UserId,
}

/// Divides `free` places equally among owners, and each owner's share among its runs. Who gets what
/// does not divide changes with `turn`, a number that grows by one each time.
pub(super) fn share(ready: &[Ready], free: u32, turn: u64) -> Vec<Want> {
    let mut owners: Vec<UserId> = ready.iter().map(|ready| ready.owner).collect();
    owners.sort_unstable();
    owners.dedup();
    // Each owner's runs move on when all owners have had their turn.
    let inner_turn = turn / (owners.len() as u64).max(1);
    let mut wants = Vec::new();
    for (owner, places) in owners.iter().zip(parts(owners.len(), free, turn)) {
        let runs: Vec<RunId> = ready
            .iter()
            .filter(|ready| ready.owner == *owner)
            .map(|ready| ready.run)
            .collect();
        let shares = parts(runs.len(), places, inner_turn);
        wants.extend(
            runs.into_iter()
                .zip(shares)
                .filter(|(_, max)| *max > 0)
                .map(|(run, max)| Want { run, max }),
        );
    }
    wants
}

/// `whole` in `count` parts that differ by one at most; the larger ones begin at `turn`.
fn parts(count: usize, whole: u32, turn: u64) -> Vec<u32> {
    let count_u32 = u32::try_from(count).unwrap_or(u32::MAX).max(1);
    let (each, larger) = (whole / count_u32, whole % count_u32);
    let first = u32::try_from(turn % u64::from(count_u32)).unwrap_or(0);
    (0..count_u32)
        .take(count)
        .map(|index| {
            let place = (index + count_u32 - first) % count_u32;
            each + u32::from(place < larger)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;

    use super::*;

    fn ready(owner: u128, run: u128) -> Ready {
        Ready {
            run: Uuid::from_u128(run).into(),
            owner: Uuid::from_u128(owner).into(),
        }
    }

    fn shares(ready: &[Ready], free: u32, turn: u64) -> Vec<u32> {
        let wants = share(ready, free, turn);
        ready
            .iter()
            .map(|one| {
                wants
                    .iter()
                    .find(|want| want.run == one.run)
                    .map_or(0, |want| want.max)
            })
            .collect()
    }

    #[test]
    fn owners_share_equally_however_many_runs_they_have() {
        let runs = [ready(1, 1), ready(1, 2), ready(1, 3), ready(2, 4)];
        assert_eq!(shares(&runs, 12, 0), [2, 2, 2, 6]);
        assert_eq!(shares(&runs[..1], 256, 7), [256]);
        assert_eq!(shares(&runs, 0, 0), [0; 4]);
        assert_eq!(share(&[], 10, 0), []);
    }

    #[test]
    fn with_fewer_places_than_runs_everybody_has_a_turn() {
        let runs: Vec<_> = (1..=7).map(|n| ready(n, n)).collect();
        let mut got = BTreeMap::<RunId, u32>::new();
        for turn in 0..70 {
            let wants = share(&runs, 3, turn);
            assert_eq!(wants.iter().map(|want| want.max).sum::<u32>(), 3);
            for want in wants {
                *got.entry(want.run).or_default() += want.max;
            }
        }
        assert_eq!(got.len(), 7);
        assert!(got.values().all(|places| *places == 30), "{got:?}");
    }

    #[test]
    fn a_single_place_goes_round_all_runs_of_all_owners() {
        let runs = [ready(1, 1), ready(1, 2), ready(2, 3), ready(2, 4)];
        let order: Vec<_> = (0..4).map(|turn| share(&runs, 1, turn)[0].run).collect();
        assert_eq!(order, [0, 2, 1, 3].map(|index: usize| runs[index].run));
    }

    #[test]
    fn the_whole_is_given_away_whatever_the_turn() {
        for (count, whole) in [(1, 5), (3, 10), (7, 3), (5, 256), (4, 0)] {
            for turn in 0..9 {
                let parts = parts(count, whole, turn);
                assert_eq!(parts.iter().sum::<u32>(), whole);
                let spread = parts.iter().max().unwrap() - parts.iter().min().unwrap();
                assert!(spread <= 1, "{parts:?}");
            }
        }
    }
}
