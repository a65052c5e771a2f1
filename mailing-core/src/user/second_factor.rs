//! Sign-in by code: time-based codes of an app (TOTP, RFC 6238), and recovery codes on paper.

use std::fmt;

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use sha2::{Digest as _, Sha256};
use totp_rs::{Builder, Secret, Totp};

use super::TokenHash;
use crate::id::UserId;
use crate::ports::Entropy;
use crate::time::Timestamp;

/// Octets of a secret (RFC 4226 §4: 160 bits).
const SECRET: usize = 20;
/// How many recovery codes a user gets.
pub const RECOVERY_CODES: usize = 10;
/// Octets of a recovery code: 80 bits, sixteen letters and digits.
const RECOVERY: usize = 10;

/// What app and service share. Kept sealed, shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; SECRET]);

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

impl TotpSecret {
    /// A new secret.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut octets = [0; SECRET];
        entropy.fill(&mut octets);
        Self(octets)
    }

    /// The secret as it was kept; `None` when that is none.
    #[must_use]
    pub fn from_octets(octets: &[u8]) -> Option<Self> {
        octets.try_into().ok().map(Self)
    }

    /// The octets, to be sealed.
    #[must_use]
    pub const fn octets(&self) -> &[u8] {
        &self.0
    }

    /// The secret as it is typed into an app: base32 (RFC 4648) in groups of four.
    #[must_use]
    pub fn typed(&self) -> String {
        grouped(&BASE32_NOPAD.encode(&self.0))
    }

    /// The address that apps read from a picture; `None` for a name that cannot stand in one.
    #[must_use]
    pub fn address(&self, issuer: &str, account: &str) -> Option<String> {
        let issuer = issuer.replace(':', " ");
        let builder = self.builder().with_account_name(account);
        let totp = builder.with_issuer(Some(issuer)).build().ok()?;
        totp.to_url().ok()
    }

    /// The step of time that a code belongs to, if it is right now, or was or will be half a minute
    /// from now, and later than the step `used` last: a code works once.
    #[must_use]
    pub fn step(&self, code: &str, now: Timestamp, used: u64) -> Option<u64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let seconds = u64::try_from(now.timestamp()).ok()?;
        let step = self.totp()?.check(&code, seconds)?;
        (step > used).then_some(step)
    }

    /// The code at an instant, as an app shows it.
    #[must_use]
    pub fn code(&self, at: Timestamp) -> Option<String> {
        let seconds = u64::try_from(at.timestamp()).ok()?;
        Some(self.totp()?.generate(seconds).to_string())
    }

    fn totp(&self) -> Option<Totp> {
        self.builder().build().ok()
    }

    fn builder(&self) -> Builder {
        Builder::new().with_secret(Secret::new_stack(self.0))
    }
}

/// Sign-in by code of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whose.
    pub user: UserId,
    /// The [`TotpSecret`], sealed for [`place`](Self::place).
    pub secret: Vec<u8>,
    /// Since when it is asked for; `None` until the first code was right.
    pub confirmed_at: Option<Timestamp>,
    /// The step of time of the last code that was used.
    pub used_step: u64,
}

impl SecondFactor {
    /// For what the secret of a user is sealed.
    #[must_use]
    pub fn place(user: UserId) -> String {
        format!("second_factors {user}")
    }
}

/// A code on paper that works once in the place of the app's. Kept as a hash, shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl RecoveryCode {
    /// A new code.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut octets = [0; RECOVERY];
        entropy.fill(&mut octets);
        Self(BASE32_NOPAD.encode(&octets))
    }

    /// A code as typed: spaces, hyphens and letter case do not matter.
    #[must_use]
    pub fn presented(typed: &str) -> Self {
        let bare = typed.chars().filter(|c| c.is_ascii_alphanumeric());
        Self(bare.collect::<String>().to_ascii_uppercase())
    }

    /// The code as it is shown.
    #[must_use]
    pub fn reveal(&self) -> String {
        grouped(&self.0)
    }

    /// What the store keeps. 80 random bits need no slow hash.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl TokenHash {
    /// The hash as text that may stand in a form of its own user.
    #[must_use]
    pub fn text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.0)
    }

    /// Reads [`text`](Self::text).
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let octets = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        octets.try_into().ok().map(Self)
    }
}

fn grouped(text: &str) -> String {
    let letters: Vec<_> = text.chars().collect();
    let groups = letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn of_the_rfc() -> TotpSecret {
        TotpSecret(*b"12345678901234567890")
    }

    fn at(seconds: i64) -> Timestamp {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(of_the_rfc().code(at(seconds)).unwrap(), code);
            let step = u64::try_from(seconds).unwrap() / 30;
            assert_eq!(of_the_rfc().step(code, at(seconds), 0), Some(step));
        }
    }

    #[test]
    fn a_code_works_one_step_early_or_late_and_once() {
        let secret = of_the_rfc();
        let now = at(1_111_111_109);
        let code = secret.code(now).unwrap();
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        for (shift, expected) in [
            (-60, false),
            (-30, true),
            (0, true),
            (30, true),
            (60, false),
        ] {
            let then = now + TimeDelta::seconds(shift);
            assert_eq!(secret.step(&spaced, then, 0).is_some(), expected, "{shift}");
        }
        let step = secret.step(&code, now, 0).unwrap();
        assert_eq!(secret.step(&code, now, step), None, "a second time");
        for junk in ["", "12345", "1234567", "abcdef", "１２３４５６", "000000"] {
            assert_eq!(secret.step(junk, now, 0), None, "{junk}");
        }
    }

    #[test]
    fn an_app_reads_the_address_and_a_person_the_groups() {
        let secret = of_the_rfc();
        let address = secret.address("Mailing", "ann@example.org").unwrap();
        assert!(address.starts_with("otpauth://totp/Mailing:"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        assert_eq!(secret.typed(), "GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ");
        assert_eq!(format!("{secret:?}"), "TotpSecret(…)");
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_typed() {
        let code = RecoveryCode("ABCDEFGH23456723".to_owned());
        assert_eq!(code.reveal(), "ABCD-EFGH-2345-6723");
        for typed in ["ABCD-EFGH-2345-6723", " abcdefgh 23456723 "] {
            assert_eq!(RecoveryCode::presented(typed).hash(), code.hash());
        }
        let hash = code.hash();
        assert_eq!(TokenHash::from_text(&hash.text()), Some(hash));
        assert_eq!(TokenHash::from_text("x"), None);
    }
}
