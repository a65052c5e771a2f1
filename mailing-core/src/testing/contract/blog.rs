//! The blog as everybody reads it.

use chrono::TimeDelta;

use crate::ports::Store;
use crate::ports::store::{Neighbours, PageRequest, PostLink, PublishedPost};
use crate::post::{Post, PostState, PostTitle};
use crate::testing::builders::{Owner, id, owner, picture, post, start};
use crate::testing::system;

/// A draft, a planned post, one in the trash; and two published ones, the older first.
async fn written(store: &dyn Store, ann: &Owner) -> [Post; 2] {
    post().of(ann).titled("Draft").saved(store).await;
    let planned = start() + TimeDelta::milliseconds(1);
    let planned = post()
        .of(ann)
        .titled("Planned")
        .slug("planned")
        .published(planned);
    planned.saved(store).await;
    let newer = post()
        .of(ann)
        .slug("newer")
        .published(start())
        .picture(&picture(b"a"));
    let newer = newer.saved(store).await;
    let gone = post()
        .of(ann)
        .slug("gone")
        .published(start())
        .saved(store)
        .await;
    change!(store, unit => unit.posts().delete(&ann.posts(), gone.id, start()));
    let older = start() - TimeDelta::days(30);
    let older = post().of(ann).slug("older").lead("A lead").published(older);
    [older.saved(store).await, newer]
}

fn link(post: &Post) -> Option<PostLink> {
    Some(PostLink {
        title: post.title.clone(),
        slug: post.slug.clone(),
    })
}

/// Readers see what is published, newest first, also when several came at one instant.
pub async fn readers_see_what_is_published(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let [older, newer] = written(store, &ann).await;
    let twin = post()
        .of(&ann)
        .slug("twin")
        .published(start())
        .saved(store)
        .await;
    let mut request = PageRequest::first(1);
    let mut seen = Vec::new();
    loop {
        let page = look!(store, unit => unit.blog().published(start(), &request));
        seen.extend(page.items);
        match page.next {
            Some(next) => request = request.after(Some(next)),
            None => break,
        }
    }
    let ids: Vec<_> = seen.iter().map(|card| card.id).collect();
    assert_eq!(ids, [twin.id, newer.id, older.id]);
    assert_eq!(seen[1].summary, newer.summary());
    assert_eq!(seen[1].picture, newer.picture);
    assert_eq!(seen[2].summary, "A lead");
    assert_eq!(seen[2].published_at, older.state.published_at().unwrap());
    let addresses = look!(store, unit => unit.blog().addresses(start(), 2));
    let addresses: Vec<_> = addresses.iter().map(|entry| entry.slug.as_str()).collect();
    assert_eq!(addresses, ["twin", "newer"]);
}

/// A post is found at its address by everybody from its date on.
pub async fn a_post_is_found_at_its_address(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let [_, newer] = written(store, &ann).await;
    let find = async |slug: &str, at| {
        let slug = slug.parse().unwrap();
        look!(store, unit => unit.blog().by_slug(&slug, at))
    };
    let PublishedPost {
        card,
        content,
        views,
    } = find("newer", start()).await.unwrap();
    assert_eq!((card.id, content, views), (newer.id, newer.content, 0));
    for (slug, at) in [
        ("newer", start() - TimeDelta::milliseconds(1)),
        ("planned", start()),
        ("gone", start()),
        ("never", start()),
    ] {
        assert_eq!(find(slug, at).await, None, "{slug}");
    }
    let then = start() + TimeDelta::milliseconds(1);
    assert!(find("planned", then).await.is_some());
}

/// Readers find what they see by title, lead and content in any case and script; wildcards stand for
/// themselves.
pub async fn posts_are_found_by_their_words_in_any_case(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let seen = |title: &str| post().of(&ann).titled(title).published(start());
    seen("Зимняя КОЛЛЕКЦИЯ").slug("title").saved(store).await;
    let lead = seen("Lead").slug("lead").lead("О ёлках и 50%");
    lead.saved(store).await;
    let content = seen("Content").slug("content");
    content.content("Наши **Ёлки** лучше").saved(store).await;
    post()
        .of(&ann)
        .titled("Ёлки в черновике")
        .saved(store)
        .await;
    let found = async |text: &str, request: &PageRequest| {
        let now = start();
        look!(store, unit => unit.blog().found(text, now, request))
    };
    let all = PageRequest::first(10);
    for (text, expected) in [
        (" коллекция ", vec!["title"]),
        ("ЁЛК", vec!["content", "lead"]),
        ("50%", vec!["lead"]),
        ("%", vec!["lead"]),
        ("_", vec![]),
        ("nothing of the kind", vec![]),
        ("", vec!["content", "lead", "title"]),
    ] {
        let page = found(text, &all).await;
        let slugs = page.items.iter().map(|card| card.slug.as_str());
        let mut slugs: Vec<_> = slugs.collect();
        slugs.sort_unstable();
        assert_eq!(slugs, expected, "{text}");
    }
    let first = found("ёлк", &PageRequest::first(1)).await;
    let second = found("ёлк", &PageRequest::first(1).after(first.next)).await;
    assert_ne!(first.items[0].id, second.items[0].id);
    assert_eq!(second.next, None);
    // A search follows the changes.
    let page = found("зимняя", &all).await;
    let kept = look!(store, unit => unit.posts().find(&ann.posts(), page.items[0].id));
    let mut changed = kept.unwrap().post;
    changed.title = PostTitle::parse("Летняя").unwrap();
    changed.version += 1;
    change!(store, unit => unit.posts().save(&ann.posts(), &changed));
    assert!(found("зимняя", &all).await.items.is_empty());
    assert_eq!(found("ЛЕТНЯЯ", &all).await.items.len(), 1);
}

