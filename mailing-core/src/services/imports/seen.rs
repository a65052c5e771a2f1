//! The addresses of a file that came already.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::recipient::import::ImportRow;

/// Where each address was first. Keeps 64 bits of a hash instead of the address, so that a million
/// rows need about 20 MiB; that two different ones meet then has a chance of 1 in 37 million.
#[derive(Debug, Default)]
pub(super) struct Seen {
    lines: BTreeMap<u64, u32>,
}

impl Seen {
    /// The line of an earlier row with the same address; remembers this row when there is none.
    pub(super) fn earlier(&mut self, row: &ImportRow) -> Option<u32> {
        let line = u32::try_from(row.line).unwrap_or(u32::MAX);
        let first = *self
            .lines
            .entry(short_hash(row.content.address.key()))
            .or_insert(line);
        (first != line).then_some(first)
    }
}

fn short_hash(key: &str) -> u64 {
    let digest = Sha256::digest(key.as_bytes());
    let (head, _) = digest.split_at(8);
    head.iter()
        .fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
