//! Keyset paging: a page begins after the last row of the one before it, so that page 10,000 costs
//! as much as page 1.

/// Most rows of one page.
pub const PAGE_MAX: u32 = 500;

/// Where a page ends. Opaque to callers; each repository method knows its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// A cursor as an adapter makes it, or as it came with a request. One that means nothing yields
    /// the first page.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text for a link.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Begin after this row; `None` for the first page.
    pub after: Option<Cursor>,
    limit: u32,
}

impl PageRequest {
    /// The first page of `limit` rows, at most [`PAGE_MAX`].
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self {
            after: None,
            limit: limit.clamp(1, PAGE_MAX),
        }
    }

    /// The page of the same size after `cursor`.
    #[must_use]
    pub fn after(mut self, cursor: Option<Cursor>) -> Self {
        self.after = cursor;
        self
    }

    /// How many rows.
    #[must_use]
    pub const fn limit(&self) -> u32 {
        self.limit
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; `None` when this is the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page of rows read with one more than `limit`: the surplus row tells that there is a next
    /// page. `cursor` names the place of a row.
    #[must_use]
    pub fn from_surplus(mut rows: Vec<T>, limit: u32, cursor: impl FnOnce(&T) -> Cursor) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }

    /// The same page of other things.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}
