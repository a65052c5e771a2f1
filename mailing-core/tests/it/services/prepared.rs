//! Exports that the service prepares by itself.

use std::time::Duration;

use mailing_core::error::Error;
use mailing_core::id::ExportId;
use mailing_core::ports::Store as _;
use mailing_core::recipient::RecipientState;
use mailing_core::recipient::export::{EXPORT_FOR, ExportState, PreparedExport};
use mailing_core::services::ExportOptions;
use mailing_core::testing::builders::{crowd, list, owner, recipient, start};
use mailing_core::testing::system;
use mailing_core::user::{User, UserState};

use super::refusal;
use super::scene::Scene;

/// More than are read between two signs of life.
const LARGE: usize = 11_000;

async fn prepared(scene: &Scene, options: &ExportOptions) -> PreparedExport {
    let exports = &scene.services.exports;
    exports.prepare(&scene.ann.actor, options).await.unwrap()
}

async fn worked(scene: &Scene) -> Result<(), Error> {
    let work = &scene.services.export_work;
    match work.claim().await? {
        Some(job) => work.run(job).await,
        None => panic!("nothing waits"),
    }
}

async fn shown(scene: &Scene, id: ExportId) -> PreparedExport {
    let exports = &scene.services.exports;
    exports.show(&scene.ann.actor, id).await.unwrap()
}

async fn downloaded(scene: &Scene, id: ExportId) -> String {
    let exports = &scene.services.exports;
    let mut file = exports.download(&scene.ann.actor, id).await.unwrap();
    let mut content = Vec::new();
    while let Some(piece) = file.piece().await.unwrap() {
        content.extend(piece);
    }
    String::from_utf8(content).unwrap()
}

async fn streamed(scene: &Scene, options: &ExportOptions) -> String {
    let exports = &scene.services.exports;
    let mut file = exports.begin(&scene.ann.actor, options).await.unwrap();
    let mut content = Vec::new();
    while let Some((piece, _)) = file.piece().await.unwrap() {
        content.extend(piece);
    }
    String::from_utf8(content).unwrap()
}

fn marked() -> ExportOptions {
    ExportOptions {
        mark: true,
        ..ExportOptions::default()
    }
}

#[tokio::test]
async fn a_prepared_file_is_the_one_that_is_streamed() {
    let scene = Scene::new().await;
    crowd(scene.store(), &scene.ann, 1_201).await;
    let eve = recipient().of(&scene.ann).at("eve@example.net");
    let eve = eve.named("=1+1").with("city", "Пермь").with("visits", 3);
    let eve = eve.state(RecipientState::Bounced).saved(scene.store());
    let eve = eve.await;
    let friends = list().of(&scene.ann).with(&[eve.id]);
    let friends = friends.saved(scene.store()).await;
    let some = ExportOptions {
        search: Some("example.net".to_owned()),
        list: Some(friends.id),
        state: Some(RecipientState::Bounced),
        mark: true,
    };
    for (options, rows) in [(marked(), 1_202), (some, 1)] {
        let export = prepared(&scene, &options).await;
        assert_eq!(export.state, ExportState::Counting);
        assert_eq!(export.details.all, rows, "of the list, if there is one");
        worked(&scene).await.unwrap();
        let export = shown(&scene, export.id).await;
        assert_eq!(export.state, ExportState::Ready);
        let details = &export.details;
        assert_eq!((details.counted, details.written), (rows, rows));
        let file = downloaded(&scene, export.id).await;
        assert_eq!(details.octets, file.len() as u64);
        assert_eq!(file, streamed(&scene, &options).await);
    }
    // Each file that left, prepared or not, and nothing of those that were prepared only.
    assert_eq!(scene.deeds(), ["export_recipients"; 4]);
}

#[tokio::test]
async fn an_export_that_lost_its_process_goes_on_behind_its_last_piece() {
    let scene = Scene::new().await;
    crowd(scene.store(), &scene.ann, LARGE).await;
    let export = prepared(&scene, &marked()).await;
    let work = &scene.services.export_work;
    let job = work.claim().await.unwrap().unwrap();
    assert!(work.claim().await.unwrap().is_none(), "one works on it");
    // Both steps of counting, the first of writing, and a page of the second.
    scene.moods.unplug_after(21 + 3 + 21 + 1);
    let stopped = work.run(job).await;
    assert!(matches!(stopped, Err(Error::Unavailable(..))));
    scene.moods.down(false);
    let half = shown(&scene, export.id).await;
    assert_eq!(half.state, ExportState::Writing);
    assert_eq!((half.details.written, half.details.pieces), (10_000, 1));
    let early = scene.services.exports.download(&scene.ann.actor, export.id);
    assert!(matches!(early.await, Err(Error::NotFound)), "half a file");
    assert!(work.claim().await.unwrap().is_none(), "the lease lasts");
    scene.clock.advance(Duration::from_secs(61));
    worked(&scene).await.unwrap();
    assert_eq!(shown(&scene, export.id).await.details.pieces, 2);
    let file = downloaded(&scene, export.id).await;
    assert_eq!(file.lines().count(), LARGE + 1);
    assert_eq!(file, streamed(&scene, &marked()).await);
}

#[tokio::test]
async fn one_that_is_cancelled_is_not_worked_on_any_more() {
    let scene = Scene::new().await;
    crowd(scene.store(), &scene.ann, 3).await;
    let export = prepared(&scene, &marked()).await;
    let work = &scene.services.export_work;
    let job = work.claim().await.unwrap().unwrap();
    let (exports, actor) = (&scene.services.exports, &scene.ann.actor);
    exports.discard(actor, export.id).await.unwrap();
    work.run(job).await.unwrap();
    assert_eq!(exports.newest(actor).await.unwrap(), []);
    assert!(work.claim().await.unwrap().is_none());
    let again = exports.discard(actor, export.id).await;
    assert!(matches!(again, Err(Error::NotFound)));
}

