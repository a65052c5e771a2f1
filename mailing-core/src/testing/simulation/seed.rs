//! Chance, from one number.

use std::sync::Arc;
use std::time::Duration;

use crate::ports::Entropy as _;
use crate::testing::SeededEntropy;

/// Dice that fall the same way for equal seeds. Clones roll on together.
#[derive(Debug, Clone)]
pub(super) struct Dice(Arc<SeededEntropy>);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        // Neighbouring seeds must not give neighbouring worlds.
        Self(Arc::new(SeededEntropy::new(
            seed.wrapping_mul(0xd6e8_feb8_6659_fd93),
        )))
    }

    /// Dice of their own, made by a throw of these.
    pub(super) fn another(&self) -> Self {
        Self::new(self.0.below(u64::MAX))
    }

    /// A number in `0..bound`.
    pub(super) fn below(&self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    /// A number in `from..=to`.
    pub(super) fn between(&self, from: u64, to: u64) -> u64 {
        from + self.below(to - from + 1)
    }

    /// True once in `times`.
    pub(super) fn one_in(&self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// So many seconds.
    pub(super) fn seconds(&self, from: u64, to: u64) -> Duration {
        Duration::from_millis(self.between(from * 1_000, to * 1_000))
    }

    /// One of them.
    pub(super) fn pick<'a, T>(&self, of: &'a [T]) -> Option<&'a T> {
        let index = self.below(of.len() as u64);
        of.get(usize::try_from(index).ok()?)
    }
}
