//! Many rows in one statement: they travel as one JSON parameter, which both databases unfold.

use serde::Serialize;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use mailing_core::id::RecipientId;
use mailing_core::ports::store::{ImportMode, ImportSums, NewRecipient};
use mailing_core::recipient::{
    Attributes, DisplayName, EmailAddress, Recipient, RecipientContent, RecipientState,
};

use crate::filter::search_text;

/// Ids as an array of hexadecimal texts.
#[must_use]
pub fn ids(ids: impl Iterator<Item = Uuid>) -> Json<Vec<String>> {
    Json(ids.map(hex).collect())
}

/// Keys of addresses as an array.
#[must_use]
pub fn keys<'a>(addresses: impl Iterator<Item = &'a EmailAddress>) -> Json<Vec<String>> {
    Json(addresses.map(|address| address.key().to_owned()).collect())
}

/// An id as the bulk statements read it.
#[must_use]
pub fn hex(id: Uuid) -> String {
    id.simple().to_string()
}

/// A recipient on its way into a bulk statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BulkRecipient {
    id: String,
    address: String,
    key: String,
    domain: String,
    name: Option<String>,
    comment: Option<String>,
    attributes: Value,
    search: String,
    state: &'static str,
    /// Not there, or in the trash: the suppression list has a say in its state.
    fresh: bool,
}

impl BulkRecipient {
    fn new(
        id: RecipientId,
        content: &RecipientContent,
        state: RecipientState,
        fresh: bool,
    ) -> Self {
        let RecipientContent {
            address,
            full_name,
            comment,
            attributes,
        } = content;
        Self {
            id: hex(id.uuid()),
            address: address.as_str().to_owned(),
            key: address.key().to_owned(),
            domain: address.domain_ascii().to_owned(),
            name: full_name
                .as_ref()
                .map(|name: &DisplayName| name.as_str().to_owned()),
            comment: comment.clone(),
            attributes: attributes.to_json(),
            search: search_text(address, full_name.as_ref(), comment.as_deref()),
            state: state.as_str(),
            fresh,
        }
    }
}

/// A recipient that is there already, alive or in the trash.
#[derive(Debug, Clone)]
pub struct Known {
    /// As stored.
    pub recipient: Recipient,
    /// True when it is in the trash.
    pub deleted: bool,
}

/// What an import writes.
#[derive(Debug, Default)]
pub struct Import {
    /// Rows to be inserted or overwritten.
    pub rows: Vec<BulkRecipient>,
    /// Keys of those that are there, perhaps in the trash, and will be overwritten.
    pub overwritten: Vec<String>,
    /// What it comes to.
    pub sums: ImportSums,
}

impl Import {
    /// Counts rows that another transaction has added meanwhile: they stay as they are.
    pub fn meet_others(&mut self, written: u64) {
        let others = (self.rows.len() as u64).saturating_sub(written);
        self.sums.added = self.sums.added.saturating_sub(others);
        self.sums.skipped += others;
    }

    /// Sorts `rows` into new ones, changes, and those that stay as they are. `known` are the
    /// recipients with the same keys, in any order.
    #[must_use]
    pub fn plan(rows: &[NewRecipient], mut known: Vec<Known>, mode: ImportMode) -> Self {
        known.sort_by(|a, b| a.recipient.address.key().cmp(b.recipient.address.key()));
        let mut import = Self::default();
        for row in rows {
            let place = known.binary_search_by(|known| {
                let key = known.recipient.address.key();
                key.cmp(row.content.address.key())
            });
            let found = place.ok().and_then(|index| known.get(index));
            match found {
                Some(known) if !known.deleted => import.meet(row, &known.recipient, mode),
                other => {
                    import.sums.added += 1;
                    if other.is_some() {
                        import
                            .overwritten
                            .push(row.content.address.key().to_owned());
                    }
                    let row = BulkRecipient::new(row.id, &row.content, row.state, true);
                    import.rows.push(row);
                }
            }
        }
        import
    }

    fn meet(&mut self, row: &NewRecipient, there: &Recipient, mode: ImportMode) {
        let merged = match mode {
            ImportMode::Skip => None,
            ImportMode::Update => changed(there, row),
        };
        match merged {
            None => self.sums.skipped += 1,
            Some((content, state)) => {
                self.sums.updated += 1;
                self.overwritten.push(content.address.key().to_owned());
                let row = BulkRecipient::new(there.id, &content, state, false);
                self.rows.push(row);
            }
        }
    }
}

