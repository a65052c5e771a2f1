//! The restricted substitution: `{{ name }}` and `{{ name | default("…") }}`, nothing else.
//!
//! Owners' texts never reach a general template engine. There are no calls, loops, conditions or
//! includes, names come from a fixed list, and what is put in is never looked at again.

mod escape;
mod scan;
mod variable;

pub use escape::{Place, Role, Syntax};
pub use scan::{Placeholder, TemplateError};
pub use variable::{Values, Variable};

pub(super) use escape::{escape, html};
pub(super) use scan::{Segment, scan};

use crate::code;
use crate::error::{FieldError, Refusal};

/// Most faults that are reported of one text.
const FAULTS_MAX: usize = 20;

/// Most placeholders in one text.
pub const PLACEHOLDERS_MAX: usize = 1_000;

/// Every fault of a text's placeholders, as faults of `field`.
pub(super) fn faults(field: &'static str, source: &str) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut placeholders = 0;
    for segment in scan(source) {
        match segment {
            Segment::Text(_) => {}
            Segment::Placeholder(_) => placeholders += 1,
            Segment::Fault(error, _) => faults.push(FieldError::new(field, error)),
        }
        if placeholders > PLACEHOLDERS_MAX {
            let refusal = Refusal::new(code::MESSAGE_TOO_MANY_VARIABLES);
            faults.push(FieldError::new(
                field,
                refusal.with("max", PLACEHOLDERS_MAX),
            ));
            break;
        }
        if faults.len() >= FAULTS_MAX {
            break;
        }
    }
    faults
}
