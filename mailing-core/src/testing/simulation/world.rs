//! A world from a seed: it is made, the weather goes over it, and it comes to its end.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt as _;

use super::Broken;
use super::checkers::{Checkers, Expected};
use super::executor::{Executor, Group, Step};
use super::seed::Dice;
use super::server::Server;
use super::weather::{Weather, WeatheredStore};
use super::workers::Workers;
use super::workload::{self, Desk};
use crate::engine::{EnginePorts, EngineSettings, Footers};
use crate::events::Events;
use crate::instance_key::InstanceKey;
use crate::links::LinkKeys;
use crate::message::FooterWords;
use crate::ports::journal::NoJournal;
use crate::ports::{Clock as _, MailTransport, Store};
use crate::run::{Counts, RunState};
use crate::seal::SealingKey;
use crate::services::{ServicePorts, Services};
use crate::testing::faults::mutants::{
    ClaimsWithoutALease, CountsTwice, ForgetsTheToken, MovesNextAtTwice, SettlesBeforeTheDot,
    SweepsToPending,
};
use crate::testing::faults::{FaultyStore, StoreFaults};
use crate::testing::{
    KeepingCache, MemoryStore, PlainHasher, PlainLetters, PlainPictures, SeededEntropy,
    VirtualClock, builders, system,
};
use crate::time::Timestamp;

/// The tasks of the people.
const PEOPLE: Group = 0;
/// Steps after which something goes on for ever.
const STEPS_MAX: u64 = 400_000;
/// Looks at the clock without any change after which bigger and bigger steps of time are taken.
const PATIENCE: u32 = 10;
/// Looks without any change after which the sky clears, whatever is left of the weather.
const BORED: u32 = 40;
/// Looks without any change after which nothing will ever change again.
const STUCK: u32 = 400;

/// Most lines of a failed world's story that are shown.
const STORY: usize = 120;

/// What happened in a world that came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Report {
    /// Tasks that were polled.
    pub steps: u64,
    /// Sums over all runs.
    pub counts: Counts,
    /// Runs that took place.
    pub runs: u64,
    /// Runs that were missed.
    pub missed: u64,
    /// Workers that were killed.
    pub kills: u64,
    /// Workers that were stopped for a while.
    pub stops: u64,
    /// Steps of the wall clock.
    pub jumps: u64,
}

/// What did not hold.
#[derive(Debug, Clone)]
pub struct Failure {
    /// In which world.
    pub seed: u64,
    /// At which step.
    pub step: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: String,
    /// What happened before, in lines; empty until the world is told.
    pub story: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seed,
            step,
            at,
            what,
            story,
        } = self;
        for line in &story[story.len().saturating_sub(STORY)..] {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "seed {seed}, step {step}, {at}: {what}")?;
        write!(
            f,
            "MAILING_TEST_SEED={seed} cargo test -p mailing-core --features testing simulation"
        )
    }
}

/// A world on its way.
pub(super) struct World {
    seed: u64,
    dice: Dice,
    clock: VirtualClock,
    store: MemoryStore,
    executor: Executor,
    workers: Workers,
    weather: Arc<Weather>,
    checkers: Arc<Checkers>,
    expected: Arc<Mutex<Expected>>,
    report: Report,
    healed: bool,
    /// Looks at the clock since anything changed.
    quiet: u32,
    changes: u64,
}

