//! The token of forms (S7).
//!
//! It is an HMAC over a secret that only the browser holds: the session's token, or for guests the
//! value of a cookie made for the purpose. A page of another site can neither read the cookie nor
//! make the token; a cookie that another host of the same site plants does not help, since the key
//! is ours.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::settings::CsrfKey;

const PURPOSE: &[u8] = b"mailing csrf v1\0";

/// The token for the holder of `secret`.
pub(crate) fn token(key: &CsrfKey, secret: &str) -> String {
    // HMAC takes a key of any length, so there is nothing that could fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.bytes()) else {
        return String::new();
    };
    mac.update(PURPOSE);
    mac.update(secret.as_bytes());
    BASE64URL_NOPAD.encode(&mac.finalize().into_bytes())
}

/// True when `presented` is the token for `secret`. Takes the same time wherever they differ.
pub(crate) fn holds(key: &CsrfKey, secret: &str, presented: &str) -> bool {
    let expected = token(key, secret);
    !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(presented.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_for_its_own_secret_and_key_only() {
        let key = CsrfKey::new([1; 32]).unwrap();
        let other_key = CsrfKey::new([2; 32]).unwrap();
        let good = token(&key, "secret");
        assert!(holds(&key, "secret", &good));
        assert!(!holds(&key, "secret2", &good));
        assert!(!holds(&other_key, "secret", &good));
        assert!(!holds(&key, "secret", ""));
        assert!(!holds(&key, "secret", &good[..good.len() - 1]));
    }
}
