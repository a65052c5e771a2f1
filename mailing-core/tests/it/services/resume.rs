//! Imports that are interrupted, given again, and undone.

use std::fmt::Write as _;
use std::io::Cursor;
use std::sync::Mutex;

use mailing_core::error::Error;
use mailing_core::ports::store::{ImportMode, PageRequest};
use mailing_core::recipient::import::{Import, ImportState};
use mailing_core::services::{ImportEvent, ImportOptions, ImportReport};
use mailing_core::testing::builders::{owner, recipient};

use super::refusal;
use super::scene::Scene;

/// 12,000 good rows and 12 bad ones, of which some come twice.
fn file() -> String {
    let mut file = "email,name\n".to_owned();
    for number in 1..=12_000 {
        writeln!(file, "r{number}@example.org,Reader {number}").unwrap();
        if number % 2_000 == 0 {
            writeln!(file, "nobody,\nR{number}@example.org,again").unwrap();
        }
    }
    file
}

fn options(mode: ImportMode) -> ImportOptions {
    ImportOptions {
        list: Some("Readers".to_owned()),
        mode,
        ..Default::default()
    }
}

async fn import(scene: &Scene, options: &ImportOptions) -> Result<ImportReport, Error> {
    let imports = &scene.services.imports;
    imports
        .run(&scene.ann.actor, Cursor::new(file()), options, &mut |_| {})
        .await
}

/// Imports until so many rows are read; then the store is gone.
async fn interrupted(
    scene: &Scene,
    at: u64,
    options: &ImportOptions,
) -> Result<ImportReport, Error> {
    let imports = &scene.services.imports;
    let mut unplug = |event| {
        if matches!(event, ImportEvent::Progress { rows, .. } if rows == at) {
            scene.moods.down(true);
        }
    };
    let report = imports
        .run(&scene.ann.actor, Cursor::new(file()), options, &mut unplug)
        .await;
    scene.moods.down(false);
    report
}

async fn imports(scene: &Scene) -> Vec<Import> {
    let request = PageRequest::first(10);
    let imports = &scene.services.imports;
    let page = imports.page(&scene.ann.actor, &request).await;
    page.unwrap().items
}

async fn total(scene: &Scene) -> u64 {
    let counts = scene.services.recipients.counts(&scene.ann.actor).await;
    counts.unwrap().total
}

async fn members(scene: &Scene) -> u64 {
    let lists = scene.services.recipients.lists(&scene.ann.actor).await;
    lists.unwrap().first().map_or(0, |(_, members)| *members)
}

#[tokio::test]
async fn an_interrupted_import_goes_on_wherever_it_stopped() {
    for at in [1_000, 6_000, 11_000, 12_000] {
        let scene = Scene::new().await;
        let options = options(ImportMode::Update);
        let stopped = interrupted(&scene, at, &options).await;
        assert!(
            matches!(stopped, Err(Error::Unavailable(..))),
            "{stopped:?}"
        );
        let whole_batches = at / 5_000 * 5_000;
        assert_eq!(total(&scene).await, whole_batches);
        let rejects = Mutex::new(0);
        let report = scene
            .services
            .imports
            .run(
                &scene.ann.actor,
                Cursor::new(file()),
                &options,
                &mut |event| {
                    if matches!(event, ImportEvent::Rejected(_)) {
                        *rejects.lock().unwrap() += 1;
                    }
                },
            )
            .await
            .unwrap();
        assert!(report.resumed_after.is_some());
        assert_eq!(report.sums.added, 12_000, "{at}");
        assert_eq!((report.sums.updated, report.sums.skipped), (0, 0), "{at}");
        assert_eq!(
            (report.rejected, *rejects.lock().unwrap()),
            (12, 12),
            "{at}"
        );
        assert_eq!(
            (total(&scene).await, members(&scene).await),
            (12_000, 12_000)
        );
        assert!(report.list.is_some());
        let kept = imports(&scene).await;
        assert_eq!(kept.len(), 1);
        assert_eq!(
            (kept[0].state, kept[0].sums),
            (ImportState::Finished, report.sums)
        );
        assert_eq!(scene.deeds(), ["create_list", "import_recipients"]);
    }
}

