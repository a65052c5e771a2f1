//! What a worker keeps on its own machine: its place, its id, its journal (docs/engine.md).

mod identity;
mod journal;
mod line;
mod slot;

pub(crate) use journal::FileJournal;
pub(crate) use slot::Places;

use std::fs;

/// The name of this start of the machine; `None` where the kernel does not tell.
fn boot_id() -> Option<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned())
}

/// The machine's name.
pub(crate) fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}
