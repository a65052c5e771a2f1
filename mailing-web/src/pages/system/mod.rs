//! `/system`: who sends, what waits, how the mail server is, what a look at everything has found.
//! Nothing secret stands here (S43).

#[cfg(test)]
mod samples;

#[cfg(test)]
pub(super) use self::samples::samples;

use chrono::TimeDelta;
use mailing_core::checkup::{Finding, Health};
use mailing_core::engine::{EngineStatus, ServerState};
use mailing_core::policy::{self, Action};
use mailing_core::ports::CacheStatistics;
use mailing_core::ports::store::WorkerRow;
use mailing_core::rate::RateLimit;
use mailing_core::services::{SetRate, SystemOverview};
use mailing_core::time::Timestamp;
use poem::web::Form;
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use crate::error::PageError;
use crate::i18n::{Args, Locale, finding};
use crate::settings::HostFacts;
use crate::site::{Site, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Command, Moment, Sign, number};
use crate::visitor::{CurrentActor, Visitor};

const PATH: &str = "/system";
/// What was found is shown for so long before it is looked at again.
const KEPT: TimeDelta = TimeDelta::minutes(10);
/// A worker without a sign of life for so long is gone: its claims are over by then.
const SILENT: TimeDelta = TimeDelta::minutes(2);

/// What was found, and when.
#[derive(Debug, Clone)]
pub(crate) struct Examined {
    at: Timestamp,
    found: Vec<Finding>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Serialize)]
struct System {
    actions: Vec<Command>,
    lead: String,
    findings: Vec<Found>,
    examined: String,
    cache: String,
    server: Server,
    /// Nothing while the database does not answer.
    queue: Option<Queue>,
    workers: Vec<Worker>,
    limits: Vec<Limit>,
}

#[derive(Serialize)]
struct Found {
    icon: &'static str,
    text: String,
}

#[derive(Serialize)]
struct Server {
    name: String,
    sign: Sign,
    state: String,
    /// What else is wrong with this process, and domains that take less.
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Queue {
    deliveries: String,
    letters: String,
}

#[derive(Serialize)]
struct Worker {
    name: String,
    sign: Sign,
    is_this: bool,
    since: Moment,
    seen: Moment,
}

#[derive(Serialize)]
struct Limit {
    target: String,
    rate: String,
    source: String,
}

impl Page for System {
    const TEMPLATE: &'static str = "system/show.html";

    fn title(&self, locale: &Locale) -> String {
        locale.text("menu-system", &Args::new())
    }
}

/// The page. While the database does not answer it tells the rest.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
) -> Result<Response, PageError> {
    policy::require(&actor, Action::ViewSystem)?;
    let (services, locale) = (&site.services, visitor.locale());
    let overview = services.system.overview(&actor).await;
    if let Err(error) = &overview {
        tracing::warn!(%error, "no queue for the page of the system");
    }
    let set = services.rates.list(&actor).await.unwrap_or_default();
    let examined = examined(&site, locale.now).await;
    let worker = site.settings.worker.as_ref();
    let status = worker.map(|worker| worker.borrow().clone());
    let page = System::new(
        locale,
        &site.settings.host,
        status.as_ref(),
        overview.as_ref().ok(),
        &set,
        services.system.cache(),
        &examined,
    );
    site.page(&visitor, &page)
}

