//! What servers and recipients' domains say, and what becomes of a run.

use std::time::Duration;

use mailing_core::delivery::{Cause, DeliveryState, Stage};
use mailing_core::engine::ServerState;
use mailing_core::events::Event;
use mailing_core::ports::transport::{Fault, Outcome};
use mailing_core::run::{PauseReason, RunState};
use mailing_core::testing::ScriptedTransport;
use mailing_core::testing::builders::{mailing, recipient};
use mailing_core::testing::transport::{refused, reply};

use crate::world::{World, at, everybody};

const NOON: &str = "2026-03-02T12:00:00Z";

fn accepted() -> Outcome {
    Outcome::Accepted(reply(250, "2.0.0 Ok"))
}

/// A world with a mailing at noon to so many at example.org, and so many at gmail.com in turn.
async fn noon_to(server: ScriptedTransport, size: usize, at_gmail: usize) -> World {
    let mut world = World::with(server).await;
    for number in 1..=size.max(at_gmail) {
        let mut addresses = Vec::new();
        if number <= size {
            addresses.push(format!("r{number}@example.org"));
        }
        if number <= at_gmail {
            addresses.push(format!("g{number}@gmail.com"));
        }
        for address in addresses {
            let recipient = recipient().of(&world.owner).at(&address);
            recipient.saved(world.store.as_ref()).await;
        }
    }
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.start();
    world
}

fn lanes(lanes: usize) -> ScriptedTransport {
    ScriptedTransport::accepting().with_lanes(lanes)
}

/// example.org takes everything, all others say this.
fn only_example_org_takes_mail(world: &World, size: usize, others: Outcome) {
    for address in everybody(size) {
        world.server.answer(&address, [accepted()]);
    }
    world.server.answer_all(others);
}

async fn tries(world: &World) -> Vec<u32> {
    let run = world.run().await;
    let deliveries = world.deliveries(run.id).await;
    deliveries.iter().map(|delivery| delivery.tries).collect()
}

#[tokio::test]
async fn a_relay_denied_to_everybody_holds_the_run_and_fails_nobody() {
    for (code, text) in [
        (554, "5.7.1 <somebody>: Relay access denied"),
        (
            553,
            "sorry, that domain isn't in my list of allowed rcpthosts",
        ),
    ] {
        let mut world = noon_to(lanes(4), 30, 0).await;
        world.server.answer_all(refused(Stage::Rcpt, code, text));
        world.leap_to(at(NOON));
        world.seconds(60);
        let run = world.run().await;
        let reason = PauseReason::Relay;
        assert_eq!(run.state, RunState::Paused { reason });
        assert_eq!((run.counts.pending, run.counts.failed), (30, 0));
        assert!(
            run.last_reply
                .unwrap()
                .contains(text.split_once(' ').unwrap().1)
        );
        assert!(world.server.begun() <= 12, "{}", world.server.begun());
        assert!(tries(&world).await.iter().all(|tries| *tries == 0));

        world.stopper(0).drain();
        world.settle();
        world.server.answer_all(accepted());
        world.start();
        world.seconds(2);
        assert_eq!(world.server.reached(), everybody(30));
        world.check().await;
    }
}

#[tokio::test]
async fn a_relay_denied_to_one_domain_does_not_hold_the_others() {
    let mut world = noon_to(lanes(2), 20, 1).await;
    let denied = refused(Stage::Rcpt, 554, "5.7.1 Relay access denied");
    only_example_org_takes_mail(&world, 20, denied);
    world.leap_to(at(NOON));
    world.seconds(30);
    let run = world.run().await;
    assert_eq!(run.state, RunState::Running);
    assert_eq!(
        (run.counts.delivered, run.counts.failed, run.counts.pending),
        (20, 0, 1)
    );
    world.pass(Duration::from_secs(26 * 3_600));
    let run = world.run().await;
    assert_eq!((run.state, run.counts.failed), (RunState::Completed, 1));
    world.check().await;
}

