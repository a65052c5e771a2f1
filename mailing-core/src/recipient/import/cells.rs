//! The cells of one record.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// Splits records, each for itself, with one parser: making a parser costs more than a record.
#[derive(Debug)]
pub(super) struct Splitter {
    parser: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// The cells of one record, without their quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl Splitter {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            parser: ReaderBuilder::new().delimiter(delimiter).build(),
            text: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// The cells of `record`, a record without its line end.
    pub(super) fn split(&mut self, record: &str) -> Cells<'_> {
        self.parser.reset();
        // No cell is longer than the record, and no record has more cells than octets and one.
        self.text.resize(record.len() + 1, 0);
        self.ends.resize(record.len() + 1, 0);
        let mut input = record.as_bytes();
        let (mut written, mut cells) = (0, 0);
        loop {
            let (result, read, wrote, ended) =
                self.parser
                    .read_record(input, &mut self.text[written..], &mut self.ends[cells..]);
            input = &input[read..];
            written += wrote;
            cells += ended;
            if result != ReadRecordResult::InputEmpty {
                break;
            }
        }
        Cells {
            text: std::str::from_utf8(&self.text[..written]).unwrap_or_default(),
            ends: &self.ends[..cells],
        }
    }
}

impl<'a> Cells<'a> {
    pub(super) const fn len(self) -> usize {
        self.ends.len()
    }

    /// The cell at `index`; empty when the record ends before it.
    pub(super) fn cell(self, index: usize) -> &'a str {
        let Some(end) = self.ends.get(index) else {
            return "";
        };
        let start = match index.checked_sub(1) {
            Some(before) => self.ends[before],
            None => 0,
        };
        self.text.get(start..*end).unwrap_or_default()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).map(move |index| self.cell(index))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(record: &str) -> Vec<String> {
        let mut splitter = Splitter::new(b',');
        splitter.split("before,it").len();
        splitter.split(record).iter().map(str::to_owned).collect()
    }

    #[test]
    fn quotes_are_taken_off_and_doubled_ones_halved() {
        assert_eq!(
            split("a,\"b,c\",\"d \"\"e\"\"\",5\" f"),
            ["a", "b,c", "d \"e\"", "5\" f"]
        );
        assert_eq!(split("\"a\nb\",\"\""), ["a\nb", ""]);
        assert_eq!(split(",,"), ["", "", ""]);
        assert_eq!(split("Ж"), ["Ж"]);
        assert_eq!(split("\"a\"b,c"), ["ab", "c"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn cells_are_what_the_csv_library_reads(record in "[a,\" Ж;]{1,20}") {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(record.as_bytes());
            let mut expected = csv::StringRecord::new();
            reader.read_record(&mut expected).unwrap();
            prop_assert_eq!(split(&record), expected.iter().collect::<Vec<_>>());
        }
    }
}
