//! The page in all its states.

use chrono::TimeDelta;
use mailing_core::checkup::Finding;
use mailing_core::code;
use mailing_core::delivery::Stage;
use mailing_core::engine::{DomainStatus, EngineStatus, ServerState, ServerStatus};
use mailing_core::id::WorkerId;
use mailing_core::ports::CacheStatistics;
use mailing_core::ports::store::{LetterQueue, WorkerRow};
use mailing_core::services::{SetRate, SystemOverview};
use mailing_core::testing::builders::id;
use mailing_core::time::Timestamp;

use super::{Examined, System};
use crate::i18n::Locale;
use crate::pages::samples::HOSTILE;
use crate::settings::HostFacts;
use crate::templates::Page;

const SERVER: &str = "mx.example.org:587";

pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    let (now, host) = (locale.now, HostFacts::sample());
    let this = id(now);
    let set = [SetRate {
        target: "gmail.com".to_owned(),
        limit: "20 per minute".parse().unwrap(),
    }];
    let page = |state: Option<ServerState>, waiting: Option<u64>, found: Vec<Finding>| {
        let status = state.map(|state| status(this, now, state));
        let overview = waiting.map(|waiting| overview(this, now, waiting));
        let examined = Examined { at: now, found };
        System::new(
            locale,
            &host,
            status.as_ref(),
            overview.as_ref(),
            &set,
            asked(waiting),
            &examined,
        )
    };
    let away = ServerState::Away {
        until: now + TimeDelta::minutes(5),
        why: HOSTILE.to_owned(),
    };
    let used = ServerState::Used { lanes: 4 };
    vec![
        page(Some(used), Some(1_250), whole()),
        page(Some(away), None, broken()),
        page(Some(ServerState::Probing), Some(0), whole()),
        page(None, Some(1), whole()),
    ]
}

fn status(worker: WorkerId, now: Timestamp, state: ServerState) -> EngineStatus {
    let limited = DomainStatus {
        domain: "gmail.com".to_owned(),
        at_once: 2,
        paused_until: None,
        why: HOSTILE.to_owned(),
    };
    let paused = DomainStatus {
        domain: "mail.ru".to_owned(),
        paused_until: Some(now + TimeDelta::hours(1)),
        ..limited.clone()
    };
    EngineStatus {
        worker,
        heartbeat: Some(now),
        store_trouble: Some(HOSTILE.to_owned()),
        journal_trouble: Some(HOSTILE.to_owned()),
        clock_skew: Some(TimeDelta::seconds(-61)),
        server: ServerStatus {
            name: SERVER.to_owned(),
            state,
        },
        domains: vec![limited, paused],
        in_dialogue: 3,
    }
}

fn overview(this: WorkerId, now: Timestamp, waiting: u64) -> SystemOverview {
    let worker = |id: WorkerId, minutes: i64, left: bool| WorkerRow {
        id,
        host: HOSTILE.to_owned(),
        pid: 4_711,
        started_at: now - TimeDelta::hours(7),
        heartbeat_at: now - TimeDelta::minutes(minutes),
        left_at: left.then_some(now),
    };
    let oldest = (waiting > 0).then_some(now);
    SystemOverview {
        workers: vec![
            worker(this, 0, false),
            worker(id(now), 5, false),
            worker(id(now), 9, true),
        ],
        waiting,
        waits_since: oldest,
        letters: LetterQueue { waiting, oldest },
    }
}

/// A cache that was asked nothing, is away, or does its work.
fn asked(waiting: Option<u64>) -> CacheStatistics {
    CacheStatistics {
        hits: waiting.unwrap_or_default(),
        misses: waiting.unwrap_or_default() / 10,
        is_shared: true,
        is_away: waiting.is_none(),
    }
}

fn whole() -> Vec<Finding> {
    vec![
        Finding::Configuration,
        Finding::Database,
        Finding::MailServer {
            server: SERVER.to_owned(),
            is_encrypted: true,
            is_authenticated: true,
        },
    ]
}

fn broken() -> Vec<Finding> {
    vec![
        Finding::PublicUrl {
            url: "http://127.0.0.1:8080".to_owned(),
        },
        Finding::DatabaseBroken(code::STORE_UNAVAILABLE.into()),
        Finding::Outbox {
            server: "file:///var/lib/mailing/outbox/".to_owned(),
        },
        Finding::MailServerAway {
            server: SERVER.to_owned(),
            stage: Some(Stage::Connect),
            said: HOSTILE.to_owned(),
        },
    ]
}
