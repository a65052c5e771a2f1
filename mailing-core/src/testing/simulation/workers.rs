//! Workers that are started, killed, stopped and let go.

use std::sync::Arc;
use std::time::Duration;

use super::executor::{Executor, Group};
use super::seed::Dice;
use crate::engine::{Engine, EnginePorts, EngineSettings, Stopper};
use crate::testing::{MemoryJournal, builders};

/// Most workers of a world.
const MOST: Group = 3;

/// After this time what a stopped worker had claimed is with others, if its owner wants that.
const TAKEN_OVER: Duration = Duration::from_secs(62);

/// The workers of a world, each in its own place.
pub(super) struct Workers {
    ports: EnginePorts,
    settings: EngineSettings,
    slots: Vec<Slot>,
    /// Nobody comes back.
    ending: bool,
}

struct Slot {
    group: Group,
    /// Outlives the worker; some have none.
    journal: Option<MemoryJournal>,
    life: Life,
    /// Monotonic time at which it is started, or let go on.
    change_at: Option<Duration>,
}

enum Life {
    Down,
    Up(Stopper),
    /// Not polled since then: `SIGSTOP`, or a machine that is suspended.
    Stopped(Stopper, Duration),
}

impl Workers {
    pub(super) fn new(ports: EnginePorts, settings: EngineSettings, dice: &Dice) -> Self {
        let with_journals = !dice.one_in(4);
        let journal = || MemoryJournal::of(builders::id(builders::start()));
        let slot = |group| Slot {
            group,
            journal: with_journals.then(journal),
            life: Life::Down,
            change_at: Some(Duration::ZERO),
        };
        let count = usize::try_from(dice.between(1, u64::from(MOST))).unwrap();
        Self {
            ports,
            settings,
            slots: (1..=MOST).take(count).map(slot).collect(),
            ending: false,
        }
    }

    /// Starts and lets go on whoever's time has come; whoever has ended is started again later.
    pub(super) fn look(&mut self, executor: &mut Executor, dice: &Dice, now: Duration) {
        for slot in &mut self.slots {
            if matches!(slot.life, Life::Up(_)) && executor.is_over(slot.group) {
                slot.life = Life::Down;
                let again = now + dice.seconds(0, 90);
                slot.change_at = (!self.ending).then_some(again);
            }
            // Worst is who comes back when others have taken over, and are in the middle of it.
            if let Life::Stopped(_, since) = slot.life
                && now >= since + TAKEN_OVER
                && dice.one_in(20)
            {
                slot.change_at = Some(now);
            }
            if slot.change_at.is_none_or(|at| at > now) {
                continue;
            }
            slot.change_at = None;
            slot.life = match std::mem::replace(&mut slot.life, Life::Down) {
                Life::Down => Life::Up(start(slot, &self.ports, &self.settings, executor)),
                Life::Stopped(stopper, _) | Life::Up(stopper) => {
                    executor.stop(slot.group, false);
                    Life::Up(stopper)
                }
            };
        }
    }

    /// When something changes by itself.
    pub(super) fn next_change(&self) -> Option<Duration> {
        self.slots.iter().filter_map(|slot| slot.change_at).min()
    }

    /// Kills one that lives, at whatever await points its parts are. It comes back later, and its
    /// journal may have suffered.
    pub(super) fn kill(&mut self, executor: &mut Executor, dice: &Dice, now: Duration) -> bool {
        let Some(slot) = self.living(dice) else {
            return false;
        };
        executor.kill(slot.group);
        slot.life = Life::Down;
        slot.change_at = Some(now + dice.seconds(0, 120));
        if let Some(journal) = &slot.journal {
            damage(journal, dice);
        }
        true
    }

    /// Stops one for a while.
    pub(super) fn suspend(&mut self, executor: &mut Executor, dice: &Dice, now: Duration) -> bool {
        let Some(slot) = self.living(dice) else {
            return false;
        };
        executor.stop(slot.group, true);
        if let Life::Up(stopper) = std::mem::replace(&mut slot.life, Life::Down) {
            slot.life = Life::Stopped(stopper, now);
        }
        slot.change_at = Some(now + dice.seconds(1, 300));
        true
    }

    /// One cannot write its journal any more, or can again.
    pub(super) fn fail_a_journal(&mut self, dice: &Dice, failing: bool) -> bool {
        let journal = self.living(dice).and_then(|slot| slot.journal.as_ref());
        journal.map(|journal| journal.fail(failing)).is_some()
    }

    /// Drains one, or cuts it.
    pub(super) fn end_one(&mut self, dice: &Dice, cut: bool) -> bool {
        let stopper = self.living(dice).map(|slot| match &slot.life {
            Life::Up(stopper) | Life::Stopped(stopper, _) => Some(stopper.clone()),
            Life::Down => None,
        });
        let Some(stopper) = stopper.flatten() else {
            return false;
        };
        stopper.drain();
        if cut {
            stopper.cut();
        }
        true
    }

    /// Kills all of them and starts them anew.
    pub(super) fn restart(&mut self, executor: &mut Executor, now: Duration) {
        for slot in &mut self.slots {
            executor.kill(slot.group);
            slot.life = Life::Down;
            slot.change_at = Some(now);
            if let Some(journal) = &slot.journal {
                journal.fail(false);
            }
        }
    }

    /// Drains all of them; nobody comes back.
    pub(super) fn end(&mut self) {
        self.ending = true;
        for slot in &mut self.slots {
            slot.change_at = None;
            if let Life::Up(stopper) = &slot.life {
                stopper.drain();
            }
        }
    }

    /// Whether nobody works any more.
    pub(super) fn are_over(&self, executor: &Executor) -> bool {
        self.slots.iter().all(|slot| executor.is_over(slot.group))
    }

    fn living(&mut self, dice: &Dice) -> Option<&mut Slot> {
        let index = usize::try_from(dice.below(self.slots.len() as u64)).ok()?;
        let slot = self.slots.get_mut(index)?;
        matches!(slot.life, Life::Up(_)).then_some(slot)
    }
}

/// What may become of the journal of a worker that is killed.
fn damage(journal: &MemoryJournal, dice: &Dice) {
    match dice.below(10) {
        0 => journal.tear(),
        1 => journal.delete(),
        2 => journal.grow_old(),
        3 => journal.lose_power(usize::try_from(dice.below(4)).unwrap()),
        _ => {}
    }
}

fn start(
    slot: &Slot,
    ports: &EnginePorts,
    settings: &EngineSettings,
    executor: &mut Executor,
) -> Stopper {
    let mut ports = ports.clone();
    if let Some(journal) = &slot.journal {
        ports.journal = Arc::new(journal.clone());
    }
    let engine = Engine::new(ports, settings.clone());
    for part in engine.parts() {
        executor.spawn(slot.group, part.run());
    }
    engine.stopper()
}
