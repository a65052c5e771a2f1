//! Recipients from files.

use std::fmt::Write as _;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};

use mailing_core::audit::Entry;
use mailing_core::code;
use mailing_core::error::Error;
use mailing_core::ports::store::{ImportMode, ImportSums, PageRequest, RecipientFilter};
use mailing_core::recipient::import::Reject;
use mailing_core::recipient::{Recipient, RecipientState, SuppressionReason};
use mailing_core::services::{ImportEvent, ImportOptions, ImportReport};
use mailing_core::testing::builders::{list, owner, recipient, suppression};

use super::refusal;
use super::scene::Scene;

/// Imports and gathers what was told.
async fn import(
    scene: &Scene,
    file: impl Read + Seek + Send,
    options: &ImportOptions,
) -> (Result<ImportReport, Error>, Vec<ImportEvent>) {
    let mut told = Vec::new();
    let report = scene
        .services
        .imports
        .run(
            &scene.ann.actor,
            BufReader::new(file),
            options,
            &mut |event| {
                told.push(event);
            },
        )
        .await;
    (report, told)
}

pub(super) async fn imported(scene: &Scene, file: &str, options: &ImportOptions) -> ImportReport {
    import(scene, Cursor::new(file), options).await.0.unwrap()
}

fn into_list(name: &str) -> ImportOptions {
    ImportOptions {
        list: Some(name.to_owned()),
        ..Default::default()
    }
}

fn sums(report: &ImportReport) -> [u64; 4] {
    let ImportSums {
        added,
        updated,
        skipped,
    } = report.sums;
    [added, updated, skipped, report.rejected]
}

/// The sums that an audit entry tells.
fn audited(entry: &Entry) -> &str {
    entry.subject.split_once(' ').unwrap().1
}

fn rejects(told: Vec<ImportEvent>) -> Vec<Reject> {
    let rejects = told.into_iter().filter_map(|event| match event {
        ImportEvent::Rejected(reject) => Some(reject),
        ImportEvent::Progress { .. } => None,
    });
    rejects.collect()
}

async fn everybody(scene: &Scene) -> Vec<Recipient> {
    let (filter, request) = (RecipientFilter::default(), PageRequest::first(500));
    let page = scene
        .services
        .recipients
        .page(&scene.ann.actor, &filter, &request);
    page.await.unwrap().items
}

/// A file of so many good rows.
fn crowd(size: usize) -> String {
    (1..=size).fold("email,name\n".to_owned(), |mut file, number| {
        writeln!(file, "r{number}@example.org,Получатель {number}").unwrap();
        file
    })
}