/// An address that a published post had leads to where it is, in one step, until another post takes it.
pub async fn an_address_that_a_post_had_leads_to_it_until_it_is_taken(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let moved = async |from: &str| {
        let from = from.parse().unwrap();
        let to = look!(store, unit => unit.blog().moved(&from, start()));
        to.map(|slug| slug.to_string())
    };
    let rename = async |post: &mut Post, slug: &str| {
        (post.slug, post.version) = (slug.parse().unwrap(), post.version + 1);
        assert!(change!(store, unit => unit.posts().save(&ann.posts(), post)));
    };
    let seen = post().of(&ann).slug("one").published(start());
    let mut seen = seen.saved(store).await;
    assert_eq!(moved("one").await, None, "it is still there");
    rename(&mut seen, "two").await;
    rename(&mut seen, "three").await;
    for old in ["one", "two"] {
        assert_eq!(moved(old).await.as_deref(), Some("three"), "{old}");
    }
    // Back to where it was: the address is its own again, and leads nowhere.
    rename(&mut seen, "one").await;
    assert_eq!(moved("one").await, None);
    assert_eq!(moved("three").await.as_deref(), Some("one"));
    // Another post takes one of them.
    post().of(&ann).slug("three").saved(store).await;
    assert_eq!(moved("three").await, None);
    assert_eq!(moved("two").await.as_deref(), Some("one"));
    let mut draft = post().of(&ann).slug("draft").saved(store).await;
    rename(&mut draft, "draft-two").await;
    assert_eq!(moved("draft").await, None, "nobody has seen it there");
    // Taken back, renamed, and shown again: readers come from where they saw it.
    let shown = post().of(&ann).slug("five").published(start());
    let mut shown = shown.saved(store).await;
    let state = std::mem::replace(&mut shown.state, PostState::Draft);
    rename(&mut shown, "five").await;
    rename(&mut shown, "six").await;
    assert_eq!(moved("five").await, None, "readers do not see it");
    shown.state = state;
    rename(&mut shown, "six").await;
    assert_eq!(moved("five").await.as_deref(), Some("six"));
    // What is refused leaves no trace.
    let mut old = seen.clone();
    old.slug = "four".parse().unwrap();
    let error = refused!(store, unit => unit.posts().save(&ann.posts(), &old));
    assert!(error.is_conflict("version"), "{error:?}");
    assert_eq!(moved("one").await, None);
    change!(store, unit => unit.posts().delete(&ann.posts(), seen.id, start()));
    assert_eq!(moved("two").await, None, "readers do not see it");
}

/// The neighbours of a post are what was published just before and after it.
pub async fn a_post_has_neighbours(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let [older, newer] = written(store, &ann).await;
    let twin = post()
        .of(&ann)
        .slug("twin")
        .published(start())
        .saved(store)
        .await;
    let page = look!(store, unit => unit.blog().published(start(), &PageRequest::first(10)));
    for (card, previous, next) in [
        (&page.items[0], link(&newer), None),
        (&page.items[1], link(&older), link(&twin)),
        (&page.items[2], None, link(&newer)),
    ] {
        let found = look!(store, unit => unit.blog().neighbours(card, start()));
        assert_eq!(found, Neighbours { previous, next });
    }
}

/// When the next planned post is to be seen is known.
pub async fn the_next_planned_post_is_known(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let none = look!(store, unit => unit.blog().next_planned(start()));
    assert_eq!(none, None);
    written(store, &ann).await;
    let planned = start() + TimeDelta::milliseconds(1);
    let next = look!(store, unit => unit.blog().next_planned(start()));
    assert_eq!(next, Some(planned));
    let next = look!(store, unit => unit.blog().next_planned(planned));
    assert_eq!(next, None);
}

/// Views add up; of a post that is gone there are none.
pub async fn views_add_up(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let [older, newer] = written(store, &ann).await;
    let scope = system();
    let views = [(newer.id, 2), (id(start()), 5)];
    let sums = change!(store, unit => unit.blog().add_views(&scope, &views));
    assert_eq!(sums, [(newer.id, 2)]);
    let views = [(newer.id, 40), (older.id, 1)];
    let sums = change!(store, unit => unit.blog().add_views(&scope, &views));
    assert_eq!(sums, [(newer.id, 42), (older.id, 1)]);
    let found = look!(store, unit => unit.blog().by_slug(&newer.slug, start()));
    assert_eq!(found.map(|post| post.views), Some(42));
    let kept = look!(store, unit => unit.posts().find(&ann.posts(), newer.id));
    assert_eq!(kept.map(|kept| kept.views), Some(42));
}
