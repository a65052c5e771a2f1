//! The token of forms (S7).
//!
//! It is an HMAC over a secret that only the browser holds: the session's token, or for guests the
//! value of a cookie made for the purpose. A page of another site can neither read the cookie nor
//! make the token; a cookie that another host of the same site plants does not help, since the key
//! is ours.
//!
//! The token of a user's form also tells, signed, whose form it is. That opens nothing: it only lets
//! what was typed be shown to the same user again when the session has ended meanwhile.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use mailing_core::id::UserId;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::seal;
use crate::settings::CsrfKey;

const PURPOSE: &[u8] = b"mailing csrf v1\0";
const OWNER: &str = "mailing owner of a form v1";

/// The token for the holder of `secret`, and for the forms of `user` when it is a session's.
pub(crate) fn token(key: &CsrfKey, secret: &str, user: Option<UserId>) -> String {
    let mac = mac(key, secret);
    let owner = user.and_then(|user| seal::sign(key, OWNER, &user.to_string()));
    match owner {
        Some(owner) => format!("{mac}.{owner}"),
        None => mac,
    }
}

/// True when `presented` is a token for `secret`. Takes the same time wherever they differ.
pub(crate) fn holds(key: &CsrfKey, secret: &str, presented: &str) -> bool {
    let expected = mac(key, secret);
    // Whose form it is need not be looked at: the secret is that of one session.
    let presented = presented.split_once('.').map_or(presented, |(mac, _)| mac);
    !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(presented.as_bytes()))
}

/// Whose form it was, in whichever session; `None` for a guest's, or when we have not made it.
pub(crate) fn owner(key: &CsrfKey, presented: &str) -> Option<UserId> {
    let (_, owner) = presented.split_once('.')?;
    seal::open(key, OWNER, owner)?.parse().ok()
}

fn mac(key: &CsrfKey, secret: &str) -> String {
    // HMAC takes a key of any length, so there is nothing that could fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.bytes()) else {
        return String::new();
    };
    mac.update(PURPOSE);
    mac.update(secret.as_bytes());
    BASE64URL_NOPAD.encode(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use mailing_core::testing::SeededEntropy;
    use mailing_core::testing::builders::start;

    use super::*;

    #[test]
    fn a_token_holds_for_its_own_secret_and_key_only() {
        let key = CsrfKey::new([1; 32]).unwrap();
        let other_key = CsrfKey::new([2; 32]).unwrap();
        let user = UserId::new(start(), &SeededEntropy::new(1));
        for good in [
            token(&key, "secret", None),
            token(&key, "secret", Some(user)),
        ] {
            assert!(holds(&key, "secret", &good));
            assert!(!holds(&key, "secret2", &good));
            assert!(!holds(&other_key, "secret", &good));
            assert!(!holds(&key, "secret", &good[1..]));
        }
        assert!(!holds(&key, "secret", "") && !holds(&key, "secret", "."));
        let short = token(&key, "secret", None);
        assert!(!holds(&key, "secret", &short[..short.len() - 1]));
    }

    #[test]
    fn a_token_tells_whose_form_it_was_if_we_have_made_it() {
        let key = CsrfKey::new([1; 32]).unwrap();
        let other_key = CsrfKey::new([2; 32]).unwrap();
        let entropy = SeededEntropy::new(1);
        let (ann, bob) = (
            UserId::new(start(), &entropy),
            UserId::new(start(), &entropy),
        );
        let of_ann = token(&key, "secret", Some(ann));
        assert_eq!(owner(&key, &of_ann), Some(ann));
        assert_eq!(owner(&other_key, &of_ann), None);
        assert_eq!(owner(&key, &token(&key, "secret", None)), None);
        let of_bob = token(&key, "secret", Some(bob));
        let (ann_body, bob_mac) = (
            of_ann.rsplit_once('.').unwrap(),
            of_bob.rsplit_once('.').unwrap(),
        );
        for forged in [
            format!("{}.{}", ann_body.0, bob_mac.1),
            format!("{}.", ann_body.0),
            format!(".{ann}"),
            ann.to_string(),
            "..".to_owned(),
        ] {
            assert_eq!(owner(&key, &forged), None, "{forged}");
        }
    }
}