/// What `there` becomes by `given`, which leaves out what is to stay; `None` when nothing changes.
fn changed(there: &Recipient, row: &NewRecipient) -> Option<(RecipientContent, RecipientState)> {
    let given = &row.content;
    let state = match there.state {
        RecipientState::Active => row.state,
        gone => gone,
    };
    let mut attributes: Attributes = there.attributes.clone();
    // Too many together: what is there stays, so that the row can still be read.
    let merged = attributes.merge(&given.attributes);
    let content = RecipientContent {
        address: there.address.clone(),
        full_name: given.full_name.clone().or_else(|| there.full_name.clone()),
        comment: given.comment.clone().or_else(|| there.comment.clone()),
        attributes: match merged {
            Ok(()) => attributes,
            Err(_) => there.attributes.clone(),
        },
    };
    let is_same = content.full_name == there.full_name
        && content.comment == there.comment
        && content.attributes == there.attributes
        && state == there.state;
    (!is_same).then_some((content, state))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;

    fn content(address: &str, name: &str, attributes: Value) -> RecipientContent {
        RecipientContent {
            address: EmailAddress::parse(address).unwrap(),
            full_name: DisplayName::parse(name).ok(),
            comment: None,
            attributes: Attributes::check(attributes).unwrap(),
        }
    }

    fn given(address: &str, name: &str, attributes: Value) -> NewRecipient {
        NewRecipient {
            id: RecipientId::from(Uuid::from_u128(99)),
            content: content(address, name, attributes),
            state: RecipientState::Active,
        }
    }

    fn known(address: &str, deleted: bool) -> Known {
        let content = content(address, "Ann", json!({"city": "Oslo", "age": 3}));
        Known {
            recipient: Recipient {
                id: RecipientId::from(Uuid::from_u128(1)),
                owner: Uuid::from_u128(2).into(),
                address: content.address,
                full_name: content.full_name,
                comment: Some("old".into()),
                attributes: content.attributes,
                state: Default::default(),
                created_at: DateTime::UNIX_EPOCH,
                updated_at: DateTime::UNIX_EPOCH,
            },
            deleted,
        }
    }

    #[test]
    fn an_update_keeps_what_the_row_leaves_out() {
        let row = given("ANN@example.org", "", json!({"city": "Bergen"}));
        let import = Import::plan(
            &[row],
            vec![known("ann@example.org", false)],
            ImportMode::Update,
        );
        assert_eq!(import.sums.updated, 1);
        let written = import.rows.first().unwrap();
        assert_eq!(written.address, "ann@example.org");
        assert_eq!(written.name.as_deref(), Some("Ann"));
        assert_eq!(written.comment.as_deref(), Some("old"));
        assert_eq!(written.attributes, json!({"city": "Bergen", "age": 3}));
    }

    #[test]
    fn rows_that_change_nothing_are_skipped() {
        let rows = [given("ann@example.org", "Ann", json!({"age": 3}))];
        let there = vec![known("ann@example.org", false)];
        let import = Import::plan(&rows, there.clone(), ImportMode::Update);
        assert_eq!((import.sums.skipped, import.rows.len()), (1, 0));
        let rows = [given("ann@example.org", "Other", json!({}))];
        let import = Import::plan(&rows, there, ImportMode::Skip);
        assert_eq!((import.sums.skipped, import.rows.len()), (1, 0));
    }

    #[test]
    fn new_ones_and_those_in_the_trash_are_added() {
        let rows = [
            given("ann@example.org", "New", json!({})),
            given("bob@example.org", "Bob", json!({})),
        ];
        let import = Import::plan(
            &rows,
            vec![known("ann@example.org", true)],
            ImportMode::Skip,
        );
        assert_eq!((import.sums.added, import.rows.len()), (2, 2));
    }

    #[test]
    fn a_state_that_is_not_active_stays_and_is_taken_over() {
        let mut row = given("ann@example.org", "Ann", json!({}));
        row.state = RecipientState::Bounced;
        let plan = |row: &NewRecipient, there: RecipientState| {
            let mut known = known("ann@example.org", false);
            known.recipient.state = there;
            Import::plan(std::slice::from_ref(row), vec![known], ImportMode::Update)
        };
        let import = plan(&row, RecipientState::Active);
        assert_eq!(import.rows.first().unwrap().state, "bounced");
        assert_eq!(import.overwritten, ["ann@example.org"]);
        let import = plan(&row, RecipientState::Unsubscribed);
        assert_eq!((import.sums.skipped, import.rows.len()), (1, 0));
        row.state = RecipientState::Active;
        let import = plan(&row, RecipientState::Unsubscribed);
        assert_eq!(import.sums.skipped, 1);
    }
}
