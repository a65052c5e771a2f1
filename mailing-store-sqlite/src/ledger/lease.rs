//! The clock of leases: time since boot, which no step of the wall clock moves and which goes on
//! while the machine sleeps. Another boot is another clock.

use std::fs;

use rustix::time::{ClockId, clock_gettime};

/// Milliseconds since boot.
pub(super) fn now() -> i64 {
    let time = clock_gettime(ClockId::Boottime);
    time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
}

/// The name of this boot.
///
/// # Errors
/// When the kernel does not tell.
pub(super) fn boot_id() -> std::io::Result<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id")?;
    Ok(id.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_goes_and_the_boot_has_a_name() {
        let before = now();
        assert!(before > 0);
        assert!(now() >= before);
        assert_eq!(boot_id().unwrap().len(), 36);
        assert_eq!(boot_id().unwrap(), boot_id().unwrap());
    }
}
