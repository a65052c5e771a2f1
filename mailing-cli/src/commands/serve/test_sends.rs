//! Test sends that pages ask for: handed over in memory, sent one after another beside the pages, so
//! that no request waits for the mail server.

use std::sync::Arc;

use mailing_core::engine::{Engine, Stopper};
use mailing_core::message::TestSend;
use mailing_core::ports::transport::Outcome;
use mailing_web::TestSender;
use tokio::sync::mpsc;

/// Most tests that wait; more are dropped and logged.
const WAITING: usize = 64;

/// The pages' end.
struct Handover(mpsc::Sender<TestSend>);

impl TestSender for Handover {
    fn send(&self, test: TestSend) {
        if self.0.try_send(test).is_err() {
            tracing::warn!("test_send_dropped");
        }
    }
}

/// Both ends: what pages hand over to, and what [`send`] takes from.
pub(super) fn queue() -> (Arc<dyn TestSender>, mpsc::Receiver<TestSend>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Arc::new(Handover(sender)), receiver)
}

/// Sends what comes until the stopper drains.
pub(super) async fn send(
    engine: &Engine,
    stopper: &Stopper,
    mut waiting: mpsc::Receiver<TestSend>,
) {
    loop {
        let test = tokio::select! {
            () = stopper.drained() => return,
            test = waiting.recv() => test,
        };
        let Some(test) = test else { return };
        for sent in engine.send_test(&test).await {
            match sent.outcome {
                Ok(Outcome::Accepted(_)) => {}
                Ok(outcome) => tracing::warn!(to = %sent.to, %outcome, "test_not_taken"),
                Err(error) => tracing::warn!(to = %sent.to, %error, "test_not_built"),
            }
        }
    }
}
