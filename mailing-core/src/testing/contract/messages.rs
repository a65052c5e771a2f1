//! Messages and their versions.

use chrono::TimeDelta;

use crate::message::{Attachment, BodyFormat, Message, MessageVersion, Unsaved};
use crate::ports::Store;
use crate::ports::store::PageRequest;
use crate::testing::builders::{content, id, mailing, message, owner, run, start, two_owners};
use crate::testing::system;

/// Every field survives, in both formats.
pub async fn a_message_is_read_back_as_it_was_written(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let markdown = message()
        .of(&ann)
        .subject("Здравствуйте, {{ recipient.full_name }}!");
    let markdown = markdown.body("# Привет\n\nтекст").saved(store).await;
    let mut html = message().of(&ann).html("<p>Hello</p>").build();
    html.current.content.text = Some("Hello in plain text".to_owned());
    change!(store, unit => unit.messages().insert(&ann.edit(), &html));
    for message in [markdown, html] {
        let found = look!(store, unit => unit.messages().find(&ann.view(), message.id));
        assert_eq!(found, Some(message));
    }
}

/// A new version becomes the newest; the old ones stay.
pub async fn a_new_version_becomes_the_newest_and_old_ones_stay(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let message = message().of(&ann).saved(store).await;
    let second = version(2, "Second");
    let (edit, view) = (ann.edit(), ann.view());
    let added = change!(store, unit => unit.messages().add_version(&edit, message.id, &second));
    assert!(added);
    let found = look!(store, unit => unit.messages().find(&view, message.id));
    let expected = Message {
        current: second.clone(),
        ..message.clone()
    };
    assert_eq!(found, Some(expected));
    for version in [&message.current, &second] {
        let found = look!(store, unit => unit.messages().version(&view, version.id));
        assert_eq!(found.as_ref(), Some(version));
    }
}

/// A version whose number is not the next is a conflict: somebody else saved meanwhile.
pub async fn a_version_out_of_turn_is_a_conflict(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let message = message().of(&ann).saved(store).await;
    for number in [1, 3] {
        let wrong = version(number, "Wrong");
        let edit = ann.edit();
        let error = refused!(store, unit => unit.messages().add_version(&edit, message.id, &wrong));
        assert!(error.is_conflict("version"), "{number}: {error:?}");
    }
    let found = look!(store, unit => unit.messages().find(&ann.view(), message.id));
    assert_eq!(found, Some(message));
}

/// What is in the trash is not found or listed and takes no version; its versions can be read.
pub async fn a_message_in_the_trash_keeps_its_versions(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let message = message().of(&ann).saved(store).await;
    let (edit, view) = (ann.edit(), ann.view());
    let deleted = change!(store, unit => unit.messages().delete(&edit, message.id, start()));
    assert!(deleted);
    let again = change!(store, unit => unit.messages().delete(&edit, message.id, start()));
    assert!(!again);
    let found = look!(store, unit => unit.messages().find(&view, message.id));
    assert_eq!(found, None);
    let request = PageRequest::first(10);
    let page = look!(store, unit => unit.messages().page(&view, &request));
    assert!(page.items.is_empty());
    let second = version(2, "Second");
    let added = change!(store, unit => unit.messages().add_version(&edit, message.id, &second));
    assert!(!added);
    let kept = look!(store, unit => unit.messages().version(&view, message.current.id));
    assert_eq!(kept, Some(message.current));
}

/// The list has the newest subject and number, and in how many mailings each is used.
pub async fn the_list_shows_the_newest_version_and_its_use(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let used = message().of(&ann).saved(store).await;
    let second = version(2, "Newest");
    change!(store, unit => unit.messages().add_version(&ann.edit(), used.id, &second));
    for _ in 0..2 {
        mailing().of(&ann).message(used.id).saved(store).await;
    }
    let later = message().of(&ann).written(start() + TimeDelta::hours(1));
    let unused = later.subject("Unused").saved(store).await;
    let request = PageRequest::first(10);
    let page = look!(store, unit => unit.messages().page(&ann.view(), &request));
    let shown: Vec<_> = page
        .items
        .iter()
        .map(|row| (row.id, row.subject.as_str(), row.version, row.used_in))
        .collect();
    assert_eq!(
        shown,
        [(unused.id, "Unused", 1, 0), (used.id, "Newest", 2, 2)]
    );
    assert_eq!(page.items[1].saved_at, second.saved_at);
}

