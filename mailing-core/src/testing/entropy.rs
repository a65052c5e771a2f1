//! Randomness that repeats.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::ports::Entropy;

/// Steps of the golden ratio, as SplitMix64 (Steele, Lea, Flood 2014) takes them.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The same bytes for the same seed, in the order of asking. Not for secrets.
#[derive(Debug)]
pub struct SeededEntropy {
    state: AtomicU64,
}

impl SeededEntropy {
    /// A source that repeats for equal seeds.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self {
            state: AtomicU64::new(seed),
        }
    }

    fn next(&self) -> u64 {
        let state = self.state.fetch_add(STEP, Ordering::Relaxed);
        let mixed = state.wrapping_add(STEP);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(seed: u64) -> [u8; 20] {
        let mut bytes = [0; 20];
        SeededEntropy::new(seed).fill(&mut bytes);
        bytes
    }

    #[test]
    fn the_first_words_are_those_of_splitmix64() {
        let entropy = SeededEntropy::new(1_234_567);
        assert_eq!(entropy.next(), 6_457_827_717_110_365_317);
        assert_eq!(entropy.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn equal_seeds_repeat_and_others_do_not() {
        assert_eq!(taken(7), taken(7));
        assert_ne!(taken(7), taken(8));
    }

    #[test]
    fn below_stays_below() {
        let entropy = SeededEntropy::new(7);
        assert!((0..100).all(|_| entropy.below(3) < 3));
        assert_eq!(entropy.below(0), 0);
    }
}
