//! A file as it comes out of an old program, cut into pieces wherever a read may end.

use std::io::{BufRead, BufReader, Read};

use proptest::prelude::*;

use super::*;
use crate::recipient::RecipientState;

/// What a reading came to: the good addresses with their names, and where the bad rows are.
#[derive(Debug, Clone, PartialEq)]
struct Came {
    good: Vec<(String, String)>,
    bad: Vec<(u64, Option<String>, &'static str)>,
}

fn read<R: BufRead>(source: R, encoding: TextEncoding) -> Came {
    let reader = ImportReader::open(source, encoding).unwrap();
    let mapping = Mapping::preselect(reader.header()).unwrap();
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for row in reader.rows(mapping) {
        match row.unwrap() {
            RowResult::Accepted(row) => {
                let name = row.content.full_name.map(|name| name.as_str().to_owned());
                good.push((row.content.address.to_string(), name.unwrap_or_default()));
            }
            RowResult::Rejected(reject) => {
                bad.push((reject.line, reject.column, reject.refusal.code.as_str()));
            }
        }
    }
    Came { good, bad }
}

fn came(file: &[u8]) -> (&'static str, Came) {
    let survey = Survey::of(&mut &*file, None).unwrap();
    (survey.encoding.name(), read(file, survey.encoding))
}

/// Gives so many octets at a time, over and over.
struct Pieces<'a> {
    file: &'a [u8],
    sizes: std::iter::Cycle<std::slice::Iter<'a, usize>>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes.next().copied().unwrap_or(1).min(into.len());
        self.file.read(&mut into[..size])
    }
}

/// Rows that are wrong, each in a way that such files have: text, the column that is told, why.
const BROKEN: [(&str, &str, &str); 25] = [
    ("нет адреса;Иванов;;", "E-mail", "address.no_at"),
    (";Петров;;", "E-mail", "required"),
    ("   ;Сидоров;;", "E-mail", "required"),
    ("ivan@;Иван;;", "E-mail", "address."),
    ("@example.org;Пётр;;", "E-mail", "address."),
    ("ivan@@example.org;Иван;;", "E-mail", "address."),
    ("ivan petrov@example.org;Иван;;", "E-mail", "address."),
    ("a@example.org, b@example.org;Двое;;", "E-mail", "address."),
    ("a@example.org/b@example.org;Двое;;", "E-mail", "address."),
    ("ivan@example;Иван;;", "E-mail", "address."),
    ("ivan@example..org;Иван;;", "E-mail", "address."),
    ("ivan@-example.org;Иван;;", "E-mail", "address."),
    (".ivan@example.org;Иван;;", "E-mail", "address."),
    ("ivan@exam_ple.org;Иван;;", "E-mail", "address."),
    ("<ivan@example.org;Иван;;", "E-mail", "address."),
    ("n@example.org;Иван;;;лишнее", "", "import.too_many_cells"),
    (
        "n@example.org;Иван;звонить; после 18;;",
        "",
        "import.too_many_cells",
    ),
    ("n@example.org;\"Иван;;", "", "import.unclosed_quote"),
    (
        "n@example.org;\"ООО \"\"Ромашка\";;\"",
        "",
        "import.unclosed_quote",
    ),
    ("n@example.org;Ив\0ан;;", "ФИО", "control_character"),
    ("n@example.org;Ив\u{b}ан;;", "ФИО", "control_character"),
    ("n@example.org;Иван\tПетров;;", "ФИО", "control_character"),
    (
        "n@example.org;Иван;ко\u{1}мм;",
        "Комментарий",
        "control_character",
    ),
    ("#ССЫЛКА!;Иван;;", "E-mail", "address.no_at"),
    ("итого: 25;;;", "E-mail", "address.no_at"),
];

/// In windows-1251 and with `;`: three good rows around each broken one.
fn wild() -> (Vec<u8>, Vec<u64>) {
    let mut text = "E-mail;ФИО;Комментарий;Город\r\n".to_owned();
    let mut lines = Vec::new();
    let mut line = 2;
    for (number, (broken, ..)) in BROKEN.iter().enumerate() {
        text.push_str(&format!(
            "a{number}@example.org;Анна № {number};\"две\r\nстроки\";Пермь\r\n"
        ));
        text.push_str(broken);
        text.push_str("\r\n");
        lines.push(line + 2);
        text.push_str(&format!(
            "b{number}@example.org;\"ООО \"\"Ёлка\"\"\";«да»;\r\n"
        ));
        text.push_str(&format!("\"c{number}@почта.рф\"; Борис ;;Уфа\r\n"));
        line += 5;
    }
    (
        encoding_rs::WINDOWS_1251.encode(&text).0.into_owned(),
        lines,
    )
}

