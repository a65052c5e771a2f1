//! Where pages begin. A cursor that means nothing yields the first page.

use uuid::Uuid;

use mailing_core::ports::store::{Cursor, PageRequest};
use mailing_core::time::Timestamp;

/// What a cursor that holds a key begins with: any text may be a key.
const KEY_MARK: &str = "key:";

/// How many rows to read: one more than asked for tells that there is a next page.
#[must_use]
pub fn surplus(request: &PageRequest) -> i64 {
    i64::from(request.limit()) + 1
}

fn text(request: &PageRequest) -> Option<&str> {
    request.after.as_ref().map(Cursor::as_str)
}

/// The key after which the page begins, in ascending order. No key is empty.
#[must_use]
pub fn after_key(request: &PageRequest) -> &str {
    text(request)
        .and_then(|cursor| cursor.strip_prefix(KEY_MARK))
        .filter(|key| !key.contains('\0'))
        .unwrap_or_default()
}

/// The cursor that [`after_key`] reads.
#[must_use]
pub fn at_key(key: &str) -> Cursor {
    Cursor::new(format!("{KEY_MARK}{key}"))
}

/// The id before which the page begins, in descending order.
#[must_use]
pub fn before_id(request: &PageRequest) -> Uuid {
    text(request)
        .and_then(|id| id.parse().ok())
        .unwrap_or(Uuid::max())
}

/// Less than every id that was made at `instant` or later, more than every one before.
#[must_use]
pub fn first_at(instant: Timestamp) -> Uuid {
    let millis = u128::try_from(instant.timestamp_millis()).unwrap_or(0);
    Uuid::from_u128(millis << 80)
}

/// The number after which the page begins, in ascending order.
#[must_use]
pub fn after_number(request: &PageRequest) -> i64 {
    text(request)
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

/// The number before which the page begins, in descending order.
#[must_use]
pub fn before_number(request: &PageRequest) -> i64 {
    text(request)
        .and_then(|number| number.parse().ok())
        .unwrap_or(i64::MAX)
}

/// The instant and id before which the page begins, in descending order.
#[must_use]
pub fn before_instant(request: &PageRequest) -> (i64, Uuid) {
    text(request)
        .and_then(|cursor| cursor.split_once('_'))
        .and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)))
        .unwrap_or((i64::MAX, Uuid::max()))
}

/// The cursor that [`before_instant`] reads.
#[must_use]
pub fn at_instant(at: i64, id: Uuid) -> Cursor {
    Cursor::new(format!("{at}_{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cursor: &str) -> PageRequest {
        PageRequest::first(10).after(Some(Cursor::new(cursor)))
    }

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        let id = Uuid::from_u128(7);
        assert_eq!(before_id(&request(&id.to_string())), id);
        assert_eq!(
            before_instant(&request(at_instant(-5, id).as_str())),
            (-5, id)
        );
        assert_eq!(after_number(&request("42")), 42);
        let key = at_key("я@example.org");
        assert_eq!(after_key(&request(key.as_str())), "я@example.org");
    }

    #[test]
    fn nonsense_yields_the_first_page() {
        for cursor in ["", "x", "1_", "_", "1_2_3", "\0", "' OR 1=1 --"] {
            assert_eq!(before_id(&request(cursor)), Uuid::max());
            assert_eq!(before_instant(&request(cursor)), (i64::MAX, Uuid::max()));
            assert_eq!(after_number(&request(cursor)), 0);
            assert_eq!(after_key(&request(cursor)), "");
        }
        assert_eq!(after_key(&request("key:a\0b")), "");
    }
}
