//! The service's own mail: sent once its change is committed, whatever the mail server does.

use chrono::TimeDelta;
use mailing_core::instance::{FeedbackDraft, SettingsDraft};
use mailing_core::letter::Letter;
use mailing_core::policy::Actor;
use mailing_core::ports::Clock as _;
use mailing_core::ports::transport::{Fault, Outcome, Stage};
use mailing_core::run::RunOutcome;
use mailing_core::services::ShownForm;
use mailing_core::testing::builders::{id, mailing, start};
use mailing_core::testing::transport::{SentMail, refused, reply};
use mailing_core::user::Language;

use crate::world::{World, at, everybody};

/// A letter is written: the owner is blocked, or let go on.
async fn written(world: &World, blocked: bool) {
    let (moderation, id) = (&world.services.moderation, world.owner.id());
    let done = match blocked {
        true => moderation.block(&Actor::console(), id, "spam").await,
        false => moderation.unblock(&Actor::console(), id).await,
    };
    done.unwrap();
}

fn subjects(mails: &[SentMail]) -> Vec<&str> {
    mails.iter().map(SentMail::subject).collect()
}

async fn waits(world: &World) -> bool {
    let far = world.clock.now() + TimeDelta::days(365);
    let mut unit = world.store.read().await.unwrap();
    let system = mailing_core::testing::system();
    unit.system_mails().is_due(&system, far).await.unwrap()
}

#[tokio::test]
async fn a_letter_is_sent_once_and_is_no_bulk_mail() {
    let mut world = World::new().await;
    world.start();
    world.start();
    written(&world, true).await;
    world.seconds(5);
    let sent = world.server.accepted();
    assert_eq!(subjects(&sent), ["user_blocked"]);
    let mail = &sent[0];
    assert_eq!(mail.envelope.to, world.owner.user.email);
    assert_eq!(mail.envelope.from.as_str(), "mailing@mail.example.org");
    let letter = serde_json::to_string(&Letter::UserBlocked {
        reason: "spam".into(),
    });
    assert!(mail.message.contains(&letter.unwrap()), "{}", mail.message);
    assert!(!mail.message.contains("List-ID"), "{}", mail.message);
    assert!(!waits(&world).await);
}

#[tokio::test]
async fn while_the_server_is_away_letters_wait_and_then_come_in_order() {
    let mut world = World::new().await;
    let fault = Fault::Unreachable;
    world.server.answer_all(Outcome::Broken {
        stage: Stage::Connect,
        fault,
    });
    world.start();
    written(&world, true).await;
    written(&world, false).await;
    world.seconds(60);
    assert!(world.server.accepted().is_empty());
    let tried = world.server.tried().len();
    assert!((2..=12).contains(&tried), "{tried} tries in a minute");
    world
        .server
        .answer_all(Outcome::Accepted(reply(250, "2.0.0 ok")));
    world.seconds(120);
    assert_eq!(subjects(&world.server.accepted()).len(), 2);
    assert!(!waits(&world).await);
}

#[tokio::test]
async fn what_the_server_refuses_for_good_is_given_up() {
    let mut world = World::new().await;
    world
        .server
        .answer_all(refused(Stage::Rcpt, 550, "5.1.1 no such user"));
    world.start();
    written(&world, true).await;
    world.seconds(60);
    assert_eq!(world.server.tried().len(), 1);
    assert!(!waits(&world).await);
}

#[tokio::test]
async fn a_letter_that_cannot_be_sent_in_its_time_is_given_up() {
    let mut world = World::new().await;
    world
        .server
        .answer_all(refused(Stage::Mail, 451, "4.3.0 later"));
    world.start();
    written(&world, true).await;
    for quarter in 1..=300 {
        world.leap_to(start() + TimeDelta::minutes(15 * quarter));
    }
    assert!(!waits(&world).await);
    assert!(world.server.accepted().is_empty());
}

