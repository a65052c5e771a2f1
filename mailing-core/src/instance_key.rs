//! The one secret of an installation, and the keys that are derived from it.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;

/// What a derived key is for. A key of one purpose is useless for any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Links in mail that unsubscribe.
    Unsubscribe,
    /// `Message-ID`s.
    MessageId,
    /// Tokens against forged forms.
    Csrf,
    /// What is tied to a session.
    Session,
    /// Values encrypted at rest.
    Sealing,
    /// What stands in the place of an erased address.
    Erasure,
    /// Passwords of the demo's users.
    Demo,
}

impl Purpose {
    /// Every purpose there is.
    pub const ALL: [Self; 7] = [
        Self::Unsubscribe,
        Self::MessageId,
        Self::Csrf,
        Self::Session,
        Self::Sealing,
        Self::Erasure,
        Self::Demo,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Unsubscribe => "unsubscribe",
            Self::MessageId => "message-id",
            Self::Csrf => "csrf",
            Self::Session => "session",
            Self::Sealing => "sealing",
            Self::Erasure => "erasure",
            Self::Demo => "demo",
        }
    }
}

/// 32 secret octets that belong to an installation. Never shown, not even by `Debug`.
#[derive(Clone)]
pub struct InstanceKey([u8; Self::LENGTH]);

impl InstanceKey {
    /// How many octets it has.
    pub const LENGTH: usize = 32;

    /// The key with these octets, which somebody unpredictable has chosen.
    #[must_use]
    pub const fn new(octets: [u8; Self::LENGTH]) -> Self {
        Self(octets)
    }

    /// The key for a purpose, by HKDF-SHA-256 (RFC 5869). Another `version` gives another key.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "RFC 5869 §2.3 allows up to 8,160 octets"
    )]
    pub fn derive(&self, purpose: Purpose, version: u8) -> [u8; 32] {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, &self.0)
            .expand_multi_info(
                &[b"mailing/", purpose.label().as_bytes(), b"/", &[version]],
                &mut key,
            )
            .expect("32 octets can always be derived");
        key
    }
}

impl fmt::Debug for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InstanceKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_instance_purpose_and_version_has_a_key_of_its_own() {
        let instances = [InstanceKey::new([1; 32]), InstanceKey::new([2; 32])];
        let keys: BTreeSet<_> = instances
            .iter()
            .flat_map(|instance| {
                Purpose::ALL.into_iter().flat_map(move |purpose| {
                    [1, 2].map(|version| instance.derive(purpose, version))
                })
            })
            .collect();
        assert_eq!(keys.len(), instances.len() * Purpose::ALL.len() * 2);
    }

    #[test]
    fn the_same_input_gives_the_same_key() {
        let again = || InstanceKey::new([7; 32]).derive(Purpose::Csrf, 1);
        assert_eq!(again(), again());
    }

    #[test]
    fn debug_output_does_not_show_it() {
        assert_eq!(
            format!("{:?}", InstanceKey::new([65; 32])),
            "InstanceKey(…)"
        );
    }
}
