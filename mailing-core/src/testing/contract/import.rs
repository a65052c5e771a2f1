//! Adding many recipients at once.

use chrono::TimeDelta;

use crate::id::ListId;
use crate::ports::Store;
use crate::ports::store::{Addition, ImportMode, ImportSums, NewRecipient};
use crate::recipient::{Recipient, RecipientState, SuppressionReason};
use crate::testing::builders::{
    Owner, address, crowd, list, owner, recipient, start, suppression, two_owners,
};

/// New addresses become active recipients with what their rows say.
pub async fn new_rows_become_recipients(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let row = recipient()
        .at("Ева@Пример.рф")
        .named("Ева")
        .comment("первая");
    let rows = [row.with("city", "Тверь").as_new(), recipient().as_new()];
    let sums = import(store, &ann, &rows, ImportMode::Skip, None).await;
    assert_eq!(sums, added(2));
    let found = look!(store, unit => unit.recipients().find(&ann.view(), rows[0].id));
    let expected = Recipient {
        id: rows[0].id,
        owner: ann.id(),
        address: rows[0].content.address.clone(),
        full_name: rows[0].content.full_name.clone(),
        comment: rows[0].content.comment.clone(),
        attributes: rows[0].content.attributes.clone(),
        state: RecipientState::Active,
        created_at: start(),
        updated_at: start(),
    };
    assert_eq!(found, Some(expected));
}

/// Skipping leaves those that are there as they are.
pub async fn skipping_leaves_old_recipients_as_they_are(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).at("eve@example.org").named("Eve");
    let eve = eve.saved(store).await;
    let rows = [
        recipient().at("EVE@example.org").named("Other").as_new(),
        recipient().as_new(),
    ];
    let sums = import(store, &ann, &rows, ImportMode::Skip, None).await;
    assert_eq!((sums.added, sums.updated, sums.skipped), (1, 0, 1));
    assert_eq!(find(store, &ann, "eve@example.org").await, Some(eve));
}

/// Updating overwrites what a row gives and keeps what it leaves out, the state too.
pub async fn updating_keeps_what_a_row_leaves_out(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).at("eve@example.org").named("Eve");
    let eve = eve.comment("old").with("city", "Tver").with("visits", 3);
    let eve = eve.state(RecipientState::Unsubscribed).saved(store).await;
    let row = recipient().at("eve@example.org").named("Eve New");
    let rows = [row.with("city", "Kazan").as_new()];
    let sums = import(store, &ann, &rows, ImportMode::Update, None).await;
    assert_eq!((sums.added, sums.updated, sums.skipped), (0, 1, 0));
    let found = find(store, &ann, "eve@example.org").await.unwrap();
    assert_eq!(found.id, eve.id);
    assert_eq!(found.full_name, rows[0].content.full_name);
    assert_eq!(found.comment, eve.comment);
    assert_eq!(found.attributes.text("city").as_deref(), Some("Kazan"));
    assert_eq!(found.attributes.text("visits").as_deref(), Some("3"));
    assert_eq!(found.state, RecipientState::Unsubscribed);
    assert_eq!(found.created_at, eve.created_at);
}

/// An address in the trash comes back with its old id and counts as added.
pub async fn rows_bring_back_what_is_in_the_trash(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).at("eve@example.org").named("Eve");
    let eve = eve.saved(store).await;
    change!(store, unit => unit.recipients().delete(&ann.edit(), eve.id, start()));
    let rows = [recipient().at("eve@example.org").named("New").as_new()];
    let sums = import(store, &ann, &rows, ImportMode::Skip, None).await;
    assert_eq!(sums, added(1));
    let found = find(store, &ann, "eve@example.org").await.unwrap();
    assert_eq!(found.id, eve.id);
    assert_eq!(found.full_name, rows[0].content.full_name);
}

/// Nobody is brought back who took leave: neither by the suppression list nor from the trash.
pub async fn an_import_brings_nobody_back_who_took_leave(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let entry = |at| suppression().of(&ann).address(at);
    entry("left@example.org")
        .because(SuppressionReason::Unsubscribed)
        .saved(store)
        .await;
    entry("manual@example.org").saved(store).await;
    let trashed = recipient().of(&ann).at("trash@example.org");
    let trashed = trashed.state(RecipientState::Complained).saved(store).await;
    change!(store, unit => unit.recipients().delete(&ann.edit(), trashed.id, start()));
    let rows = [
        "Left@example.org",
        "manual@example.org",
        "trash@example.org",
    ]
    .map(|at| recipient().at(at).as_new());
    import(store, &ann, &rows, ImportMode::Update, None).await;
    let expected = [
        ("left@example.org", RecipientState::Unsubscribed),
        ("manual@example.org", RecipientState::Active),
        ("trash@example.org", RecipientState::Complained),
    ];
    for (at, state) in expected {
        assert_eq!(find(store, &ann, at).await.unwrap().state, state, "{at}");
    }
}

