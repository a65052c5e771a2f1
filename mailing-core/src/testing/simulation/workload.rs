//! Owners with recipients and mailings, and what they do while their mailings are sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;

use super::checkers::{Checkers, Expected, Plan};
use super::seed::Dice;
use super::server::NOBODY;
use crate::error::Error;
use crate::id::{MailingId, RecipientId, RunId};
use crate::links::{LinkKeys, UnsubscribeClaim};
use crate::policy::Actor;
use crate::ports::Clock as _;
use crate::ports::store::Retry;
use crate::schedule::{CronRule, MissedPolicy, Repeat, Windows};
use crate::services::Services;
use crate::testing::builders::{self, Owner};
use crate::testing::{MemoryStore, VirtualClock};
use crate::user::Role;

/// How often somebody asks a service again that does not answer.
const ASKED_AGAIN: u32 = 2_000;

/// How often somebody wants something that is refused.
const INSISTED: u32 = 60;

/// What people have and want.
pub(super) struct Workload {
    pub(super) people: Vec<Person>,
    pub(super) expected: Arc<Mutex<Expected>>,
}

/// The owner of one mailing.
pub(super) struct Person {
    owner: Owner,
    mailing: MailingId,
    recipients: Vec<RecipientId>,
    expected: Arc<Mutex<Expected>>,
}

/// What people work with.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) services: Services,
    pub(super) manager: Actor,
    pub(super) store: MemoryStore,
    pub(super) checkers: Arc<Checkers>,
    pub(super) keys: LinkKeys,
    pub(super) clock: VirtualClock,
    pub(super) dice: Dice,
}

/// Somebody who may stop other people's mailings.
pub(super) fn manager(store: &MemoryStore) -> Actor {
    at_once(builders::owner().role(Role::Manager).saved(store)).actor
}

/// Fills the store.
pub(super) fn make(store: &MemoryStore, dice: &Dice) -> Workload {
    let expected = Arc::<Mutex<Expected>>::default();
    let mut people = Vec::new();
    for _ in 0..dice.between(1, 2) {
        let owner = at_once(builders::owner().saved(store));
        let recipients: Vec<_> = (0..dice.between(2, 14))
            .map(|number| {
                let name = if dice.one_in(12) { NOBODY } else { "r" };
                let to = builders::recipient()
                    .of(&owner)
                    .at(&format!("{name}{number}@example.org"));
                at_once(to.saved(store)).id
            })
            .collect();
        for _ in 0..dice.between(1, 2) {
            let mailing = mailing(store, &owner, dice);
            let occurrences = Windows::new(mailing.schedules()).unwrap();
            let plan = Plan {
                occurrences: occurrences.occurrences().map(|(_, at)| at.at).collect(),
                audience: recipients.iter().copied().collect(),
            };
            lock(&expected).mailings.insert(mailing.id, plan);
            people.push(Person {
                owner: owner.clone(),
                mailing: mailing.id,
                recipients: recipients.clone(),
                expected: Arc::clone(&expected),
            });
        }
    }
    Workload { people, expected }
}

fn mailing(store: &MemoryStore, owner: &Owner, dice: &Dice) -> crate::mailing::Mailing {
    let mailing = builders::mailing().of(owner);
    let from = format!("2026-03-02T09:{:02}", dice.between(1, 20));
    let mut mailing = match dice.below(4) {
        0 => {
            let expression = CronRule::parse("*/7 * * * *").unwrap();
            let until = format!("2026-03-02T09:{:02}", dice.between(30, 45));
            mailing.window(&from, Some(&until), Repeat::Cron { expression })
        }
        1 => {
            let until = format!("2026-03-{:02}T00:00", dice.between(3, 5));
            mailing.window(&from, Some(&until), Repeat::Daily { every: 1 })
        }
        _ => mailing.once(&from),
    };
    if dice.one_in(2) {
        mailing = mailing.retrying_doubts();
    }
    let policies = [
        MissedPolicy::RunOnce,
        MissedPolicy::RunEach,
        MissedPolicy::Skip,
    ];
    mailing = mailing.missed(*dice.pick(&policies).unwrap());
    at_once(mailing.saved(store))
}

impl Person {
    /// Lives through the world, changing its mind now and then.
    pub(super) async fn live(self, desk: Desk) {
        for _ in 0..desk.dice.below(4) {
            desk.sleep(desk.dice.seconds(30, 1_500)).await;
            self.meddle(&desk).await;
        }
    }

