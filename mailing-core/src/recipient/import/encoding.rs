//! What octets mean: UTF-8, UTF-16, or one of the encodings with one octet a character.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::code;
use crate::error::Refusal;

/// How a file's octets become text. Encodings whose letters may look like delimiters are none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

impl TextEncoding {
    /// UTF-8, with or without its mark.
    pub const UTF_8: Self = Self(UTF_8);
    /// UTF-16, the lower octet first.
    pub const UTF_16LE: Self = Self(UTF_16LE);
    /// UTF-16, the higher octet first.
    pub const UTF_16BE: Self = Self(UTF_16BE);
    /// Cyrillic as Windows writes it.
    pub const WINDOWS_1251: Self = Self(encoding_rs::WINDOWS_1251);

    /// The encoding of that name, such as `windows-1251`, `cp1251` or `utf-16le`.
    ///
    /// # Errors
    /// `import.unknown_encoding`.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        Encoding::for_label(name.as_bytes())
            .and_then(Self::usable)
            .ok_or_else(|| Refusal::new(code::IMPORT_UNKNOWN_ENCODING).with("name", name))
    }

    /// The name, such as `windows-1251`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The encoding, if its files can be read.
    pub(super) fn usable(encoding: &'static Encoding) -> Option<Self> {
        let is_read = encoding.is_single_byte() && encoding.is_ascii_compatible();
        (is_read || [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding)).then_some(Self(encoding))
    }

    /// What reads it, for encodings whose records cannot be told apart before.
    pub(super) fn utf16_decoder(self) -> Option<encoding_rs::Decoder> {
        self.is_utf16()
            .then(|| self.0.new_decoder_without_bom_handling())
    }

    /// The text of one record; its octets when it is not in this encoding. One that is UTF-8 in a
    /// file that otherwise is not would become gibberish, so it is not either.
    pub(super) fn decode(self, record: Vec<u8>) -> Result<String, Vec<u8>> {
        let record = match String::from_utf8(record) {
            Ok(text) if self.is_unicode() || text.is_ascii() => return Ok(text),
            Ok(text) => return Err(text.into_bytes()),
            Err(error) => error.into_bytes(),
        };
        if self.is_unicode() {
            return Err(record);
        }
        let decoded = self
            .0
            .decode_without_bom_handling_and_without_replacement(&record)
            .map(Cow::into_owned);
        decoded.ok_or(record)
    }

    /// A record as well as it can be shown.
    pub(super) fn shown(self, record: &[u8]) -> String {
        match std::str::from_utf8(record) {
            Ok(text) => text.to_owned(),
            Err(_) if self.is_unicode() => String::from_utf8_lossy(record).into_owned(),
            Err(_) => self.0.decode_without_bom_handling(record).0.into_owned(),
        }
    }

    fn is_utf16(self) -> bool {
        self == Self::UTF_16LE || self == Self::UTF_16BE
    }

    /// True when records come as UTF-8: as they stand, or from the decoder of UTF-16.
    fn is_unicode(self) -> bool {
        self == Self::UTF_8 || self.is_utf16()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_known_by_their_usual_names() {
        for (name, known) in [
            ("utf-8", "UTF-8"),
            ("UTF8", "UTF-8"),
            ("cp1251", "windows-1251"),
            ("Windows-1251", "windows-1251"),
            ("utf-16le", "UTF-16LE"),
            ("koi8-r", "KOI8-R"),
            ("cp866", "IBM866"),
        ] {
            assert_eq!(TextEncoding::parse(name).unwrap().name(), known);
        }
        for name in [
            "",
            "utf-7",
            "shift_jis",
            "gbk",
            "iso-2022-jp",
            "replacement",
        ] {
            let refusal = TextEncoding::parse(name).unwrap_err();
            assert_eq!(refusal.code, code::IMPORT_UNKNOWN_ENCODING, "{name}");
        }
    }

    #[test]
    fn a_record_in_another_encoding_is_told_and_shown() {
        let perm = b"\xcf\xe5\xf0\xec\xfc".to_vec();
        let cyrillic = TextEncoding::WINDOWS_1251;
        assert_eq!(cyrillic.decode(perm.clone()).unwrap(), "Пермь");
        assert_eq!(TextEncoding::UTF_8.decode(perm.clone()), Err(perm));
        let utf8 = "Пермь".as_bytes().to_vec();
        assert_eq!(cyrillic.decode(utf8.clone()), Err(utf8.clone()));
        assert_eq!(cyrillic.shown(&utf8), "Пермь");
        assert_eq!(cyrillic.decode(b"Perm".to_vec()).unwrap(), "Perm");
        assert_eq!(TextEncoding::UTF_8.shown(b"a\xff"), "a\u{fffd}");
    }
}
