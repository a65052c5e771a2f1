//! Values that a browser keeps for us and cannot change: signed, for one purpose each.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::settings::CsrfKey;

/// `text` with its signature, of characters that a cookie may hold.
pub(crate) fn sign(key: &CsrfKey, purpose: &'static str, text: &str) -> Option<String> {
    let mac = mac(key, purpose, text)?;
    let body = BASE64URL_NOPAD.encode(text.as_bytes());
    Some(format!("{body}.{mac}"))
}

/// The text of a value that [`sign`] made with the same key for the same purpose.
pub(crate) fn open(key: &CsrfKey, purpose: &'static str, signed: &str) -> Option<String> {
    let (body, presented) = signed.split_once('.')?;
    let text = String::from_utf8(BASE64URL_NOPAD.decode(body.as_bytes()).ok()?).ok()?;
    let expected = mac(key, purpose, &text)?;
    bool::from(expected.as_bytes().ct_eq(presented.as_bytes())).then_some(text)
}

fn mac(key: &CsrfKey, purpose: &'static str, text: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).ok()?;
    mac.update(purpose.as_bytes());
    mac.update(b"\0");
    mac.update(text.as_bytes());
    Some(BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_signed_opens_for_its_key_and_purpose_only() {
        let key = CsrfKey::new([1; 32]).unwrap();
        let other = CsrfKey::new([2; 32]).unwrap();
        let signed = sign(&key, "a", "Анна; \"=\"").unwrap();
        assert!(
            signed
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        );
        assert_eq!(open(&key, "a", &signed).unwrap(), "Анна; \"=\"");
        assert_eq!(open(&key, "b", &signed), None);
        assert_eq!(open(&other, "a", &signed), None);
        let (body, mac) = signed.split_once('.').unwrap();
        for forged in [
            String::new(),
            body.to_owned(),
            format!("{body}."),
            format!(".{mac}"),
            format!("{}.{mac}", BASE64URL_NOPAD.encode(b"other")),
            format!("{signed}x"),
        ] {
            assert_eq!(open(&key, "a", &forged), None, "{forged}");
        }
    }
}
