//! One owner's thousands do not delay another's ten.

use mailing_core::run::RunState;
use mailing_core::testing::ScriptedTransport;
use mailing_core::testing::builders::{mailing, owner, recipient};

use crate::world::{World, at};

#[tokio::test]
async fn a_small_run_passes_a_large_one_of_another_owner() {
    let mut world = World::with(ScriptedTransport::accepting().with_lanes(1)).await;
    world.crowd(600).await;
    mailing()
        .of(&world.owner)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    let other = owner().saved(world.store.as_ref()).await;
    for number in 0..10 {
        let address = format!("ten{number}@example.org");
        recipient()
            .of(&other)
            .at(&address)
            .saved(world.store.as_ref())
            .await;
    }
    mailing()
        .of(&other)
        .once("2026-03-02T12:00")
        .saved(world.store.as_ref())
        .await;
    world.start();
    world.leap_to(at("2026-03-02T12:00:00Z"));
    world.seconds(2);
    let order = world.server.accepted();
    assert_eq!(order.len(), 610);
    let last = order
        .iter()
        .rposition(|mail| mail.envelope.to.as_str().starts_with("ten"))
        .unwrap();
    assert!(last < 40, "the last of the ten came as number {last}");
    assert_eq!(world.run().await.state, RunState::Completed);
    world.check().await;
}