#[test]
fn a_windows_file_with_25_broken_rows_gives_the_others() {
    let (file, lines) = wild();
    let (encoding, came) = came(&file);
    assert_eq!(encoding, "windows-1251");
    assert_eq!(came.good.len(), 75);
    assert_eq!(came.good[0].1, "Анна № 0");
    assert_eq!(came.good[1].1, "ООО \"Ёлка\"");
    assert_eq!(came.good[2], ("c0@почта.рф".to_owned(), "Борис".to_owned()));
    assert_eq!(came.bad.len(), 25);
    for (((row, column, reason), line), found) in BROKEN.iter().zip(lines).zip(&came.bad) {
        assert_eq!(found.0, line, "{row:?}");
        assert_eq!(found.1.as_deref().unwrap_or_default(), *column, "{row:?}");
        assert!(found.2.starts_with(reason), "{row:?}: {}", found.2);
    }
}

#[test]
fn rows_in_another_encoding_than_the_file_are_refused() {
    let mut file = wild().0;
    file.extend("u@example.org;Юлия;;\r\n".as_bytes());
    file.extend(b"d@example.org;Dan;;\r\n");
    let (_, mixed) = came(&file);
    let last = mixed.bad.last().unwrap();
    assert_eq!((last.0, last.2), (127, "import.encoding"));
    assert_eq!(mixed.good.last().unwrap().0, "d@example.org");

    let mut file = "email;name\na@example.org;Анна\nb@example.org;Борис\n"
        .as_bytes()
        .to_vec();
    file.extend(
        encoding_rs::WINDOWS_1251
            .encode("v@example.org;Вера\n")
            .0
            .iter(),
    );
    let (encoding, mixed) = came(&file);
    assert_eq!((encoding, mixed.good.len()), ("UTF-8", 2));
    assert_eq!(mixed.bad, [(4, None, "import.encoding")]);
}

#[test]
fn utf16_is_read_like_the_others_and_half_a_character_is_a_reject() {
    let text = "Почта\tФИО\r\na@example.org\tАнна\r\nb@example.org\tБорис\r\n";
    let mut file: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    file.extend([0x62, 0, 0x00, 0xdc, 0x0a, 0]);
    let (encoding, came) = came(&file);
    assert_eq!((encoding, came.good.len()), ("UTF-16LE", 2));
    assert_eq!(came.bad, [(4, None, "import.encoding")]);
}

#[test]
fn a_header_alone_has_no_rows() {
    for file in ["email", "email\n", "\u{feff}почта;имя\r\n"] {
        let (_, came) = came(file.as_bytes());
        assert_eq!((came.good, came.bad), (Vec::new(), Vec::new()), "{file:?}");
    }
}

#[test]
fn states_and_attributes_come_as_they_were_exported() {
    let file = "email,recipient_state,attributes.city,recipient_attributes\n\
        a@example.org,unsubscribed,Пермь,\"{\"\"visits\"\":3,\"\"vip\"\":true}\"\n\
        b@example.org,,,\n\
        c@example.org,gone,,\n\
        d@example.org,,,[1]\n\
        e@example.org,,Омск,\"{\"\"city\"\":\"\"Уфа\"\"}\"\n";
    let reader = ImportReader::open(file.as_bytes(), TextEncoding::UTF_8).unwrap();
    let mapping = Mapping::preselect(reader.header()).unwrap();
    let rows: Vec<_> = reader.rows(mapping).map(Result::unwrap).collect();
    let accepted = |row: &RowResult| match row {
        RowResult::Accepted(row) => (row.state, row.content.attributes.to_json()),
        RowResult::Rejected(reject) => panic!("{reject:?}"),
    };
    let all = serde_json::json!({"city": "Пермь", "visits": 3, "vip": true});
    assert_eq!(accepted(&rows[0]), (RecipientState::Unsubscribed, all));
    let none = (RecipientState::Active, serde_json::json!({}));
    assert_eq!(accepted(&rows[1]), none);
    let refused: Vec<_> = rows[2..]
        .iter()
        .map(|row| match row {
            RowResult::Rejected(reject) => reject.refusal.code,
            RowResult::Accepted(row) => panic!("{row:?}"),
        })
        .collect();
    let codes = [
        code::UNKNOWN_VALUE,
        code::ATTRIBUTE_SHAPE,
        code::ATTRIBUTE_TWICE,
    ];
    assert_eq!(refused, codes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(25))]

    #[test]
    fn it_does_not_matter_where_reads_end(
        sizes in proptest::collection::vec(1usize..400, 1..6),
        room in 1usize..300,
        which in 0usize..4,
    ) {
        let text = encoding_rs::WINDOWS_1251.decode(&wild().0).0.into_owned();
        let file: Vec<u8> = match which {
            0 => wild().0,
            1 => text.into_bytes(),
            2 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        };
        let pieces = || {
            let sizes = sizes.iter().cycle();
            BufReader::with_capacity(room, Pieces { file: &file, sizes })
        };
        let whole = Survey::of(&mut &file[..], None).unwrap();
        prop_assert_eq!(Survey::of(&mut pieces(), None).unwrap(), whole);
        prop_assert_eq!(read(pieces(), whole.encoding), read(&file[..], whole.encoding));
    }
}
