//! Workers that begin again after they were killed, and results that come after their lease.

use std::time::Duration;

use chrono::TimeDelta;

use super::scene::{Scene, deferred, delivered, failed, in_doubt, numbers, put_back, with_token};
use crate::delivery::{Cause, STOPPED_WHILE_SENDING, Token};
use crate::id::WorkerId;
use crate::ports::Store;
use crate::ports::journal::{Generation, Recorded, Started};
use crate::ports::store::{Claim, Recovered, WorkerRow, WorkerStart};
use crate::run::CancelReason;
use crate::testing::builders::{id, mailing, start};
use crate::testing::system;

/// The life of the scene's worker before.
const LAST: Generation = Generation(41);
/// The one that begins.
const NEXT: Generation = Generation(42);

async fn begin(scene: &Scene<'_>, generation: Generation, recorded: &Recorded) -> Recovered {
    let worker = WorkerStart {
        id: scene.worker,
        generation,
        host: "mx1".to_owned(),
        pid: 7,
    };
    let ledger = scene.store.ledger();
    let recovered = ledger
        .recover(&system(), &worker, recorded, scene.now)
        .await;
    scene.sums_hold().await;
    recovered.unwrap()
}

/// A run of a worker whose last life is known.
async fn at_work(store: &dyn Store, recipients: usize) -> Scene<'_> {
    let scene = Scene::running(store, recipients).await;
    begin(&scene, LAST, &Recorded::default()).await;
    scene
}

/// A whole journal of the last life.
fn journal(claim: &Claim, started: &[u64]) -> Recorded {
    let started = started.iter().map(|&number| Started {
        run: claim.run,
        number,
        token: claim.token,
    });
    Recorded {
        generation: Some(LAST),
        whole: true,
        started: started.collect(),
        results: Vec::new(),
    }
}

/// What was started and has no result is unknown, and says why; the rest goes back at once.
pub async fn what_was_not_started_goes_back(store: &dyn Store) {
    let scene = at_work(store, 5).await;
    let claim = scene.claim(4).await;
    let recovered = begin(&scene, NEXT, &journal(&claim, &[2])).await;
    let expected = Recovered {
        unknown: 1,
        pending: 3,
        ..Recovered::default()
    };
    assert_eq!(recovered, expected);
    let states = ["pending", "unknown", "pending", "pending", "pending"];
    assert_eq!(scene.states().await, states);
    let doubt = scene.delivery(2).await;
    assert_eq!(doubt.attempts, 1);
    let fault = doubt.last.unwrap().fault;
    assert_eq!(fault.as_deref(), Some(STOPPED_WHILE_SENDING));
    assert_eq!(numbers(&scene.claim(9).await), [1, 3, 4, 5]);
}

/// A journal of another life, one that may miss lines, or none: then what is missing in it proves
/// nothing. Its results count all the same.
pub async fn without_proof_what_is_left_is_unknown(store: &dyn Store) {
    let scene = at_work(store, 8).await;
    let unproven: [fn(&mut Recorded); 4] = [
        |journal| journal.generation = Some(Generation(40)),
        |journal| journal.generation = None,
        |journal| journal.whole = false,
        |journal| *journal = Recorded::default(),
    ];
    for damage in unproven {
        let claim = scene.claim(2).await;
        let first = numbers(&claim)[0];
        let mut recorded = journal(&claim, &[first]);
        recorded.results.push(delivered(&claim, first));
        damage(&mut recorded);
        let settled = recorded.results.len() as u64;
        let recovered = begin(&scene, LAST, &recorded).await;
        let expected = Recovered {
            settled,
            unknown: 2 - settled,
            pending: 0,
        };
        assert_eq!(recovered, expected);
    }
    let counts = scene.counts().await;
    assert_eq!((counts.delivered, counts.unknown), (3, 5));
}

/// Results are settled with their tokens, whatever they are; what the ledger has is not changed.
pub async fn results_of_the_journal_are_settled(store: &dyn Store) {
    let scene = at_work(store, 5).await;
    let claim = scene.claim(5).await;
    let later = scene.now + TimeDelta::minutes(5);
    let mut recorded = journal(&claim, &[1, 2, 3, 4]);
    recorded.results = vec![
        delivered(&claim, 1),
        failed(&claim, 2, Cause::Policy),
        deferred(&claim, 3, later),
        in_doubt(&claim, 4),
    ];
    scene.settle(&[failed(&claim, 1, Cause::Content)]).await;
    let recovered = begin(&scene, NEXT, &recorded).await;
    let expected = Recovered {
        settled: 3,
        unknown: 0,
        pending: 1,
    };
    assert_eq!(recovered, expected);
    let states = ["failed", "failed", "deferred", "unknown", "pending"];
    assert_eq!(scene.states().await, states);
    let open = scene.open().await.unwrap();
    assert_eq!(open.retry_at, Some(later));
}

