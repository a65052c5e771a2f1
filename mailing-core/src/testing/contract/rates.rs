//! Rates: kept in words, drawn from by all workers, never refilled by a restart.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;

use super::scene::insist;
use crate::ports::Store;
use crate::ports::store::{Drawn, StoreError, Tokens};
use crate::rate::{RateKey, RateLimit};
use crate::testing::builders::{id, start};
use crate::testing::system;
use crate::time::Timestamp;

/// A limit that is set stands until it is changed or taken back.
pub async fn a_limit_is_kept_until_it_is_taken_back(store: &dyn Store) {
    let scope = system();
    let (owner, gmail) = (RateKey::Owner(id(start())), domain("gmail.com"));
    let slow: RateLimit = "20 per minute".parse().unwrap();
    change!(store, unit => unit.rates().set(&scope, &RateKey::Server, Some(slow)));
    change!(store, unit => unit.rates().set(&scope, &owner, Some(RateLimit::Unlimited)));
    change!(store, unit => unit.rates().set(&scope, &gmail, Some(slow)));
    let fast: RateLimit = "20000 per day".parse().unwrap();
    change!(store, unit => unit.rates().set(&scope, &RateKey::Server, Some(fast)));
    change!(store, unit => unit.rates().set(&scope, &gmail, None));
    let limits = look!(store, unit => unit.rates().limits(&scope));
    let expected = [(owner, RateLimit::Unlimited), (RateKey::Server, fast)];
    assert_eq!(limits, BTreeMap::from(expected));
}

/// The first draw finds one second's messages; later ones what time has brought since.
pub async fn a_bucket_begins_full_and_fills_with_time(store: &dyn Store) {
    let rate = "10 per second";
    let first = draw(store, RateKey::Server, rate, 7, 0).await;
    assert_eq!(first, drawn(7, 0));
    let rest = draw(store, RateKey::Server, rate, 7, 0).await;
    assert_eq!(rest, drawn(3, 100));
    let none = draw(store, RateKey::Server, rate, 7, 50).await;
    assert_eq!(none, drawn(0, 50));
    let later = draw(store, RateKey::Server, rate, 70, 250).await;
    assert_eq!(later, drawn(2, 50));
    let full = draw(store, RateKey::Server, rate, 70, 86_400_000).await;
    assert_eq!(full, drawn(10, 100));
}

/// Two workers that draw in turn get the rate together, not each.
pub async fn a_bucket_is_shared_by_all_workers(store: &dyn Store) {
    let mut got = [0, 0];
    for turn in 0..200_i64 {
        let worker = usize::from(turn % 2 == 0);
        let drawn = draw(store, RateKey::Server, "100 per minute", 5, turn * 300).await;
        got[worker] += drawn.count;
    }
    let all = got[0] + got[1];
    assert!((99..=101).contains(&all), "{got:?} in a minute");
}

/// Draws that meet wait for each other.
pub async fn draws_at_the_same_time_get_no_more_than_there_is(store: &dyn Store) {
    let one = || draw(store, RateKey::Server, "10 per second", 4, 0);
    let got = futures::future::join_all([one(), one(), one(), one()]).await;
    assert_eq!(
        got.iter().map(|drawn| drawn.count).sum::<u32>(),
        10,
        "{got:?}"
    );
}

/// A bucket is kept: whoever comes later finds what the last one left.
pub async fn a_restart_fills_no_bucket(store: &dyn Store) {
    let owner = RateKey::Owner(id(start()));
    let first = draw(store, owner.clone(), "1 per day", 9, 0).await;
    assert_eq!(first.count, 1);
    let later = draw(store, owner, "1 per day", 9, 43_200_000).await;
    assert_eq!(later, drawn(0, 43_200_000));
}

/// Time that runs again is not paid for twice, and nobody waits for the old time to come back.
pub async fn a_clock_set_back_neither_freezes_nor_floods(store: &dyn Store) {
    let rate = "10 per second";
    let hours = 3 * 3_600_000;
    assert_eq!(
        draw(store, RateKey::Server, rate, 99, hours).await.count,
        10
    );
    assert_eq!(
        draw(store, RateKey::Server, rate, 99, 0).await,
        drawn(0, 100)
    );
    assert_eq!(
        draw(store, RateKey::Server, rate, 99, 1_000).await.count,
        10
    );
    assert_eq!(
        draw(store, RateKey::Server, rate, 99, hours).await.count,
        10
    );
}

/// Tokens put back can be drawn again, up to a full bucket.
pub async fn what_was_not_used_is_there_for_others(store: &dyn Store) {
    let rate = "10 per second";
    assert_eq!(draw(store, RateKey::Server, rate, 10, 0).await.count, 10);
    let unused = [tokens(RateKey::Server, rate, 4)];
    change!(store, unit => unit.rates().put_back(&system(), &unused));
    assert_eq!(draw(store, RateKey::Server, rate, 10, 0).await.count, 4);
    let unused = [tokens(RateKey::Server, rate, 4_000)];
    change!(store, unit => unit.rates().put_back(&system(), &unused));
    assert_eq!(draw(store, RateKey::Server, rate, 99, 0).await.count, 10);
}

/// Each domain, each owner and the server has its own.
pub async fn buckets_are_apart(store: &dyn Store) {
    let keys = [
        domain("gmail.com"),
        domain("yandex.ru"),
        RateKey::Owner(id(start())),
        RateKey::Owner(id(start())),
        RateKey::Server,
    ];
    let wanted = keys.map(|key| tokens(key, "20 per minute", 3));
    let got = insist(|| attempt(store, &wanted, start())).await;
    assert_eq!(got, [drawn(1, 3_000); 5]);
    let got = insist(|| attempt(store, &wanted, start())).await;
    assert_eq!(got, [drawn(0, 3_000); 5]);
}

/// A unit that ends without a commit leaves the bucket as it was.
pub async fn a_draw_that_is_not_committed_took_nothing(store: &dyn Store) {
    let wanted = [tokens(RateKey::Server, "10 per second", 10)];
    let mut unit = store.write().await.unwrap();
    let drawn = unit.rates().draw(&system(), &wanted, start()).await;
    assert_eq!(drawn.unwrap()[0].count, 10);
    drop(unit);
    assert_eq!(
        draw(store, RateKey::Server, "10 per second", 10, 0)
            .await
            .count,
        10
    );
}

/// Draws once, `millis` after the start, in a unit of its own, again while others are in the way.
async fn draw(store: &dyn Store, key: RateKey, rate: &str, count: u32, millis: i64) -> Drawn {
    let wanted = [tokens(key, rate, count)];
    let now = start() + TimeDelta::milliseconds(millis);
    insist(|| attempt(store, &wanted, now)).await[0]
}

async fn attempt(
    store: &dyn Store,
    wanted: &[Tokens],
    now: Timestamp,
) -> Result<Vec<Drawn>, StoreError> {
    let mut unit = store.write().await?;
    let drawn = unit.rates().draw(&system(), wanted, now).await?;
    unit.commit().await?;
    Ok(drawn)
}

fn tokens(key: RateKey, rate: &str, count: u32) -> Tokens {
    let rate = rate.parse().unwrap();
    Tokens { key, rate, count }
}

const fn drawn(count: u32, wait_millis: u64) -> Drawn {
    Drawn {
        count,
        wait: Duration::from_millis(wait_millis),
    }
}

fn domain(name: &str) -> RateKey {
    RateKey::domain(name).unwrap()
}
