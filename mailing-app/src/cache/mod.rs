//! Adapters of the cache port.

mod memory;
#[cfg(feature = "redis")]
mod redis;
mod tally;

pub use memory::MemoryCache;
#[cfg(feature = "redis")]
pub use redis::RedisCache;
