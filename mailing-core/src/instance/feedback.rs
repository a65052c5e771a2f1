//! What people write to whoever runs the instance.

use crate::code;
use crate::error::{FieldError, Refusal};
use crate::id::FeedbackId;
use crate::recipient::{DisplayName, EmailAddress};
use crate::time::Timestamp;
use crate::user::{Language, Phone};

/// Longest message, in characters.
pub const FEEDBACK_MAX: usize = 5_000;
/// Longest name of whoever writes, in characters.
pub const FEEDBACK_NAME_MAX: usize = 100;

/// What somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// Id.
    pub id: FeedbackId,
    /// When it was sent.
    pub at: Timestamp,
    /// Who wrote.
    pub name: DisplayName,
    /// Where an answer goes.
    pub email: EmailAddress,
    /// Another way to answer.
    pub phone: Option<Phone>,
    /// What was written.
    pub text: FeedbackText,
    /// The language of the page it was written on.
    pub language: Language,
    /// When an administrator marked it as answered.
    pub answered_at: Option<Timestamp>,
    /// When an administrator put it into the trash.
    pub deleted_at: Option<Timestamp>,
}

/// What somebody types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedbackDraft {
    /// Who writes.
    pub name: String,
    /// Where an answer goes.
    pub email: String,
    /// Another way to answer; blank is none.
    pub phone: String,
    /// What there is to say.
    pub text: String,
}

impl FeedbackDraft {
    /// What was typed, as it is kept.
    ///
    /// # Errors
    /// Every fault at its field: `writer`, `email`, `phone`, `feedback`.
    pub fn check(
        &self,
        id: FeedbackId,
        at: Timestamp,
        language: Language,
    ) -> Result<Feedback, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = name(&self.name)
            .map_err(|refusal| errors.push(FieldError::new("writer", refusal)))
            .ok();
        let email = match self.email.trim() {
            "" => Err(code::REQUIRED),
            typed => EmailAddress::parse(typed).map_err(|error| error.code()),
        };
        let email = email
            .map_err(|code| errors.push(FieldError::new("email", code)))
            .ok();
        let phone = Phone::parse(&self.phone)
            .map_err(|refusal| errors.push(FieldError::new("phone", refusal)))
            .ok()
            .flatten();
        let text = FeedbackText::parse(&self.text)
            .map_err(|refusal| errors.push(FieldError::new("feedback", refusal)))
            .ok();
        match (name, email, text) {
            (Some(name), Some(email), Some(text)) if errors.is_empty() => Ok(Feedback {
                id,
                at,
                name,
                email,
                phone,
                text,
                language,
                answered_at: None,
                deleted_at: None,
            }),
            _ => Err(errors),
        }
    }
}

fn name(typed: &str) -> Result<DisplayName, Refusal> {
    let name = DisplayName::parse(typed)?;
    too_long(name.as_str(), FEEDBACK_NAME_MAX)?;
    Ok(name)
}

fn too_long(text: &str, max: usize) -> Result<(), Refusal> {
    let length = text.chars().count();
    if length > max {
        let refusal = Refusal::new(code::TOO_LONG).with("max", max);
        return Err(refusal.with("length", length));
    }
    Ok(())
}

/// Some paragraphs, not blank; line ends are LF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackText(String);

impl FeedbackText {
    /// What was typed, without blanks around it.
    ///
    /// # Errors
    /// `required`, `too_long`, `control_character`.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let text = typed.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim();
        if text.is_empty() {
            return Err(code::REQUIRED.into());
        }
        too_long(text, FEEDBACK_MAX)?;
        if text.chars().any(|c| c.is_control() && !"\n\t".contains(c)) {
            return Err(code::CONTROL_CHARACTER.into());
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::builders::{id, start};
    use crate::user::PHONE_MAX;

    fn check(draft: &FeedbackDraft) -> Result<Feedback, Vec<FieldError>> {
        draft.check(id(start()), start(), Language::Ru)
    }

    fn typed() -> FeedbackDraft {
        FeedbackDraft {
            name: " Анна ".to_owned(),
            email: " anna@example.org ".to_owned(),
            phone: "+7 (495) 123-45-67".to_owned(),
            text: "\r\nОдин\r\nдва\r\n".to_owned(),
        }
    }

    #[test]
    fn what_somebody_types_is_kept_without_the_blanks_around_it() {
        let feedback = check(&typed()).unwrap();
        assert_eq!(feedback.name.as_str(), "Анна");
        assert_eq!(feedback.email.as_str(), "anna@example.org");
        assert_eq!(feedback.phone.unwrap().as_str(), "+7 (495) 123-45-67");
        assert_eq!(feedback.text.as_str(), "Один\nдва");
        let phone = String::new();
        let silent = check(&FeedbackDraft { phone, ..typed() }).unwrap();
        assert_eq!(silent.phone, None);
    }

    #[test]
    fn every_fault_stands_at_its_field() {
        let errors = check(&FeedbackDraft::default()).unwrap_err();
        let fields: Vec<_> = errors
            .iter()
            .map(|e| (e.field.as_ref(), e.refusal.code))
            .collect();
        let required = code::REQUIRED;
        assert_eq!(
            fields,
            [
                ("writer", required),
                ("email", required),
                ("feedback", required)
            ]
        );
        let long = FeedbackDraft {
            name: "я".repeat(FEEDBACK_NAME_MAX + 1),
            email: "a@@b".to_owned(),
            phone: "1".repeat(PHONE_MAX + 1),
            text: "я".repeat(FEEDBACK_MAX + 1),
        };
        let errors = check(&long).unwrap_err();
        let codes: Vec<_> = errors.iter().map(|e| e.refusal.code).collect();
        let long = code::TOO_LONG;
        assert_eq!([codes[0], codes[2], codes[3]], [long; 3]);
        assert_eq!(errors.len(), 4);
    }

    #[test]
    fn a_name_cannot_start_another_header_line() {
        for name in [
            "Ann\r\nBcc: bob@example.org",
            "Ann\n",
            "Ann\u{2028}Lee",
            "\0",
        ] {
            let name = name.to_owned();
            let errors = check(&FeedbackDraft { name, ..typed() }).unwrap_err();
            assert_eq!(errors[0].refusal.code, code::CONTROL_CHARACTER);
        }
    }
}
