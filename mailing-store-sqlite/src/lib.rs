//! The ports of mailing-core over SQLite, the embedded default.