#[tokio::test]
async fn a_worker_that_dies_while_sending_leaves_the_letter_to_others() {
    let mut world = World::new().await;
    world.server.hold();
    let worker = world.start();
    written(&world, true).await;
    world.seconds(3);
    world.kill(worker);
    world.server.release();
    world.server.forget();
    world.start();
    world.seconds(60);
    assert!(world.server.accepted().is_empty(), "its claim still holds");
    world.seconds(20 * 60);
    assert_eq!(subjects(&world.server.accepted()), ["user_blocked"]);
}

#[tokio::test]
async fn an_owner_is_told_once_of_a_run_that_not_everybody_got() {
    let mut world = World::new().await;
    world.settings.tell_owners = true;
    world.crowd(3).await;
    let refusal = refused(Stage::Rcpt, 550, "5.7.1 rejected by policy");
    world.server.answer_all(refusal);
    world.start();
    world.start();
    mailing()
        .of(&world.owner)
        .once("2026-03-02T09:30")
        .saved(world.store.as_ref())
        .await;
    world.leap_to(at("2026-03-02T09:30:00Z"));
    // Told in the second after its end, while the server takes nothing yet: the letter is given up.
    world.seconds(30);
    let run = world.run().await;
    assert_eq!(
        (run.counts.failed, run.outcome()),
        (3, Some(RunOutcome::Failure))
    );
    let tried = world.server.tried();
    let letters: Vec<_> = tried
        .iter()
        .filter(|mail| mail.envelope.to == world.owner.user.email)
        .collect();
    assert_eq!(letters.len(), 1, "{tried:?}");
    assert!(!waits(&world).await);
}

#[tokio::test]
async fn a_crash_after_the_end_of_a_run_loses_no_letter() {
    let mut world = World::new().await;
    world.crowd(2).await;
    let [first, _] = &everybody(2)[..] else {
        panic!("two are two")
    };
    let gone = refused(Stage::Rcpt, 550, "5.1.1 no such user");
    world.server.answer(first, [gone]);
    mailing()
        .of(&world.owner)
        .once("2026-03-02T09:30")
        .saved(world.store.as_ref())
        .await;
    // This worker ends the run and dies before it has told anybody.
    let dying = world.start();
    world.leap_to(at("2026-03-02T09:30:00Z"));
    world.seconds(30);
    assert_eq!(world.run().await.outcome(), Some(RunOutcome::Partly));
    world.kill(dying);
    assert_eq!(subjects(&world.server.accepted()).len(), 1);
    world.settings.tell_owners = true;
    world.start();
    world.start();
    world.seconds(30);
    let letters = world.server.accepted();
    assert_eq!(subjects(&letters)[1..], ["run_failures"]);
    assert_eq!(letters[1].envelope.to, world.owner.user.email);
}

#[tokio::test]
async fn feedback_is_answered_to_whoever_wrote_it() {
    let mut world = World::new().await;
    world.start();
    let settings = SettingsDraft {
        blog_writers: "content_managers".to_owned(),
        contact_address: "office@example.org".to_owned(),
        ..SettingsDraft::default()
    };
    let instance = &world.services.instance;
    instance
        .save(&Actor::console(), 0, &settings)
        .await
        .unwrap();
    let draft = FeedbackDraft {
        name: "Анна".to_owned(),
        email: "anna@example.org".to_owned(),
        phone: String::new(),
        text: "Hello".to_owned(),
    };
    let form = ShownForm {
        id: id(start()),
        at: world.clock.now() - TimeDelta::minutes(1),
    };
    let left = world
        .services
        .feedback
        .leave(&draft, form, Language::En, "192.0.2.1");
    left.await.unwrap();
    world.seconds(5);
    let sent = world.server.accepted();
    assert_eq!(subjects(&sent), ["feedback"]);
    let mail = &sent[0];
    assert_eq!(mail.envelope.to.as_str(), "office@example.org");
    let reply_to = "\r\nReply-To: Анна <anna@example.org>\r\n";
    assert!(mail.message.contains(reply_to), "{}", mail.message);
}
