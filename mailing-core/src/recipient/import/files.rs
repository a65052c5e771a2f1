//! Whole files: as people have them, and as they break.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::code::Code;

fn open(file: &[u8]) -> Result<ImportReader<&[u8]>, ImportError> {
    let survey = Survey::of(&mut &*file, None)?;
    ImportReader::open(file, survey.encoding)
}

fn reader(file: &[u8]) -> ImportReader<&[u8]> {
    open(file).unwrap()
}

fn import(file: &[u8]) -> Vec<RowResult> {
    let reader = reader(file);
    let mapping = Mapping::preselect(reader.header()).unwrap();
    reader.rows(mapping).map(Result::unwrap).collect()
}

fn accepted(file: &[u8]) -> Vec<ImportRow> {
    let rows = import(file).into_iter();
    rows.filter_map(|row| match row {
        RowResult::Accepted(row) => Some(*row),
        RowResult::Rejected(_) => None,
    })
    .collect()
}

fn rejected(file: &[u8]) -> Vec<Reject> {
    let rows = import(file).into_iter();
    rows.filter_map(|row| match row {
        RowResult::Rejected(reject) => Some(reject),
        RowResult::Accepted(_) => None,
    })
    .collect()
}

fn stopped(file: &[u8]) -> (u64, Code) {
    match open(file) {
        Err(ImportError::Stopped { line, refusal }) => (line, refusal.code),
        other => panic!("{:?}", other.map(|reader| reader.header().clone())),
    }
}

fn map(written: &str, file: &[u8]) -> Result<Vec<String>, Vec<Code>> {
    let reader = reader(file);
    let mapping = Mapping::parse(written, reader.header());
    let mapping = mapping.map_err(|faults| {
        assert!(faults.iter().all(|fault| fault.field == "map"));
        faults
            .iter()
            .map(|fault| fault.refusal.code)
            .collect::<Vec<_>>()
    })?;
    let names = mapping.columns();
    Ok(names
        .map(|(_, target)| target.map(ToString::to_string).unwrap_or_default())
        .collect())
}

#[test]
fn a_russian_spreadsheet_export_is_read_whole() {
    let file = "\u{feff}ФИО;Эл. почта;Комментарий;city;Дата\r\n\
        Анна Кузнецова;anna@example.org;Просила писать\u{a0}по вторникам;Пермь;02.03.2019\r\n\
        ;\"gleb@почта.рф\";\"две\r\nстроки; и «кавычки\"\"»\";;\r\n";
    let rows = accepted(file.as_bytes());
    assert_eq!(rows.len(), 2);
    let anna = &rows[0].content;
    assert_eq!(anna.full_name.as_ref().unwrap().as_str(), "Анна Кузнецова");
    assert_eq!(anna.address.as_str(), "anna@example.org");
    assert_eq!(anna.attributes.to_json(), json!({"city": "Пермь"}));
    let gleb = &rows[1].content;
    assert_eq!(gleb.full_name, None);
    assert_eq!(
        gleb.comment.as_deref(),
        Some("две\r\nстроки; и «кавычки\"»")
    );
    assert!(gleb.attributes.is_empty());
    assert_eq!((rows[0].line, rows[1].line), (2, 3));
    assert_eq!(reader(file.as_bytes()).header().delimiter(), ';');
}

#[test]
fn the_delimiter_is_what_the_header_uses_outside_quotes() {
    for (header, delimiter) in [
        ("email,name", ','),
        ("email;name", ';'),
        ("email\tname", '\t'),
        ("email|name", '|'),
        ("\"a,b,c\";email;name", ';'),
        ("email", ','),
        ("email;name,x;y", ';'),
    ] {
        let header = reader(header.as_bytes()).header().clone();
        assert_eq!(header.delimiter(), delimiter, "{header:?}");
    }
}

#[test]
fn a_file_without_a_header_has_addresses_where_its_first_row_has_one() {
    let file = b"Ann,ann@example.org\nBob,bob@example.org\n";
    let rows = accepted(file);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].line, 1);
    assert_eq!(rows[0].content.full_name, None);
    assert_eq!(
        map("email=2,full_name=1", file).unwrap(),
        ["full_name", "email"]
    );
    assert_eq!(reader(file).header().columns(), ["1", "2"]);
}