impl World {
    pub(super) fn new(seed: u64, broken: Option<Broken>) -> Self {
        let dice = Dice::new(seed);
        let clock = VirtualClock::at(builders::start());
        let store = MemoryStore::new(Arc::new(clock.clone()));
        let checkers = Arc::new(Checkers::new(store.clone(), clock.clone()));
        let weather = Arc::new(Weather::new(dice.another(), clock.clone()));
        let workload = workload::make(&store, &dice);
        let weathered = Arc::new(WeatheredStore {
            weather: Arc::clone(&weather),
            checkers: Arc::clone(&checkers),
        });
        let port = FaultyStore::new(variant(&store, &clock, broken), weathered);
        let port: Arc<dyn Store> = Arc::new(port);
        let server = Arc::new(Server {
            weather: Arc::clone(&weather),
            checkers: Arc::clone(&checkers),
            lanes: usize::try_from(dice.between(1, 3)).unwrap(),
        });
        let transport: Arc<dyn MailTransport> = match broken {
            Some(Broken::SettlesBeforeTheDot) => Arc::new(SettlesBeforeTheDot(server)),
            _ => server,
        };
        let ports = EnginePorts {
            store: Arc::clone(&port),
            transport,
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(seed)),
            journal: Arc::new(NoJournal),
            orphans: Vec::new(),
            events: Events::default(),
            keys: LinkKeys::new(&InstanceKey::new([7; 32]), 1),
            seals: SealingKey::new(&InstanceKey::new([7; 32])),
            letters: Arc::new(PlainLetters),
        };
        let mut executor = Executor::default();
        let manager = workload::manager(&store);
        let desk = Desk {
            services: services(&ports),
            manager,
            keys: ports.keys.clone(),
            store: store.clone(),
            checkers: Arc::clone(&checkers),
            clock: clock.clone(),
            dice: dice.another(),
        };
        for person in workload.people {
            executor.spawn(PEOPLE, person.live(desk.clone()));
        }
        Self {
            seed,
            workers: Workers::new(ports, settings(&dice), &dice),
            dice,
            clock,
            store,
            executor,
            weather,
            checkers,
            expected: workload.expected,
            report: Report::default(),
            healed: false,
            quiet: 0,
            changes: 0,
        }
    }

    /// Writes down what happens, for the one who looks for the cause of a failure.
    pub(super) fn told(self) -> Self {
        self.checkers.take_notes();
        self
    }

    /// Lets the world live until everything is over.
    pub(super) fn run(mut self) -> Result<Report, Failure> {
        while !self.is_over() {
            self.step()?;
        }
        self.workers.end();
        while !self.workers.are_over(&self.executor) {
            self.step()?;
        }
        let checked = self.store.ledger().check(&system()).now_or_never();
        let faults = checked.unwrap().unwrap().faults;
        let wrong = faults.first().map(|fault| format!("ledger: {fault:?}"));
        let expected = workload::lock(&self.expected).clone();
        match wrong.or_else(|| self.checkers.at_the_end(&expected)) {
            Some(what) => Err(self.failure(what)),
            None => Ok(self.summed_up()),
        }
    }

    /// One poll, or one step of time.
    fn step(&mut self) -> Result<(), Failure> {
        self.report.steps += 1;
        if self.report.steps > STEPS_MAX || self.quiet > STUCK {
            let open = self.checkers.what_is_open();
            return Err(self.failure(format!("it does not come to an end: {open}")));
        }
        if self.healed {
            let now = self.clock.monotonic();
            self.workers.look(&mut self.executor, &self.dice, now);
        } else {
            self.storm();
        }
        match self.executor.step(&self.dice) {
            Step::Polled => {}
            Step::Panicked(group) => return Err(self.failure(format!("a panic in {group}"))),
            Step::Idle => {
                self.checkers.look();
                self.let_time_pass();
            }
        }
        match self.checkers.violation() {
            Some(what) => Err(self.failure(what)),
            None => Ok(()),
        }
    }

    /// Sometimes something breaks that is larger than one call.
    fn storm(&mut self) {
        let (now, dice) = (self.clock.monotonic(), self.dice.clone());
        self.workers.look(&mut self.executor, &dice, now);
        if self.weather.is_clear() || self.quiet > BORED {
            // Whoever mends what was broken restarts the service.
            self.weather.clear_up();
            self.workers.restart(&mut self.executor, now);
            self.healed = true;
            self.quiet = 0;
            return;
        }
        if !dice.one_in(120) {
            return;
        }
        let executor = &mut self.executor;
        let kind = dice.below(10);
        let struck = match kind {
            0..=2 => {
                let killed = self.workers.kill(executor, &dice, now);
                self.report.kills += u64::from(killed);
                killed
            }
            3 | 4 => {
                let stopped = self.workers.suspend(executor, &dice, now);
                self.report.stops += u64::from(stopped);
                stopped
            }
            5 => self.workers.end_one(&dice, dice.one_in(2)),
            6 => {
                self.weather.take_the_server_away(dice.seconds(5, 300));
                true
            }
            7 => {
                self.weather.take_the_store_away(dice.seconds(1, 60));
                true
            }
            8 => {
                self.set_the_clock();
                true
            }
            _ => self.workers.fail_a_journal(&dice, dice.one_in(2)),
        };
        if struck {
            self.checkers.note(|| format!("storm {kind}"));
            self.weather.spend();
        }
    }

    /// Somebody sets the wall clock, forward or back.
    fn set_the_clock(&mut self) {
        let by = chrono::Duration::milliseconds(
            i64::try_from(self.dice.between(1, 3 * 3_600_000)).unwrap(),
        );
        let now = self.clock.now();
        self.clock.set(if self.dice.one_in(2) {
            now + by
        } else {
            now - by
        });
        self.report.jumps += 1;
    }

    /// To the next instant at which anybody wants to do something; farther when nothing changes.
    fn let_time_pass(&mut self) {
        let changes = self.checkers.changes();
        self.quiet = if changes == self.changes {
            self.quiet + 1
        } else {
            0
        };
        self.changes = changes;
        let (now, mono) = (self.clock.now(), self.clock.monotonic());
        let ahead = |at: Timestamp| (at - now).to_std().unwrap_or_default();
        let change = self.workers.next_change();
        let change = change.map_or(Duration::MAX, |at| at.saturating_sub(mono));
        let sleeper = self
            .clock
            .next_sleeper()
            .map_or(Duration::from_secs(1), ahead);
        let mut step = sleeper.min(change);
        if self.quiet > PATIENCE {
            let leap = Duration::from_secs(1 << (self.quiet - PATIENCE).min(13));
            let due = self.store.ledger().next_instant(&system()).now_or_never();
            let due = due
                .unwrap()
                .unwrap()
                .map(ahead)
                .filter(|due| !due.is_zero());
            let leap = leap.min(change).min(due.unwrap_or(Duration::MAX));
            step = step.max(leap);
        }
        self.clock.advance(step);
    }

    fn is_over(&self) -> bool {
        self.healed && self.executor.is_over(PEOPLE) && self.checkers.all_is_final()
    }

    fn failure(&self, what: String) -> Failure {
        Failure {
            seed: self.seed,
            step: self.report.steps,
            at: self.clock.now(),
            what,
            story: self.checkers.notes(),
        }
    }

    fn summed_up(mut self) -> Report {
        for run in self.store.committed().runs() {
            let missed = matches!(run.state, RunState::Missed { .. });
            self.report.missed += u64::from(missed);
            self.report.runs += u64::from(!missed);
            let (sums, of) = (&mut self.report.counts, &run.counts);
            sums.planned += of.planned;
            sums.delivered += of.delivered;
            sums.failed += of.failed;
            sums.suppressed += of.suppressed;
            sums.cancelled += of.cancelled;
            sums.unknown += of.unknown;
        }
        self.report
    }
}

