//! Keyset pages: complete, in order, nothing twice, while rows come and go.

use chrono::TimeDelta;

use crate::ports::Store;
use crate::ports::store::{
    Cursor, DeliveryFilter, MailingFilter, PageRequest, RecipientFilter, RunFilter,
};
use crate::testing::builders::{
    Owner, crowd, mailing, message, owner, recipient, run, start, suppression,
};

/// Walks all pages of three rows; between two pages something else may happen.
macro_rules! walk {
    ($store:expr, $unit:ident, $request:ident => $page:expr $(, $between:expr)?) => {{
        let mut seen = Vec::new();
        let mut $request = PageRequest::first(3);
        loop {
            let page = look!($store, $unit => $page);
            assert!(page.items.len() <= 3);
            seen.extend(page.items);
            match page.next {
                Some(next) => $request = $request.after(Some(next)),
                None => break seen,
            }
            $($between;)?
        }
    }};
}

/// Recipients that come or go between two pages neither hide nor double the others.
pub async fn a_walk_meets_each_recipient_once_while_others_come_and_go(store: &dyn Store) {
    let ann = owner().saved(store).await;
    for name in ["b", "d", "f", "h", "j", "l", "n"] {
        save(store, &ann, &format!("{name}@example.org")).await;
    }
    let (view, filter) = (ann.view(), RecipientFilter::default());
    let mut newcomers = ["a", "z", "g"].into_iter();
    let seen = walk!(
        store,
        unit,
        request => unit.recipients().page(&view, &filter, &request),
        if let Some(name) = newcomers.next() {
            save(store, &ann, &format!("{name}@example.org")).await;
        }
    );
    let seen: Vec<_> = seen.iter().map(|found| found.address.local()).collect();
    // `a` came before the place that was reached, `z` after it.
    assert_eq!(seen, ["b", "d", "f", "h", "j", "l", "n", "z"]);
}

/// Addresses are sorted by the bytes of their keys, in every store alike.
pub async fn addresses_are_sorted_by_bytes(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut typed = ["a.b", "a-b", "ab", "a_b", "AB0", "a+b", "ж", "é", "z"];
    for local in typed {
        save(store, &ann, &format!("{local}@example.org")).await;
    }
    let (view, filter) = (ann.view(), RecipientFilter::default());
    let seen = walk!(
        store,
        unit,
        request => unit.recipients().page(&view, &filter, &request)
    );
    let seen: Vec<_> = seen.iter().map(|found| found.address.local()).collect();
    typed.sort_by_key(|local| format!("{}@example.org", local.to_lowercase()));
    assert_eq!(seen, typed);
}

/// A page that ends with the last row says so, also when it is full.
pub async fn a_full_last_page_has_no_next(store: &dyn Store) {
    let ann = owner().saved(store).await;
    crowd(store, &ann, 6).await;
    let (view, filter) = (ann.view(), RecipientFilter::default());
    let request = PageRequest::first(3);
    let first = look!(store, unit => unit.recipients().page(&view, &filter, &request));
    assert_eq!(first.items.len(), 3);
    let request = request.after(first.next);
    let second = look!(store, unit => unit.recipients().page(&view, &filter, &request));
    assert_eq!((second.items.len(), second.next), (3, None));
}

/// A cursor that means nothing yields the first page.
pub async fn a_cursor_that_means_nothing_begins_at_the_first_page(store: &dyn Store) {
    let ann = owner().saved(store).await;
    crowd(store, &ann, 2).await;
    let planned = mailing().of(&ann).saved(store).await;
    let id = run().due(store, &ann, &planned).await;
    for text in ["", "nonsense", "…", "zzzz'--", "99999999999999999999999999"] {
        let request = PageRequest::first(10).after(Some(Cursor::new(text)));
        let filter = RecipientFilter::default();
        let (view, request) = (ann.view(), &request);
        let page = look!(store, unit => unit.recipients().page(&view, &filter, request));
        assert_eq!(page.items.len(), 2, "{text:?}");
        let filter = RunFilter::default();
        let page = look!(store, unit => unit.runs().page(&ann.view(), &filter, request));
        assert_eq!(page.items[0].id, id, "{text:?}");
        let filter = MailingFilter::default();
        let page = look!(store, unit => unit.mailings().page(&ann.view(), &filter, request));
        assert_eq!(page.items.len(), 1, "{text:?}");
    }
}

