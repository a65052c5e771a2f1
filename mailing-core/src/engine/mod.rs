//! The engine: due mailings → runs → frozen deliveries → messages handed over, each once.
//!
//! An [`Engine`] is a set of [`Part`]s that the host spawns; the core itself never spawns. Parts
//! meet in the store and, inside one process, at a desk between the exchange and its lanes. What
//! each part guarantees, and the drawings of all states, are in `docs/engine.md`.
//!
//! ```no_run
//! # async fn serve(engine: mailing_core::engine::Engine) {
//! let stopper = engine.stopper();
//! let work = futures::future::join_all(engine.parts().into_iter().map(|part| part.run()));
//! // … on SIGTERM: stopper.drain(), on the second one: stopper.cut()
//! # drop(stopper);
//! work.await;
//! # }
//! ```

mod answers;
mod breaker;
mod control;
mod desk;
mod domains;
mod exchange;
mod fairness;
mod freeze;
mod housekeeping;
mod lane;
mod message;
mod once;
mod plan;
mod post;
mod queue;
mod rates;
mod recovery;
mod report;
mod settings;
mod shared;
mod status;
mod stop;
mod sweep;
mod tally;
mod test_send;
mod verdict;

use std::sync::Arc;

use tokio::sync::watch;

use crate::events::Events;
use crate::links::LinkKeys;
use crate::policy;
use crate::ports::{Clock, Entropy, Journal, Letters, MailTransport, Store};
use crate::seal::SealingKey;

pub use once::{RunReport, Summary};
pub use settings::{EngineSettings, Footers};
pub use status::{DomainStatus, EngineStatus, ServerState, ServerStatus};
pub use stop::Stopper;
pub use test_send::TestSent;

use control::Control;
use exchange::Exchange;
use freeze::Freezer;
use housekeeping::Housekeeper;
use lane::Lane;
use plan::Planner;
use post::Post;
use shared::Shared;
use sweep::Sweeper;
use tally::Teller;

/// What an engine works with.
#[derive(Clone)]
pub struct EnginePorts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Where mail goes.
    pub transport: Arc<dyn MailTransport>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// What it notes of each message on its own machine, and under whose id.
    pub journal: Arc<dyn Journal>,
    /// The journals of workers known to be dead: what they left is settled, too, as soon as that can
    /// be done, and then they are let go.
    pub orphans: Vec<Arc<dyn Journal>>,
    /// What services tell the engine, and what it tells live pages.
    pub events: Events,
    /// Keys of the links in mail.
    pub keys: LinkKeys,
    /// Opens the service's own letters.
    pub seals: SealingKey,
    /// Puts them into words.
    pub letters: Arc<dyn Letters>,
}

/// One worker.
pub struct Engine {
    shared: Arc<Shared>,
}

impl Engine {
    /// An engine that does nothing until its parts run. It claims under its journal's worker id.
    #[must_use]
    pub fn new(ports: EnginePorts, settings: EngineSettings) -> Self {
        Self {
            shared: Arc::new(Shared::new(ports, settings, policy::system())),
        }
    }

    /// The parts. The host runs all of them, at the same time, until they return.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let shared = || Arc::clone(&self.shared);
        let mut parts = vec![Work::Control(Control::new(shared()))];
        if self.shared.settings.scheduler {
            parts.push(Work::Plan(Planner::new(shared())));
        }
        parts.push(Work::Post(Post::new(shared())));
        parts.push(Work::Freeze(Freezer::new(shared())));
        parts.push(Work::Exchange(Exchange::new(shared())));
        let lanes = self.shared.transport.lanes().max(1);
        parts.extend((0..lanes).map(|_| Work::Lane(Lane::new(shared()))));
        parts.push(Work::Sweep(Sweeper::new(shared())));
        parts.push(Work::Tally(Teller::new(shared())));
        parts.push(Work::Housekeep(Housekeeper::new(shared())));
        parts.into_iter().map(Part).collect()
    }

    /// Stops this engine.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        self.shared.stop.clone()
    }

    /// How this engine is doing, now and from now on.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<EngineStatus> {
        self.shared.status.subscribe()
    }
}

/// One loop of an engine.
pub struct Part(Work);

enum Work {
    Control(Control),
    Plan(Planner),
    Post(Post),
    Freeze(Freezer),
    Exchange(Exchange),
    Lane(Lane),
    Sweep(Sweeper),
    Tally(Teller),
    Housekeep(Housekeeper),
}

impl Part {
    /// The part's name for logs: `control`, `plan`, `post`, `freeze`, `exchange`, `lane`, `sweep`,
    /// `tally`, `housekeeping`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.0 {
            Work::Control(_) => "control",
            Work::Plan(_) => "plan",
            Work::Post(_) => "post",
            Work::Freeze(_) => "freeze",
            Work::Exchange(_) => "exchange",
            Work::Lane(_) => "lane",
            Work::Sweep(_) => "sweep",
            Work::Tally(_) => "tally",
            Work::Housekeep(_) => "housekeeping",
        }
    }

    /// Works until the engine is stopped. Never fails: a store that does not answer is asked again.
    pub async fn run(self) {
        match self.0 {
            Work::Control(part) => part.run().await,
            Work::Plan(part) => part.run().await,
            Work::Post(part) => part.run().await,
            Work::Freeze(part) => part.run().await,
            Work::Exchange(part) => part.run().await,
            Work::Lane(part) => part.run().await,
            Work::Sweep(part) => part.run().await,
            Work::Tally(part) => part.run().await,
            Work::Housekeep(part) => part.run().await,
        }
    }
}
