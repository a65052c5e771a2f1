//! Programs that embed mailing-core.
