//! The blog as everybody reads it.

use chrono::TimeDelta;

use crate::ports::Store;
use crate::ports::store::{Neighbours, PageRequest, PostLink, PublishedPost};
use crate::post::Post;
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
