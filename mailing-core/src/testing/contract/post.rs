//! The service's own mail, and the tokens in it.

use chrono::TimeDelta;

use crate::id::UserId;
use crate::letter::SystemMail;
use crate::ports::Store;
use crate::ports::store::LetterQueue;
use crate::testing::builders::{address, id, owner, sender, start, two_owners};
use crate::testing::system;
use crate::time::Timestamp;
use crate::user::{Language, LinkToken, OneTimeToken, TokenHash, TokenKind, TokenPurpose};

/// A letter is claimed with every field, and not a second time before its claim is over.
pub async fn a_letter_is_claimed_once_until_its_claim_is_over(store: &dyn Store) {
    let letter = letter(start());
    change!(store, unit => unit.system_mails().add(&system(), &letter));
    assert!(!is_due(store, start() - TimeDelta::seconds(1)).await);
    assert!(is_due(store, start()).await);
    let until = start() + TimeDelta::minutes(2);
    let claimed = claim(store, start(), until).await;
    let mut expected = letter.clone();
    (expected.due_at, expected.tries) = (until, 1);
    assert_eq!(claimed, [expected.clone()]);
    assert!(!is_due(store, start()).await);
    assert_eq!(claim(store, start(), until).await, []);
    let again = claim(store, until, until + TimeDelta::minutes(2)).await;
    assert_eq!((again[0].id, again[0].tries), (letter.id, 2));
}

/// Letters come oldest first, as many as are asked for.
pub async fn letters_come_oldest_first(store: &dyn Store) {
    let letters: Vec<_> = (0..3)
        .map(|minutes| letter(start() - TimeDelta::minutes(10 - minutes)))
        .collect();
    for letter in letters.iter().rev() {
        change!(store, unit => unit.system_mails().add(&system(), letter));
    }
    let until = start() + TimeDelta::minutes(2);
    let first = change!(store, unit => unit.system_mails().claim(&system(), start(), until, 2));
    let mut ids: Vec<_> = first.iter().map(|letter| letter.id).collect();
    ids.extend(
        claim(store, start(), until)
            .await
            .iter()
            .map(|letter| letter.id),
    );
    assert_eq!(
        ids,
        letters.iter().map(|letter| letter.id).collect::<Vec<_>>()
    );
}

/// The queue counts what waits, due or not, and tells since when.
pub async fn the_queue_of_letters_is_counted(store: &dyn Store) {
    let queue = async || look!(store, unit => unit.system_mails().queue(&system()));
    assert_eq!(queue().await, LetterQueue::default());
    let (old, new) = (letter(start() - TimeDelta::hours(1)), letter(start()));
    for letter in [&new, &old] {
        change!(store, unit => unit.system_mails().add(&system(), letter));
    }
    let later = start() + TimeDelta::hours(1);
    change!(store, unit => unit.system_mails().postpone(&system(), old.id, later));
    let expected = LetterQueue {
        waiting: 2,
        oldest: Some(old.created_at),
    };
    assert_eq!(queue().await, expected);
    change!(store, unit => unit.system_mails().delete(&system(), old.id));
    assert_eq!(queue().await.oldest, Some(new.created_at));
}

/// A letter that is put off waits; one that is deleted is gone.
pub async fn letters_are_put_off_and_deleted(store: &dyn Store) {
    let letter = letter(start());
    change!(store, unit => unit.system_mails().add(&system(), &letter));
    let later = start() + TimeDelta::hours(1);
    change!(store, unit => unit.system_mails().postpone(&system(), letter.id, later));
    assert!(!is_due(store, start()).await);
    assert!(is_due(store, later).await);
    change!(store, unit => unit.system_mails().delete(&system(), letter.id));
    assert!(!is_due(store, later).await);
    change!(store, unit => unit.system_mails().delete(&system(), letter.id));
}

