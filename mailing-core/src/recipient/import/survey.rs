//! A first look at a whole file: how large it is, which one it is, and in which encoding.

use std::io::BufRead;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use sha2::{Digest as _, Sha256};

use super::{FILE_MAX, ImportError, LINE_MAX, TextEncoding};
use crate::code;
use crate::error::Refusal;

/// How much of the beginning tells whether it is UTF-16, in octets.
const HEAD: usize = 1 << 10;

/// How much text outside of UTF-8 is looked at to tell what it is, in octets.
const SAMPLE: usize = 256 << 10;

/// How files begin that are no text, though their first octets might pass for UTF-16: workbooks and
/// archives, old workbooks, pictures, documents.
const MARKS: [&[u8]; 6] = [
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF-",
];

/// What is known of a file once it has been read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survey {
    /// In what it is written.
    pub encoding: TextEncoding,
    /// Its size.
    pub octets: u64,
    /// SHA-256 of its octets.
    pub hash: [u8; 32],
}

/// What the lines of a file are written in.
struct Lines {
    head: Vec<u8>,
    /// A line whose end has not come yet.
    begun: Vec<u8>,
    /// Lines in UTF-8 that are not just ASCII.
    utf8: u64,
    /// Lines that cannot be UTF-8.
    other: u64,
    detector: EncodingDetector,
    sampled: usize,
}

impl Survey {
    /// Reads `source` to its end. An encoding that was `asked` for is believed.
    ///
    /// A file is in UTF-8 unless most of its lines that could tell are not: some broken rows in it
    /// are refused one by one, and so are some in UTF-8 within another encoding.
    ///
    /// # Errors
    /// [`ImportError`]: the source fails, or is larger than [`FILE_MAX`].
    pub fn of<R: BufRead>(
        source: &mut R,
        asked: Option<TextEncoding>,
    ) -> Result<Self, ImportError> {
        let mut hash = Sha256::new();
        let mut lines = Lines::new();
        let mut octets = 0;
        loop {
            let chunk = source.fill_buf()?;
            let read = chunk.len();
            if read == 0 {
                break;
            }
            hash.update(chunk);
            lines.feed(chunk);
            // In the head, since the first piece may be shorter than a mark.
            if MARKS.iter().any(|mark| lines.head.starts_with(mark)) {
                return Err(ImportError::stopped(1, code::IMPORT_NOT_TEXT));
            }
            source.consume(read);
            octets += read as u64;
            if octets > FILE_MAX {
                return Err(ImportError::too_large());
            }
        }
        Ok(Self {
            encoding: asked.unwrap_or_else(|| lines.encoding()),
            octets,
            hash: hash.finalize().into(),
        })
    }
}

impl Lines {
    fn new() -> Self {
        Self {
            head: Vec::new(),
            begun: Vec::new(),
            utf8: 0,
            other: 0,
            detector: EncodingDetector::new(Iso2022JpDetection::Deny),
            sampled: 0,
        }
    }

    fn feed(&mut self, chunk: &[u8]) {
        let head = chunk.len().min(HEAD.saturating_sub(self.head.len()));
        self.head.extend_from_slice(&chunk[..head]);
        let mut rest = chunk;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = rest.split_at(end + 1);
            if self.begun.is_empty() {
                self.line(line);
            } else {
                self.begun.extend_from_slice(line);
                self.end_line();
            }
            rest = after;
        }
        self.begun.extend_from_slice(rest);
        if self.begun.len() > LINE_MAX {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.begun);
        self.line(&line);
    }

    fn line(&mut self, line: &[u8]) {
        if line.is_ascii() {
            return;
        }
        if std::str::from_utf8(line).is_ok() {
            self.utf8 += 1;
            return;
        }
        self.other += 1;
        if self.sampled < SAMPLE {
            self.detector.feed(line, false);
            self.sampled += line.len();
        }
    }

    fn encoding(mut self) -> TextEncoding {
        self.end_line();
        if let Some(utf16) = utf16(&self.head) {
            return utf16;
        }
        let has_mark = self.head.starts_with("\u{feff}".as_bytes());
        if has_mark || self.other <= self.utf8 {
            return TextEncoding::UTF_8;
        }
        self.detector.feed(&[], true);
        let guess = self.detector.guess(Some(b"ru"), Utf8Detection::Deny);
        TextEncoding::usable(guess).unwrap_or(TextEncoding::WINDOWS_1251)
    }
}

