//! A journal on a real file.

use mailing_core::delivery::{Attempt, Reply, Stage};
use mailing_core::id::DatabaseId;
use mailing_core::ports::store::Settlement;
use mailing_core::testing::builders::{id, start};
use mailing_core::testing::{SeededEntropy, VirtualClock};

use super::super::Places;
use super::*;

struct Place {
    state: tempfile::TempDir,
    database: DatabaseId,
    run: RunId,
}

impl Place {
    fn new() -> Self {
        Self {
            state: tempfile::tempdir().unwrap(),
            database: id(start()),
            run: id(start()),
        }
    }

    fn opened_in(&self, boot: &str) -> FileJournal {
        let places = Places {
            folder: self.state.path(),
            database: self.database,
            clock: &VirtualClock::at(start()),
            entropy: &SeededEntropy::new(1),
        };
        FileJournal::in_boot(places.take().unwrap(), boot.to_owned())
    }

    /// A journal of a life in the boot `today`.
    fn begun(&self) -> FileJournal {
        let journal = self.opened_in("today");
        journal.begin(Generation(1)).unwrap();
        journal
    }

    /// What the next process reads.
    fn left(&self) -> Recorded {
        self.opened_in("today").read().unwrap()
    }

    fn file(&self) -> PathBuf {
        self.state.path().join("worker-1").join(NAME)
    }

    fn started(&self, number: u64) -> Started {
        Started {
            run: self.run,
            number,
            token: Token(5),
        }
    }

    fn ended(&self, number: u64) -> Settled {
        Settled {
            run: self.run,
            number,
            token: Token(5),
            settlement: Settlement::Delivered,
            charged: true,
            attempt: Some(Attempt {
                at: start(),
                stage: Stage::Dot,
                reply: Some(Reply::new(250, "2.0.0 queued")),
                fault: None,
            }),
        }
    }
}

#[test]
fn what_a_killed_process_noted_is_read_by_the_next_one() {
    let place = Place::new();
    let journal = place.begun();
    for number in 1..=3 {
        journal.started(&place.started(number)).unwrap();
    }
    journal.result(&place.ended(2)).unwrap();
    drop(journal);
    let left = place.left();
    assert_eq!(left.generation, Some(Generation(1)));
    assert!(left.whole);
    let started: Vec<u64> = left.started.iter().map(|started| started.number).collect();
    assert_eq!(started, [1, 2, 3]);
    assert_eq!(left.results, [place.ended(2)]);
}

#[test]
fn no_journal_is_an_empty_one_that_proves_nothing() {
    let place = Place::new();
    assert_eq!(place.left(), Recorded::default());
}

#[test]
fn nothing_can_be_started_before_a_life_has_begun() {
    let place = Place::new();
    let journal = place.opened_in("today");
    assert!(journal.started(&place.started(1)).is_err());
    assert!(!place.file().exists());
}

#[test]
fn a_new_life_forgets_the_old_one() {
    let place = Place::new();
    place.begun().started(&place.started(1)).unwrap();
    place.opened_in("today").begin(Generation(2)).unwrap();
    let left = place.left();
    assert_eq!(
        (left.generation, left.started),
        (Some(Generation(2)), vec![])
    );
}

#[test]
fn what_the_ledger_has_is_forgotten_and_the_rest_is_not() {
    let place = Place::new();
    let journal = place.begun();
    let empty = fs::metadata(place.file()).unwrap().len();
    for number in 1..=2 {
        journal.started(&place.started(number)).unwrap();
        journal.result(&place.ended(number)).unwrap();
    }
    journal.committed(&[place.ended(1)]).unwrap();
    assert_eq!(journal.read().unwrap().results.len(), 2, "not yet worth it");
    journal.committed(&[place.ended(2)]).unwrap();
    assert_eq!(fs::metadata(place.file()).unwrap().len(), empty);
    journal.started(&place.started(3)).unwrap();
    drop(journal);
    assert_eq!(place.left().started, [place.started(3)]);
}

#[test]
fn in_full_flow_the_file_stays_short_and_loses_nothing() {
    let place = Place::new();
    let journal = place.begun();
    journal.started(&place.started(0)).unwrap();
    for number in 1..=5_000 {
        journal.started(&place.started(number)).unwrap();
        journal.result(&place.ended(number)).unwrap();
        if number % 50 == 0 {
            let batch: Vec<_> = (number - 49..=number).map(|n| place.ended(n)).collect();
            journal.committed(&batch).unwrap();
        }
    }
    assert!(fs::metadata(place.file()).unwrap().len() <= LONG + 20_000);
    drop(journal);
    let left = place.left();
    assert!(left.whole);
    assert!(left.started.contains(&place.started(0)), "still under way");
}

#[test]
fn another_boot_proves_nothing_and_its_results_count() {
    let place = Place::new();
    let journal = place.begun();
    journal.started(&place.started(1)).unwrap();
    journal.result(&place.ended(1)).unwrap();
    drop(journal);
    for boot in ["tomorrow", ""] {
        let left = place.opened_in(boot).read().unwrap();
        assert!(!left.whole);
        assert_eq!(left.results.len(), 1);
    }
}

