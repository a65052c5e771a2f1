//! Pages of recipients. What is asked for decides what is read: a state and a small list are found by
//! an index of their own, an address by its beginning, and a text among a bounded number of
//! recipients, so that one that hardly anybody has costs no more than a common one.

use mailing_core::ports::store::{Cursor, RecipientFilter};
use mailing_core::recipient::RecipientState;
use sqlx::FromRow;

use crate::filter::{beginning, pattern};
use crate::recipient_columns;

/// Recipients that a page of a search looks through at most.
pub const LOOKS: i64 = 1_000;

/// The most members that are sorted for a page of a list. Of a larger one enough are met in the order
/// of the keys.
const SMALL_LIST: i64 = 5_000;

/// More than every key.
const END: &str = "\u{10ffff}";

/// What cursors begin with, by leg.
const MARKS: [&str; 3] = ["key:", "key1:", "key2:"];

/// A row and where it stands in the order of the pages.
#[derive(Debug, FromRow)]
pub struct Keyed<T> {
    /// The row.
    #[sqlx(flatten)]
    pub row: T,
    /// Key of the address.
    pub address_key: String,
}

/// Recipients of the owner `$1` with keys from `$2` and below `$3`, for whichever filter reads the
/// least. `$4` is a pattern, `$5` a state, `$6` a list, each NULL for all; `$7` is how many.
#[derive(Debug, Clone, Copy)]
pub struct Statements {
    /// In the order of the keys until there are enough.
    in_order: &'static str,
    /// Of a state that is not the usual one.
    of_state: &'static str,
    /// Members of a list that is not large.
    of_list: &'static str,
}

macro_rules! statements {
    ($columns:expr) => {
        Statements {
            in_order: concat!(
                "SELECT ",
                $columns,
                ", address_key FROM recipients r WHERE owner_id = $1 AND address_key >= $2 \
                    AND address_key < $3 AND deleted_at IS NULL \
                    AND (search_text LIKE $4 ESCAPE '\\' OR $4 IS NULL) \
                    AND (state = $5 OR $5 IS NULL) \
                    AND (EXISTS (SELECT 1 FROM list_members m WHERE m.list_id = $6 \
                        AND m.recipient_id = r.id) OR $6 IS NULL) \
                    ORDER BY address_key LIMIT $7"
            ),
            of_state: concat!(
                "SELECT ",
                $columns,
                ", address_key FROM recipients r WHERE owner_id = $1 AND address_key >= $2 \
                    AND address_key < $3 AND deleted_at IS NULL \
                    AND (search_text LIKE $4 ESCAPE '\\' OR $4 IS NULL) \
                    AND state = $5 AND state <> 'active' \
                    AND (EXISTS (SELECT 1 FROM list_members m WHERE m.list_id = $6 \
                        AND m.recipient_id = r.id) OR $6 IS NULL) \
                    ORDER BY address_key LIMIT $7"
            ),
            of_list: concat!(
                "SELECT ",
                $columns,
                ", address_key FROM (SELECT recipient_id FROM list_members WHERE list_id = $6) m \
                    CROSS JOIN recipients r WHERE r.id = m.recipient_id AND r.owner_id = $1 \
                    AND address_key >= $2 AND address_key < $3 AND deleted_at IS NULL \
                    AND (search_text LIKE $4 ESCAPE '\\' OR $4 IS NULL) \
                    AND (state = $5 OR $5 IS NULL) ORDER BY address_key LIMIT $7"
            ),
        }
    };
}

/// Whole rows.
pub const ROWS: Statements = statements!(recipient_columns!());
/// Ids.
pub const IDS: Statements = statements!("id");
/// The last key of those that a page of a search looks through; no row when they are all there are.
pub const LAST_LOOK: &str = "SELECT address_key FROM recipients WHERE owner_id = $1 \
    AND address_key >= $2 AND address_key < $3 ORDER BY address_key LIMIT 1 OFFSET $4";
