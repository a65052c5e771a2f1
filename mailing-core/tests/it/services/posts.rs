//! Posts, as those see them who write them.

use chrono::TimeDelta;
use mailing_core::instance::SettingsDraft;
use mailing_core::policy::Actor;
use mailing_core::ports::store::PageRequest;
use mailing_core::post::{Post, PostState, Shelf};
use mailing_core::services::{NewPicture, PostDraft, Posts};
use mailing_core::testing::builders::{Owner, owner};
use mailing_core::user::Role;

use super::refusal;
use super::scene::Scene;

const PNG: &[u8] = b"\x89PNG and so on";

/// A post as somebody types it.
pub(super) fn typed(title: &str) -> PostDraft {
    PostDraft {
        title: title.to_owned(),
        content: "First paragraph.\n\nSecond.".to_owned(),
        ..PostDraft::default()
    }
}

/// A content manager.
pub(super) async fn writer(scene: &Scene) -> Owner {
    let carl = owner().role(Role::ContentManager);
    carl.saved(scene.store()).await
}

async fn written(scene: &Scene, by: &Actor, title: &str) -> Post {
    let posts = &scene.services.posts;
    let made = posts.create(by, &typed(title), NewPicture::Keep).await;
    made.unwrap()
}

async fn on_shelf(posts: &Posts, by: &Actor, shelf: Shelf) -> usize {
    let page = posts.page(by, shelf, &PageRequest::first(10)).await;
    page.unwrap().items.len()
}

#[tokio::test]
async fn a_post_is_a_draft_until_it_is_published() {
    let scene = Scene::new().await;
    let carl = &writer(&scene).await.actor;
    let posts = &scene.services.posts;
    let made = written(&scene, carl, "Почему ежемесячно").await;
    assert_eq!(made.slug.as_str(), "pochemu-ezhemesyachno");
    assert_eq!((made.state, made.version), (PostState::Draft, 1));
    let published = posts.publish(carl, made.id, None).await.unwrap();
    assert_eq!(published.state, PostState::Published { at: scene.now() });
    scene.minutes(1);
    let again = posts.publish(carl, made.id, None).await.unwrap();
    assert_eq!(again.state, published.state, "its date stays");
    let later = scene.now() + TimeDelta::days(1);
    let planned = posts.publish(carl, made.id, Some(later)).await.unwrap();
    assert!(planned.state.is_planned(scene.now()));
    let back = posts.unpublish(carl, made.id).await.unwrap();
    assert_eq!((back.state, back.version), (PostState::Draft, 5));
    let draft = posts.unpublish(carl, made.id).await;
    assert_eq!(refusal(draft), "post.not_published");
    let deeds = scene.deeds();
    let expected = [
        "create_post",
        "publish_post",
        "publish_post",
        "publish_post",
        "unpublish_post",
    ];
    assert_eq!(deeds, expected);
}

#[tokio::test]
async fn two_who_save_at_once_do_not_overwrite_each_other() {
    let scene = Scene::new().await;
    let (carl, cora) = (writer(&scene).await, writer(&scene).await);
    let posts = &scene.services.posts;
    let made = written(&scene, &carl.actor, "Зима").await;
    let save = async |by: &Owner, seen, title| {
        posts
            .save(&by.actor, made.id, seen, &typed(title), NewPicture::Keep)
            .await
    };
    assert_eq!(save(&cora, 1, "Зима в городе").await.unwrap().version, 2);
    assert_eq!(
        refusal(save(&carl, 1, "Зима в лесу").await),
        "changed_meanwhile"
    );
    let now = posts.show(&carl.actor, made.id).await.unwrap();
    assert_eq!(now.post.title.as_str(), "Зима в городе");
    assert_eq!(now.post.author, carl.id(), "whoever began it");
    assert!(save(&carl, 2, "Зима в лесу").await.is_ok());
}

