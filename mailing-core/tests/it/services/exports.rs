//! Recipients into files, and back.

use std::io::Cursor;

use mailing_core::ports::store::{PageRequest, RecipientFilter};
use mailing_core::recipient::{Recipient, RecipientState};
use mailing_core::services::{ExportOptions, ImportOptions};
use mailing_core::testing::builders::{Owner, crowd, list, owner, recipient};

use super::scene::Scene;

async fn export(scene: &Scene, options: &ExportOptions) -> (String, usize) {
    let exports = &scene.services.exports;
    let mut export = exports.begin(&scene.ann.actor, options).await.unwrap();
    let (mut file, mut recipients) = (Vec::new(), 0);
    while let Some((piece, count)) = export.piece().await.unwrap() {
        file.extend(piece);
        recipients += count;
    }
    (String::from_utf8(file).unwrap(), recipients)
}

async fn everybody(scene: &Scene, owner: &Owner) -> Vec<Recipient> {
    let (filter, request) = (RecipientFilter::default(), PageRequest::first(500));
    let recipients = &scene.services.recipients;
    let page = recipients.page(&owner.actor, &filter, &request).await;
    page.unwrap().items
}

#[tokio::test]
async fn another_owner_who_imports_the_file_has_the_same_recipients() {
    let scene = Scene::new().await;
    let of = || recipient().of(&scene.ann);
    let eve = of()
        .at("eve@почта.рф")
        .named("Ева \"К\"")
        .comment("=1+1\r\nда");
    eve.with("city", "-Пермь")
        .with("visits", 3)
        .with("vip", true)
        .saved(scene.store())
        .await;
    for state in RecipientState::ALL {
        let one = of().at(&format!("{state}@example.org")).state(state);
        one.with("note", "'=x").saved(scene.store()).await;
    }
    let (file, recipients) = export(&scene, &ExportOptions::default()).await;
    assert_eq!(recipients, 5);
    let bob = owner().saved(scene.store()).await;
    let imports = &scene.services.imports;
    let options = ImportOptions::default();
    let report = imports
        .run(&bob.actor, Cursor::new(file), &options, &mut |event| {
            drop(event)
        })
        .await
        .unwrap();
    assert_eq!((report.sums.added, report.rejected), (5, 0));
    let plain = |recipients: Vec<Recipient>| -> Vec<_> {
        let parts = recipients
            .into_iter()
            .map(|r| (r.address, r.full_name, r.comment, r.attributes, r.state));
        parts.collect()
    };
    let anns = plain(everybody(&scene, &scene.ann).await);
    assert_eq!(plain(everybody(&scene, &bob).await), anns);
    assert_eq!(scene.deeds(), ["export_recipients", "import_recipients"]);
}

#[tokio::test]
async fn an_export_has_a_list_or_a_state_alone() {
    let scene = Scene::new().await;
    let adam = recipient().of(&scene.ann).at("adam@example.org");
    let adam = adam.saved(scene.store()).await;
    let gone = recipient().of(&scene.ann).at("gone@example.org");
    gone.state(RecipientState::Bounced)
        .saved(scene.store())
        .await;
    let friends = list()
        .of(&scene.ann)
        .with(&[adam.id])
        .saved(scene.store())
        .await;
    let of_list = ExportOptions {
        list: Some(friends.id),
        ..Default::default()
    };
    let bounced = ExportOptions {
        state: Some(RecipientState::Bounced),
        mark: true,
        ..Default::default()
    };
    let (file, recipients) = export(&scene, &of_list).await;
    assert!(
        file.starts_with("\"email\"") && file.contains("adam@"),
        "{file}"
    );
    assert_eq!(recipients, 1);
    let (file, recipients) = export(&scene, &bounced).await;
    assert!(
        file.starts_with("\u{feff}\"email\"") && file.contains("gone@"),
        "{file}"
    );
    assert_eq!(recipients, 1);
}

#[tokio::test]
async fn a_large_export_comes_in_pieces_and_an_empty_one_is_a_header() {
    let scene = Scene::new().await;
    let (file, recipients) = export(&scene, &ExportOptions::default()).await;
    assert_eq!((file.lines().count(), recipients), (1, 0));
    crowd(scene.store(), &scene.ann, 1_201).await;
    let exports = &scene.services.exports;
    let options = ExportOptions::default();
    let mut export = exports.begin(&scene.ann.actor, &options).await.unwrap();
    let mut sizes = Vec::new();
    while let Some((_, size)) = export.piece().await.unwrap() {
        sizes.push(size);
    }
    assert_eq!(sizes, [500, 500, 201]);
}
