//! Sign-in by code.

use crate::ports::Store;
use crate::testing::builders::{start, two_owners};
use crate::testing::{SeededEntropy, system};
use crate::user::{RecoveryCode, SecondFactor};

/// Every field survives, and the newest is kept.
pub async fn a_second_factor_is_read_back_as_it_was_written(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let mut factor = SecondFactor {
        user: ann.id(),
        secret: vec![0, 7, 255],
        confirmed_at: None,
        used_step: 0,
    };
    for _ in 0..2 {
        change!(store, unit => unit.second_factors().save(&system(), &factor));
        let found = look!(store, unit => unit.second_factors().find(&system(), ann.id()));
        assert_eq!(found, Some(factor.clone()));
        factor.confirmed_at = Some(start());
        factor.used_step = 59_000_000;
    }
    let other = look!(store, unit => unit.second_factors().find(&system(), bob.id()));
    assert_eq!(other, None);
    change!(store, unit => unit.second_factors().delete(&system(), ann.id()));
    let found = look!(store, unit => unit.second_factors().find(&system(), ann.id()));
    assert_eq!(found, None);
}

/// A recovery code works once, for its own user, and goes with the factor.
pub async fn a_recovery_code_works_once_for_its_user(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let entropy = SeededEntropy::new(1);
    let codes: Vec<_> = (0..3).map(|_| RecoveryCode::new(&entropy).hash()).collect();
    let old = [RecoveryCode::new(&entropy).hash()];
    for codes in [&old[..], &codes] {
        change!(store, unit => unit.second_factors().set_codes(&system(), ann.id(), codes));
    }
    let first = codes[0];
    for (user, code, expected) in [
        (bob.id(), first, false),
        (ann.id(), old[0], false),
        (ann.id(), first, true),
        (ann.id(), first, false),
    ] {
        let used = change!(store, unit => unit.second_factors().use_code(&system(), user, code));
        assert_eq!(used, expected);
    }
    let left = look!(store, unit => unit.second_factors().codes_left(&system(), ann.id()));
    assert_eq!(left, 2);
    change!(store, unit => unit.second_factors().delete(&system(), ann.id()));
    let left = look!(store, unit => unit.second_factors().codes_left(&system(), ann.id()));
    assert_eq!(left, 0);
}