#[tokio::test]
async fn good_rows_go_in_and_bad_ones_are_told() {
    let scene = Scene::new().await;
    let file = "Почта;Имя;Город\n\
        anna@example.org;Анна;Пермь\n\
        не адрес;Борис;\n\
        cara@example.org;Кара;\n\
        ANNA@example.org;Анна ещё раз;\n";
    let (report, told) = import(&scene, Cursor::new(file), &ImportOptions::default()).await;
    assert_eq!(sums(&report.unwrap()), [2, 0, 0, 2]);
    assert_eq!(
        told.last(),
        Some(&ImportEvent::Progress {
            rows: 4,
            octets: file.len() as u64
        })
    );
    let rejects = rejects(told);
    let places: Vec<_> = rejects
        .iter()
        .map(|r| (r.line, r.column.as_deref(), r.refusal.to_string()))
        .collect();
    assert_eq!(
        places,
        [
            (3, Some("Почта"), "address.no_at".to_owned()),
            (5, Some("Почта"), "import.duplicate line=2".to_owned()),
        ]
    );
    assert_eq!(rejects[1].raw, "ANNA@example.org;Анна ещё раз;");
    let everybody = everybody(&scene).await;
    let names: Vec<_> = everybody
        .iter()
        .map(|r| r.full_name.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(names, ["Анна", "Кара"]);
    let log = scene.memory.audit_log();
    assert_eq!(log.len(), 1);
    assert_eq!(audited(&log[0]), "added=2 updated=0 skipped=0 rejected=2");
}

#[tokio::test]
async fn a_second_import_of_the_same_file_adds_nothing() {
    let scene = Scene::new().await;
    let file = crowd(2_500);
    let report = imported(&scene, &file, &into_list("Crowd")).await;
    assert_eq!(sums(&report), [2_500, 0, 0, 0]);
    let again = imported(&scene, &file, &into_list("cROWD")).await;
    assert_eq!(sums(&again), [0, 0, 2_500, 0]);
    assert_eq!(again.list, report.list);
    let lists = scene.services.recipients.lists(&scene.ann.actor).await;
    let sizes: Vec<_> = lists.unwrap().iter().map(|(_, size)| *size).collect();
    assert_eq!(sizes, [2_500]);
    assert_eq!(
        scene.deeds(),
        ["create_list", "import_recipients", "import_recipients"]
    );
}

#[tokio::test]
async fn an_update_overwrites_what_the_rows_give() {
    let scene = Scene::new().await;
    let ann = &scene.ann;
    let eve = recipient()
        .of(ann)
        .at("eve@example.org")
        .named("Eve")
        .comment("kept");
    eve.saved(scene.store()).await;
    let options = ImportOptions {
        mapping: Some("email=2,full_name=1".into()),
        mode: ImportMode::Update,
        ..Default::default()
    };
    let report = imported(&scene, "who,where\nEva,EVE@example.org\n", &options).await;
    assert_eq!(sums(&report), [0, 1, 0, 0]);
    let eve = everybody(&scene).await.remove(0);
    assert_eq!(eve.full_name.unwrap().as_str(), "Eva");
    assert_eq!(eve.comment.as_deref(), Some("kept"));
}

#[tokio::test]
async fn a_list_of_the_owner_is_found_and_a_foreign_one_of_that_name_is_not_touched() {
    let scene = Scene::new().await;
    let bob = owner().saved(scene.store()).await;
    list().of(&bob).named("Friends").saved(scene.store()).await;
    let own = list()
        .of(&scene.ann)
        .named("FRIENDS")
        .saved(scene.store())
        .await;
    let report = imported(&scene, "email\na@example.org\n", &into_list("friends")).await;
    assert_eq!(report.list, Some(own));
    let foreign = scene.services.recipients.lists(&bob.actor).await.unwrap();
    assert_eq!(foreign[0].1, 0);
}

#[tokio::test]
async fn no_list_is_made_for_no_good_row() {
    let scene = Scene::new().await;
    let report = imported(&scene, "email\nnobody\n", &into_list("Empty")).await;
    assert_eq!((sums(&report), report.list), ([0, 0, 0, 1], None));
    let lists = scene.services.recipients.lists(&scene.ann.actor).await;
    assert_eq!(lists.unwrap(), []);
}

#[tokio::test]
async fn who_unsubscribed_is_not_brought_back() {
    let scene = Scene::new().await;
    for (address, reason) in [
        ("left@example.org", SuppressionReason::Unsubscribed),
        ("put@example.org", SuppressionReason::Manual),
    ] {
        let entry = suppression()
            .of(&scene.ann)
            .address(address)
            .because(reason);
        entry.saved(scene.store()).await;
    }
    let file = "email\nleft@example.org\nput@example.org\nnew@example.org\n";
    imported(&scene, file, &ImportOptions::default()).await;
    let states: Vec<_> = everybody(&scene)
        .await
        .into_iter()
        .map(|r| (r.address.to_string(), r.state))
        .collect();
    assert_eq!(
        states,
        [
            ("left@example.org".to_owned(), RecipientState::Unsubscribed),
            ("new@example.org".to_owned(), RecipientState::Active),
            ("put@example.org".to_owned(), RecipientState::Active),
        ]
    );
}

#[tokio::test]
async fn a_file_that_makes_no_sense_as_a_whole_changes_nothing() {
    let scene = Scene::new().await;
    let map = |map: &str| ImportOptions {
        mapping: Some(map.to_owned()),
        ..Default::default()
    };
    let encoding = ImportOptions {
        encoding: Some("utf-7".to_owned()),
        ..Default::default()
    };
    let row = "email\na@example.org\n";
    let cases: &[(&[u8], ImportOptions, &str)] = &[
        (b"", ImportOptions::default(), "file import.empty"),
        (
            b"PK\x03\x04\x14\0",
            ImportOptions::default(),
            "file import.not_text",
        ),
        (
            b"name,phone\nAnn,1\n",
            ImportOptions::default(),
            "map import.no_email_column",
        ),
        (row.as_bytes(), map("email=2"), "map import.unknown_column"),
        (row.as_bytes(), map("email"), "map import.map_syntax"),
        (row.as_bytes(), into_list("\u{7}"), "list control_character"),
        (row.as_bytes(), into_list(" "), "list required"),
        (row.as_bytes(), encoding, "encoding import.unknown_encoding"),
    ];
    for (file, options, expected) in cases {
        let (answer, told) = import(&scene, Cursor::new(*file), options).await;
        assert_eq!(refusal(answer), *expected);
        assert_eq!(told, []);
    }
    assert_eq!(everybody(&scene).await, []);
    assert_eq!(scene.deeds(), [""; 0]);
}

/// Good rows, and a disk that is pulled out once they have been read so many times.
struct Pulled<'a> {
    file: Cursor<&'a [u8]>,
    times: u32,
}

impl Read for Pulled<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match self.file.read(into)? {
            0 if self.times == 0 => Err(std::io::Error::other("pulled out")),
            read => Ok(read),
        }
    }
}

impl Seek for Pulled<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.times -= 1;
        self.file.seek(to)
    }
}

fn pulled(file: &str, times: u32) -> Pulled<'_> {
    let file = Cursor::new(file.as_bytes());
    Pulled { file, times }
}