#[tokio::test]
async fn the_same_refusal_of_mail_for_everybody_is_charged_to_four() {
    let mut world = noon_to(lanes(2), 20, 0).await;
    let later = refused(Stage::Mail, 451, "4.3.2 not now");
    world.server.answer_all(later);
    world.leap_to(at(NOON));
    world.pass(Duration::from_secs(1_800));
    assert!(matches!(
        world.status(0).server.state,
        ServerState::Away { .. }
    ));
    let tries = tries(&world).await;
    assert_eq!(
        tries.iter().filter(|tries| **tries > 0).count(),
        4,
        "{tries:?}"
    );
    world.server.answer_all(accepted());
    world.pass(Duration::from_secs(1_800));
    assert_eq!(world.server.reached(), everybody(20));
    world.check().await;
}

#[tokio::test]
async fn a_domain_that_refuses_by_policy_waits_and_the_others_go_on() {
    let mut world = noon_to(lanes(2), 40, 40).await;
    let policy = refused(Stage::Rcpt, 550, "5.7.26 Gmail wants DMARC");
    only_example_org_takes_mail(&world, 40, policy);
    world.leap_to(at(NOON));
    world.seconds(5);
    let run = world.run().await;
    assert_eq!((run.state, run.counts.delivered), (RunState::Running, 40));
    assert!((10..=11).contains(&run.counts.failed), "{:?}", run.counts);
    let status = world.status(0);
    let [gmail] = status.domains.as_slice() else {
        panic!("{status:?}");
    };
    assert_eq!((gmail.domain.as_str(), gmail.at_once), ("gmail.com", 0));
    assert_eq!(gmail.why, "550 5.7.26 Gmail wants DMARC");
    assert!(gmail.paused_until.unwrap() >= at("2026-03-02T12:09:00Z"));
    let waiting = world.deliveries(run.id).await;
    let waiting = waiting.iter().filter(|delivery| delivery.tries == 0);
    for delivery in waiting {
        assert!(
            matches!(delivery.state, DeliveryState::Deferred { .. }),
            "{delivery:?}"
        );
    }
    world.check().await;

    // One message finds out that it is over.
    let begun = world.server.begun();
    world.seconds(580);
    assert_eq!(
        world.server.begun(),
        begun,
        "nothing goes to a paused domain"
    );
    world.server.answer_all(accepted());
    world.pass(Duration::from_secs(1_800));
    let counts = world.run().await.counts;
    assert_eq!(counts.delivered + counts.failed, 80);
    assert!(counts.failed <= 11);
    assert_eq!(world.status(0).domains, []);
    world.check().await;
}

#[tokio::test]
async fn an_address_refused_by_policy_is_not_suppressed() {
    let mut world = noon_to(lanes(1), 0, 3).await;
    world
        .server
        .answer_all(refused(Stage::Rcpt, 550, "5.7.1 blocked"));
    world.leap_to(at(NOON));
    let failed = world.run().await.counts.failed;
    world.server.answer_all(accepted());
    mailing()
        .of(&world.owner)
        .once("2026-03-03T12:00")
        .saved(world.store.as_ref())
        .await;
    world.leap_to(at("2026-03-03T12:00:00Z"));
    let second = world.runs().await[1].counts;
    assert_eq!((failed, second.delivered, second.suppressed), (3, 3, 0));
}

#[tokio::test]
async fn a_domain_that_wants_less_is_slowed_down_alone() {
    let mut world = noon_to(lanes(4), 60, 60).await;
    for number in 1..=3 {
        let slow = refused(Stage::Rcpt, 450, "4.7.28 unusual rate of mail");
        world.server.answer(&format!("g{number}@gmail.com"), [slow]);
    }
    world.leap_to(at(NOON));
    world.seconds(1);
    let status = world.status(0);
    assert_eq!(status.domains.len(), 1, "{status:?}");
    let gmail = &status.domains[0];
    assert!(
        gmail.at_once <= 10 && gmail.paused_until.is_none(),
        "{gmail:?}"
    );
    assert_eq!(gmail.why, "450 4.7.28 unusual rate of mail");
    let reached = world.server.reached();
    let others = reached.iter().filter(|to| to.ends_with("@example.org"));
    assert_eq!(others.count(), 60, "the others are through");

    world.pass(Duration::from_secs(1_200));
    let run = world.run().await;
    assert_eq!(
        (run.state, run.counts.delivered),
        (RunState::Completed, 120)
    );
    let tries = tries(&world).await;
    assert!(tries.iter().all(|tries| *tries <= 2));
    assert!(
        tries.iter().filter(|tries| **tries == 2).count() <= 3,
        "only who was refused pays"
    );
    assert_eq!(world.status(0).domains, []);
    world.check().await;
}

