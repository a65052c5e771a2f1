//! Places at which a worker stops, as if it were killed or suspended there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::Notify;

use super::{Call, StoreFaults};
use crate::ports::transport::{
    BuildError, Content, Envelope, Gate, MailLane, MailMessage, Outcome, PreparedMail,
};
use crate::ports::{MailTransport, StoreError};

/// A place in a worker's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// Before this call reaches the store.
    Before(Call),
    /// This call is committed and the worker does not know it yet.
    After(Call),
    /// The gate is open, nothing of the message has gone out.
    Mail,
    /// The server has answered, the worker does not know it yet.
    Reply,
}

/// Stops the one who comes by at an armed point; the test then drops that worker, or
/// [lifts](Self::lift) the point. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Failpoints(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    lifted: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// How many may still pass before one is stopped.
    armed: BTreeMap<Point, u64>,
    reached: BTreeSet<Point>,
}

impl Failpoints {
    /// Lets `passes` go by at `point` and stops the next one; those after it pass.
    pub fn stop_at(&self, point: Point, passes: u64) {
        self.lock().armed.insert(point, passes);
    }

    /// Whoever stands somewhere goes on, and nobody is stopped any more.
    pub fn lift(&self) {
        self.lock().armed.clear();
        self.0.lifted.notify_waiters();
    }

    /// Whether somebody was stopped at `point`.
    #[must_use]
    pub fn is_reached(&self, point: Point) -> bool {
        self.lock().reached.contains(&point)
    }

    /// Comes by at `point`.
    pub async fn pass(&self, point: Point) {
        let lifted = self.0.lifted.notified();
        if self.stops(point) {
            lifted.await;
        }
    }

    fn stops(&self, point: Point) -> bool {
        let mut state = self.lock();
        let Some(passes) = state.armed.get_mut(&point) else {
            return false;
        };
        if let Some(left) = passes.checked_sub(1) {
            *passes = left;
            return false;
        }
        state.armed.remove(&point);
        state.reached.insert(point);
        true
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl StoreFaults for Failpoints {
    async fn before(&self, call: Call) -> Result<(), StoreError> {
        self.pass(Point::Before(call)).await;
        Ok(())
    }

    async fn after(&self, call: Call) -> Result<(), StoreError> {
        self.pass(Point::After(call)).await;
        Ok(())
    }
}

/// A transport whose lanes come by at [`Point::Mail`] and [`Point::Reply`].
pub struct FailpointTransport {
    inner: Arc<dyn MailTransport>,
    points: Failpoints,
}

impl FailpointTransport {
    /// `inner` with failpoints in its dialogues.
    #[must_use]
    pub fn new(inner: Arc<dyn MailTransport>, points: Failpoints) -> Self {
        Self { inner, points }
    }
}

impl MailTransport for FailpointTransport {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        self.inner.prepare(content)
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(FailpointLane {
            inner: self.inner.lane(),
            points: self.points.clone(),
        })
    }

    fn lanes(&self) -> usize {
        self.inner.lanes()
    }

    fn server(&self) -> String {
        self.inner.server()
    }
}

struct FailpointLane {
    inner: Box<dyn MailLane>,
    points: Failpoints,
}

#[async_trait]
impl MailLane for FailpointLane {
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        if !gate() {
            return Outcome::Held;
        }
        self.points.pass(Point::Mail).await;
        let outcome = self.inner.send(envelope, message, gate).await;
        self.points.pass(Point::Reply).await;
        outcome
    }

    async fn close(&mut self) {
        self.inner.close().await;
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn so_many_pass_and_the_next_one_stops_until_the_point_is_lifted() {
        let points = Failpoints::default();
        let point = Point::After(Call::Exchange);
        points.stop_at(point, 2);
        for _ in 0..2 {
            assert!(points.pass(point).now_or_never().is_some());
        }
        assert!(!points.is_reached(point));
        assert!(points.pass(Point::Mail).now_or_never().is_some());
        let mut stopped = Box::pin(points.pass(point));
        assert!(stopped.as_mut().now_or_never().is_none());
        assert!(points.is_reached(point));
        assert!(points.pass(point).now_or_never().is_some(), "one alone");
        points.lift();
        assert!(stopped.now_or_never().is_some());
    }
}