#[tokio::test]
async fn what_came_before_a_fault_of_the_file_stays_in() {
    let scene = Scene::new().await;
    let file = crowd(1_200);
    let (answer, told) = import(&scene, pulled(&file, 1), &ImportOptions::default()).await;
    assert_eq!(refusal(answer), "import.unreadable");
    let rows = told.iter().map(|event| match event {
        ImportEvent::Progress { rows, .. } => *rows,
        ImportEvent::Rejected(reject) => panic!("{reject:?}"),
    });
    assert_eq!(rows.collect::<Vec<_>>(), [1_000, 1_200]);
    let counts = scene.services.recipients.counts(&scene.ann.actor).await;
    assert_eq!(counts.unwrap().total, 1_200);
    let log = scene.memory.audit_log();
    assert_eq!(
        audited(&log[0]),
        "added=1200 updated=0 skipped=0 rejected=0"
    );
}

#[tokio::test]
async fn a_batch_that_meets_another_transaction_is_written_once() {
    let scene = Scene::new().await;
    scene.moods.meet(2);
    let report = imported(&scene, &crowd(5_500), &into_list("Crowd")).await;
    assert_eq!(sums(&report), [5_500, 0, 0, 0]);
    assert_eq!(scene.deeds(), ["create_list", "import_recipients"]);
    // The beginning at its third try, then two batches.
    assert_eq!(scene.moods.commits(), 5);
}

#[tokio::test]
async fn a_preview_shows_the_file_and_what_would_become_of_it() {
    let scene = Scene::new().await;
    let text = "Почта;Имя;Фамилия;Дата\na@example.org;Анна;Ким;1\nнет;Борис;Ли;2\n;;;\n\
        v@example.org;Вера;\nz@example.org;Зоя;Ю;4\n";
    let file = encoding(text);
    let imports = &scene.services.imports;
    let options = ImportOptions::default();
    let source = Cursor::new(&file);
    let preview = imports.preview(&scene.ann.actor, source, &options).await;
    let preview = preview.unwrap();
    assert_eq!((preview.encoding, preview.delimiter), ("windows-1251", ';'));
    assert_eq!((preview.rows, preview.octets), (4, file.len() as u64));
    assert!(preview.has_header && preview.faults.is_empty());
    let columns: Vec<_> = preview
        .columns
        .iter()
        .map(|column| {
            let target = column.target.as_ref().map(ToString::to_string);
            (
                column.name.as_str(),
                target.unwrap_or_default(),
                column.values.join(","),
            )
        })
        .collect();
    let expected = [
        ("Почта", "email", "a@example.org,нет,v@example.org"),
        ("Имя", "full_name", "Анна,Борис,Вера"),
        ("Фамилия", "full_name", "Ким,Ли,"),
        ("Дата", "", "1,2,"),
    ];
    assert_eq!(
        columns,
        expected.map(|(name, to, values)| (name, to.to_owned(), values.to_owned()))
    );
    let source = Cursor::new("имя;город\nАнна;Пермь\n");
    let preview = imports
        .preview(&scene.ann.actor, source, &options)
        .await
        .unwrap();
    assert_eq!(preview.faults[0].refusal.code, code::IMPORT_NO_EMAIL_COLUMN);
    assert_eq!(preview.columns[1].values, ["Пермь"]);
    let page = imports
        .page(&scene.ann.actor, &PageRequest::first(10))
        .await;
    assert_eq!(page.unwrap().items, []);
}

/// Text as Windows wrote it: Cyrillic letters and ASCII.
fn encoding(text: &str) -> Vec<u8> {
    let letter = |c: char| match c {
        'А'..='я' => u8::try_from(u32::from(c) - 0x410 + 0xc0).unwrap(),
        _ => u8::try_from(u32::from(c)).unwrap(),
    };
    text.chars().map(letter).collect()
}

#[tokio::test]
async fn a_check_counts_and_tells_rejects_and_changes_nothing() {
    let scene = Scene::new().await;
    let eve = recipient().of(&scene.ann).at("eve@example.org");
    eve.saved(scene.store()).await;
    let file = format!("{}eve@example.org,Eva\nnobody,\n", crowd(5_100));
    for (mode, expected) in [
        (ImportMode::Skip, [5_100, 0, 1, 1]),
        (ImportMode::Update, [5_100, 1, 0, 1]),
    ] {
        let options = ImportOptions {
            mode,
            list: Some("Crowd".to_owned()),
            ..Default::default()
        };
        let mut told = Vec::new();
        let imports = &scene.services.imports;
        let source = Cursor::new(&file);
        let report = imports
            .check(&scene.ann.actor, source, &options, &mut |event| {
                told.push(event)
            })
            .await
            .unwrap();
        assert_eq!(sums(&report), expected);
        assert_eq!((report.id, rejects(told).len()), (None, 1));
    }
    assert_eq!(everybody(&scene).await.len(), 1);
    assert_eq!(scene.deeds(), [""; 0]);
}
