//! An owner's suppression list.

use mailing_core::ports::store::PageRequest;
use mailing_core::recipient::{RecipientState, SuppressionReason, SuppressionTarget};
use mailing_core::testing::builders::{recipient, suppression};

use super::refusal;
use super::scene::Scene;

#[tokio::test]
async fn addresses_and_domains_are_suppressed_however_they_are_typed() {
    let scene = Scene::new().await;
    let (list, actor) = (&scene.services.suppressions, &scene.ann.actor);
    for (typed, target) in [
        (
            " EVE@Example.org ",
            SuppressionTarget::Address("eve@example.org".into()),
        ),
        (
            "Пример.рф",
            SuppressionTarget::Domain("xn--e1afmkfd.xn--p1ai".into()),
        ),
        (
            "@example.net",
            SuppressionTarget::Domain("example.net".into()),
        ),
    ] {
        let entry = list.add(actor, typed).await.unwrap();
        assert_eq!(
            (&entry.target, entry.reason),
            (&target, SuppressionReason::Manual)
        );
    }
    let twice = list.add(actor, "eve@EXAMPLE.org").await;
    assert_eq!(refusal(twice), "suppression.exists");
    for (typed, refused) in [
        ("", "target required"),
        ("localhost", "target address.no_dot"),
        ("a b@example.org", "target address.local"),
        ("eve@192.0.2.1", "target address.ip"),
        ("example.org\r\n", "done"),
    ] {
        assert_eq!(refusal(list.add(actor, typed).await), refused, "{typed:?}");
    }
    let page = list.page(actor, &PageRequest::first(10)).await.unwrap();
    assert_eq!(page.items.len(), 4);
    assert_eq!(scene.deeds(), ["suppress"; 4]);
}

#[tokio::test]
async fn an_entry_is_taken_away_and_a_bounced_recipient_is_active_again() {
    let scene = Scene::new().await;
    let (list, actor) = (&scene.services.suppressions, &scene.ann.actor);
    let eve = recipient().of(&scene.ann).at("eve@example.org");
    let mut eve = eve.saved(scene.store()).await;
    eve.state = RecipientState::Bounced;
    let mut unit = scene.store().write().await.unwrap();
    unit.recipients()
        .save(&scene.ann.edit(), &eve)
        .await
        .unwrap();
    unit.commit().await.unwrap();
    let bounced = suppression().of(&scene.ann).address("eve@example.org");
    let bounced = bounced.because(SuppressionReason::HardBounce);
    bounced.saved(scene.store()).await;
    list.add(actor, "example.org").await.unwrap();
    list.remove(actor, "Eve@example.org").await.unwrap();
    let recipients = &scene.services.recipients;
    let shown = recipients.show(actor, eve.id).await.unwrap();
    assert_eq!(shown.state, RecipientState::Active);
    let again = list.remove(actor, "eve@example.org").await;
    assert_eq!(refusal(again), "not_found", "the domain is another entry");
    list.remove(actor, "example.org").await.unwrap();
    assert_eq!(scene.deeds(), ["suppress", "unsuppress", "unsuppress"]);
}

#[tokio::test]
async fn what_a_recipient_decided_is_the_recipients_to_take_back() {
    let scene = Scene::new().await;
    let (list, actor) = (&scene.services.suppressions, &scene.ann.actor);
    for reason in [
        SuppressionReason::Unsubscribed,
        SuppressionReason::Complaint,
    ] {
        let at = format!("{reason}@example.org");
        let entry = suppression().of(&scene.ann).address(&at);
        entry.because(reason).saved(scene.store()).await;
        let taken = list.remove(actor, &at).await;
        assert_eq!(refusal(taken), "suppression.of_recipient");
    }
    assert_eq!(scene.deeds(), [""; 0]);
}