#[tokio::test]
async fn a_taken_address_is_refused_when_typed_and_numbered_when_not() {
    let scene = Scene::new().await;
    let carl = &writer(&scene).await.actor;
    let posts = &scene.services.posts;
    written(&scene, carl, "Зима").await;
    let twin = written(&scene, carl, "Зима!").await;
    assert_eq!(twin.slug.as_str(), "zima-2");
    let mut draft = typed("Совсем другое");
    draft.slug = "Зима".to_owned();
    let refused = posts.create(carl, &draft, NewPicture::Keep).await;
    let error = refused.unwrap_err();
    assert_eq!(error.to_string(), "slug: post.slug_taken free=\"zima-3\"");
    draft.slug = "zima-3".to_owned();
    let made = posts.create(carl, &draft, NewPicture::Keep).await.unwrap();
    let same = posts.save(carl, made.id, 1, &draft, NewPicture::Keep).await;
    assert_eq!(
        same.unwrap().slug.as_str(),
        "zima-3",
        "its own is free for it"
    );
}

#[tokio::test]
async fn a_title_without_words_gets_an_address_of_its_own() {
    let scene = Scene::new().await;
    let carl = &writer(&scene).await.actor;
    let made = written(&scene, carl, "!!!").await;
    let id = made.id.uuid().simple().to_string();
    assert_eq!(made.slug.as_str(), format!("post-{}", &id[24..]));
}

#[tokio::test]
async fn every_fault_stands_at_its_field() {
    let scene = Scene::new().await;
    let carl = &writer(&scene).await.actor;
    let posts = &scene.services.posts;
    let draft = PostDraft {
        title: " ".to_owned(),
        slug: "—".to_owned(),
        lead: "a\u{7}b".to_owned(),
        content: "<script>alert(1)</script>".to_owned(),
        alt: String::new(),
    };
    let picture = NewPicture::Put(PNG.to_vec());
    assert_eq!(
        refusal(posts.create(carl, &draft, picture).await),
        "title required, slug post.slug, lead control_character, content post.content_empty, \
         alt required"
    );
    assert_eq!(draft.faults().len(), 4, "of the picture it knows nothing");
    let mut draft = typed("Зима");
    draft.alt = "Пальто".to_owned();
    for (file, fault) in [
        (&b"GIF89a"[..], "picture picture.type"),
        (&b"\x89PNG"[..], "picture picture.damaged"),
    ] {
        let put = posts
            .create(carl, &draft, NewPicture::Put(file.to_vec()))
            .await;
        assert_eq!(refusal(put), fault);
    }
    assert_eq!(scene.deeds(), [""; 0]);
}

#[tokio::test]
async fn a_picture_is_kept_changed_and_taken_away() {
    let scene = Scene::new().await;
    let carl = &writer(&scene).await.actor;
    let posts = &scene.services.posts;
    let mut draft = typed("Зима");
    draft.alt = "Пальто".to_owned();
    let made = posts
        .create(carl, &draft, NewPicture::Put(PNG.to_vec()))
        .await;
    let made = made.unwrap();
    let picture = made.picture.unwrap();
    assert_eq!((picture.card.width, picture.card.height), (640, 360));
    let name = picture
        .name(mailing_core::post::PictureSize::Card)
        .to_string();
    assert!(scene.services.blog.picture(&name).await.is_ok());
    draft.alt = "Пальто на вешалке".to_owned();
    let kept = posts
        .save(carl, made.id, 1, &draft, NewPicture::Keep)
        .await
        .unwrap();
    let kept = kept.picture.unwrap();
    assert_eq!(
        (kept.hash, kept.alt.as_str()),
        (picture.hash, "Пальто на вешалке")
    );
    draft.alt = String::new();
    let unsaid = posts.save(carl, made.id, 2, &draft, NewPicture::Keep).await;
    assert_eq!(refusal(unsaid), "alt required");
    let without = posts
        .save(carl, made.id, 2, &draft, NewPicture::Remove)
        .await;
    assert_eq!(without.unwrap().picture, None);
}