/// The store as it is, or one that breaks a promise.
fn variant(store: &MemoryStore, clock: &VirtualClock, broken: Option<Broken>) -> Arc<dyn Store> {
    let whole = Arc::new(store.clone());
    let faults: Arc<dyn StoreFaults> = match broken {
        None | Some(Broken::SettlesBeforeTheDot) => return whole,
        Some(Broken::ForgetsTheToken) => Arc::new(ForgetsTheToken(store.clone())),
        Some(Broken::ClaimsWithoutALease) => Arc::new(ClaimsWithoutALease),
        Some(Broken::MovesNextAtTwice) => Arc::new(MovesNextAtTwice(store.clone())),
        Some(Broken::CountsTwice) => Arc::new(CountsTwice(store.clone())),
        Some(Broken::SweepsToPending) => Arc::new(SweepsToPending::new(clock.clone())),
    };
    Arc::new(FaultyStore::new(whole, faults))
}

fn services(ports: &EnginePorts) -> Services {
    Services::new(ServicePorts {
        store: Arc::clone(&ports.store),
        clock: Arc::clone(&ports.clock),
        entropy: Arc::clone(&ports.entropy),
        hasher: Arc::new(PlainHasher),
        pictures: Arc::new(PlainPictures),
        cache: Arc::new(KeepingCache::default()),
        events: ports.events.clone(),
        links: ports.keys.clone(),
        seals: ports.seals.clone(),
    })
}

/// Short times and small numbers, so that much happens soon.
fn settings(dice: &Dice) -> EngineSettings {
    let words = || FooterWords {
        why: "You subscribed.".into(),
        unsubscribe: "Unsubscribe".into(),
    };
    let footers = Footers {
        en: words(),
        ru: words(),
    };
    let mut settings = EngineSettings::new("https://mail.example.org", footers);
    settings.tell_owners = false;
    settings.in_flight = u32::try_from(dice.between(1, 12)).unwrap();
    settings.lease = Duration::from_secs(30);
    settings.sweep = Duration::from_secs(5);
    settings.ambiguous_retry_after = Duration::from_secs(30);
    settings.drain = dice.seconds(1, 20);
    settings.retry.tries = u32::try_from(dice.between(1, 4)).unwrap();
    settings
}
