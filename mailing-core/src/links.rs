//! Tokens in the mail that goes out: the unsubscribe link and the `Message-ID`; and what stands in the
//! place of an address that was erased.
//!
//! An unsubscribe token names owner, recipient and run by their ids, which are no secrets, and
//! proves by an HMAC that this installation wrote it (S36). It holds no address and never expires,
//! since mail is kept for years; keys are replaced by version, and old versions stay valid.

use std::fmt;

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::id::{RecipientId, RunId, UserId};
use crate::instance_key::{InstanceKey, Purpose};
use crate::recipient::EmailAddress;

/// Length of an id in a token, in octets.
const ID: usize = 16;
/// Length of the proof, in octets: 160 of HMAC-SHA-256's 256 bits (RFC 2104 §5).
const TAG: usize = 20;
/// Version, three ids, proof.
const TOKEN: usize = 1 + 3 * ID + TAG;

/// Who asks to be written no more, as a valid token tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnsubscribeClaim {
    /// Whose mail.
    pub owner: UserId,
    /// Who got it.
    pub recipient: RecipientId,
    /// In which run.
    pub run: RunId,
}

/// A key of [`Purpose::Unsubscribe`] and its version.
type VersionedKey = (u8, [u8; 32]);

/// Makes and checks what mail carries.
#[derive(Clone)]
pub struct LinkKeys {
    current: VersionedKey,
    older: Vec<VersionedKey>,
    message_id: [u8; 32],
    erasure: [u8; 32],
}

impl LinkKeys {
    /// Keys whose new tokens have `version`.
    #[must_use]
    pub fn new(instance: &InstanceKey, version: u8) -> Self {
        Self {
            current: (version, instance.derive(Purpose::Unsubscribe, version)),
            older: Vec::new(),
            // One version for ever: a delivery tried again must keep its Message-ID.
            message_id: instance.derive(Purpose::MessageId, 1),
            erasure: instance.derive(Purpose::Erasure, 1),
        }
    }

    /// Also takes tokens of an older `version`, perhaps of an older instance key.
    #[must_use]
    pub fn accepting(mut self, instance: &InstanceKey, version: u8) -> Self {
        self.older
            .push((version, instance.derive(Purpose::Unsubscribe, version)));
        self
    }

    /// The token for one recipient's mail of a run: base64url without padding, 92 characters.
    #[must_use]
    pub fn unsubscribe_token(&self, claim: &UnsubscribeClaim) -> String {
        let (version, key) = &self.current;
        let mut token = [0; TOKEN];
        let (body, tag) = token.split_at_mut(TOKEN - TAG);
        body[0] = *version;
        let ids = [claim.owner.uuid(), claim.recipient.uuid(), claim.run.uuid()];
        for (place, id) in body[1..].chunks_exact_mut(ID).zip(ids) {
            place.copy_from_slice(id.as_bytes());
        }
        tag.copy_from_slice(&hmac(key, body)[..TAG]);
        BASE64URL_NOPAD.encode(&token)
    }

    /// What a token claims, if this installation wrote it. Takes the same time wherever a wrong
    /// token differs from the right one.
    #[must_use]
    pub fn verify_unsubscribe(&self, token: &str) -> Option<UnsubscribeClaim> {
        let token: [u8; TOKEN] = BASE64URL_NOPAD
            .decode(token.as_bytes())
            .ok()?
            .try_into()
            .ok()?;
        let (body, tag) = token.split_at(TOKEN - TAG);
        let (version, ids) = body.split_first()?;
        let mut keys = std::iter::once(&self.current).chain(&self.older);
        let (_, key) = keys.find(|(known, _)| known == version)?;
        if !bool::from(hmac(key, body)[..TAG].ct_eq(tag)) {
            return None;
        }
        let mut ids = ids
            .chunks_exact(ID)
            .filter_map(|id| Uuid::from_slice(id).ok());
        Some(UnsubscribeClaim {
            owner: ids.next()?.into(),
            recipient: ids.next()?.into(),
            run: ids.next()?.into(),
        })
    }

    /// The `Message-ID` of a delivery, without angle brackets, in the domain of the run's sender:
    /// the same for every try, another one in each run.
    #[must_use]
    pub fn message_id(&self, run: RunId, recipient: RecipientId, from: &EmailAddress) -> String {
        let mut ids = [0; 2 * ID];
        ids[..ID].copy_from_slice(run.uuid().as_bytes());
        ids[ID..].copy_from_slice(recipient.uuid().as_bytes());
        let local = BASE32_NOPAD.encode(&hmac(&self.message_id, &ids)[..TAG]);
        format!("{}@{}", local.to_ascii_lowercase(), from.domain_ascii())
    }

    /// What stands in the history in the place of an erased address of an owner's recipient: the same
    /// for each spelling of it, and nobody gets the address back from it (S56).
    #[must_use]
    pub fn pseudonym(&self, owner: UserId, address: &EmailAddress) -> EmailAddress {
        let mut text = owner.uuid().as_bytes().to_vec();
        text.extend_from_slice(address.key().as_bytes());
        let proof = hmac(&self.erasure, &text);
        EmailAddress::erased(&BASE32_NOPAD.encode(&proof[..TAG]).to_ascii_lowercase())
    }
}