    async fn meddle(&self, desk: &Desk) {
        let (actor, mailing) = (&self.owner.actor, self.mailing);
        let (services, dice) = (&desk.services, &desk.dice);
        match dice.below(16) {
            0..=2 => {
                if desk.ask(|| services.mailings.pause(actor, mailing)).await {
                    desk.sleep(dice.seconds(1, 600)).await;
                    desk.insist(|| services.mailings.resume(actor, mailing))
                        .await;
                }
            }
            10 => self.is_moderated(desk).await,
            11..=13 => self.sends_again(desk).await,
            3 => {
                self.expected().finished.insert(mailing);
                desk.ask(|| services.mailings.finish(actor, mailing)).await;
            }
            4 | 5 => {
                desk.ask(|| services.mailings.send_now(actor, mailing))
                    .await;
            }
            6 => {
                let recipient = *dice.pick(&self.recipients).unwrap();
                self.expected().deleted.insert(recipient);
                desk.ask(|| services.recipients.delete(actor, recipient))
                    .await;
            }
            _ => {
                let token = desk.keys.unsubscribe_token(&UnsubscribeClaim {
                    owner: self.owner.id(),
                    recipient: *dice.pick(&self.recipients).unwrap(),
                    run: RunId::from(mailing.uuid()),
                });
                desk.ask(|| services.unsubscribe.confirm(&token)).await;
            }
        }
    }

    /// A manager stops the mailing or blocks its owner, and lets go again.
    async fn is_moderated(&self, desk: &Desk) {
        let (moderation, manager) = (&desk.services.moderation, &desk.manager);
        let (mailing, owner) = (self.mailing, self.owner.id());
        if desk.dice.one_in(2) {
            let disabled = desk.ask(|| moderation.disable(manager, mailing, "spam is suspected"));
            if disabled.await {
                desk.sleep(desk.dice.seconds(1, 600)).await;
                desk.insist(|| moderation.enable(manager, mailing)).await;
            }
        } else {
            let blocked = desk.ask(|| moderation.block(manager, owner, "spam is suspected"));
            if blocked.await {
                desk.sleep(desk.dice.seconds(1, 600)).await;
                desk.insist(|| moderation.unblock(manager, owner)).await;
            }
        }
    }

    /// The owner tries failed deliveries of a run again, or sends doubtful ones again.
    async fn sends_again(&self, desk: &Desk) {
        let runs: Vec<_> = desk
            .store
            .committed()
            .runs()
            .filter(|run| run.mailing == self.mailing)
            .map(|run| run.id)
            .collect();
        let Some(run) = desk.dice.pick(&runs).copied() else {
            return;
        };
        let what = match desk.dice.one_in(2) {
            true => Retry::Failed,
            false => Retry::SendAgain,
        };
        desk.checkers.order(run, true);
        let actor = &self.owner.actor;
        desk.ask(|| desk.services.runs.retry(actor, run, what, None))
            .await;
        desk.checkers.order(run, false);
    }

    fn expected(&self) -> MutexGuard<'_, Expected> {
        lock(&self.expected)
    }
}

impl Desk {
    /// Asks until there is an answer; whether it is yes.
    async fn ask<T, F>(&self, ask: impl Fn() -> F) -> bool
    where
        F: Future<Output = Result<T, Error>>,
    {
        for _ in 0..ASKED_AGAIN {
            match ask().await {
                Err(Error::Unavailable(..)) => self.sleep(Duration::from_secs(2)).await,
                answered => {
                    self.checkers.look();
                    return answered.is_ok();
                }
            }
        }
        false
    }

    /// Asks until it is done: somebody else may be in the way for a while.
    async fn insist<T, F>(&self, ask: impl Fn() -> F)
    where
        F: Future<Output = Result<T, Error>>,
    {
        for _ in 0..INSISTED {
            if self.ask(&ask).await {
                return;
            }
            self.sleep(Duration::from_secs(60)).await;
        }
    }

    async fn sleep(&self, time: Duration) {
        let time = chrono::Duration::from_std(time).unwrap();
        self.clock.sleep_until(self.clock.now() + time).await;
    }
}

pub(super) fn lock(expected: &Mutex<Expected>) -> MutexGuard<'_, Expected> {
    expected.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the memory store does without anybody in its way is done at once.
fn at_once<T>(work: impl Future<Output = T>) -> T {
    work.now_or_never().unwrap()
}