/// Looks at everything once more.
#[handler]
pub(crate) async fn check(
    TheSite(site): TheSite,
    CurrentActor(actor): CurrentActor,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, PageError> {
    policy::require(&actor, Action::ViewSystem)?;
    *site.examined.lock().await = None;
    Ok(see_other(PATH))
}

/// What was found lately; else it is looked at now, once however many ask.
async fn examined(site: &Site, now: Timestamp) -> Examined {
    let mut last = site.examined.lock().await;
    if let Some(examined) = last.as_ref()
        && now - examined.at < KEPT
    {
        return examined.clone();
    }
    let found = site.settings.host.examiner.examine().await;
    let examined = Examined { at: now, found };
    *last = Some(examined.clone());
    examined
}

impl System {
    fn new(
        locale: &Locale,
        host: &HostFacts,
        status: Option<&EngineStatus>,
        overview: Option<&SystemOverview>,
        set: &[SetRate],
        asked: CacheStatistics,
        examined: &Examined,
    ) -> Self {
        let say = |key: &str| locale.text(key, &Args::new());
        let facts = Args::new()
            .text("version", host.version.clone())
            .text("store", host.store.clone())
            .text("schema", host.schema.clone())
            .text("cache", host.cache.clone());
        let at = Args::new().text("when", locale.day_and_time(examined.at));
        let workers = overview.map_or(&[][..], |overview| overview.workers.as_slice());
        Self {
            actions: vec![Command::post(
                format!("{PATH}/check"),
                say("system-check-again"),
            )],
            lead: locale.text("system-lead", &facts),
            findings: examined
                .found
                .iter()
                .map(|one| found(locale, one))
                .collect(),
            examined: locale.text("system-examined", &at),
            cache: cache(locale, asked),
            server: Server::new(locale, status),
            queue: overview.map(|overview| Queue::new(locale, overview)),
            workers: workers
                .iter()
                .map(|one| worker(locale, one, status))
                .collect(),
            limits: limits(locale, host, set),
        }
    }
}

/// How often the cache had what it was asked for.
fn cache(locale: &Locale, asked: CacheStatistics) -> String {
    let all = asked.hits + asked.misses;
    if asked.is_away {
        return locale.text("system-cache-away", &Args::new());
    }
    if all == 0 {
        return locale.text("system-cache-idle", &Args::new());
    }
    let share = Args::new().text("share", locale.whole_percent(asked.hits, all));
    locale.text("system-cache-hits", &share)
}

fn found(locale: &Locale, one: &Finding) -> Found {
    Found {
        icon: match one.health() {
            Health::Ok => "i-delivered",
            Health::Warning => "i-warning",
            Health::Broken => "i-failed",
        },
        text: finding(locale.lang, one),
    }
}

impl Server {
    fn new(locale: &Locale, status: Option<&EngineStatus>) -> Self {
        let say = |key: &str| locale.text(key, &Args::new());
        let Some(status) = status else {
            return Self {
                name: String::new(),
                sign: Sign::new(locale, "i-created", "system-server-elsewhere"),
                state: say("system-server-elsewhere-told"),
                notes: Vec::new(),
            };
        };
        let (sign, state) = match &status.server.state {
            ServerState::Used { lanes } => {
                let n = Args::new()
                    .number("n", number(*lanes as u64))
                    .number("dialogues", number(status.in_dialogue as u64));
                let sign = Sign::new(locale, "i-delivered", "system-server-used");
                (sign, locale.text("system-server-used-told", &n))
            }
            ServerState::Probing => {
                let sign = Sign::new(locale, "i-waiting", "system-server-probing");
                (sign, say("system-server-probing-told"))
            }
            ServerState::Away { until, why } => {
                let args = Args::new()
                    .text("until", locale.clock_seconds(*until))
                    .text("why", why.clone());
                let sign = Sign::new(locale, "i-failed", "system-server-away");
                (sign, locale.text("system-server-away-told", &args))
            }
        };
        Self {
            name: status.server.name.clone(),
            sign,
            state,
            notes: notes(locale, status),
        }
    }
}

/// What else this process has trouble with, and domains that take less.
fn notes(locale: &Locale, status: &EngineStatus) -> Vec<String> {
    let trouble = |key: &str, why: &Option<String>| {
        let why = why.clone()?;
        Some(locale.text(key, &Args::new().text("why", why)))
    };
    let skew = status.clock_skew.map(|skew| {
        let n = Args::new().number("seconds", skew.num_seconds().abs());
        locale.text("system-clock-skew", &n)
    });
    let domains = status.domains.iter().map(|domain| {
        let args = Args::new()
            .text("domain", domain.domain.clone())
            .text("why", domain.why.clone());
        match domain.paused_until {
            Some(until) => {
                let args = args.text("until", locale.clock(until));
                locale.text("system-domain-paused", &args)
            }
            None => {
                let args = args.number("n", i64::from(domain.at_once));
                locale.text("system-domain-limited", &args)
            }
        }
    });
    [
        trouble("system-store-trouble", &status.store_trouble),
        trouble("system-journal-trouble", &status.journal_trouble),
        skew,
    ]
    .into_iter()
    .flatten()
    .chain(domains)
    .collect()
}

impl Queue {
    fn new(locale: &Locale, overview: &SystemOverview) -> Self {
        let told = |waiting: u64, since: Option<Timestamp>| match since {
            Some(since) if waiting > 0 => {
                let args = Args::new()
                    .number("n", number(waiting))
                    .text("since", locale.short(since));
                locale.text("system-queue-waits", &args)
            }
            _ => locale.text("system-queue-empty", &Args::new()),
        };
        Self {
            deliveries: told(overview.waiting, overview.waits_since),
            letters: told(overview.letters.waiting, overview.letters.oldest),
        }
    }
}

fn worker(locale: &Locale, row: &WorkerRow, status: Option<&EngineStatus>) -> Worker {
    let silent = locale.now - row.heartbeat_at > SILENT;
    let (icon, key) = match row.left_at {
        Some(_) => ("i-finished", "worker-left"),
        None if silent => ("i-warning", "worker-silent"),
        None => ("i-running", "worker-works"),
    };
    Worker {
        name: format!("{}, {}", row.host, row.pid),
        sign: Sign::new(locale, icon, key),
        is_this: status.is_some_and(|status| status.worker == row.id),
        since: Moment::new(row.started_at, locale.short(row.started_at)),
        seen: Moment::new(row.heartbeat_at, locale.short(row.heartbeat_at)),
    }
}

fn rate(locale: &Locale, limit: RateLimit) -> String {
    match limit.rate() {
        None => locale.text("rate-unlimited", &Args::new()),
        Some(rate) => {
            let n = Args::new().number("n", number(rate.messages()));
            locale.text(&format!("rate-per-{}", rate.per().word()), &n)
        }
    }
}

/// What holds for each target: what was set while running wins over the configuration.
fn limits(locale: &Locale, host: &HostFacts, set: &[SetRate]) -> Vec<Limit> {
    let named = |target: &str| match target {
        "server" => locale.text("system-limit-server", &Args::new()),
        other => other.to_owned(),
    };
    let limit = |target: &str, limit: RateLimit, key: &str| Limit {
        target: named(target),
        rate: rate(locale, limit),
        source: locale.text(key, &Args::new()),
    };
    let configured = host
        .limits
        .iter()
        .filter(|(target, _)| set.iter().all(|set| set.target != *target))
        .map(|(target, rate)| limit(target, *rate, "system-limit-configured"));
    let set = set
        .iter()
        .map(|set| limit(&set.target, set.limit, "system-limit-set"));
    configured.chain(set).collect()
}
