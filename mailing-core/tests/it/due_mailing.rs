//! A mailing that becomes due.

use std::collections::BTreeSet;

use mailing_core::delivery::{DeliveryState, Stage as SmtpStage};
use mailing_core::mailing::{AudienceChoice, LATENESS_DEFAULT, LaunchMode, MailingDraft, Stage};
use mailing_core::message::Message;
use mailing_core::run::{CancelReason, RunKind, RunOutcome, RunState};
use mailing_core::schedule::{MissedPolicy, Repeat, Schedule, Zone};
use mailing_core::services::NewFile;
use mailing_core::testing::builders::{
    list, local, mailing, message, recipient, sender, suppression,
};
use mailing_core::testing::transport::refused;

use crate::world::{World, at, everybody};

async fn letter(world: &World) -> Message {
    message()
        .of(&world.owner)
        .subject("{{ recipient.full_name | default(\"friend\") }}, hello")
        .body("From {{ sender.name }} about {{ mailing.name }}, {{ recipient.attributes.town }}.")
        .saved(world.store.as_ref())
        .await
}

#[tokio::test]
async fn it_goes_out_at_its_instant_to_everybody_once() {
    let mut world = World::new().await;
    world.crowd(25).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.start();

    world.seconds(3 * 3_600 - 1);
    assert_eq!(world.server.begun(), 0, "nothing before its time");
    world.seconds(1);
    assert_eq!(world.server.reached(), everybody(25));

    let run = world.run().await;
    assert_eq!(run.occurrence_at, at("2026-03-02T12:00:00Z"));
    assert_eq!(
        (run.kind, run.state),
        (RunKind::Planned, RunState::Completed)
    );
    assert_eq!(run.outcome(), Some(RunOutcome::Success));
    assert_eq!((run.counts.planned, run.counts.delivered), (25, 25));
    world.check().await;
}

#[tokio::test]
async fn files_go_with_it_as_they_were_when_it_was_frozen() {
    let mut world = World::new().await;
    world.crowd(3).await;
    let written = letter(&world).await;
    let planned = mailing().of(&world.owner).message(written.id);
    let planned = planned.once("2026-03-02T12:00");
    planned.saved(world.store.as_ref()).await;
    let (messages, ann) = (&world.services.messages, &world.owner.actor);
    let file = NewFile {
        name: "price.txt",
        data: b"ten roubles",
    };
    let attached = messages.attach(ann, written.id, &[file]).await.unwrap();
    let hash = attached.content.attachments[0].hash;
    world.server.hold();
    world.start();
    world.seconds(3 * 3_600);
    let (messages, ann) = (&world.services.messages, &world.owner.actor);
    messages.detach(ann, written.id, hash).await.unwrap();
    world.server.release();
    world.settle();
    let sent = world.server.accepted();
    assert_eq!(sent.len(), 3);
    for mail in sent {
        let (_, end) = mail.message.split_once("--price.txt--").unwrap();
        assert_eq!(end, "\r\nten roubles");
    }
    world.check().await;
}

#[tokio::test]
async fn a_run_whose_file_is_lost_ends_and_says_so() {
    let mut world = World::new().await;
    world.crowd(3).await;
    let written = letter(&world).await;
    let planned = mailing().of(&world.owner).message(written.id);
    let planned = planned.once("2026-03-02T12:00");
    planned.saved(world.store.as_ref()).await;
    let (messages, ann) = (&world.services.messages, &world.owner.actor);
    let file = NewFile {
        name: "price.txt",
        data: b"ten roubles",
    };
    let attached = messages.attach(ann, written.id, &[file]).await.unwrap();
    let hash = attached.content.attachments[0].hash;
    let edit = world.owner.edit::<Message>();
    let mut unit = world.store.write().await.unwrap();
    let kept = unit
        .messages()
        .keep_file(&edit, hash, b"ten r", written.created_at);
    kept.await.unwrap();
    unit.commit().await.unwrap();
    world.start();
    world.seconds(3 * 3_600 + 60);
    let run = world.run().await;
    let reason = CancelReason::MissingFile;
    assert_eq!(run.state, RunState::Cancelled { reason });
    assert_eq!((run.counts.planned, run.counts.cancelled), (3, 3));
    assert_eq!(world.server.begun(), 0, "nobody gets half of it");
    world.check().await;

    // Attached and sent again it goes out.
    let (messages, ann) = (&world.services.messages, &world.owner.actor);
    messages.attach(ann, written.id, &[file]).await.unwrap();
    let again = mailing().of(&world.owner).message(written.id);
    let again = again.once("2026-03-02T13:00");
    again.saved(world.store.as_ref()).await;
    world.leap_to(at("2026-03-02T13:01:00Z"));
    assert_eq!(world.server.reached(), everybody(3));
}

