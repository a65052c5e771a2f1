//! A server that goes away, hangs, or answers a commit with a cut connection: what was handed in
//! counts once, and the store comes back by itself.

use std::sync::Arc;
use std::time::Duration;

use mailing_core::delivery::{Attempt, Reply, Stage};
use mailing_core::id::{RunId, WorkerId};
use mailing_core::ports::store::{
    Claim, Exchanged, Settled, Settlement, Store as _, StoreError, Want,
};
use mailing_core::testing::builders::{crowd, id, mailing, owner, run, start};
use mailing_core::testing::system;
use mailing_store_postgres::{OpenError, Options, PostgresStore};
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::database::{self, Database};
use crate::proxy::Proxy;

const SIZE: usize = 40;

/// A run of 40 behind a proxy.
struct Place {
    database: Database,
    proxy: Arc<Proxy>,
    store: PostgresStore,
    run: RunId,
    worker: WorkerId,
}

impl Place {
    async fn new() -> Self {
        let database = Database::migrated().await;
        let (host, url) = database::behind_port(database.url());
        let proxy = Proxy::before(host).await;
        // Waits for a moment only, so that the tests are quick.
        let options = Options {
            patience: Duration::from_millis(200),
            ..Options::default()
        };
        let store = PostgresStore::open(&url(proxy.port()), options)
            .await
            .unwrap();
        let ann = owner().saved(&store).await;
        crowd(&store, &ann, SIZE).await;
        let planned = mailing().of(&ann).saved(&store).await;
        let run = run().at(start()).running(&store, &ann, &planned).await;
        let worker = id(start());
        Self {
            database,
            proxy,
            store,
            run,
            worker,
        }
    }

    async fn exchange(&self, results: &[Settled], max: u32) -> Result<Exchanged, StoreError> {
        let wants = [Want { run: self.run, max }];
        let wants = &wants[..usize::from(max > 0)];
        let (ledger, lease) = (self.store.ledger(), Duration::from_secs(120));
        ledger
            .exchange(&system(), self.worker, results, wants, start(), lease)
            .await
    }

    async fn delivered(&self) -> i64 {
        let mut connection = self.database.connect().await;
        sqlx::query_scalar("SELECT count(*) FROM deliveries WHERE state = 'delivered'")
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }

    async fn is_in_order(&self) {
        let report = self.store.ledger().check(&system()).await.unwrap();
        assert_eq!((report.deliveries, report.faults), (SIZE as u64, vec![]));
    }
}

fn delivered(claims: &[Claim]) -> Vec<Settled> {
    let result = |claim: &Claim, number| Settled {
        run: claim.run,
        number,
        token: claim.token,
        settlement: Settlement::Delivered,
        charged: true,
        attempt: Some(Attempt {
            at: start(),
            stage: Stage::Dot,
            reply: Some(Reply::new(250, "2.0.0 queued")),
            fault: None,
        }),
    };
    let mut results = Vec::new();
    for claim in claims {
        results.extend(claim.deliveries.iter().map(|one| result(claim, one.number)));
    }
    results
}

#[tokio::test]
async fn a_commit_answered_by_a_cut_connection_counts_once() {
    let place = Place::new().await;
    let claims = place.exchange(&[], 10).await.unwrap().claims;
    let results = delivered(&claims);
    // The server commits, and the answer never arrives.
    place.proxy.cut_at_answer_to(b"COMMIT");
    let told = place.exchange(&results, 0).await;
    assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
    assert_eq!(place.delivered().await, 10, "it was committed");
    let again = place.exchange(&results, 0).await.unwrap();
    assert_eq!(again.lost.len(), 10, "known already");
    assert_eq!(place.delivered().await, 10);
    place.is_in_order().await;
}

#[tokio::test]
async fn while_the_server_is_gone_it_is_unavailable_and_then_it_comes_back_by_itself() {
    let place = Place::new().await;
    let claims = place.exchange(&[], 10).await.unwrap().claims;
    place.proxy.go_away();
    for _ in 0..3 {
        let told = place.exchange(&delivered(&claims), 10).await;
        assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
    }
    place.proxy.come_back();
    let next = place.exchange(&delivered(&claims), 10).await.unwrap();
    assert_eq!((next.lost.len(), next.claims.len()), (0, 1));
    assert_eq!(place.delivered().await, 10);
    place.is_in_order().await;
}

/// What comes of it, unless it hangs.
#[expect(
    clippy::disallowed_methods,
    reason = "a real line that breaks: no clock is asked for it"
)]
async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(limit, work).await.ok()
}

#[tokio::test]
async fn connections_that_fall_silent_in_the_middle_are_replaced() {
    let place = Place::new().await;
    let claims = place.exchange(&[], 10).await.unwrap().claims;
    let results = delivered(&claims);
    // As many as the engine may have.
    place.proxy.fall_silent_at(b"COMMIT", 2);
    while place.proxy.silences_left() > 0 {
        let hanging = place.exchange(&results, 0);
        let given_up = within(Duration::from_millis(300), hanging).await;
        assert!(!matches!(given_up, Some(Ok(_))), "{given_up:?}");
    }
    let answered = async {
        loop {
            if let Ok(exchanged) = place.exchange(&results, 0).await {
                return exchanged;
            }
        }
    };
    let answered = within(Duration::from_secs(10), answered).await;
    assert_eq!(answered.unwrap().lost, []);
    assert_eq!(place.delivered().await, 10);
    place.is_in_order().await;
}

#[tokio::test]
async fn a_server_that_becomes_read_only_refuses_and_loses_nothing() {
    let place = Place::new().await;
    let claims = place.exchange(&[], 10).await.unwrap().claims;
    let mut connection = place.database.connect().await;
    read_only(&mut connection, true).await;
    // Old connections keep their setting: the fail-over cuts them.
    place.proxy.cut();
    let told = loop {
        match place.exchange(&delivered(&claims), 10).await {
            Err(StoreError::Unavailable(_)) => {}
            told => break told,
        }
    };
    assert!(matches!(told, Err(StoreError::ReadOnly)), "{told:?}");
    read_only(&mut connection, false).await;
    place.proxy.cut();
    let next = loop {
        match place.exchange(&delivered(&claims), 0).await {
            Err(StoreError::Unavailable(_)) => {}
            told => break told.unwrap(),
        }
    };
    assert_eq!(next.lost, []);
    assert_eq!(place.delivered().await, 10);
    place.is_in_order().await;
}

async fn read_only(connection: &mut PgConnection, on: bool) {
    let setting = if on { "on" } else { "off" };
    let statement = format!(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = {setting}', \
        current_database()); END $$"
    );
    connection
        .execute("SET default_transaction_read_only = off")
        .await
        .unwrap();
    connection
        .execute(sqlx::AssertSqlSafe(statement))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_told_as_such() {
    let database = Database::migrated().await;
    let mut connection = database.connect().await;
    // scripts/services lets this one user in by password alone.
    connection
        .execute(
            "DO $$ BEGIN CREATE ROLE locked LOGIN PASSWORD 'right'; \
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
        )
        .await
        .unwrap();
    let open = async |password: &str| {
        let url = database::with_user(database.url(), &format!("locked:{password}"));
        let options = Options {
            migrate: false,
            ..Options::default()
        };
        PostgresStore::open(&url, options).await
    };
    let refused = open("wrong").await.err();
    assert!(
        matches!(refused, Some(OpenError::Refused(_))),
        "{refused:?}"
    );
    let password_is_right = !matches!(open("right").await, Err(OpenError::Refused(_)));
    assert!(password_is_right);
    connection.close().await.unwrap();
}
