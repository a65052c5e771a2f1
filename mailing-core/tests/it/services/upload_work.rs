//! Work on files that is cut short: by crashes, blocks, and others who work on the same.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Cursor;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mailing_core::error::{Error, Refusal};
use mailing_core::id::ImportId;
use mailing_core::ports::Store as _;
use mailing_core::ports::store::PageRequest;
use mailing_core::recipient::import::{ImportState, PIECE, Upload, UploadState, UploadSums};
use mailing_core::services::{ImportOptions, wait};
use mailing_core::testing::builders::start;
use mailing_core::testing::system;
use mailing_core::user::{Language, User, UserState};

use super::scene::Scene;
use super::uploads::{checked, choices, received, total, words, worked};

/// After which somebody else may work on a file.
const LEASE: Duration = Duration::from_secs(61);

/// 5,100 good rows, which are two batches, and two bad ones.
fn two_batches() -> String {
    let mut file = "email\n".to_owned();
    for number in 1..=5_100 {
        writeln!(file, "r{number}@example.org").unwrap();
        if number == 1_000 || number == 5_050 {
            writeln!(file, "nobody").unwrap();
        }
    }
    file
}

/// What becomes of [`two_batches`].
fn two_batches_are_in() -> UploadSums {
    UploadSums {
        added: 5_100,
        rejected: 2,
        ..UploadSums::default()
    }
}

/// A file that is to be imported.
async fn ordered(scene: &Scene, file: &str, mapping: &str) -> Upload {
    let upload = received(scene, file.as_bytes()).await.unwrap();
    let upload = checked(scene, upload.id, mapping).await;
    let uploads = &scene.services.uploads;
    uploads.import(&scene.ann.actor, upload.id).await.unwrap()
}

/// Works until so many transactions are kept; then the process is gone. Where the import is then, if
/// the work was cut short.
async fn crashed(scene: &Scene, upload: &Upload, commits: u32) -> Option<Option<ImportState>> {
    let (work, actor) = (&scene.services.upload_work, &scene.ann.actor);
    scene.moods.down_after(commits);
    let job = work.claim().await.unwrap().unwrap();
    let ended = work.run(job, &words).await;
    scene.moods.down_after(0);
    scene.moods.down(false);
    ended.err()?;
    let left = scene.services.uploads.show(actor, upload.id).await.unwrap();
    assert_eq!(left.state, UploadState::Importing);
    let import = left.details.import.unwrap();
    Some(state_of(scene, import).await)
}

async fn state_of(scene: &Scene, id: ImportId) -> Option<ImportState> {
    let found = scene.services.imports.show(&scene.ann.actor, id).await;
    found.ok().map(|import| import.state)
}

async fn imports(scene: &Scene) -> usize {
    let request = PageRequest::first(10);
    let page = scene
        .services
        .imports
        .page(&scene.ann.actor, &request)
        .await;
    page.unwrap().items.len()
}

#[tokio::test]
async fn wherever_the_process_ends_a_file_is_imported_once() {
    let file = two_batches();
    let mut seen = BTreeSet::new();
    for commits in 1.. {
        let scene = Scene::new().await;
        let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
        let upload = ordered(&scene, &file, "email=1").await;
        let crash = crashed(&scene, &upload, commits).await;
        if let Some(state) = crash {
            seen.insert(state.map_or("none", ImportState::as_str));
            scene.clock.advance(LEASE);
            worked(&scene).await.unwrap();
        }
        let upload = uploads.show(actor, upload.id).await.unwrap();
        let told = (upload.state, upload.details.sums);
        let expected = (UploadState::Done, two_batches_are_in());
        assert_eq!(told, expected, "after {commits} transactions");
        assert_eq!(upload.details.earlier, None);
        assert_eq!((imports(&scene).await, total(&scene).await), (1, 5_100));
        assert_eq!(scene.deeds(), ["create_list", "import_recipients"]);
        let rejects = uploads.rejects(actor, upload.id, 0).await.unwrap().unwrap();
        assert_eq!(String::from_utf8(rejects).unwrap().lines().count(), 3);
        let import = upload.details.import.unwrap();
        let undone = scene.services.imports.undo(actor, import).await.unwrap();
        assert_eq!((undone.removed, total(&scene).await), (5_100, 0));
        if crash.is_none() {
            break;
        }
    }
    assert_eq!(Vec::from_iter(seen), ["finished", "none", "running"]);
}

