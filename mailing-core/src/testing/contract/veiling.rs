//! What stands in the place of whoever was erased, and erasing in portions.

use super::erasure::{
    SMALL, cut, erase_recipients, erase_things, later, leave, nobody, overdue, throw,
};
use super::scene::{Scene, refusal, settled};
use crate::audit::{Deed, Entry};
use crate::delivery::Cause;
use crate::id::RunId;
use crate::ports::Store;
use crate::ports::store::{DeliveryFilter, PageRequest, Settlement};
use crate::testing::builders::{
    Owner, address, crowd, id, import, mailing, message, owner, recipient, run, start, suppression,
};
use crate::testing::{SeededEntropy, system};

/// Does something in a unit that is lost before its commit.
macro_rules! lost {
    ($store:expr, $unit:ident => $body:expr) => {{
        let mut $unit = $store.write().await.unwrap();
        $body.await.unwrap();
        drop($unit);
    }};
}

/// The address of today is veiled, and the one that a delivery was frozen with. Others that contain
/// them stay whole.
pub async fn old_addresses_are_veiled_and_longer_ones_stay(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).at("eve@example.org");
    let mut eve = eve.saved(store).await;
    let of = mailing().of(&ann).to(&[eve.id]).saved(store).await;
    let run = run().at(start()).running(store, &ann, &of).await;
    let scene = Scene {
        store,
        ann,
        mailing: of,
        recipients: vec![eve.id],
        run,
        worker: id(start()),
        now: start(),
    };
    let claim = scene.claim(1).await;
    let settlement = Settlement::Failed {
        cause: Cause::NoSuchMailbox,
        suppress: None,
    };
    let text = "5.1.1 <EVE@example.org>: not steve@example.org, try eva@example.net";
    let said = refusal(550, text);
    scene.settle(&[settled(&claim, 1, settlement, &said)]).await;
    scene.close(start()).await;
    let ann = &scene.ann;
    let entropy = SeededEntropy::new(1);
    let subject = "eve@example.org";
    let old = Entry::new(&ann.actor, Deed::Suppress, subject, start(), &entropy);
    change!(store, unit => unit.audit().add(&old));
    eve.address = address("eva@example.net");
    assert!(change!(store, unit => unit.recipients().save(&ann.edit(), &eve)));
    throw(store, ann, eve.id, start()).await;
    erase_recipients(store).await;

    assert_eq!(scene.delivery(1).await.address, nobody());
    let attempts = look!(store, unit => unit.runs().attempts(&ann.view(), run, 1));
    let text = attempts[0].reply.as_ref().unwrap().text.clone();
    let expected = format!("<{0}>: not steve@example.org, try {0}", nobody());
    assert_eq!(text, expected);
    let last = scene.run().await.last_reply.unwrap();
    assert!(last.contains(&expected), "{last}");
    assert_eq!(subjects(store, ann).await, [nobody().as_str()]);
}

/// A mail server may name somebody in its reply to another one's message. Databases differ in what they
/// take for the lower case of a letter.
pub async fn who_is_named_where_no_mail_went_is_veiled_in_any_letters(store: &dyn Store) {
    for (address, named) in [
        ("Eve@example.org", "EVE@Example.org"),
        ("Ева@example.org", "Ева@EXAMPLE.org"),
        ("ева@example.org", "ева@example.org"),
    ] {
        let scene = Scene::running(store, 1).await;
        let claim = scene.claim(1).await;
        let settlement = Settlement::Failed {
            cause: Cause::NoSuchMailbox,
            suppress: None,
        };
        let said = refusal(550, &format!("5.1.1 write to <{named}>"));
        scene.settle(&[settled(&claim, 1, settlement, &said)]).await;
        scene.close(start()).await;
        let gone = recipient().of(&scene.ann).at(address).saved(store).await;
        throw(store, &scene.ann, gone.id, start()).await;
        erase_recipients(store).await;
        let last = scene.run().await.last_reply.unwrap();
        let expected = format!("<{}>", nobody());
        assert!(last.contains(&expected), "{address}: {last}");
    }
}

/// Where an address is the subject of an entry it is veiled; what else is said of it stays, and other
/// people's entries do.
pub async fn subjects_in_the_audit_log_are_veiled(store: &dyn Store) {
    let (ann, bob) = (owner().saved(store).await, owner().saved(store).await);
    let eve = recipient().of(&ann).at("Eve@example.org");
    let eve = eve.saved(store).await;
    let entropy = SeededEntropy::new(1);
    let written = [
        (&ann, Deed::Suppress, "eve@example.org"),
        (&ann, Deed::Unsuppress, "eve@example.org"),
        (&ann, Deed::RemoveSender, "Eve@example.org"),
        (&ann, Deed::Suppress, "steve@example.org"),
        (&ann, Deed::CreateList, "eve@example.org"),
        (&bob, Deed::Suppress, "eve@example.org"),
    ];
    for (owner, deed, subject) in written {
        let entry = Entry::new(&owner.actor, deed, subject, start(), &entropy);
        change!(store, unit => unit.audit().add(&entry));
    }
    throw(store, &ann, eve.id, start()).await;
    erase_recipients(store).await;
    let mut expected = vec![nobody().as_str().to_owned(); 3];
    expected.extend(["eve@example.org", "steve@example.org"].map(str::to_owned));
    expected.sort_unstable();
    let mut found = subjects(store, &ann).await;
    found.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(subjects(store, &bob).await, ["eve@example.org"]);
}

