//! Which column becomes what.

use std::fmt;

use super::header::Header;
use super::names;
use crate::code;
use crate::error::{FieldError, Refusal};
use crate::recipient::{ATTRIBUTES_MAX, attribute_key};

/// The column of states, as exports name it: a `state` is often a part of a country.
pub(in crate::recipient) const STATE: &str = "recipient_state";

/// The column of attributes without columns, as exports name it.
pub(in crate::recipient) const ATTRIBUTES: &str = "recipient_attributes";

/// What a column becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The address. There is no import without it.
    Email,
    /// The full name. Several columns are joined by blanks, in the order they are named.
    FullName,
    /// The owner's note.
    Comment,
    /// Whether the recipient wants mail: `active`, `unsubscribed`, `bounced`, `complained`.
    State,
    /// The attribute of this key.
    Attribute(String),
    /// Attributes that have no column of their own, as a JSON object.
    Attributes,
}

/// Which column becomes what; a column without a target is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    columns: Vec<String>,
    targets: Vec<(usize, Target)>,
}

impl Target {
    /// The target of that name: `email`, `full_name`, `comment`, `recipient_state`,
    /// `attributes.<key>`, `<key>`, or `recipient_attributes`.
    ///
    /// # Errors
    /// `attribute.key` when it is none of them.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        match name.trim() {
            "email" => Ok(Self::Email),
            "full_name" => Ok(Self::FullName),
            "comment" => Ok(Self::Comment),
            STATE => Ok(Self::State),
            ATTRIBUTES => Ok(Self::Attributes),
            other => {
                let key = other.strip_prefix("attributes.").unwrap_or(other);
                Ok(Self::Attribute(attribute_key(key)?))
            }
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email => f.write_str("email"),
            Self::FullName => f.write_str("full_name"),
            Self::Comment => f.write_str("comment"),
            Self::State => f.write_str(STATE),
            Self::Attributes => f.write_str(ATTRIBUTES),
            Self::Attribute(key) => write!(f, "attributes.{key}"),
        }
    }
}

impl Mapping {
    /// What the header suggests, by Russian and English names. A file without a header has its
    /// addresses where its first row has one.
    ///
    /// # Errors
    /// `import.no_email_column` at `map`, with the columns there are.
    pub fn preselect(header: &Header) -> Result<Self, Vec<FieldError>> {
        let guessed = match header.email_in_first_row() {
            Some(column) => vec![(column, Target::Email)],
            None => names::guess(header.columns()),
        };
        Self::checked(header, guessed)
    }

    /// What is written as `email=2,full_name=Имя`: columns by number from 1 or by their name in the
    /// header. What is not named is left out.
    ///
    /// # Errors
    /// Every fault at `map`: `import.map_syntax`, `import.unknown_column`, `import.target_twice`,
    /// `attribute.key`, `attribute.too_many`, `import.no_email_column`.
    pub fn parse(written: &str, header: &Header) -> Result<Self, Vec<FieldError>> {
        let mut faults = Vec::new();
        let mut targets: Vec<(usize, Target)> = Vec::new();
        for part in written.split(',').filter(|part| !part.trim().is_empty()) {
            match pair(part, header) {
                Ok((_, target))
                    if target != Target::FullName
                        && targets.iter().any(|(_, known)| *known == target) =>
                {
                    let refusal = Refusal::new(code::IMPORT_TARGET_TWICE);
                    faults.push(refusal.with("target", target.to_string()));
                }
                Ok(pair) => targets.push(pair),
                Err(refusal) => faults.push(refusal),
            }
        }
        if faults.is_empty() {
            return Self::checked(header, targets);
        }
        let at_map = |refusal| FieldError::new("map", refusal);
        Err(faults.into_iter().map(at_map).collect())
    }

    /// What each column becomes, in the order of the file.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Option<&Target>)> {
        self.columns.iter().enumerate().map(|(column, name)| {
            let target = self.targets.iter().find(|(c, _)| *c == column);
            (name.as_str(), target.map(|(_, target)| target))
        })
    }

    /// The name of the column that becomes `target`.
    #[must_use]
    pub fn column_of(&self, target: &Target) -> Option<&str> {
        let (column, _) = self.targets.iter().find(|(_, known)| known == target)?;
        self.columns.get(*column).map(String::as_str)
    }

    /// As [`parse`](Self::parse) reads it, with columns by number: it maps a file of the same columns
    /// in the same way.
    #[must_use]
    pub fn written(&self) -> String {
        let pairs = self.targets.iter();
        let pairs = pairs.map(|(column, target)| format!("{target}={}", column + 1));
        pairs.collect::<Vec<_>>().join(",")
    }

    /// Whether the file has a column that exports alone have.
    pub(super) fn is_of_an_export(&self) -> bool {
        let columns = &self.columns;
        columns
            .iter()
            .any(|name| name == STATE || name == ATTRIBUTES)
    }

    pub(super) fn targets(&self) -> &[(usize, Target)] {
        &self.targets
    }

    pub(super) fn names(&self) -> &[String] {
        &self.columns
    }

    fn checked(header: &Header, targets: Vec<(usize, Target)>) -> Result<Self, Vec<FieldError>> {
        let one = |refusal| Err(vec![FieldError::new("map", refusal)]);
        if !targets.iter().any(|(_, target)| *target == Target::Email) {
            let refusal = Refusal::new(code::IMPORT_NO_EMAIL_COLUMN);
            return one(refusal.with("columns", header.names_in_short()));
        }
        let attributes = targets
            .iter()
            .filter(|(_, target)| matches!(target, Target::Attribute(_)));
        if attributes.count() > ATTRIBUTES_MAX {
            return one(Refusal::new(code::ATTRIBUTE_TOO_MANY).with("max", ATTRIBUTES_MAX));
        }
        Ok(Self {
            columns: header.columns().to_vec(),
            targets,
        })
    }
}

/// One `target=column`.
fn pair(part: &str, header: &Header) -> Result<(usize, Target), Refusal> {
    let (target, column) = part
        .split_once('=')
        .ok_or_else(|| Refusal::new(code::IMPORT_MAP_SYNTAX).with("part", part.trim()))?;
    let target = Target::parse(target)?;
    let column = column.trim();
    let found = match column.parse::<usize>() {
        Ok(number) => number
            .checked_sub(1)
            .filter(|c| *c < header.columns().len()),
        Err(_) => header.position(column),
    };
    let found = found.ok_or_else(|| {
        Refusal::new(code::IMPORT_UNKNOWN_COLUMN)
            .with("column", column)
            .with("columns", header.names_in_short())
    })?;
    Ok((found, target))
}