/// UTF-16 by its mark, or since every other octet is often zero and those between hardly ever: delimiters,
/// line ends and addresses are in any alphabet.
fn utf16(head: &[u8]) -> Option<TextEncoding> {
    match head {
        [0xff, 0xfe, ..] => return Some(TextEncoding::UTF_16LE),
        [0xfe, 0xff, ..] => return Some(TextEncoding::UTF_16BE),
        _ => {}
    }
    let zeros = |from: usize| {
        head.iter()
            .skip(from)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let mostly = |many: usize, few: usize| many * 20 > head.len() && few * 10 < many;
    if mostly(odd, even) {
        Some(TextEncoding::UTF_16LE)
    } else if mostly(even, odd) {
        Some(TextEncoding::UTF_16BE)
    } else {
        None
    }
}

impl ImportError {
    /// The file is larger than one import takes.
    #[must_use]
    pub fn too_large() -> Self {
        let max = i64::try_from(FILE_MAX).unwrap_or(i64::MAX);
        Self::stopped(
            1,
            Refusal::new(code::IMPORT_FILE_TOO_LARGE).with("max", max),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn encoding(file: &[u8]) -> &'static str {
        let found: Vec<_> = [1, 7, 8_192]
            .map(|capacity| {
                let mut source = BufReader::with_capacity(capacity, file);
                Survey::of(&mut source, None).unwrap().encoding.name()
            })
            .into();
        assert!(found.windows(2).all(|two| two[0] == two[1]), "{found:?}");
        found[0]
    }

    fn in_encoding(name: &str, text: &str) -> Vec<u8> {
        let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).unwrap();
        encoding.encode(text).0.into_owned()
    }

    fn utf16(text: &str, octets: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(octets).collect()
    }

    const PEOPLE: &str = "Почта;ФИО;Город\r\n\
        anna@example.org;Анна Кузнецова;Пермь\r\n\
        boris@example.org;Борис Орлов;Нижний Новгород\r\n";

    #[test]
    fn encodings_of_russian_files_are_told() {
        assert_eq!(encoding(PEOPLE.as_bytes()), "UTF-8");
        assert_eq!(encoding(format!("\u{feff}{PEOPLE}").as_bytes()), "UTF-8");
        assert_eq!(
            encoding(&in_encoding("windows-1251", PEOPLE)),
            "windows-1251"
        );
        assert_eq!(encoding(&in_encoding("ibm866", PEOPLE)), "IBM866");
        assert!(encoding(&in_encoding("koi8-r", PEOPLE)).starts_with("KOI8"));
    }

    #[test]
    fn a_few_letters_are_enough() {
        let few = "email,city\nb@example.org,Пермь\n";
        assert_eq!(encoding(&in_encoding("windows-1251", few)), "windows-1251");
        let german = "email;name;city\na@example.org;Jürgen Müller;Köln\n\
            b@example.org;Jörg Schäfer;Düsseldorf\n";
        assert_eq!(
            encoding(&in_encoding("windows-1252", german)),
            "windows-1252"
        );
    }

    #[test]
    fn utf16_is_told_with_and_without_its_mark() {
        for text in [PEOPLE, "email\na@example.org\n"] {
            let marked = format!("\u{feff}{text}");
            for text in [text, &marked] {
                assert_eq!(encoding(&utf16(text, u16::to_le_bytes)), "UTF-16LE");
                assert_eq!(encoding(&utf16(text, u16::to_be_bytes)), "UTF-16BE");
            }
        }
    }

    #[test]
    fn most_lines_decide() {
        let mut file = PEOPLE.as_bytes().to_vec();
        file.extend(in_encoding("windows-1251", "c@example.org;Кара;Омск\n"));
        assert_eq!(encoding(&file), "UTF-8");
        let mut file = in_encoding("windows-1251", PEOPLE);
        file.extend("c@example.org;Кара;Омск\n".as_bytes());
        assert_eq!(encoding(&file), "windows-1251");
    }

    #[test]
    fn letters_far_down_in_the_file_count() {
        let ascii = "a@example.org;Ann\n".repeat(100_000);
        let mut file = ascii.into_bytes();
        file.extend(in_encoding("windows-1251", "c@example.org;Кара Орлова\n"));
        let mut source = &file[..];
        let survey = Survey::of(&mut source, None).unwrap();
        assert_eq!(survey.encoding, TextEncoding::WINDOWS_1251);
        assert_eq!(survey.octets, file.len() as u64);
        assert_eq!(survey.hash[..], Sha256::digest(&file)[..]);
    }

    #[test]
    fn what_is_no_text_is_no_utf16() {
        assert_eq!(encoding(b""), "UTF-8");
        assert_eq!(encoding(b"Rar!\x14\0\0\0\x08\0"), "UTF-8");
    }

    #[test]
    fn a_workbook_is_told_by_its_first_octets_however_they_come() {
        for capacity in [1, 3, 8_192] {
            let mut source = BufReader::with_capacity(capacity, &b"PK\x03\x04\x14\0\0\0"[..]);
            let refused = Survey::of(&mut source, None).unwrap_err();
            let words = format!("{refused:?}");
            assert!(words.contains("import.not_text"), "{words}");
        }
    }

    #[test]
    fn what_was_asked_for_is_believed() {
        let mut source = &b"email\n"[..];
        let asked = Some(TextEncoding::UTF_16BE);
        assert_eq!(
            Survey::of(&mut source, asked).unwrap().encoding.name(),
            "UTF-16BE"
        );
    }
}