#[tokio::test]
async fn an_import_that_was_undone_after_a_crash_is_not_gone_on_with() {
    let file = two_batches();
    let mut seen = BTreeSet::new();
    for commits in 1.. {
        let scene = Scene::new().await;
        let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
        let upload = ordered(&scene, &file, "email=1").await;
        let Some(crash) = crashed(&scene, &upload, commits).await else {
            break;
        };
        let Some(state) = crash else { continue };
        seen.insert(state.as_str());
        let left = uploads.show(actor, upload.id).await.unwrap();
        let import = left.details.import.unwrap();
        scene.services.imports.undo(actor, import).await.unwrap();
        scene.clock.advance(LEASE);
        worked(&scene).await.unwrap();
        let upload = uploads.show(actor, upload.id).await.unwrap();
        assert_eq!(upload.state, UploadState::Failed, "after {commits}");
        assert_eq!(upload.details.fault.as_deref(), Some("import.undone"));
        assert_eq!((imports(&scene).await, total(&scene).await), (1, 0));
    }
    assert_eq!(Vec::from_iter(seen), ["finished", "running"]);
}

/// 12,000 rows in more than one piece; every 2,000th is followed by a bad one.
fn large() -> String {
    let mut file = "email,comment\n".to_owned();
    for number in 1..=12_000 {
        let comment = "x".repeat(100);
        writeln!(file, "r{number}@example.org,{comment}").unwrap();
        if number % 2_000 == 0 {
            writeln!(file, "nobody,").unwrap();
        }
    }
    assert!(file.len() > PIECE);
    file
}

#[tokio::test]
async fn an_import_that_lost_its_process_is_gone_on_with() {
    let scene = Scene::new().await;
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let work = &scene.services.upload_work;
    let upload = received(&scene, large().as_bytes()).await.unwrap();
    let upload = checked(&scene, upload.id, "email=1,comment=2").await;
    uploads.import(actor, upload.id).await.unwrap();
    let unplug = |_: Language, _: &Refusal| {
        scene.moods.down(true);
        String::new()
    };
    let job = work.claim().await.unwrap().unwrap();
    assert!(work.claim().await.unwrap().is_none(), "one works on it");
    assert!(matches!(
        work.run(job, &unplug).await,
        Err(Error::Unavailable(..))
    ));
    scene.moods.down(false);
    assert!(
        work.claim().await.unwrap().is_none(),
        "its lease is not over"
    );
    scene.clock.advance(LEASE);
    worked(&scene).await.unwrap();
    let upload = uploads.show(actor, upload.id).await.unwrap();
    assert_eq!(upload.state, UploadState::Done);
    assert_eq!(upload.details.sums.added, 12_000);
    assert_eq!(
        (upload.details.sums.rejected, total(&scene).await),
        (6, 12_000)
    );
    let rejects = uploads.rejects(actor, upload.id, 0).await.unwrap().unwrap();
    assert_eq!(String::from_utf8(rejects).unwrap().lines().count(), 7);
}

#[tokio::test]
async fn a_blocked_owners_import_stops_and_goes_on_when_unblocked() {
    let scene = Scene::new().await;
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let work = &scene.services.upload_work;
    let upload = received(&scene, large().as_bytes()).await.unwrap();
    let upload = checked(&scene, upload.id, "email=1,comment=2").await;
    uploads.import(actor, upload.id).await.unwrap();
    let set = async |state: UserState| {
        let user = User {
            state,
            ..scene.ann.user.clone()
        };
        let mut unit = scene.memory.write().await.unwrap();
        unit.users().save(&system(), &user).await.unwrap();
        unit.commit().await.unwrap();
    };
    let is_first = AtomicBool::new(true);
    let job = work.claim().await.unwrap().unwrap();
    // The second piece is not read any more.
    let block = |_: Language, _: &Refusal| {
        if is_first.swap(false, Ordering::Relaxed) {
            let reason = "spam".to_owned();
            let at = start();
            wait(set(UserState::Blocked { reason, at }));
        }
        String::new()
    };
    work.run(job, &block).await.unwrap();
    assert_eq!(total(&scene).await, 5_000, "what was read is dropped");
    assert!(work.claim().await.unwrap().is_none());
    set(UserState::Active).await;
    worked(&scene).await.unwrap();
    let upload = uploads.show(actor, upload.id).await.unwrap();
    assert_eq!(
        (upload.state, total(&scene).await),
        (UploadState::Done, 12_000)
    );
}

