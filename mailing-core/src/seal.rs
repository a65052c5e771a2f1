//! Values that only this installation can read: XChaCha20-Poly1305 under a key derived from the
//! instance key. A reader of the database or of a backup holds nothing.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::instance_key::{InstanceKey, Purpose};
use crate::ports::Entropy;

/// Version of the derived key, and first octet of what is sealed.
const VERSION: u8 = 1;
/// Octets of a nonce: long enough to be drawn at random for ever.
const NONCE: usize = 24;

/// Seals and opens. Never shown, not even by `Debug`.
#[derive(Clone)]
pub struct SealingKey([u8; 32]);

impl SealingKey {
    /// The key of an installation.
    #[must_use]
    pub fn new(instance: &InstanceKey) -> Self {
        Self(instance.derive(Purpose::Sealing, VERSION))
    }

    /// Seals `plain` for `place`: what and whose it is. Moved to another place it cannot be opened.
    #[expect(
        clippy::expect_used,
        reason = "it fails for more than 256 GiB only (RFC 8439 §2.8)"
    )]
    pub fn seal(&self, entropy: &dyn Entropy, place: &str, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce);
        let payload = Payload {
            msg: plain,
            aad: place.as_bytes(),
        };
        let text = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .expect("the text is short");
        [&[VERSION], &nonce[..], &text].concat()
    }

    /// What was sealed for `place`; `None` when it was changed, moved, or sealed by another key.
    #[must_use]
    pub fn open(&self, place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, text) = rest.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let payload = Payload {
            msg: text,
            aad: place.as_bytes(),
        };
        let opened = self.cipher().decrypt(&XNonce::from(nonce), payload).ok();
        opened.filter(|_| *version == VERSION)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts up: two draws differ.
    #[derive(Default)]
    struct Counting(std::sync::atomic::AtomicU8);

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    fn key(octet: u8) -> SealingKey {
        SealingKey::new(&InstanceKey::new([octet; 32]))
    }

    #[test]
    fn what_is_sealed_is_opened_in_its_place_by_its_key_only() {
        let sealed = key(1).seal(&Counting::default(), "letter 7", "тайна".as_bytes());
        assert_eq!(
            key(1).open("letter 7", &sealed).unwrap(),
            "тайна".as_bytes()
        );
        assert_eq!(key(1).open("letter 8", &sealed), None);
        assert_eq!(key(2).open("letter 7", &sealed), None);
        assert!(
            !sealed
                .windows(4)
                .any(|window| window == &"тайна".as_bytes()[..4])
        );
    }

    #[test]
    fn no_changed_octet_and_no_missing_one_goes_unseen() {
        let sealed = key(1).seal(&Counting::default(), "p", b"secret");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(key(1).open("p", &changed), None, "octet {place}");
            assert_eq!(key(1).open("p", &sealed[..place]), None, "cut at {place}");
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_alike() {
        let entropy = Counting::default();
        assert_ne!(
            key(1).seal(&entropy, "p", b"x"),
            key(1).seal(&entropy, "p", b"x")
        );
        assert_eq!(format!("{:?}", key(1)), "SealingKey(…)");
    }
}