#[test]
fn each_bad_row_is_told_with_line_column_and_reason_and_the_good_ones_go_in() {
    let mut file = b"email,name,comment,city\n\
        ann@example.org,J\xc3\xb6rg,,\n\
        no address,Bob,,\n\
        ,Cid,,\n\
        dan@example.org,\"D\tan\",,\n\
        eva@example.org,Eva,ok,Perm,more\n\
        fay@example.org,\xff\xfe,,\n\
        gus@example.org,\"Gus,,\n\
        hal@example.org\n\
        \n\
        ,,,\n\
        ivy@example.org,Ivy,,a\0b\n"
        .to_vec();
    file.extend_from_slice(format!("jan@example.org,{},,\n", "J".repeat(201)).as_bytes());
    file.extend_from_slice(
        format!("kay@example.org,Kay,,{}\n", "x".repeat(CELL_MAX + 1)).as_bytes(),
    );
    file.extend_from_slice(format!("leo@example.org,{}\n", "x".repeat(LINE_MAX)).as_bytes());
    file.extend_from_slice(b"max@example.org,Max,,Perm");
    let told: Vec<_> = rejected(&file)
        .into_iter()
        .map(|r| {
            (
                r.line,
                r.column.unwrap_or_default(),
                r.refusal.code.as_str(),
            )
        })
        .collect();
    let expected = [
        (3, "email", "address.no_at"),
        (4, "email", "required"),
        (5, "name", "control_character"),
        (6, "", "import.too_many_cells"),
        (7, "", "import.encoding"),
        (8, "", "import.unclosed_quote"),
        (12, "city", "control_character"),
        (13, "name", "too_long"),
        (14, "city", "import.cell_too_long"),
        (15, "", "import.line_too_long"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(l, c, r)| (*l, (*c).to_owned(), *r))
        .collect();
    assert_eq!(told, expected);
    let good: Vec<_> = accepted(&file)
        .iter()
        .map(|r| r.content.address.to_string())
        .collect();
    assert_eq!(
        good,
        ["ann@example.org", "hal@example.org", "max@example.org"]
    );
}

#[test]
fn a_reject_keeps_the_row_as_it_stands_in_the_file() {
    let rejects = rejected("email;имя\nнет;\"Анна; \"\"А\"\"\"\n".as_bytes());
    assert_eq!(rejects[0].raw, "нет;\"Анна; \"\"А\"\"\"");
    let row = accepted(b"email\nann@example.org\n").remove(0);
    let refusal = Refusal::new(code::IMPORT_DUPLICATE).with("line", 2i64);
    let reject = row.reject(Some("email"), refusal);
    assert_eq!((reject.line, reject.raw.as_str()), (2, "ann@example.org"));
}

#[test]
fn what_was_guarded_on_export_comes_back_as_it_was() {
    let rows =
        accepted(b"email,phone,note\nann@example.org,'+7 900,'=1+1\nbob@example.org,+7,O'N\n");
    assert_eq!(
        rows[0].content.attributes.to_json(),
        json!({"phone": "+7 900"})
    );
    assert_eq!(rows[0].content.comment.as_deref(), Some("=1+1"));
    assert_eq!(rows[1].content.attributes.to_json(), json!({"phone": "+7"}));
}

#[test]
fn a_file_that_is_no_csv_is_refused_at_once() {
    assert_eq!(stopped(b""), (1, code::IMPORT_EMPTY));
    assert_eq!(stopped(b"\n\r\n"), (1, code::IMPORT_EMPTY));
    assert_eq!(stopped(b"PK\x03\x04\x14\0\0\0"), (1, code::IMPORT_NOT_TEXT));
    assert_eq!(stopped(b"\x1f\x8b\x08\0abc"), (1, code::IMPORT_NOT_TEXT));
    assert_eq!(
        stopped(b"email,\"name\na@example.org,b\n"),
        (1, code::IMPORT_UNCLOSED_QUOTE)
    );
    let wide = vec!["x"; COLUMNS_MAX + 1].join(",");
    assert_eq!(stopped(wide.as_bytes()), (1, code::IMPORT_TOO_MANY_COLUMNS));
    let long = "x".repeat(LINE_MAX + 1);
    assert_eq!(stopped(long.as_bytes()), (1, code::IMPORT_LINE_TOO_LONG));
}

#[test]
fn columns_are_mapped_by_number_or_name() {
    let file = b"Full Name,Mail,City,Note\n";
    for written in [
        "email=2,full_name=1,city=3",
        " email = 2 , full_name = full name , attributes.city = CITY ,",
    ] {
        assert_eq!(
            map(written, file).unwrap(),
            ["full_name", "email", "attributes.city", ""]
        );
    }
}

#[test]
fn faults_of_a_map_are_all_told() {
    let file = b"name,mail\n";
    assert_eq!(
        map("full_name=1", file),
        Err(vec![code::IMPORT_NO_EMAIL_COLUMN])
    );
    assert_eq!(map("", file), Err(vec![code::IMPORT_NO_EMAIL_COLUMN]));
    assert_eq!(
        map("email=3,full_name=0,comment=phone,x", file),
        Err(vec![
            code::IMPORT_UNKNOWN_COLUMN,
            code::IMPORT_UNKNOWN_COLUMN,
            code::IMPORT_UNKNOWN_COLUMN,
            code::IMPORT_MAP_SYNTAX
        ])
    );
    assert_eq!(
        map("email=1,email=2", file),
        Err(vec![code::IMPORT_TARGET_TWICE])
    );
    assert_eq!(
        map("email=2,full_name=1,full_name=2", file).unwrap(),
        ["full_name", "email"]
    );
    assert_eq!(map("email=2,город=1", file), Err(vec![code::ATTRIBUTE_KEY]));
    let reader = reader(b"name,phone\n");
    let fault = Mapping::preselect(reader.header()).unwrap_err().remove(0);
    assert_eq!(
        fault.to_string(),
        "map: import.no_email_column columns=\"name, phone\""
    );
}

#[test]
fn more_attributes_than_a_recipient_has_are_refused() {
    let columns: Vec<_> = (0..51).map(|n| format!("k{n}")).collect();
    let file = format!("email,{}\n", columns.join(","));
    let reader = reader(file.as_bytes());
    let fault = Mapping::preselect(reader.header()).unwrap_err().remove(0);
    assert_eq!(fault.refusal.code, code::ATTRIBUTE_TOO_MANY);
}

#[test]
fn progress_is_counted_in_octets_of_the_file() {
    let file = b"email\nann@example.org\nbob@example.org\n";
    let reader = reader(file);
    let mapping = Mapping::preselect(reader.header()).unwrap();
    let mut rows = reader.rows(mapping);
    while rows.next().is_some() {}
    assert_eq!(rows.octets(), file.len() as u64);
}

proptest! {
    // Few, because each makes two parsers.
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_file_is_read_to_its_end_in_rows_with_growing_lines(
        file in proptest::collection::vec(
            prop_oneof![
                Just(&b"email,name\n"[..]), Just(&b"\""[..]), Just(&b","[..]), Just(&b";"[..]),
                Just(&b"\n"[..]), Just(&b"\r"[..]), Just(&b"a@example.org"[..]), Just(&b"x"[..]),
                Just("Ж".as_bytes()), Just(&b"\xff"[..]), Just(&b"\0"[..]), Just(&b"'="[..]),
            ],
            0..60,
        ).prop_map(|parts| parts.concat()),
        written in "(email|full_name|[a-zЖ.]{0,4})=(1|2|[0-9]{1,20}|email|name|)(,(email|comment|k)=(1|2|name))?",
    ) {
        let whole = [&b"email,name\n"[..], &file].concat();
        for file in [&file, &whole] {
            let Ok(reader) = open(file) else { continue };
            let mapping = Mapping::parse(&written, reader.header())
                .or_else(|_| Mapping::preselect(reader.header()));
            let Ok(mapping) = mapping else { continue };
            let mut last = 0;
            let mut addresses = 0;
            for row in reader.rows(mapping) {
                let line = match row.unwrap() {
                    RowResult::Accepted(row) => {
                        addresses += 1;
                        row.line
                    }
                    RowResult::Rejected(reject) => reject.line,
                };
                prop_assert!(line > last);
                last = line;
            }
            let text = String::from_utf8_lossy(file);
            prop_assert!(addresses <= text.matches("@example.org").count());
            let lines = text.replace("\r\n", "\n").replace('\r', "\n");
            prop_assert!(last <= lines.split('\n').count() as u64);
        }
    }
}