/// How many members a list of the owner's has.
pub const MEMBERS: &str = "SELECT members FROM lists WHERE owner_id = $1 AND id = $2";
/// All statements, for the test that prepares each.
pub const ALL: &[&str] = &[
    ROWS.in_order,
    ROWS.of_state,
    ROWS.of_list,
    IDS.in_order,
    IDS.of_state,
    IDS.of_list,
    LAST_LOOK,
    MEMBERS,
];

/// A stretch of the order of the keys.
#[derive(Debug, PartialEq, Eq)]
pub struct Leg {
    /// Its number.
    number: usize,
    /// The first key.
    pub from: String,
    /// The first key after it.
    pub to: String,
    /// What is looked for in it.
    pub pattern: Option<String>,
    /// True when only so many are looked through.
    pub is_bounded: bool,
}

/// The way to a page: who has an address that begins with what is looked for, then everybody else
/// with the text.
#[derive(Debug)]
pub struct Walk {
    statement: &'static str,
    legs: Vec<Leg>,
}

impl Walk {
    /// The way to the page after `after`, to the first one if that means nothing. `members` is the size
    /// of the list that is asked for.
    #[must_use]
    pub fn new(
        statements: &Statements,
        filter: &RecipientFilter,
        members: Option<i64>,
        after: Option<&Cursor>,
    ) -> Self {
        let is_small = members.is_some_and(|members| members <= SMALL_LIST);
        let statement = match filter.state {
            _ if is_small => statements.of_list,
            Some(state) if state != RecipientState::Active => statements.of_state,
            _ => statements.in_order,
        };
        let mut legs = match beginning(filter.search.as_deref()) {
            None => vec![Leg::new(0, "", END)],
            Some(begins) => {
                let past = format!("{begins}{END}");
                let text = |number, from, to| Leg {
                    pattern: pattern(filter.search.as_deref()),
                    is_bounded: !is_small,
                    ..Leg::new(number, from, to)
                };
                vec![
                    Leg::new(0, &begins, &past),
                    text(1, "", &begins),
                    text(2, &past, END),
                ]
            }
        };
        if let Some((number, key)) = after.and_then(place) {
            legs.retain(|leg| leg.number >= number);
            if let Some(leg) = legs.first_mut().filter(|leg| leg.number == number) {
                leg.from = leg.from.clone().max(following(key));
            }
        }
        Self { statement, legs }
    }

    /// The statement that reads a leg.
    #[must_use]
    pub const fn statement(&self) -> &'static str {
        self.statement
    }

    /// The legs, in their order.
    #[must_use]
    pub fn legs(&self) -> &[Leg] {
        &self.legs
    }
}

impl Leg {
    fn new(number: usize, from: &str, to: &str) -> Self {
        Self {
            number,
            from: from.to_owned(),
            to: to.to_owned(),
            pattern: None,
            is_bounded: false,
        }
    }

    /// The cursor of the page that goes on after `key` in this leg.
    #[must_use]
    pub fn after(&self, key: &str) -> Cursor {
        Cursor::new(format!("{}{key}", MARKS[self.number.min(2)]))
    }
}

/// The least text that is greater than `key` and may be a key: no key holds a control character.
#[must_use]
pub fn following(key: &str) -> String {
    format!("{key}\u{1}")
}

/// What a cursor means: the number of a leg and a key.
fn place(cursor: &Cursor) -> Option<(usize, &str)> {
    let text = cursor.as_str();
    MARKS.iter().enumerate().find_map(|(number, mark)| {
        let key = text.strip_prefix(mark)?;
        (!key.contains('\0')).then_some((number, key))
    })
}

