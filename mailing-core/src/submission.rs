//! A form that arrives twice does its work once (SECURITY S20).

use chrono::TimeDelta;

use crate::id::{FormId, SubmissionId};
use crate::ports::Entropy;
use crate::time::Timestamp;

/// How long it is remembered what a form has done.
pub const SUBMISSION_KEPT: TimeDelta = TimeDelta::days(2);

/// One arrival of a form: a second one of the same form finds what the first has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submission {
    /// The form, numbered when it was shown.
    pub form: FormId,
    /// This arrival: a use case that is tried again because two transactions met is still the same.
    pub id: SubmissionId,
}

impl Submission {
    /// A new arrival of `form`.
    #[must_use]
    pub fn new(form: FormId, now: Timestamp, entropy: &dyn Entropy) -> Self {
        Self {
            form,
            id: SubmissionId::new(now, entropy),
        }
    }
}
