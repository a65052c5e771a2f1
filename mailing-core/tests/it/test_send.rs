//! A message tried out: marked, at once, and nothing of it in any run.

use mailing_core::message::{BodyFormat, MessageContent, TestSend};
use mailing_core::ports::transport::Outcome;
use mailing_core::recipient::{Attributes, Mailbox};
use mailing_core::schedule::Zone;
use mailing_core::testing::ScriptedTransport;
use mailing_core::testing::builders::address;
use mailing_core::user::Language;

use crate::world::World;

fn mailbox(at: &str) -> Mailbox {
    Mailbox {
        name: None,
        address: address(at),
    }
}

#[tokio::test]
async fn a_test_goes_to_each_address_marked_and_leaves_no_trace() {
    let world = World::with(ScriptedTransport::accepting()).await;
    let content = MessageContent::check("News", "Hello", BodyFormat::Markdown, None).unwrap();
    let test = TestSend {
        owner: world.owner.id(),
        content,
        from: mailbox("ann@example.org"),
        to: vec![mailbox("one@example.org"), mailbox("two@example.org")],
        attributes: Attributes::default(),
        language: Language::En,
        zone: Zone::utc(),
    };
    let sent = world.engine().send_test(&test).await;
    assert_eq!(sent.len(), 2);
    for one in &sent {
        assert!(matches!(one.outcome, Ok(Outcome::Accepted(_))), "{one:?}");
    }
    assert_eq!(
        world.server.reached(),
        ["one@example.org", "two@example.org"]
    );
    for mail in world.server.accepted() {
        let text = &mail.message;
        assert!(text.contains("Subject: [Test] News"), "{text}");
        assert!(!text.contains("List-ID"), "{text}");
    }
    let runs = world
        .store
        .ledger()
        .check(&mailing_core::testing::system())
        .await;
    assert_eq!(runs.unwrap().deliveries, 0);
}
