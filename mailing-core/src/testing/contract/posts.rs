//! Posts, for those who write them.

use chrono::TimeDelta;

use crate::ports::Store;
use crate::ports::store::{KeptPost, PageRequest};
use crate::post::{Post, PostState, PostTitle, Renditions, Shelf, Slug};
use crate::testing::builders::{Owner, owner, picture, post, start, two_owners};
use crate::testing::system;
use crate::user::Role;

async fn kept(store: &dyn Store, by: &Owner, post: &Post) -> Option<KeptPost> {
    look!(store, unit => unit.posts().find(&by.posts(), post.id))
}

async fn on_shelf(store: &dyn Store, by: &Owner, shelf: Shelf) -> Vec<String> {
    let request = PageRequest::first(10);
    let page = look!(store, unit => unit.posts().page(&by.posts(), shelf, start(), &request));
    let titles = page.items.iter().map(|row| row.title.as_str().to_owned());
    titles.collect()
}

fn next(post: &Post, title: &str) -> Post {
    Post {
        title: PostTitle::parse(title).unwrap(),
        version: post.version + 1,
        updated_at: post.updated_at + TimeDelta::minutes(5),
        ..post.clone()
    }
}

/// Every field survives, with a picture and a lead and without.
pub async fn a_post_is_read_back_as_it_was_written(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let plain = post().of(&ann).saved(store).await;
    let rich = post().of(&ann).titled("Зима — «новое»").slug("zima");
    let rich = rich.lead("Коротко").content("# Привет\n\n<b>текст</b>");
    let rich = rich
        .picture(&picture(b"a"))
        .published(start() + TimeDelta::days(1));
    let rich = rich.saved(store).await;
    for post in [plain, rich] {
        let expected = KeptPost {
            post: post.clone(),
            views: 0,
            deleted_at: None,
        };
        assert_eq!(kept(store, &ann, &post).await, Some(expected));
    }
}

/// A post is saved over the version before it and over no other; one in the trash is not.
pub async fn a_post_is_saved_over_the_version_before_it(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let first = post().of(&ann).saved(store).await;
    let mut second = next(&first, "Second");
    second.picture = Some(picture(b"b").picture(crate::post::AltText::parse("b").unwrap()));
    second.state = PostState::Published { at: start() };
    let saved = change!(store, unit => unit.posts().save(&ann.posts(), &second));
    assert!(saved);
    let other = next(&first, "Meanwhile");
    let error = refused!(store, unit => unit.posts().save(&ann.posts(), &other));
    assert!(error.is_conflict("version"), "{error:?}");
    let found = kept(store, &ann, &first).await;
    assert_eq!(found.map(|kept| kept.post), Some(second.clone()));
    change!(store, unit => unit.posts().delete(&ann.posts(), first.id, start()));
    let third = next(&second, "Third");
    let saved = change!(store, unit => unit.posts().save(&ann.posts(), &third));
    assert!(!saved);
}

/// An address belongs to one post, whoever wrote it, and to one in the trash too.
pub async fn an_address_belongs_to_one_post(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let first = post().of(&ann).slug("zima").saved(store).await;
    let second = post().of(&bob).slug("zima-2").saved(store).await;
    change!(store, unit => unit.posts().delete(&ann.posts(), first.id, start()));
    let twin = post().of(&bob).slug("zima").build();
    let error = refused!(store, unit => unit.posts().insert(&bob.posts(), &twin));
    assert!(error.is_conflict("posts.slug"), "{error:?}");
    let mut moved = next(&second, "Moved");
    moved.slug = first.slug.clone();
    let error = refused!(store, unit => unit.posts().save(&bob.posts(), &moved));
    assert!(error.is_conflict("posts.slug"), "{error:?}");
    let alike = look!(store, unit => unit.posts().slugs(&bob.posts(), "zima", 10));
    let mut alike: Vec<_> = alike.iter().map(Slug::as_str).collect();
    alike.sort_unstable();
    assert_eq!(alike, ["zima", "zima-2"]);
    let none = look!(store, unit => unit.posts().slugs(&bob.posts(), "leto", 10));
    assert!(none.is_empty());
}

/// An author reaches the own posts only; whoever writes by role reaches all.
pub async fn a_stranger_sees_and_changes_no_post(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let carl = owner().role(Role::ContentManager).saved(store).await;
    let hers = post().of(&ann).titled("Hers").saved(store).await;
    assert_eq!(kept(store, &bob, &hers).await, None);
    let changed = next(&hers, "Changed");
    let saved = change!(store, unit => unit.posts().save(&bob.posts(), &changed));
    let deleted = change!(store, unit => unit.posts().delete(&bob.posts(), hers.id, start()));
    assert!(!saved && !deleted);
    assert!(on_shelf(store, &bob, Shelf::Drafts).await.is_empty());
    let claimed = post().of(&ann).build();
    change!(store, unit => unit.posts().insert(&bob.posts(), &claimed));
    let found = kept(store, &bob, &claimed).await.unwrap();
    assert_eq!(found.post.author, bob.id());
    let saved = change!(store, unit => unit.posts().save(&carl.posts(), &changed));
    assert!(saved);
    let found = kept(store, &ann, &hers).await.unwrap();
    assert_eq!(
        (found.post.author, found.post.title),
        (ann.id(), changed.title)
    );
    change!(store, unit => unit.posts().delete(&ann.posts(), hers.id, start()));
    let back = change!(store, unit => unit.posts().undelete(&bob.posts(), hers.id));
    assert!(!back);
}