/// Does something when the first row is rejected, and something else at each further one.
fn at_rejects(
    first: impl Fn() + Send + Sync,
    further: impl Fn() + Send + Sync,
) -> impl Fn(Language, &Refusal) -> String + Send + Sync {
    let is_first = AtomicBool::new(true);
    move |_, refusal| {
        match is_first.swap(false, Ordering::Relaxed) {
            true => first(),
            false => further(),
        }
        refusal.code.to_string()
    }
}

#[tokio::test]
async fn a_lease_is_renewed_while_rows_go_in() {
    let scene = Scene::new().await;
    let work = &scene.services.upload_work;
    for is_import in [false, true] {
        let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
        let upload = match is_import {
            false => {
                let file = two_batches();
                let upload = received(&scene, file.as_bytes()).await.unwrap();
                let chosen = choices("email=1");
                uploads.check(actor, upload.id, chosen).await.unwrap()
            }
            true => {
                let newest = uploads.newest(actor).await.unwrap().remove(0);
                uploads.import(actor, newest.id).await.unwrap()
            }
        };
        let slow = || scene.clock.advance(Duration::from_secs(50));
        // The first batch lies between the two rejects, and no piece begins there.
        let watched = at_rejects(slow, || {
            slow();
            assert!(wait(work.claim()).unwrap().is_none());
        });
        let job = work.claim().await.unwrap().unwrap();
        work.run(job, &watched).await.unwrap();
        let upload = uploads.show(actor, upload.id).await.unwrap();
        assert_eq!(upload.details.sums, two_batches_are_in());
    }
    assert_eq!(total(&scene).await, 5_100);
}

#[tokio::test]
async fn who_has_lost_the_lease_writes_nothing_more() {
    let scene = Scene::new().await;
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let work = &scene.services.upload_work;
    let upload = ordered(&scene, &two_batches(), "email=1").await;
    let taken = Mutex::new(None);
    let late = at_rejects(
        || {
            scene.clock.advance(LEASE);
            *taken.lock().unwrap() = wait(work.claim()).unwrap();
        },
        || panic!("nobody reads on"),
    );
    let job = work.claim().await.unwrap().unwrap();
    work.run(job, &late).await.unwrap();
    assert_eq!(total(&scene).await, 0);
    let job = taken.lock().unwrap().take().unwrap();
    work.run(job, &words).await.unwrap();
    let upload = uploads.show(actor, upload.id).await.unwrap();
    let told = (upload.state, upload.details.sums);
    assert_eq!(told, (UploadState::Done, two_batches_are_in()));
}

#[tokio::test]
async fn work_that_is_stopped_writes_nothing_more() {
    let scene = Scene::new().await;
    let work = &scene.services.upload_work;
    ordered(&scene, &two_batches(), "email=1").await;
    let stop = at_rejects(|| work.stop(), || panic!("nobody reads on"));
    let job = work.claim().await.unwrap().unwrap();
    work.run(job, &stop).await.unwrap();
    assert_eq!(total(&scene).await, 0);
    let next = work.claim().await.unwrap();
    assert!(next.is_some(), "whoever looks next goes on at once");
}

#[tokio::test]
async fn an_import_that_a_command_goes_on_with_is_told_from_its_sums() {
    let scene = Scene::new().await;
    let (uploads, actor) = (&scene.services.uploads, &scene.ann.actor);
    let work = &scene.services.upload_work;
    let file = two_batches();
    let upload = ordered(&scene, &file, "email=1").await;
    let options = ImportOptions {
        list: Some("Readers".to_owned()),
        mapping: Some("email=1".to_owned()),
        ..ImportOptions::default()
    };
    let command = at_rejects(
        || {
            let imports = &scene.services.imports;
            let source = Cursor::new(file.as_bytes());
            let told = wait(imports.run(actor, source, &options, &mut |_| {}));
            assert_eq!(told.unwrap().sums.added, 5_100);
        },
        || {},
    );
    let job = work.claim().await.unwrap().unwrap();
    work.run(job, &command).await.unwrap();
    let left = uploads.show(actor, upload.id).await.unwrap();
    assert_eq!(
        (left.state, left.details.fault),
        (UploadState::Importing, None)
    );
    assert!(work.claim().await.unwrap().is_none(), "not at once");
    scene.clock.advance(Duration::from_secs(11));
    worked(&scene).await.unwrap();
    let upload = uploads.show(actor, upload.id).await.unwrap();
    let told = (upload.state, upload.details.sums);
    assert_eq!(told, (UploadState::Done, two_batches_are_in()));
    assert_eq!((imports(&scene).await, total(&scene).await), (1, 5_100));
}