/// The mailings that use a message are named, at most as many as asked for.
pub async fn the_mailings_that_use_a_message_are_named(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let used = message().of(&ann).saved(store).await;
    let other = message().of(&ann).saved(store).await;
    let first = mailing().of(&ann).message(used.id).named("First");
    let first = first.saved(store).await;
    let draft = mailing().of(&ann).message(used.id).named("Draft").draft();
    let draft = draft.saved(store).await;
    let (view, messages) = (ann.view(), [used.id, other.id]);
    let mut named = look!(store, unit => unit.messages().used_by(&view, messages[0], 10));
    named.sort_by_key(|(id, _)| *id);
    assert_eq!(named, [(first.id, first.name), (draft.id, draft.name)]);
    let one = look!(store, unit => unit.messages().used_by(&view, messages[0], 1));
    assert_eq!(one.len(), 1);
    let none = look!(store, unit => unit.messages().used_by(&view, messages[1], 10));
    assert!(none.is_empty());
}

/// What is typed is kept as it is, the last of it, until a version is saved or it is dropped.
pub async fn what_is_typed_is_kept_apart_until_a_save(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let kept = message().of(&ann).saved(store).await;
    let (edit, view) = (ann.edit(), ann.view());
    for subject in ["{{ half", ""] {
        let typed = typed(subject);
        let taken = change!(store, unit => unit.messages().keep_unsaved(&edit, kept.id, &typed));
        assert!(taken);
        let found = look!(store, unit => unit.messages().unsaved(&view, kept.id));
        assert_eq!(found, Some(typed));
    }
    let found = look!(store, unit => unit.messages().find(&view, kept.id));
    assert_eq!(found.as_ref(), Some(&kept));
    let second = version(2, "Second");
    change!(store, unit => unit.messages().add_version(&edit, kept.id, &second));
    let found = look!(store, unit => unit.messages().unsaved(&view, kept.id));
    assert_eq!(found, None);
    let typed = typed("again");
    change!(store, unit => unit.messages().keep_unsaved(&edit, kept.id, &typed));
    let dropped = change!(store, unit => unit.messages().drop_unsaved(&edit, kept.id));
    assert!(dropped);
    let again = change!(store, unit => unit.messages().drop_unsaved(&edit, kept.id));
    assert!(!again);
}

/// What was in the trash comes back once.
pub async fn a_message_comes_out_of_the_trash(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let kept = message().of(&ann).saved(store).await;
    let (edit, view) = (ann.edit(), ann.view());
    let back = change!(store, unit => unit.messages().undelete(&edit, kept.id, start()));
    assert!(!back, "it was not in the trash");
    change!(store, unit => unit.messages().delete(&edit, kept.id, start()));
    let late = start() + TimeDelta::milliseconds(1);
    let back = change!(store, unit => unit.messages().undelete(&edit, kept.id, late));
    assert!(!back, "it was put there too long ago");
    let back = change!(store, unit => unit.messages().undelete(&edit, kept.id, start()));
    assert!(back);
    let found = look!(store, unit => unit.messages().find(&view, kept.id));
    assert_eq!(found, Some(kept));
}

/// The history goes back from the newest version, page by page; each is found by its number.
pub async fn versions_are_listed_newest_first(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let kept = message().of(&ann).subject("First").saved(store).await;
    let (edit, view) = (ann.edit(), ann.view());
    for (number, subject) in [(2, "Second"), (3, "Third")] {
        let next = version(number, subject);
        change!(store, unit => unit.messages().add_version(&edit, kept.id, &next));
    }
    let mut request = PageRequest::first(2);
    let mut seen = Vec::new();
    loop {
        let page = look!(store, unit => unit.messages().history(&view, kept.id, &request));
        let rows = page.items.iter();
        seen.extend(rows.map(|row| (row.number, row.subject.as_str().to_owned())));
        match page.next {
            Some(next) => request = request.after(Some(next)),
            None => break,
        }
    }
    let expected = [(3, "Third"), (2, "Second"), (1, "First")];
    assert_eq!(
        seen,
        expected.map(|(number, subject)| (number, subject.to_owned()))
    );
    for (number, found) in [(1, true), (3, true), (4, false)] {
        let version =
            look!(store, unit => unit.messages().version_numbered(&view, kept.id, number));
        assert_eq!(
            version.map(|version| version.number),
            found.then_some(number)
        );
    }
}

