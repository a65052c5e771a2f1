//! Everything of one's own as a file.

use chrono::TimeDelta;
use data_encoding::BASE64;
use mailing_core::services::ProfileDraft;
use mailing_core::testing::builders::{
    crowd, mailing, owner, post, run, start, suppression, two_owners,
};
use serde_json::Value;

use super::scene::Scene;

/// The kinds of all lines.
async fn lines(scene: &Scene) -> Vec<Value> {
    let mut file = scene
        .services
        .takeout
        .begin(&scene.ann.actor)
        .await
        .unwrap();
    let mut lines = Vec::new();
    while let Some(piece) = file.piece().await.unwrap() {
        let text = String::from_utf8(piece).unwrap();
        lines.extend(
            text.lines()
                .map(|line| serde_json::from_str::<Value>(line).unwrap()),
        );
    }
    lines
}

#[tokio::test]
async fn each_run_is_followed_by_its_deliveries() {
    let scene = Scene::new().await;
    let store = scene.store();
    crowd(store, &scene.ann, 3).await;
    suppression()
        .of(&scene.ann)
        .address("rude@example.org")
        .saved(store)
        .await;
    let planned = mailing().of(&scene.ann).saved(store).await;
    let other = mailing().of(&scene.ann).saved(store).await;
    let first = run().at(start()).running(store, &scene.ann, &planned).await;
    let later = start() + TimeDelta::hours(1);
    let second = run().at(later).running(store, &scene.ann, &other).await;
    let (_, bob) = two_owners(store).await;
    let foreign = mailing().of(&bob).saved(store).await;
    crowd(store, &bob, 2).await;
    run().at(start()).running(store, &bob, &foreign).await;

    let lines = lines(&scene).await;
    let of = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).count();
    assert_eq!(of("recipient"), 3);
    assert_eq!(of("suppression"), 1);
    assert_eq!((of("run"), of("delivery")), (2, 6));
    let began = lines.iter().position(|line| line["kind"] == "run").unwrap();
    let told: Vec<_> = lines[began..began + 8]
        .iter()
        .map(|line| match line["kind"].as_str() {
            Some("run") => line["id"].as_str().unwrap().to_owned(),
            _ => line["run"].as_str().unwrap().to_owned(),
        })
        .collect();
    let (first, second) = (first.to_string(), second.to_string());
    // A page of runs comes first, the newest before the others.
    assert_eq!(told[..2], [second.clone(), first.clone()]);
    assert!(told[2..5].iter().all(|run| *run == second), "{told:?}");
    assert!(told[5..].iter().all(|run| *run == first), "{told:?}");
}

#[tokio::test]
async fn profile_picture_and_own_posts_come_along_and_nobody_elses() {
    let scene = Scene::new().await;
    let (store, own) = (scene.store(), &scene.services.own);
    let draft = ProfileDraft {
        phone: "+7 495 123-45-67".to_owned(),
        country: "RU".to_owned(),
        zone: "UTC".to_owned(),
        ..ProfileDraft::default()
    };
    own.edit(&scene.ann.actor, &draft).await.unwrap();
    let face = b"\x89PNG face".to_vec();
    own.put_avatar(&scene.ann.actor, face.clone())
        .await
        .unwrap();
    let bob = owner().saved(store).await;
    let (past, future) = (start(), start() + TimeDelta::days(9));
    post().of(&scene.ann).titled("Draft").saved(store).await;
    let later = post().of(&scene.ann).titled("Later");
    later.published(future).saved(store).await;
    let read = post().of(&scene.ann).titled("Read");
    read.published(past).saved(store).await;
    post().of(&bob).titled("Bob's").saved(store).await;

    let lines = lines(&scene).await;
    let of = |kind: &str| -> Vec<&Value> {
        let of_kind = lines.iter().filter(|line| line["kind"] == kind);
        of_kind.collect()
    };
    let user = of("user")[0];
    assert_eq!(user["phone"], "+7 495 123-45-67");
    assert_eq!(user["country"], "RU");
    let picture = of("avatar")[0]["base64"].as_str().unwrap();
    assert_eq!(BASE64.decode(picture.as_bytes()).unwrap(), face);
    let posts = of("post");
    let titles: Vec<_> = posts.iter().map(|post| &post["title"]).collect();
    assert_eq!(titles, ["Draft", "Later", "Read"]);
    assert_eq!(posts[2]["content"], "Hello, readers!");
}