#[test]
fn a_copy_that_was_put_back_proves_nothing_and_its_results_count() {
    let place = Place::new();
    let journal = place.begun();
    journal.started(&place.started(1)).unwrap();
    journal.result(&place.ended(1)).unwrap();
    let copy = place.file().with_extension("copy");
    fs::copy(place.file(), &copy).unwrap();
    journal.started(&place.started(2)).unwrap();
    drop(journal);
    assert!(place.left().whole);
    fs::rename(&copy, place.file()).unwrap();
    let left = place.left();
    assert_eq!((left.whole, left.generation), (false, Some(Generation(1))));
    assert_eq!((left.started.len(), left.results.len()), (1, 1));
    // Made anew it may get the number of the file that it is a copy of.
    let place = Place::new();
    drop(place.begun());
    let bytes = fs::read(place.file()).unwrap();
    fs::remove_file(place.file()).unwrap();
    fs::write(place.file(), bytes).unwrap();
    assert!(!place.left().whole);
}

#[test]
fn a_journal_that_was_written_anew_proves_what_it_did_before() {
    let place = Place::new();
    let journal = place.begun();
    journal.started(&place.started(1)).unwrap();
    journal.lock().file = None;
    journal.started(&place.started(2)).unwrap();
    drop(journal);
    let left = place.left();
    assert_eq!((left.whole, left.started.len()), (true, 2));
}

#[test]
fn a_process_killed_while_it_wrote_leaves_the_rest_believed() {
    let place = Place::new();
    let journal = place.begun();
    journal.started(&place.started(1)).unwrap();
    journal.result(&place.ended(1)).unwrap();
    let before = fs::read(place.file()).unwrap().len();
    journal.started(&place.started(2)).unwrap();
    drop(journal);
    let whole = fs::read(place.file()).unwrap();
    for torn in before + 1..whole.len() {
        fs::write(place.file(), &whole[..torn]).unwrap();
        let left = place.left();
        let told = (left.whole, left.started.len(), left.results.len());
        assert_eq!(told, (true, 1, 1), "torn at {torn}");
    }
    // What follows a torn line was written by nobody of ours.
    let mut followed = whole[..whole.len() - 3].to_vec();
    followed.extend_from_slice(&whole[before..]);
    fs::write(place.file(), &followed).unwrap();
    assert!(!place.left().whole);
}

#[test]
fn damaged_lines_are_left_out_and_what_is_missing_proves_nothing() {
    let place = Place::new();
    let journal = place.begun();
    journal.started(&place.started(1)).unwrap();
    journal.result(&place.ended(1)).unwrap();
    journal.started(&place.started(2)).unwrap();
    drop(journal);
    let whole = fs::read(place.file()).unwrap();
    let ends: Vec<usize> = whole
        .iter()
        .enumerate()
        .filter_map(|(at, byte)| (*byte == b'\n').then_some(at))
        .collect();
    // A bit flipped in the line of the first message.
    let mut flipped = whole.clone();
    flipped[ends[0] + 30] ^= 4;
    fs::write(place.file(), &flipped).unwrap();
    let flipped = place.left();
    assert_eq!((flipped.whole, flipped.started.len()), (false, 1));
    assert_eq!(flipped.results.len(), 1);
    // The first line is gone.
    fs::write(place.file(), &whole[ends[0] + 1..]).unwrap();
    let headless = place.left();
    assert_eq!((headless.whole, headless.generation), (false, None));
    assert_eq!(headless.results.len(), 1);
    // Something else altogether.
    fs::write(place.file(), [0xff; 5_000]).unwrap();
    assert_eq!(place.left(), Recorded::default());
}

#[test]
fn a_journal_that_cannot_be_written_says_so_and_goes_on_when_it_can() {
    let place = Place::new();
    let journal = place.begun();
    journal.started(&place.started(1)).unwrap();
    // As after a full disk: the file is gone from under it and cannot be made anew.
    journal.lock().file = None;
    let new = place.file().with_extension("new");
    fs::create_dir(&new).unwrap();
    assert!(journal.started(&place.started(2)).is_err());
    assert!(journal.result(&place.ended(1)).is_err());
    fs::remove_dir(&new).unwrap();
    journal.started(&place.started(3)).unwrap();
    drop(journal);
    let left = place.left();
    assert_eq!(left.started, [place.started(1), place.started(3)]);
    assert_eq!(left.results, [place.ended(1)], "written after all");
}

#[test]
fn what_could_not_be_read_is_put_aside_before_a_life_begins() {
    let place = Place::new();
    drop(place.begun());
    // A folder can be opened and not be read, as a bad place of a disk.
    fs::remove_file(place.file()).unwrap();
    fs::create_dir(place.file()).unwrap();
    let journal = place.opened_in("today");
    assert!(journal.read().is_err());
    journal.begin(Generation(2)).unwrap();
    journal.started(&place.started(1)).unwrap();
    drop(journal);
    assert_eq!(place.left().started, [place.started(1)]);
    assert!(place.file().with_extension(UNREADABLE).is_dir());
}
