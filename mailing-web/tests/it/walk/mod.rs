//! A walk over every route as every kind of visitor, through the whole application on SQLite.
//!
//! `table.txt` says what each of them is answered; a route without a row fails, and so does a row
//! without a route. [`access`] compares the statuses, [`foreign`] that another owner's things look as
//! if they were not there (S14), [`answers`] what every answer has to have,
//! [`consequences`] that nothing is lost by one press.

mod access;
mod answers;
mod consequences;
mod foreign;
mod scene;

use std::fmt::Write as _;

use mailing_web::{Route, routes};

pub(crate) use answers::assert_headers;

/// Who asks, in the order of the table's columns. The owner comes last: what a form does is done once
/// all others were refused.
pub(super) const ROLES: [Role; 7] = [
    Role::Guest,
    Role::Blocked,
    Role::Other,
    Role::Manager,
    Role::ContentManager,
    Role::Administrator,
    Role::Owner,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Nobody that we know.
    Guest,
    /// Signed in, and blocked since.
    Blocked,
    /// An owner without anything of their own.
    Other,
    Manager,
    ContentManager,
    Administrator,
    /// Whose objects the addresses name.
    Owner,
}

/// A line of the table.
pub(super) struct Row {
    method: &'static str,
    path: &'static str,
    /// A status for each of [`ROLES`], or `login` for the way to the sign-in page.
    answers: Vec<&'static str>,
    /// What a form sends besides its token.
    fields: Vec<(String, String)>,
}

impl Row {
    fn read(line: &'static str) -> Self {
        let mut words = line.split_whitespace();
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let answers: Vec<_> = words.by_ref().take(ROLES.len()).collect();
        assert_eq!(answers.len(), ROLES.len(), "an answer is missing: {line}");
        let fields = words.next().map(serde_urlencoded::from_str::<Vec<_>>);
        Self {
            method,
            path,
            answers,
            fields: fields.transpose().unwrap().unwrap_or_default(),
        }
    }

    fn expected(&self, role: Role) -> &'static str {
        self.answers[ROLES.iter().position(|r| *r == role).unwrap()]
    }

    fn names_an_object(&self) -> bool {
        self.path.contains("/:id")
    }
}

/// The table, in its own order.
pub(super) fn rows() -> Vec<Row> {
    include_str!("table.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(Row::read)
        .collect()
}

/// A row as the table has it.
fn line(method: &str, path: &str, answers: &[String]) -> String {
    let mut line = format!("{method:<4} {path:<34}");
    for answer in answers {
        write!(line, " {answer:<7}").unwrap();
    }
    line.trim_end().to_owned()
}

#[test]
fn every_route_has_its_row_and_every_row_its_route() {
    let rows = rows();
    let rows: Vec<_> = rows.iter().map(|row| (row.method, row.path)).collect();
    let names = |route: &Route| (route.method.as_str().to_owned(), route.path);
    let routes: Vec<_> = routes().map(names).collect();
    let routes: Vec<_> = routes.iter().map(|(m, p)| (m.as_str(), *p)).collect();
    for route in &routes {
        let (method, path) = route;
        assert!(
            rows.contains(route),
            "{method} {path} has no row in mailing-web/tests/it/walk/table.txt. Write one there with \
             the answers that you want; if its path names a new kind of object, walk/scene.rs says \
             which one stands for it. The walk then tells what is really answered."
        );
    }
    for row in &rows {
        assert!(
            routes.contains(row),
            "{row:?} is no route: take its row away"
        );
        assert_eq!(
            rows.iter().filter(|r| *r == row).count(),
            1,
            "{row:?} twice"
        );
    }
}
