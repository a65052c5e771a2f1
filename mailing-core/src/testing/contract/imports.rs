//! Imports as they are remembered, and taken back.

use chrono::TimeDelta;

use crate::id::ListId;
use crate::ports::Store;
use crate::ports::store::{Addition, ImportMode, NewRecipient, PageRequest, UndoPage, UndoPart};
use crate::recipient::import::{Import, ImportState, ImportSums};
use crate::recipient::{DisplayName, List, Recipient, RecipientState};
use crate::testing::builders::{
    Owner, address, import, list, owner, recipient, start, suppression, two_owners,
};
use crate::time::Timestamp;

/// When the imports of these cases add their rows.
fn later() -> Timestamp {
    start() + TimeDelta::minutes(5)
}

/// An import is read back as it was written, and again as it was moved.
pub async fn an_import_is_read_back_as_it_was_written(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let kept = import().of(&ann).into_list("Друзья");
    let mut kept = kept.delimiter(';').saved(store).await;
    let found = look!(store, unit => unit.imports().find(&ann.view(), kept.id));
    assert_eq!(found.as_ref(), Some(&kept));
    let was = (kept.state, kept.line);
    kept.state = ImportState::Finished;
    kept.line = 77;
    kept.sums = ImportSums {
        added: 1,
        updated: 2,
        skipped: 3,
    };
    kept.rejected = 4;
    kept.list = Some(list().of(&ann).saved(store).await.id);
    kept.updated_at = later();
    let saved = change!(store, unit => unit.imports().save(&ann.edit(), &kept, was));
    assert!(saved);
    let found = look!(store, unit => unit.imports().find(&ann.view(), kept.id));
    assert_eq!(found, Some(kept));
}

/// Of two that go on from the same place one wins.
pub async fn an_import_is_moved_from_where_it_is(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let kept = import().of(&ann).saved(store).await;
    let moved = Import {
        line: 10,
        ..kept.clone()
    };
    for (was, expected) in [
        ((ImportState::Finished, 0), false),
        ((ImportState::Running, 1), false),
        ((ImportState::Running, 0), true),
        ((ImportState::Running, 0), false),
    ] {
        let saved = change!(store, unit => unit.imports().save(&ann.edit(), &moved, was));
        assert_eq!(saved, expected, "{was:?}");
    }
}

/// Imports come newest first, and those of one file are found by its hash.
pub async fn imports_come_newest_first(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let first = import().of(&ann).hash(1).saved(store).await;
    let other = import().of(&ann).hash(2).saved(store).await;
    let again = import().of(&ann).hash(1).saved(store).await;
    let same = look!(store, unit => unit.imports().of_file(&ann.view(), &[1; 32]));
    assert_eq!(same, [again.clone(), first.clone()]);
    let request = PageRequest::first(2);
    let page = look!(store, unit => unit.imports().page(&ann.view(), &request));
    assert_eq!(page.items, [again, other]);
    let rest = request.after(page.next);
    let page = look!(store, unit => unit.imports().page(&ann.view(), &rest));
    assert_eq!((page.items, page.next), (vec![first], None));
}

/// A stranger sees, moves and undoes no import.
pub async fn a_stranger_sees_and_changes_no_import(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let kept = import().of(&ann).saved(store).await;
    add(
        store,
        &ann,
        &kept,
        &[recipient().as_new()],
        ImportMode::Skip,
    )
    .await;
    let view = bob.view::<Import>();
    let found = look!(store, unit => unit.imports().find(&view, kept.id));
    assert_eq!(found, None);
    let found = look!(store, unit => unit.imports().of_file(&view, &kept.order.hash));
    assert_eq!(found, []);
    let request = PageRequest::first(10);
    let page = look!(store, unit => unit.imports().page(&view, &request));
    assert_eq!(page.items, []);
    let was = (kept.state, kept.line);
    let saved = change!(store, unit => unit.imports().save(&bob.edit(), &kept, was));
    assert!(!saved);
    assert_eq!(undo(store, &bob, &kept, UndoPart::Added).await, (0, 0));
    let forgotten = change!(store, unit => unit.imports().forget(&bob.edit(), later()));
    assert_eq!(forgotten, 0);
    let counts = look!(store, unit => unit.recipients().counts(&ann.view()));
    assert_eq!(counts.total, 1);
}

/// What an import added goes into the trash, unless somebody has changed it since.
pub async fn what_was_added_is_taken_back_unless_it_was_changed(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let old = recipient().of(&ann).at("old@example.org");
    old.saved(store).await;
    let kept = import().of(&ann).saved(store).await;
    let rows = ["new@example.org", "changed@example.org", "old@example.org"];
    let rows = rows.map(|at| recipient().at(at).as_new());
    add(store, &ann, &kept, &rows, ImportMode::Skip).await;
    let mut changed = find(store, &ann, "changed@example.org").await.unwrap();
    changed.full_name = DisplayName::parse("Changed").ok();
    changed.updated_at = later() + TimeDelta::minutes(1);
    change!(store, unit => unit.recipients().save(&ann.edit(), &changed));
    assert_eq!(undo(store, &ann, &kept, UndoPart::Added).await, (1, 1));
    assert_eq!(find(store, &ann, "new@example.org").await, None);
    assert_eq!(
        find(store, &ann, "changed@example.org").await,
        Some(changed)
    );
    assert!(find(store, &ann, "old@example.org").await.is_some());
    // Interrupted, it is asked for again and finds nothing more to do.
    assert_eq!(undo(store, &ann, &kept, UndoPart::Added).await, (0, 1));
}

