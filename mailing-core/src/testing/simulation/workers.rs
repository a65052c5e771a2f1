//! Workers that are started, killed, stopped and let go.

use std::time::Duration;

use super::executor::{Executor, Group};
use super::seed::Dice;
use crate::engine::{Engine, EnginePorts, EngineSettings, Stopper};

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
    life: Life,
    /// Monotonic time at which it is started, or let go on.
    change_at: Option<Duration>,
}

enum Life {
    Down,
    Up(Stopper),
    /// Not polled: `SIGSTOP`, or a machine that is suspended.
    Stopped(Stopper),
}

impl Workers {
    pub(super) fn new(ports: EnginePorts, settings: EngineSettings, count: Group) -> Self {
        let slot = |group| Slot {
            group,
            life: Life::Down,
            change_at: Some(Duration::ZERO),
        };
        Self {
            ports,
            settings,
            slots: (1..=count).map(slot).collect(),
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
            if slot.change_at.is_none_or(|at| at > now) {
                continue;
            }
            slot.change_at = None;
            let life = std::mem::replace(&mut slot.life, Life::Down);
            slot.life = match life {
                Life::Down => Life::Up(start(slot.group, &self.ports, &self.settings, executor)),
                Life::Stopped(stopper) | Life::Up(stopper) => {
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

    /// Kills one that lives, at whatever await points its parts are. It comes back later.
    pub(super) fn kill(&mut self, executor: &mut Executor, dice: &Dice, now: Duration) -> bool {
        let Some(slot) = self.living(dice) else {
            return false;
        };
        executor.kill(slot.group);
        slot.life = Life::Down;
        slot.change_at = Some(now + dice.seconds(0, 120));
        true
    }

    /// Stops one for a while.
    pub(super) fn suspend(&mut self, executor: &mut Executor, dice: &Dice, now: Duration) -> bool {
        let Some(slot) = self.living(dice) else {
            return false;
        };
        executor.stop(slot.group, true);
        if let Life::Up(stopper) = std::mem::replace(&mut slot.life, Life::Down) {
            slot.life = Life::Stopped(stopper);
        }
        slot.change_at = Some(now + dice.seconds(1, 200));
        true
    }

    /// Drains one, or cuts it.
    pub(super) fn end_one(&mut self, dice: &Dice, cut: bool) -> bool {
        let stopper = self.living(dice).map(|slot| match &slot.life {
            Life::Up(stopper) | Life::Stopped(stopper) => Some(stopper.clone()),
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

fn start(
    group: Group,
    ports: &EnginePorts,
    settings: &EngineSettings,
    executor: &mut Executor,
) -> Stopper {
    let engine = Engine::new(ports.clone(), settings.clone());
    for part in engine.parts() {
        executor.spawn(group, part.run());
    }
    engine.stopper()
}