/// All rows, old and new, go into the list.
pub async fn old_and_new_rows_go_into_the_list(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    let adam = recipient()
        .of(&ann)
        .at("adam@example.org")
        .saved(store)
        .await;
    let friends = list().of(&ann).with(&[adam.id]).saved(store).await;
    let rows = [
        recipient().at("eve@example.org").as_new(),
        recipient().at("adam@example.org").as_new(),
        recipient().as_new(),
    ];
    let sums = import(store, &ann, &rows, ImportMode::Skip, Some(friends.id)).await;
    assert_eq!((sums.added, sums.skipped), (1, 2));
    assert_eq!(members(store, &ann).await, [3]);
    let again = [eve.id, adam.id, rows[2].id];
    let new = change!(store, unit => unit.lists().add_members(&ann.edit(), friends.id, &again));
    assert_eq!(new, 0);
}

/// Another owner's list takes none; the recipients are added all the same.
pub async fn a_foreign_list_takes_none(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let foreign = list().of(&bob).saved(store).await;
    let rows = [recipient().as_new()];
    let sums = import(store, &ann, &rows, ImportMode::Skip, Some(foreign.id)).await;
    assert_eq!(sums, added(1));
    assert_eq!(members(store, &bob).await, [0]);
}

/// Other owners' recipients with the same addresses are not touched.
pub async fn an_import_touches_its_owner_only(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let eve = recipient().of(&bob).at("eve@example.org").named("Eve");
    let eve = eve.saved(store).await;
    let rows = [recipient().at("eve@example.org").named("Other").as_new()];
    let sums = import(store, &ann, &rows, ImportMode::Update, None).await;
    assert_eq!(sums, added(1));
    assert_eq!(find(store, &bob, "eve@example.org").await, Some(eve));
}

/// 5,000 rows go in at once, and a second time nothing is added.
pub async fn five_thousand_rows_go_in_at_once(store: &dyn Store) {
    let ann = owner().saved(store).await;
    crowd(store, &ann, 5_000).await;
    let counts = look!(store, unit => unit.recipients().counts(&ann.view()));
    assert_eq!((counts.total, counts.active), (5_000, 5_000));
    crowd(store, &ann, 5_000).await;
    let counts = look!(store, unit => unit.recipients().counts(&ann.view()));
    assert_eq!(counts.total, 5_000);
}

/// An update is written down with its time.
pub async fn an_update_keeps_its_time(store: &dyn Store) {
    let ann = owner().saved(store).await;
    recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    let rows = [recipient().at("eve@example.org").named("Eve").as_new()];
    let later = start() + TimeDelta::days(1);
    let (edit, addition) = (
        ann.edit(),
        Addition {
            mode: ImportMode::Update,
            ..Addition::default()
        },
    );
    change!(store, unit => unit.recipients().import(&edit, &rows, &addition, later));
    let found = find(store, &ann, "eve@example.org").await.unwrap();
    assert_eq!((found.created_at, found.updated_at), (start(), later));
}

const fn added(added: u64) -> ImportSums {
    ImportSums {
        added,
        updated: 0,
        skipped: 0,
    }
}

async fn import(
    store: &dyn Store,
    owner: &Owner,
    rows: &[NewRecipient],
    mode: ImportMode,
    list: Option<ListId>,
) -> ImportSums {
    let (edit, now) = (owner.edit(), start());
    let addition = Addition {
        mode,
        list,
        import: None,
    };
    change!(store, unit => unit.recipients().import(&edit, rows, &addition, now))
}

async fn find(store: &dyn Store, owner: &Owner, at: &str) -> Option<Recipient> {
    let asked = address(at);
    look!(store, unit => unit.recipients().find_by_address(&owner.view(), &asked))
}

async fn members(store: &dyn Store, owner: &Owner) -> Vec<u64> {
    let lists = look!(store, unit => unit.lists().list(&owner.view()));
    lists.into_iter().map(|(_, members)| members).collect()
}
