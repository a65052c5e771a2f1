//! Rates that are set while running.

use std::collections::BTreeSet;

use mailing_core::policy::Actor;
use mailing_core::testing::builders::owner;
use mailing_core::user::Role;

use super::refusal;
use super::scene::Scene;

#[tokio::test]
async fn limits_are_set_listed_and_taken_back() {
    let scene = Scene::new().await;
    let (rates, console) = (&scene.services.rates, Actor::console());
    let ann = owner().at("Ann@example.org").saved(scene.store()).await;
    for (target, rate, name) in [
        ("SERVER", "100 a minute", "server"),
        ("ann@EXAMPLE.org", "5000/h", "Ann@example.org"),
        ("Gmail.com", "20 per minute", "gmail.com"),
        ("почта.рф", "none", "xn--80a1acny.xn--p1ai"),
    ] {
        assert_eq!(
            rates.set(&console, target, rate).await.unwrap().target,
            name
        );
    }
    let listed = rates.list(&console).await.unwrap();
    let words: Vec<_> = listed
        .iter()
        .map(|set| format!("{} {}", set.target, set.limit))
        .collect();
    assert_eq!(
        words,
        [
            "gmail.com 20 per minute",
            "xn--80a1acny.xn--p1ai unlimited",
            "Ann@example.org 5000 per hour",
            "server 100 per minute",
        ]
    );
    assert_eq!(
        rates.clear(&console, "gmail.com").await.unwrap(),
        "gmail.com"
    );
    assert_eq!(rates.list(&console).await.unwrap().len(), 3);
    assert_eq!(scene.deeds(), ["set_rate"; 5]);
    assert_eq!(refusal(rates.list(&ann.actor).await), "denied");
}

#[tokio::test]
async fn what_is_no_rate_or_names_nothing_is_refused_at_its_field() {
    let scene = Scene::new().await;
    let (rates, console) = (&scene.services.rates, Actor::console());
    for (target, rate, answer) in [
        ("server", "0 per minute", "rate rate.zero"),
        ("server", "-1 per minute", "rate rate.negative"),
        ("server", "9999999 per second", "rate rate.too_high"),
        ("server", "a lot", "rate rate.not_understood"),
        ("server", "", "rate rate.not_understood"),
        ("", "1 per day", "target rate.target"),
        ("the server", "1 per day", "target rate.target"),
        ("nobody@example.org", "1 per day", "target user.unknown"),
        ("@", "1 per day", "target user.unknown"),
    ] {
        let said = refusal(rates.set(&console, target, rate).await);
        assert_eq!(said, answer, "{target} {rate}");
    }
    assert_eq!(rates.list(&console).await.unwrap(), []);
    assert_eq!(scene.deeds(), [""; 0]);
}

#[tokio::test]
async fn only_administrators_set_rates() {
    let scene = Scene::new().await;
    for role in Role::ALL {
        let user = owner().role(role).saved(scene.store()).await;
        let said = refusal(
            scene
                .services
                .rates
                .set(&user.actor, "server", "1 per day")
                .await,
        );
        let may = BTreeSet::from([Role::Administrator]).contains(&role);
        assert_eq!(said, if may { "done" } else { "denied" }, "{role}");
    }
}