/// What an import changed becomes what it was, unless somebody has changed it since.
pub async fn what_was_changed_becomes_what_it_was(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).at("eve@example.org").named("Eve");
    let eve = eve.comment("old").with("visits", 3).saved(store).await;
    let adam = recipient().of(&ann).at("adam@example.org").saved(store);
    let mut adam = adam.await;
    let kept = import().of(&ann).saved(store).await;
    let rows = ["eve@example.org", "adam@example.org"]
        .map(|at| recipient().at(at).named("New").with("visits", 4).as_new());
    add(store, &ann, &kept, &rows, ImportMode::Update).await;
    assert_ne!(
        find(store, &ann, "eve@example.org").await.as_ref(),
        Some(&eve)
    );
    adam.state = RecipientState::Unsubscribed;
    adam.updated_at = later() + TimeDelta::minutes(1);
    change!(store, unit => unit.recipients().save(&ann.edit(), &adam));
    assert_eq!(undo(store, &ann, &kept, UndoPart::Changed).await, (1, 1));
    assert_eq!(find(store, &ann, "eve@example.org").await, Some(eve));
    assert_eq!(find(store, &ann, "adam@example.org").await, Some(adam));
    assert_eq!(undo(store, &ann, &kept, UndoPart::Changed).await, (0, 0));
}

/// Who came back from the trash goes there again, as it was.
pub async fn who_came_back_from_the_trash_returns_there(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).at("eve@example.org").named("Eve");
    let eve = eve.saved(store).await;
    change!(store, unit => unit.recipients().delete(&ann.edit(), eve.id, start()));
    let kept = import().of(&ann).saved(store).await;
    let rows = [recipient().at("EVE@example.org").named("New").as_new()];
    add(store, &ann, &kept, &rows, ImportMode::Skip).await;
    assert_eq!(undo(store, &ann, &kept, UndoPart::Added).await, (0, 0));
    assert_eq!(undo(store, &ann, &kept, UndoPart::Changed).await, (1, 0));
    assert_eq!(find(store, &ann, "eve@example.org").await, None);
    let found = look!(store, unit => unit.recipients().find_even_deleted(&ann.view(), eve.id));
    assert_eq!(found, Some(eve));
}

/// Those whom an import put into its list leave it; who was there before stays.
pub async fn the_list_becomes_what_it_was(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let there = recipient()
        .of(&ann)
        .at("there@example.org")
        .saved(store)
        .await;
    recipient()
        .of(&ann)
        .at("known@example.org")
        .saved(store)
        .await;
    let friends = list().of(&ann).with(&[there.id]).saved(store).await;
    let mut kept = import().of(&ann).saved(store).await;
    kept.list = Some(friends.id);
    let rows = ["there@example.org", "known@example.org", "new@example.org"];
    let rows = rows.map(|at| recipient().at(at).as_new());
    add(store, &ann, &kept, &rows, ImportMode::Skip).await;
    assert_eq!(members(store, &ann, friends.id).await, 3);
    assert_eq!(undo(store, &ann, &kept, UndoPart::Members).await, (2, 0));
    assert_eq!(members(store, &ann, friends.id).await, 1);
    kept.list = None;
    assert_eq!(undo(store, &ann, &kept, UndoPart::Members).await, (0, 0));
}

/// Undoing goes page by page: 5,001 rows and a list of them.
pub async fn more_than_a_page_is_taken_back(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let friends = list().of(&ann).saved(store).await;
    let mut kept = import().of(&ann).saved(store).await;
    kept.list = Some(friends.id);
    let row = |number| recipient().at(&format!("r{number}@example.org")).as_new();
    let rows: Vec<_> = (0..5_001).map(row).collect();
    for chunk in rows.chunks(5_000) {
        add(store, &ann, &kept, chunk, ImportMode::Skip).await;
    }
    assert_eq!(
        undo(store, &ann, &kept, UndoPart::Members).await,
        (5_001, 0)
    );
    assert_eq!(undo(store, &ann, &kept, UndoPart::Added).await, (5_001, 0));
    let counts = look!(store, unit => unit.recipients().counts(&ann.view()));
    assert_eq!(counts.total, 0);
}