/// Beginning again, as after a lost answer, changes nothing.
pub async fn a_life_begins_once(store: &dyn Store) {
    let scene = at_work(store, 3).await;
    let claim = scene.claim(3).await;
    let mut recorded = journal(&claim, &[1, 2]);
    recorded.results.push(delivered(&claim, 1));
    begin(&scene, NEXT, &recorded).await;
    let before = scene.states().await;
    let again = begin(&scene, NEXT, &recorded).await;
    assert_eq!(again, Recovered::default());
    assert_eq!(scene.states().await, before);
}

/// What other workers have claimed is theirs.
pub async fn a_worker_recovers_its_own_claims_only(store: &dyn Store) {
    let scene = at_work(store, 2).await;
    let other: WorkerId = id(start());
    let lease = Duration::from_secs(60);
    scene.exchange(other, &[], 1, scene.now, lease).await;
    let recovered = begin(&scene, NEXT, &Recorded::default()).await;
    assert_eq!(recovered, Recovered::default());
    assert_eq!(scene.states().await, ["sending", "pending"]);
}

/// A journal that is read after the lease was swept still tells how deliveries ended.
pub async fn a_journal_tells_of_swept_deliveries(store: &dyn Store) {
    let scene = at_work(store, 2).await;
    let claim = scene.claim_without_lease(2).await;
    assert_eq!(scene.sweep(scene.now).await, (2, 0));
    let mut recorded = journal(&claim, &[1]);
    recorded.results.push(delivered(&claim, 1));
    let recovered = begin(&scene, NEXT, &recorded).await;
    assert_eq!(recovered.settled, 1);
    assert_eq!(scene.states().await, ["delivered", "unknown"]);
}

/// After the sweep a late result is evidence: each of them, and a doubt of its own is none.
pub async fn a_late_result_tells_how_an_unknown_delivery_ended(store: &dyn Store) {
    let scene = Scene::running(store, 6).await;
    let claim = scene.claim_without_lease(5).await;
    assert_eq!(scene.sweep(scene.now).await, (5, 0));
    let later = scene.now + TimeDelta::hours(1);
    let results = [
        delivered(&claim, 1),
        failed(&claim, 2, Cause::Policy),
        put_back(&claim, 3),
        deferred(&claim, 4, later),
        in_doubt(&claim, 5),
    ];
    let exchanged = scene.settle(&results).await;
    assert_eq!((exchanged.late, exchanged.lost), (4, vec![(scene.run, 5)]));
    let states = [
        "delivered",
        "failed",
        "pending",
        "pending",
        "unknown",
        "pending",
    ];
    assert_eq!(scene.states().await, states);
    let told = scene.delivery(1).await;
    assert_eq!((told.attempts, told.tries), (2, 1));
    assert!(told.last.unwrap().is_accepted());
    let again = scene.settle(&results).await;
    assert_eq!((again.late, again.lost.len()), (0, 5), "told once");
    assert_eq!(numbers(&scene.claim(9).await), [3, 4, 6]);
}

/// What is pending, or claimed by somebody else, is never moved by an old claim.
pub async fn a_late_result_moves_nothing_but_doubts(store: &dyn Store) {
    let scene = Scene::running(store, 3).await;
    let old = scene.claim_without_lease(3).await;
    assert_eq!(scene.sweep(scene.now).await, (3, 0));
    let back: Vec<_> = (1..=3).map(|number| put_back(&old, number)).collect();
    assert_eq!(scene.settle(&back).await.late, 3);
    let new = scene.claim(1).await;
    let late: Vec<_> = (1..=3).map(|number| delivered(&old, number)).collect();
    let exchanged = scene.settle(&late).await;
    assert_eq!((exchanged.late, exchanged.lost.len()), (0, 3));
    assert_eq!(scene.states().await, ["sending", "pending", "pending"]);
    scene.settle(&[delivered(&new, 1)]).await;
    scene.settle(&[failed(&old, 1, Cause::Policy)]).await;
    assert_eq!(scene.states().await[0], "delivered");
}

/// A delivery that was sent again and is in doubt again: an older claim tells only that it was
/// delivered. A token that nobody has had yet tells nothing.
pub async fn an_older_claim_tells_of_delivery_alone(store: &dyn Store) {
    let scene = Scene::of(store, mailing().retrying_doubts(), 1).await;
    let old = scene.claim_without_lease(1).await;
    scene.sweep(scene.now).await;
    let later = scene.now + TimeDelta::minutes(10);
    assert_eq!(scene.sweep(later).await, (0, 1));
    let new = scene.claim_at(later, 1).await.unwrap();
    scene.settle(&[in_doubt(&new, 1)]).await;
    let Token(last) = new.token;
    let unheard = with_token(delivered(&new, 1), Token(last + 1_000));
    let nothing = [put_back(&old, 1), failed(&old, 1, Cause::Policy), unheard];
    for result in nothing {
        assert_eq!(scene.settle(&[result]).await.late, 0);
        assert_eq!(scene.states().await, ["unknown"]);
    }
    assert_eq!(scene.settle(&[delivered(&old, 1)]).await.late, 1);
    assert_eq!(scene.states().await, ["delivered"]);
}