#[tokio::test]
async fn lanes_shrink_where_there_are_too_many_and_grow_after_quiet() {
    let mut world = noon_to(lanes(6), 400, 0).await;
    for nth in 2..=4 {
        let busy = refused(Stage::Greeting, 421, "too many connections");
        world.server.answer_nth(nth, busy);
    }
    world.leap_to(at(NOON));
    world.seconds(1);
    assert_eq!(world.status(0).server.state, ServerState::Used { lanes: 3 });
    for (seconds, lanes) in [(62, 4), (60, 5), (60, 6), (600, 6)] {
        world.seconds(seconds);
        assert_eq!(world.status(0).server.state, ServerState::Used { lanes });
    }
    assert_eq!(world.server.reached().len(), 400);
    assert!(tries(&world).await.iter().all(|tries| *tries == 1));
    world.check().await;
}

#[tokio::test]
async fn a_server_without_room_gets_fewer_lanes_and_half_the_messages() {
    let mut world = noon_to(lanes(4), 600, 0).await;
    let no_room = refused(Stage::Mail, 452, "4.3.1 insufficient system storage");
    world.server.answer_nth(301, no_room);
    world.leap_to(at(NOON));
    let begun = world.server.begun();
    assert!((301..=304).contains(&begun), "{begun}: it goes on later");
    world.seconds(1);
    assert_eq!(world.status(0).server.state, ServerState::Used { lanes: 3 });
    let more = world.server.begun() - begun;
    assert!((100..=160).contains(&more), "{more} in the next second");
    world.seconds(9);
    assert_eq!(world.server.reached(), everybody(600));
    assert!(tries(&world).await.iter().all(|tries| *tries == 1));
    world.check().await;
}

#[tokio::test]
async fn a_server_away_for_an_hour_is_told_once() {
    let mut world = noon_to(lanes(2), 5, 0).await;
    let mut events = world.events();
    world.server.answer_all(Outcome::Broken {
        stage: Stage::Connect,
        fault: Fault::Unreachable,
    });
    let mut told_by = |world: &mut World, minutes: u64| {
        let mut told = 0;
        for _ in 0..minutes {
            world.seconds(60);
            while let Ok(event) = events.try_recv() {
                told += usize::from(event == Event::ServerAwayLong);
            }
        }
        told
    };
    world.leap_to(at(NOON));
    assert_eq!(told_by(&mut world, 60), 0);
    assert_eq!(told_by(&mut world, 120), 1);
    world.server.answer_all(accepted());
    assert_eq!(told_by(&mut world, 60), 0);
    assert_eq!(world.server.reached(), everybody(5));
}

#[tokio::test]
async fn a_message_that_may_not_go_over_the_wire_fails_alone() {
    let mut world = noon_to(lanes(2), 10, 0).await;
    let unsendable = Outcome::Broken {
        stage: Stage::Mail,
        fault: Fault::NotSendable("a line end that is not CRLF".into()),
    };
    for number in 1..=9 {
        let address = format!("r{number}@example.org");
        world.server.answer(&address, [unsendable.clone()]);
    }
    world.leap_to(at(NOON));
    let run = world.run().await;
    assert_eq!((run.counts.delivered, run.counts.failed), (1, 9));
    for delivery in &world.deliveries(run.id).await[..9] {
        let cause = Cause::NotBuilt;
        assert_eq!(delivery.state, DeliveryState::Failed { cause });
        assert_eq!(delivery.attempts, 0, "nobody was asked");
    }
    assert!(matches!(
        world.status(0).server.state,
        ServerState::Used { .. }
    ));
    world.check().await;
}
