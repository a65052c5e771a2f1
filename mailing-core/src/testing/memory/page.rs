//! Keyset pages over sorted rows.

use crate::ports::store::{Cursor, Page, PageRequest};

/// What a cursor of this store begins with; another one's means nothing.
pub(super) const MARK: &str = "after:";

/// Which way a list goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Ascending,
    Descending,
}

/// One page of `rows`, in the order of `key`, which names each row once.
pub(super) fn paged<T>(
    rows: impl Iterator<Item = T>,
    request: &PageRequest,
    order: Order,
    key: impl Fn(&T) -> String,
) -> Page<T> {
    let after = request
        .after
        .as_ref()
        .and_then(|cursor| cursor.as_str().strip_prefix(MARK));
    let mut rows: Vec<_> = rows
        .map(|row| (key(&row), row))
        .filter(|(key, _)| {
            after.is_none_or(|after| match order {
                Order::Ascending => key.as_str() > after,
                Order::Descending => key.as_str() < after,
            })
        })
        .collect();
    rows.sort_by(|(left, _), (right, _)| match order {
        Order::Ascending => left.cmp(right),
        Order::Descending => right.cmp(left),
    });
    rows.truncate(request.limit() as usize + 1);
    Page::from_surplus(rows, request.limit(), |(key, _)| {
        Cursor::new(format!("{MARK}{key}"))
    })
    .map(|(_, row)| row)
}
