//! Recipients as CSV, so that importing the file gives the same recipients again.
//!
//! An attribute that is text has a column of its own; numbers, truth values, blanks and what has no column stand together in the
//! last one, as JSON.

mod prepared;

use std::collections::BTreeSet;
use std::io;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use prepared::{
    EXPORT_FOR, EXPORT_PIECE, ExportChoice, ExportDetails, ExportState, PreparedExport,
};

use super::import::{ATTRIBUTES, STATE};
use super::{ATTRIBUTES_MAX, Attributes, Recipient};
use crate::sheet::SheetWriter;

/// The columns before those of attributes.
const FIXED: [&str; 4] = ["email", "full_name", "comment", STATE];

/// Most attributes with a column of their own: an import maps no more.
const OWN_COLUMNS: usize = ATTRIBUTES_MAX;

/// The keys of attributes that get a column: the first ones that are text somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportColumns(BTreeSet<String>);

/// Writes recipients into memory, from where the caller takes them.
pub struct RecipientsWriter {
    columns: ExportColumns,
    sheet: SheetWriter,
}

impl ExportColumns {
    /// Looks at a recipient who will be written.
    pub fn see(&mut self, attributes: &Attributes) {
        for (key, value) in attributes.iter() {
            if self.0.len() < OWN_COLUMNS && plain(value).is_some() && !self.0.contains(key) {
                self.0.insert(key.to_owned());
            }
        }
    }
}

impl RecipientsWriter {
    /// Begins a file with its header; `mark` puts the mark of UTF-8 before it, without which Excel
    /// takes another encoding.
    ///
    /// # Errors
    /// None that a writer into memory has.
    pub fn new(columns: ExportColumns, mark: bool) -> io::Result<Self> {
        let own = columns.0.iter().map(|key| format!("attributes.{key}"));
        let names = FIXED.map(str::to_owned).into_iter().chain(own);
        let mut sheet = SheetWriter::in_memory(mark);
        sheet.row(names.chain([ATTRIBUTES.to_owned()]))?;
        Ok(Self { columns, sheet })
    }

    /// Goes on with a file whose header stands in an earlier piece.
    #[must_use]
    pub fn going_on(columns: ExportColumns) -> Self {
        Self {
            columns,
            sheet: SheetWriter::in_memory(false),
        }
    }

    /// Writes one.
    ///
    /// # Errors
    /// None that a writer into memory has.
    pub fn write(&mut self, recipient: &Recipient) -> io::Result<()> {
        let name = recipient.full_name.as_ref().map(|name| name.as_str());
        let fixed = [
            recipient.address.as_str(),
            name.unwrap_or_default(),
            recipient.comment.as_deref().unwrap_or_default(),
            recipient.state.as_str(),
        ];
        let own = self.columns.0.iter().map(|key| {
            let text = recipient.attributes.value(key).and_then(plain);
            text.unwrap_or_default()
        });
        let rest = self.rest(&recipient.attributes);
        let cells = fixed.into_iter().chain(own).chain([rest.as_str()]);
        self.sheet.row(cells)
    }

    /// What was written since it was last asked.
    ///
    /// # Errors
    /// None that a writer into memory has.
    pub fn take(&mut self) -> io::Result<Vec<u8>> {
        self.sheet.take()
    }

    /// What has no column, as JSON; nothing when there is nothing.
    fn rest(&self, attributes: &Attributes) -> String {
        let others = attributes
            .iter()
            .filter(|(key, value)| plain(value).is_none() || !self.columns.0.contains(*key));
        let others: serde_json::Map<_, _> = others
            .map(|(key, value)| (key.to_owned(), value.clone()))
            .collect();
        match others.is_empty() {
            true => String::new(),
            false => Value::Object(others).to_string(),
        }
    }
}

