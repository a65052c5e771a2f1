//! Both SQL stores have the same migrations by number and name.

use std::collections::BTreeSet;

use super::Finding;
use crate::source::Source;

const POSTGRES: &str = "mailing-store-postgres/migrations/";
const SQLITE: &str = "mailing-store-sqlite/migrations/";

pub(super) fn check(files: &[Source]) -> Vec<Finding> {
    let (postgres, sqlite) = (names(files, POSTGRES), names(files, SQLITE));
    let missing = |folder: &'static str, names: &BTreeSet<&str>, others: &BTreeSet<&str>| {
        let only_there: Vec<&str> = others.difference(names).copied().collect();
        only_there
            .into_iter()
            .map(move |name| Finding::whole(&format!("{folder}{name}"), "the other store has it"))
            .collect::<Vec<_>>()
    };
    let mut findings = missing(POSTGRES, &postgres, &sqlite);
    findings.extend(missing(SQLITE, &sqlite, &postgres));
    findings
}

fn names<'a>(files: &'a [Source], folder: &str) -> BTreeSet<&'a str> {
    files
        .iter()
        .filter_map(|source| source.path.strip_prefix(folder))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{POSTGRES, SQLITE, check};
    use crate::source::Source;

    #[test]
    fn a_migration_of_one_store_only_is_found() {
        let file = |folder: &str, name: &str| Source::new(format!("{folder}{name}"), String::new());
        let mut files = vec![
            file(POSTGRES, "0001_users.sql"),
            file(SQLITE, "0001_users.sql"),
        ];
        assert!(check(&files).is_empty());
        files.push(file(SQLITE, "0002_search.sql"));
        assert_eq!(check(&files).len(), 1);
    }
}