#[tokio::test]
async fn what_cannot_be_written_at_all_is_given_up_for_good() {
    let scene = Scene::new().await;
    crowd(scene.store(), &scene.ann, 3).await;
    prepared(&scene, &marked()).await;
    let work = &scene.services.export_work;
    let job = work.claim().await.unwrap().unwrap();
    scene.moods.garble_next();
    assert!(matches!(work.run(job).await, Err(Error::Internal(_))));
    let (exports, actor) = (&scene.services.exports, &scene.ann.actor);
    assert_eq!(exports.newest(actor).await.unwrap(), []);
    scene.clock.advance(Duration::from_secs(61));
    assert!(work.claim().await.unwrap().is_none(), "nobody tries again");
    let export = prepared(&scene, &marked()).await;
    worked(&scene).await.unwrap();
    assert_eq!(shown(&scene, export.id).await.details.written, 3);
}

#[tokio::test]
async fn what_the_store_keeps_back_for_now_is_not_given_up() {
    let scene = Scene::new().await;
    crowd(scene.store(), &scene.ann, 3).await;
    let export = prepared(&scene, &marked()).await;
    let work = &scene.services.export_work;
    let job = work.claim().await.unwrap().unwrap();
    scene.moods.down(true);
    assert!(matches!(work.run(job).await, Err(Error::Unavailable(..))));
    scene.moods.down(false);
    assert_eq!(shown(&scene, export.id).await.id, export.id);
}

#[tokio::test]
async fn a_file_that_is_deleted_while_it_is_downloaded_breaks_off() {
    let scene = Scene::new().await;
    crowd(scene.store(), &scene.ann, 3).await;
    let export = prepared(&scene, &marked()).await;
    worked(&scene).await.unwrap();
    let (exports, actor) = (&scene.services.exports, &scene.ann.actor);
    let mut file = exports.download(actor, export.id).await.unwrap();
    exports.discard(actor, export.id).await.unwrap();
    assert!(matches!(file.piece().await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_blocked_owners_export_stops_and_goes_on_when_unblocked() {
    let scene = Scene::new().await;
    crowd(scene.store(), &scene.ann, 3).await;
    let export = prepared(&scene, &marked()).await;
    let set = async |state: UserState| {
        let user = User {
            state,
            ..scene.ann.user.clone()
        };
        let mut unit = scene.memory.write().await.unwrap();
        unit.users().save(&system(), &user).await.unwrap();
        unit.commit().await.unwrap();
    };
    let work = &scene.services.export_work;
    let job = work.claim().await.unwrap().unwrap();
    let (reason, at) = ("spam".to_owned(), start());
    set(UserState::Blocked { reason, at }).await;
    work.run(job).await.unwrap();
    scene.minutes(2);
    assert!(work.claim().await.unwrap().is_none());
    assert!(!shown(&scene, export.id).await.is_ready());
    set(UserState::Active).await;
    worked(&scene).await.unwrap();
    assert!(shown(&scene, export.id).await.is_ready());
}

#[tokio::test]
async fn a_process_that_ends_leaves_its_export_to_the_next_one_at_once() {
    let scene = Scene::new().await;
    crowd(scene.store(), &scene.ann, 3).await;
    prepared(&scene, &marked()).await;
    let work = &scene.services.export_work;
    let job = work.claim().await.unwrap().unwrap();
    work.stop();
    work.run(job).await.unwrap();
    assert!(work.claim().await.unwrap().is_some());
}

#[tokio::test]
async fn an_owner_has_one_that_is_prepared_and_a_few_that_are_ready() {
    let scene = Scene::new().await;
    let (exports, actor) = (&scene.services.exports, &scene.ann.actor);
    let first = prepared(&scene, &marked()).await;
    let second = exports.prepare(actor, &marked()).await;
    assert_eq!(refusal(second), "export.running");
    let bob = owner().saved(scene.store()).await;
    let his = exports.prepare(&bob.actor, &marked()).await;
    his.unwrap();
    worked(&scene).await.unwrap();
    for _ in 0..3 {
        scene.minutes(1);
        prepared(&scene, &marked()).await;
        while let Some(job) = scene.services.export_work.claim().await.unwrap() {
            scene.services.export_work.run(job).await.unwrap();
        }
    }
    assert_eq!(exports.newest(actor).await.unwrap().len(), 3);
    assert_eq!(refusal(exports.show(actor, first.id).await), "not_found");
    let foreign = exports.newest(&bob.actor).await.unwrap();
    let foreign = exports.download(actor, foreign[0].id).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_file_is_gone_when_its_time_is_over() {
    let scene = Scene::new().await;
    let (exports, actor) = (&scene.services.exports, &scene.ann.actor);
    let export = prepared(&scene, &marked()).await;
    worked(&scene).await.unwrap();
    let work = &scene.services.export_work;
    scene
        .clock
        .advance(EXPORT_FOR.to_std().unwrap() - Duration::from_secs(1));
    assert_eq!(work.forget().await.unwrap(), 0);
    assert!(exports.download(actor, export.id).await.is_ok());
    scene.clock.advance(Duration::from_secs(2));
    // Also before anybody has swept.
    assert_eq!(refusal(exports.show(actor, export.id).await), "not_found");
    let late = exports.download(actor, export.id).await;
    assert!(matches!(late, Err(Error::NotFound)));
    assert_eq!(exports.newest(actor).await.unwrap(), []);
    assert_eq!(work.forget().await.unwrap(), 1);
}
