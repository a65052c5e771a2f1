//! A disk without room, a file that another process holds, a file that is damaged: nothing is lost,
//! nothing is begun, and the results that are out still get in.

use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mailing_core::delivery::{Attempt, Reply, Stage};
use mailing_core::id::{RunId, WorkerId};
use mailing_core::ports::store::{
    Claim, Exchanged, Settled, Settlement, Store as _, StoreError, Want,
};
use mailing_core::testing::builders::{crowd, id, mailing, owner, run, start};
use mailing_core::testing::system;
use mailing_store_sqlite::{Options, SqliteStore};
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use tempfile::TempDir;

const LEASE: Duration = Duration::from_secs(120);

/// Overwrites the pages of two tables that nobody reads at the start, as a failing disk does.
async fn spoil(path: &Path) {
    let url = format!("sqlite:{}", path.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let pages: Vec<i64> = sqlx::query_scalar(
        "SELECT rootpage FROM sqlite_schema WHERE name IN ('deliveries', 'recipients')",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    assert_eq!(pages.len(), 2);
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    for page in pages {
        let at = u64::try_from(page - 1).unwrap() * 4096;
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(&[0xa5; 4096]).unwrap();
    }
}

/// A run of 40 in a file of its own, and a worker.
struct Place {
    _folder: TempDir,
    path: PathBuf,
    store: SqliteStore,
    worker: WorkerId,
    run: RunId,
}

impl Place {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("mailing.db");
        // Waits for locks for a moment only, so that the tests are quick.
        let options = Options {
            patience: Duration::from_millis(50),
            ..Options::default()
        };
        let store = SqliteStore::open(path.to_str().unwrap(), options)
            .await
            .unwrap();
        let ann = owner().saved(&store).await;
        crowd(&store, &ann, 40).await;
        let planned = mailing().of(&ann).saved(&store).await;
        let run = run().at(start()).running(&store, &ann, &planned).await;
        Self {
            _folder: folder,
            path,
            store,
            worker: id(start()),
            run,
        }
    }

    /// A connection of another process.
    async fn other(&self) -> SqliteConnection {
        let url = format!("sqlite:{}", self.path.display());
        SqliteConnection::connect(&url).await.unwrap()
    }

    async fn exchange(&self, results: &[Settled], max: u32) -> Result<Exchanged, StoreError> {
        let wants = [Want { run: self.run, max }];
        let wants = if max == 0 { &[][..] } else { &wants };
        let ledger = self.store.ledger();
        ledger
            .exchange(&system(), self.worker, results, wants, start(), LEASE)
            .await
    }

    async fn delivered(&self) -> u64 {
        let runs = self.store.ledger().open_runs(&system()).await.unwrap();
        runs[0].counts.delivered
    }

    fn reserve(&self) -> PathBuf {
        PathBuf::from(format!("{}.reserve", self.path.display()))
    }
}

fn delivered(claim: &Claim) -> Vec<Settled> {
    let settled = claim.deliveries.iter().map(|delivery| Settled {
        run: claim.run,
        number: delivery.number,
        token: claim.token,
        settlement: Settlement::Delivered,
        charged: true,
        attempt: Some(Attempt {
            at: start(),
            stage: Stage::Dot,
            reply: Some(Reply::new(250, "2.0.0 queued")),
            fault: None,
        }),
    });
    settled.collect()
}

#[tokio::test]
async fn room_for_the_last_results_is_kept_by_whoever_sends() {
    let place = Place::new().await;
    assert!(!place.reserve().exists(), "nothing is sent yet");
    place.exchange(&[], 1).await.unwrap();
    assert!(fs::metadata(place.reserve()).unwrap().len() >= 32 << 20);
}

#[tokio::test]
async fn a_file_locked_by_another_process_costs_time_and_nothing_else() {
    let place = Place::new().await;
    let claimed = place.exchange(&[], 10).await.unwrap();
    let results = delivered(&claimed.claims[0]);
    let mut other = place.other().await;
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    for _ in 0..3 {
        let refused = place.exchange(&results, 10).await;
        assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    }
    let mut reading = place.store.read().await.unwrap();
    assert_eq!(reading.users().count(&system()).await.unwrap(), 1);
    other.execute("ROLLBACK").await.unwrap();
    assert_eq!(place.exchange(&results, 0).await.unwrap().lost, []);
    assert_eq!(place.delivered().await, 10);
    let report = place.store.ledger().check(&system()).await.unwrap();
    assert_eq!(report.faults, []);
}

#[tokio::test]
async fn a_whole_file_is_found_whole() {
    let place = Place::new().await;
    place.store.verify().await.unwrap();
    place.exchange(&[], 1).await.unwrap();
}

#[tokio::test]
async fn a_damaged_file_is_read_as_far_as_it_goes_and_never_written() {
    let place = Place::new().await;
    place.store.close().await;
    spoil(&place.path).await;
    let store = SqliteStore::open(place.path.to_str().unwrap(), Options::default())
        .await
        .unwrap();
    let found = store.verify().await;
    assert!(
        matches!(found, Err(StoreError::Damaged { .. })),
        "{found:?}"
    );
    let refused = store.write().await.err();
    assert!(
        matches!(refused, Some(StoreError::Damaged { .. })),
        "{refused:?}"
    );
    let wants = [Want {
        run: place.run,
        max: 1,
    }];
    let ledger = store.ledger();
    let refused = ledger
        .exchange(&system(), place.worker, &[], &wants, start(), LEASE)
        .await;
    assert!(
        matches!(refused, Err(StoreError::Damaged { .. })),
        "{refused:?}"
    );
    let mut reading = store.read().await.unwrap();
    assert_eq!(reading.users().count(&system()).await.unwrap(), 1);
    assert!(store.ping().await.is_err());
}
