//! Users.

use chrono::TimeDelta;

use crate::message::FileHash;
use crate::policy;
use crate::ports::Store;
use crate::ports::store::{PageRequest, UserFilter};
use crate::recipient::DisplayName;
use crate::testing::builders::{address, owner};
use crate::testing::system;
use crate::user::{Country, Language, PasswordHash, Phone, Role, User, UserState};

/// Every field survives.
pub async fn a_user_is_read_back_as_it_was_written(store: &dyn Store) {
    let plain = owner().unverified().build();
    let mut full = owner()
        .at("Анна@Пример.рф")
        .named("Анна Каренина")
        .role(Role::Manager)
        .role(Role::Administrator)
        .speaking(Language::Ru)
        .blocked()
        .build();
    full.zone = crate::schedule::Zone::parse("Asia/Yekaterinburg").unwrap();
    full.phone = Phone::parse("+7 (343) 123-45-67").unwrap();
    full.country = Country::chosen("RU").unwrap();
    full.avatar = Some(FileHash::of(b"face"));
    full.created_at += TimeDelta::milliseconds(123);
    for user in [plain, full] {
        change!(store, unit => unit.users().insert(&system(), &user));
        let found = look!(store, unit => unit.users().find(&system(), user.id));
        assert_same(&found.unwrap(), &user);
    }
}

/// Saving writes all fields back.
pub async fn a_saved_user_has_its_new_fields(store: &dyn Store) {
    let mut user = owner().saved(store).await.user;
    user.email = address("new.address@example.org");
    user.name = Some(DisplayName::parse("New Name").unwrap());
    user.phone = Phone::parse("12345").unwrap();
    user.country = Country::chosen("BY").unwrap();
    user.avatar = Some(FileHash::of(b"other face"));
    user.roles.insert(Role::ContentManager);
    user.roles.remove(&Role::Owner);
    user.state = UserState::Blocked {
        at: user.created_at + TimeDelta::days(1),
        reason: "жалобы".to_owned(),
    };
    user.verified_at = None;
    user.password = PasswordHash::new("$argon2id$v=19$m=9,t=1,p=1$bmV3c2FsdA$bmV3".into());
    user.language = Language::Ru;
    change!(store, unit => unit.users().save(&system(), &user));
    let found = look!(store, unit => unit.users().find(&system(), user.id));
    assert_same(&found.unwrap(), &user);
}

/// A picture is its user's, is replaced by the next one, and goes.
pub async fn a_picture_is_kept_for_its_user_until_it_goes(store: &dyn Store) {
    let (ann, bob) = (owner().saved(store).await, owner().saved(store).await);
    let scope = system();
    let of = async |id| look!(store, unit => unit.users().avatar(&scope, id));
    assert_eq!(of(ann.id()).await, None);
    for face in [b"first \0\xff".as_slice(), b"second"] {
        change!(store, unit => unit.users().keep_avatar(&scope, ann.id(), face));
        assert_eq!(of(ann.id()).await.unwrap(), face);
    }
    change!(store, unit => unit.users().keep_avatar(&scope, bob.id(), b"bob"));
    for _ in 0..2 {
        change!(store, unit => unit.users().drop_avatar(&scope, ann.id()));
    }
    assert_eq!(of(ann.id()).await, None);
    assert_eq!(of(bob.id()).await.unwrap(), b"bob");
}

/// An address is one user's, however it is spelled.
pub async fn an_address_is_taken_once_however_it_is_spelled(store: &dyn Store) {
    owner().at("Ann@Example.org").saved(store).await;
    let second = owner().at("aNN@example.ORG").build();
    let error = refused!(store, unit => unit.users().insert(&system(), &second));
    assert!(error.is_conflict("users.key"), "{error:?}");
}

/// An address cannot be changed to another user's.
pub async fn an_address_cannot_become_another_users(store: &dyn Store) {
    owner().at("ann@example.org").saved(store).await;
    let mut bob = owner().at("bob@example.org").saved(store).await.user;
    bob.email = address("ANN@example.org");
    let error = refused!(store, unit => unit.users().save(&system(), &bob));
    assert!(error.is_conflict("users.key"), "{error:?}");
}

/// A user is found by any spelling of the address; an unknown one is none.
pub async fn a_user_is_found_by_any_spelling(store: &dyn Store) {
    let ann = owner().at("Ann@Example.org").saved(store).await;
    let asked = address("ann@EXAMPLE.org");
    let found = look!(store, unit => unit.users().find_by_email(&system(), &asked));
    assert_same(&found.unwrap(), &ann.user);
    let unknown = address("nobody@example.org");
    let found = look!(store, unit => unit.users().find_by_email(&system(), &unknown));
    assert!(found.is_none());
}

/// Supervision sees all users, by address, page by page; and they are counted.
pub async fn users_come_in_pages_by_address(store: &dyn Store) {
    for name in ["c", "a", "e", "b", "d"] {
        owner()
            .at(&format!("{name}@example.org"))
            .saved(store)
            .await;
    }
    let manager = owner().at("z@example.org").role(Role::Manager);
    let manager = manager.saved(store).await;
    let scope = policy::supervise(&manager.actor).unwrap();
    let mut request = PageRequest::first(4);
    let mut seen = Vec::new();
    loop {
        let page =
            look!(store, unit => unit.users().page(&scope, &UserFilter::default(), &request));
        seen.extend(
            page.items
                .into_iter()
                .map(|user| user.email.local().to_owned()),
        );
        match page.next {
            Some(next) => request = request.after(Some(next)),
            None => break,
        }
    }
    assert_eq!(seen, ["a", "b", "c", "d", "e", "z"]);
    let count = look!(store, unit => unit.users().count(&system()));
    assert_eq!(count, 6);
}

