//! Searching and filtering recipients.

use crate::ports::Store;
use crate::ports::store::{PageRequest, RecipientFilter};
use crate::recipient::RecipientState;
use crate::testing::builders::{Owner, list, owner, recipient};

/// A part of the address, the name or the comment is found.
pub async fn a_search_looks_at_address_name_and_comment(store: &dyn Store) {
    let ann = people(store).await;
    assert_eq!(search(store, &ann, "adam@").await, ["adam@example.org"]);
    assert_eq!(search(store, &ann, "петров").await, ["eve@example.org"]);
    assert_eq!(search(store, &ann, "fair").await, ["zoe@example.org"]);
    assert_eq!(search(store, &ann, "example.org").await.len(), 3);
    assert!(search(store, &ann, "nowhere").await.is_empty());
}

/// Case does not matter, in no alphabet.
pub async fn a_search_knows_no_case_in_any_alphabet(store: &dyn Store) {
    let ann = people(store).await;
    for part in ["ИВАН", "иван", "Иван", "EVE@EX"] {
        assert_eq!(
            search(store, &ann, part).await,
            ["eve@example.org"],
            "{part}"
        );
    }
    assert_eq!(search(store, &ann, "ÉLAN").await, ["zoe@example.org"]);
}

/// Signs that mean something to a database mean themselves.
pub async fn a_search_takes_every_sign_as_it_is(store: &dyn Store) {
    let ann = people(store).await;
    assert_eq!(search(store, &ann, "100%").await, ["adam@example.org"]);
    for part in ["%", "_", "\\", "'"] {
        assert_eq!(
            search(store, &ann, part).await,
            ["adam@example.org"],
            "{part}"
        );
    }
}

/// Whose address begins with the text comes first; each is found once, page by page.
pub async fn a_search_names_addresses_that_begin_so_first(store: &dyn Store) {
    let ann = owner().saved(store).await;
    for at in ["zoe@example.org", "eve@example.org", "zora@example.org"] {
        recipient().of(&ann).at(at).saved(store).await;
    }
    let bob = recipient().of(&ann).at("bob@example.org");
    bob.comment("a friend of Zoe").saved(store).await;
    let pair = recipient().of(&ann).at("zz@example.org");
    pair.comment("married to zo").saved(store).await;
    let expected = [
        "zoe@example.org",
        "zora@example.org",
        "bob@example.org",
        "zz@example.org",
    ];
    assert_eq!(search(store, &ann, "Zo").await, expected);
    let filter = RecipientFilter {
        search: Some("Zo".to_owned()),
        ..RecipientFilter::default()
    };
    let (mut request, mut found) = (PageRequest::first(1), Vec::new());
    loop {
        let page = look!(store, unit => unit.recipients().page(&ann.view(), &filter, &request));
        found.extend(page.items.into_iter().map(|row| row.address.to_string()));
        if page.next.is_none() {
            break;
        }
        request = request.after(page.next);
    }
    assert_eq!(found, expected);
    let ids = look!(store, unit => unit.recipients().ids(&ann.view(), &filter, None));
    assert_eq!((ids.items.len(), ids.next), (4, None));
}

/// A filter by state or by list leaves the others out; filters narrow each other.
pub async fn filters_narrow_each_other(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let gone = |at| {
        recipient()
            .of(&ann)
            .at(at)
            .state(RecipientState::Unsubscribed)
    };
    let eve = recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    let adam = gone("adam@example.org").saved(store).await;
    gone("zoe@example.org").saved(store).await;
    let pair = list().of(&ann).with(&[eve.id, adam.id]).saved(store).await;
    let mut filter = RecipientFilter {
        list: Some(pair.id),
        ..RecipientFilter::default()
    };
    let in_list = listed(store, &ann, &filter).await;
    assert_eq!(in_list, ["adam@example.org", "eve@example.org"]);
    filter.state = Some(RecipientState::Unsubscribed);
    assert_eq!(listed(store, &ann, &filter).await, ["adam@example.org"]);
    filter.search = Some("eve".to_owned());
    assert!(listed(store, &ann, &filter).await.is_empty());
    filter.list = None;
    filter.search = None;
    let unsubscribed = listed(store, &ann, &filter).await;
    assert_eq!(unsubscribed, ["adam@example.org", "zoe@example.org"]);
}

async fn people(store: &dyn Store) -> Owner {
    let ann = owner().saved(store).await;
    let adam = recipient().of(&ann).at("adam@example.org");
    adam.comment("100% _sure_ it's \\o/").saved(store).await;
    let eve = recipient().of(&ann).at("eve@example.org");
    eve.named("Иван Петров").saved(store).await;
    let zoe = recipient().of(&ann).at("zoe@example.org");
    zoe.named("Zoé Élan")
        .comment("met at the Fair")
        .saved(store)
        .await;
    ann
}

async fn search(store: &dyn Store, ann: &Owner, part: &str) -> Vec<String> {
    let filter = RecipientFilter {
        search: Some(part.to_owned()),
        ..RecipientFilter::default()
    };
    listed(store, ann, &filter).await
}

async fn listed(store: &dyn Store, ann: &Owner, filter: &RecipientFilter) -> Vec<String> {
    let request = PageRequest::first(100);
    let page = look!(store, unit => unit.recipients().page(&ann.view(), filter, &request));
    let addresses = page
        .items
        .iter()
        .map(|found| found.address.as_str().to_owned());
    addresses.collect()
}