/// What was not sent of a run that is over stays unknown: nobody would send it. That it was delivered
/// is told even then.
pub async fn evidence_opens_no_run_again(store: &dyn Store) {
    let scene = Scene::running(store, 3).await;
    let claim = scene.claim_without_lease(3).await;
    scene.sweep(scene.now).await;
    let reason = CancelReason::FinishedEarly;
    let (ledger, scope) = (store.ledger(), system());
    let ended = ledger.end(&scope, scene.run, Ok(reason), scene.now).await;
    assert!(ended.unwrap());
    let stopping = scene.settle(&[put_back(&claim, 3)]).await;
    assert_eq!(stopping.late, 1);
    assert_eq!(scene.close(scene.now).await, [scene.run]);
    let exchanged = scene
        .settle(&[put_back(&claim, 1), delivered(&claim, 2)])
        .await;
    assert_eq!((exchanged.late, exchanged.lost), (1, vec![(scene.run, 1)]));
    assert_eq!(scene.states().await, ["unknown", "delivered", "cancelled"]);
}

/// Whoever asks for the sweep is alive: its own claims are its own matter.
pub async fn a_sweeping_worker_keeps_its_claims(store: &dyn Store) {
    let scene = Scene::running(store, 1).await;
    scene.claim_without_lease(1).await;
    let (ledger, after) = (store.ledger(), Duration::from_secs(600));
    let swept = ledger
        .sweep(&system(), scene.worker, scene.now, after)
        .await;
    assert_eq!(swept.unwrap().unknown, 0);
    assert_eq!(scene.states().await, ["sending"]);
}

/// Workers are listed with their last sign of life, the last first; who is long silent is forgotten.
pub async fn workers_are_known_by_their_signs_of_life(store: &dyn Store) {
    let (ledger, scope) = (store.ledger(), system());
    let names: [WorkerId; 3] = [id(start()), id(start()), id(start())];
    for (number, name) in (0..).zip(names) {
        let worker = WorkerStart {
            id: name,
            generation: Generation(1),
            host: "mx1".to_owned(),
            pid: 100 + number,
        };
        let at = start() + TimeDelta::days(4 * i64::from(number));
        let nothing = Recorded::default();
        ledger.recover(&scope, &worker, &nothing, at).await.unwrap();
    }
    let known = ledger.workers(&scope).await.unwrap();
    let pids: Vec<_> = known.iter().map(|worker| worker.pid).collect();
    assert_eq!(
        pids,
        [102, 101],
        "the first was silent for more than a week"
    );
    let now = start() + TimeDelta::days(9);
    ledger.heartbeat(&scope, names[1], now).await.unwrap();
    ledger.leave(&scope, names[2], start()).await.unwrap();
    let known = ledger.workers(&scope).await.unwrap();
    assert_eq!((known[0].id, known[0].heartbeat_at), (names[1], now));
    assert_eq!(known[0].started_at, start() + TimeDelta::days(4));
    assert_eq!((known[0].left_at, known[1].left_at), (None, Some(start())));
    assert_eq!(known[0].host, "mx1");
}

/// Whoever left claims is remembered however long they were silent: their journal still proves what
/// was not begun. Once nothing is open they are forgotten.
pub async fn a_silent_worker_is_remembered_while_its_claims_are_open(store: &dyn Store) {
    let scene = at_work(store, 2).await;
    let claim = scene.claim(2).await;
    let (ledger, scope) = (store.ledger(), system());
    let later = scene.now + TimeDelta::days(8);
    let other = WorkerStart {
        id: id(start()),
        generation: Generation(1),
        host: "mx2".to_owned(),
        pid: 8,
    };
    let nothing = Recorded::default();
    let begun = ledger.recover(&scope, &other, &nothing, later).await;
    begun.unwrap();
    let ids = |workers: Vec<WorkerRow>| workers.iter().map(|row| row.id).collect::<Vec<_>>();
    let known = ids(ledger.workers(&scope).await.unwrap());
    assert_eq!(known, [other.id, scene.worker]);
    let recovered = begin(&scene, NEXT, &journal(&claim, &[1])).await;
    assert_eq!((recovered.unknown, recovered.pending), (1, 1));
    let begun = ledger.recover(&scope, &other, &nothing, later).await;
    begun.unwrap();
    assert_eq!(ids(ledger.workers(&scope).await.unwrap()), [other.id]);
}