#[tokio::test]
async fn what_is_deleted_comes_back_for_thirty_days() {
    let scene = Scene::new().await;
    let carl = &writer(&scene).await.actor;
    let posts = &scene.services.posts;
    let made = written(&scene, carl, "Зима").await;
    posts.delete(carl, made.id).await.unwrap();
    assert_eq!(refusal(posts.delete(carl, made.id).await), "not_found");
    assert_eq!(
        refusal(posts.publish(carl, made.id, None).await),
        "not_found"
    );
    let keep = NewPicture::Keep;
    let saved = posts.save(carl, made.id, 1, &typed("Лето"), keep).await;
    assert_eq!(refusal(saved), "not_found");
    assert_eq!(on_shelf(posts, carl, Shelf::Trash).await, 1);
    let shown = posts.show(carl, made.id).await.unwrap();
    assert_eq!(shown.deleted_at, Some(scene.now()));
    posts.undelete(carl, made.id).await.unwrap();
    assert_eq!(on_shelf(posts, carl, Shelf::Drafts).await, 1);
    posts.delete(carl, made.id).await.unwrap();
    scene.minutes(30 * 24 * 60 + 1);
    assert_eq!(refusal(posts.undelete(carl, made.id).await), "not_found");
}

#[tokio::test]
async fn content_managers_and_administrators_write_and_owners_do_not() {
    let scene = Scene::new().await;
    let posts = &scene.services.posts;
    let carl = writer(&scene).await;
    let alex = owner().role(Role::Administrator).saved(scene.store()).await;
    let mira = owner().role(Role::Manager).saved(scene.store()).await;
    let made = written(&scene, &carl.actor, "Зима").await;
    for (who, may) in [
        (&carl, true),
        (&alex, true),
        (&mira, false),
        (&scene.ann, false),
    ] {
        assert_eq!(posts.may_write(&who.actor).await.unwrap(), may);
        let shown = posts.show(&who.actor, made.id).await;
        assert_eq!(refusal(shown), if may { "done" } else { "denied" });
    }
}

#[tokio::test]
async fn by_the_switch_owners_write_their_own_posts_and_no_others() {
    let scene = Scene::new().await;
    let (posts, ann) = (&scene.services.posts, &scene.ann.actor);
    let carl = writer(&scene).await;
    let theirs = written(&scene, &carl.actor, "Зима").await;
    let alex = owner().role(Role::Administrator).saved(scene.store()).await;
    let mut settings = SettingsDraft {
        blog_writers: "every_owner".to_owned(),
        ..SettingsDraft::default()
    };
    let instance = &scene.services.instance;
    let kept = instance.save(&alex.actor, 0, &settings).await.unwrap();
    assert!(posts.may_write(ann).await.unwrap());
    let own = written(&scene, ann, "Осень").await;
    let draft = typed("Весна");
    for (post, said) in [(&own, "done"), (&theirs, "not_found")] {
        let saved = posts.save(ann, post.id, 1, &draft, NewPicture::Keep).await;
        assert_eq!(refusal(saved), said);
        assert_eq!(refusal(posts.show(ann, post.id).await), said);
    }
    let new = owner().unverified().saved(scene.store()).await;
    assert!(!posts.may_write(&new.actor).await.unwrap());
    let elsewhere = scene.elsewhere();
    scene.moods.down(true);
    for (who, may) in [
        (carl.actor.clone(), Some(true)),
        (new.actor.clone(), Some(false)),
        (scene.ann.actor.clone(), None),
    ] {
        // Only whom the switch concerns has to wait for it.
        assert_eq!(elsewhere.posts.may_write(&who).await.ok(), may);
    }
    scene.moods.down(false);
    settings.blog_writers = "content_managers".to_owned();
    let again = instance.save(&alex.actor, kept.version, &settings).await;
    again.unwrap();
    assert!(!posts.may_write(ann).await.unwrap());
    assert_eq!(refusal(posts.show(ann, own.id).await), "denied");
}

#[tokio::test]
async fn a_preview_is_what_readers_would_see() {
    let scene = Scene::new().await;
    let carl = &writer(&scene).await.actor;
    let posts = &scene.services.posts;
    let mut draft = typed("Зима");
    draft.content = "Письмо <b onclick=alert(1)>уходит</b>.\n\n# Дальше".to_owned();
    let seen = posts.preview(carl, &draft).await.unwrap();
    assert_eq!(seen.summary, "Письмо уходит.");
    assert_eq!(seen.html, "<p>Письмо <b>уходит</b>.</p>\n<h2>Дальше</h2>\n");
    draft.lead = "Коротко".to_owned();
    assert_eq!(
        posts.preview(carl, &draft).await.unwrap().summary,
        "Коротко"
    );
}