#[tokio::test]
async fn its_status_moves_by_itself_and_after_the_end_nothing_is_sent() {
    let mut world = World::new().await;
    world.crowd(3).await;
    let twice = Repeat::Daily { every: 1 };
    let planned = mailing()
        .of(&world.owner)
        .window("2026-03-02T12:00", Some("2026-03-04T12:00"), twice)
        .saved(world.store.as_ref())
        .await;
    world.start();
    let stage = |mailing: mailing_core::mailing::Mailing| mailing.status.stage;

    world.leap_to(at("2026-03-02T11:59:59Z"));
    assert_eq!(stage(world.mailing(planned.id).await), Stage::Created);
    world.leap_to(at("2026-03-02T12:00:00Z"));
    let running = world.mailing(planned.id).await;
    assert_eq!(running.next_at, Some(at("2026-03-03T12:00:00Z")));
    assert_eq!(stage(running), Stage::Running);
    world.leap_to(at("2026-03-03T12:00:00Z"));
    let finished = world.mailing(planned.id).await;
    assert_eq!(finished.next_at, None);
    assert_eq!(
        stage(finished),
        Stage::Finished {
            at: at("2026-03-03T12:00:00Z"),
            early: false,
        }
    );

    for year in 2027..2037 {
        world.leap_to(at(&format!("{year}-03-02T12:00:00Z")));
    }
    assert_eq!(world.server.begun(), 6);
    let refused = world
        .services
        .mailings
        .send_now(&world.owner.actor, planned.id)
        .await;
    assert!(
        refused.is_err(),
        "a finished mailing starts no run by hand either"
    );
    world.check().await;
}

#[tokio::test]
async fn each_recipient_gets_a_letter_of_their_own() {
    let mut world = World::new().await;
    let store = world.store.as_ref();
    let letter = letter(&world).await;
    let from = sender()
        .of(&world.owner)
        .at("shop@example.com")
        .named("The Shop")
        .saved(store)
        .await;
    let ann = recipient()
        .of(&world.owner)
        .at("ann@example.org")
        .named("Ann");
    ann.with("town", "Oslo").saved(store).await;
    recipient()
        .of(&world.owner)
        .at("bob@example.org")
        .with("town", "Rīga")
        .saved(store)
        .await;
    let planned = mailing()
        .of(&world.owner)
        .named("Spring")
        .message(letter.id)
        .sender(from.id);
    planned.saved(store).await;
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));

    let mails = world.server.accepted();
    let to = |address: &str| {
        mails
            .iter()
            .find(|mail| mail.envelope.to.as_str() == address)
            .unwrap()
    };
    let (ann, bob) = (to("ann@example.org"), to("bob@example.org"));
    assert_eq!(ann.subject(), "Ann, hello");
    assert_eq!(bob.subject(), "friend, hello");
    assert!(
        ann.text().contains("From The Shop about Spring, Oslo."),
        "{}",
        ann.text()
    );
    assert!(bob.html().contains("Rīga"), "{}", bob.html());
    assert!(ann.text().contains("Unsubscribe"), "{}", ann.text());
    assert_eq!(ann.envelope.from.as_str(), "shop@example.com");

    let headers = |name| [ann, bob].map(|mail| mail.header(name).unwrap().to_owned());
    let [id, other] = headers("Message-ID");
    assert!(id.ends_with("@example.com>") && id != other, "{id} {other}");
    let [url, other] = headers("List-Unsubscribe");
    assert!(
        url.starts_with("https://mail.example.org/u/") && url != other,
        "{url}"
    );
    assert!(
        ann.text().contains(&url),
        "the link in the text is the recipient's own"
    );
    let [list, other] = headers("List-ID");
    assert!(
        list.ends_with(".mail.example.org") && list == other,
        "{list}"
    );
    let [feedback, _] = headers("Feedback-ID");
    assert_eq!(feedback.split(':').count(), 4);
}