#[tokio::test]
async fn the_same_file_given_again_says_so_and_changes_nothing() {
    let scene = Scene::new().await;
    let first = import(&scene, &options(ImportMode::Skip)).await.unwrap();
    assert_eq!((first.earlier, first.resumed_after), (None, None));
    let again = import(&scene, &options(ImportMode::Skip)).await.unwrap();
    assert_eq!(again.earlier.map(|(id, _)| id), first.id);
    assert_eq!((again.sums.added, again.sums.skipped), (0, 12_000));
    assert_eq!(total(&scene).await, 12_000);
}

#[tokio::test]
async fn other_options_begin_another_import() {
    let scene = Scene::new().await;
    let stopped = interrupted(&scene, 6_000, &options(ImportMode::Skip)).await;
    assert!(stopped.is_err());
    let report = import(&scene, &options(ImportMode::Update)).await.unwrap();
    assert_eq!(report.resumed_after, None);
    assert_eq!((report.sums.added, report.sums.skipped), (7_000, 5_000));
    assert_eq!(imports(&scene).await.len(), 2);
}

#[tokio::test]
async fn an_import_that_is_undone_meanwhile_ends() {
    let scene = Scene::new().await;
    let stopped = interrupted(&scene, 6_000, &options(ImportMode::Skip)).await;
    assert!(stopped.is_err());
    let id = imports(&scene).await[0].id;
    let undone = scene
        .services
        .imports
        .undo(&scene.ann.actor, id)
        .await
        .unwrap();
    assert_eq!((undone.removed, undone.kept), (5_000, 0));
    assert_eq!((total(&scene).await, members(&scene).await), (0, 0));
    // The same command begins anew: what was undone is not gone on with.
    let report = import(&scene, &options(ImportMode::Skip)).await.unwrap();
    assert_eq!((report.resumed_after, report.sums.added), (None, 12_000));
}

#[tokio::test]
async fn an_import_is_undone_once_by_its_owner_within_a_day() {
    let scene = Scene::new().await;
    let eve = recipient().of(&scene.ann).at("r7@example.org").named("Eve");
    let eve = eve.saved(scene.store()).await;
    scene.minutes(1);
    let id = import(&scene, &options(ImportMode::Update))
        .await
        .unwrap()
        .id
        .unwrap();
    let bob = owner().saved(scene.store()).await;
    let undo = &scene.services.imports;
    assert_eq!(refusal(undo.undo(&bob.actor, id).await), "not_found");
    scene.minutes(60);
    let undone = undo.undo(&scene.ann.actor, id).await.unwrap();
    assert_eq!(
        (undone.removed, undone.restored, undone.kept),
        (11_999, 1, 0)
    );
    let left = scene
        .services
        .recipients
        .show(&scene.ann.actor, eve.id)
        .await;
    assert_eq!(left.unwrap(), eve);
    assert_eq!((total(&scene).await, members(&scene).await), (1, 0));
    assert_eq!(
        refusal(undo.undo(&scene.ann.actor, id).await),
        "import.undone"
    );
    assert_eq!(
        scene.deeds(),
        ["create_list", "import_recipients", "undo_import"]
    );
    let log = scene.memory.audit_log();
    assert!(
        log.iter()
            .any(|entry| entry.subject.ends_with("removed=11999 restored=1 kept=0"))
    );

    let again = import(&scene, &options(ImportMode::Skip)).await.unwrap();
    scene.minutes(24 * 60 + 1);
    let late = undo.undo(&scene.ann.actor, again.id.unwrap()).await;
    assert_eq!(refusal(late), "import.undo_too_late");
    assert_eq!(total(&scene).await, 12_000);
}
