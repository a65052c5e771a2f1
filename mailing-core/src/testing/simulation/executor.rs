//! Polls tasks one at a time, in an order that dice decide.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::seed::Dice;

/// Tasks that live and die together: a worker, or the people.
pub(super) type Group = u32;

/// All tasks of a world.
#[derive(Default)]
pub(super) struct Executor {
    tasks: Vec<Task>,
    stopped: BTreeSet<Group>,
}

struct Task {
    group: Group,
    work: Pin<Box<dyn Future<Output = ()>>>,
    woken: Arc<Flag>,
    waker: Waker,
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What one step did.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Somebody was polled.
    Polled,
    /// Nobody has anything to do at this instant.
    Idle,
    /// Somebody panicked.
    Panicked(Group),
}

impl Executor {
    pub(super) fn spawn(&mut self, group: Group, work: impl Future<Output = ()> + 'static) {
        let woken = Arc::new(Flag(AtomicBool::new(true)));
        self.tasks.push(Task {
            group,
            work: Box::pin(work),
            waker: Waker::from(Arc::clone(&woken)),
            woken,
        });
    }

    /// Drops all tasks of a group, wherever they wait.
    pub(super) fn kill(&mut self, group: Group) {
        self.tasks.retain(|task| task.group != group);
        self.stopped.remove(&group);
    }

    /// Polls nobody of a group any more, or again: what `SIGSTOP` and `SIGCONT` do.
    pub(super) fn stop(&mut self, group: Group, stopped: bool) {
        if stopped {
            self.stopped.insert(group);
        } else {
            self.stopped.remove(&group);
        }
    }

    /// Whether all tasks of a group have returned.
    pub(super) fn is_over(&self, group: Group) -> bool {
        self.tasks.iter().all(|task| task.group != group)
    }

    /// Polls one of those that were woken.
    pub(super) fn step(&mut self, dice: &Dice) -> Step {
        let woken: Vec<usize> = self
            .tasks
            .iter()
            .enumerate()
            .filter(|(_, task)| {
                task.woken.0.load(Ordering::Relaxed) && !self.stopped.contains(&task.group)
            })
            .map(|(index, _)| index)
            .collect();
        let Some(index) = dice.pick(&woken).copied() else {
            return Step::Idle;
        };
        let task = &mut self.tasks[index];
        task.woken.0.store(false, Ordering::Relaxed);
        let mut context = Context::from_waker(&task.waker);
        let work = task.work.as_mut();
        match catch_unwind(AssertUnwindSafe(|| work.poll(&mut context))) {
            Ok(Poll::Pending) => Step::Polled,
            Ok(Poll::Ready(())) => {
                self.tasks.remove(index);
                Step::Polled
            }
            Err(_) => Step::Panicked(task.group),
        }
    }
}

/// Lets others go first.
pub(super) async fn step_aside() {
    let mut aside = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut aside, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
