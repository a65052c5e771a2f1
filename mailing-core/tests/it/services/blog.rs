//! The blog, as everybody reads it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use mailing_core::ports::store::PageRequest;
use mailing_core::post::Visit;
use mailing_core::services::{NewPicture, PostDraft};
use mailing_core::testing::builders::post;

use super::posts::{typed, writer};
use super::refusal;
use super::scene::Scene;

const READER: Visit<'static> = Visit {
    user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"),
    is_get: true,
    is_prefetch: false,
};
const ROBOT: Visit<'static> = Visit {
    user_agent: Some("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
    is_get: true,
    is_prefetch: false,
};

/// So many published posts, the last one the newest.
async fn published(scene: &Scene, count: i64) {
    for number in 1..=count {
        let at = scene.now() - TimeDelta::hours(count - number);
        let post = post().of(&scene.ann).slug(&format!("post-{number}"));
        post.published(at).saved(scene.store()).await;
    }
}

async fn titles(scene: &Scene) -> Vec<String> {
    let page = scene.services.blog.page(&PageRequest::first(10)).await;
    let cards = page.unwrap().items;
    cards.iter().map(|card| card.slug.to_string()).collect()
}

#[tokio::test]
async fn readers_see_published_posts_newest_first_and_one_with_its_neighbours() {
    let scene = Scene::new().await;
    published(&scene, 3).await;
    post()
        .of(&scene.ann)
        .slug("draft")
        .saved(scene.store())
        .await;
    assert_eq!(titles(&scene).await, ["post-3", "post-2", "post-1"]);
    let blog = &scene.services.blog;
    let seen = blog.post("post-2", &READER).await.unwrap();
    assert_eq!(seen.html, "<p>Hello, readers!</p>\n");
    assert_eq!(seen.previous.unwrap().slug.as_str(), "post-1");
    assert_eq!(seen.next.unwrap().slug.as_str(), "post-3");
    for slug in [
        "draft", "never", "", "../etc", "Post-2", "post-2/", "post 2",
    ] {
        assert_eq!(
            refusal(blog.post(slug, &READER).await),
            "not_found",
            "{slug}"
        );
    }
    let sitemap = blog.sitemap().await.unwrap();
    assert_eq!(sitemap.len(), 3);
    assert_eq!(blog.feed().await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_page_after_the_first_goes_on_where_that_ended() {
    let scene = Scene::new().await;
    published(&scene, 5).await;
    let blog = &scene.services.blog;
    let first = PageRequest::first(3);
    // The first one comes from the cache the second time, its end as well.
    for _ in 0..2 {
        let page = blog.page(&first).await.unwrap();
        assert_eq!(page.items.len(), 3);
        let next = blog.page(&first.clone().after(page.next)).await.unwrap();
        let slugs: Vec<_> = next.items.iter().map(|card| card.slug.as_str()).collect();
        assert_eq!((slugs, next.next), (vec!["post-2", "post-1"], None));
    }
}

#[tokio::test]
async fn a_change_is_seen_at_once_although_pages_are_cached() {
    let scene = Scene::new().await;
    let carl = &writer(&scene).await.actor;
    let (posts, blog) = (&scene.services.posts, &scene.services.blog);
    let made = posts
        .create(carl, &typed("Зима"), NewPicture::Keep)
        .await
        .unwrap();
    assert_eq!(titles(&scene).await, [""; 0]);
    assert!(blog.random(3).await.unwrap().is_empty());
    posts.publish(carl, made.id, None).await.unwrap();
    assert_eq!(titles(&scene).await, ["zima"]);
    assert_eq!(blog.random(3).await.unwrap().len(), 1);
    let mut draft = typed("Зима в городе");
    draft.slug = "zima".to_owned();
    posts
        .save(carl, made.id, 2, &draft, NewPicture::Keep)
        .await
        .unwrap();
    let seen = blog.post("zima", &READER).await.unwrap();
    assert_eq!(seen.card.title.as_str(), "Зима в городе");
    posts.delete(carl, made.id).await.unwrap();
    assert_eq!(refusal(blog.post("zima", &READER).await), "not_found");
    posts.undelete(carl, made.id).await.unwrap();
    assert!(blog.post("zima", &READER).await.is_ok());
    posts.unpublish(carl, made.id).await.unwrap();
    assert_eq!(titles(&scene).await, [""; 0]);
}

#[tokio::test]
async fn a_planned_post_appears_at_its_instant_although_pages_are_cached() {
    let scene = Scene::new().await;
    let at = scene.now() + TimeDelta::seconds(5);
    let planned = post().of(&scene.ann).slug("planned").published(at);
    planned.saved(scene.store()).await;
    assert_eq!(titles(&scene).await, [""; 0]);
    assert!(scene.services.blog.random(1).await.unwrap().is_empty());
    scene.clock.advance(std::time::Duration::from_secs(5));
    assert_eq!(titles(&scene).await, ["planned"]);
    assert_eq!(scene.services.blog.random(1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn random_posts_change_with_each_visit_and_come_from_the_cache() {
    let scene = Scene::new().await;
    published(&scene, 12).await;
    let blog = &scene.services.blog;
    blog.random(3).await.unwrap();
    scene.moods.down(true);
    let mut sets = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for _ in 0..60 {
        let cards = blog.random(3).await.unwrap();
        let slugs: BTreeSet<_> = cards.iter().map(|card| card.slug.clone()).collect();
        assert_eq!(slugs.len(), 3, "no post twice");
        seen.extend(slugs.clone());
        sets.insert(slugs);
    }
    assert!(sets.len() > 30, "{} different choices", sets.len());
    assert_eq!(seen.len(), 12, "each has its turn");
    assert_eq!(blog.random(100).await.unwrap().len(), 12);
    assert!(blog.random(0).await.unwrap().is_empty());
}

#[tokio::test]
async fn without_a_store_the_blog_is_read_from_the_cache_while_that_lasts() {
    let scene = Scene::new().await;
    published(&scene, 2).await;
    let blog = &scene.services.blog;
    titles(&scene).await;
    blog.random(1).await.unwrap();
    blog.post("post-1", &READER).await.unwrap();
    scene.moods.down(true);
    scene.minutes(90);
    assert_eq!(titles(&scene).await, ["post-2", "post-1"]);
    assert_eq!(blog.random(2).await.unwrap().len(), 2);
    assert!(blog.post("post-1", &READER).await.is_ok());
    assert_eq!(
        refusal(blog.post("post-2", &READER).await),
        "store.unavailable"
    );
    assert_eq!(refusal(blog.sitemap().await), "store.unavailable");
}

#[tokio::test]
async fn what_another_program_left_in_the_cache_is_read_anew() {
    let scene = Scene::new().await;
    published(&scene, 2).await;
    let blog = &scene.services.blog;
    let whole = (titles(&scene).await, blog.random(9).await.unwrap().len());
    blog.post("post-1", &READER).await.unwrap();
    for junk in [
        &b""[..],
        b"\n",
        b"junk",
        b"\"2099-01-01T00:00:00Z\"\n{\"junk\":1}",
        b"\xff\xfe\n\xff",
    ] {
        scene.cache.overwrite(junk);
        assert_eq!(titles(&scene).await, whole.0);
        assert_eq!(blog.random(9).await.unwrap().len(), whole.1);
        assert!(blog.post("post-1", &READER).await.is_ok());
        blog.flush_views().await.unwrap();
    }
}

#[tokio::test]
async fn people_are_counted_and_robots_are_not_although_the_page_is_cached() {
    let scene = Scene::new().await;
    published(&scene, 1).await;
    let blog = &scene.services.blog;
    for expected in 1..=3 {
        let seen = blog.post("post-1", &READER).await.unwrap();
        assert_eq!(seen.views, expected);
    }
    assert_eq!(blog.post("post-1", &ROBOT).await.unwrap().views, 3);
    let ahead = Visit {
        is_prefetch: true,
        ..READER
    };
    assert_eq!(blog.post("post-1", &ahead).await.unwrap().views, 3);
}

#[tokio::test]
async fn views_outlive_flushes_changes_and_a_store_that_is_away() {
    let scene = Scene::new().await;
    let carl = &writer(&scene).await.actor;
    published(&scene, 1).await;
    let blog = &scene.services.blog;
    let read = async || blog.post("post-1", &READER).await.unwrap().views;
    assert_eq!(read().await, 1);
    blog.flush_views().await.unwrap();
    assert_eq!(read().await, 2, "the cached page knows of the flush");
    scene.moods.down(true);
    assert_eq!(refusal(blog.flush_views().await), "store.unavailable");
    assert_eq!(read().await, 3);
    scene.moods.down(false);
    blog.flush_views().await.unwrap();
    blog.flush_views().await.unwrap();
    scene.minutes(2);
    let seen = blog.post("post-1", &ROBOT).await.unwrap();
    assert_eq!(seen.views, 3, "nothing is counted twice");
    let shown = scene.services.posts.show(carl, seen.card.id).await.unwrap();
    assert_eq!(shown.views, 3);
}

#[tokio::test]
async fn a_post_that_moved_is_found_at_its_old_address_and_a_new_post_may_take_that() {
    let scene = Scene::new().await;
    let carl = writer(&scene).await.actor;
    let (blog, posts) = (&scene.services.blog, &scene.services.posts);
    let draft = |slug: &str| PostDraft {
        slug: slug.to_owned(),
        ..typed("News")
    };
    let keep = || NewPicture::Keep;
    let made = posts.create(&carl, &draft("one"), keep()).await.unwrap();
    let public = posts.publish(&carl, made.id, None).await.unwrap();
    let seen = public.version;
    posts
        .save(&carl, made.id, seen, &draft("two"), keep())
        .await
        .unwrap();
    assert_eq!(refusal(blog.post("one", &READER).await), "not_found");
    let to = blog.moved("one").await.unwrap().unwrap();
    assert_eq!(to.as_str(), "two");
    assert_eq!(
        blog.moved("two").await.unwrap(),
        None,
        "it leads no further"
    );
    assert_eq!(blog.moved("../etc/passwd").await.unwrap(), None);
    let other = posts.create(&carl, &draft("one"), keep()).await.unwrap();
    assert_eq!(other.slug.as_str(), "one");
    assert_eq!(blog.moved("one").await.unwrap(), None);
}
