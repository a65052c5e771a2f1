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

use crate::error::FieldError;

/// Most faults that are reported of one text.
const FAULTS_MAX: usize = 20;

/// Every fault of a text's placeholders, as faults of `field`.
pub(super) fn faults(field: &'static str, source: &str) -> Vec<FieldError> {
    scan(source)
        .filter_map(|segment| match segment {
            Segment::Fault(error, _) => Some(FieldError::new(field, error)),
            Segment::Text(_) | Segment::Placeholder(_) => None,
        })
        .take(FAULTS_MAX)
        .collect()
}
