//! The octets of a file, as records are cut from them.

use std::io::{self, BufRead};

use encoding_rs::{Decoder, DecoderResult};

use super::TextEncoding;

/// How much of a file in UTF-16 is decoded at once, in octets of UTF-8.
const DECODED: usize = 16 << 10;

/// Stands for what is no UTF-16: in UTF-8 it is nowhere, so that its record is refused.
const BROKEN: u8 = 0xff;

/// A file. What is in UTF-16 comes out in UTF-8; all other octets as they are.
#[derive(Debug)]
pub(super) struct Source<R> {
    file: R,
    octets: u64,
    utf16: Option<Utf16>,
}

struct Utf16 {
    decoder: Decoder,
    text: Vec<u8>,
    taken: usize,
    is_over: bool,
}

impl<R: BufRead> Source<R> {
    pub(super) fn new(file: R, encoding: TextEncoding) -> Self {
        let utf16 = encoding.utf16_decoder().map(|decoder| Utf16 {
            decoder,
            text: Vec::new(),
            taken: 0,
            is_over: false,
        });
        Self {
            file,
            octets: 0,
            utf16,
        }
    }

    /// Octets taken from the file so far.
    pub(super) const fn octets(&self) -> u64 {
        self.octets
    }

    /// What comes next, at least one octet unless the file ends here.
    pub(super) fn peek(&mut self) -> io::Result<&[u8]> {
        let Some(utf16) = &mut self.utf16 else {
            return self.file.fill_buf();
        };
        while utf16.taken == utf16.text.len() && !utf16.is_over {
            let read = utf16.decode(self.file.fill_buf()?);
            self.file.consume(read);
            self.octets += read as u64;
        }
        Ok(&utf16.text[utf16.taken..])
    }

    /// Takes what was [peeked](Self::peek) at.
    pub(super) fn take(&mut self, octets: usize) {
        match &mut self.utf16 {
            Some(utf16) => utf16.taken += octets,
            None => {
                self.file.consume(octets);
                self.octets += octets as u64;
            }
        }
    }
}

impl Utf16 {
    /// Decodes some of `chunk`; an empty one is the end. How much of it was read.
    fn decode(&mut self, chunk: &[u8]) -> usize {
        self.text.resize(DECODED, 0);
        self.taken = 0;
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
            chunk,
            &mut self.text,
            chunk.is_empty(),
        );
        self.text.truncate(written);
        match result {
            DecoderResult::Malformed(..) => self.text.push(BROKEN),
            DecoderResult::InputEmpty => self.is_over = chunk.is_empty(),
            DecoderResult::OutputFull => {}
        }
        read
    }
}

impl std::fmt::Debug for Utf16 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Utf16").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn read(file: &[u8], encoding: TextEncoding, capacity: usize) -> (Vec<u8>, u64) {
        let mut source = Source::new(BufReader::with_capacity(capacity, file), encoding);
        let mut all = Vec::new();
        loop {
            let chunk = source.peek().unwrap();
            let octets = chunk.len().min(3);
            if octets == 0 {
                return (all, source.octets());
            }
            all.extend_from_slice(&chunk[..octets]);
            source.take(octets);
        }
    }

    fn utf16(text: &str, octets: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(octets).collect()
    }

    #[test]
    fn utf16_becomes_utf8_wherever_it_is_cut() {
        let text = "Почта;Имя 🎂\r\n".repeat(50);
        for capacity in [1, 2, 3, 5, 8_192] {
            let little = utf16(&text, u16::to_le_bytes);
            let (read_little, octets) = read(&little, TextEncoding::UTF_16LE, capacity);
            assert_eq!(String::from_utf8(read_little).unwrap(), text);
            assert_eq!(octets, little.len() as u64);
            let big = utf16(&text, u16::to_be_bytes);
            let (read_big, _) = read(&big, TextEncoding::UTF_16BE, capacity);
            assert_eq!(String::from_utf8(read_big).unwrap(), text);
        }
    }

    #[test]
    fn half_a_pair_and_half_a_character_are_marked() {
        let mut file = utf16("a", u16::to_le_bytes);
        file.extend([0x00, 0xd8]);
        file.extend(utf16("b", u16::to_le_bytes));
        file.push(b'c');
        for capacity in [1, 2, 100] {
            let (read, octets) = read(&file, TextEncoding::UTF_16LE, capacity);
            assert_eq!(read, b"a\xffb\xff");
            assert_eq!(octets, file.len() as u64);
        }
    }

    #[test]
    fn other_octets_stay_as_they_are() {
        let file = b"\xcf\xe5,\0";
        let (read, octets) = read(file, TextEncoding::WINDOWS_1251, 2);
        assert_eq!((read.as_slice(), octets), (&file[..], 4));
    }
}
