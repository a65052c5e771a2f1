//! Adapters of the cache port.

mod memory;

pub use memory::MemoryCache;