/// A token is read back with its purpose, and spent once.
pub async fn a_token_is_read_back_and_spent_once(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let sender = sender().of(&ann).saved(store).await;
    let purposes = [
        TokenPurpose::VerifyAddress(address("Ann@Пример.рф")),
        TokenPurpose::ResetPassword,
        TokenPurpose::NewAddress(address("new@example.org")),
        TokenPurpose::OldAddress(address("old@example.org")),
        TokenPurpose::VerifySender(sender.id),
        TokenPurpose::SecondStep,
    ];
    for (number, purpose) in purposes.into_iter().enumerate() {
        let mut token = token(ann.id(), purpose, &number.to_string());
        token.browser = (number % 2 == 0).then_some(TokenHash([7; 32]));
        change!(store, unit => unit.tokens().put(&system(), &token));
        assert_eq!(found(store, token.token).await, Some(token.clone()));
        assert!(change!(store, unit => unit.tokens().spend(&system(), token.token)));
        assert!(!change!(store, unit => unit.tokens().spend(&system(), token.token)));
        assert_eq!(found(store, token.token).await, None);
    }
}

/// A new token of the same user, kind and slot takes the place of the one before; no other.
pub async fn one_token_lives_for_each_user_kind_and_slot(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let old = |text| TokenPurpose::OldAddress(address(text));
    let others = [
        token(bob.id(), TokenPurpose::ResetPassword, "of another"),
        token(ann.id(), TokenPurpose::SecondStep, "of another kind"),
        token(ann.id(), old("one@example.org"), "of another slot"),
    ];
    let first = token(ann.id(), TokenPurpose::ResetPassword, "first");
    let second = token(ann.id(), TokenPurpose::ResetPassword, "second");
    let slot = token(ann.id(), old("two@example.org"), "two");
    for token in others.iter().chain([&first, &second, &slot]) {
        change!(store, unit => unit.tokens().put(&system(), token));
    }
    assert_eq!(found(store, first.token).await, None);
    for token in others.iter().chain([&second, &slot]) {
        assert!(found(store, token.token).await.is_some());
    }
    change!(store, unit => unit.tokens().delete_of(&system(), ann.id(), TokenKind::OldAddress));
    assert_eq!(found(store, slot.token).await, None);
    assert_eq!(found(store, others[2].token).await, None);
    assert!(found(store, others[1].token).await.is_some());
}

/// Tokens that are over go.
pub async fn expired_tokens_are_purged(store: &dyn Store) {
    let (ann, bob) = two_owners(store).await;
    let old = token(ann.id(), TokenPurpose::ResetPassword, "old");
    let mut new = token(bob.id(), TokenPurpose::ResetPassword, "new");
    new.expires_at = start() + TimeDelta::hours(2);
    for token in [&old, &new] {
        change!(store, unit => unit.tokens().put(&system(), token));
    }
    let before = start() + TimeDelta::hours(1);
    let purged = change!(store, unit => unit.tokens().purge(&system(), before));
    assert_eq!(purged, 1);
    assert_eq!(found(store, old.token).await, None);
    assert_eq!(found(store, new.token).await, Some(new));
}

fn letter(at: Timestamp) -> SystemMail {
    SystemMail {
        id: id(at),
        kind: "verify_address".to_owned(),
        to: address("ann@Пример.рф"),
        language: Language::Ru,
        letter: vec![0, 1, 255],
        created_at: at,
        due_at: at,
        give_up_at: at + TimeDelta::days(1),
        tries: 0,
    }
}

fn token(user: UserId, purpose: TokenPurpose, text: &str) -> OneTimeToken {
    OneTimeToken {
        token: LinkToken::presented(text).hash(),
        user,
        purpose,
        browser: None,
        expires_at: start() + TimeDelta::minutes(30),
    }
}

async fn is_due(store: &dyn Store, now: Timestamp) -> bool {
    look!(store, unit => unit.system_mails().is_due(&system(), now))
}

async fn claim(store: &dyn Store, now: Timestamp, until: Timestamp) -> Vec<SystemMail> {
    change!(store, unit => unit.system_mails().claim(&system(), now, until, 10))
}

async fn found(store: &dyn Store, token: TokenHash) -> Option<OneTimeToken> {
    look!(store, unit => unit.tokens().find(&system(), token))
}