/// What cannot be undone any more is dropped; what can is kept.
pub async fn what_is_too_old_to_be_undone_is_forgotten(store: &dyn Store) {
    let ann = owner().saved(store).await;
    recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    let mut kept = import().of(&ann).saved(store).await;
    let rows = [recipient().at("eve@example.org").named("New").as_new()];
    add(store, &ann, &kept, &rows, ImportMode::Update).await;
    let forget = async |before| change!(store, unit => unit.imports().forget(&ann.edit(), before));
    assert_eq!(forget(later()).await, 0, "it is not over");
    let was = (kept.state, kept.line);
    kept.state = ImportState::Finished;
    assert!(change!(store, unit => unit.imports().save(&ann.edit(), &kept, was)));
    assert_eq!(forget(kept.updated_at).await, 0);
    assert_eq!(
        forget(kept.updated_at + TimeDelta::milliseconds(1)).await,
        1
    );
    assert_eq!(undo(store, &ann, &kept, UndoPart::Changed).await, (0, 0));
}

/// The state of a row is taken over; nobody becomes active by it.
pub async fn states_of_rows_are_taken_over(store: &dyn Store) {
    use RecipientState::{Active, Bounced, Complained, Unsubscribed};
    let ann = owner().saved(store).await;
    let old = recipient().of(&ann).at("active@example.org");
    old.saved(store).await;
    let left = recipient().of(&ann).at("left@example.org");
    left.state(Unsubscribed).saved(store).await;
    let entry = suppression().of(&ann).address("listed@example.org");
    let entry = entry.because(crate::recipient::SuppressionReason::Unsubscribed);
    entry.saved(store).await;
    let kept = import().of(&ann).saved(store).await;
    let row = |at: &str, state| recipient().at(at).state(state).as_new();
    let rows = [
        row("new@example.org", Complained),
        row("active@example.org", Bounced),
        row("left@example.org", Active),
        row("listed@example.org", Active),
    ];
    let sums = weigh(store, &ann, &rows, ImportMode::Update).await;
    assert_eq!((sums.added, sums.updated, sums.skipped), (2, 1, 1));
    assert_eq!(
        add(store, &ann, &kept, &rows, ImportMode::Skip)
            .await
            .skipped,
        2
    );
    assert_eq!(
        find(store, &ann, "active@example.org").await.unwrap().state,
        Active
    );
    add(store, &ann, &kept, &rows, ImportMode::Update).await;
    for (at, state) in [
        ("new@example.org", Complained),
        ("active@example.org", Bounced),
        ("left@example.org", Unsubscribed),
        ("listed@example.org", Unsubscribed),
    ] {
        assert_eq!(find(store, &ann, at).await.unwrap().state, state, "{at}");
    }
}

/// Weighing tells what would happen, and nothing happens.
pub async fn weighing_rows_changes_nothing(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    let gone = recipient().of(&ann).saved(store).await;
    change!(store, unit => unit.recipients().delete(&ann.edit(), gone.id, start()));
    let rows = [
        recipient().at("eve@example.org").named("New").as_new(),
        recipient().at(gone.address.as_str()).as_new(),
        recipient().as_new(),
    ];
    let sums = weigh(store, &ann, &rows, ImportMode::Update).await;
    assert_eq!((sums.added, sums.updated, sums.skipped), (2, 1, 0));
    let sums = weigh(store, &ann, &rows, ImportMode::Skip).await;
    assert_eq!((sums.added, sums.updated, sums.skipped), (2, 0, 1));
    assert_eq!(find(store, &ann, "eve@example.org").await, Some(eve));
    let counts = look!(store, unit => unit.recipients().counts(&ann.view()));
    assert_eq!(counts.total, 1);
}

async fn add(
    store: &dyn Store,
    owner: &Owner,
    import: &Import,
    rows: &[NewRecipient],
    mode: ImportMode,
) -> ImportSums {
    let addition = Addition {
        mode,
        list: import.list,
        import: Some(import.id),
    };
    let edit = owner.edit();
    change!(store, unit => unit.recipients().import(&edit, rows, &addition, later()))
}

async fn weigh(
    store: &dyn Store,
    owner: &Owner,
    rows: &[NewRecipient],
    mode: ImportMode,
) -> ImportSums {
    let view = owner.view::<Recipient>();
    look!(store, unit => unit.recipients().weigh(&view, rows, mode))
}

/// All pages of a part: how many rows were taken back, and how many stay.
async fn undo(store: &dyn Store, owner: &Owner, import: &Import, part: UndoPart) -> (u64, u64) {
    let (edit, now) = (owner.edit(), later() + TimeDelta::hours(1));
    let (mut undone, mut kept, mut after) = (0, 0, None);
    loop {
        let page: UndoPage =
            change!(store, unit => unit.imports().undo(&edit, import, part, after, now));
        undone += page.undone;
        kept += page.kept;
        after = page.next;
        if after.is_none() {
            return (undone, kept);
        }
    }
}

async fn find(store: &dyn Store, owner: &Owner, at: &str) -> Option<Recipient> {
    let asked = address(at);
    look!(store, unit => unit.recipients().find_by_address(&owner.view(), &asked))
}

async fn members(store: &dyn Store, owner: &Owner, list: ListId) -> u64 {
    let view = owner.view::<List>();
    let lists = look!(store, unit => unit.lists().list(&view));
    let size = lists.iter().find(|(known, _)| known.id == list);
    size.map_or(0, |(_, members)| *members)
}
