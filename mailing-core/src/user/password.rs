//! Rules for passwords. Hashing is a port: [`PasswordHasher`](crate::ports::PasswordHasher).

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use crate::code::{self, Code};

/// Fewest characters of a password.
pub const PASSWORD_MIN: usize = 12;
/// Most characters of a password.
pub const PASSWORD_MAX: usize = 128;

/// Words that tell everybody's first guess at this service.
const OWN_WORDS: [&str; 6] = [
    "mailing",
    "рассылка",
    "рассылки",
    "newsletter",
    "password",
    "пароль",
];

/// A password as typed, normalised to NFKC once. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Why a text may not be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`PASSWORD_MIN`] characters.
    #[error("the password is shorter than {PASSWORD_MIN} characters")]
    TooShort,
    /// More than [`PASSWORD_MAX`] characters.
    #[error("the password is longer than {PASSWORD_MAX} characters")]
    TooLong,
    /// Guessed within a few thousand tries.
    #[error("the password is easily guessed")]
    Common,
}

impl PasswordError {
    /// The code of this refusal.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::TooShort => code::PASSWORD_TOO_SHORT,
            Self::TooLong => code::PASSWORD_TOO_LONG,
            Self::Common => code::PASSWORD_COMMON,
        }
    }
}

impl Password {
    /// A new password: length and guessability are checked. `about` are words that this person's
    /// attacker tries first, such as the address.
    ///
    /// # Errors
    /// [`PasswordError`] says what to change.
    pub fn new(typed: &str, about: &[&str]) -> Result<Self, PasswordError> {
        let password = Self::typed(typed);
        let length = password.0.chars().count();
        if length < PASSWORD_MIN {
            return Err(PasswordError::TooShort);
        }
        if length > PASSWORD_MAX {
            return Err(PasswordError::TooLong);
        }
        let words: Vec<&str> = about.iter().copied().chain(OWN_WORDS).collect();
        if zxcvbn::zxcvbn(&password.0, &words).guesses_log10() < 6.0 {
            return Err(PasswordError::Common);
        }
        Ok(password)
    }

    /// A password typed at sign-in: normalised, no rule applied.
    #[must_use]
    pub fn typed(typed: &str) -> Self {
        Self(typed.chars().take(PASSWORD_MAX + 1).nfkc().collect())
    }

    /// The normalised text, for the hasher alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The stored form of a password (PHC string). Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// A hash as read from the store or made by the hasher.
    #[must_use]
    pub const fn new(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC string, for the store and the hasher.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_has_bounds_in_characters() {
        let of = |n: usize| "жук7Дом!лес9Óz".chars().cycle().take(n).collect::<String>();
        assert_eq!(Password::new(&of(11), &[]), Err(PasswordError::TooShort));
        assert!(Password::new(&of(12), &[]).is_ok());
        assert!(Password::new(&of(128), &[]).is_ok());
        assert_eq!(Password::new(&of(129), &[]), Err(PasswordError::TooLong));
    }

    #[test]
    fn common_words_and_the_own_address_are_refused() {
        assert_eq!(
            Password::new("password1234", &[]),
            Err(PasswordError::Common)
        );
        assert_eq!(
            Password::new("mailingmailing", &[]),
            Err(PasswordError::Common)
        );
        let address = "longname@example.org";
        assert_eq!(
            Password::new(address, &[address]),
            Err(PasswordError::Common)
        );
        assert!(Password::new("crooked teapot sings 7", &[address]).is_ok());
    }

    #[test]
    fn two_spellings_of_one_text_are_one_password() {
        assert_eq!(Password::typed("ﬁne \u{212b}"), Password::typed("fine Å"));
    }

    #[test]
    fn nothing_is_printed() {
        assert_eq!(format!("{:?}", Password::typed("secret")), "Password(…)");
        assert_eq!(
            format!("{:?}", PasswordHash::new("secret".into())),
            "PasswordHash(…)"
        );
    }
}