#[tokio::test]
async fn the_link_in_a_letter_unsubscribes_its_reader_from_the_next_one() {
    let mut world = World::new().await;
    world.crowd(2).await;
    mailing()
        .of(&world.owner)
        .daily("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    let mail = world.server.accepted().into_iter().next().unwrap();
    let token = mail
        .header("List-Unsubscribe")
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap();
    world.services.unsubscribe.confirm(token).await.unwrap();

    world.leap_to(at("2026-03-03T12:00:00Z"));
    let leaver = mail.envelope.to.as_str();
    let to_leaver = world
        .server
        .reached()
        .iter()
        .filter(|to| *to == leaver)
        .count();
    assert_eq!((to_leaver, world.server.begun()), (1, 3));
    let counts = world.runs().await[1].counts;
    assert_eq!((counts.delivered, counts.suppressed), (1, 1));
    world.check().await;
}

#[tokio::test]
async fn lists_and_suppressions_decide_who_gets_it() {
    let mut world = World::new().await;
    let store = world.store.as_ref();
    let mut ids = Vec::new();
    for name in ["ann", "bob", "eve", "out"] {
        let address = format!("{name}@example.org");
        ids.push(
            recipient()
                .of(&world.owner)
                .at(&address)
                .saved(store)
                .await
                .id,
        );
    }
    let first = list().of(&world.owner).with(&ids[..2]).saved(store).await;
    let second = list().of(&world.owner).with(&ids[1..3]).saved(store).await;
    suppression()
        .of(&world.owner)
        .address("EVE@example.org")
        .saved(store)
        .await;
    mailing()
        .of(&world.owner)
        .to_lists(&[first.id, second.id])
        .saved(store)
        .await;
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert_eq!(
        world.server.reached(),
        ["ann@example.org", "bob@example.org"]
    );
    let run = world.run().await;
    assert_eq!((run.counts.planned, run.counts.suppressed), (3, 1));
    assert_eq!(run.outcome(), Some(RunOutcome::Success));
    world.check().await;
}

#[tokio::test]
async fn a_start_of_this_minute_is_sent_at_once() {
    let mut world = World::new().await;
    world.crowd(2).await;
    world.start();
    let letter = message().of(&world.owner).saved(world.store.as_ref()).await;
    sender().of(&world.owner).saved(world.store.as_ref()).await;
    world.seconds(30);
    let zone = Zone::parse("Europe/Moscow").unwrap();
    let start = local("2026-03-02T12:00");
    let end = Some(local("2026-03-05T12:00"));
    let daily = Repeat::Daily { every: 1 };
    let window = Schedule::new(start, zone, end, daily, BTreeSet::new(), None).unwrap();
    let draft = MailingDraft {
        name: String::new(),
        message: letter.id,
        sender: None,
        audience: AudienceChoice::All,
        zone,
        windows: vec![window],
        missed: MissedPolicy::default(),
        lateness: LATENESS_DEFAULT,
        ambiguous: Default::default(),
        mode: LaunchMode::Launch,
    };
    let made = world
        .services
        .mailings
        .create(&world.owner.actor, &draft)
        .await
        .unwrap();
    world.settle();
    assert_eq!(
        world.server.begun(),
        2,
        "in the same moment, without waiting for a poll"
    );
    assert_eq!(
        world.mailing(made.id).await.next_at,
        Some(at("2026-03-03T09:00:00Z"))
    );
    world.leap_to(at("2026-03-06T09:00:00Z"));
    world.leap_through(at("2026-04-01T00:00:00Z")).await;
    assert!(matches!(
        world.mailing(made.id).await.status.stage,
        Stage::Finished { .. }
    ));
    world.check().await;
}

#[tokio::test]
async fn what_another_process_plans_is_found_within_five_seconds_unless_set_otherwise() {
    let mut world = World::new().await;
    world.crowd(2).await;
    world.start();
    // Between two looks, so that the next one is not in this moment.
    world.seconds(7);
    // Written into the store alone, so nobody is told of it.
    let planned = mailing().of(&world.owner).once("2026-03-02T09:00");
    planned.saved(world.store.as_ref()).await;
    world.settle();
    assert_eq!(world.server.begun(), 0, "not before the next look");
    world.seconds(5);
    assert_eq!(world.server.reached(), everybody(2));
    world.check().await;
}

#[tokio::test]
async fn a_run_by_hand_does_not_move_the_schedule() {
    let mut world = World::new().await;
    world.crowd(2).await;
    let planned = mailing().of(&world.owner).daily("2026-03-02T12:00");
    let planned = planned.saved(world.store.as_ref()).await;
    world.start();
    world
        .services
        .mailings
        .send_now(&world.owner.actor, planned.id)
        .await
        .unwrap();
    world.settle();
    assert_eq!(world.server.begun(), 2);
    assert_eq!(world.run().await.kind, RunKind::ByHand);
    assert_eq!(
        world.mailing(planned.id).await.next_at,
        Some(at("2026-03-02T12:00:00Z"))
    );
    world.leap_to(at("2026-03-02T12:00:00Z"));
    assert_eq!(world.server.begun(), 4);
    world.check().await;
}

#[tokio::test]
async fn the_next_occurrence_waits_for_the_run_before_it() {
    let mut world = World::new().await;
    world.crowd(1).await;
    let hourly = Repeat::Cron {
        expression: "0 * * * *".parse().unwrap(),
    };
    let planned = mailing()
        .of(&world.owner)
        .window("2026-03-02T12:00", None, hourly);
    planned.saved(world.store.as_ref()).await;
    world.start();
    world.server.hold();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.pass(std::time::Duration::from_secs(3_600));
    let states = |runs: Vec<mailing_core::run::Run>| -> Vec<_> {
        runs.into_iter().map(|run| run.state).collect()
    };
    assert_eq!(
        states(world.runs().await),
        [RunState::Running, RunState::Due]
    );
    world.server.release();
    world.seconds(2);
    assert_eq!(states(world.runs().await), [RunState::Completed; 2]);
    assert_eq!(world.server.begun(), 2);
    world.check().await;
}

#[tokio::test]
async fn the_message_id_is_the_same_for_every_try_and_another_in_each_run() {
    let mut world = World::new().await;
    world.crowd(1).await;
    mailing()
        .of(&world.owner)
        .daily("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.server.answer(
        "r1@example.org",
        [refused(SmtpStage::Rcpt, 451, "4.7.1 later")],
    );
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    let [waiting] = &world.deliveries(world.run().await.id).await[..] else {
        panic!("one")
    };
    let DeliveryState::Deferred { retry_at, .. } = waiting.state else {
        panic!("{waiting:?}")
    };
    world.leap_to(retry_at);
    world.leap_to(at("2026-03-03T12:00:00Z"));
    let ids: Vec<_> = world
        .server
        .tried()
        .iter()
        .map(|mail| mail.header("Message-ID").unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[1], ids[2]);
}