/// Users are found by role, by what they may do, and by any part of login and name.
pub async fn users_are_found_by_role_standing_and_text(store: &dyn Store) {
    let boss = owner().at("boss@example.org").role(Role::Manager);
    let boss = boss.saved(store).await;
    owner()
        .at("anna@example.org")
        .named("Анна Ёлкина")
        .saved(store)
        .await;
    let new = owner().at("new@example.net").unverified();
    new.saved(store).await;
    let barred = owner().at("barred@example.net").blocked();
    let barred = barred.saved(store).await;
    let scope = policy::supervise(&boss.actor).unwrap();
    let by = |search: Option<&str>, role, standing| UserFilter {
        search: search.map(str::to_owned),
        role,
        standing,
    };
    for (filter, expected) in [
        (by(None, Some(Role::Manager), None), vec!["boss"]),
        (by(None, None, Some("blocked")), vec!["barred"]),
        (by(None, None, Some("unverified")), vec!["new"]),
        (by(None, None, Some("active")), vec!["anna", "boss"]),
        (by(Some(" ёлк "), None, None), vec!["anna"]),
        (by(Some("EXAMPLE.NET"), None, None), vec!["barred", "new"]),
        (by(Some("%"), None, None), vec![]),
        (by(Some("example"), Some(Role::Administrator), None), vec![]),
    ] {
        let request = PageRequest::first(10);
        let page = look!(store, unit => unit.users().page(&scope, &filter, &request));
        let found = page.items.iter().map(|user| user.email.local());
        assert_eq!(found.collect::<Vec<_>>(), expected, "{filter:?}");
    }
    // A search follows the changes.
    let mut renamed = barred.user;
    renamed.name = Some(DisplayName::parse("Пётр").unwrap());
    change!(store, unit => unit.users().save(&system(), &renamed));
    let (filter, request) = (by(Some("ПЁТР"), None, None), PageRequest::first(10));
    let page = look!(store, unit => unit.users().page(&scope, &filter, &request));
    assert_eq!(page.items.len(), 1);
}

/// Administrators are counted who may act.
pub async fn administrators_who_may_act_are_counted(store: &dyn Store) {
    let counted = change!(store, unit => unit.users().administrators(&system()));
    assert_eq!(counted, 0);
    let root = owner().role(Role::Administrator).saved(store).await;
    let barred = owner().role(Role::Administrator).blocked();
    barred.saved(store).await;
    owner().role(Role::Manager).saved(store).await;
    let counted = change!(store, unit => unit.users().administrators(&system()));
    assert_eq!(counted, 1);
    let mut plain = root.user;
    plain.roles.remove(&Role::Administrator);
    change!(store, unit => unit.users().save(&system(), &plain));
    let counted = change!(store, unit => unit.users().administrators(&system()));
    assert_eq!(counted, 0);
}

/// Two changes of one user at the same moment go one after the other: neither undoes the other.
pub async fn changes_at_the_same_moment_keep_each_other(store: &dyn Store) {
    let ann = owner().saved(store).await;
    let (id, scope) = (ann.id(), system());
    let mut first = store.write().await.unwrap();
    let found = first.users().find_for_update(&scope, id).await.unwrap();
    let mut renamed = found.unwrap();
    renamed.name = Some(DisplayName::parse("Anna").unwrap());
    let rename = async {
        first.users().save(&scope, &renamed).await.unwrap();
        first.commit().await.unwrap();
    };
    let block = async {
        let mut second = store.write().await.unwrap();
        let found = second.users().find_for_update(&scope, id).await.unwrap();
        let mut blocked = found.unwrap();
        blocked.state = UserState::Blocked {
            at: blocked.created_at,
            reason: "spam".to_owned(),
        };
        second.users().save(&scope, &blocked).await.unwrap();
        second.commit().await.unwrap();
    };
    // The second asks before the first has saved.
    futures::join!(block, rename);
    let found = look!(store, unit => unit.users().find(&scope, id)).unwrap();
    assert_eq!(found.name, renamed.name);
    assert!(!found.is_active());
    let nobody = crate::testing::builders::id(found.created_at);
    let none = change!(store, unit => unit.users().find_for_update(&scope, nobody));
    assert!(none.is_none());
}

/// Who counts administrators is alone with their number, and waits for nobody who waits for the count.
pub async fn administrators_are_counted_by_one_at_a_time(store: &dyn Store) {
    let scope = system();
    let (ann, bob) = (
        owner().role(Role::Administrator).saved(store).await,
        owner().role(Role::Administrator).saved(store).await,
    );
    // Each takes the role from the other one, unless that is the last.
    let lower = async |id| {
        let mut unit = store.write().await.unwrap();
        let left = unit.users().administrators(&scope).await.unwrap();
        let found = unit.users().find_for_update(&scope, id).await.unwrap();
        let mut user = found.unwrap();
        if left > 1 {
            user.roles.remove(&Role::Administrator);
            unit.users().save(&scope, &user).await.unwrap();
        }
        unit.commit().await.unwrap();
    };
    let rename = async |id| {
        let mut unit = store.write().await.unwrap();
        let found = unit.users().find_for_update(&scope, id).await.unwrap();
        let mut user = found.unwrap();
        user.name = Some(DisplayName::parse("Anna").unwrap());
        unit.users().save(&scope, &user).await.unwrap();
        unit.commit().await.unwrap();
    };
    futures::join!(
        lower(ann.id()),
        rename(ann.id()),
        lower(bob.id()),
        rename(bob.id())
    );
    let left = change!(store, unit => unit.users().administrators(&scope));
    assert_eq!(left, 1);
}

fn assert_same(found: &User, expected: &User) {
    assert_eq!(format!("{found:?}"), format!("{expected:?}"));
    assert!(found.password == expected.password);
}
