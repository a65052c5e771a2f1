//! The ports of mailing-core over PostgreSQL.
