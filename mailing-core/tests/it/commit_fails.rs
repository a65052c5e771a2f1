//! A store that fails at the last moment.

use std::sync::Arc;

use mailing_core::code;
use mailing_core::error::Error;
use mailing_core::events::{Event, Events};
use mailing_core::instance_key::InstanceKey;
use mailing_core::links::LinkKeys;
use mailing_core::mailing::Mailing;
use mailing_core::ports::store::RunControl;
use mailing_core::ports::{StoreError, Unit};
use mailing_core::run::PauseReason;
use mailing_core::seal::SealingKey;
use mailing_core::services::{ServicePorts, Services};
use mailing_core::testing::builders::{Owner, mailing, owner, start};
use mailing_core::testing::mocks::{
    MockAuditRepo, MockCache, MockMailingRepo, MockStore, MockUnit,
};
use mailing_core::testing::{PlainHasher, PlainPictures, SeededEntropy, VirtualClock};

#[tokio::test]
async fn a_failed_commit_is_told_to_the_caller_and_to_nobody_else() {
    let ann = Owner::of(owner().build());
    let planned = mailing().of(&ann).build();
    let mut store = MockStore::new();
    let unit = unit_to_pause(&planned, || Err(StoreError::Full));
    store.expect_write().times(1).return_once(|| Ok(unit));
    let (services, mut heard) = services(store);
    let refused = services.mailings.pause(&ann.actor, planned.id).await;
    assert_eq!(refused.unwrap_err().code(), code::STORE_FULL);
    assert!(heard.try_recv().is_err(), "nothing has happened");
}

#[tokio::test]
async fn a_transaction_that_met_another_is_done_again_as_a_whole() {
    let ann = Owner::of(owner().build());
    let planned = mailing().of(&ann).build();
    let mut store = MockStore::new();
    for committed in [false, false, true] {
        let unit = unit_to_pause(&planned, move || if committed { Ok(()) } else { met() });
        store.expect_write().times(1).return_once(|| Ok(unit));
    }
    let (services, mut heard) = services(store);
    let paused = services.mailings.pause(&ann.actor, planned.id).await;
    assert_eq!(paused.unwrap().status.name(), "paused");
    assert_eq!(heard.try_recv(), Ok(Event::MailingChanged(planned.id)));
    assert!(heard.try_recv().is_err(), "told once");
}

#[tokio::test]
async fn meeting_others_again_and_again_ends_as_busy() {
    let ann = Owner::of(owner().build());
    let planned = mailing().of(&ann).build();
    let mut store = MockStore::new();
    for _ in 0..3 {
        let unit = unit_to_pause(&planned, met);
        store.expect_write().times(1).return_once(|| Ok(unit));
    }
    let (services, mut heard) = services(store);
    let refused = services.mailings.pause(&ann.actor, planned.id).await;
    assert!(matches!(
        refused,
        Err(Error::Unavailable(refusal, _)) if refusal.code == code::STORE_BUSY
    ));
    assert!(heard.try_recv().is_err());
}

fn met() -> Result<(), StoreError> {
    Err(StoreError::Retry("deadlock detected".into()))
}

/// A unit in which a mailing can be paused, until it comes to the commit.
fn unit_to_pause(
    planned: &Mailing,
    commit: impl FnOnce() -> Result<(), StoreError> + Send + 'static,
) -> Box<dyn Unit> {
    let found = planned.clone();
    let mut mailings = MockMailingRepo::new();
    mailings
        .expect_find()
        .times(1)
        .return_once(|_, _| Ok(Some(found)));
    mailings
        .expect_save()
        .withf(|_, saved| saved.status.paused == Some(start()))
        .times(1)
        .return_once(|_, _| Ok(()));
    mailings
        .expect_control_runs()
        .withf(|_, _, control, _| *control == RunControl::Hold(PauseReason::Owner))
        .return_once(|_, _, _, _| Ok(0));
    let mut audit = MockAuditRepo::new();
    audit.expect_add().times(1).return_once(|_| Ok(()));
    let mut unit = MockUnit::new();
    unit.expect_mailings().return_var(Box::new(mailings));
    unit.expect_audit().return_var(Box::new(audit));
    unit.expect_commit().times(1).return_once(commit);
    Box::new(unit)
}

/// Services over a store, and an ear for what they tell.
fn services(store: MockStore) -> (Services, tokio::sync::broadcast::Receiver<Event>) {
    let events = Events::default();
    let heard = events.listen();
    let services = Services::new(ServicePorts {
        store: Arc::new(store),
        clock: Arc::new(VirtualClock::at(start())),
        entropy: Arc::new(SeededEntropy::new(1)),
        hasher: Arc::new(PlainHasher),
        pictures: Arc::new(PlainPictures),
        cache: Arc::new(MockCache::new()),
        events,
        links: LinkKeys::new(&InstanceKey::new([7; 32]), 1),
        seals: SealingKey::new(&InstanceKey::new([7; 32])),
    });
    (services, heard)
}
