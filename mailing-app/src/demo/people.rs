//! Who is in the demo.

use mailing_core::instance_key::{InstanceKey, Purpose};
use mailing_core::user::{Language, Role};

/// A user of the demo.
#[derive(Debug, Clone)]
pub struct DemoUser {
    /// The login.
    pub email: &'static str,
    /// Name.
    pub name: &'static str,
    /// Role beside owner.
    pub role: Option<Role>,
    /// Zone of this user's times.
    pub zone: &'static str,
    /// Language of screens and mail.
    pub language: Language,
    /// The password: another one in each installation, the same at each start.
    pub password: String,
}

/// The users of the demo with their passwords.
#[must_use]
pub fn users(key: &InstanceKey) -> Vec<DemoUser> {
    let user = |number, email, name, role, zone, language| DemoUser {
        email,
        name,
        role,
        zone,
        language,
        password: password(key, number),
    };
    use Language::{En, Ru};
    vec![
        user(
            1,
            "anna@example.com",
            "Анна Кузнецова",
            None,
            "Europe/Moscow",
            Ru,
        ),
        user(
            2,
            "ben@example.com",
            "Ben Carter",
            None,
            "Europe/London",
            En,
        ),
        user(
            3,
            "mira@example.com",
            "Мира Соколова",
            Some(Role::Manager),
            "Europe/Moscow",
            Ru,
        ),
        user(
            4,
            "carl@example.com",
            "Carl Jensen",
            Some(Role::ContentManager),
            "Europe/Berlin",
            En,
        ),
        user(
            5,
            "alex@example.com",
            "Alex Smirnov",
            Some(Role::Administrator),
            "Europe/Berlin",
            En,
        ),
    ]
}

/// Letters and digits that nobody confuses.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Three groups of five letters from the installation's key: 75 bits that no other installation has.
fn password(key: &InstanceKey, number: u8) -> String {
    let secret = key.derive(Purpose::Demo, number);
    let letters: Vec<char> = secret
        .iter()
        .take(15)
        .map(|octet| LETTERS[usize::from(octet % 32)].into())
        .collect();
    letters
        .chunks(5)
        .map(|group| group.iter().collect())
        .collect::<Vec<String>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_the_same_at_each_start_and_others_in_each_installation() {
        let of = |octet| users(&InstanceKey::new([octet; 32])).remove(0).password;
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        assert_eq!(of(1).len(), 17);
    }

    #[test]
    fn each_role_is_there() {
        let all = users(&InstanceKey::new([1; 32]));
        for role in [Role::Manager, Role::ContentManager, Role::Administrator] {
            assert!(all.iter().any(|user| user.role == Some(role)), "{role}");
        }
    }
}