/// A recipient of many runs goes with the last portion; what is lost is done again.
pub async fn a_recipient_is_erased_in_portions(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).at("eve@example.org");
    let eve = eve.saved(store).await;
    let mut runs = Vec::new();
    for _ in 0..3 {
        let of = mailing().of(&ann).to(&[eve.id]).saved(store).await;
        runs.push(run().at(start()).running(store, &ann, &of).await);
    }
    throw(store, &ann, eve.id, start()).await;
    let found = overdue(store).await;
    let (scope, nobody) = (system(), nobody());
    let mut portions = 0;
    loop {
        change!(store, unit => unit.erasure().hold_runs(&scope, &found, 1));
        lost!(store, unit => {
            unit.erasure().erase_recipient(&scope, &found[0], &nobody, cut(), later(), 1)
        });
        assert_eq!(erased(store, &ann, &runs).await, portions);
        let view = ann.view();
        let there = look!(store, unit => unit.recipients().find_even_deleted(&view, eve.id));
        assert!(there.is_some());
        let veiled = change!(store, unit => {
            unit.erasure().erase_recipient(&scope, &found[0], &nobody, cut(), later(), 1)
        });
        if veiled == 0 {
            break;
        }
        portions += 1;
    }
    assert_eq!(portions, 3);
    let view = ann.view();
    let there = look!(store, unit => unit.recipients().find_even_deleted(&view, eve.id));
    assert_eq!(there, None);
}

/// An account goes in portions, too, and counts as erased with the last of them.
pub async fn an_account_is_erased_in_portions(store: &dyn Store) {
    let ann = owner().saved(store).await;
    crowd(store, &ann, 2).await;
    for name in ["a", "b", "c"] {
        let entry = suppression()
            .of(&ann)
            .address(&format!("{name}@example.org"));
        entry.saved(store).await;
        let entropy = SeededEntropy::new(u64::from(name.as_bytes()[0]));
        let subject = format!("{name}@example.org");
        let entry = Entry::new(&ann.actor, Deed::Suppress, subject, start(), &entropy);
        change!(store, unit => unit.audit().add(&entry));
        import().of(&ann).saved(store).await;
        let written = message().of(&ann).saved(store).await;
        let of = mailing().of(&ann).message(written.id).saved(store).await;
        let run = run().at(start()).running(store, &ann, &of).await;
        let ended = Ok(crate::run::CancelReason::Deleted);
        let ledger = store.ledger();
        assert!(ledger.end(&system(), run, ended, start()).await.unwrap());
        ledger.close(&system(), start()).await.unwrap();
    }
    leave(store, &ann, start()).await;
    erase_recipients(store).await;
    erase_things(store).await;
    let scope = system();
    let mut portions = 0;
    loop {
        lost!(store, unit => unit.erasure().erase_account(&scope, cut(), SMALL, later()));
        let more = change!(store, unit => {
            unit.erasure().erase_account(&scope, cut(), SMALL, later())
        });
        if !more {
            break;
        }
        portions += 1;
    }
    assert!(portions >= 9, "three of each kind: {portions}");
    let request = PageRequest::first(10);
    let view = ann.view();
    let entries = look!(store, unit => unit.suppressions().page(&view, &request));
    assert_eq!(entries.items, []);
    let subjects = subjects(store, &ann).await;
    assert_eq!(subjects.len(), 3);
    let erased = |subject: &String| subject.ends_with("@erased.invalid");
    assert!(subjects.iter().all(erased), "{subjects:?}");
}

/// The subjects of an owner's trail.
async fn subjects(store: &dyn Store, owner: &Owner) -> Vec<String> {
    let request = PageRequest::first(50);
    let page = look!(store, unit => unit.audit().trail(&owner.view(), &request));
    page.items.into_iter().map(|entry| entry.subject).collect()
}

/// In how many of these runs the only delivery has the pseudonym.
async fn erased(store: &dyn Store, owner: &Owner, runs: &[RunId]) -> usize {
    let (filter, request) = (DeliveryFilter::default(), PageRequest::first(1));
    let mut erased = 0;
    for run in runs {
        let view = owner.view();
        let page = look!(store, unit => unit.runs().deliveries(&view, *run, &filter, &request));
        erased += page
            .items
            .iter()
            .filter(|it| it.address.is_erased())
            .count();
    }
    erased
}
