//! Migrations: numbered, forward only, all pending ones in one transaction under a lock, so that of
//! two processes that start at once one waits and finds nothing left to do.

use crate::open::OpenError;

/// The table that tells which migrations a database has.
pub const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations \
    (version BIGINT PRIMARY KEY NOT NULL, name TEXT NOT NULL)";
/// All migrations of a database, oldest first.
pub const APPLIED: &str = "SELECT version, name FROM schema_migrations ORDER BY version";
/// Notes a migration.
pub const NOTE: &str = "INSERT INTO schema_migrations (version, name) VALUES ($1, $2)";

/// One step of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its place in the order, from 1.
    pub version: i64,
    /// Its name, as in its file's name.
    pub name: &'static str,
    /// Its statements.
    pub sql: &'static str,
}

/// A migration and whether a database has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its place in the order, from 1.
    pub version: i64,
    /// Its name.
    pub name: &'static str,
    /// True when the database has it.
    pub applied: bool,
}

/// The migrations of `known` that a database with `applied` lacks.
///
/// # Errors
/// [`OpenError::Newer`] when it has one that is not known: it was made by a newer program (S59).
pub fn pending<'a>(
    known: &'a [Migration],
    applied: &[(i64, String)],
) -> Result<&'a [Migration], OpenError> {
    let last_known = known.last().map_or(0, |migration| migration.version);
    let is_ours = applied
        .iter()
        .zip(known)
        .all(|((version, name), ours)| *version == ours.version && name == ours.name);
    match known.get(applied.len()..) {
        Some(pending) if is_ours => Ok(pending),
        _ => Err(OpenError::Newer {
            found: applied.last().map_or(0, |(version, _)| *version),
            known: last_known,
        }),
    }
}

/// Every known migration with whether a database with `applied` has it.
///
/// # Errors
/// As [`pending`].
pub fn status(
    known: &[Migration],
    applied: &[(i64, String)],
) -> Result<Vec<MigrationStatus>, OpenError> {
    let done = known.len() - pending(known, applied)?.len();
    let status = known.iter().enumerate().map(|(index, migration)| {
        let Migration { version, name, .. } = *migration;
        MigrationStatus {
            version,
            name,
            applied: index < done,
        }
    });
    Ok(status.collect())
}

/// Lists the files of a `migrations` folder as [`Migration`]s, embedded into the program.
#[macro_export]
macro_rules! migrations {
    ($folder:literal: $($version:literal $name:literal,)*) => {
        &[$($crate::migration::Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!($folder, "/", $name, ".sql")),
        }),*]
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Migration] = &[
        Migration {
            version: 1,
            name: "0001_a",
            sql: "",
        },
        Migration {
            version: 2,
            name: "0002_b",
            sql: "",
        },
    ];

    fn applied(names: &[&str]) -> Vec<(i64, String)> {
        (1..).zip(names.iter().map(ToString::to_string)).collect()
    }

    #[test]
    fn what_is_missing_is_pending() {
        assert_eq!(pending(KNOWN, &[]).unwrap(), KNOWN);
        assert_eq!(
            pending(KNOWN, &applied(&["0001_a"])).unwrap(),
            KNOWN.get(1..).unwrap()
        );
        assert_eq!(pending(KNOWN, &applied(&["0001_a", "0002_b"])).unwrap(), []);
    }

    #[test]
    fn a_newer_or_other_database_is_refused() {
        for names in [&["0001_a", "0002_b", "0003_c"][..], &["0001_x"][..]] {
            let found = i64::try_from(names.len()).unwrap();
            match pending(KNOWN, &applied(names)) {
                Err(OpenError::Newer { found: at, known }) => assert_eq!((at, known), (found, 2)),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn the_status_names_each_migration() {
        let status = status(KNOWN, &applied(&["0001_a"])).unwrap();
        let done: Vec<_> = status.iter().map(|one| (one.name, one.applied)).collect();
        assert_eq!(done, [("0001_a", true), ("0002_b", false)]);
    }
}