/// Each post lies on one shelf, last made first.
pub async fn posts_lie_on_their_shelf(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let later = start() + TimeDelta::minutes(1);
    for (title, state) in [
        ("Draft", PostState::Draft),
        ("Out", PostState::Published { at: start() }),
        ("Planned", PostState::Published { at: later }),
        ("Gone", PostState::Published { at: start() }),
        (
            "Newer",
            PostState::Published {
                at: start() - TimeDelta::days(9),
            },
        ),
    ] {
        let mut builder = post().of(&ann).titled(title);
        if let PostState::Published { at } = state {
            builder = builder.published(at);
        }
        let post = builder.saved(store).await;
        if title == "Gone" {
            change!(store, unit => unit.posts().delete(&ann.posts(), post.id, later));
        }
    }
    for (shelf, expected) in [
        (Shelf::Drafts, &["Draft"][..]),
        (Shelf::Planned, &["Planned"]),
        (Shelf::Published, &["Newer", "Out"]),
        (Shelf::Trash, &["Gone"]),
    ] {
        assert_eq!(on_shelf(store, &ann, shelf).await, expected, "{shelf:?}");
    }
    let first = PageRequest::first(1);
    let shelf = Shelf::Published;
    let page = look!(store, unit => unit.posts().page(&ann.posts(), shelf, start(), &first));
    let second = first.after(page.next);
    let page = look!(store, unit => unit.posts().page(&ann.posts(), shelf, start(), &second));
    assert_eq!(page.items[0].title.as_str(), "Out");
    assert_eq!(page.next, None);
    let request = PageRequest::first(1);
    let trash = Shelf::Trash;
    let page = look!(store, unit => unit.posts().page(&ann.posts(), trash, start(), &request));
    assert_eq!(page.items[0].deleted_at, Some(later));
}

/// What is in the trash is found there, comes back once and as it was.
pub async fn a_post_comes_out_of_the_trash(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let out = post().of(&ann).published(start()).saved(store).await;
    let back = change!(store, unit => unit.posts().undelete(&ann.posts(), out.id));
    assert!(!back, "it was not in the trash");
    for expected in [true, false] {
        let deleted = change!(store, unit => unit.posts().delete(&ann.posts(), out.id, start()));
        assert_eq!(deleted, expected);
    }
    let found = kept(store, &ann, &out).await.unwrap();
    assert_eq!(found.deleted_at, Some(start()));
    for expected in [true, false] {
        let back = change!(store, unit => unit.posts().undelete(&ann.posts(), out.id));
        assert_eq!(back, expected);
    }
    let found = kept(store, &ann, &out).await.unwrap();
    assert_eq!((found.post, found.deleted_at), (out, None));
}

/// Posts go for good when they have lain in the trash for their time, their views with them.
pub async fn posts_of_the_trash_are_erased(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let gone = post()
        .of(&ann)
        .slug("gone")
        .published(start())
        .saved(store)
        .await;
    let stays = post().of(&ann).saved(store).await;
    let (scope, views) = (system(), [(gone.id, 3)]);
    change!(store, unit => unit.blog().add_views(&scope, &views));
    change!(store, unit => unit.posts().delete(&ann.posts(), gone.id, start()));
    let early = change!(store, unit => unit.erasure().erase_posts(&scope, start(), 10));
    assert_eq!(early, 0);
    let later = start() + TimeDelta::milliseconds(1);
    let erased = change!(store, unit => unit.erasure().erase_posts(&scope, later, 10));
    assert_eq!(erased, 1);
    assert_eq!(kept(store, &ann, &gone).await, None);
    assert!(kept(store, &ann, &stays).await.is_some());
    let again = post().of(&ann).slug("gone").saved(store).await;
    assert_eq!(
        kept(store, &ann, &again).await.map(|kept| kept.views),
        Some(0)
    );
}

/// A picture is there for everybody who knows its name, and goes when no post has it.
pub async fn pictures_are_kept_while_a_post_has_them(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let (shown, alone) = (picture(b"shown"), picture(b"alone"));
    let with = post().of(&ann).picture(&shown).saved(store).await;
    for data in [&picture(b"damaged"), &alone] {
        let (scope, hash) = (ann.posts(), alone.hash());
        change!(store, unit => unit.posts().keep_picture(&scope, hash, data, start()));
    }
    let is_there = async |of: &Renditions| {
        let picture = of.picture(crate::post::AltText::parse("x").unwrap());
        let mut files = Vec::new();
        for size in crate::post::PictureSize::ALL {
            let name = picture.name(size);
            let file = look!(store, unit => unit.blog().picture(name));
            assert!(file.as_ref().is_none_or(|file| *file == of.of(size).data));
            files.push(file.is_some());
        }
        files == [true, true]
    };
    assert!(is_there(&shown).await && is_there(&alone).await);
    let (scope, later) = (system(), start() + TimeDelta::days(2));
    let early = change!(store, unit => unit.erasure().erase_pictures(&scope, start(), 10));
    assert_eq!(early, 0);
    // Not even from the trash.
    change!(store, unit => unit.posts().delete(&ann.posts(), with.id, start()));
    let erased = change!(store, unit => unit.erasure().erase_pictures(&scope, later, 10));
    assert!(erased > 0);
    assert!(is_there(&shown).await && !is_there(&alone).await);
}