/// New messages come before the place that was reached.
pub async fn a_walk_over_messages_is_not_disturbed_by_new_ones(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut made = Vec::new();
    for minute in 0..7 {
        let written = message()
            .of(&ann)
            .written(start() + TimeDelta::minutes(minute));
        made.push(written.saved(store).await.id);
    }
    let view = ann.view();
    let seen = walk!(
        store,
        unit,
        request => unit.messages().page(&view, &request),
        message().of(&ann).written(start() + TimeDelta::days(1)).saved(store).await
    );
    made.reverse();
    let seen: Vec<_> = seen.iter().map(|row| row.id).collect();
    assert_eq!(seen, made);
}

/// The same for mailings.
pub async fn a_walk_over_mailings_is_not_disturbed_by_new_ones(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut made = Vec::new();
    for minute in 0..7 {
        let planned = mailing()
            .of(&ann)
            .made(start() + TimeDelta::minutes(minute));
        made.push(planned.saved(store).await.id);
    }
    let (view, filter) = (ann.view(), MailingFilter::default());
    let seen = walk!(
        store,
        unit,
        request => unit.mailings().page(&view, &filter, &request),
        mailing().of(&ann).made(start() + TimeDelta::days(1)).saved(store).await
    );
    made.reverse();
    let seen: Vec<_> = seen.iter().map(|row| row.id).collect();
    assert_eq!(seen, made);
}

/// Runs of one instant are told apart.
pub async fn runs_of_one_instant_are_all_met(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let mut made = Vec::new();
    for _ in 0..8 {
        let planned = mailing().of(&ann).saved(store).await;
        made.push(run().at(start()).due(store, &ann, &planned).await);
    }
    let (view, filter) = (ann.view(), RunFilter::default());
    let seen = walk!(
        store,
        unit,
        request => unit.runs().page(&view, &filter, &request)
    );
    let mut seen: Vec<_> = seen.iter().map(|row| row.id).collect();
    seen.sort_unstable();
    assert_eq!(seen, made);
}

/// Deliveries come by number: the tenth after the ninth.
pub async fn deliveries_come_by_number(store: &dyn Store) {
    let ann = owner().saved(store).await;
    crowd(store, &ann, 11).await;
    let planned = mailing().of(&ann).saved(store).await;
    let id = run().running(store, &ann, &planned).await;
    let (view, filter) = (ann.view(), DeliveryFilter::default());
    let seen = walk!(
        store,
        unit,
        request => unit.runs().deliveries(&view, id, &filter, &request)
    );
    let seen: Vec<_> = seen.iter().map(|row| row.number).collect();
    assert_eq!(seen, (1..=11).collect::<Vec<u64>>());
}

/// Entries of a suppression list come by target, domains among addresses.
pub async fn suppressions_come_by_target(store: &dyn Store) {
    let ann = owner().saved(store).await;
    for name in ["e", "a", "c", "g"] {
        let entry = suppression()
            .of(&ann)
            .address(&format!("{name}@example.org"));
        entry.saved(store).await;
    }
    for domain in ["b.example.org", "h.example.org", "f.example.org"] {
        suppression().of(&ann).domain(domain).saved(store).await;
    }
    let view = ann.view();
    let seen = walk!(
        store,
        unit,
        request => unit.suppressions().page(&view, &request)
    );
    let seen: Vec<_> = seen
        .iter()
        .map(|row| row.target.key()[..1].to_owned())
        .collect();
    assert_eq!(seen, ["a", "b", "c", "e", "f", "g", "h"]);
}

async fn save(store: &dyn Store, ann: &Owner, at: &str) {
    recipient().of(ann).at(at).saved(store).await;
}
