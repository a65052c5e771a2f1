//! How fast a store hands out and takes back deliveries, without any mail server: the ceiling of
//! what a worker can reach on it.
#![expect(
    clippy::disallowed_methods,
    reason = "a measurement reads the machine's own clock"
)]

use std::time::Instant;

use mailing_core::delivery::{Attempt, Reply, Stage};
use mailing_core::id::{RunId, WorkerId};
use mailing_core::ports::Store;
use mailing_core::ports::store::{Addition, Claim, NewRecipient, Settled, Settlement, Want};
use mailing_core::recipient::{
    Attributes, DisplayName, EmailAddress, RecipientContent, RecipientState,
};
use mailing_core::testing::builders::{Owner, id, mailing, owner, run, start};
use mailing_core::testing::system;

/// How many recipients are imported at once.
const IMPORT: usize = 5_000;
/// How many deliveries are claimed at once.
const BATCH: u32 = 128;
/// Longer than the measurement.
const LEASE: std::time::Duration = std::time::Duration::from_secs(3_600);

/// Imports, freezes and delivers to so many recipients, and prints the rates.
pub(crate) async fn measure(store: &dyn Store, recipients: usize) {
    let ann = owner().saved(store).await;
    let begun = Instant::now();
    for first in (0..recipients).step_by(IMPORT) {
        import(store, &ann, first, IMPORT.min(recipients - first)).await;
    }
    tell("import", recipients, begun);
    let planned = mailing().of(&ann).saved(store).await;
    let begun = Instant::now();
    let run = run().at(start()).running(store, &ann, &planned).await;
    tell("freeze", recipients, begun);
    let begun = Instant::now();
    let delivered = deliver(store, run).await;
    tell("exchange", delivered, begun);
    let report = store.ledger().check(&system()).await.unwrap();
    assert_eq!(report.faults, []);
}

fn tell(what: &str, rows: usize, begun: Instant) {
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{what:10} {rows:>9} rows {seconds:>8.2} s {:>9.0}/s",
        rows as f64 / seconds
    );
}

async fn import(store: &dyn Store, ann: &Owner, first: usize, count: usize) {
    let rows: Vec<NewRecipient> = (first..first + count)
        .map(|number| NewRecipient {
            id: id(start()),
            content: RecipientContent {
                address: EmailAddress::parse(&format!("person{number}@example.org")).unwrap(),
                full_name: DisplayName::parse("Анна Каренина").ok(),
                comment: None,
                attributes: Attributes::parse(r#"{"city": "Москва"}"#).unwrap(),
            },
            state: RecipientState::Active,
        })
        .collect();
    let mut unit = store.write().await.unwrap();
    let sums = unit
        .recipients()
        .import(&ann.edit(), &rows, &Addition::default(), start())
        .await;
    assert_eq!(sums.unwrap().added, count as u64);
    unit.commit().await.unwrap();
}

/// One worker that hands in what it has and takes the next, as often as it takes.
async fn deliver(store: &dyn Store, run: RunId) -> usize {
    let (scope, worker): (_, WorkerId) = (system(), id(start()));
    let wants = [Want { run, max: BATCH }];
    let (mut results, mut delivered) = (Vec::new(), 0);
    loop {
        let exchanged = store
            .ledger()
            .exchange(&scope, worker, &results, &wants, start(), LEASE)
            .await
            .unwrap();
        assert_eq!(exchanged.lost, []);
        delivered += results.len();
        results = exchanged.claims.iter().flat_map(settled).collect();
        if results.is_empty() {
            return delivered;
        }
    }
}

fn settled(claim: &Claim) -> Vec<Settled> {
    let settled = claim.deliveries.iter().map(|delivery| Settled {
        run: claim.run,
        number: delivery.number,
        token: claim.token,
        settlement: Settlement::Delivered,
        charged: true,
        attempt: Some(Attempt {
            at: start(),
            stage: Stage::Dot,
            reply: Some(Reply::new(250, "2.0.0 Ok: queued as 4F3A21B7C9")),
            fault: None,
        }),
    });
    settled.collect()
}