/// The reading of recipients by a filter, for a unit of work. The expanding crate has `bulk::Row`, the
/// rows of its database.
#[macro_export]
macro_rules! recipient_pages {
    ($unit:ty, $bulk:path) => {
        const _: () = {
            use $bulk as bulk;
            use $crate::names::*;
            use $crate::recipient_pages::{self, Keyed, Statements, Walk};

            impl $unit {
                /// Those that a filter lets through, at most `limit`.
                async fn recipients_found<T>(
                    &mut self,
                    scope: &View<Recipient>,
                    filter: &RecipientFilter,
                    after: Option<&Cursor>,
                    limit: usize,
                    statements: &Statements,
                ) -> Result<Page<T>, StoreError>
                where
                    T: for<'r> sqlx::FromRow<'r, bulk::Row> + Send + Unpin,
                {
                    let owner = scope.owner().uuid();
                    let members = match filter.list {
                        None => None,
                        Some(list) => query_scalar(recipient_pages::MEMBERS)
                            .bind(owner)
                            .bind(list.uuid())
                            .fetch_optional(self.connection())
                            .await
                            .map_err(Self::failed)?,
                    };
                    let walk = Walk::new(statements, filter, members, after);
                    let mut items = Vec::new();
                    let mut end = None;
                    for leg in walk.legs() {
                        let last: Option<String> = match leg.is_bounded {
                            false => None,
                            true => query_scalar(recipient_pages::LAST_LOOK)
                                .bind(owner)
                                .bind(&leg.from)
                                .bind(&leg.to)
                                .bind(recipient_pages::LOOKS - 1)
                                .fetch_optional(self.connection())
                                .await
                                .map_err(Self::failed)?,
                        };
                        let to = last.as_deref().map(recipient_pages::following);
                        let rows = query_as::<_, Keyed<T>>(walk.statement())
                            .bind(owner)
                            .bind(&leg.from)
                            .bind(to.as_ref().unwrap_or(&leg.to))
                            .bind(&leg.pattern)
                            .bind(filter.state.map(|state| state.as_str()))
                            .bind(filter.list.map(|list| list.uuid()))
                            .bind((limit + 1 - items.len()) as i64)
                            .fetch_all(self.connection())
                            .await
                            .map_err(Self::failed)?;
                        for found in rows {
                            if items.len() == limit {
                                return Ok(Page { items, next: end });
                            }
                            end = Some(leg.after(&found.address_key));
                            items.push(found.row);
                        }
                        if let Some(last) = last {
                            let next = Some(leg.after(&last));
                            return Ok(Page { items, next });
                        }
                    }
                    Ok(Page { items, next: None })
                }
            }
        };
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(search: &str, members: Option<i64>, after: Option<&str>) -> Walk {
        let filter = RecipientFilter {
            search: Some(search.to_owned()),
            ..RecipientFilter::default()
        };
        Walk::new(&IDS, &filter, members, after.map(Cursor::new).as_ref())
    }

    fn stretches(walk: &Walk) -> Vec<(&str, &str, bool)> {
        let legs = walk.legs().iter();
        legs.map(|leg| (leg.from.as_str(), leg.to.as_str(), leg.is_bounded))
            .collect()
    }

    #[test]
    fn addresses_that_begin_so_come_first_and_nobody_comes_twice() {
        let expected = [
            ("ann", "ann\u{10ffff}", false),
            ("", "ann", true),
            ("ann\u{10ffff}", END, true),
        ];
        assert_eq!(stretches(&walk(" ANN ", None, None)), expected);
    }

    #[test]
    fn a_page_goes_on_in_the_leg_in_which_the_last_one_ended() {
        let whole = walk("ann", None, None);
        let cursor = whole.legs()[1].after("adam@example.org");
        let on = walk("ann", None, Some(cursor.as_str()));
        let expected = [
            ("adam@example.org\u{1}", "ann", true),
            ("ann\u{10ffff}", END, true),
        ];
        assert_eq!(stretches(&on), expected);
    }

    #[test]
    fn a_cursor_that_means_nothing_begins_anew() {
        for cursor in ["", "x", "key9:a", "key1:\0", "' OR 1=1"] {
            assert_eq!(walk("ann", None, Some(cursor)).legs().len(), 3, "{cursor}");
        }
        let before = walk("ann", None, Some("key:a"));
        assert_eq!(before.legs()[0].from, "ann");
    }

    #[test]
    fn a_small_list_is_read_whole() {
        assert_eq!(walk("", Some(5_000), None).statement(), IDS.of_list);
        assert_eq!(walk("", Some(5_001), None).statement(), IDS.in_order);
        assert!(!walk("ann", Some(7), None).legs()[1].is_bounded);
    }
}