impl fmt::Debug for LinkKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkKeys")
            .field("version", &self.current.0)
            .finish_non_exhaustive()
    }
}

#[expect(clippy::expect_used, reason = "RFC 2104 §3 allows keys of any length")]
fn hmac(key: &[u8; 32], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key length is allowed");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim() -> UnsubscribeClaim {
        UnsubscribeClaim {
            owner: Uuid::from_u128(1).into(),
            recipient: Uuid::from_u128(2).into(),
            run: Uuid::from_u128(3).into(),
        }
    }

    fn instance(octet: u8) -> InstanceKey {
        InstanceKey::new([octet; 32])
    }

    fn keys() -> LinkKeys {
        LinkKeys::new(&instance(1), 1)
    }

    #[test]
    fn a_token_says_what_it_was_made_from() {
        let token = keys().unsubscribe_token(&claim());
        assert_eq!(token.len(), 92);
        assert!(
            token
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        );
        assert_eq!(keys().verify_unsubscribe(&token), Some(claim()));
    }

    #[test]
    fn every_flipped_bit_spoils_the_token() {
        let token = BASE64URL_NOPAD
            .decode(keys().unsubscribe_token(&claim()).as_bytes())
            .unwrap();
        for bit in 0..token.len() * 8 {
            let mut flipped = token.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let flipped = BASE64URL_NOPAD.encode(&flipped);
            assert_eq!(keys().verify_unsubscribe(&flipped), None, "bit {bit}");
        }
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let token = keys().unsubscribe_token(&claim());
        for broken in [
            "",
            "abc",
            &token[1..],
            &token[..91],
            &format!("{token}A"),
            &format!("{token}="),
            "я",
        ] {
            assert_eq!(keys().verify_unsubscribe(broken), None, "{broken:?}");
        }
        assert_eq!(keys().verify_unsubscribe(&"A".repeat(1 << 20)), None);
    }

    #[test]
    fn the_proof_covers_owner_recipient_and_run() {
        let other = Uuid::from_u128(9);
        let tokens = [
            claim(),
            UnsubscribeClaim {
                owner: other.into(),
                ..claim()
            },
            UnsubscribeClaim {
                recipient: other.into(),
                ..claim()
            },
            UnsubscribeClaim {
                run: other.into(),
                ..claim()
            },
        ]
        .map(|claim| {
            BASE64URL_NOPAD
                .decode(keys().unsubscribe_token(&claim).as_bytes())
                .unwrap()
        });
        for foreign in &tokens[1..] {
            // The ids of one claim with the proof of another.
            let mut mixed = foreign.clone();
            mixed[TOKEN - TAG..].copy_from_slice(&tokens[0][TOKEN - TAG..]);
            assert_eq!(
                keys().verify_unsubscribe(&BASE64URL_NOPAD.encode(&mixed)),
                None
            );
        }
    }

    #[test]
    fn another_installation_or_purpose_is_refused() {
        let token = keys().unsubscribe_token(&claim());
        assert_eq!(
            LinkKeys::new(&instance(2), 1).verify_unsubscribe(&token),
            None
        );

        let mut body = BASE64URL_NOPAD.decode(token.as_bytes()).unwrap();
        let key = instance(1).derive(Purpose::Csrf, 1);
        let tag = hmac(&key, &body[..TOKEN - TAG]);
        body[TOKEN - TAG..].copy_from_slice(&tag[..TAG]);
        assert_eq!(
            keys().verify_unsubscribe(&BASE64URL_NOPAD.encode(&body)),
            None
        );
    }

    #[test]
    fn old_versions_stay_valid_as_long_as_they_are_accepted() {
        let old = keys().unsubscribe_token(&claim());
        let new = LinkKeys::new(&instance(2), 2);
        assert_eq!(new.verify_unsubscribe(&old), None);

        let both = new.accepting(&instance(1), 1);
        assert_eq!(both.verify_unsubscribe(&old), Some(claim()));
        let fresh = both.unsubscribe_token(&claim());
        assert_eq!(both.verify_unsubscribe(&fresh), Some(claim()));
        assert_eq!(keys().verify_unsubscribe(&fresh), None);
    }

    #[test]
    fn a_message_id_is_stable_for_a_delivery_and_differs_between_runs() {
        let UnsubscribeClaim { recipient, run, .. } = claim();
        let from = EmailAddress::parse("Ann@Почта.example").unwrap();
        let of = |keys: LinkKeys, run, recipient| keys.message_id(run, recipient, &from);
        let id = of(keys(), run, recipient);
        assert_eq!(id, of(keys(), run, recipient));
        assert_eq!(id, of(LinkKeys::new(&instance(1), 2), run, recipient));
        assert_ne!(id, of(keys(), Uuid::from_u128(4).into(), recipient));
        assert_ne!(id, of(keys(), run, Uuid::from_u128(4).into()));
        let (local, domain) = id.split_once('@').unwrap();
        assert_eq!(domain, "xn--80a1acny.example");
        assert!(
            local
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
            "{id}"
        );
    }
}