/// Which version was tried out is known; a later save does not change it.
pub async fn the_version_that_was_tried_out_is_noted(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let kept = message().of(&ann).saved(store).await;
    let (edit, view) = (ann.edit(), ann.view());
    let noted = change!(store, unit => unit.messages().mark_tested(&edit, kept.id, 1));
    assert!(noted);
    let second = version(2, "Second");
    change!(store, unit => unit.messages().add_version(&edit, kept.id, &second));
    let found = look!(store, unit => unit.messages().find(&view, kept.id)).unwrap();
    assert_eq!((found.tested, found.current.number), (Some(1), 2));
}

pub(super) fn typed(subject: &str) -> Unsaved {
    Unsaved {
        based_on: 1,
        subject: subject.to_owned(),
        body: "# Прив".to_owned(),
        format: BodyFormat::Markdown,
        text: String::new(),
        typed_at: start() + TimeDelta::minutes(3),
    }
}

fn version(number: u32, subject: &str) -> MessageVersion {
    let saved_at = start() + TimeDelta::minutes(i64::from(number));
    MessageVersion {
        id: id(saved_at),
        number,
        content: content(subject, "Hello again!"),
        saved_at,
    }
}

/// A file is there once for its owner and for nobody else. Versions name their files, each its own.
pub async fn files_are_kept_for_their_owner(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let data = b"%PDF-1.7 \0\xff";
    let file = Attachment::of("Прайс.pdf", data).unwrap();
    let edit = ann.edit();
    // The last one counts: so a damaged one is mended.
    for data in [&data[..], b"damaged", data] {
        change!(store, unit => unit.messages().keep_file(&edit, file.hash, data, start()));
    }
    let found = look!(store, unit => unit.messages().file(&ann.view(), file.hash));
    assert_eq!(found.as_deref(), Some(&data[..]));
    let found = look!(store, unit => unit.messages().file(&bob.view(), file.hash));
    assert_eq!(found, None);
    let written = message().of(&ann).saved(store).await;
    let mut second = written.current.clone();
    second.id = id(start());
    second.number = 2;
    second.content.attachments = vec![file];
    change!(store, unit => unit.messages().add_version(&edit, written.id, &second));
    let view = ann.view();
    let found = look!(store, unit => unit.messages().find(&view, written.id)).unwrap();
    assert_eq!(found.current, second);
    let first = look!(store, unit => unit.messages().version_numbered(&view, written.id, 1));
    assert_eq!(first.unwrap().content.attachments, []);
    let planned = mailing().of(&ann).message(written.id).saved(store).await;
    let run = run().running(store, &ann, &planned).await;
    let content = store.ledger().content(&system(), run).await.unwrap();
    assert_eq!(content.unwrap().content, second.content);
}

/// A file goes when no version names it and it was not kept lately.
pub async fn files_that_no_version_names_are_erased(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let edit = ann.edit();
    let named = Attachment::of("a.txt", b"named").unwrap();
    let alone = Attachment::of("b.txt", b"alone").unwrap();
    for (file, data) in [(&named, &b"named"[..]), (&alone, b"alone")] {
        change!(store, unit => unit.messages().keep_file(&edit, file.hash, data, start()));
    }
    let mut written = message().of(&ann).build();
    written.current.content.attachments = vec![named.clone()];
    change!(store, unit => unit.messages().insert(&edit, &written));
    let (scope, later) = (system(), start() + chrono::TimeDelta::days(2));
    let early = change!(store, unit => unit.erasure().erase_files(&scope, start(), 10));
    assert_eq!(early, 0);
    let gone = change!(store, unit => unit.erasure().erase_files(&scope, later, 10));
    assert_eq!(gone, 1);
    let view = ann.view();
    let found = look!(store, unit => unit.messages().file(&view, alone.hash));
    assert_eq!(found, None);
    let found = look!(store, unit => unit.messages().file(&view, named.hash));
    assert!(found.is_some());
}
