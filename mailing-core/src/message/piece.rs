//! A text with places in it that each recipient's values fill.

/// A part of a text: fixed, or a place that each recipient's values fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The same for everybody.
    Fixed(String),
    /// Filled by the value at this index. The value comes already escaped for its place.
    Slot(usize),
}

/// Puts values into the slots; a value that is not there leaves its slot empty.
#[must_use]
pub fn fill(pieces: &[Piece], values: &[String]) -> String {
    pieces.iter().map(|piece| part(piece, values)).collect()
}

/// How long [`fill`] would make it, in octets.
pub(crate) fn filled_len(pieces: &[Piece], values: &[String]) -> usize {
    pieces.iter().map(|piece| part(piece, values).len()).sum()
}

fn part<'a>(piece: &'a Piece, values: &'a [String]) -> &'a str {
    match piece {
        Piece::Fixed(text) => text,
        Piece::Slot(index) => values.get(*index).map_or("", String::as_str),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_to_their_slots_and_nowhere_else() {
        let pieces = [
            Piece::Slot(1),
            Piece::Fixed(" and ".into()),
            Piece::Slot(0),
            Piece::Slot(9),
        ];
        let values = ["a".to_owned(), "b".to_owned()];
        assert_eq!(fill(&pieces, &values), "b and a");
        assert_eq!(filled_len(&pieces, &values), 7);
    }
}
