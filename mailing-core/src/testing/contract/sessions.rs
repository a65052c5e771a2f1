//! Sessions, and the counters against guessing.

use chrono::TimeDelta;

use crate::id::UserId;
use crate::ports::Store;
use crate::ports::store::SignInFailures;
use crate::testing::builders::{owner, start, two_owners};
use crate::testing::{SeededEntropy, system};
use crate::user::{Device, Session, SessionToken, TokenHash};

/// A session is found by its token, with its new time of use, until it is ended.
pub async fn a_session_lives_until_it_is_ended(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let session = session(ann.id(), 1);
    let (scope, token) = (system(), session.token);
    change!(store, unit => unit.sessions().insert(&scope, &session));
    assert_eq!(found(store, token).await, Some(session.clone()));

    let later = start() + TimeDelta::hours(1);
    change!(store, unit => unit.sessions().touch(&scope, token, later));
    let device = Device::of("Firefox/144.0 (Windows)").unwrap();
    change!(store, unit => unit.sessions().describe(&scope, token, device));
    let touched = Session {
        seen_at: later,
        device: Some(device),
        ..session
    };
    assert_eq!(found(store, token).await, Some(touched));

    change!(store, unit => unit.sessions().delete(&scope, token));
    assert_eq!(found(store, token).await, None);
    change!(store, unit => unit.sessions().delete(&scope, token));
}

/// Ending all sessions of a user leaves those of others.
pub async fn all_sessions_of_one_user_end_together(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let sessions = [
        session(ann.id(), 1),
        session(ann.id(), 2),
        session(bob.id(), 3),
    ];
    for session in &sessions {
        change!(store, unit => unit.sessions().insert(&system(), session));
    }
    let device = Device::of("Safari/605.1.15 (iPad)").unwrap();
    change!(store, unit => unit.sessions().describe(&system(), sessions[1].token, device));
    assert_eq!(
        found(store, sessions[2].token).await,
        Some(sessions[2].clone())
    );
    change!(store, unit => unit.sessions().delete_of(&system(), ann.id()));
    assert_eq!(found(store, sessions[0].token).await, None);
    assert_eq!(found(store, sessions[1].token).await, None);
    assert!(found(store, sessions[2].token).await.is_some());
}

/// A user's sessions, and nobody else's.
pub async fn sessions_of_a_user_are_listed_last_used_first(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let mut sessions = Vec::new();
    for (seed, user) in [(1, ann.id()), (2, bob.id()), (3, ann.id())] {
        let mut session = session(user, seed);
        session.seen_at = start() + TimeDelta::minutes(i64::try_from(seed).unwrap());
        change!(store, unit => unit.sessions().insert(&system(), &session));
        sessions.push(session);
    }
    let listed = look!(store, unit => unit.sessions().list_of(&system(), ann.id()));
    assert_eq!(listed, [sessions[2].clone(), sessions[0].clone()]);
}

/// Sessions go that were not used, or are too old whatever their use.
pub async fn old_and_idle_sessions_are_purged(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let day = TimeDelta::days(1);
    let mut idle = session(ann.id(), 1);
    idle.created_at = start() - day;
    idle.seen_at = start() - day;
    let mut old = session(ann.id(), 2);
    old.created_at = start() - day * 9;
    let fresh = session(ann.id(), 3);
    for session in [&idle, &old, &fresh] {
        change!(store, unit => unit.sessions().insert(&system(), session));
    }
    let (seen, created) = (start() - TimeDelta::hours(1), start() - day * 7);
    let purged = change!(store, unit => unit.sessions().purge(&system(), seen, created));
    assert_eq!(purged, 2);
    assert_eq!(found(store, idle.token).await, None);
    assert_eq!(found(store, old.token).await, None);
    assert_eq!(found(store, fresh.token).await, Some(fresh));
}

/// Failures are counted under their key until they are cleared.
pub async fn failures_are_kept_for_their_key(store: &dyn Store) {
    let mut failures = SignInFailures {
        count: 3,
        since: start(),
        blocked_until: None,
    };
    let scope = system();
    change!(store, unit => unit.throttle().set(&scope, "account:ann", Some(&failures)));
    failures.count = 10;
    failures.blocked_until = Some(start() + TimeDelta::minutes(15));
    change!(store, unit => unit.throttle().set(&scope, "account:ann", Some(&failures)));
    let kept = look!(store, unit => unit.throttle().find(&scope, "account:ann"));
    assert_eq!(kept, Some(failures));
    let other = look!(store, unit => unit.throttle().find(&scope, "account:bob"));
    assert_eq!(other, None);
    change!(store, unit => unit.throttle().set(&scope, "account:ann", None));
    let cleared = look!(store, unit => unit.throttle().find(&scope, "account:ann"));
    assert_eq!(cleared, None);
}

/// Counters that began long ago go.
pub async fn old_failures_are_purged(store: &dyn Store) {
    for (key, hours) in [("old", 48), ("new", 1)] {
        let failures = SignInFailures {
            count: 1,
            since: start() - TimeDelta::hours(hours),
            blocked_until: None,
        };
        change!(store, unit => unit.throttle().set(&system(), key, Some(&failures)));
    }
    let before = start() - TimeDelta::hours(24);
    let purged = change!(store, unit => unit.throttle().purge(&system(), before));
    assert_eq!(purged, 1);
    let kept = look!(store, unit => unit.throttle().find(&system(), "new"));
    assert!(kept.is_some());
}

fn session(user: UserId, seed: u64) -> Session {
    Session {
        token: SessionToken::new(&SeededEntropy::new(seed)).hash(),
        user,
        created_at: start(),
        seen_at: start(),
        device: None,
    }
}

async fn found(store: &dyn Store, token: TokenHash) -> Option<Session> {
    look!(store, unit => unit.sessions().find(&system(), token))
}
