//! The `mailing` command.
fn main() {}
