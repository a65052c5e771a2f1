//! Counts for pages.

use crate::mailing::MailingEvent;
use crate::ports::Store;
use crate::ports::store::{OwnerCounts, ServiceCounts};
use crate::testing::builders::{mailing, owner, recipient, start, two_owners};
use crate::testing::system;

/// An empty service has nothing.
pub async fn an_empty_service_counts_nothing(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let service = look!(store, unit => unit.statistics().service(&system()));
    assert_eq!(service, ServiceCounts::default());
    let own = look!(store, unit => unit.statistics().owner(&ann.view()));
    assert_eq!(own, OwnerCounts::default());
}

/// Drafts are not mailings of the service; held and finished ones are not active.
pub async fn mailings_are_counted_by_what_they_may_do(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let disabled = MailingEvent::Disabled {
        reason: "spam".to_owned(),
    };
    for builder in [
        mailing().draft(),
        mailing(),
        mailing().after(MailingEvent::WindowOpened),
        mailing().after(MailingEvent::Paused),
        mailing().after(disabled),
        mailing().after(MailingEvent::NothingLeft),
    ] {
        builder.of(&ann).saved(store).await;
    }
    mailing().of(&bob).saved(store).await;
    let service = look!(store, unit => unit.statistics().service(&system()));
    assert_eq!((service.mailings, service.active), (6, 3));
    let own = look!(store, unit => unit.statistics().owner(&ann.view()));
    assert_eq!((own.mailings, own.active), (6, 2));
}

/// The service counts different addresses, an owner recipients; what is in the trash is none.
pub async fn recipients_are_counted_once_per_address(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    recipient()
        .of(&ann)
        .at("eve@example.org")
        .saved(store)
        .await;
    recipient()
        .of(&bob)
        .at("EVE@example.org")
        .saved(store)
        .await;
    recipient().of(&ann).saved(store).await;
    let gone = recipient().of(&ann).saved(store).await;
    change!(store, unit => unit.recipients().delete(&ann.edit(), gone.id, start()));
    let service = look!(store, unit => unit.statistics().service(&system()));
    assert_eq!(service.recipients, 2);
    let own = look!(store, unit => unit.statistics().owner(&ann.view()));
    assert_eq!(own.recipients, 2);
}