/// A text that a cell gives back as it was: an empty cell would be no attribute.
fn plain(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::recipient::import::{ImportReader, Mapping, RowResult, TextEncoding};
    use crate::recipient::{RecipientContent, RecipientDraft, RecipientState};

    fn recipient(content: RecipientContent, state: RecipientState) -> Recipient {
        Recipient {
            id: Uuid::nil().into(),
            owner: Uuid::nil().into(),
            address: content.address,
            full_name: content.full_name,
            comment: content.comment,
            attributes: content.attributes,
            state,
            created_at: Default::default(),
            updated_at: Default::default(),
        }
    }

    fn content(email: &str, name: &str, comment: &str, attributes: Value) -> RecipientContent {
        let draft = RecipientDraft {
            email: email.to_owned(),
            full_name: name.to_owned(),
            comment: comment.to_owned(),
            attributes: Attributes::check(attributes).unwrap(),
        };
        draft.check().unwrap()
    }

    fn exported(recipients: &[Recipient], mark: bool) -> String {
        let mut columns = ExportColumns::default();
        for recipient in recipients {
            columns.see(&recipient.attributes);
        }
        let mut writer = RecipientsWriter::new(columns, mark).unwrap();
        let mut file = Vec::new();
        for recipient in recipients {
            writer.write(recipient).unwrap();
            file.extend(writer.take().unwrap());
        }
        String::from_utf8(file).unwrap()
    }

    fn imported(file: &str) -> Vec<(RecipientContent, RecipientState)> {
        let reader = ImportReader::open(file.as_bytes(), TextEncoding::UTF_8).unwrap();
        let mapping = Mapping::preselect(reader.header()).unwrap();
        let rows = reader.rows(mapping).map(|row| match row.unwrap() {
            RowResult::Accepted(row) => (row.content, row.state),
            RowResult::Rejected(reject) => panic!("{reject:?}"),
        });
        rows.collect()
    }

    #[test]
    fn a_file_is_quoted_and_runs_nothing() {
        let ann = content(
            "+ann@example.org",
            "=1+1",
            "@SUM(A1);=2",
            json!({"city": "-Пермь \"2\"", "visits": 3, "note": " "}),
        );
        let file = exported(&[recipient(ann, RecipientState::Unsubscribed)], true);
        assert_eq!(
            file,
            "\u{feff}\"email\",\"full_name\",\"comment\",\"recipient_state\",\
             \"attributes.city\",\"recipient_attributes\"\n\
             \"'+ann@example.org\",\"'=1+1\",\"'@SUM(A1);'=2\",\"unsubscribed\",\
             \"'-Пермь \"\"2\"\"\",\"{\"\"note\"\":\"\" \"\",\"\"visits\"\":3}\"\n"
        );
    }

    #[test]
    fn more_keys_than_columns_are_kept_together() {
        let many = |from: usize| {
            let pairs = (from..from + 50).map(|n| (format!("k{n}"), json!(n.to_string())));
            Value::Object(pairs.collect())
        };
        let all = [
            content("a@example.org", "", "", many(0)),
            content("b@example.org", "", "", many(30)),
        ];
        let rows = all
            .clone()
            .map(|one| recipient(one, RecipientState::Active));
        let file = exported(&rows, false);
        let header = file.lines().next().unwrap();
        assert_eq!(header.matches("\"attributes.k").count(), 50);
        assert_eq!(
            imported(&file),
            all.map(|one| (one, RecipientState::Active))
        );
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            "['=+@\\-a ;,\"\n\t＝Ж]{0,8}".prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(Value::Null),
            (-4_000_000i32..4_000_000).prop_map(|n| Value::from(f64::from(n) / 8.0)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn what_is_exported_is_imported_as_it_was(
            name in "['=+@a\\-\"ЖЯ]{0,6}",
            comment in "['=+@a\\-\"; ,\n\rЖ]{0,8}",
            state in 0usize..4,
            values in proptest::collection::btree_map("[a-c]|email|name|state", value(), 0..5),
        ) {
            let attributes = Value::Object(values.into_iter().collect());
            let state = RecipientState::ALL[state];
            let one = content("ann@example.org", &name, &comment, attributes);
            let two = content("bob@example.org", "", "", json!({"a": "x", "b": "=y"}));
            let expected = vec![(one.clone(), state), (two.clone(), RecipientState::Active)];
            let all = [recipient(one, state), recipient(two, RecipientState::Active)];
            prop_assert_eq!(imported(&exported(&all, state == RecipientState::Active)), expected);
        }
    }
}
