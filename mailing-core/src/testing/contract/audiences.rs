//! To whom mailings go: replacing, copying and weighing audiences.

use crate::mailing::{Audience, AudienceChoice, AudienceSize, Mailing};
use crate::ports::Store;
use crate::recipient::RecipientState;
use crate::testing::builders::{
    Owner, crowd, id, list, mailing, owner, recipient, start, suppression, two_owners,
};

/// Lists and picks of the old audience are gone, those of the new one are there.
pub async fn an_audience_is_replaced(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).saved(store).await.id;
    let adam = recipient().of(&ann).saved(store).await.id;
    let friends = list().of(&ann).with(&[eve, adam]).saved(store).await.id;
    let mut planned = mailing().of(&ann).to(&[eve]).saved(store).await;
    let edit = ann.edit::<Mailing>();
    for (audience, chosen, expected) in [
        (Audience::Lists(vec![friends]), vec![], 2),
        (Audience::Chosen(1), vec![adam], 1),
        (Audience::All, vec![], 2),
        (Audience::Chosen(2), vec![eve, adam], 2),
    ] {
        planned.audience = audience;
        change!(store, unit => unit.mailings().set_audience(&edit, &planned, &chosen));
        let found = look!(store, unit => unit.mailings().find(edit.view(), planned.id));
        assert_eq!(found.unwrap(), planned);
        let size = look!(store, unit => unit.mailings().audience_size(edit.view(), planned.id, 10));
        assert_eq!(size, Some(expected), "{:?}", planned.audience);
    }
    let unknown = [id(start())];
    let error = refused!(store, unit => {
        unit.mailings().set_audience(&edit, &planned, &unknown)
    });
    assert!(error.is_conflict("mailings.chosen"), "{error:?}");
}

/// Who was picked for one mailing is picked for another, whoever is in the trash left out.
pub async fn picks_are_copied_without_the_deleted(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).saved(store).await.id;
    let gone = recipient().of(&ann).saved(store).await.id;
    let first = mailing().of(&ann).to(&[eve, gone]).saved(store).await;
    change!(store, unit => unit.recipients().delete(&ann.edit(), gone, start()));
    let copy = mailing().of(&ann).to(&[]).saved(store).await;
    let edit = ann.edit::<Mailing>();
    let copied = change!(store, unit => unit.mailings().copy_chosen(&edit, first.id, copy.id));
    assert_eq!(copied, 1);
    let picked = look!(store, unit => unit.mailings().chosen(edit.view(), first.id, 10));
    assert_eq!(picked, [eve]);
    let found = look!(store, unit => unit.mailings().find(edit.view(), copy.id)).unwrap();
    assert_eq!(found.audience, Audience::Chosen(1));
    let size = look!(store, unit => unit.mailings().audience_size(edit.view(), copy.id, 10));
    assert_eq!(size, Some(1));
}

/// All, lists, picks: how many there are, and how many of them would get a message.
pub async fn an_audience_is_weighed_before_it_has_a_mailing(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let eve = recipient().of(&ann).saved(store).await.id;
    let gone = recipient().of(&ann).state(RecipientState::Unsubscribed);
    let gone = gone.saved(store).await.id;
    let barred = recipient().of(&ann).at("no@example.net").saved(store).await;
    let entry = suppression().of(&ann).domain("example.net");
    entry.saved(store).await;
    let deleted = recipient().of(&ann).saved(store).await.id;
    let first = list()
        .of(&ann)
        .with(&[eve, gone, deleted])
        .saved(store)
        .await;
    let second = list().of(&ann).with(&[eve, barred.id]).saved(store).await;
    change!(store, unit => unit.recipients().delete(&ann.edit(), deleted, start()));
    for (audience, total, active) in [
        (AudienceChoice::All, 3, 1),
        (AudienceChoice::Lists(vec![first.id]), 2, 1),
        (AudienceChoice::Lists(vec![first.id, second.id]), 3, 1),
        (AudienceChoice::Lists(vec![]), 0, 0),
        (AudienceChoice::Chosen(vec![gone, barred.id, deleted]), 2, 0),
        (AudienceChoice::Kept, 0, 0),
    ] {
        assert_eq!(
            weighed(store, &ann, &audience).await,
            AudienceSize::counted(total, active),
            "{audience:?}"
        );
    }
}

/// An audience that would take long to count is bounded by the sums that are kept: members of several
/// lists, or suppressed ones among them, make it less.
pub async fn a_large_audience_is_bounded(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let most = AudienceSize::COUNTED_MAX;
    let people = crowd(store, &ann, most as usize + 1).await;
    let gone = recipient().of(&ann).state(RecipientState::Unsubscribed);
    let gone = gone.saved(store).await.id;
    let barred = people[0];
    let entry = suppression().of(&ann).address("r1@example.org");
    entry.saved(store).await;
    let first = list().of(&ann).with(&people).saved(store).await.id;
    let second = list().of(&ann).with(&[gone, barred]).saved(store).await.id;
    for (audience, expected) in [
        (
            AudienceChoice::All,
            AudienceSize::bound(most + 2, most + 2, most + 1),
        ),
        (
            AudienceChoice::Lists(vec![first]),
            AudienceSize::bound(most + 1, most + 2, most + 1),
        ),
        (
            AudienceChoice::Lists(vec![first, second]),
            AudienceSize::bound(most + 3, most + 2, most + 1),
        ),
        (
            AudienceChoice::Lists(vec![second]),
            AudienceSize::counted(2, 0),
        ),
    ] {
        let found = weighed(store, &ann, &audience).await;
        assert_eq!(found, expected, "{audience:?}");
    }
    let planned = mailing().of(&ann).saved(store).await;
    let view = ann.view();
    for (limit, expected) in [(1, 1), (most * 2, most)] {
        let size = look!(store, unit => unit.mailings().audience_size(&view, planned.id, limit));
        assert_eq!(size, Some(expected));
    }
}

/// Another owner's audience stays as it is, and another owner's lists and recipients weigh nothing.
pub async fn a_stranger_replaces_and_weighs_no_audience(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let eve = recipient().of(&ann).saved(store).await.id;
    let friends = list().of(&ann).with(&[eve]).saved(store).await.id;
    let kept = mailing().of(&ann).to(&[eve]).saved(store).await;
    let everybody = Mailing {
        audience: Audience::All,
        ..kept.clone()
    };
    change!(store, unit => unit.mailings().set_audience(&bob.edit(), &everybody, &[]));
    let own = mailing().of(&bob).to(&[]).saved(store).await;
    let copied = change!(store, unit => unit.mailings().copy_chosen(&bob.edit(), kept.id, own.id));
    assert_eq!(copied, 0);
    let copied = change!(store, unit => unit.mailings().copy_chosen(&bob.edit(), own.id, kept.id));
    assert_eq!(copied, 0);
    let picked = look!(store, unit => unit.mailings().chosen(&bob.view(), kept.id, 10));
    assert_eq!(picked, []);
    for audience in [
        AudienceChoice::All,
        AudienceChoice::Lists(vec![friends]),
        AudienceChoice::Chosen(vec![eve]),
    ] {
        assert_eq!(
            weighed(store, &bob, &audience).await,
            AudienceSize::counted(0, 0)
        );
    }
    let found = look!(store, unit => unit.mailings().find(&ann.view(), kept.id));
    assert_eq!(found, Some(kept));
}

async fn weighed(store: &dyn Store, owner: &Owner, audience: &AudienceChoice) -> AudienceSize {
    look!(store, unit => unit.mailings().weigh_audience(&owner.view(), audience))
}
