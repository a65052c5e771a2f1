//! The drawings in docs/engine.md have the edges that the code has.

use std::collections::BTreeSet;

use mailing_core::delivery::{Cause, DeliveryEvent, DeliveryState, SuppressedBy, Token};
use mailing_core::mailing::{MailingEvent, MailingStatus};
use mailing_core::run::{CancelReason, PauseReason, RunState};
use mailing_core::schedule::MissedReason;
use mailing_core::testing::builders::start;

/// From, event, to.
type Edges = BTreeSet<(String, String, String)>;

/// The edges of one drawing.
fn drawn(name: &str) -> Edges {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/engine.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let (_, drawing) = docs.split_once(&format!("```{name}\n")).unwrap();
    let (drawing, _) = drawing.split_once("```").unwrap();
    let words = |line: &str| {
        let (from, rest) = line.split_once("--")?;
        let (event, to) = rest.split_once("-->")?;
        Some((
            from.trim().to_owned(),
            event.trim().to_owned(),
            to.trim().to_owned(),
        ))
    };
    drawing.lines().map(|line| words(line).unwrap()).collect()
}

fn edge(from: &str, event: &str, to: &str) -> (String, String, String) {
    (from.to_owned(), event.to_owned(), to.to_owned())
}

#[test]
fn deliveries_move_as_drawn() {
    let (token, at, cause) = (Token(1), start(), Cause::GaveUp);
    let by = SuppressedBy::Deleted;
    let states = [
        DeliveryState::Pending,
        DeliveryState::Sending { token },
        DeliveryState::Deferred {
            retry_at: at,
            cause,
        },
        DeliveryState::Delivered,
        DeliveryState::Failed { cause },
        DeliveryState::Suppressed { by },
        DeliveryState::Cancelled,
        DeliveryState::Unknown,
    ];
    let events = [
        DeliveryEvent::Claimed { token },
        DeliveryEvent::Accepted,
        DeliveryEvent::RefusedForNow {
            retry_at: at,
            cause,
        },
        DeliveryEvent::RefusedForGood { cause },
        DeliveryEvent::NotSent,
        DeliveryEvent::Doubted,
        DeliveryEvent::Suppressed { by },
        DeliveryEvent::Cancelled,
        DeliveryEvent::Retried,
    ];
    let mut edges = Edges::new();
    for state in states {
        for event in events {
            if let Ok(next) = state.apply(event) {
                edges.insert(edge(state.name(), event.name(), next.name()));
            }
        }
    }
    assert_eq!(drawn("delivery"), edges);
}

#[test]
fn runs_move_as_drawn() {
    let reason = CancelReason::FinishedEarly;
    let states = [
        RunState::Due,
        RunState::Missed {
            reason: MissedReason::TooLate,
        },
        RunState::Freezing,
        RunState::Running,
        RunState::Paused {
            reason: PauseReason::Owner,
        },
        RunState::Stopping { reason },
        RunState::Completed,
        RunState::Cancelled { reason },
    ];
    let mut pairs = BTreeSet::new();
    for from in &states {
        for to in states.iter().filter(|to| from.may_become(to)) {
            pairs.insert((from.name().to_owned(), to.name().to_owned()));
        }
    }
    let drawn: BTreeSet<_> = drawn("run")
        .into_iter()
        .map(|(from, _, to)| (from, to))
        .collect();
    assert_eq!(drawn, pairs);
}

#[test]
fn mailings_move_as_drawn() {
    use MailingEvent as E;
    let events = || {
        let reason = "spam".to_owned();
        let plain = [
            E::Launched,
            E::WindowOpened,
            E::NothingLeft,
            E::FinishedByOwner,
            E::Reopened,
        ];
        let overlays = [E::Paused, E::Resumed, E::Disabled { reason }, E::Enabled];
        plain.into_iter().chain(overlays)
    };
    let after = |history: &[MailingEvent]| {
        let draft = MailingStatus::draft();
        history.iter().fold(draft, |status, event| {
            status.apply(event.clone(), start()).unwrap()
        })
    };
    let running = [E::Launched, E::WindowOpened];
    let mut edges = Edges::new();
    let mut draw = |status: &MailingStatus, event: MailingEvent| {
        if let Ok(next) = status.clone().apply(event.clone(), start()) {
            edges.insert(edge(status.name(), event.name(), next.name()));
        }
    };
    for history in [
        &running[..0],
        &running[..1],
        &running,
        &[E::Launched, E::NothingLeft],
    ] {
        let status = after(history);
        events().for_each(|event| draw(&status, event));
    }
    for overlay in [
        E::Paused,
        E::Disabled {
            reason: "spam".into(),
        },
    ] {
        let history = [&running[..], &[overlay]].concat();
        let status = after(&history);
        [E::Resumed, E::Enabled]
            .into_iter()
            .for_each(|event| draw(&status, event));
    }
    assert_eq!(drawn("mailing"), edges);
}
